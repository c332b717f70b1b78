"""The book: what it finds after any changes, and that its size does not matter."""

from datetime import datetime
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callstate import Answered, HangUp, OnHold, Park, PhoneCall, advance, next_deadline
from callstate.voipnow.service import participants
from callstate.voipnow.stores import Book
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
from tests.voipnow.world import DIRECTORY, ORGANIZATION, OTHER_ORGANIZATION


def book(*calls: PhoneCall, remembered: int = 10) -> Book:
    made = Book(DIRECTORY.organization_of, remembered=remembered)
    for call in calls:
        made.put(call)
    return made


def named(call: PhoneCall, call_id: str, published: datetime | None = None) -> PhoneCall:
    return replace(call, id=call_id, published=published)


def test_a_call_is_found_by_its_id_and_by_each_number_that_it_has_to_do_with() -> None:
    found = book(connected())
    assert found.by_id(CALL) == connected()
    assert found.by_id("unknown") is None
    assert found.by_extension(ALICE) == found.by_extension(BOB) == [connected()]
    assert found.by_extension(CAROL) == []


def test_a_number_that_only_pays_or_has_parked_a_party_finds_the_call() -> None:
    assert book(replace(connected(), extension=CAROL)).by_extension(CAROL) != []
    assert book(parked()).by_extension(BOB) == [parked()]


def test_calls_come_in_the_order_of_their_publishing() -> None:
    late, early = named(connected(), "a", at(2)), named(connected(), "b", at(1))
    same, none = named(connected(), "c", at(2)), named(connected(), "d")
    assert book(same, late, early, none).by_extension(ALICE) == [none, early, late, same]


def test_who_has_left_does_not_find_the_call_any_more() -> None:
    before = replace(connected(), extension=BOB)
    made = book(before)
    made.put(done(before, on(HangUp, None, phone_number=ALICE)))
    assert made.by_extension(ALICE) == made.by_extension(BOB) == []
    assert made.by_id(CALL) is not None


def test_the_lot_of_an_organization_is_that_of_who_parked() -> None:
    made = book(parked(position=7), named(parked(position=9), "other"))
    assert made.taken_positions(ORGANIZATION) == {7, 9}
    assert made.taken_positions(OTHER_ORGANIZATION) == frozenset()
    made.put(done(parked(position=7), on(HangUp, None)))
    assert made.taken_positions(ORGANIZATION) == {9}


def test_a_call_that_another_one_was_faster_to_change_is_not_put() -> None:
    made = book(connected())
    mine, theirs = done(connected(), on(OnHold, "00")), done(connected(), on(OnHold, "01"))
    assert made.put(mine, expected_version=connected().version)
    assert not made.put(theirs, expected_version=connected().version)
    assert made.by_id(CALL) == mine
    assert not made.put(named(mine, "unknown"), expected_version=0)


def test_the_next_deadline_is_that_of_the_call_that_changes_first() -> None:
    later, sooner = named(callback(), "later"), named(two_sources(), "sooner")
    made = book(later, sooner, connected())
    assert made.next_deadline() == (at(35), "sooner")
    made.put(done(sooner, Answered(call_id="sooner", view_id="00"), now=at(12)))
    assert made.next_deadline() == (at(40), "later")
    made.put(advance(later, at=at(40)))
    assert made.next_deadline() == (at(42), "sooner")
    assert book(connected()).next_deadline() is None


def test_of_the_calls_that_are_over_the_last_are_remembered() -> None:
    made = book(*(named(over(), f"o{n}") for n in range(5)), connected(), remembered=2)
    assert [call.id for call in made] == ["o3", "o4", CALL]
    made.put(named(over(), "o3"))
    assert len(made) == 3


def test_deadlines_that_do_not_hold_any_more_do_not_pile_up() -> None:
    made = book()
    start = done(connected(), on(Park, extension=BOB))
    for n in range(1000):
        limit = replace(start.views[0].parking, until=at(100 + n)) if start.views[0].parking else None
        made.put(replace(start, views=(replace(start.views[0], parking=limit), start.views[1])))
    assert made.next_deadline() == (at(1099), CALL)
    assert len(made._queue) < 100  # noqa: SLF001  # memory is no one's to see otherwise


@given(st.lists(walks(), min_size=2, max_size=2))
def test_after_any_changes_the_book_answers_like_a_plain_look_at_all_calls(several: list[Walk]) -> None:
    made = book()
    for steps in zip(*(list(walk.moments()) for walk in several), strict=False):
        for n, moment in enumerate(steps):
            made.put(replace(moment.call, id=f"call{n}"))
        calls = list(made)
        for number in (ALICE, BOB, CAROL):
            expected = {call.id for call in calls if not call.over and number in participants(call)}
            assert {call.id for call in made.by_extension(number)} == expected
        places = {view.parking.position for call in calls for view in call.views if view.parking is not None}
        assert made.taken_positions(ORGANIZATION) == places
        due = [(moment, call.id) for call in calls if (moment := next_deadline(call)) is not None]
        assert made.next_deadline() == min(due, default=None)


def _seconds_to_change(made: Book, count: int) -> float:
    """Change a thousand calls among many, the best of three times."""
    times = []
    for _ in range(3):
        begin = perf_counter()
        for n in range(1000):
            call = made.by_id(f"call{n * (count // 1000)}")
            assert call is not None
            made.put(call)
            made.next_deadline()
            made.taken_positions(ORGANIZATION)
            made.by_extension(call.extension)
        times.append(perf_counter() - begin)
    return min(times)


def test_a_change_costs_about_the_same_in_a_large_book() -> None:
    def filled(count: int) -> Book:
        made = book()
        for n in range(count):
            number = f"{n // 900:04d}*{100 + n % 900}"
            call = two_sources()
            made.put(replace(call, id=f"call{n}", extension=number, views=(replace(call.views[0], extension=number),)))
        return made

    assert _seconds_to_change(filled(50_000), 50_000) < 5 * _seconds_to_change(filled(1000), 1000)
