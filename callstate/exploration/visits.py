"""What one call leads to: every step from it is taken, and each change is held against the invariants of a change.

One rule: a visit depends on nothing but the call, so visits can be made in any order, and in other processes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from callstate.domain import Action, DomainError, PhoneCall
from callstate.engine import LENIENT, Rules, advance, apply_action, next_deadline
from callstate.exploration.abstraction import identity, inputs
from callstate.exploration.change_invariants import CHANGE_INVARIANTS

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


def visit(call: PhoneCall, *, rules: Rules, max_views: int) -> Visit:
    """Wait for the next deadline; try each input immediately and, if it changes the call, at that deadline too."""
    found = _Findings(call, rules)
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

    def __init__(self, call: PhoneCall, rules: Rules) -> None:
        self.call, self.rules = call, rules
        self.results: set[PhoneCall] = set()
        self.reached: dict[str, Reached] = {}
        self.counts: dict[str, list[int]] = {}

    def take(self, step: Step) -> bool:
        """Take a step, and tell whether it changes the call."""
        try:
            after = take(self.call, step, self.rules)
        except Exception as error:  # whatever it is, it is what was looked for
            raise _BlameError(Blame(step, TOTAL, repr(error))) from error
        outcome = REFUSED if isinstance(after, DomainError) else KEPT if after is self.call else CHANGED
        self.counts.setdefault(step.name, [0, 0, 0])[outcome] += 1
        if isinstance(after, PhoneCall) and outcome == CHANGED and after not in self.results:  # many come to the same
            self.results.add(after)
            self._check(step, after)
        return outcome == CHANGED

    def _check(self, step: Step, after: PhoneCall) -> None:
        """Hold a change that is new against the invariants, and keep what it leads to."""
        for of_a_change in CHANGE_INVARIANTS:
            reason = of_a_change(self.call, after)
            if reason is not None:
                raise _BlameError(Blame(step, of_a_change.__name__, reason))
        name = identity(after)
        first = self.reached.get(name, Reached(step, after, 0))
        self.reached[name] = first._replace(variants=first.variants + 1)

    def result(self, blame: Blame | None) -> Visit:
        return Visit(self.reached, {name: Tally(*counts) for name, counts in self.counts.items()}, blame)
