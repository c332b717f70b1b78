"""What holds for the stores in a SQL database, whichever it is: a test class inherits it and has a fixture `engine`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, event, insert
from sqlalchemy.exc import OperationalError

from callstate import Change, HangUp, OffHold, OnHold, Park, PhoneCall, changes, steps
from callstate.voipnow.service import (
    CallEvent,
    Delivery,
    EventMethod,
    EventType,
    Subscription,
    SubscriptionChanges,
    deliveries,
    events,
)
from callstate.voipnow.stores import MemorySubscriptions
from callstate.voipnow.stores.sql import Entry, Outbox, SqlStore, SqlSubscriptions
from callstate.voipnow.stores.sql.schema import calls
from tests.calls import ALICE, BOB, CALL, at, connected, done, on, over, parked, ringing, two_sources
from tests.voipnow.stores.store_laws import keep, named
from tests.voipnow.world import DIRECTORY, ORGANIZATION


def store(bind: Engine | Connection) -> SqlStore:
    return SqlStore(bind, DIRECTORY.organization_of, publish=changes)


def everything(engine: Engine) -> list[Entry]:
    """Take all entries out of the outbox, in the order in which a single reader gets them."""
    outbox, taken = Outbox(engine), list[Entry]()
    while entries := outbox.claim(at(0), until=at(60)):
        taken += entries
        outbox.acknowledge(entries)
    return taken


def versions(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    return [(entry.call_id, entry.version) for entry in entries]


class SqlLaws:
    """The laws; `engine` is a fixture with empty tables."""

    # Calls -----------------------------------------------------------------------------------------------------------

    def test_two_parties_are_never_parked_at_one_position(self, engine: Engine) -> None:
        made = keep(store(engine), parked(position=7))
        assert not made.swap([], [named(connected(), "a"), named(parked(position=7), "b")])
        assert ids(made) == [CALL]
        assert not made.swap([], [named(parked(position=8), "a"), named(parked(position=8), "b")])
        assert made.swap([], [named(parked(position=8), "a")])

    def test_a_position_that_becomes_free_can_be_taken_in_the_same_change(self, engine: Engine) -> None:
        first, second = parked(position=7), named(connected(), "z")
        made = keep(store(engine), first, second)
        moved = done(second, Park(call_id="z", view_id="00", extension=BOB, position=7))
        assert made.swap([first, second], [done(first, on(HangUp, None)), moved])
        assert made.taken_positions(ORGANIZATION) == {7}

    def test_calls_that_are_due_come_in_the_order_of_their_deadlines(self, engine: Engine) -> None:
        sooner, later = named(two_sources(), "s"), named(parked(), "p")
        made = keep(store(engine), later, sooner, connected())
        assert made.due(at(34)) == []
        assert made.due(at(35)) == [sooner]
        assert made.due(at(190)) == [sooner, later]
        assert made.due(at(190), limit=1) == [sooner]

    def test_only_calls_that_have_been_over_for_long_are_pruned(self, engine: Engine) -> None:
        made = keep(store(engine), connected(), named(over(), "old"), named(replace(over(), views=()), "empty"))
        assert made.prune(at(9)) == 0
        assert made.prune(at(10)) == 1
        assert made.prune(at(1000)) == 1
        assert ids(made) == [CALL]

    def test_what_is_done_on_a_connection_is_part_of_its_transaction(self, engine: Engine) -> None:
        with engine.connect() as connection:
            bound = keep(store(connection), connected())
            assert bound.by_id(CALL) == connected()
            assert bound.by_extensions([ALICE]) == [connected()]
            Outbox(connection).claim(at(0), until=at(60))
            SqlSubscriptions(connection).store(SubscriptionChanges(stored=(subscription("one"),)))
            connection.rollback()
        assert ids(store(engine)) == []
        assert everything(engine) == []
        assert list(SqlSubscriptions(engine)) == []

    @pytest.mark.parametrize("state", ["40001", "40P01"])
    def test_a_transaction_that_lost_against_another_is_a_change_of_somebody_else(
        self, engine: Engine, state: str
    ) -> None:
        with _failing(engine, state):
            assert not store(engine).swap([], [connected()])
        assert store(engine).swap([], [connected()])

    def test_a_failure_of_the_database_is_raised(self, engine: Engine) -> None:
        with _failing(engine, "53100"), pytest.raises(OperationalError):  # the disk is full
            store(engine).swap([], [connected()])
        assert ids(store(engine)) == []

    def test_a_row_that_is_no_call_is_an_error(self, engine: Engine) -> None:
        with engine.begin() as connection:
            connection.execute(insert(calls), {"id": "bad", "version": 0, "call": "{}"})
        with pytest.raises(msgspec.ValidationError):
            store(engine).by_id("bad")

    # The outbox ------------------------------------------------------------------------------------------------------

    def test_what_happened_is_published_with_the_change(self, engine: Engine) -> None:
        made = keep(store(engine), connected())
        held = done(connected(), on(OnHold, "00"))
        keep(made, held)
        created, changed = everything(engine)
        assert versions([created, changed]) == [(CALL, 3), (CALL, 4)]
        assert msgspec.json.decode(changed.body, type=list[Change]) == list(changes(connected(), held))
        assert msgspec.json.decode(created.body, type=list[Change]) == list(changes(None, connected()))

    def test_call_events_can_be_published(self, engine: Engine) -> None:
        told = SqlStore(
            engine, DIRECTORY.organization_of, publish=lambda old, new: events(old, new, directory=DIRECTORY)
        )
        ended = done(ringing(), on(HangUp, None))
        keep(told, ringing(), ended)
        last = everything(engine)[-1]
        assert msgspec.json.decode(last.body, type=list[CallEvent]) == list(
            events(ringing(), ended, directory=DIRECTORY)
        )

    def test_what_is_published_can_depend_on_what_is_stored(self, engine: Engine) -> None:
        made = SqlSubscriptions(engine)
        made.store(SubscriptionChanges(stored=(subscription("one", EventType.HANGUP),)))
        ended = done(ringing(), on(HangUp, None))
        told = SqlStore(
            engine,
            DIRECTORY.organization_of,
            publish=lambda old, new: deliveries(events(old, new, directory=DIRECTORY), made),
        )
        keep(told, ringing(), ended)
        (entry,) = everything(engine)
        (delivery,) = msgspec.json.decode(entry.body, type=list[Delivery])
        assert (delivery.method, delivery.subscription) == ("GET", subscription("one", EventType.HANGUP))
        assert told.by_id(CALL) == ended

    def test_where_nothing_happened_nothing_is_published(self, engine: Engine) -> None:
        keep(SqlStore(engine, DIRECTORY.organization_of), connected(), done(connected(), on(OnHold, "00")))
        assert everything(engine) == []

    def test_what_is_not_stored_is_not_published(self, engine: Engine) -> None:
        made = keep(store(engine), connected(), parked_at_seven())
        everything(engine)
        assert not made.swap([], [done(connected(), on(OnHold, "00"))])
        assert not made.swap([connected()], [done(connected(), on(Park, "00", extension=BOB, position=7))])
        assert everything(engine) == []

    def test_each_deadline_that_fired_before_a_late_input_is_published(self, engine: Engine) -> None:
        """The parker is rung back each minute, for 25 seconds; nobody answers."""
        call = parked(seconds=60, until=at(70))
        late = done(call, on(HangUp, None), now=at(200))
        keep(store(engine), call, late)
        values = [call, *steps(call, at=at(199)), late]
        assert [value.version for value in values] == list(range(3, 10))
        assert _published(engine)[1:] == [list(changes(*pair)) for pair in pairwise(values)]

    def test_deadlines_that_fired_without_an_input_are_published(self, engine: Engine) -> None:
        call = parked(seconds=60, until=at(70))
        values = [call, *steps(call, at=at(130))]
        keep(store(engine), call, values[-1])
        assert _published(engine)[1:] == [list(changes(*pair)) for pair in pairwise(values)]

    def test_inputs_at_the_time_of_a_deadline_come_before_it(self, engine: Engine) -> None:
        call = replace(connected(), ends_by=at(70))
        later = done(call, on(OnHold, "00"), on(OffHold, "00"), on(OnHold, "00"), now=at(70))
        keep(store(engine), call, later)
        assert _published(engine)[1:] == [list(changes(call, later))]

    def test_a_call_from_far_behind_is_published_as_one_change(self, engine: Engine) -> None:
        call = replace(connected(), updated=None)
        jump = replace(done(connected(), on(OnHold, "00")), version=9, updated=None)
        keep(store(engine), call, jump)
        assert versions(everything(engine)) == [(CALL, 3), (CALL, 9)]

    def test_an_entry_comes_to_one_reader_until_its_claim_runs_out(self, engine: Engine) -> None:
        keep(store(engine), connected())
        outbox = Outbox(engine)
        (entry,) = outbox.claim(at(0), until=at(60))
        assert outbox.claim(at(59), until=at(90)) == []
        assert outbox.claim(at(60), until=at(90)) == [entry]
        outbox.acknowledge([entry])
        assert outbox.claim(at(1000), until=at(2000)) == []

    def test_a_later_entry_of_a_call_waits_for_the_one_before(self, engine: Engine) -> None:
        keep(store(engine), connected(), done(connected(), on(OnHold, "00")), named(connected(), "other"))
        outbox = Outbox(engine)
        claimed = outbox.claim(at(0), until=at(60))
        assert versions(claimed) == [(CALL, 3), ("other", 3)]
        assert outbox.claim(at(1), until=at(60)) == []
        outbox.acknowledge(claimed[:1])
        assert versions(outbox.claim(at(1), until=at(60))) == [(CALL, 4)]

    def test_entries_come_in_their_order_and_not_more_than_wanted(self, engine: Engine) -> None:
        made = store(engine)
        for name in "cab":
            keep(made, named(connected(), name))
        outbox = Outbox(engine)
        taken = [entry.call_id for _ in range(3) for entry in outbox.claim(at(0), until=at(60), limit=1)]
        assert taken == ["c", "a", "b"]

    def test_to_acknowledge_nothing_is_nothing(self, engine: Engine) -> None:
        keep(store(engine), connected())
        Outbox(engine).acknowledge([])
        assert versions(everything(engine)) == [(CALL, 3)]

    def test_an_acknowledgement_that_comes_late_forgets_no_other_entry(self, engine: Engine) -> None:
        made, outbox = keep(store(engine), connected()), Outbox(engine)
        (entry,) = outbox.claim(at(0), until=at(60))
        outbox.acknowledge(outbox.claim(at(60), until=at(90)))
        keep(made, named(connected(), "other"))
        outbox.acknowledge([entry])
        assert versions(everything(engine)) == [("other", 3)]

    # Subscriptions ---------------------------------------------------------------------------------------------------

    def test_subscriptions_are_kept_as_in_memory(self, engine: Engine) -> None:
        in_sql, in_memory = SqlSubscriptions(engine), MemorySubscriptions()
        first, second, third = subscription("one"), subscription("two"), subscription("one", EventType.HANGUP)
        other = replace(first, extension=BOB)
        for change in (
            SubscriptionChanges(stored=(first, second, third)),
            SubscriptionChanges(stored=(other, replace(first, enabled=False, note="later"))),
            SubscriptionChanges(removed=(second,)),
            SubscriptionChanges(removed=(second,)),
            SubscriptionChanges(stored=(second,)),
        ):
            in_sql.store(change)
            in_memory.store(change)
            for number in (ALICE, BOB, "nobody"):
                assert in_sql.by_extension(number) == in_memory.by_extension(number)
            assert set(in_sql) == set(in_memory)


def ids(made: SqlStore) -> list[str]:
    return [call.id for call in made]


def parked_at_seven() -> PhoneCall:
    return named(parked(position=7), "parked")


def subscription(name: str, kind: EventType = EventType.DIAL_IN) -> Subscription:
    return Subscription(
        extension=ALICE, type=kind, id=name, method=EventMethod.GET, url="http://127.0.0.1/", modified=at(0)
    )


def _published(engine: Engine) -> list[list[Change]]:
    return [msgspec.json.decode(entry.body, type=list[Change]) for entry in everything(engine)]


class _FailureError(Exception):
    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.sqlstate = state


@contextmanager
def _failing(engine: Engine, state: str) -> Iterator[None]:
    """Let every statement fail as a database does that reports this state."""

    def fail(*_: object) -> None:
        raise OperationalError("a statement", None, _FailureError(state))

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)
