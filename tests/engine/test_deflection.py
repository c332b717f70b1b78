"""Deflection: a call is sent on, or to a mailbox, while the phone of the transferor still rings."""

from typing import Any

import pytest

from callstate import (
    Action,
    Answered,
    Disposition,
    EndReason,
    ErrorCode,
    Flow,
    HangUp,
    PhoneCall,
    PickUp,
    Rang,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    allowed_actions,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, OFF_HOOK, RINGING, TRYING, UNKNOWN, VOICEMAIL
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ELSEWHERE,
    ERIN,
    OUTSIDE,
    at,
    call_of,
    changed,
    connected,
    done,
    incoming,
    on,
    parked,
    refused,
    ringing,
    seen,
    states,
    two_sources,
    view,
)

BOTH_KINDS = pytest.mark.parametrize("kind", [Transfer, TransferToVoicemail])


def fork() -> PhoneCall:
    """Alice (00) hears the phones of Bob (01) and Carol (02) ring."""
    return call_of(*ringing().views, view("02", CAROL, RINGING, side=1), extension=ERIN)


def ask(kind: type[Action], **fields: Any) -> Action:  # Any: fields of a transfer
    return on(kind, **({"view_id": None} | fields))


@pytest.mark.parametrize("state", [OFF_HOOK, TRYING, ANSWERED])
def test_the_caller_stays_as_it_is_and_another_phone_rings(state: ViewState) -> None:
    call = done(changed(ringing(), "00", state=state), ask(Transfer, transfer_from_number=BOB))
    assert states(call) == (state, ENDED, RINGING)
    bob, dave = seen(call, "01"), seen(call, "02")
    assert (bob.reason, bob.disposition, bob.successor) == (EndReason.DEFLECTED, Disposition.NO_ANSWER, "02")
    assert (dave.extension, dave.side, dave.source, dave.until) == (DAVE, 1, (ALICE,), at(45))


@pytest.mark.parametrize("state", [OFF_HOOK, TRYING, ANSWERED])
def test_a_mailbox_takes_the_call(state: ViewState) -> None:
    call = done(changed(ringing(), "00", state=state), ask(TransferToVoicemail, transfer_from_number=BOB))
    assert states(call) == (CONNECTED, ENDED, CONNECTED)
    assert (seen(call, "02").role, seen(call, "02").listed, call.answered) == (VOICEMAIL, False, at(20))


def test_an_incoming_call_is_sent_to_an_outside_number() -> None:
    call = changed(incoming(RINGING), "01", caller_id="John <3334444>")
    leg = seen(done(call, ask(Transfer, extension=BOB, send_call_to=ELSEWHERE)), "02")
    assert (leg.state, leg.outside, leg.listed, leg.until) == (TRYING, True, False, at(45))
    assert (leg.source, leg.destination, leg.flow) == ((OUTSIDE,), (ELSEWHERE,), Flow.OUTGOING)
    assert leg.caller_id == "John <3334444>"


def test_the_leg_answers_and_both_are_connected() -> None:
    call = done(ringing(), ask(Transfer, extension=BOB), on(Answered, "02"))
    assert states(call) == (CONNECTED, ENDED, CONNECTED)


class TestAFork:
    TOLD: tuple[dict[str, str], ...] = (
        {"transfer_from_number": CAROL},
        {"transfer_from_number": CAROL, "transfer_number": ALICE},
        {"view_id": "02", "extension": CAROL},
        {"extension": CAROL},
        {"view_id": "00", "extension": CAROL},
        {"transfer_number": ALICE, "extension": CAROL},
        {"transfer_number": ALICE, "view_id": "02"},
    )

    @pytest.mark.parametrize("fields", TOLD, ids=str)
    def test_the_other_phones_ring_on(self, fields: dict[str, str]) -> None:
        call = done(fork(), ask(Transfer, **fields))
        assert states(call) == (ANSWERED, RINGING, ENDED, RINGING)
        assert done(call, ask(Transfer, **fields)) is call

    @pytest.mark.parametrize("fields", TOLD, ids=str)
    def test_a_mailbox_ends_them(self, fields: dict[str, str]) -> None:
        call = done(fork(), ask(TransferToVoicemail, **fields))
        assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
        assert [v.reason for v in call.views[1:3]] == [EndReason.ANSWERED_ELSEWHERE, EndReason.DEFLECTED]
        assert done(call, ask(TransferToVoicemail, **fields)) is call

    @BOTH_KINDS
    @pytest.mark.parametrize("fields", [{"transfer_number": ALICE}, {"view_id": "00"}], ids=str)
    def test_the_transferor_must_be_told(self, kind: type[Action], fields: dict[str, str]) -> None:
        refusal = refused(fork(), ask(kind, **fields))
        assert (refusal.code, refusal.parameter) == (ErrorCode.TRANSFER_NUMBER_INVALID, "transferFromNumber")

    def test_a_retry_of_the_phone_that_was_deflected_is_a_repeat_while_others_ring(self) -> None:
        call = done(fork(), ask(Transfer, transfer_from_number=BOB))
        assert done(call, ask(Transfer, transfer_from_number=BOB)) is call
        assert done(call, ask(Transfer, view_id="01", extension=BOB)) is call
        elsewhere = refused(call, ask(Transfer, transfer_from_number=BOB, send_call_to=ERIN))
        assert elsewhere.code is ErrorCode.TRANSFER_NUMBER_INVALID

    @BOTH_KINDS
    def test_it_is_allowed_on_each_of_its_views(self, kind: type[Action]) -> None:
        assert all(kind.__name__ in allowed_actions(fork(), view_id) for view_id in ("00", "01", "02"))


class TestWhatIsNoDeflection:
    @BOTH_KINDS
    def test_a_source_that_rings_while_its_destinations_wait(self, kind: type[Action]) -> None:
        waits = view("01", BOB, TRYING, side=1, listed=False, waits=True)
        call = call_of(view("00", ALICE, RINGING, side=0, until=at(35)), waits)
        for fields in ({"extension": ALICE}, {"transfer_from_number": ALICE}, {"view_id": "00"}):
            refusal = refused(call, ask(kind, **fields))
            assert (refusal.code, refusal.view_id) == (ErrorCode.WRONG_STATE, "00")
        assert kind.__name__ not in allowed_actions(call, "00")
        assert refused(two_sources(), ask(kind, extension=ALICE)).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    @pytest.mark.parametrize("state", [UNKNOWN, RINGING, CONNECTED])
    def test_a_party_in_another_state(self, kind: type[Action], state: ViewState) -> None:
        call = changed(ringing(), "00", state=state, answered=None)
        assert refused(call, ask(kind, transfer_from_number=BOB)).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_a_phone_of_a_side_on_which_another_is_up(self, kind: type[Action]) -> None:
        """The rules end such a phone; as a value it can be built."""
        call = call_of(*changed(connected(), "00", state=ANSWERED).views, view("02", CAROL, RINGING, side=1))
        assert refused(call, ask(kind, transfer_from_number=CAROL)).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_a_phone_that_rings_to_retrieve_or_to_join(self, kind: type[Action]) -> None:
        retrieves = done(parked(), on(UnPark, send_call_to=CAROL))
        assert refused(retrieves, ask(kind, transfer_from_number=CAROL)).code is ErrorCode.WRONG_STATE
        joins = call_of(*ringing().views, view("02", CAROL, RINGING, role=BARGE, target="00"))
        assert refused(joins, ask(kind, transfer_from_number=CAROL)).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_a_call_of_three_sides(self, kind: type[Action]) -> None:
        call = call_of(*ringing().views, view("02", CAROL, RINGING, side=2))
        assert refused(call, ask(kind, transfer_from_number=BOB)).code is ErrorCode.WRONG_STATE


def test_a_call_that_cannot_be_transferred_cannot_be_deflected() -> None:
    call = call_of(*ringing().views, allow_public_transfer=False)
    assert refused(call, ask(Transfer, extension=BOB)).code is ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED
    assert "Transfer" not in allowed_actions(call, "01")
    assert states(done(call, ask(TransferToVoicemail, extension=BOB))) == (CONNECTED, ENDED, CONNECTED)


@BOTH_KINDS
def test_the_number_of_nobody_is_told_after_the_state(kind: type[Action]) -> None:
    assert refused(ringing(), ask(kind, transfer_number=ERIN)).code is ErrorCode.TRANSFER_NUMBER_INVALID
    rings_alone = call_of(view("00", ALICE, RINGING, side=0), view("01", BOB, RINGING, side=1))
    assert refused(rings_alone, ask(kind, transfer_number=ERIN)).code is ErrorCode.WRONG_STATE


def test_the_phone_that_picks_up_rings_beside_the_one_that_was_sent_the_call() -> None:
    call = done(ringing(), ask(Transfer, extension=BOB), on(PickUp, "02", send_call_to=CAROL), on(Rang, "02"))
    assert states(done(call, on(Answered, "03"))) == (CONNECTED, ENDED, ENDED, CONNECTED)


def test_a_call_that_was_deflected_and_not_answered_is_over() -> None:
    call = done(ringing(), ask(Transfer, extension=BOB), on(HangUp, "02"))
    assert [v.reason for v in call.views] == [EndReason.OTHER_LEFT, EndReason.DEFLECTED, EndReason.HUNG_UP]
