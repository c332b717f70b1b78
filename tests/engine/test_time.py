"""Time: what fires when, what wins at the same instant, and what a clock may say."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest

from callstate import (
    Answered,
    BargeIn,
    Disposition,
    DomainError,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    Parking,
    PhoneCall,
    PickUp,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    advance,
    apply_action,
    next_deadline,
    steps,
)
from callstate.domain import ANSWERED, CONNECTED, ENDED, PARKED, RINGING
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    OUTSIDE,
    at,
    call_of,
    changed,
    connected,
    done,
    held,
    incoming,
    lot,
    on,
    over,
    parked,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    view,
)


def place(call: PhoneCall, view_id: str = "00") -> Parking:
    """Return where a view is parked."""
    found = seen(call, view_id).parking
    assert found is not None
    return found


class TestDeadlines:
    def test_a_call_that_waits_for_nothing_has_none(self) -> None:
        for call in (connected(), ringing(), held(), over(), parked(seconds=None, until=None)):
            assert next_deadline(call) is None
            assert advance(call, at=at(10**8)) is call

    def test_the_first_of_several_is_next(self) -> None:
        call = call_of(*retrieving(CAROL).views, ends_by=at(30))
        assert next_deadline(call) == at(30)
        assert next_deadline(call_of(*retrieving(CAROL).views, ends_by=at(500))) == at(35)
        assert next_deadline(parked()) == at(190)

    def test_a_deadline_fires_at_its_own_time(self) -> None:
        call = advance(retrieving(CAROL), at=at(60))
        assert (seen(call, "02").ended, call.updated) == (at(35), at(35))

    def test_a_deadline_fires_at_its_very_instant_and_not_before(self) -> None:
        call = retrieving(CAROL)
        assert advance(call, at=at(34.999999)) is call
        assert seen(advance(call, at=at(35)), "02").state is ENDED

    def test_each_that_fires_is_one_version(self) -> None:
        call = call_of(*retrieving(CAROL, DAVE).views)
        assert advance(call, at=at(35)).version == call.version + 2

    def test_a_naive_instant_is_a_mistake_of_the_caller(self) -> None:
        naive = at(20).replace(tzinfo=None)
        with pytest.raises(ValueError, match="a date needs an offset"):
            advance(connected(), at=naive)
        with pytest.raises(ValueError, match="a date needs an offset"):
            apply_action(connected(), on(OnHold), at=naive)


class TestRingingRunsOut:
    def test_a_retrieving_phone_ends_and_the_party_stays_parked(self) -> None:
        call = advance(retrieving(CAROL), at=at(35))
        assert states(call) == (PARKED, ENDED, ENDED)
        assert seen(call, "02").disposition is Disposition.NO_ANSWER
        assert place(call).until == at(190)

    def test_who_wanted_to_pick_up_ends_and_the_phone_rings_on(self) -> None:
        call = advance(done(ringing(), on(PickUp, "01")), at=at(45))
        assert states(call) == (ANSWERED, RINGING, ENDED)

    @pytest.mark.parametrize("kind", [BargeIn, Whisper, Monitor])
    def test_who_wanted_to_join_ends_and_the_conversation_goes_on(self, kind: type[BargeIn]) -> None:
        call = advance(done(connected(), on(kind, "01")), at=at(45))
        assert states(call) == (CONNECTED, CONNECTED, ENDED)

    @pytest.mark.parametrize("number", [DAVE, OUTSIDE])
    def test_a_transfer_that_nobody_answers_ends_the_call(self, number: str) -> None:
        call = advance(done(connected(), on(Transfer, "00", send_call_to=number)), at=at(45))
        assert call.over
        assert [v.disposition for v in call.views] == [
            Disposition.ANSWERED,
            Disposition.ANSWERED,
            Disposition.NO_ANSWER,
        ]

    def test_a_mailbox_has_no_limit(self) -> None:
        assert next_deadline(done(connected(), on(TransferToVoicemail, "00"))) is None

    def test_sources_that_do_not_answer_end_a_created_call(self) -> None:
        call = advance(two_sources(), at=at(35))
        assert call.over
        assert {v.disposition for v in call.views} == {Disposition.NO_ANSWER}

    def test_a_destination_rings_from_the_answer_of_the_source_on(self) -> None:
        call = done(two_sources(), on(Answered, "00"))
        assert next_deadline(call) == at(50)
        ended = advance(call, at=at(50))
        assert ended.over
        assert seen(ended, "00").disposition is Disposition.ANSWERED

    def test_who_has_answered_has_no_limit(self) -> None:
        assert next_deadline(done(ringing(), on(PickUp, "01"), on(Answered, "02"))) is None


class TestRingBack:
    def test_the_parker_is_rung_and_the_time_starts_anew(self) -> None:
        call = advance(parked(), at=at(190))
        bob = seen(call, "02")
        assert (bob.extension, bob.state, bob.side) == (BOB, RINGING, 1)
        assert (bob.ringing, bob.until, bob.caller_id) == (at(190), at(215), None)
        assert (place(call).ring_backs, place(call).until, place(call).since) == (1, at(370), at(10))
        assert seen(call, "00").state is PARKED

    def test_a_parker_of_an_outside_party_is_rung_too(self) -> None:
        call = advance(done(incoming(), on(Park, "01")), at=at(200))
        assert (seen(call, "02").source, seen(call, "02").destination) == ((OUTSIDE,), (BOB,))

    def test_nobody_is_rung_while_a_phone_rings_there_and_nothing_is_counted(self) -> None:
        call = done(parked(), on(UnPark, wait_for_pickup=3600))
        call = advance(call, at=at(190))
        assert states(call) == (PARKED, ENDED, RINGING)
        assert (place(call).ring_backs, place(call).until) == (0, at(370))

    def test_the_parker_is_rung_as_long_as_the_call_rings_its_parties(self) -> None:
        call = advance(call_of(*parked().views, wait_for_pickup=40), at=at(190))
        assert seen(call, "02").until == at(230)

    def test_the_parker_sees_the_caller_id_that_it_saw_before(self) -> None:
        call = advance(changed(parked(), "01", caller_id="John <3334444>"), at=at(190))
        assert seen(call, "02").caller_id == "John <3334444>"

    def test_the_party_is_connected_when_the_parker_answers(self) -> None:
        call = done(advance(parked(), at=at(190)), on(Answered, "02"), now=at(195))
        assert states(call) == (CONNECTED, ENDED, CONNECTED)

    def test_the_tenth_rings_and_starts_no_new_time(self) -> None:
        call = advance(parked(), at=at(10 + 10 * 180))
        assert (place(call).ring_backs, place(call).until) == (10, None)
        assert seen(call, call.views[-1].id).state is RINGING
        assert sum(v.extension == BOB for v in call.views) + call.forgotten == 1 + 10

    def test_after_the_tenth_the_party_waits_on(self) -> None:
        call = advance(parked(), at=at(10**7))
        assert sum(v.extension == BOB for v in call.views) + call.forgotten == 1 + 10
        assert seen(call, "00").state is PARKED
        assert next_deadline(call) is None

    def test_the_ninth_starts_a_new_time(self) -> None:
        assert place(advance(parked(), at=at(10 + 9 * 180))).until == at(10 + 10 * 180)

    def test_a_parking_of_an_untold_length_never_rings_back(self) -> None:
        call = parked(seconds=None, until=None)
        assert advance(call, at=at(10**8)) is call


class TestCallDuration:
    def test_the_call_is_over_at_its_limit(self) -> None:
        call = advance(call_of(*supervised().views, ends_by=at(60)), at=at(61))
        assert call.over
        assert (call.ends_by, {v.ended for v in call.views}) == (None, {at(60)})

    def test_a_parked_party_is_no_exception(self) -> None:
        assert advance(call_of(*parked().views, ends_by=at(60)), at=at(60)).over

    def test_of_several_deadlines_at_one_time_it_comes_before_those_of_the_parties(self) -> None:
        """It is one change, and no phone has stopped ringing by itself."""
        call = call_of(*retrieving(CAROL).views, ends_by=at(35))
        assert advance(call, at=at(35)).version == call.version + 1


class TestSteps:
    def test_each_deadline_is_a_version_and_the_last_is_what_advance_returns(self) -> None:
        call = retrieving(CAROL, DAVE)
        versions = list(steps(call, at=at(190)))
        assert [v.version for v in versions] == [call.version + n for n in (1, 2, 3)]
        assert [v.updated for v in versions] == [at(35), at(35), at(190)]
        assert versions[-1] == advance(call, at=at(190))

    def test_there_are_none_before_the_first_deadline(self) -> None:
        assert list(steps(retrieving(CAROL), at=at(34))) == []

    def test_a_time_before_the_last_change_counts_as_that(self) -> None:
        late = call_of(*retrieving(CAROL).views, updated=at(40))
        assert [v.updated for v in steps(late, at=at(0))] == [at(40)]

    def test_a_naive_time_is_refused_when_it_is_asked(self) -> None:
        with pytest.raises(ValueError, match="a date needs an offset"):
            steps(retrieving(CAROL), at=datetime(2026, 3, 2))  # noqa: DTZ001  # the point


class TestTies:
    def test_at_the_same_instant_the_action_wins(self) -> None:
        call = apply_action(retrieving(CAROL), on(Answered, "02"), at=at(35))
        assert isinstance(call, PhoneCall)
        assert states(call) == (CONNECTED, ENDED, CONNECTED)

    def test_it_wins_though_an_earlier_deadline_has_fired(self) -> None:
        call = done(changed(retrieving(CAROL, DAVE), "03", until=at(30)), on(Answered, "02"), now=at(35))
        assert states(call) == (CONNECTED, ENDED, CONNECTED, ENDED)

    def test_a_moment_later_it_comes_too_late(self) -> None:
        call = apply_action(retrieving(CAROL), on(Answered, "02"), at=at(35.000001))
        assert isinstance(call, PhoneCall)
        assert states(call) == (PARKED, ENDED, ENDED)

    def test_the_deadline_that_lost_fires_afterwards_if_its_cause_is_there(self) -> None:
        call = done(retrieving(CAROL, DAVE), on(HungUp, "02"), now=at(35))
        assert seen(advance(call, at=at(35)), "03").ended == at(35)

    def test_of_two_parties_the_lower_id_comes_first(self) -> None:
        """The lower phone rings out, then nobody rings there, so the other party's parker is rung: typed, to see it."""
        lower = view("01", CAROL, RINGING, side=1, until=at(190))
        waits = view("02", ALICE, PARKED, side=0, parking=lot())
        call = advance(call_of(lower, waits), at=at(190))
        assert [v.id for v in call.views] == ["01", "02", "03"]
        first = view("00", ALICE, PARKED, side=0, parking=lot())
        call = advance(call_of(first, lower), at=at(190))
        assert [v.id for v in call.views] == ["00", "01"]

    def test_a_repeat_gives_what_the_deadlines_left(self) -> None:
        call = done(retrieving(CAROL), on(Park, "00"), now=at(36))
        assert (call.version, states(call)) == (retrieving(CAROL).version + 1, (PARKED, ENDED, ENDED))

    def test_after_a_refusal_the_caller_holds_the_older_call(self) -> None:
        call = retrieving(CAROL)
        refusal = apply_action(call, on(OnHold), at=at(60))
        assert isinstance(refusal, DomainError)
        assert states(call) == (PARKED, ENDED, RINGING)


class TestClocks:
    def test_an_earlier_instant_counts_as_the_last_change(self) -> None:
        call = done(connected(), on(OnHold), now=at(3))
        assert (seen(call, "00").on_hold, call.updated) == (at(10), at(10))

    def test_an_earlier_instant_fires_what_was_due_at_the_last_change(self) -> None:
        """An action won at the instant of a deadline; a slower clock then asks what time has done."""
        call = done(retrieving(CAROL, DAVE), on(HungUp, "02"), now=at(35))
        assert seen(advance(call, at=at(34)), "03").state is ENDED

    def test_a_deadline_in_the_past_of_the_call_fires_at_its_last_change(self) -> None:
        call = call_of(*retrieving(CAROL).views, updated=at(100))
        assert seen(advance(call, at=at(100)), "02").ended == at(100)

    def test_a_call_without_a_last_change_takes_any_instant(self) -> None:
        call = call_of(*connected().views, updated=None)
        assert seen(done(call, on(OnHold), now=at(-50)), "00").on_hold == at(-50)

    def test_a_deadline_beyond_the_last_datetime_is_none(self) -> None:
        last = datetime.max.replace(tzinfo=UTC)
        call = done(connected(), on(Transfer), now=last)
        assert (seen(call, "02").until, next_deadline(call)) == (None, None)
        assert place(done(connected(), on(Park), now=last)).until is None
        late = last - timedelta(seconds=5)
        rings = call_of(*two_sources().views[1:], updated=late)
        assert next_deadline(done(changed(rings, "01", until=None), on(Answered, "01"), now=late)) is None

    def test_a_ring_back_beyond_the_last_datetime_starts_no_new_time(self) -> None:
        last = datetime.max.replace(tzinfo=UTC)
        call = advance(parked(until=last - timedelta(seconds=60)), at=last)
        assert (place(call).ring_backs, place(call).until) == (1, None)

    @pytest.mark.parametrize("hours", [-12, 14])
    def test_the_last_datetime_of_any_offset_is_an_instant(self, hours: int) -> None:
        last = datetime.max.replace(tzinfo=timezone(timedelta(hours=hours)))
        assert isinstance(apply_action(connected(), on(OnHold), at=last), PhoneCall)
        assert isinstance(advance(retrieving(CAROL), at=last), PhoneCall)

    def test_the_first_datetime_is_an_instant(self) -> None:
        first = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
        assert seen(done(connected(), on(OnHold), now=first), "00").on_hold == at(10)

    @pytest.mark.parametrize(("seconds_before", "fold"), [(10, 0), (3599, 0)])
    def test_a_second_is_a_second_when_clocks_are_put_back(self, seconds_before: int, fold: int) -> None:
        """In Bucharest clocks went from 04:00 back to 03:00 on 25 October 2026, at 01:00 UTC."""
        back = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
        asked = (back - timedelta(seconds=seconds_before)).astimezone(ZoneInfo("Europe/Bucharest"))
        assert asked.fold == fold
        call = done(connected(), on(Park, max_in_parking=3600), now=asked)
        assert place(call).until == back + timedelta(seconds=3600 - seconds_before)
        assert advance(call, at=back + timedelta(seconds=3599 - seconds_before)) is call

    def test_a_second_is_a_second_when_clocks_are_put_forward(self) -> None:
        """In Bucharest clocks go from 03:00 to 04:00 on 29 March 2026, at 01:00 UTC."""
        forward = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
        asked = (forward - timedelta(seconds=60)).astimezone(ZoneInfo("Europe/Bucharest"))
        call = done(connected(), on(Park, max_in_parking=180), now=asked)
        assert next_deadline(call) == forward + timedelta(seconds=120)
        late = (forward + timedelta(seconds=120)).astimezone(ZoneInfo("Europe/Bucharest"))
        assert place(advance(call, at=late)).ring_backs == 1

    def test_dates_of_one_hour_told_twice_are_told_apart(self) -> None:
        """The second 03:30 comes an hour after the first; a deadline between the two has passed by then."""
        zone = ZoneInfo("Europe/Bucharest")
        first = datetime(2026, 10, 25, 3, 30, tzinfo=zone)
        second = datetime(2026, 10, 25, 3, 30, tzinfo=zone, fold=1)
        call = done(connected(), on(Park, max_in_parking=600), now=first)
        assert place(advance(call, at=second)).ring_backs == 6

    def test_a_hold_keeps_the_offset_in_which_it_was_asked(self) -> None:
        asked = at(20).astimezone(timezone(timedelta(hours=2)))
        began = seen(done(connected(), on(OnHold), now=asked), "00").on_hold
        assert began is not None
        assert (began, began.utcoffset()) == (at(20), timedelta(hours=2))


def test_time_alone_changes_no_hold() -> None:
    call = held()
    assert advance(call, at=at(10**6)) is call
    assert done(call, on(OffHold), now=at(10**6)).version == call.version + 1


def test_a_stored_call_has_the_same_deadlines() -> None:
    call = done(parked(), on(UnPark))
    stored = msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall)
    assert next_deadline(stored) == next_deadline(call) == at(45)
    assert advance(stored, at=at(400)) == advance(call, at=at(400))
