"""Calls in memory: the laws of a store, and that the number of the calls does not matter."""

import pytest
from msgspec.structs import replace

from callstate import Park, PhoneCall
from callstate.voipnow.stores import MemoryStore
from tests.calls import BOB, CALL, at, connected, done, on, over, two_sources
from tests.voipnow.effort import calls_of
from tests.voipnow.stores.store_laws import StoreLaws, Stores, named
from tests.voipnow.world import DIRECTORY, ORGANIZATION


@pytest.fixture(scope="module")
def stores() -> Stores:
    return lambda: MemoryStore(DIRECTORY.organization_of)


class TestStore(StoreLaws):
    pass


def store(*calls: PhoneCall, remembered: int = 10) -> MemoryStore:
    made = MemoryStore(DIRECTORY.organization_of, remembered=remembered)
    for call in calls:
        made.put(call)
    return made


def test_of_the_calls_that_are_over_the_last_are_remembered() -> None:
    made = store(*(named(over(), f"o{n}") for n in range(5)), connected(), remembered=2)
    assert [call.id for call in made] == ["o3", "o4", CALL]
    made.put(named(over(), "o3"))
    assert len(made) == 3


def test_deadlines_that_do_not_hold_any_more_do_not_pile_up() -> None:
    made = store()
    start = done(connected(), on(Park, extension=BOB))
    for n in range(1000):
        limit = replace(start.views[0].parking, until=at(100 + n)) if start.views[0].parking else None
        made.put(replace(start, views=(replace(start.views[0], parking=limit), start.views[1])))
    assert made.next_deadline() == (at(1099), CALL)
    assert len(made._queue) < 100  # noqa: SLF001  # memory is no one's to see otherwise


def filled(count: int) -> MemoryStore:
    made = store()
    for n in range(count):
        number = f"{n // 900:04d}*{100 + n % 900}"
        call = two_sources()
        made.put(replace(call, id=f"call{n}", extension=number, views=(replace(call.views[0], extension=number),)))
    return made


def test_a_change_costs_the_same_in_a_large_store() -> None:
    def changes(made: MemoryStore) -> None:
        for n in range(100):
            call = made.by_id(f"call{n}")
            assert call is not None
            made.put(call)
            made.next_deadline()
            made.taken_positions(ORGANIZATION)
            made.by_extensions({call.extension})

    small, large = filled(100), filled(2000)
    assert calls_of(lambda: changes(large)) < 1.1 * calls_of(lambda: changes(small))


def test_to_forget_a_call_costs_the_same_however_many_were_forgotten() -> None:
    made = store(*(named(over(), f"o{n}") for n in range(100)), remembered=10)

    def end_some(first: int) -> None:
        for n in range(first, first + 100):
            made.put(named(over(), f"o{n}"))

    first, later = calls_of(lambda: end_some(1000)), calls_of(lambda: end_some(2000))
    assert later < 1.1 * first
    assert [call.id for call in made] == [f"o{n}" for n in range(2090, 2100)]
