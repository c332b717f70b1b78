"""Dates, signals, recordings and ends: when things happened, who reports what, how a party left."""

from collections.abc import Callable

import pytest

from callstate import (
    STRICT,
    Action,
    Answered,
    Dialled,
    Disposition,
    EndReason,
    ErrorCode,
    FarEndRang,
    Flow,
    HangUp,
    HungUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Rang,
    Recording,
    Role,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
)
from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    MONITOR,
    ON_HOLD,
    RINGING,
    SIGNALS,
    TRYING,
    UNKNOWN,
    VOICEMAIL,
    WHISPER,
)
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    ELSEWHERE,
    ERIN,
    OUTSIDE,
    at,
    call_of,
    callback,
    changed,
    conference,
    connected,
    dialling,
    done,
    held,
    incoming,
    on,
    outgoing,
    over,
    parked,
    refused,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    unknown,
    view,
)


class TestDates:
    def test_ringing_is_when_the_phone_began_to_ring(self) -> None:
        call = done(dialling(), on(Rang, "01"))
        assert seen(call, "01").ringing == at(20)
        assert seen(done(call, on(Rang, "01"), now=at(30)), "01").ringing == at(20)

    def test_answered_is_when_the_phone_was_answered(self) -> None:
        call = done(two_sources(), on(Answered, "00"))
        assert (seen(call, "00").answered, call.answered) == (at(20), None)

    def test_the_far_end_ringing_is_no_answer(self) -> None:
        alice = seen(done(dialling(), on(FarEndRang, "00")), "00")
        assert (alice.state, alice.answered) == (ANSWERED, None)

    def test_who_heard_it_ring_is_answered_when_connected(self) -> None:
        call = done(ringing(), on(Answered, "01"))
        assert [v.answered for v in call.views] == [at(20), at(20)]
        assert call.answered == at(20)

    def test_a_source_keeps_the_date_of_its_own_answer(self) -> None:
        call = done(done(two_sources(), on(Answered, "00")), on(Answered, "02"), now=at(30))
        assert (seen(call, "00").answered, seen(call, "02").answered, call.answered) == (at(20), at(30), at(30))

    def test_the_first_date_of_the_call_stays(self) -> None:
        assert done(connected(), on(Transfer), on(Answered, "02"), now=at(30)).answered == at(5)

    @pytest.mark.parametrize("role", [WHISPER, MONITOR])
    def test_a_supervisor_does_not_answer_the_call(self, role: Role) -> None:
        """Typed: two who are on call while the call itself has no date."""
        call = call_of(*supervised(role, RINGING).views, answered=None)
        assert done(call, on(Answered, "02")).answered is None

    def test_the_updated_date_and_the_version_tell_of_a_change(self) -> None:
        call = done(connected(), on(OnHold))
        assert (call.updated, call.version) == (at(20), connected().version + 1)


class TestEnds:
    def test_an_ended_view_keeps_its_dates_and_loses_what_it_had(self) -> None:
        call = changed(held("00"), "00", recording=Recording(since=at(6)), ringing=at(2))
        alice = seen(done(call, on(HungUp, "00")), "00")
        assert (alice.ringing, alice.answered, alice.ended) == (at(2), at(5), at(20))
        assert (alice.on_hold, alice.parking, alice.recording, alice.target, alice.until) == (None,) * 5

    def test_a_leg_that_ends_loses_its_target_and_its_limit(self) -> None:
        leg = seen(done(supervised(MONITOR, RINGING), on(HungUp, "02")), "02")
        assert (leg.state, leg.target, leg.until, leg.ringing) == (ENDED, None, None, at(1))

    @pytest.mark.parametrize("why", Disposition)
    def test_a_party_that_was_answered_ends_answered_whatever_is_told(self, why: Disposition) -> None:
        alice = seen(done(connected(), on(HungUp, "00", disposition=why)), "00")
        assert (alice.disposition, alice.reason) == (Disposition.ANSWERED, EndReason.HUNG_UP)

    @pytest.mark.parametrize(
        ("why", "ends", "reason"),
        [
            (Disposition.ANSWERED, Disposition.NO_ANSWER, EndReason.HUNG_UP),
            (Disposition.BUSY, Disposition.BUSY, EndReason.REJECTED),
            (Disposition.FAILED, Disposition.FAILED, EndReason.REJECTED),
            (Disposition.NO_ANSWER, Disposition.NO_ANSWER, EndReason.NO_ANSWER),
            (Disposition.UNKNOWN, Disposition.UNKNOWN, EndReason.HUNG_UP),
            (Disposition.NOT_ALLOWED, Disposition.NOT_ALLOWED, EndReason.REJECTED),
            (None, Disposition.NO_ANSWER, EndReason.HUNG_UP),
        ],
    )
    def test_the_network_tells_why_a_phone_was_never_answered(
        self, why: Disposition | None, ends: Disposition, reason: EndReason
    ) -> None:
        bob = seen(done(ringing(), on(HungUp, "01", disposition=why)), "01")
        assert (bob.disposition, bob.reason) == (ends, reason)

    @pytest.mark.parametrize("kind", [HungUp, HangUp])
    def test_else_it_tells_whether_it_was_answered(self, kind: type[Action]) -> None:
        assert [v.disposition for v in done(connected(), on(kind)).views] == [Disposition.ANSWERED] * 2
        assert [v.disposition for v in done(ringing(), on(kind)).views] == [Disposition.NO_ANSWER] * 2

    @pytest.mark.parametrize("state", [CONNECTED, ON_HOLD])
    def test_who_is_on_call_was_answered_even_if_no_date_says_so(self, state: ViewState) -> None:
        """A listing may show a party on call without a date of answer."""
        hold = at(8) if state is ON_HOLD else None
        call = changed(connected(), "00", state=state, on_hold=hold, answered=None)
        for gone in (on(HangUp, "00"), on(HungUp, "01", disposition=Disposition.FAILED)):
            party = seen(done(call, gone), "00")
            assert (party.disposition, party.answered) == (Disposition.ANSWERED, at(20))

    def test_a_party_that_is_put_on_hold_or_parked_gets_no_date_of_answer(self) -> None:
        """The state still tells that it was answered."""
        call = changed(connected(), "00", answered=None)
        assert seen(done(call, on(OnHold, "00")), "00").answered is None
        assert seen(done(call, on(Park, "00")), "00").answered is None

    def test_a_party_that_falls_back_alone_was_answered(self) -> None:
        call = call_of(
            view("00", ALICE, CONNECTED, side=0, answered=None),
            view("01", BOB, CONNECTED, side=1),
            view("02", CAROL, RINGING, side=1),
        )
        call = done(call, on(HungUp, "01"))
        assert (seen(call, "00").state, seen(call, "00").answered) == (ANSWERED, at(20))
        assert seen(done(call, on(HungUp, "00")), "00").disposition is Disposition.ANSWERED

    def test_who_is_taken_off_hold_has_a_date_of_answer_afterwards(self) -> None:
        call = changed(held(), "00", answered=None)
        assert seen(done(call, on(OffHold, "00")), "00").answered == at(20)
        assert seen(done(held(), on(OffHold, "00")), "00").answered == at(5)

    def test_who_is_parked_was_answered_even_if_no_date_says_so(self) -> None:
        call = changed(parked(), "00", answered=None)
        assert seen(done(call, on(HungUp, "00")), "00").disposition is Disposition.ANSWERED

    def test_who_is_sent_away_on_call_keeps_that_it_was_answered(self) -> None:
        """Without a date of its own it gets that of the transfer: by then it had answered."""
        call = changed(connected(), "00", answered=None)
        sent = done(call, on(Transfer, "00", send_call_to=CAROL))
        assert (seen(sent, "00").state, seen(sent, "00").answered) == (ANSWERED, at(20))
        alone = done(sent, on(HungUp, "02", disposition=Disposition.BUSY))
        assert seen(alone, "00").disposition is Disposition.ANSWERED

    def test_a_late_report_does_not_change_the_end(self) -> None:
        call = over()
        assert done(call, on(HungUp, "00", disposition=Disposition.BUSY)) is call


class TestHangUp:
    def test_without_a_view_the_call_ends(self) -> None:
        call = done(conference(), on(HangUp, None))
        assert states(call) == (ENDED, ENDED, ENDED)
        assert {v.ended for v in call.views} == {at(20)}

    def test_with_a_view_that_party_leaves(self) -> None:
        assert states(done(conference(), on(HangUp, "01"))) == (CONNECTED, ENDED, CONNECTED)

    def test_with_a_number_that_party_leaves(self) -> None:
        assert states(done(conference(), on(HangUp, None, phone_number=CAROL))) == (CONNECTED, CONNECTED, ENDED)

    def test_a_party_outside_leaves_by_its_number(self) -> None:
        call = changed(conference(), "02", extension=OUTSIDE, listed=False, outside=True)
        assert states(done(call, on(HangUp, None, phone_number=OUTSIDE))) == (CONNECTED, CONNECTED, ENDED)

    @pytest.mark.parametrize("view_id", ["00", "99", ""])
    def test_a_number_counts_before_a_view(self, view_id: str) -> None:
        assert states(done(conference(), on(HangUp, view_id, phone_number=BOB))) == (CONNECTED, ENDED, CONNECTED)

    def test_a_number_that_is_not_in_the_call_has_left_already(self) -> None:
        call = conference()
        assert done(call, on(HangUp, None, phone_number=ERIN)) is call
        assert refused(call, on(HangUp, None, phone_number=ERIN), rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_a_view_that_has_left_already(self) -> None:
        call = done(conference(), on(HangUp, "01"))
        assert done(call, on(HangUp, "01")) is call
        refusal = refused(call, on(HangUp, "01"), rules=STRICT)
        assert (refusal.code, refusal.state) == (ErrorCode.WRONG_STATE, ENDED)

    @pytest.mark.parametrize(
        "again", [{"view_id": "01"}, {"view_id": None, "phone_number": BOB}, {"view_id": None}], ids=str
    )
    def test_who_has_left_may_hang_up_again(self, again: dict[str, str | None]) -> None:
        call = done(conference(), on(HangUp, "01", extension=BOB))
        assert done(call, on(HangUp, extension=BOB, **again)) is call
        assert refused(call, on(HangUp, extension=BOB, **again), rules=STRICT).code is ErrorCode.WRONG_STATE

    @pytest.mark.parametrize("other", [{"view_id": "00"}, {"view_id": None, "phone_number": ALICE}], ids=str)
    def test_who_has_left_hangs_up_nobody_else(self, other: dict[str, str | None]) -> None:
        call = done(conference(), on(HangUp, "01", extension=BOB))
        assert refused(call, on(HangUp, extension=BOB, **other)).code is ErrorCode.EXTENSION_INVALID

    def test_who_has_left_names_its_own_view_and_who_was_never_there_none(self) -> None:
        four = call_of(*conference().views, view("03", ERIN, CONNECTED, side=3, role=Role.BARGE))
        call = done(four, on(HangUp, "01"), on(HangUp, "02"))
        assert refused(call, on(HangUp, "02", extension=BOB)).code is ErrorCode.EXTENSION_INVALID
        stranger = on(HangUp, None, phone_number="0003*999", extension="0003*999")
        assert refused(call, stranger).code is ErrorCode.EXTENSION_INVALID

    def test_a_parked_party_outside_cannot_be_named_again(self) -> None:
        """It was listed while it waited; by its number it can be named as before."""
        call = done(incoming(), on(Park, "01"), on(HangUp, "00"))
        assert refused(call, on(HangUp, "00")).code is ErrorCode.PHONECALLVIEW_INVALID
        assert done(call, on(HangUp, None, phone_number=OUTSIDE)) is call

    @pytest.mark.parametrize("fields", [{"view_id": None}, {"view_id": "01"}, {"view_id": None, "phone_number": BOB}])
    def test_a_call_that_is_over(self, fields: dict[str, str | None]) -> None:
        call = over()
        assert done(call, on(HangUp, **fields)) is call
        assert refused(call, on(HangUp, **fields), rules=STRICT).code is ErrorCode.CALL_ENDED

    def test_a_call_of_an_unknown_state_can_be_ended(self) -> None:
        assert done(unknown(), on(HangUp, None)).over


class TestRecording:
    def test_it_has_a_format_and_a_date(self) -> None:
        assert seen(done(connected(), on(StartRecording)), "00").recording == Recording(since=at(20), format="wav")
        wav49 = done(connected(), on(StartRecording, format="wav49"))
        assert seen(wav49, "00").recording == Recording(since=at(20), format="wav49")

    def test_a_repeat_is_in_the_format_that_runs(self) -> None:
        call = changed(connected(), "00", recording=Recording(since=at(6), format="wav49"))
        assert done(call, on(StartRecording, format="wav49")) is call
        assert refused(call, on(StartRecording)).code is ErrorCode.RECORDING_IN_PROGRESS
        assert refused(call, on(StartRecording, format="wav49"), rules=STRICT).code is ErrorCode.WRONG_STATE

    @pytest.mark.parametrize(
        "inputs",
        [(on(OnHold, "00"),), (on(Park, "00"),), (on(Transfer, "00"),), (on(TransferToVoicemail, "00"),)],
        ids=lambda inputs: type(inputs[0]).__name__,
    )
    def test_it_goes_on_across(self, inputs: tuple[Action, ...]) -> None:
        tape = Recording(since=at(6))
        assert seen(done(changed(connected(), "00", recording=tape), *inputs), "00").recording == tape

    def test_it_is_of_one_party(self) -> None:
        call = done(connected(), on(StartRecording, "00"))
        assert seen(call, "01") == seen(connected(), "01")

    def test_it_ends_with_its_view(self) -> None:
        call = changed(conference(), "00", recording=Recording(since=at(6)))
        assert seen(done(call, on(HungUp, "00")), "00").recording is None

    @pytest.mark.parametrize("make", [connected, ringing, dialling, parked, held, conference])
    def test_to_stop_what_does_not_run_is_a_repeat(self, make: Callable[[], PhoneCall]) -> None:
        call = make()
        assert done(call, on(StopRecording)) is call

    def test_of_an_unknown_state_nothing_can_be_said(self) -> None:
        assert refused(unknown(), on(StopRecording)).code is ErrorCode.WRONG_STATE


class TestSignals:
    def test_they_reach_a_view_that_is_not_listed(self) -> None:
        assert done(outgoing(), on(HungUp, "01")).over

    def test_an_outside_source_rings_and_answers(self) -> None:
        call = done(callback(), on(Rang, "00"))
        assert (seen(call, "00").state, seen(call, "00").until) == (RINGING, at(50))
        assert states(done(call, on(Answered, "00"))) == (ANSWERED, TRYING, RINGING)

    def test_a_caller_dials_and_hears_it_ring(self) -> None:
        call = done(dialling(), on(Dialled), on(Rang, "01"), on(FarEndRang))
        assert states(call) == (ANSWERED, RINGING)

    @pytest.mark.parametrize(
        ("kind", "state"), [(Dialled, TRYING), (Rang, RINGING), (FarEndRang, ANSWERED), (Answered, ANSWERED)]
    )
    def test_they_lead_out_of_an_unknown_state(self, kind: type[Action], state: ViewState) -> None:
        assert states(done(unknown(), on(kind))) == (state, UNKNOWN)

    @pytest.mark.parametrize("kind", SIGNALS)
    @pytest.mark.parametrize("view_id", ["00", "01"])
    def test_after_the_end_every_report_is_late(self, kind: type[Action], view_id: str) -> None:
        call = over()
        assert done(call, on(kind, view_id)) is call
        assert done(call, on(kind, view_id), rules=STRICT) is call

    @pytest.mark.parametrize("call", [connected(), over()], ids=["live", "over"])
    def test_they_name_a_view_of_the_call(self, call: PhoneCall) -> None:
        for kind in SIGNALS:
            refusal = refused(call, on(kind, "99"))
            assert (refusal.code, refusal.value) == (ErrorCode.PHONECALLVIEW_INVALID, "99")


def test_a_mailbox_is_left_like_any_party() -> None:
    mailbox = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1, role=VOICEMAIL))
    assert done(mailbox, on(HangUp, "01")).over


def test_an_action_on_one_party_leaves_the_hold_of_the_other() -> None:
    call = done(held("01"), on(StartRecording, "00"))
    assert seen(call, "01").state is ON_HOLD


def test_a_leg_to_the_outside_goes_out() -> None:
    leg = seen(done(incoming(), on(Transfer, None, extension=BOB, send_call_to=ELSEWHERE)), "02")
    assert (leg.source, leg.destination, leg.flow) == ((OUTSIDE,), (ELSEWHERE,), Flow.OUTGOING)


def test_retrieving_and_picking_up_need_their_states() -> None:
    assert refused(connected(), on(UnPark)).code is ErrorCode.WRONG_STATE
    assert refused(parked(), on(PickUp)).code is ErrorCode.WRONG_STATE
