"""Transfer and transfer to voicemail: who is sent, who leaves, where the party goes, and what is a repeat."""

from itertools import product
from typing import Any

import pytest

from callstate import (
    STRICT,
    Action,
    Answered,
    BargeIn,
    Disposition,
    EndReason,
    ErrorCode,
    Flow,
    HangUp,
    HungUp,
    OnHold,
    Rang,
    Recording,
    Role,
    Transfer,
    TransferToVoicemail,
    UnPark,
    allowed_actions,
)
from callstate.domain import ANSWERED, CONNECTED, ENDED, MONITOR, ON_HOLD, RINGING, TRYING, VOICEMAIL
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
    conference,
    connected,
    done,
    held_by_both,
    incoming,
    on,
    outgoing,
    parked,
    refused,
    ringing,
    seen,
    states,
    supervised,
    view,
)

BOTH_KINDS = pytest.mark.parametrize("kind", [Transfer, TransferToVoicemail])


def ask(kind: type[Action], **fields: Any) -> Action:  # Any: fields of a transfer
    """Build a request that names no view, unless it is given."""
    return on(kind, **({"view_id": None} | fields))


class TestWhoIsWho:
    """Each form names Bob as the transferred party and Alice as the transferor."""

    FORMS: tuple[dict[str, str], ...] = (
        {"transfer_from_number": ALICE},
        {"transfer_number": BOB},
        {"transfer_from_number": ALICE, "transfer_number": BOB},
        {"view_id": "01"},
        {"view_id": "01", "extension": CAROL},
        {"view_id": "00", "extension": ALICE},
        {"extension": ALICE},
        {"view_id": "00", "transfer_number": BOB},
        {"view_id": "01", "transfer_from_number": ALICE, "extension": BOB},
    )

    @BOTH_KINDS
    @pytest.mark.parametrize("form", FORMS, ids=str)
    def test_the_transferor_leaves_and_the_other_is_sent(self, kind: type[Action], form: dict[str, str]) -> None:
        call = done(call_of(*connected().views, extension=CAROL), ask(kind, **form))
        assert seen(call, "00").state is ENDED
        assert seen(call, "01").live

    @BOTH_KINDS
    @pytest.mark.parametrize("form", [{"view_id": "00"}, {"view_id": "00", "extension": ALICE}], ids=str)
    def test_an_outside_party_is_sent_whatever_view_is_named(self, kind: type[Action], form: dict[str, str]) -> None:
        """The agent's own view is the only one that its client sees, and the customer transfers nobody."""
        call = done(outgoing(), ask(kind, **form))
        assert states(call)[:2] == (ENDED, ANSWERED if kind is Transfer else CONNECTED)
        assert done(call, ask(kind, **form)) is call

    @BOTH_KINDS
    def test_an_outside_party_transfers_if_a_number_says_so(self, kind: type[Action]) -> None:
        assert states(done(outgoing(), ask(kind, view_id="00", transfer_from_number=OUTSIDE)))[1] is ENDED
        assert states(done(outgoing(), ask(kind, transfer_number=ALICE)))[1] is ENDED

    def test_a_party_that_was_sent_outside_is_sent_there_again(self) -> None:
        """The outside phone that faces it is the destination itself, so this is a retry."""
        call = done(connected(), ask(Transfer, view_id="01", send_call_to=ELSEWHERE))
        assert done(call, ask(Transfer, view_id="01", send_call_to=ELSEWHERE)) is call

    @BOTH_KINDS
    @pytest.mark.parametrize(
        "form",
        [
            {"transfer_from_number": CAROL},
            {"transfer_number": CAROL},
            {"transfer_from_number": ALICE, "transfer_number": CAROL},
            {"transfer_from_number": CAROL, "transfer_number": BOB},
            {"transfer_from_number": ALICE, "transfer_number": ALICE},
            {"extension": "@self"},
        ],
        ids=str,
    )
    def test_who_is_no_party_is_refused(self, kind: type[Action], form: dict[str, str]) -> None:
        assert refused(connected(), ask(kind, **form)).code is ErrorCode.TRANSFER_NUMBER_INVALID

    @BOTH_KINDS
    def test_a_supervisor_is_no_party(self, kind: type[Action]) -> None:
        refusal = refused(supervised(), ask(kind, transfer_from_number=CAROL))
        assert refusal.code is ErrorCode.TRANSFER_NUMBER_INVALID

    @BOTH_KINDS
    def test_two_numbers_of_one_side_are_no_pair(self, kind: type[Action]) -> None:
        call = call_of(*connected().views, view("02", CAROL, ENDED, side=0))
        refusal = refused(call, ask(kind, transfer_from_number=CAROL, transfer_number=ALICE))
        assert refusal.code is ErrorCode.TRANSFER_NUMBER_INVALID

    def test_a_number_with_a_mailbox_means_the_phone(self) -> None:
        """Bob's phone and Bob's mailbox bear one number."""
        call = call_of(view("00", BOB, CONNECTED, side=0, role=VOICEMAIL), view("01", BOB, CONNECTED, side=1))
        refusal = refused(call, ask(Transfer, transfer_from_number=BOB))
        assert (refusal.code, refusal.view_id) == (ErrorCode.WRONG_STATE, "00")

    def test_a_number_of_a_supervisor_and_a_mailbox_means_the_mailbox(self) -> None:
        """A supervisor is no party."""
        call = done(supervised(), ask(TransferToVoicemail, view_id="01", send_call_to=CAROL))
        call = call_of(*call.views[:2], view("02", CAROL, CONNECTED, role=MONITOR, target="01"), *call.views[3:])
        assert done(call, ask(TransferToVoicemail, transfer_from_number=CAROL, send_call_to=CAROL)) is call

    def test_of_two_phones_with_one_number_the_first_is_meant(self) -> None:
        call = call_of(view("00", BOB, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1))
        assert states(done(call, ask(Transfer, transfer_from_number=BOB))) == (ENDED, ANSWERED, RINGING)


class TestTransfer:
    def test_it_is_blind(self) -> None:
        call = done(held_by_both(), ask(Transfer, transfer_number=ALICE))
        alice, bob, dave = call.views
        assert (alice.state, alice.on_hold, alice.answered) == (ANSWERED, None, at(5))
        assert (bob.state, bob.disposition, bob.ended) == (ENDED, Disposition.ANSWERED, at(20))
        assert (dave.extension, dave.state, dave.side, dave.role) == (DAVE, RINGING, 1, Role.PARTY)

    def test_the_phone_rings_for_the_default_wait(self) -> None:
        dave = seen(done(connected(), ask(Transfer, transfer_number=ALICE)), "02")
        assert (dave.ringing, dave.until, dave.listed) == (at(20), at(45), True)
        assert (dave.source, dave.destination, dave.flow, dave.caller_id) == ((ALICE,), (DAVE,), Flow.LOCAL, None)

    def test_an_outside_number_is_tried_for_the_default_wait(self) -> None:
        leg = seen(done(connected(), ask(Transfer, transfer_number=ALICE, send_call_to=ELSEWHERE)), "02")
        assert (leg.state, leg.ringing, leg.until, leg.listed) == (TRYING, None, at(45), False)
        assert (leg.source, leg.destination, leg.flow) == ((ALICE,), (ELSEWHERE,), Flow.OUTGOING)

    def test_an_outside_number_has_its_whole_limit_from_when_it_rings(self) -> None:
        call = done(connected(), ask(Transfer, transfer_number=ALICE, send_call_to=ELSEWHERE))
        leg = seen(done(call, on(Rang, "02"), now=at(30)), "02")
        assert (leg.state, leg.until, leg.listed) == (RINGING, at(55), False)

    @pytest.mark.parametrize("number", [DAVE, ELSEWHERE])
    def test_the_phone_is_rung_as_long_as_the_call_rings_its_parties(self, number: str) -> None:
        call = call_of(*connected().views, wait_for_pickup=40)
        leg = seen(done(call, ask(Transfer, transfer_number=ALICE, send_call_to=number)), "02")
        assert leg.until == at(60)

    @BOTH_KINDS
    def test_the_phone_shows_what_the_transferor_saw(self, kind: type[Action]) -> None:
        call = changed(connected(), "01", caller_id="John <3334444>")
        assert seen(done(call, ask(kind, transfer_number=ALICE)), "02").caller_id == "John <3334444>"

    @BOTH_KINDS
    def test_the_transferor_knows_the_leg_that_came_in_its_place(self, kind: type[Action]) -> None:
        bob = seen(done(connected(), ask(kind, transfer_number=ALICE)), "01")
        assert (bob.reason, bob.successor) == (EndReason.TRANSFERRED, "02")

    def test_a_party_outside_is_sent_as_an_incoming_call(self) -> None:
        call = done(incoming(), ask(Transfer, view_id=None, extension=BOB))
        leg = seen(call, "02")
        assert (leg.source, leg.destination, leg.flow) == ((OUTSIDE,), (DAVE,), Flow.INCOMING)

    def test_the_leg_stands_on_the_side_of_the_transferor(self) -> None:
        assert seen(done(connected(), ask(Transfer, transfer_number=BOB)), "02").side == 0

    def test_the_others_keep_their_source_and_destination(self) -> None:
        alice = seen(done(connected(), ask(Transfer, transfer_number=ALICE)), "00")
        assert (alice.source, alice.destination) == ((ALICE,), (BOB,))

    def test_both_are_connected_when_it_answers(self) -> None:
        call = done(connected(), ask(Transfer, transfer_number=ALICE), on(Answered, "02"))
        assert states(call) == (CONNECTED, ENDED, CONNECTED)
        assert (call.answered, seen(call, "02").answered) == (at(5), at(20))

    def test_a_recording_of_the_transferred_goes_on(self) -> None:
        tape = Recording(since=at(6), format="wav49")
        call = done(changed(connected(), "00", recording=tape), ask(Transfer, transfer_number=ALICE))
        assert seen(call, "00").recording == tape

    def test_the_parties_of_a_former_conference_may_be_transferred(self) -> None:
        call = done(conference(), on(HungUp, "00"), ask(Transfer, transfer_number=BOB))
        assert seen(call, "03").side == 2

    def test_a_party_that_is_in_the_call_is_no_target(self) -> None:
        refusal = refused(connected(), ask(Transfer, transfer_number=ALICE, send_call_to=ALICE))
        assert (refusal.code, refusal.parameter, refusal.value) == (
            ErrorCode.SEND_CALL_TO_INVALID,
            "sendCallTo",
            ALICE,
        )

    @pytest.mark.parametrize("number", [DAVE, ELSEWHERE])
    def test_a_call_that_allows_it_is_sent_anywhere(self, number: str) -> None:
        call = call_of(*connected().views, allow_public_transfer=True)
        assert seen(done(call, ask(Transfer, transfer_number=ALICE, send_call_to=number)), "02").extension == number

    @pytest.mark.parametrize("number", [DAVE, ELSEWHERE])
    def test_a_call_that_forbids_it_is_not_transferred_at_all(self, number: str) -> None:
        """The field is about calls made to outside numbers, wherever they are to go."""
        call = call_of(*connected().views, allow_public_transfer=False)
        refusal = refused(call, ask(Transfer, transfer_number=ALICE, send_call_to=number))
        assert refusal.code is ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED
        assert "Transfer" not in allowed_actions(call, "00")

    def test_a_call_that_forbids_it_may_go_to_a_mailbox(self) -> None:
        call = call_of(*connected().views, allow_public_transfer=False)
        assert "TransferToVoicemail" in allowed_actions(call, "00")
        assert states(done(call, ask(TransferToVoicemail, transfer_number=ALICE))) == (CONNECTED, ENDED, CONNECTED)

    def test_a_call_that_forbids_it_may_still_have_been_sent_there(self) -> None:
        """A repeat comes before the check of the call."""
        call = call_of(*outgoing().views, allow_public_transfer=False)
        assert done(call, ask(Transfer, transfer_number=ALICE, send_call_to=OUTSIDE)) is call


class TestVoicemail:
    def test_the_mailbox_is_connected_immediately_and_no_phone_shows_it(self) -> None:
        call = done(held_by_both(), ask(TransferToVoicemail, transfer_number=ALICE))
        alice, bob, mailbox = call.views
        assert (alice.state, alice.on_hold, bob.state) == (CONNECTED, None, ENDED)
        assert (mailbox.extension, mailbox.state, mailbox.role, mailbox.side) == (DAVE, CONNECTED, VOICEMAIL, 1)
        assert (mailbox.answered, mailbox.ringing, mailbox.until, mailbox.listed) == (at(20), None, None, False)
        assert (mailbox.source, mailbox.destination, mailbox.flow) == ((ALICE,), (DAVE,), Flow.LOCAL)

    def test_the_mailbox_of_who_leaves_may_take_the_call(self) -> None:
        call = done(connected(), ask(TransferToVoicemail, transfer_from_number=BOB, send_call_to=BOB))
        assert states(call) == (CONNECTED, ENDED, CONNECTED)

    def test_the_call_keeps_the_date_of_its_first_answer(self) -> None:
        assert done(connected(), ask(TransferToVoicemail, transfer_number=ALICE)).answered == at(5)

    def test_a_mailbox_answers_a_call_that_nobody_did(self) -> None:
        """A call read without its date: typed, for the engine always knows when two sides were connected."""
        call = call_of(*connected().views, answered=None)
        assert done(call, ask(TransferToVoicemail, transfer_number=ALICE)).answered == at(20)

    def test_it_goes_to_no_outside_number(self) -> None:
        refusal = refused(connected(), ask(TransferToVoicemail, transfer_number=ALICE, send_call_to=OUTSIDE))
        assert refusal.code is ErrorCode.SEND_CALL_TO_INVALID


class TestRepeats:
    @BOTH_KINDS
    @pytest.mark.parametrize("form", TestWhoIsWho.FORMS, ids=str)
    def test_a_retry_changes_nothing(self, kind: type[Action], form: dict[str, str]) -> None:
        """The transferor has left, and is known by the side that it had."""
        call = done(call_of(*connected().views, extension=CAROL), ask(kind, **form))
        assert done(call, ask(kind, **form)) is call
        assert refused(call, ask(kind, **form), rules=STRICT).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_the_view_of_the_transferor_is_named_for_a_retry_alone(self, kind: type[Action]) -> None:
        call = done(connected(), ask(kind, view_id="00", extension=ALICE))
        assert refused(call, ask(kind, view_id="00", extension=ALICE, send_call_to=CAROL)).code is (
            ErrorCode.PHONECALLVIEW_INVALID
        )
        assert refused(call, ask(kind, view_id="00", transfer_from_number=BOB, send_call_to=BOB)).code is (
            ErrorCode.PHONECALLVIEW_INVALID
        )

    @BOTH_KINDS
    def test_an_outside_transferor_is_known_after_it_has_left(self, kind: type[Action]) -> None:
        call = done(outgoing(), ask(kind, transfer_from_number=OUTSIDE))
        assert done(call, ask(kind, transfer_from_number=OUTSIDE)) is call
        assert done(call, ask(kind, extension=OUTSIDE, view_id="00")) is call

    def test_the_party_that_a_former_transferor_names_must_be_in_the_right_state(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=BOB), on(Answered, "02"))
        call = done(call, on(BargeIn, "00", send_call_to=CAROL))
        fields = {"transfer_from_number": BOB, "transfer_number": CAROL}
        assert refused(call, ask(Transfer, send_call_to=ERIN, **fields)).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_a_phone_that_only_rang_is_no_transferor(self, kind: type[Action]) -> None:
        """Carol's phone has rung in vain beside Bob's, who then talks to Alice."""
        rang = view(
            "02",
            CAROL,
            ENDED,
            side=1,
            answered=None,
            ringing=at(1),
            disposition=Disposition.NO_ANSWER,
            reason=EndReason.ANSWERED_ELSEWHERE,
        )
        call = call_of(*connected().views, rang)
        action = ask(kind, transfer_from_number=CAROL, send_call_to=BOB)
        assert refused(call, action).code is (
            ErrorCode.SEND_CALL_TO_INVALID if kind is Transfer else ErrorCode.TRANSFER_NUMBER_INVALID
        )
        asked = ask(kind, extension=CAROL, send_call_to=BOB)
        assert refused(call, asked).code is ErrorCode.EXTENSION_INVALID

    def test_after_its_successor_has_left_a_transferor_is_nobody(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=BOB), on(Answered, "02"))
        call = done(call, ask(Transfer, transfer_from_number=DAVE, send_call_to=CAROL), on(Answered, "03"))
        asked = ask(Transfer, extension=BOB, send_call_to=CAROL)
        assert refused(call, asked).code is ErrorCode.EXTENSION_INVALID

    @BOTH_KINDS
    def test_the_asker_who_left_and_pays_may_retry(self, kind: type[Action]) -> None:
        call = done(connected(), ask(kind, extension=ALICE))
        assert done(call, ask(kind, extension=ALICE)) is call

    @BOTH_KINDS
    @pytest.mark.parametrize(
        "party", [{}, {"view_id": "00"}, {"view_id": "01"}, {"transfer_from_number": BOB}, {"transfer_number": ALICE}]
    )
    def test_the_asker_who_left_may_retry(self, kind: type[Action], party: dict[str, str]) -> None:
        call = done(connected(), ask(kind, extension=BOB, **party))
        assert states(call)[1] is ENDED
        assert done(call, ask(kind, extension=BOB, **party)) is call
        assert refused(call, ask(kind, extension=BOB, **party), rules=STRICT).code is ErrorCode.WRONG_STATE

    @BOTH_KINDS
    def test_the_asker_who_left_may_do_nothing_else(self, kind: type[Action]) -> None:
        call = done(connected(), ask(kind, extension=BOB))
        others = (
            ask(kind, extension=BOB, send_call_to=CAROL),
            ask(kind, extension=BOB, send_call_to=CAROL, view_id="00"),
            ask(kind, extension=BOB, transfer_from_number=ALICE),
            ask(kind, extension=BOB, transfer_number=DAVE, send_call_to=ALICE),
            on(OnHold, "00", extension=BOB),
            on(HangUp, "00", extension=BOB),
        )
        for action in others:
            assert refused(call, action).code is ErrorCode.EXTENSION_INVALID

    def test_who_left_for_another_reason_has_transferred_nobody(self) -> None:
        """Bob had a side of his own, and has not connected Alice with Carol."""
        call = done(conference(), on(HangUp, "01"))
        for view_id in (None, "00"):
            action = ask(Transfer, extension=BOB, send_call_to=CAROL, view_id=view_id)
            assert refused(call, action).code is ErrorCode.EXTENSION_INVALID

    def test_a_retry_after_the_answer_changes_nothing(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=BOB), on(Answered, "02"))
        assert done(call, ask(Transfer, transfer_from_number=BOB)) is call

    def test_a_transferor_who_has_left_is_what_is_wrong(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=ALICE), on(Answered, "02"))
        refusal = refused(call, ask(Transfer, transfer_from_number=ALICE, transfer_number=BOB, send_call_to=CAROL))
        assert refusal.code is ErrorCode.TRANSFER_NUMBER_INVALID
        assert (refusal.parameter, refusal.value) == ("transferFromNumber", ALICE)

    def test_another_target_while_the_first_one_rings_is_refused(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=BOB))
        refusal = refused(call, ask(Transfer, transfer_from_number=BOB, send_call_to=CAROL))
        assert (refusal.code, refusal.value) == (ErrorCode.TRANSFER_NUMBER_INVALID, BOB)

    def test_a_phone_is_no_mailbox(self) -> None:
        call = done(connected(), ask(Transfer, transfer_from_number=BOB), on(Answered, "02"))
        moved = done(call, ask(TransferToVoicemail, transfer_from_number=DAVE))
        assert states(moved) == (CONNECTED, ENDED, ENDED, CONNECTED)

    def test_a_mailbox_is_no_phone(self) -> None:
        call = done(connected(), ask(TransferToVoicemail, transfer_from_number=BOB))
        refusal = refused(call, ask(Transfer, transfer_from_number=BOB))
        assert refusal.code is ErrorCode.WRONG_STATE

    def test_to_send_a_party_to_one_of_several_phones_that_ring_for_it_is_no_repeat(self) -> None:
        call = call_of(*ringing().views, view("02", CAROL, RINGING, side=1))
        assert refused(call, ask(Transfer, view_id="00", send_call_to=BOB)).code is ErrorCode.SEND_CALL_TO_INVALID

    def test_to_send_a_party_to_the_only_phone_that_rings_for_it_is_a_repeat(self) -> None:
        call = ringing()
        assert done(call, ask(Transfer, view_id="00", send_call_to=BOB)) is call

    def test_a_retry_with_a_broken_field_is_refused(self) -> None:
        call = done(connected(), ask(Transfer, view_id="00"))
        refusal = refused(call, ask(Transfer, view_id="00", transfer_number="nobody"))
        assert refusal.code is ErrorCode.TRANSFER_NUMBER_INVALID


@BOTH_KINDS
def test_a_parked_party_is_retrieved_first(kind: type[Action]) -> None:
    assert refused(parked(), ask(kind, view_id="00")).code is ErrorCode.WRONG_STATE


@pytest.mark.parametrize(("kind", "held_view"), [*product((Transfer, TransferToVoicemail), ("00", "01"))])
def test_a_party_that_holds_may_be_sent_and_may_send(kind: type[Action], held_view: str) -> None:
    call = changed(connected(), held_view, state=ON_HOLD, on_hold=at(8))
    assert seen(done(call, ask(kind, view_id="00")), "01").state is ENDED


def test_a_party_that_was_sent_may_be_sent_on() -> None:
    call = done(connected(), ask(Transfer, transfer_from_number=BOB), on(Answered, "02"))
    call = done(call, ask(Transfer, transfer_from_number=DAVE, send_call_to=CAROL))
    assert states(call) == (ANSWERED, ENDED, ENDED, RINGING)


def test_a_party_that_was_sent_is_not_parked() -> None:
    call = done(connected(), ask(Transfer, transfer_from_number=BOB))
    assert refused(call, on(UnPark)).code is ErrorCode.WRONG_STATE
