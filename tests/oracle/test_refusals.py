"""Examples of what a refusal tells, of the order of the checks, and of what is allowed."""

from callstate.domain import (
    MONITOR,
    Answered,
    BargeIn,
    Check,
    ErrorCode,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    UnPark,
    Whisper,
)
from tests.oracle.answers import Refusal
from tests.oracle.conftest import Begin
from tests.oracle.starts import ALICE, BOB, CAROL, DAVE, OUTSIDE, STARTS, T0, call, callee, caller, on_call, seconds

TALK = on_call(ALICE, BOB)
JOINS = {"BargeIn", "Whisper", "Monitor"}
SENDS = {"Transfer", "TransferToVoicemail"}


def test_a_stranger_learns_nothing(begin: Begin) -> None:
    refusal = begin(TALK).refusal(OnHold, "00", extension=DAVE)
    assert refusal == Refusal(ErrorCode.EXTENSION_INVALID, "extension", DAVE, None, None, (), Check.EXTENSION)
    refusal = begin(TALK).refusal(OnHold, "00", call_id="other")
    assert refusal == Refusal(ErrorCode.PHONECALL_INVALID, "phoneCallId", "other", None, None, (), Check.CALL)


def test_of_a_call_that_is_over_nothing_is_told(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HangUp)
    refusal = example.refusal(OnHold, "00", extension=DAVE)
    assert (refusal.code, refusal.view_id, refusal.state, refusal.allowed) == (ErrorCode.CALL_ENDED, None, None, ())


def test_the_state_of_an_unlisted_view_is_never_told(begin: Begin) -> None:
    refusal = begin(on_call(ALICE, OUTSIDE)).refusal(OnHold, "01")
    assert (refusal.code, refusal.state, refusal.allowed) == (ErrorCode.PHONECALLVIEW_INVALID, None, ())
    assert begin(on_call(ALICE, OUTSIDE)).refusal(Answered, "77").state is None


def test_a_wrong_state_is_told_with_what_is_allowed(begin: Begin) -> None:
    refusal = begin(TALK).refusal(UnPark, "00", send_call_to=CAROL)
    assert (refusal.code, refusal.view_id, refusal.state) == (ErrorCode.WRONG_STATE, "00", "CONNECTED")
    assert set(refusal.allowed) == {"OnHold", "Park", *JOINS, *SENDS, "StartRecording", "HangUp"}


def test_the_checks_come_in_their_order(begin: Begin) -> None:
    example = begin(TALK)
    wrong = {"extension": DAVE, "send_call_to": "", "wait_for_pickup": 0, "caller_id": "ü"}
    assert example.refused(BargeIn, "77", call_id="other", **wrong) is ErrorCode.PHONECALL_INVALID
    assert example.refused(BargeIn, "77", **wrong | {"extension": OUTSIDE}) is ErrorCode.EXTENSION_INVALID
    assert example.refused(BargeIn, "77", **wrong) is ErrorCode.PHONECALLVIEW_INVALID
    assert example.refused(BargeIn, "00", **wrong) is ErrorCode.SEND_CALL_TO_INVALID
    assert example.refused(BargeIn, "00", **wrong | {"send_call_to": BOB}) is ErrorCode.CALLER_ID_INVALID
    right = {"send_call_to": BOB, "caller_id": "A"}
    assert example.refused(BargeIn, "00", **wrong | right) is ErrorCode.WAIT_FOR_PICKUP_INVALID
    assert example.refused(Whisper, "00", send_call_to=BOB, private=2) is ErrorCode.PRIVATE_INVALID
    assert example.refused(BargeIn, "00", send_call_to=BOB) is ErrorCode.SEND_CALL_TO_INVALID


def test_a_position_is_asked_for_after_the_state(begin: Begin) -> None:
    assert begin(STARTS["local, ringing"]).refused(Park, "00", position=None) is ErrorCode.WRONG_STATE
    assert begin(TALK).refused(Park, "00", position=None) is ErrorCode.PARKING_FULL


def test_a_caller_id_is_no_longer_than_255_characters(begin: Begin) -> None:
    begin(TALK).do(Monitor, "00", send_call_to=CAROL, caller_id="9" * 255)
    code = begin(TALK).refused(Monitor, "00", send_call_to=CAROL, caller_id="9" * 256)
    assert code is ErrorCode.CALLER_ID_INVALID


def test_of_a_party_in_the_call_repeats_are_not_offered(begin: Begin) -> None:
    example = begin(TALK)
    assert example.allowed("00") == {"OnHold", "Park", *JOINS, *SENDS, "StartRecording", "HangUp"}
    example.do(OnHold, "00")
    assert example.allowed("00") == {"OffHold", "Park", "Monitor", *SENDS, "StartRecording", "HangUp"}


def test_a_recording_that_runs_is_not_started_again(begin: Begin) -> None:
    recorded = caller(ALICE, answered=T0, recording=Recording(since=T0))
    example = begin(call(recorded, callee(BOB, answered=T0), answered=T0))
    assert example.allowed("00") == {"OnHold", "Park", *JOINS, *SENDS, "StopRecording", "HangUp"}
    example.repeat(StartRecording, "00")
    assert example.refused(StartRecording, "00", format="wav49") is ErrorCode.RECORDING_IN_PROGRESS
    example.do(StopRecording, "00")
    example.repeat(StopRecording, "00")


def test_of_a_phone_that_rings_its_own_deflection_is_allowed(begin: Begin) -> None:
    example = begin(STARTS["local, ringing"])
    assert example.allowed("01") == {"PickUp", *SENDS, "HangUp"}
    assert example.allowed("00") == {*SENDS, "HangUp"}


def test_of_a_parked_party_it_is_allowed_to_retrieve_it(begin: Begin) -> None:
    assert begin(STARTS["parked outside"]).allowed("01") == {"UnPark", "HangUp"}


def test_nothing_is_allowed_on_a_view_that_no_request_can_name(begin: Begin) -> None:
    example = begin(STARTS["parked outside"])
    assert example.allowed("00") == example.allowed("77") == set()
    assert begin(on_call(ALICE, OUTSIDE)).allowed("01") == set()


def test_a_supervisor_can_only_be_hung_up(begin: Begin) -> None:
    listens = caller(CAROL, id="02", side=None, role=MONITOR, target="01", answered=T0)
    assert begin(call(*TALK.views, listens, answered=T0)).allowed("02") == {"HangUp"}


def test_a_call_that_must_not_be_transferred_does_not_offer_it(begin: Begin) -> None:
    assert "Transfer" not in begin(on_call(ALICE, OUTSIDE, allow_public_transfer=False)).allowed("00")


def test_in_an_unknown_state_everything_but_hang_up_is_refused(begin: Begin) -> None:
    example = begin(STARTS["unknown"])
    assert example.allowed("00") == {"HangUp"}
    for kind in (OnHold, OffHold, StopRecording, Park):
        assert example.refused(kind, "00") is ErrorCode.WRONG_STATE
    assert example.refused(PickUp, "00", send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_a_refusal_undoes_the_deadlines_that_came_first(begin: Begin) -> None:
    example = begin(STARTS["two phones rung"])
    refusal = example.refusal(Transfer, "01", at=60, send_call_to=DAVE)
    assert refusal.code is ErrorCode.CALL_ENDED
    example.do(HangUp, at=60)
    assert example.view("00").ended == seconds(20)


def test_the_action_wins_over_a_deadline_of_the_same_instant(begin: Begin) -> None:
    example = begin(STARTS["two phones rung"])
    example.do(Answered, "02", at=20)
    assert example.states == ["CONNECTED", "ENDED", "CONNECTED"]


def test_an_instant_before_the_last_change_counts_as_that(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HungUp, "01", at=-5)
    assert example.view("01").ended == T0
