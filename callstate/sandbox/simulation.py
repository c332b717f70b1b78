"""The calls of a sandbox, its clock and its phones: all that changes in it.

One rule: whatever is due by now has happened before anything else is asked or done, each at its own time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from callstate.domain import DomainError, PhoneCall, Signal
from callstate.engine import Rules, apply_action, steps
from callstate.sandbox.clock import Clock
from callstate.sandbox.plans import Planned
from callstate.voipnow.service import Step


class Observers(NamedTuple):
    """What happens is passed to these functions.

    `stored` gets each call that is stored: how it was, or `None` if it is new, and how it is. `started` gets each call
    that comes without a request, and when; `stepped` each input that a call was given, with its result.
    """

    stored: Callable[[PhoneCall | None, PhoneCall], None] = lambda _before, _after: None
    started: Callable[[PhoneCall, datetime], None] = lambda _call, _at: None
    stepped: Callable[[Step], None] = lambda _step: None


NOBODY = Observers()

SECOND = timedelta(seconds=1)


class State(Protocol):
    """What a simulation keeps: the calls, and what their phones will do."""

    def __iter__(self) -> Iterator[PhoneCall]: ...

    def clear(self) -> None:
        """Forget everything."""

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that one of the numbers has to do with."""
        ...  # pyright takes a body of a docstring alone for one that returns None

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken."""
        ...  # as above

    def swap(
        self, known: Iterable[PhoneCall], changed: Collection[PhoneCall], time_of: Callable[[PhoneCall], datetime]
    ) -> bool:
        """Store the calls, if each is still at the version that is known, and plan what their phones do then."""
        ...  # as above

    def next(self) -> tuple[datetime, Planned | str] | None:
        """Return what comes next and when: what a phone does, or the deadline of the call of that id."""

    def done(self, planned: Planned) -> bool:
        """Drop a plan that is carried out now, and tell whether nobody else carries it out."""
        ...  # as above


class Simulation:
    """A store of calls in which time passes."""

    def __init__(self, state: State, clock: Clock, *, observers: Observers, rules: Rules) -> None:
        self._state = state
        self._clock = clock
        self._observers = observers
        self._rules = rules
        self._earliest = datetime.min.replace(tzinfo=UTC)

    def begin(self, calls: Iterable[PhoneCall]) -> None:
        """Hold these calls and no others; their phones ring from now on, whatever their dates say."""
        self._state.clear()
        self._earliest = datetime.min.replace(tzinfo=UTC)
        for call in calls:
            self.add(call)

    def start(self, calls: Iterable[PhoneCall]) -> None:
        """Hold these calls, unless there are some that others have left."""
        if not any(self._state):
            for call in calls:
                try:
                    self.add(call)
                except ValueError:
                    if self._state.by_id(call.id) is None:
                        raise  # else another process that starts has been faster

    def add(self, call: PhoneCall) -> None:
        """Take in a call that no request has made, in place of one of its id; a `ValueError` says why it cannot be."""
        now = self._clock.now()
        before = self._state.by_id(call.id)
        if not self._state.swap([] if before is None else [before], [call], lambda _call: now):
            raise ValueError(f"call {call.id!r} cannot be kept: somebody changes it, or has its parking position")
        self._observers.stored(None, call)
        self._observers.started(call, self._second_of(now))

    # The store that requests are answered from ---------------------------------------------------------------------

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""
        return self._state.by_id(call_id)

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that one of the numbers has to do with."""
        return self._state.by_extensions(numbers)

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken."""
        return self._state.taken_positions(organization)

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        """Store the calls, if each is still at the version that is known."""
        before, after = {call.id: call for call in known}, tuple(changed)
        if not self._state.swap(before.values(), after, self._time_of):
            return False
        for call in after:
            self._observers.stored(before.get(call.id), call)
        return True

    def _time_of(self, call: PhoneCall) -> datetime:
        return call.updated or self._clock.now()

    # What happens by itself, or because a test says so -------------------------------------------------------------

    def now(self) -> datetime:
        """Let happen what is due, and return the time of an input that comes now."""
        now = self._clock.now()
        while (due := self._state.next()) is not None and due[0] <= now:
            self._happen(*due)
        return self._second_of(now)

    def _second_of(self, at: datetime) -> datetime:
        """Return the time of an input: in whole seconds, as the dates of the wire are, but after what was due by then.

        A deadline that has passed is before the input; at the same time it would come after it.
        """
        return max(_in_seconds(at), self._earliest)

    def next_due(self) -> datetime | None:
        """Return when something happens by itself: a phone does something, or a deadline of a call."""
        due = self._state.next()
        return None if due is None else due[0]

    def _happen(self, at: datetime, what: Planned | str) -> None:
        if isinstance(what, Planned):
            if self._state.done(what):
                self.report(what.signal, self._second_of(at))
            return
        call = self._state.by_id(what)
        assert call is not None  # the state has just named it
        for after in steps(call, at=at):  # several deadlines may have one time
            if not self.swap([call], [after]):
                return  # another process has been faster
            call = after
        self._earliest = _in_seconds(at) + SECOND

    def report(self, signal: Signal, at: datetime) -> PhoneCall | DomainError:
        """Let the network report something, and return the updated call, or the refusal."""
        while True:  # if another process has changed the call meanwhile, the signal is for the call as it is then
            before = self._state.by_id(signal.call_id)
            result = apply_action(before, signal, at=at, rules=self._rules)
            if before is None or isinstance(result, DomainError) or result is before or self.swap([before], [result]):
                self._observers.stepped(Step(signal, at, result))
                return result

    def move(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._clock.move(by)

    def move_to(self, at: datetime) -> None:
        """Move the clock forward to a time."""
        self._clock.move(at - _in_seconds(self._clock.now()))

    def move_to_next(self) -> None:
        """Move the clock forward to when something happens by itself; without that it stays."""
        due = self.next_due()
        if due is not None:
            self._clock.move(max(due - self._clock.now(), timedelta(0)))

    def calls(self) -> tuple[PhoneCall, ...]:
        """Return all calls whole, those that are over included."""
        return tuple(self._state)


def _in_seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)
