"""The calls of a sandbox, its clock and its phones: all that changes in it.

One rule: whatever is due by now has happened before anything else is asked or done, each at its own time.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callstate.domain import DomainError, PhoneCall, Signal
from callstate.engine import Rules, apply_action, steps
from callstate.sandbox.clock import Clock
from callstate.sandbox.phones import Phones, Planned
from callstate.voipnow.service import Step
from callstate.voipnow.stores import MemoryStore


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


class Simulation:
    """A store of calls in which time passes. `store` makes an empty store."""

    def __init__(
        self, store: Callable[[], MemoryStore], clock: Clock, phones: Phones, *, observers: Observers, rules: Rules
    ) -> None:
        self._empty = store
        self._calls = store()
        self._clock = clock
        self._phones = phones
        self._observers = observers
        self._rules = rules
        self._earliest = datetime.min.replace(tzinfo=UTC)

    def begin(self, calls: Iterable[PhoneCall]) -> None:
        """Hold these calls and no others; their phones ring from now on, whatever their dates say."""
        self._calls = self._empty()
        self._phones.forget_calls()
        self._earliest = datetime.min.replace(tzinfo=UTC)
        for call in calls:
            self.add(call)

    def add(self, call: PhoneCall) -> None:
        """Take in a call that no request has made; another one of its id is replaced."""
        now = self._clock.now()
        self._keep(None, call, now)
        self._observers.started(call, self._second_of(now))

    # The store that requests are answered from ---------------------------------------------------------------------

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""
        return self._calls.by_id(call_id)

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that one of the numbers has to do with."""
        return self._calls.by_extensions(numbers)

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken."""
        return self._calls.taken_positions(organization)

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        """Store the calls, if each is still at the version that is known."""
        versions = {call.id: call.version for call in known}
        pairs = [(self._calls.by_id(call.id), call) for call in changed]
        if any((None if before is None else before.version) != versions.get(call.id) for before, call in pairs):
            return False
        for before, call in pairs:
            self._store(before, call)
        return True

    def _store(self, before: PhoneCall | None, call: PhoneCall) -> None:
        self._keep(before, call, call.updated or self._clock.now())

    def _keep(self, before: PhoneCall | None, call: PhoneCall, at: datetime) -> None:
        self._calls.put(call)
        self._phones.look(call, at)
        self._observers.stored(before, call)

    # What happens by itself, or because a test says so -------------------------------------------------------------

    def now(self) -> datetime:
        """Let happen what is due, and return the time of an input that comes now."""
        now = self._clock.now()
        while (due := self._next()) is not None and due[0] <= now:
            self._happen(*due)
        return self._second_of(now)

    def _second_of(self, at: datetime) -> datetime:
        """Return the time of an input: in whole seconds, as the dates of the wire are, but after what was due by then.

        A deadline that has passed is before the input; at the same time it would come after it.
        """
        return max(_in_seconds(at), self._earliest)

    def next_due(self) -> datetime | None:
        """Return when something happens by itself: a phone does something, or a deadline of a call."""
        due = self._next()
        return None if due is None else due[0]

    def _next(self) -> tuple[datetime, Planned | str] | None:
        """Return what comes next and when: what a phone does, or the deadline of a call. The phone comes first."""
        planned, deadline = self._phones.next(), self._calls.next_deadline()
        if planned is None or (deadline is not None and deadline[0] < planned.at):
            return deadline
        return planned.at, planned

    def _happen(self, at: datetime, what: Planned | str) -> None:
        if isinstance(what, Planned):
            self._phones.done(what)
            self.report(what.signal, self._second_of(at))
            return
        call = self._calls.by_id(what)
        assert call is not None  # the store has just named it
        for after in steps(call, at=at):  # several deadlines may have one time
            self._store(call, after)
            call = after
        self._earliest = _in_seconds(at) + SECOND

    def report(self, signal: Signal, at: datetime) -> PhoneCall | DomainError:
        """Let the network report something, and return the updated call, or the refusal."""
        before = self._calls.by_id(signal.call_id)
        result = apply_action(before, signal, at=at, rules=self._rules)
        if isinstance(result, PhoneCall) and result is not before:
            self._store(before, result)
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
        return tuple(self._calls)


def _in_seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)
