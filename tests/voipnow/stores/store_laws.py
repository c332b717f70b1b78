"""What holds for every store of calls, whatever it is made of: a test class inherits it and has a fixture `stores`.

One rule: a law knows the protocol alone. What only one store has is tested beside the law, in its own module.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callstate import Answered, HangUp, OnHold, PhoneCall, advance, next_deadline
from callstate.voipnow.service import by_publishing, participants
from callstate.voipnow.stores import Store
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    OUTSIDE,
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


class Kept(Store, Protocol):
    """A store, and what every one of this package has besides."""

    def __iter__(self) -> Iterator[PhoneCall]: ...

    def next_deadline(self) -> tuple[datetime, str] | None: ...


Stores: TypeAlias = Callable[[], Kept]
"""Makes an empty store."""


Made = TypeVar("Made", bound=Kept)


def named(call: PhoneCall, call_id: str, published: datetime | None = None) -> PhoneCall:
    return replace(call, id=call_id, published=published)


def keep(store: Made, *calls: PhoneCall) -> Made:
    """Store calls, each in place of its older value."""
    for call in calls:
        before = store.by_id(call.id)
        assert store.swap([] if before is None else [before], [call])
    return store


def ids(calls: object) -> list[str]:
    assert isinstance(calls, list)
    return [call.id for call in calls]


class StoreLaws:
    """The laws; `stores` is a fixture."""

    def test_a_call_is_found_by_its_id_and_by_each_number_that_it_has_to_do_with(self, stores: Stores) -> None:
        found = keep(stores(), connected())
        assert found.by_id(CALL) == connected()
        assert [found.by_id(text) for text in ("unknown", "", "a\0", "\ud800", "c" * 300)] == [None] * 5
        assert found.by_extensions({ALICE}) == found.by_extensions({BOB}) == [connected()]
        assert found.by_extensions({CAROL}) == found.by_extensions([]) == []

    def test_a_call_is_the_same_when_it_is_read_again(self, stores: Stores) -> None:
        store = stores()
        for number, call in enumerate((parked(), callback(), two_sources(), over())):
            dated = replace(call, id=f"c{number}", published=at(0.000_001), nonce='"\0\n\N{PILE OF POO}')
            assert keep(store, dated).by_id(f"c{number}") == dated

    def test_a_date_that_utc_does_not_have_is_kept(self, stores: Stores) -> None:
        edges = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59")
        first, last = (datetime.fromisoformat(edge) for edge in edges)
        store = keep(stores(), named(connected(), "z", last), named(connected(), "m", at(0)))
        keep(store, named(connected(), "a", first))
        assert ids(store.by_extensions([ALICE])) == ["a", "m", "z"]
        assert store.by_id("z") == named(connected(), "z", last)

    def test_a_number_that_only_pays_or_has_parked_a_party_finds_the_call(self, stores: Stores) -> None:
        assert keep(stores(), replace(connected(), extension=CAROL)).by_extensions({CAROL}) != []
        assert keep(stores(), parked()).by_extensions({BOB}) == [parked()]

    def test_calls_come_in_the_order_of_publishing_then_of_creation(self, stores: Stores) -> None:
        late, early = named(connected(), "a", at(2)), named(connected(), "b", at(1))
        same, none = named(connected(), "c", at(2)), named(connected(), "d")
        assert keep(stores(), same, late, early, none).by_extensions({ALICE}) == [none, early, same, late]

    def test_microseconds_count_in_the_order_of_publishing(self, stores: Stores) -> None:
        store = keep(stores(), named(connected(), "b", at(1.000_002)), named(connected(), "a", at(1.000_001)))
        assert ids(store.by_extensions([BOB])) == ["a", "b"]

    def test_a_change_does_not_move_a_call_in_its_list(self, stores: Stores) -> None:
        made = keep(stores(), *(named(connected(), call_id, at(1)) for call_id in ("z", "m", "a")))
        held = done(named(connected(), "z", at(1)), OnHold(call_id="z", view_id="00"))
        keep(made, held)
        assert ids(made.by_extensions({ALICE})) == ["z", "m", "a"]
        assert made.by_id("z") == held

    def test_a_call_of_several_numbers_comes_once(self, stores: Stores) -> None:
        other = named(replace(connected(), extension=CAROL), "other", at(1))
        assert keep(stores(), connected(), other).by_extensions([BOB, ALICE, CAROL]) == [connected(), other]

    def test_who_has_left_does_not_find_the_call_any_more(self, stores: Stores) -> None:
        before = replace(connected(), extension=BOB)
        made = keep(stores(), before, done(before, on(HangUp, None, phone_number=ALICE)))
        assert made.by_extensions({ALICE}) == made.by_extensions({BOB}) == []
        assert made.by_id(CALL) is not None

    def test_who_comes_in_finds_the_call(self, stores: Stores) -> None:
        before = replace(connected(), extension=BOB)
        after = replace(before, extension=OUTSIDE, version=before.version + 1)
        assert keep(stores(), before, after).by_extensions({OUTSIDE}) == [after]

    def test_the_lot_of_an_organization_is_that_of_who_parked(self, stores: Stores) -> None:
        made = keep(stores(), parked(position=7), named(parked(position=9), "other"))
        assert made.taken_positions(ORGANIZATION) == {7, 9}
        assert made.taken_positions(OTHER_ORGANIZATION) == frozenset()
        keep(made, done(parked(position=7), on(HangUp, None)))
        assert made.taken_positions(ORGANIZATION) == {9}

    def test_numbers_of_no_organization_have_a_lot_of_their_own(self, stores: Stores) -> None:
        made = keep(stores(), parked(position=7), named(parked(position=7, by=OUTSIDE), "other"))
        assert (made.taken_positions(ORGANIZATION), made.taken_positions(None)) == ({7}, {7})

    def test_calls_are_swapped_only_if_none_of_them_was_changed_by_somebody_else(self, stores: Stores) -> None:
        made = keep(stores(), connected(), named(connected(), "other"))
        mine, theirs = done(connected(), on(OnHold, "00")), done(connected(), on(OnHold, "01"))
        known = [connected(), named(connected(), "other")]
        assert made.swap(known, [mine])
        other = done(named(connected(), "other"), OnHold(call_id="other", view_id="00"))
        assert not made.swap(known, [other, theirs])
        assert not made.swap(known, [theirs, other])
        assert (made.by_id(CALL), made.by_id("other")) == (mine, named(connected(), "other"))

    def test_calls_that_were_only_looked_at_may_change(self, stores: Stores) -> None:
        made = keep(stores(), connected(), named(connected(), "other"))
        known = [connected(), named(connected(), "other")]
        keep(made, done(connected(), on(OnHold, "00")))
        assert made.swap(known, [done(named(connected(), "other"), OnHold(call_id="other", view_id="00"))])
        assert made.swap(known, [])

    def test_a_call_that_is_not_known_is_new_and_takes_no_other_ones_place(self, stores: Stores) -> None:
        made = stores()
        assert made.swap([], [connected()])
        assert not made.swap([], [named(connected(), "new"), done(connected(), on(OnHold, "00"))])
        assert not made.swap([named(connected(), "gone")], [named(connected(), "gone")])
        assert list(made) == [connected()]

    def test_the_next_deadline_is_that_of_the_call_that_changes_first(self, stores: Stores) -> None:
        later, sooner = named(callback(), "later"), named(two_sources(), "sooner")
        made = keep(stores(), later, sooner, connected())
        assert made.next_deadline() == (at(35), "sooner")
        keep(made, done(sooner, Answered(call_id="sooner", view_id="00"), now=at(12)))
        assert made.next_deadline() == (at(40), "later")
        keep(made, advance(later, at=at(40)))
        assert made.next_deadline() == (at(42), "sooner")
        assert keep(stores(), connected()).next_deadline() is None

    def test_after_any_changes_the_store_answers_like_a_plain_look_at_all_calls(self, stores: Stores) -> None:
        @given(st.lists(walks(8), min_size=2, max_size=2))
        def walked(several: list[Walk]) -> None:
            _compare(stores(), several)

        walked()


def _compare(made: Kept, several: list[Walk]) -> None:
    stored = dict[str, PhoneCall]()
    for steps in zip(*(list(walk.moments()) for walk in several), strict=False):
        for number, moment in enumerate(steps):
            call = replace(moment.call, id=f"call{number}")
            known = [stored[call.id]] if call.id in stored else []
            if known != [call]:
                others = (other for other in stored.values() if other.id != call.id)
                clash = _places(call) & {place for other in others for place in _places(other)}
                if clash:  # a store that is shared may refuse that, and one of one process is never asked
                    break
                assert made.swap(known, [call])
                stored[call.id] = call
        calls = list(made)
        assert {call.id: call for call in calls} == stored
        for asked in (ALICE, BOB, CAROL):
            expected = [call for call in calls if not call.over and asked in participants(call)]
            assert made.by_extensions([asked]) == sorted(expected, key=by_publishing)
        assert made.taken_positions(ORGANIZATION) == {place for call in calls for place in _places(call)}
        due = [(when, call.id) for call in calls if (when := next_deadline(call)) is not None]
        assert made.next_deadline() in ([None] if not due else [one for one in due if one[0] == min(due)[0]])


def _places(call: PhoneCall) -> set[int]:
    """Return the positions in the lot of the organization of Alice."""
    parkings = [view.parking for view in call.views if view.parking is not None]
    return {parking.position for parking in parkings if DIRECTORY.organization_of(parking.by) == ORGANIZATION}
