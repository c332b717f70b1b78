"""The calls of a sandbox, its clock and its phones: all that changes in it.

One rule: whatever is due by now has happened before anything else is asked or done, each at its own time.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from callstate.domain import Answered, DomainError, PhoneCall, Signal
from callstate.engine import Rules, advance, apply_action
from callstate.sandbox.clock import Clock
from callstate.sandbox.phones import Phones, Pickup
from callstate.voipnow.service import Step
from callstate.voipnow.stores import MemoryStore

Listener = Callable[[PhoneCall | None, PhoneCall], None]
"""Hears of each call that is stored: how it was, or `None` if it is new, and how it is."""

Witness = Callable[[Step], None]
"""Hears of each input that a call was given, and what came of it."""

SECOND = timedelta(seconds=1)


class Simulation:
    """A store of calls in which time passes."""

    def __init__(  # noqa: PLR0913  # the parts of a world, each by its name
        self, book: MemoryStore, clock: Clock, phones: Phones, *, listen: Listener, witness: Witness, rules: Rules
    ) -> None:
        self._book = book
        self._clock = clock
        self._phones = phones
        self._listen = listen
        self._witness = witness
        self._rules = rules
        self._earliest = datetime.min.replace(tzinfo=UTC)

    def begin(self, calls: Iterable[PhoneCall]) -> None:
        """Take in calls from before; their phones ring from now on, whatever their dates say."""
        for call in calls:
            self._keep(None, call, self._clock.now())

    # The store that requests are answered from ---------------------------------------------------------------------

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""
        return self._book.by_id(call_id)

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that one of the numbers has to do with."""
        return self._book.by_extensions(numbers)

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken."""
        return self._book.taken_positions(organization)

    def swap(self, known: Mapping[str, int], changed: Iterable[PhoneCall]) -> bool:
        """Store the calls, if each is still at the version that is known."""
        pairs = [(self._book.by_id(call.id), call) for call in changed]
        if any((None if before is None else before.version) != known.get(call.id) for before, call in pairs):
            return False
        for before, call in pairs:
            self._store(before, call)
        return True

    def _store(self, before: PhoneCall | None, call: PhoneCall) -> None:
        self._keep(before, call, call.updated or self._clock.now())

    def _keep(self, before: PhoneCall | None, call: PhoneCall, at: datetime) -> None:
        self._book.put(call)
        self._phones.look(call, at)
        self._listen(before, call)

    # What happens by itself, or because a test says so -------------------------------------------------------------

    def now(self) -> datetime:
        """Let happen what is due, and tell the instant of an input that comes now."""
        now = self._clock.now()
        while (due := self._next()) is not None and due[0] <= now:
            self._happen(*due)
        return self._instant(now)

    def _instant(self, at: datetime) -> datetime:
        """Tell the instant of an input: in whole seconds, as the dates of the wire are, but after what was due by then.

        For a deadline that has passed is before the input, and at one instant it would come after it.
        """
        return max(_in_seconds(at), self._earliest)

    def wait(self) -> timedelta | None:
        """Tell how long nothing will happen by itself; `None` if nothing will."""
        due = self._next()
        return None if due is None else max(due[0] - self._clock.now(), timedelta(0))

    def _next(self) -> tuple[datetime, Pickup | str] | None:
        """Tell what comes next and when: a phone that answers, or the deadline of a call. At one instant the phone."""
        pickup, deadline = self._phones.next(), self._book.next_deadline()
        if pickup is None or (deadline is not None and deadline[0] < pickup.at):
            return deadline
        return pickup.at, pickup

    def _happen(self, at: datetime, what: Pickup | str) -> None:
        if isinstance(what, Pickup):
            answered = self.report(Answered(call_id=what.call_id, view_id=what.view_id), self._instant(at))
            assert isinstance(answered, PhoneCall)  # what rings can be answered
            return
        call = self._book.by_id(what)
        assert call is not None  # the book has just named it
        self._store(call, advance(call, at=at))
        self._earliest = _in_seconds(at) + SECOND

    def report(self, signal: Signal, at: datetime) -> PhoneCall | DomainError:
        """Let the network report something, and return the call as it is then, or why that cannot be."""
        before = self._book.by_id(signal.call_id)
        result = apply_action(before, signal, at=at, rules=self._rules)
        if isinstance(result, PhoneCall) and result is not before:
            self._store(before, result)
        self._witness(Step(signal, at, result))
        return result

    def move(self, by: timedelta) -> None:
        """Move the clock on."""
        self._clock.move(by)

    def move_to(self, at: datetime) -> None:
        """Move the clock on to an instant."""
        self._clock.move(at - _in_seconds(self._clock.now()))

    def calls(self) -> tuple[PhoneCall, ...]:
        """Return all calls whole, those that are over included."""
        return tuple(self._book)


def _in_seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)
