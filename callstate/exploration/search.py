"""Every call that can be reached from some calls, breadth first: by any input, immediately or when a deadline comes.

One rule: each change, and each call that is new, is held against the invariants; the first that breaks one ends the
search. Nearer calls come first, so the way there is a shortest one. Which calls count as one, and which inputs are
tried, is said in `abstraction`. This module reads no clock and prints nothing; `progress` is told how far it is.

Time stands still from one input to the next unless somebody waits for the next deadline, to let it fire or to be there
at exactly that time, before it fires. A time between is like the first: only a deadline changes a call by itself.

Calls of one distance are visited by several processes if that is wanted. What they find is put together in the order of
the calls, so the result is the same with any number.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple, NoReturn, TypeAlias

from callstate.domain import PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.exploration.abstraction import identity
from callstate.exploration.invariants import INVARIANTS, OfACall
from callstate.exploration.visits import Blame, Reached, Step, Tally, Visit, visit

RECORDED = 2
"""Recordings stand beside all else: they are tried in every call, but followed in those of at most so many views."""

CHUNK = 16
"""So many calls are handed to a process at a time."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told after each call how many were looked at, of how many found so far."""


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


def explore(  # noqa: PLR0913  # each by its name, all but the starts with a default
    starts: Iterable[PhoneCall],
    *,
    rules: Rules = LENIENT,
    max_views: int = 4,
    invariants: Iterable[OfACall] = INVARIANTS,
    progress: Progress | None = None,
    processes: int = 1,
) -> Exploration:
    """Find all calls that the starts lead to; no input adds a view to a call that has `max_views` live ones."""
    # In other processes each chunk of visits begins with an empty set `held`, so it may ask what was asked before.
    search, one = _Search(tuple(invariants), progress), partial(visit, rules=rules, max_views=max_views, held=set())
    if processes == 1:
        return search.run(starts, partial(map, one))
    with ProcessPoolExecutor(processes) as pool:
        return search.run(starts, partial(pool.map, one, chunksize=CHUNK))


Visits: TypeAlias = Callable[[Sequence[PhoneCall]], Iterable[Visit]]
"""Visits calls, and yields what was found in their order."""


class _BrokenError(Exception):
    """An invariant does not hold, so the search ends."""

    def __init__(self, counterexample: Counterexample) -> None:
        super().__init__(counterexample)
        self.counterexample = counterexample


class _Search:
    """What is known in the middle of an exploration."""

    def __init__(self, invariants: tuple[OfACall, ...], progress: Progress | None) -> None:
        self.invariants, self.progress = invariants, progress
        self.calls: list[PhoneCall] = []
        self.origins: list[Origin | None] = []
        self.successors: list[set[int]] = []
        self.places: dict[str, int] = {}
        self.held: set[str] = set()
        self.changed: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.beyond = 0

    def run(self, starts: Iterable[PhoneCall], visits: Visits) -> Exploration:
        """Search from the starts, with the visits made by `visits`."""
        try:
            for start in starts:
                self._begin(start)
            self._visit_all(visits)
        except _BrokenError as error:
            return self._result(error.counterexample)
        return self._result(None)

    def _begin(self, start: PhoneCall) -> None:
        for of_a_call in self.invariants:
            reason = of_a_call(start)
            if reason is not None:
                raise _BrokenError(Counterexample(of_a_call.__name__, reason, Path(start, ())))
        self._add(identity(start), start, None)

    def _visit_all(self, visits: Visits) -> None:
        """Visit the calls of one distance after those of another."""
        place = 0
        while place < len(self.calls):
            for found in visits(self.calls[place:]):
                self._take_in(place, found)
                place += 1
                if self.progress is not None:
                    self.progress(place, len(self.calls))

    def _take_in(self, place: int, found: Visit) -> None:
        for name, tally in found.tallies.items():
            self.changed[name] += tally.changed
            self.kept[name] += tally.kept
            self.refused[name] += tally.refused
        for name, reached in found.reached.items():
            self._follow(place, name, reached)
        if found.blame is not None:
            self._break(place, found.blame)

    def _follow(self, place: int, name: str, reached: Reached) -> None:
        if name not in self.held:
            self.held.add(name)
            for of_a_call in self.invariants:
                reason = of_a_call(reached.call)
                if reason is not None:
                    self._break(place, Blame(reached.step, of_a_call.__name__, reason))
        if name not in self.places and _is_too_large(reached.call):
            self.beyond += reached.variants
            return
        self.successors[place].add(self._add(name, reached.call, Origin(place, reached.step)))

    def _break(self, place: int, blame: Blame) -> NoReturn:
        path = _path(self.calls, self.origins, place, blame.step)
        raise _BrokenError(Counterexample(blame.invariant, blame.reason, path))

    def _add(self, name: str, call: PhoneCall, origin: Origin | None) -> int:
        """Return the place of a call, a new one unless it was found before."""
        place = self.places.setdefault(name, len(self.calls))
        if place == len(self.calls):
            self.calls.append(call)
            self.origins.append(origin)
            self.successors.append(set())
        return place

    def _result(self, broken: Counterexample | None) -> Exploration:
        names = sorted(self.changed)
        tallies = {name: Tally(self.changed[name], self.kept[name], self.refused[name]) for name in names}
        return Exploration(self.calls, self.successors, tallies, self.beyond, broken, self.places, self.origins)


def _is_too_large(call: PhoneCall) -> bool:
    recorded = any(view.recording is not None for view in call.views)
    return recorded and sum(view.live for view in call.views) > RECORDED
