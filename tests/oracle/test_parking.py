"""Examples of the parking lot."""

from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    MONITOR,
    RINGING,
    VOICEMAIL,
    Answered,
    ErrorCode,
    HungUp,
    Park,
    PickUp,
    Transfer,
    UnPark,
)
from tests.oracle.conftest import Begin
from tests.oracle.starts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    OUTSIDE,
    STARTS,
    T0,
    call,
    callee,
    caller,
    left,
    lot,
    on_call,
    seconds,
)


def test_a_public_party_with_three_digits_never_parks(begin: Begin) -> None:
    example = begin(STARTS["emergency call"])
    example.do(Park, "00")
    assert example.states == ["ENDED", "PARKED"]
    parked = example.view("01")
    assert parked.listed
    assert parked.parking is not None
    assert (parked.parking.by, parked.parking.side) == (ALICE, 0)


def test_the_other_party_waits_if_the_view_is_the_askers_own(begin: Begin) -> None:
    example = begin(on_call(ALICE, BOB))
    example.do(Park, "00", extension=ALICE)
    assert example.states == ["ENDED", "PARKED"]
    example = begin(on_call(ALICE, BOB))
    example.do(Park, "00", extension=BOB)
    assert example.states == ["PARKED", "ENDED"]


def test_two_outside_parties_cannot_park_each_other(begin: Begin) -> None:
    assert begin(call(caller(OUTSIDE), callee("0777"))).refused(Park, "00") is ErrorCode.WRONG_STATE


def test_a_park_is_repeated_by_the_view_that_waits_or_that_of_the_parker_alone(begin: Begin) -> None:
    listened = caller(ALICE, id="02", side=None, role=MONITOR, **left())
    example = begin(call(*lot(BOB).views, listened, answered=T0))
    example.repeat(Park, "01", extension=BOB)
    example.repeat(Park, "00", extension=ALICE)
    example.repeat(Park, "00", position=None)
    refusal = example.refusal(Park, "02", extension=ALICE)
    assert (refusal.code, refusal.allowed) == (ErrorCode.PHONECALLVIEW_INVALID, ())


def test_a_ring_back_cannot_park(begin: Begin) -> None:
    example = begin(STARTS["parked"])
    example.advance(30)
    assert example.refused(Park, "02", extension=ALICE) is ErrorCode.WRONG_STATE


def test_a_parker_is_rung_back_as_long_as_the_call_rings(begin: Begin) -> None:
    example = begin(lot(OUTSIDE, wait_for_pickup=40))
    example.advance(30)
    back = example.view("02")
    assert (back.extension, back.side, back.state, back.until) == (ALICE, 0, RINGING, seconds(70))


def test_a_ring_back_shows_the_caller_id_that_the_parker_saw(begin: Begin) -> None:
    parker, waiting = lot(OUTSIDE).views
    seen = caller(ALICE, **left(reason=parker.reason), caller_id="John <1>")
    example = begin(call(seen, waiting, answered=T0))
    example.advance(30)
    assert example.view("02").caller_id == "John <1>"
    example.do(UnPark, "01", at=31, send_call_to=CAROL)
    assert example.view("03").caller_id == "John <1>"
    example.do(UnPark, "01", at=32, send_call_to=DAVE, caller_id="Own")
    assert example.view("04").caller_id == "Own"


def test_a_time_out_while_a_phone_rings_there_does_not_count(begin: Begin) -> None:
    example = begin(lot(OUTSIDE))
    example.do(UnPark, "01", at=20, send_call_to=CAROL)
    example.advance(30)
    parking = example.view("01").parking
    assert parking is not None
    assert (parking.ring_backs, parking.until) == (0, seconds(60))
    assert len(example.call.views) == 3


def test_the_tenth_ring_back_starts_no_new_time(begin: Begin) -> None:
    example = begin(lot(OUTSIDE))
    example.advance(3000)
    parking = example.view("01").parking
    assert parking is not None
    assert (parking.ring_backs, parking.until) == (10, None)


def test_a_colleague_retrieves_and_a_retry_after_the_answer_is_a_repeat(begin: Begin) -> None:
    example = begin(lot(OUTSIDE))
    example.do(UnPark, "01", extension=ERIN, send_call_to=CAROL)
    example.repeat(UnPark, "01", extension=ERIN, send_call_to=CAROL)
    example.do(Answered, "02")
    assert example.states == ["ENDED", "CONNECTED", "CONNECTED"]
    assert not example.view("01").listed
    example.repeat(UnPark, "01", extension=ERIN, send_call_to=CAROL)
    assert example.refused(UnPark, "01", send_call_to=DAVE) is ErrorCode.PHONECALLVIEW_INVALID
    assert begin(example.call, strict=True).refused(UnPark, "01", send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_an_extension_that_was_retrieved_is_in_the_wrong_state_for_another_phone(begin: Begin) -> None:
    example = begin(lot(BOB))
    example.do(UnPark, "01", send_call_to=CAROL)
    example.do(Answered, "02")
    example.repeat(UnPark, "01", send_call_to=CAROL)
    assert example.refused(UnPark, "01", send_call_to=DAVE) is ErrorCode.WRONG_STATE


def test_the_view_of_the_parker_means_the_party_that_it_parked(begin: Begin) -> None:
    example = begin(lot(OUTSIDE))
    example.do(UnPark, "00", extension=ALICE, send_call_to=CAROL)
    assert (example.view("02").side, example.view("02").source) == (0, (OUTSIDE,))
    example.do(Answered, "02")
    example.repeat(UnPark, "00", extension=ALICE, send_call_to=CAROL)
    assert example.refused(UnPark, "00", send_call_to=DAVE) is ErrorCode.WRONG_STATE


def test_who_was_never_parked_is_not_retrieved(begin: Begin) -> None:
    assert begin(on_call(ALICE, BOB)).refused(UnPark, "00", send_call_to=BOB) is ErrorCode.WRONG_STATE


def test_a_retriever_that_does_not_answer_leaves_the_party_parked(begin: Begin) -> None:
    example = begin(lot(OUTSIDE))
    example.do(UnPark, "01", at=1, send_call_to=CAROL)
    example.advance(26)
    assert example.states == ["ENDED", "PARKED", "ENDED"]
    assert example.view("02").reason == "NO_ANSWER"


def test_a_guest_that_still_rings_makes_a_conference(begin: Begin) -> None:
    guests = call(caller(ERIN, answered=T0), callee(BOB, answered=T0), callee(CAROL, id="02", side=2, state=RINGING))
    assert begin(guests).refused(Park, "01") is ErrorCode.WRONG_STATE
    assert begin(guests).refused(Transfer, "01", send_call_to=DAVE) is ErrorCode.WRONG_STATE
    example = begin(guests)
    example.do(HungUp, "02")
    example.do(Park, "01", extension=BOB)
    assert example.states == ["PARKED", "ENDED", "ENDED"]


def test_a_mailbox_does_not_park_and_a_guest_that_joined_does(begin: Begin) -> None:
    mailbox = call(caller(ALICE, answered=T0), callee(BOB, role=VOICEMAIL, listed=False, answered=T0))
    assert begin(mailbox).refused(Park, "00") is ErrorCode.WRONG_STATE
    joined = call(caller(ALICE, answered=T0), callee(CAROL, role=BARGE, side=2, state=CONNECTED, answered=T0))
    begin(joined).do(Park, "01", extension=CAROL)


# PickUp.


def test_a_pick_up_is_repeated_after_its_answer_by_a_view_that_has_ended(begin: Begin) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(PickUp, "01", extension=CAROL, send_call_to=CAROL)
    example.repeat(PickUp, "01", extension=CAROL, send_call_to=CAROL)
    example.do(Answered, "02")
    assert example.states == ["CONNECTED", "ENDED", "CONNECTED"]
    example.repeat(PickUp, "01", extension=CAROL, send_call_to=CAROL)
    example.repeat(PickUp, "02", extension=CAROL, send_call_to=CAROL)
    assert example.refused(PickUp, "01", send_call_to=DAVE) is ErrorCode.PHONECALLVIEW_INVALID
    assert example.refused(PickUp, "02", send_call_to=DAVE) is ErrorCode.WRONG_STATE
    assert begin(example.call, strict=True).refused(PickUp, "01", send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_a_repeated_pick_up_with_a_broken_field_is_refused(begin: Begin) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(PickUp, "01", send_call_to=CAROL)
    example.do(Answered, "02")
    code = example.refused(PickUp, "01", send_call_to=CAROL, wait_for_pickup=0)
    assert code is ErrorCode.WAIT_FOR_PICKUP_INVALID


def test_who_picks_up_sees_who_calls(begin: Begin) -> None:
    rung = callee(BOB, state=RINGING, caller_id="John <1>", source=(OUTSIDE,), destination=(BOB,))
    example = begin(call(caller(OUTSIDE, state=ANSWERED, listed=False), rung))
    example.do(PickUp, "01", send_call_to=CAROL)
    picked = example.view("02")
    assert (picked.caller_id, picked.source, picked.destination) == ("John <1>", (OUTSIDE,), (BOB,))
