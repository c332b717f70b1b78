"""What one call leads to: every step from it is taken, and each change is held against the invariants of a change.

One rule: what a visit finds depends on nothing but the call, so visits can be made in any order, and in other
processes. Views that were held against the invariants of a view before are not held against them again, because equal
views have equal answers, unless a field has a wrong type and equals a right one: a test asks of every view.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from callstate.domain import Action, DomainError, PhoneCall, PhoneCallView
from callstate.engine import LENIENT, Rules, advance, apply_action, next_deadline
from callstate.exploration.abstraction import identity, inputs
from callstate.exploration.change_invariants import CHANGE_INVARIANTS
from callstate.exploration.view_invariants import VIEW_INVARIANTS

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Now, in a call that never changed and tells no date."""

WAIT = "a deadline"
"""The name, among those of inputs, of a wait for the next deadline."""

TOTAL = "the_engine_answers"
"""The name of the invariant that every input is answered, never with an exception."""


class Step(NamedTuple):
    """An input and its time; without an input, the wait until that time."""

    input: Action | None
    at: datetime

    @property
    def name(self) -> str:
        """The kind of the input."""
        return WAIT if self.input is None else type(self.input).__name__


def take(call: PhoneCall, step: Step, rules: Rules = LENIENT) -> PhoneCall | DomainError:
    """Return what a step makes of a call."""
    if step.input is None:
        return advance(call, at=step.at)
    return apply_action(call, step.input, at=step.at, rules=rules)


class Tally(NamedTuple):
    """How often an input changed the call, was accepted and changed nothing, and was refused."""

    changed: int
    kept: int
    refused: int


class Reached(NamedTuple):
    """A call that a step leads to; others that count as this one, and differ from it, make it so many."""

    step: Step
    call: PhoneCall
    variants: int


class Blame(NamedTuple):
    """The step that breaks an invariant, and what is wrong."""

    step: Step
    invariant: str
    reason: str


class Visit(NamedTuple):
    """What was found: by their identities the calls that are reached, in the order of the steps; and the tallies.

    `blame` has the first step that breaks an invariant, if one does; no step after it was taken.
    """

    reached: Mapping[str, Reached]
    tallies: Mapping[str, Tally]
    blame: Blame | None


Held: TypeAlias = set[tuple[PhoneCallView, PhoneCallView]]
"""The views, before and after, that were held against the invariants of a view."""


def visit(call: PhoneCall, *, rules: Rules, max_views: int, held: Held) -> Visit:
    """Wait for the next deadline; try each input immediately and, if it changes the call, at that deadline too.

    Views that are in `held` are not held against the invariants of a view again, and new ones are added to it.
    """
    found = _Findings(call, rules, held)
    now, due = call.updated or EPOCH, next_deadline(call)
    full = sum(view.live for view in call.views) >= max_views
    try:
        if due is not None:
            found.take(Step(None, due))
        for action in inputs(call, full=full):
            # What is refused or a repeat now is so then, for nothing has happened to the call.
            if found.take(Step(action, now)) and due is not None and due > now:
                found.take(Step(action, due))
    except _BlameError as error:
        return found.result(error.blame)
    return found.result(None)


class _BlameError(Exception):
    """A step breaks an invariant, so the visit ends."""

    def __init__(self, blame: Blame) -> None:
        super().__init__(blame)
        self.blame = blame


CHANGED, KEPT, REFUSED = range(3)


class _Findings:
    """What is known in the middle of a visit."""

    def __init__(self, call: PhoneCall, rules: Rules, held: Held) -> None:
        self.call, self.rules, self.held = call, rules, held
        self.views = {view.id: view for view in call.views}
        self.results: dict[PhoneCall, Step] = {}
        self.reached: dict[str, tuple[Step, PhoneCall]] = {}
        self.variants: Counter[str] = Counter()
        self.counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def take(self, step: Step) -> bool:
        """Take a step, and tell whether it changes the call."""
        try:
            after = take(self.call, step, self.rules)
        except Exception as error:  # whatever it is, it is what was looked for
            raise _BlameError(Blame(step, TOTAL, repr(error))) from error
        counts = self.counts[step.name]
        if isinstance(after, DomainError):
            counts[REFUSED] += 1
            return False
        if after is self.call:
            counts[KEPT] += 1
            return False
        counts[CHANGED] += 1
        if self.results.setdefault(after, step) is step:  # many come to the same
            self._check(step, after)
        return True

    def _check(self, step: Step, after: PhoneCall) -> None:
        """Hold a change that is new against the invariants, and keep what it leads to."""
        for view in after.views:
            old = self.views.get(view.id)
            if old is not view:
                self._check_view(step, view if old is None else old, view)
        _hold(step, CHANGE_INVARIANTS, self.call, after)
        name = identity(after)
        self.reached.setdefault(name, (step, after))
        self.variants[name] += 1

    def _check_view(self, step: Step, old: PhoneCallView, new: PhoneCallView) -> None:
        """Hold a view that is new or has changed against the invariants of a view, unless an equal one was."""
        if (old, new) not in self.held:
            _hold(step, VIEW_INVARIANTS, old, new)
            self.held.add((old, new))

    def result(self, blame: Blame | None) -> Visit:
        """Return what was found, and the step that is to blame, if there is one."""
        reached = {name: Reached(*first, self.variants[name]) for name, first in self.reached.items()}
        return Visit(reached, {name: Tally(*counts) for name, counts in self.counts.items()}, blame)


def _hold(step: Step, invariants: Iterable[Callable[..., str | None]], *values: object) -> None:
    """Hold what a step brings against invariants; the first that is broken ends the visit."""
    for invariant in invariants:
        reason = invariant(*values)
        if reason is not None:
            raise _BlameError(Blame(step, invariant.__name__, reason))
