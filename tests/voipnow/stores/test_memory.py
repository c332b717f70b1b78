"""Calls in memory: what is found after any changes, in which order, and that their number does not matter."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callstate import Answered, HangUp, OnHold, Park, PhoneCall, advance, next_deadline
from callstate.voipnow.service import participants
from callstate.voipnow.stores import MemoryStore
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    Walk,
    at,
    callback,
    connected,
    done,
    on,
    over,
    parked,
    two_sources,
    walks,
)
from tests.voipnow.effort import calls_of
from tests.voipnow.world import DIRECTORY, ORGANIZATION, OTHER_ORGANIZATION


def store(*calls: PhoneCall, remembered: int = 10) -> MemoryStore:
    made = MemoryStore(DIRECTORY.organization_of, remembered=remembered)
    for call in calls:
        made.put(call)
    return made


def named(call: PhoneCall, call_id: str, published: datetime | None = None) -> PhoneCall:
    return replace(call, id=call_id, published=published)


def test_a_call_is_found_by_its_id_and_by_each_number_that_it_has_to_do_with() -> None:
    found = store(connected())
    assert found.by_id(CALL) == connected()
    assert found.by_id("unknown") is None
    assert found.by_extensions({ALICE}) == found.by_extensions({BOB}) == [connected()]
    assert found.by_extensions({CAROL}) == []


def test_a_number_that_only_pays_or_has_parked_a_party_finds_the_call() -> None:
    assert store(replace(connected(), extension=CAROL)).by_extensions({CAROL}) != []
    assert store(parked()).by_extensions({BOB}) == [parked()]


def test_calls_come_in_the_order_of_publishing_then_of_creation() -> None:
    late, early = named(connected(), "a", at(2)), named(connected(), "b", at(1))
    same, none = named(connected(), "c", at(2)), named(connected(), "d")
    assert store(same, late, early, none).by_extensions({ALICE}) == [none, early, same, late]


def test_a_change_does_not_move_a_call_in_its_list() -> None:
    made = store(*(named(connected(), call_id, at(1)) for call_id in ("z", "m", "a")))
    held = done(named(connected(), "z", at(1)), OnHold(call_id="z", view_id="00"))
    made.put(held)
    assert [call.id for call in made.by_extensions({ALICE})] == ["z", "m", "a"]
    assert made.by_id("z") is held


def test_a_call_of_several_numbers_comes_once() -> None:
    other = named(replace(connected(), extension=CAROL), "other", at(1))
    assert store(connected(), other).by_extensions([BOB, ALICE, CAROL]) == [connected(), other]


def test_who_has_left_does_not_find_the_call_any_more() -> None:
    before = replace(connected(), extension=BOB)
    made = store(before)
    made.put(done(before, on(HangUp, None, phone_number=ALICE)))
    assert made.by_extensions({ALICE}) == made.by_extensions({BOB}) == []
    assert made.by_id(CALL) is not None


def test_the_lot_of_an_organization_is_that_of_who_parked() -> None:
    made = store(parked(position=7), named(parked(position=9), "other"))
    assert made.taken_positions(ORGANIZATION) == {7, 9}
    assert made.taken_positions(OTHER_ORGANIZATION) == frozenset()
    made.put(done(parked(position=7), on(HangUp, None)))
    assert made.taken_positions(ORGANIZATION) == {9}


def test_calls_are_swapped_only_if_none_of_them_was_changed_by_somebody_else() -> None:
    made = store(connected(), named(connected(), "other"))
    mine, theirs = done(connected(), on(OnHold, "00")), done(connected(), on(OnHold, "01"))
    known = {CALL: connected().version, "other": connected().version}
    assert made.swap(known, [mine])
    other = done(named(connected(), "other"), OnHold(call_id="other", view_id="00"))
    assert not made.swap(known, [other, theirs])
    assert (made.by_id(CALL), made.by_id("other")) == (mine, named(connected(), "other"))


def test_a_call_that_is_not_known_is_new_and_takes_no_other_ones_place() -> None:
    made = store()
    assert made.swap({}, [connected()])
    assert not made.swap({}, [done(connected(), on(OnHold, "00"))])
    assert not made.swap({"gone": 3}, [named(connected(), "gone")])
    assert list(made) == [connected()]


def test_the_next_deadline_is_that_of_the_call_that_changes_first() -> None:
    later, sooner = named(callback(), "later"), named(two_sources(), "sooner")
    made = store(later, sooner, connected())
    assert made.next_deadline() == (at(35), "sooner")
    made.put(done(sooner, Answered(call_id="sooner", view_id="00"), now=at(12)))
    assert made.next_deadline() == (at(40), "later")
    made.put(advance(later, at=at(40)))
    assert made.next_deadline() == (at(42), "sooner")
    assert store(connected()).next_deadline() is None


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


@given(st.lists(walks(), min_size=2, max_size=2))
def test_after_any_changes_the_store_answers_like_a_plain_look_at_all_calls(several: list[Walk]) -> None:
    made = store()
    for steps in zip(*(list(walk.moments()) for walk in several), strict=False):
        for n, moment in enumerate(steps):
            made.put(replace(moment.call, id=f"call{n}"))
        calls = list(made)
        for number in (ALICE, BOB, CAROL):
            expected = {call.id for call in calls if not call.over and number in participants(call)}
            assert {call.id for call in made.by_extensions({number})} == expected
        places = {view.parking.position for call in calls for view in call.views if view.parking is not None}
        assert made.taken_positions(ORGANIZATION) == places
        due = [(moment, call.id) for call in calls if (moment := next_deadline(call)) is not None]
        assert made.next_deadline() == min(due, default=None)


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
