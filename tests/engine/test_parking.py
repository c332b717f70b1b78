"""Holding and the parking lot: who waits, who parked, at which position, for how long, and who retrieves."""

import pytest

from callstate import (
    STRICT,
    Answered,
    Disposition,
    ErrorCode,
    Flow,
    HangUp,
    HungUp,
    OffHold,
    OnHold,
    Park,
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
)
from callstate.domain import CONNECTED, ENDED, MONITOR, ON_HOLD, PARKED, RINGING
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    OUTSIDE,
    at,
    call_of,
    changed,
    conference,
    connected,
    done,
    held,
    held_by_both,
    incoming,
    on,
    outgoing,
    parked,
    refused,
    retrieving,
    seen,
    states,
    view,
)


class TestHold:
    def test_hold_belongs_to_the_party_that_holds(self) -> None:
        call = done(connected(), on(OnHold, "01"))
        assert states(call) == (CONNECTED, ON_HOLD)
        assert seen(call, "01").on_hold == at(20)
        assert seen(call, "00") == seen(connected(), "00")

    def test_a_repeated_hold_keeps_the_first_date(self) -> None:
        call = held("00")
        assert done(call, on(OnHold)) is call
        assert seen(call, "00").on_hold == at(8)

    def test_both_hold_and_each_is_released_by_itself(self) -> None:
        call = done(held_by_both(), on(OffHold, "00"))
        assert states(call) == (CONNECTED, ON_HOLD)
        assert states(done(call, on(OffHold, "01"))) == (CONNECTED, CONNECTED)

    def test_leaving_while_held_ends_the_hold(self) -> None:
        call = done(held("00"), on(HungUp, "00"))
        assert (seen(call, "00").on_hold, seen(call, "01").state) == (None, ENDED)


class TestWhoWaits:
    def test_the_party_of_the_view_waits(self) -> None:
        call = done(connected(), on(Park, "00"))
        assert states(call) == (PARKED, ENDED)
        assert seen(call, "01").disposition is Disposition.ANSWERED

    def test_it_waits_when_the_other_one_asks(self) -> None:
        assert states(done(connected(), on(Park, "00", extension=BOB))) == (PARKED, ENDED)

    def test_it_waits_when_the_extension_that_pays_asks_for_somebody(self) -> None:
        call = changed(connected(), "00", extension=DAVE)
        assert states(done(call, on(Park, "00", extension=ALICE))) == (PARKED, ENDED)

    def test_the_other_one_waits_if_the_view_is_of_the_asker(self) -> None:
        call = done(connected(), on(Park, "00", extension=ALICE))
        assert states(call) == (ENDED, PARKED)

    @pytest.mark.parametrize("asker", ["@self", BOB])
    def test_a_party_outside_waits_whoever_is_named(self, asker: str) -> None:
        call = done(incoming(), on(Park, "01", extension=asker))
        assert states(call) == (PARKED, ENDED)

    @pytest.mark.parametrize("asker", ["@self", ALICE])
    def test_a_called_party_outside_waits_too(self, asker: str) -> None:
        call = done(outgoing(), on(Park, "00", extension=asker))
        assert states(call) == (ENDED, PARKED)

    def test_its_hold_ends(self) -> None:
        call = done(held_by_both(), on(Park, "00"))
        assert states(call) == (PARKED, ENDED)
        assert [v.on_hold for v in call.views] == [None, None]

    def test_its_recording_goes_on_and_that_of_the_parker_ends(self) -> None:
        tape = Recording(since=at(6))
        call = done(changed(changed(connected(), "00", recording=tape), "01", recording=tape), on(Park, "00"))
        assert [v.recording for v in call.views] == [tape, None]


class TestTheLot:
    def test_it_keeps_who_parked_where_since_when_and_for_how_long(self) -> None:
        place = seen(done(connected(), on(Park, "00", position=7, max_in_parking="60")), "00").parking
        assert place is not None
        assert (place.since, place.position, place.by, place.side) == (at(20), 7, BOB, 1)
        assert (place.seconds, place.until, place.ring_backs) == (60, at(80), 0)

    def test_a_party_waits_for_three_minutes_unless_something_else_is_said(self) -> None:
        place = seen(done(connected(), on(Park, "00")), "00").parking
        assert place is not None
        assert (place.seconds, place.until) == (180, at(200))

    def test_a_party_outside_is_listed_while_it_waits(self) -> None:
        call = done(incoming(), on(Park, "01"))
        assert (seen(call, "00").listed, seen(call, "00").extension) == (True, OUTSIDE)
        call = done(call, on(UnPark, "00"), on(Answered, "02"))
        assert (seen(call, "00").state, seen(call, "00").listed) == (CONNECTED, False)

    def test_a_party_outside_that_gives_up_is_listed_no_more(self) -> None:
        assert not seen(done(incoming(), on(Park, "01"), on(HungUp, "00")), "00").listed

    def test_an_extension_stays_listed(self) -> None:
        assert seen(done(retrieving(CAROL), on(Answered, "02")), "00").listed

    def test_a_full_lot_is_asked_after_the_repeat(self) -> None:
        assert done(parked(), on(Park, "00", position=None)).version == parked().version
        assert refused(connected(), on(Park, "00", position=None)).code is ErrorCode.PARKING_FULL


class TestParkedAlready:
    """A repeated Park names the parked party, or the view of the party that parked it."""

    @pytest.mark.parametrize(
        ("named", "asker"),
        [("00", "@self"), ("01", "@self"), ("01", BOB), ("00", BOB), ("01", ALICE)],
        ids=[
            "the waiting",
            "the parker's",
            "the parker's, by the parker",
            "the waiting, by the parker",
            "by the waiting",
        ],
    )
    def test_a_retry_changes_nothing(self, named: str, asker: str) -> None:
        call = parked()
        action = on(Park, named, extension=asker, position=9, max_in_parking=600)
        assert done(call, action) is call
        assert refused(call, action, rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_a_retry_while_a_phone_rings_to_retrieve(self) -> None:
        call = retrieving(CAROL)
        assert done(call, on(Park, "01", extension=BOB)) is call

    def test_a_view_that_ended_without_parking_is_not_named_by_a_request(self) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"))
        assert refused(call, on(Park, "01")).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_view_that_ended_beside_the_parked_one_is_none_of_its_parkers(self) -> None:
        call = done(retrieving(CAROL), on(HungUp, "02"))
        assert refused(call, on(Park, "02")).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_view_of_the_parkers_number_on_another_side_is_not_the_parker(self) -> None:
        call = call_of(*parked().views, view("02", BOB, ENDED, side=0))
        assert refused(call, on(Park, "02")).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_supervisor_that_left_has_parked_nobody(self) -> None:
        call = call_of(*parked().views, view("02", BOB, ENDED, role=MONITOR))
        assert refused(call, on(Park, "02", extension=BOB)).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_broken_field_of_a_repeat_is_refused(self) -> None:
        assert refused(parked(), on(Park, max_in_parking=9)).code is ErrorCode.MAX_IN_PARKING_INVALID


class TestRetrieving:
    def test_a_phone_rings_on_the_side_of_the_parker(self) -> None:
        call = done(parked(), on(UnPark, "00", send_call_to=CAROL, caller_id="Front desk", wait_for_pickup="40"))
        leg = seen(call, "02")
        assert (leg.extension, leg.state, leg.side, leg.listed) == (CAROL, RINGING, 1, True)
        assert (leg.ringing, leg.until, leg.caller_id) == (at(20), at(60), "Front desk")
        assert (leg.source, leg.destination, leg.flow) == ((ALICE,), (CAROL,), Flow.LOCAL)
        assert seen(call, "00") == seen(parked(), "00")

    def test_a_phone_rings_for_25_seconds_unless_something_else_is_said(self) -> None:
        assert seen(done(parked(), on(UnPark)), "02").until == at(45)

    def test_the_parker_may_retrieve_whom_it_parked(self) -> None:
        leg = seen(done(parked(), on(UnPark, "00", send_call_to=BOB, extension=BOB)), "02")
        assert (leg.extension, leg.side) == (BOB, 1)

    def test_a_party_outside_is_retrieved_as_an_incoming_call(self) -> None:
        leg = seen(done(incoming(), on(Park, "01"), on(UnPark, "00", send_call_to=CAROL)), "02")
        assert (leg.source, leg.destination, leg.flow) == ((OUTSIDE,), (CAROL,), Flow.INCOMING)

    def test_the_party_keeps_its_dates(self) -> None:
        alice = seen(done(retrieving(CAROL), on(Answered, "02")), "00")
        assert (alice.answered, alice.state, alice.parking) == (at(5), CONNECTED, None)

    def test_a_phone_that_rings_for_it_already_is_not_rung_twice(self) -> None:
        call = retrieving(CAROL)
        assert done(call, on(UnPark, "00", send_call_to=CAROL, wait_for_pickup=99)) is call
        assert refused(call, on(UnPark, "00", send_call_to=CAROL), rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_several_phones_may_ring_for_it(self) -> None:
        assert states(done(retrieving(CAROL), on(UnPark, "00", send_call_to=DAVE))) == (PARKED, ENDED, RINGING, RINGING)

    def test_the_view_of_the_parker_means_the_party_that_it_parked(self) -> None:
        """The vendor's examples name one view in a row: park it, then retrieve it."""
        call = done(connected(), on(Park, "00", extension=ALICE))
        leg = seen(done(call, on(UnPark, "00", send_call_to=CAROL)), "02")
        assert (leg.state, leg.side, leg.source) == (RINGING, 0, (BOB,))

    def test_the_view_of_another_who_left_means_nobody(self) -> None:
        call = call_of(*parked().views, view("02", CAROL, ENDED, side=0))
        assert refused(call, on(UnPark, "02")).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_colleague_may_ask(self) -> None:
        assert states(done(parked(), on(UnPark, "00", extension=DAVE, send_call_to=DAVE)))[2] is RINGING

    @pytest.mark.parametrize("named", ["00", "01"])
    def test_a_retry_after_the_answer_changes_nothing(self, named: str) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"))
        assert done(call, on(UnPark, named, send_call_to=CAROL)) is call
        assert refused(call, on(UnPark, named, send_call_to=CAROL), rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_a_retry_may_name_a_party_that_is_unlisted_again(self) -> None:
        call = done(incoming(), on(Park, "01"), on(UnPark, "00", send_call_to=CAROL), on(Answered, "02"))
        assert done(call, on(UnPark, "00", send_call_to=CAROL)) is call
        strict = refused(call, on(UnPark, "00", send_call_to=CAROL), rules=STRICT)
        assert (strict.code, strict.state) == (ErrorCode.WRONG_STATE, None)
        assert refused(call, on(UnPark, "00", send_call_to=DAVE)).code is ErrorCode.PHONECALLVIEW_INVALID

    @pytest.mark.parametrize("named", ["00", "01"])
    def test_another_phone_does_not_retrieve_a_party_that_is_retrieved(self, named: str) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"))
        refusal = refused(call, on(UnPark, named, send_call_to=DAVE))
        assert (refusal.code, refusal.view_id) == (ErrorCode.WRONG_STATE, "00")

    def test_a_party_that_was_never_parked_was_not_retrieved(self) -> None:
        assert refused(connected(), on(UnPark, "00", send_call_to=BOB)).code is ErrorCode.WRONG_STATE
        came_later = done(
            retrieving(CAROL), on(Answered, "02"), on(Transfer, None, transfer_from_number=ALICE), on(Answered, "03")
        )
        later = changed(came_later, "03", answered=at(30))
        assert refused(later, on(UnPark, "03", send_call_to=CAROL)).code is ErrorCode.WRONG_STATE

    def test_a_mailbox_has_not_retrieved_it(self) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"), on(TransferToVoicemail, "00", send_call_to=DAVE))
        assert refused(call, on(UnPark, "00", send_call_to=DAVE)).code is ErrorCode.WRONG_STATE

    def test_a_party_that_was_read_without_a_date_of_answer_was_retrieved(self) -> None:
        call = done(changed(parked(), "00", answered=None), on(UnPark, "00", send_call_to=CAROL), on(Answered, "02"))
        assert seen(call, "00").answered == at(20)
        assert done(call, on(UnPark, "00", send_call_to=CAROL), now=at(21)) is call

    def test_the_phone_shows_the_caller_id_that_the_parker_saw(self) -> None:
        call = changed(parked(), "01", caller_id="John <3334444>")
        assert seen(done(call, on(UnPark, "00")), "02").caller_id == "John <3334444>"
        assert seen(done(call, on(UnPark, "00", caller_id="Me <1>")), "02").caller_id == "Me <1>"

    def test_a_party_that_was_retrieved_is_not_parked(self) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"))
        refusal = refused(call, on(UnPark, "00"))
        assert (refusal.code, refusal.state) == (ErrorCode.WRONG_STATE, CONNECTED)

    def test_whoever_retrieved_may_park_again(self) -> None:
        call = done(retrieving(CAROL), on(Answered, "02"), on(Park, "00"))
        place = seen(call, "00").parking
        assert place is not None
        assert (place.by, place.side) == (CAROL, 1)


def test_one_of_a_former_conference_may_park_the_other() -> None:
    """Two sides are left, 1 and 2; who retrieves stands on the side of the parker."""
    call = done(conference(), on(HungUp, "00"), on(Park, "01"), on(UnPark, "01"), on(Answered, "03"))
    assert (states(call), seen(call, "03").side) == ((ENDED, CONNECTED, ENDED, CONNECTED), 2)


def test_the_parked_party_may_be_recorded_no_more_but_stopped() -> None:
    call = changed(parked(), "00", recording=Recording(since=at(6)))
    assert refused(parked(), on(StartRecording)).code is ErrorCode.WRONG_STATE
    assert seen(done(call, on(StopRecording)), "00").recording is None


def test_hanging_up_ends_the_parking() -> None:
    alice = seen(done(parked(), on(HangUp, "00")), "00")
    assert (alice.state, alice.parking, alice.disposition) == (ENDED, None, Disposition.ANSWERED)
