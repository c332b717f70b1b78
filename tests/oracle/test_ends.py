"""Examples of how views end: reasons, dispositions, hang-ups, and what a long call carries."""

import pytest

from callstate.domain import (
    ANSWERED,
    BARGE,
    MONITOR,
    PARKED,
    RINGING,
    Answered,
    BargeIn,
    Disposition,
    EndReason,
    ErrorCode,
    HangUp,
    HungUp,
    Monitor,
    OnHold,
    Park,
    Rang,
    Transfer,
    TransferToVoicemail,
    UnPark,
)
from tests.oracle.conftest import Begin
from tests.oracle.starts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    GUESTS,
    OUTSIDE,
    STARTS,
    T0,
    call,
    callee,
    caller,
    left,
    long_call,
    on_call,
    parking,
    seconds,
)

TALK = on_call(ALICE, BOB)
FORK = STARTS["two phones rung"]


def test_who_hangs_up_and_who_is_left(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HungUp, "01")
    assert example.reasons == ["OTHER_LEFT", "HUNG_UP"]


def test_everybody_hung_up_if_the_whole_call_was(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HangUp)
    assert example.reasons == ["HUNG_UP", "HUNG_UP"]


@pytest.mark.parametrize("told", [Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED])
def test_a_phone_that_never_answered_rejects_and_its_caller_is_told(begin: Begin, told: Disposition) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(HungUp, "01", disposition=told)
    assert example.reasons == ["OTHER_LEFT", "REJECTED"]
    assert [view.disposition for view in example.call.views] == [told, told]


def test_no_answer_told_by_the_network_is_the_reason(begin: Begin) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(HungUp, "01", disposition=Disposition.NO_ANSWER)
    assert example.reasons == ["OTHER_LEFT", "NO_ANSWER"]


def test_answered_told_of_a_phone_that_never_was_is_not_believed(begin: Begin) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(HungUp, "01", disposition=Disposition.ANSWERED)
    assert (example.view("01").disposition, example.view("01").reason) == (Disposition.NO_ANSWER, EndReason.HUNG_UP)


def test_a_phone_that_rang_in_vain_and_the_caller(begin: Begin) -> None:
    example = begin(STARTS["local, ringing"])
    example.advance(25)
    assert example.reasons == ["OTHER_LEFT", "NO_ANSWER"]


def test_a_phone_of_a_fork_whose_call_was_answered_elsewhere(begin: Begin) -> None:
    example = begin(FORK)
    example.do(Answered, "01")
    assert example.reasons == [None, None, "ANSWERED_ELSEWHERE"]
    assert example.view("02").disposition is Disposition.NO_ANSWER


def test_the_limit_of_the_call(begin: Begin) -> None:
    example = begin(on_call(ALICE, BOB, ends_by=seconds(60)))
    example.advance(60)
    assert example.reasons == ["LIMIT", "LIMIT"]
    assert example.call.ends_by is None


def test_a_parker_and_a_supervisor_whose_target_was_parked(begin: Begin) -> None:
    listening = caller(CAROL, id="02", side=None, role=MONITOR, target="01", answered=T0)
    example = begin(call(*TALK.views, listening, answered=T0))
    example.do(Park, "01")
    assert example.reasons == ["PARKED", None, "TARGET_LEFT"]
    assert example.view("00").disposition is Disposition.ANSWERED


def test_a_transferor_keeps_the_id_of_the_leg_in_its_place(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, transfer_from_number=ALICE, send_call_to=CAROL)
    assert (example.view("00").reason, example.view("00").successor) == (EndReason.TRANSFERRED, "02")
    example = begin(FORK)
    example.do(TransferToVoicemail, transfer_from_number=BOB, send_call_to=BOB)
    assert (example.view("01").reason, example.view("01").successor) == (EndReason.DEFLECTED, "03")


# Hanging up.


@pytest.mark.parametrize("role", [MONITOR, BARGE])
def test_who_joined_leaves_alone(begin: Begin, role: str) -> None:
    place = {"side": 2} if role is BARGE else {"side": None, "target": "01"}
    joined = caller(CAROL, id="02", role=role, answered=T0, **place)
    example = begin(call(*TALK.views, joined, answered=T0))
    example.do(HangUp, extension=CAROL)
    assert example.states == ["CONNECTED", "CONNECTED", "ENDED"]
    example.repeat(HangUp, extension=CAROL)


def test_a_party_that_is_up_ends_the_call(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HangUp, extension=BOB)
    assert example.call.over


def test_a_phone_of_a_fork_declines_for_itself_unless_it_pays(begin: Begin) -> None:
    example = begin(FORK)
    example.do(HangUp, extension=BOB)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]
    pays = call(*FORK.views, extension=BOB)
    example = begin(pays)
    example.do(HangUp, extension=BOB)
    assert example.call.over


def test_a_ring_back_that_declines_keeps_the_customer_even_if_the_parker_pays(begin: Begin) -> None:
    example = begin(STARTS["parked outside"])
    example.advance(30)
    assert example.states == ["ENDED", "PARKED", "RINGING"]
    example.do(HangUp, at=31, extension=ALICE)
    assert example.states == ["ENDED", "PARKED", "ENDED"]
    example.repeat(HangUp, extension=ALICE)


def test_a_parker_without_a_phone_in_the_call_ends_it(begin: Begin) -> None:
    example = begin(STARTS["parked outside"])
    example.do(HangUp, extension=ALICE)
    assert example.call.over
    assert example.view("01").reason is EndReason.HUNG_UP


def test_who_pays_ends_the_call_without_taking_part(begin: Begin) -> None:
    example = begin(on_call(ALICE, BOB, extension=ERIN))
    example.do(HangUp, extension=ERIN)
    assert example.call.over


def test_a_stranger_hangs_up_nothing(begin: Begin) -> None:
    assert begin(TALK).refused(HangUp, extension=DAVE) is ErrorCode.EXTENSION_INVALID


def test_a_number_counts_before_a_view_and_one_that_is_not_there_is_a_repeat(begin: Begin) -> None:
    example = begin(on_call(ALICE, OUTSIDE))
    example.repeat(HangUp, "77", phone_number=BOB)
    example.do(HangUp, "77", phone_number=OUTSIDE)
    assert example.reasons == ["OTHER_LEFT", "HUNG_UP"]


def test_a_strict_hang_up_of_a_number_that_is_not_there_names_it(begin: Begin) -> None:
    refusal = begin(TALK, strict=True).refusal(HangUp, phone_number=CAROL)
    assert (refusal.code, refusal.parameter, refusal.value) == (ErrorCode.WRONG_STATE, "phoneNumber", CAROL)


def test_a_mailbox_is_no_phone_that_a_number_could_hang_up(begin: Begin) -> None:
    example = begin(TALK)
    example.do(TransferToVoicemail, transfer_from_number=ALICE, send_call_to=CAROL)
    example.repeat(HangUp, phone_number=CAROL)
    assert example.states == ["ENDED", "CONNECTED", "CONNECTED"]


def test_a_hang_up_of_a_call_that_is_over(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HangUp)
    example.repeat(HangUp, "00")
    assert example.refused(OnHold, "00") is ErrorCode.CALL_ENDED
    strict = begin(TALK, strict=True)
    strict.do(HangUp)
    assert strict.refused(HangUp) is ErrorCode.CALL_ENDED


# What a long call carries.


def test_of_eleven_who_have_left_the_first_is_dropped(begin: Begin) -> None:
    example = begin(long_call())
    example.do(Monitor, "00", send_call_to=CAROL)
    example.do(HungUp, "12")
    assert [view.id for view in example.call.views] == ["00", "01", *(f"{place:02}" for place in range(3, 13))]
    assert example.call.forgotten == 1


def test_whom_a_call_carries_no_longer_has_left(begin: Begin) -> None:
    example = begin(long_call())
    example.do(Monitor, "00", send_call_to=CAROL)
    example.do(HungUp, "12")
    example.repeat(Rang, "02")
    example.repeat(HangUp, "02")
    assert example.refused(OnHold, "02") is ErrorCode.PHONECALLVIEW_INVALID
    assert example.refused(HangUp, "13") is ErrorCode.PHONECALLVIEW_INVALID
    strict = begin(example.call, strict=True)
    assert strict.refused(HangUp, "02") is ErrorCode.WRONG_STATE


def test_those_who_leave_together_are_told_before_they_are_dropped(begin: Begin) -> None:
    example = begin(long_call())
    example.do(HangUp)
    assert len(example.call.views) == 10
    assert example.call.forgotten == 2
    assert [view.id for view in example.call.views[:2]] == ["00", "01"]


def test_a_parker_and_a_transferor_stay_in_the_call(begin: Begin) -> None:
    long = long_call()
    gone = caller(DAVE, **left(reason=EndReason.PARKED, ended=seconds(-500)))
    waiting = callee(OUTSIDE, state=PARKED, parking=parking(by=DAVE), answered=T0)
    example = begin(call(gone, waiting, *long.views[2:], answered=T0))
    example.do(UnPark, "01", send_call_to=CAROL)
    example.do(HungUp, "12")
    assert [view.id for view in example.call.views[:3]] == ["00", "01", "04"]
    assert example.call.forgotten == 2
    sent = caller(ALICE, **left(reason=EndReason.TRANSFERRED, successor="12", ended=seconds(-500)))
    example = begin(
        call(sent, callee(BOB, state=ANSWERED, answered=T0), *long.views[2:], caller(CAROL, id="12", state=RINGING))
    )
    example.do(Answered, "12")
    assert [view.id for view in example.call.views[:3]] == ["00", "01", "03"]


def test_the_phones_of_a_large_fork_are_dropped_one_step_after_their_end(begin: Begin) -> None:
    rung = [callee(number, id=f"{place + 1:02}", state=RINGING) for place, number in enumerate(GUESTS[:13])]
    example = begin(call(caller(ALICE, state=ANSWERED, answered=T0), *rung))
    example.do(Answered, "01")
    assert (len(example.call.views), example.call.forgotten) == (14, 0)
    example.do(OnHold, "01")
    assert (len(example.call.views), example.call.forgotten) == (12, 2)
    assert [view.id for view in example.call.views[:3]] == ["00", "01", "04"]


def test_ids_and_sides_are_never_given_twice(begin: Begin) -> None:
    early = {"ended": seconds(-500), "answered": seconds(-600)}
    last = caller(DAVE, id="20", side=None, role=MONITOR, **left(**early))
    guest = caller(ERIN, id="12", side=7, role=BARGE, **left(**early))
    example = begin(call(*long_call().views, guest, last, answered=T0))
    example.do(OnHold, "00")
    assert example.call.forgotten == 2
    assert {"12", "20"} <= {view.id for view in example.call.views}
    example.do(BargeIn, "01", send_call_to=CAROL)
    example.do(Answered, "21")
    assert example.view("21").side == 8
