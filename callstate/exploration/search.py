"""Every call that can be reached from some calls, breadth first: by any input, immediately or when a deadline comes.

One rule: each change, and each call that is new, is held against the invariants; the first that breaks one ends the
search. Nearer calls come first, so the way there is a shortest one. Which calls count as one, and which inputs are
tried, is said in `abstraction`. This module reads no clock and prints nothing; `progress` is told how far it is.

Time stands still from one input to the next unless somebody waits for the next deadline, to let it fire or to be there
at exactly that time, before it fires. A time between is like the first: only a deadline changes a call by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, NoReturn, TypeAlias

from callstate.domain import Action, DomainError, PhoneCall
from callstate.engine import LENIENT, Rules, advance, apply_action, next_deadline
from callstate.exploration.abstraction import identity, inputs
from callstate.exploration.change_invariants import CHANGE_INVARIANTS
from callstate.exploration.invariants import INVARIANTS, OfACall

RECORDED = 2
"""Recordings stand beside all else: they are tried in every call, but followed in those of at most so many views."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Now, in a call that never changed and tells no date."""

WAIT = "a deadline"
"""The name, among those of inputs, of a wait for the next deadline."""

TOTAL = "the_engine_answers"
"""The name of the invariant that every input is answered, never with an exception."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told after each call how many were looked at, of how many found so far."""


class Step(NamedTuple):
    """An input and its time; without an input, the wait until that time."""

    input: Action | None
    at: datetime

    @property
    def name(self) -> str:
        """The kind of the input."""
        return WAIT if self.input is None else type(self.input).__name__


class Origin(NamedTuple):
    """How a call was found first: by which step from the call at which place."""

    place: int
    step: Step


class Path(NamedTuple):
    """A way to a call: where it starts, and the steps from there."""

    start: PhoneCall
    steps: tuple[Step, ...]


class Counterexample(NamedTuple):
    """An invariant that does not hold, what is wrong, and a shortest way there: its last step is the one to blame."""

    invariant: str
    reason: str
    path: Path


class Tally(NamedTuple):
    """How often an input changed the call, was accepted and changed nothing, and was refused."""

    changed: int
    kept: int
    refused: int


class Exploration(NamedTuple):
    """What was found: the calls, nearest first, and for each the places of those that one step leads to.

    `tallies` counts the steps by their names. `beyond` counts those with a result that was held against the invariants
    but not followed, because it is too large. `broken` is the counterexample, if there is one.
    """

    calls: Sequence[PhoneCall]
    successors: Sequence[set[int]]
    tallies: Mapping[str, Tally]
    beyond: int
    broken: Counterexample | None
    places: Mapping[str, int]
    origins: Sequence[Origin | None]

    @property
    def edges(self) -> int:
        """How many steps changed a call."""
        return sum(tally.changed for tally in self.tallies.values())

    @property
    def tried(self) -> int:
        """How many steps were tried, refused ones included."""
        return sum(map(sum, self.tallies.values()))

    def path_to(self, call: PhoneCall) -> Path | None:
        """Return a shortest way to a call that counts as this one; `None` if it was not found."""
        place = self.places.get(identity(call))
        return None if place is None else _path(self.calls, self.origins, place)

    def reached_from(self, call: PhoneCall) -> set[int]:
        """Return the places of all calls that a call leads to, itself included; a `KeyError` if it was not found."""
        found = {self.places[identity(call)]}
        waiting = list(found)
        while waiting:
            new = self.successors[waiting.pop()] - found
            found |= new
            waiting += new
        return found


def _path(calls: Sequence[PhoneCall], origins: Sequence[Origin | None], place: int, *last: Step) -> Path:
    """Walk back from a call to the start that led to it; `last` are the steps from there on."""
    origin = origins[place]
    if origin is None:
        return Path(calls[place], last)
    return _path(calls, origins, origin.place, origin.step, *last)


def take(call: PhoneCall, step: Step, rules: Rules = LENIENT) -> PhoneCall | DomainError:
    """Return what a step makes of a call."""
    if step.input is None:
        return advance(call, at=step.at)
    return apply_action(call, step.input, at=step.at, rules=rules)


def explore(
    starts: Iterable[PhoneCall],
    *,
    rules: Rules = LENIENT,
    max_views: int = 4,
    invariants: Iterable[OfACall] = INVARIANTS,
    progress: Progress | None = None,
) -> Exploration:
    """Find all calls that the starts lead to; no input adds a view to a call that has `max_views` live ones."""
    search = _Search(rules, max_views, tuple(invariants))
    try:
        for start in starts:
            search.begin(start)
        for place, call in enumerate(search.calls):  # it grows meanwhile
            search.visit(place, call)
            if progress is not None:
                progress(place + 1, len(search.calls))
    except _BrokenError as error:
        return search.result(error.counterexample)
    return search.result(None)


class _BrokenError(Exception):
    """An invariant does not hold, so the search ends."""

    def __init__(self, counterexample: Counterexample) -> None:
        super().__init__(counterexample)
        self.counterexample = counterexample


class _Search:
    """What is known in the middle of an exploration."""

    def __init__(self, rules: Rules, max_views: int, invariants: tuple[OfACall, ...]) -> None:
        self.rules, self.max_views, self.invariants = rules, max_views, invariants
        self.calls: list[PhoneCall] = []
        self.origins: list[Origin | None] = []
        self.successors: list[set[int]] = []
        self.places: dict[str, int] = {}
        self.held: set[str] = set()
        self.results: set[PhoneCall] = set()
        self.changed: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.beyond = 0

    def begin(self, start: PhoneCall) -> None:
        for of_a_call in self.invariants:
            reason = of_a_call(start)
            if reason is not None:
                raise _BrokenError(Counterexample(of_a_call.__name__, reason, Path(start, ())))
        self._add(identity(start), start, None)

    def visit(self, place: int, call: PhoneCall) -> None:
        """Wait for the next deadline; try each input immediately and, if it changes the call, at that deadline too."""
        now, due = call.updated or EPOCH, next_deadline(call)
        self.results.clear()
        if due is not None:
            self._try(place, call, Step(None, due))
        full = sum(view.live for view in call.views) >= self.max_views
        for action in inputs(call, full=full):
            # What is refused or a repeat now is so then, for nothing has happened to the call.
            if self._try(place, call, Step(action, now)) and due is not None and due > now:
                self._try(place, call, Step(action, due))

    def _try(self, place: int, call: PhoneCall, step: Step) -> bool:
        """Take a step, and tell whether it changes the call."""
        try:
            after = take(call, step, self.rules)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what was looked for
            self._break(TOTAL, repr(error), place, step)
        if isinstance(after, DomainError):
            self.refused[step.name] += 1
            return False
        if after is call:
            self.kept[step.name] += 1
            return False
        self.changed[step.name] += 1
        if after not in self.results:  # many inputs come to the same
            self.results.add(after)
            self._check(place, step, call, after)
        return True

    def _check(self, place: int, step: Step, call: PhoneCall, after: PhoneCall) -> None:
        """Hold a change that is new against the invariants, and follow it."""
        for of_a_change in CHANGE_INVARIANTS:
            reason = of_a_change(call, after)
            if reason is not None:
                self._break(of_a_change.__name__, reason, place, step)
        self._follow(place, step, after)

    def _follow(self, place: int, step: Step, after: PhoneCall) -> None:
        name = identity(after)
        if name not in self.held:
            self.held.add(name)
            for of_a_call in self.invariants:
                reason = of_a_call(after)
                if reason is not None:
                    self._break(of_a_call.__name__, reason, place, step)
        if name not in self.places and _is_too_large(after):
            self.beyond += 1
            return
        self.successors[place].add(self._add(name, after, Origin(place, step)))

    def _break(self, invariant: str, reason: str, place: int, step: Step) -> NoReturn:
        raise _BrokenError(Counterexample(invariant, reason, _path(self.calls, self.origins, place, step)))

    def _add(self, name: str, call: PhoneCall, origin: Origin | None) -> int:
        """Return the place of a call, a new one unless it was found before."""
        place = self.places.setdefault(name, len(self.calls))
        if place == len(self.calls):
            self.calls.append(call)
            self.origins.append(origin)
            self.successors.append(set())
        return place

    def result(self, broken: Counterexample | None) -> Exploration:
        names = sorted({*self.changed, *self.kept, *self.refused})
        tallies = {name: Tally(self.changed[name], self.kept[name], self.refused[name]) for name in names}
        return Exploration(self.calls, self.successors, tallies, self.beyond, broken, self.places, self.origins)


def _is_too_large(call: PhoneCall) -> bool:
    recorded = any(view.recording is not None for view in call.views)
    return recorded and sum(view.live for view in call.views) > RECORDED
