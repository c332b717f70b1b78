"""Examples of transfers and deflections."""

from typing import Any

import pytest

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    OFF_HOOK,
    RINGING,
    TRYING,
    VOICEMAIL,
    Answered,
    Disposition,
    EndReason,
    ErrorCode,
    Flow,
    HungUp,
    Numbering,
    OnHold,
    PhoneCall,
    PickUp,
    Rang,
    Transfer,
    TransferToVoicemail,
)
from tests.oracle.conftest import Begin
from tests.oracle.starts import (
    ABROAD,
    ALICE,
    BOB,
    CAROL,
    DAVE,
    EMERGENCY,
    ERIN,
    NUMBERINGS,
    OUTSIDE,
    STARTS,
    T0,
    call,
    callee,
    caller,
    on_call,
    seconds,
)

TALK = on_call(ALICE, BOB)
FORK = STARTS["two phones rung"]
CUSTOMER = on_call(ALICE, OUTSIDE)
SENT = ["ENDED", "ANSWERED", "RINGING"]


# Who is who.


def test_the_party_of_a_view_is_sent(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, "01", send_call_to=CAROL)
    assert example.states == SENT


@pytest.mark.parametrize("talk", [TALK, CUSTOMER])
def test_the_askers_own_view_is_that_of_the_transferor(begin: Begin, talk: PhoneCall) -> None:
    example = begin(talk)
    example.do(Transfer, "00", extension=ALICE, send_call_to=CAROL)
    assert example.states == SENT
    example.repeat(Transfer, "00", extension=ALICE, send_call_to=CAROL)


def test_an_outside_party_is_the_transferor_only_if_a_number_says_so(begin: Begin) -> None:
    example = begin(CUSTOMER)
    example.do(Transfer, "00", send_call_to=CAROL)
    assert example.states == SENT
    example = begin(CUSTOMER)
    example.do(Transfer, transfer_from_number=OUTSIDE, send_call_to=CAROL)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]


def test_a_retry_finds_the_outside_phone_that_the_party_was_sent_to(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, "01", send_call_to=OUTSIDE)
    assert example.states == ["ENDED", "ANSWERED", "TRYING"]
    example.repeat(Transfer, "01", send_call_to=OUTSIDE)
    example.do(Answered, "02")
    example.repeat(Transfer, "01", send_call_to=OUTSIDE)
    example.do(Transfer, "01", send_call_to=CAROL)
    assert example.states == ["ENDED", "ENDED", "ANSWERED", "RINGING"]


def test_two_outside_parties_are_not_told_apart_by_a_view(begin: Begin) -> None:
    outside = call(caller(OUTSIDE), callee(ABROAD))
    assert begin(outside).refused(Transfer, "00", send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_numbers_count_before_the_view_and_the_asker(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, "00", extension=ALICE, transfer_number=ALICE, send_call_to=CAROL)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]


def test_without_a_view_the_asker_is_the_transferor(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, extension=BOB, send_call_to=CAROL)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]
    assert begin(TALK).refused(Transfer, send_call_to=CAROL) is ErrorCode.TRANSFER_NUMBER_INVALID


def test_numbers_of_nobody_of_one_end_or_twice_the_same_are_refused(begin: Begin) -> None:
    for numbers in ({"transfer_number": DAVE}, {"transfer_from_number": DAVE}, {"transfer_from_number": "x"}):
        assert begin(TALK).refused(Transfer, send_call_to=CAROL, **numbers) is ErrorCode.TRANSFER_NUMBER_INVALID
    same = {"transfer_number": ALICE, "transfer_from_number": ALICE}
    assert begin(TALK).refused(Transfer, send_call_to=CAROL, **same) is ErrorCode.TRANSFER_NUMBER_INVALID


def test_a_transferor_of_no_party_makes_no_repeat(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, "01", send_call_to=CAROL)
    example.do(Answered, "02")
    example.repeat(Transfer, transfer_number=BOB, send_call_to=CAROL)
    code = example.refused(Transfer, transfer_number=BOB, transfer_from_number=DAVE, send_call_to=CAROL)
    assert code is ErrorCode.SEND_CALL_TO_INVALID


def test_only_the_transferor_by_this_very_transfer_may_ask_again(begin: Begin) -> None:
    example = begin(FORK)
    example.do(Answered, "01")
    example.do(Transfer, transfer_from_number=BOB, send_call_to=DAVE)
    example.repeat(Transfer, extension=BOB, send_call_to=DAVE)
    example.repeat(Transfer, "01", send_call_to=DAVE)
    assert example.refused(Transfer, extension=CAROL, send_call_to=DAVE) is ErrorCode.EXTENSION_INVALID
    assert example.refused(Transfer, "02", send_call_to=DAVE) is ErrorCode.PHONECALLVIEW_INVALID
    assert example.refused(Transfer, "01", send_call_to=ERIN) is ErrorCode.PHONECALLVIEW_INVALID
    code = example.refused(Transfer, transfer_from_number=CAROL, send_call_to=DAVE)
    assert code is ErrorCode.SEND_CALL_TO_INVALID


def test_a_transferor_is_known_as_long_as_the_leg_in_its_place_lives(begin: Begin) -> None:
    example = begin(on_call(ALICE, BOB, extension=ERIN))
    example.do(Transfer, extension=ALICE, send_call_to=CAROL)
    example.do(PickUp, "02", send_call_to=DAVE)
    example.do(HungUp, "02")
    assert example.refused(Transfer, extension=ALICE, send_call_to=CAROL) is ErrorCode.EXTENSION_INVALID


# The leg that comes.


def test_a_leg_of_a_transfer_rings_as_long_as_the_call_says_and_shows_who_calls(begin: Begin) -> None:
    shown = caller(ALICE, answered=T0, caller_id="John <1>")
    talk = call(shown, callee(BOB, answered=T0), wait_for_pickup=40)
    example = begin(talk)
    example.do(Transfer, transfer_from_number=ALICE, send_call_to=CAROL, at=10)
    leg = example.view("02")
    assert (leg.until, leg.caller_id, leg.side, leg.flow) == (seconds(50), "John <1>", 0, Flow.LOCAL)
    assert (leg.source, leg.destination) == ((BOB,), (CAROL,))


def test_an_outside_leg_has_a_limit_that_starts_again_when_it_rings(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, transfer_from_number=ALICE, send_call_to=OUTSIDE, at=10)
    leg = example.view("02")
    assert (leg.state, leg.until, leg.listed, leg.outside) == (TRYING, seconds(35), False, True)
    example.do(Rang, "02", at=30)
    assert example.view("02").until == seconds(55)
    example.advance(55)
    assert example.call.over


def test_the_numbering_tells_what_is_outside(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Transfer, transfer_from_number=ALICE, send_call_to=EMERGENCY)
    assert not example.view("02").outside
    example = begin(TALK, numbering=NUMBERINGS["directory"])
    example.do(Transfer, transfer_from_number=ALICE, send_call_to=EMERGENCY)
    assert (example.view("02").outside, example.view("02").flow) == (True, Flow.OUTGOING)
    four = Numbering(pattern="[0-9]{4}")
    assert begin(TALK, numbering=four).refused(PickUp, "00", send_call_to=CAROL) is ErrorCode.SEND_CALL_TO_INVALID


def test_a_mailbox_is_connected_immediately_and_unlisted(begin: Begin) -> None:
    example = begin(TALK)
    example.do(OnHold, "01")
    example.do(TransferToVoicemail, transfer_from_number=ALICE, send_call_to=ALICE)
    mailbox = example.view("02")
    assert (mailbox.role, mailbox.state, mailbox.listed) == (VOICEMAIL, CONNECTED, False)
    assert example.states == ["ENDED", "CONNECTED", "CONNECTED"]
    example.repeat(TransferToVoicemail, extension=ALICE, send_call_to=ALICE)


def test_a_call_made_outside_that_must_not_be_transferred_refuses_every_transfer(begin: Begin) -> None:
    made = on_call(ALICE, OUTSIDE, allow_public_transfer=False)
    for number in (CAROL, ABROAD):
        code = begin(made).refused(Transfer, extension=ALICE, send_call_to=number)
        assert code is ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED
    begin(made).do(TransferToVoicemail, extension=ALICE, send_call_to=CAROL)
    rings = call(caller(ALICE, state=RINGING), callee(OUTSIDE, state=ANSWERED), allow_public_transfer=False)
    assert begin(rings).refused(Transfer, extension=ALICE, send_call_to=CAROL) is ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED


# Deflection.


@pytest.mark.parametrize("state", [OFF_HOOK, TRYING, ANSWERED])
def test_a_phone_that_rings_sends_the_call_on_and_the_caller_keeps_its_state(begin: Begin, state: str) -> None:
    example = begin(call(caller(ALICE, state=state), callee(BOB, state=RINGING, caller_id="A")))
    example.do(Transfer, extension=BOB, send_call_to=CAROL)
    assert example.states == [state, "ENDED", "RINGING"]
    rung = example.view("01")
    assert (rung.reason, rung.disposition, rung.successor) == (EndReason.DEFLECTED, Disposition.NO_ANSWER, "02")
    assert (example.view("02").side, example.view("02").caller_id) == (1, "A")
    example.repeat(Transfer, extension=BOB, send_call_to=CAROL)
    example.repeat(Transfer, "01", extension=BOB, send_call_to=CAROL)


def test_other_phones_of_the_fork_ring_on(begin: Begin) -> None:
    example = begin(FORK)
    example.do(Transfer, transfer_from_number=BOB, send_call_to=DAVE)
    assert example.states == ["ANSWERED", "ENDED", "RINGING", "RINGING"]
    example.repeat(Transfer, transfer_from_number=BOB, send_call_to=DAVE)
    example.repeat(Transfer, "01", send_call_to=DAVE)
    example.repeat(Transfer, extension=BOB, send_call_to=DAVE)
    example.do(Answered, "03")
    assert example.reasons == [None, "DEFLECTED", "ANSWERED_ELSEWHERE", None]


def test_of_several_phones_that_ring_the_transferor_must_be_told(begin: Begin) -> None:
    code = begin(FORK).refused(Transfer, transfer_number=OUTSIDE, send_call_to=DAVE)
    assert code is ErrorCode.TRANSFER_NUMBER_INVALID
    ways: tuple[dict[str, Any], ...] = ({"extension": CAROL}, {"transfer_from_number": CAROL})  # Any: fields
    for told in ways:
        example = begin(FORK)
        example.do(Transfer, transfer_number=OUTSIDE, send_call_to=DAVE, **told)
        assert example.reasons[:3] == [None, None, "DEFLECTED"]
    example = begin(FORK)
    example.do(Transfer, "02", send_call_to=DAVE)
    assert example.reasons[:3] == [None, None, "DEFLECTED"]


def test_one_phone_that_rings_need_not_be_told(begin: Begin) -> None:
    example = begin(STARTS["incoming, ringing"])
    example.do(Transfer, transfer_number=ABROAD, send_call_to=CAROL)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]


def test_a_mailbox_answers_immediately_and_ends_the_other_phones(begin: Begin) -> None:
    example = begin(FORK)
    example.do(TransferToVoicemail, extension=BOB, send_call_to=BOB, at=4)
    assert example.states == ["CONNECTED", "ENDED", "ENDED", "CONNECTED"]
    assert example.reasons == [None, "DEFLECTED", "ANSWERED_ELSEWHERE", None]
    assert example.call.answered == seconds(4)


def test_a_mailbox_answers_a_caller_that_dials_itself(begin: Begin) -> None:
    example = begin(call(caller(ALICE, state=TRYING), callee(BOB, state=RINGING)))
    example.do(TransferToVoicemail, extension=BOB, send_call_to=BOB, at=4)
    assert example.states == ["CONNECTED", "ENDED", "CONNECTED"]
    assert example.view("00").answered == seconds(4)


def test_a_source_that_rings_while_its_destinations_wait_cannot_be_deflected(begin: Begin) -> None:
    code = begin(STARTS["two sources"]).refused(Transfer, extension=ALICE, send_call_to=DAVE)
    assert code is ErrorCode.WRONG_STATE


def test_a_ring_back_cannot_be_deflected(begin: Begin) -> None:
    example = begin(STARTS["parked outside"])
    example.advance(30)
    assert example.refused(Transfer, at=31, extension=ALICE, send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_a_caller_cannot_be_deflected_by_the_party_that_is_up(begin: Begin) -> None:
    code = begin(STARTS["local, ringing"]).refused(Transfer, extension=ALICE, send_call_to=CAROL)
    assert code is ErrorCode.WRONG_STATE


def test_a_deflected_leg_that_does_not_answer_ends_the_call(begin: Begin) -> None:
    example = begin(STARTS["local, ringing"])
    example.do(Transfer, extension=BOB, send_call_to=CAROL, at=5)
    example.advance(30)
    assert example.reasons == ["OTHER_LEFT", "DEFLECTED", "NO_ANSWER"]


def test_a_phone_that_is_in_the_call_is_no_target(begin: Begin) -> None:
    assert begin(FORK).refused(Transfer, extension=BOB, send_call_to=CAROL) is ErrorCode.SEND_CALL_TO_INVALID
    begin(FORK).do(TransferToVoicemail, extension=BOB, send_call_to=CAROL)
