"""Who may ask for what, and what a refusal says: the ids, the askers, calls that are over or in an unknown state."""

from datetime import datetime
from typing import Any

import pytest

from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    BargeIn,
    CallStateError,
    ErrorCode,
    FarEndRang,
    HangUp,
    Held,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Rang,
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    advance,
    allowed_actions,
    apply_action,
    steps,
    unwrap,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, ON_HOLD, RINGING, TRYING, UNKNOWN
from callstate.engine import Rules
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    OUTSIDE,
    at,
    call_of,
    callback,
    changed,
    conference,
    connected,
    dialling,
    done,
    incoming,
    on,
    outgoing,
    over,
    parked,
    refused,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    unknown,
    view,
)

RULE_SETS = pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
RINGERS: tuple[type[Action], ...] = (UnPark, PickUp, BargeIn, Whisper, Monitor)
ON_A_VIEW: tuple[type[Action], ...] = (OnHold, OffHold, Park, *RINGERS, StartRecording, StopRecording)

# Ids and askers -------------------------------------------------------------------------------------------------------

BAD_VIEW_IDS = ("", "99", "0", "000", "zz", "00 ", "\0", "🖖", "1" * 10_000)
BAD_CALL_IDS = ("", "b817-d2618", "b817d2618fe6f180433/", "a" * 256, f"{CALL} ", f"{CALL}\0", "é", "unknown")


class TestIds:
    @pytest.mark.parametrize("call_id", BAD_CALL_IDS, ids=repr)
    @pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail, HangUp, Answered])
    def test_a_call_id_that_is_not_this_calls(self, kind: type[Action], call_id: str) -> None:
        refusal = refused(connected(), on(kind, call_id=call_id))
        assert (refusal.code, refusal.parameter) == (ErrorCode.PHONECALL_INVALID, "phoneCallId")
        assert refusal.value == call_id

    @pytest.mark.parametrize("view_id", BAD_VIEW_IDS, ids=lambda v: repr(v)[:20])
    @pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail, HangUp, Answered])
    def test_a_view_id_that_is_none_of_the_calls(self, kind: type[Action], view_id: str) -> None:
        refusal = refused(connected(), on(kind, view_id))
        assert (refusal.code, refusal.parameter) == (ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId")
        assert refusal.value == view_id

    @pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail, HangUp])
    def test_a_view_that_is_not_listed_cannot_be_named(self, kind: type[Action]) -> None:
        assert refused(incoming(), on(kind, "00")).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_view_that_waits_is_not_listed(self) -> None:
        assert refused(two_sources(), on(HangUp, "02")).code is ErrorCode.PHONECALLVIEW_INVALID

    @pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail])
    def test_a_view_that_has_ended_cannot_be_named(self, kind: type[Action]) -> None:
        call = done(conference(), on(HangUp, "00"))
        refusal = refused(call, on(kind, "00"))
        assert (refusal.code, refusal.view_id) == (ErrorCode.PHONECALLVIEW_INVALID, "00")


class TestAskers:
    @pytest.mark.parametrize("asker", ["@self", ALICE, BOB])
    def test_who_takes_part_may_ask(self, asker: str) -> None:
        assert isinstance(apply_action(connected(), on(OnHold, extension=asker), at=at(20)), PhoneCall)

    def test_who_pays_may_ask(self) -> None:
        call = changed(connected(), "00", extension=DAVE)
        assert isinstance(apply_action(call, on(OnHold, extension=ALICE), at=at(20)), PhoneCall)

    def test_who_parked_may_ask(self) -> None:
        assert isinstance(apply_action(parked(), on(UnPark, extension=BOB), at=at(20)), PhoneCall)

    @pytest.mark.parametrize("kind", [UnPark, PickUp, BargeIn, Whisper, Monitor])
    def test_a_colleague_may_ask_for_what_is_done_from_outside(self, kind: type[Action]) -> None:
        rings = changed(ringing(), "00", state=RINGING)
        call = rings if kind is PickUp else parked() if kind is UnPark else connected()
        assert isinstance(apply_action(call, on(kind, extension="0003*999"), at=at(20)), PhoneCall)
        assert isinstance(apply_action(call, on(kind, extension="999"), at=at(20)), PhoneCall)

    @pytest.mark.parametrize("asker", ["", "0003*999", "nobody", "@me", "@SELF", "0003*210 ", OUTSIDE])
    @pytest.mark.parametrize("kind", [OnHold, OffHold, Park, StartRecording, StopRecording, Transfer, HangUp])
    def test_nobody_else_may(self, kind: type[Action], asker: str) -> None:
        refusal = refused(connected(), on(kind, extension=asker))
        assert (refusal.code, refusal.parameter, refusal.value) == (ErrorCode.EXTENSION_INVALID, "extension", asker)

    @pytest.mark.parametrize("kind", [PickUp, BargeIn, Whisper, Monitor])
    def test_who_takes_part_from_outside_may_ask_for_the_same(self, kind: type[Action]) -> None:
        """That a colleague may ask takes the right from nobody."""
        call = changed(incoming(), "01", state=RINGING, answered=None) if kind is PickUp else incoming()
        assert isinstance(apply_action(call, on(kind, "01", extension=OUTSIDE), at=at(20)), PhoneCall)

    @pytest.mark.parametrize("kind", [OnHold, Transfer, HangUp])
    def test_who_withholds_its_number_cannot_be_who_asks(self, kind: type[Action]) -> None:
        call = changed(incoming(), "00", extension="")
        assert refused(call, on(kind, "01", extension="")).code is ErrorCode.EXTENSION_INVALID
        gone = done(call, on(HangUp, "01"))
        assert refused(gone, on(HangUp, "01", extension="")).code is ErrorCode.EXTENSION_INVALID
        waits = changed(parked(), "00", extension="", listed=True)
        assert refused(waits, on(kind, "00", extension="")).code is ErrorCode.EXTENSION_INVALID

    def test_who_has_left_may_not(self) -> None:
        call = done(conference(), on(HangUp, "01"))
        assert refused(call, on(OnHold, extension=BOB)).code is ErrorCode.EXTENSION_INVALID

    def test_who_was_in_a_call_that_is_over_may_hang_up_again(self) -> None:
        call = over()
        assert done(call, on(HangUp, None, extension=BOB)) is call
        assert refused(call, on(HangUp, None, extension=CAROL)).code is ErrorCode.EXTENSION_INVALID


# What a refusal says --------------------------------------------------------------------------------------------------

_RECORDED = changed(connected(), "00", recording=Recording(since=at(6)))
SENTENCES: tuple[tuple[PhoneCall | None, Action, str], ...] = (
    (None, on(OnHold, call_id="c0ffee"), "OnHold refused: there is no call c0ffee."),
    (None, on(OnHold, call_id="no id"), "OnHold refused: there is no call 'no id'."),
    (None, on(OnHold, call_id=""), "OnHold refused: phoneCallId is missing."),
    (over(), on(OnHold), f"OnHold refused: call {CALL} has ended."),
    (connected(), on(OnHold, extension="999"), "OnHold refused: extension '999' takes no part in the call."),
    (connected(), on(OnHold, ""), "OnHold refused: phoneCallViewId is missing."),
    (connected(), on(Held, "77"), "Held refused: the call has no view 77."),
    (parked(), on(OnHold, "01"), "OnHold refused: view 01 has ended."),
    (connected(), on(StartRecording, format="mp3"), "StartRecording refused: format must be wav or wav49, not 'mp3'."),
    (
        connected(),
        on(BargeIn, caller_id="a;b"),
        "BargeIn refused: callerId may contain only letters, digits, spaces and < > + *.",
    ),
    (connected(), on(BargeIn, caller_id="9" * 256), "BargeIn refused: callerId may have at most 255 characters."),
    (connected(), on(BargeIn, send_call_to=""), "BargeIn refused: sendCallTo is missing."),
    (
        connected(),
        on(Park, max_in_parking=9),
        "Park refused: maxInParking must be a whole number from 10 to 3600, not '9'.",
    ),
    (
        connected(),
        on(Transfer, transfer_number=BOB, transfer_from_number=BOB),
        f"Transfer refused: transferNumber '{BOB}' is also transferFromNumber.",
    ),
    (
        supervised(),
        on(OnHold, "02"),
        "OnHold refused: view 02 has the role MONITOR; it must be PARTY or BARGE.",
    ),
    (conference(), on(Park), "Park refused: the call has 3 sides; it must have exactly 2."),
    (connected(), on(FarEndRang, "01"), "FarEndRang refused: view 01 is not on the calling side."),
    (two_sources(), on(FarEndRang, "00"), "FarEndRang refused: view 00 is dialled by the service."),
    (changed(dialling(), "00", state=TRYING), on(Rang), "Rang refused: view 00 dials itself, so it cannot ring."),
    (connected(), on(PickUp, "01"), "PickUp refused: view 01 is CONNECTED; it must be RINGING."),
    (
        connected(),
        on(BargeIn, send_call_to=BOB),
        f"BargeIn refused: sendCallTo '{BOB}' is already in the call.",
    ),
    (
        connected(),
        on(Transfer, transfer_number=DAVE, send_call_to=CAROL),
        f"Transfer refused: transferNumber '{DAVE}' is not a party to be transferred.",
    ),
    (connected(), on(Transfer, None), "Transfer refused: transferFromNumber is missing."),
    (
        call_of(*ringing().views, view("02", CAROL, RINGING, side=1)),
        on(Transfer, "00"),
        "Transfer refused: several phones ring; transferFromNumber must tell which of them transfers the call.",
    ),
    (
        _RECORDED,
        on(StartRecording, format="wav49"),
        "StartRecording refused: view 00 is already being recorded in wav; that recording must be stopped first.",
    ),
    (
        call_of(*connected().views, allow_public_transfer=False),
        on(Transfer),
        "Transfer refused: the call goes to an outside number and was created without allowPublicTransfer.",
    ),
    (connected(), on(Park, position=None), "Park refused: no parking position is free."),
    (
        call_of(
            view("00", CAROL, RINGING, side=0),
            view("01", BOB, TRYING, side=1, listed=False, waits=True),
        ),
        on(Transfer, "00", transfer_from_number=CAROL),
        "Transfer refused: view 00 is a source, and its destinations wait for it to answer.",
    ),
    (
        changed(incoming(), "01", outside=True),
        on(Park, "01"),
        "Park refused: no party of the call is an extension that can send the other away.",
    ),
)
STRICT_SENTENCES: tuple[tuple[PhoneCall, Action, str], ...] = (
    (connected(), on(OffHold, "01"), "OffHold refused: view 01 is CONNECTED; it must be ON_HOLD."),
    (connected(), on(StopRecording, "01"), "StopRecording refused: view 01 is not being recorded."),
    (_RECORDED, on(StartRecording), "StartRecording refused: view 00 is already being recorded."),
    (
        retrieving(CAROL),
        on(UnPark, send_call_to=CAROL),
        f"UnPark refused: {CAROL} already rings for view 00, or has answered.",
    ),
    (
        ringing(),
        on(Transfer, send_call_to=BOB),
        f"Transfer refused: view 00 already faces {BOB}.",
    ),
    (conference(), on(HangUp, None, phone_number=DAVE), f"HangUp refused: phoneNumber '{DAVE}' is not in the call."),
    (parked(), on(HangUp, "01"), "HangUp refused: view 01 has ended."),
    (
        done(conference(), on(HangUp, "01")),
        on(HangUp, None, extension=BOB),
        f"HangUp refused: extension '{BOB}' has already left the call.",
    ),
)


class TestRefusals:
    def test_it_names_the_view_in_the_way_and_what_is_allowed_now(self) -> None:
        refusal = refused(ringing(), on(OffHold, "01"))
        assert (refusal.code, refusal.action, refusal.view_id) == (ErrorCode.WRONG_STATE, "OffHold", "01")
        assert refusal.state is RINGING
        assert refusal.allowed == ("PickUp", "Transfer", "TransferToVoicemail", "HangUp")

    def test_it_names_the_field_at_fault_with_its_value(self) -> None:
        refusal = refused(connected(), on(Whisper, wait_for_pickup="soon"))
        assert (refusal.parameter, refusal.value, refusal.view_id) == ("waitForPickup", "soon", "00")
        assert refusal.allowed == allowed_actions(connected(), "00")

    def test_it_names_the_state_of_the_view_whatever_is_at_fault(self) -> None:
        """A client sees where the view stands without asking again, though it was a field that was wrong."""
        assert refused(connected(), on(Whisper, wait_for_pickup="soon")).state is CONNECTED
        assert refused(connected(), on(Park, position=None)).state is CONNECTED

    def test_it_names_the_state_of_a_view_that_has_ended(self) -> None:
        left = done(conference(), on(HangUp, "00"))
        assert refused(left, on(OnHold, "00")).state is ENDED

    @pytest.mark.parametrize(
        ("call", "fields"),
        [(connected(), {"extension": "0003*999"}), (over(), {}), (connected(), {"call_id": "other"}), (None, {})],
        ids=["stranger", "over", "other", "unknown"],
    )
    def test_a_stranger_learns_nothing_of_a_call(self, call: PhoneCall | None, fields: dict[str, str]) -> None:
        refusal = refused(call, on(OnHold, "00", **fields))
        assert (refusal.view_id, refusal.state, refusal.allowed) == (None, None, ())

    @pytest.mark.parametrize("action", [on(OnHold, "00"), on(Held, "01"), on(Park, "01")], ids=repr)
    def test_the_state_of_a_view_that_is_not_listed_is_never_told(self, action: Action) -> None:
        """Somebody outside (00) is alone in a conversation with Bob (01), whom nothing reports as connected."""
        call = changed(incoming(RINGING), "01", state=ANSWERED, ringing=None)
        call = changed(call, "00", state=TRYING) if isinstance(action, OnHold) else call
        refusal = refused(call, action)
        assert refusal.view_id != "00" or refusal.state is None
        assert "TRYING" not in refusal.message

    def test_an_unlisted_party_in_the_way_is_the_other_party(self) -> None:
        call = changed(outgoing(), "01", state=ANSWERED)
        refusal = refused(call, on(Park, "00"))
        assert (refusal.view_id, refusal.state) == ("01", None)
        assert refusal.message == "Park refused: the other party must be CONNECTED or ON_HOLD."

    @pytest.mark.parametrize("view_id", ["00", "77"])
    def test_a_view_that_is_not_listed_is_refused_like_one_that_is_not_there(self, view_id: str) -> None:
        refusal = refused(incoming(), on(OnHold, view_id))
        assert (refusal.view_id, refusal.state, refusal.allowed) == (view_id, None, ())
        assert refusal.message == f"OnHold refused: the call lists no view {view_id}."

    @pytest.mark.parametrize(
        ("fields", "view_id"),
        [
            ({"extension": BOB}, "01"),
            ({"transfer_from_number": CAROL}, "02"),
            ({"transfer_number": ALICE, "extension": BOB}, "00"),
            ({"transfer_number": "0003*999", "extension": BOB}, "01"),
            ({"extension": "@self"}, None),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("kind", [Transfer, TransferToVoicemail])
    def test_a_transfer_without_a_view_is_about_the_party_that_it_tells(
        self, kind: type[Action], fields: dict[str, str], view_id: str | None
    ) -> None:
        refusal = refused(conference(), on(kind, None, **fields))
        assert (refusal.code, refusal.view_id) == (ErrorCode.WRONG_STATE, view_id)
        assert refusal.state is (None if view_id is None else CONNECTED)

    def test_it_names_the_other_party_if_that_is_in_the_way(self) -> None:
        call = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, RINGING, side=1))
        refusal = refused(call, on(Park, "00"))
        assert (refusal.view_id, refusal.state) == ("01", RINGING)
        assert refusal.allowed == allowed_actions(call, "00")

    def test_it_is_a_sentence(self) -> None:
        refusal = refused(ringing(), on(OnHold, "01"))
        assert refusal.message == "OnHold refused: view 01 is RINGING; it must be CONNECTED."
        assert str(refusal) == refusal.message
        assert refusal.reason == "view 01 is RINGING; it must be CONNECTED"

    @pytest.mark.parametrize(("call", "action", "message"), SENTENCES, ids=lambda value: str(value)[:40])
    def test_its_sentences(self, call: PhoneCall | None, action: Action, message: str) -> None:
        assert refused(call, action).message == message

    @pytest.mark.parametrize(("call", "action", "message"), STRICT_SENTENCES, ids=lambda value: str(value)[:40])
    def test_the_sentences_of_repeats(self, call: PhoneCall, action: Action, message: str) -> None:
        assert refused(call, action, rules=STRICT).message == message

    def test_a_long_value_is_cut_in_the_sentence_alone(self) -> None:
        refusal = refused(connected(), on(OnHold, "1" * 10_000))
        assert refusal.value == "1" * 10_000
        assert len(refusal.message) < 300

    def test_a_number_of_very_many_digits_is_refused_like_any_other(self) -> None:
        """Python itself does not write it in base 10."""
        refusal = refused(connected(), on(Whisper, wait_for_pickup=10**5000))
        assert (refusal.code, refusal.value) == (ErrorCode.WAIT_FOR_PICKUP_INVALID, hex(10**5000))
        assert len(refusal.message) < 300

    def test_nothing_is_allowed_on_a_view_that_cannot_be_named(self) -> None:
        for view_id in ("99", ""):
            assert refused(connected(), on(OnHold, view_id)).allowed == ()
        assert refused(callback(), on(OnHold, "00")).allowed == ()

    def test_it_can_be_raised(self) -> None:
        refusal = refused(ringing(), on(OnHold, "01"))
        with pytest.raises(CallStateError, match="view 01 is RINGING") as raised:
            unwrap(refusal)
        assert raised.value.error is refusal

    def test_what_is_no_refusal_is_unwrapped(self) -> None:
        call = connected()
        assert unwrap(call) is call

    @pytest.mark.parametrize("action", [None, "OnHold", OnHold, 5, {"action": "OnHold"}])
    def test_what_is_no_action_is_a_mistake_of_the_caller(self, action: Any) -> None:  # Any: the point
        with pytest.raises(TypeError, match="action"):
            apply_action(connected(), action, at=at(20))

    @pytest.mark.parametrize("now", [datetime(2026, 3, 2), datetime(10_000 - 1, 12, 31)])  # noqa: DTZ001  # the point
    def test_a_naive_instant_is_a_mistake_of_the_caller(self, now: datetime) -> None:
        with pytest.raises(ValueError, match="a date needs an offset"):
            apply_action(connected(), on(OnHold), at=now)

    @pytest.mark.parametrize("call", [5, "call", object()])
    def test_what_is_no_call_is_a_mistake_of_the_caller(self, call: Any) -> None:  # Any: the point
        with pytest.raises(TypeError, match="needs a PhoneCall"):
            apply_action(call, on(OnHold), at=at(20))

    def test_a_refusal_is_no_call(self) -> None:
        refusal: Any = refused(ringing(), on(OnHold, "01"))  # Any: a type checker would say so too
        told = (
            "needs a PhoneCall, and got the refusal 'OnHold refused: view 01 is RINGING; it must be CONNECTED.'; "
            "check each result, or use unwrap()"
        )
        with pytest.raises(TypeError) as raised:
            apply_action(refusal, on(OnHold), at=at(20))
        assert str(raised.value) == f"apply_action {told}"
        with pytest.raises(TypeError, match=r"^advance needs a PhoneCall, and got the refusal"):
            advance(refusal, at=at(20))
        with pytest.raises(TypeError, match=r"^steps needs a PhoneCall, and got the refusal"):
            steps(refusal, at=at(20))


class TestAnUnknownState:
    @pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail])
    @RULE_SETS
    def test_every_action_is_refused(self, kind: type[Action], rules: Rules) -> None:
        assert refused(unknown(), on(kind), rules=rules).code is ErrorCode.WRONG_STATE

    def test_only_hanging_up_is_allowed(self) -> None:
        assert allowed_actions(unknown(), "00") == ("HangUp",)

    def test_it_is_refused_before_a_repeat(self) -> None:
        assert refused(unknown(), on(Transfer, send_call_to=BOB)).code is ErrorCode.WRONG_STATE


@RULE_SETS
@pytest.mark.parametrize("kind", [*ON_A_VIEW, Transfer, TransferToVoicemail])
def test_a_call_that_is_over_takes_no_action(kind: type[Action], rules: Rules) -> None:
    assert refused(over(), on(kind), rules=rules).code is ErrorCode.CALL_ENDED


def test_a_repeat_with_a_broken_field_is_refused() -> None:
    call = changed(connected(), "00", recording=Recording(since=at(6)))
    assert refused(call, on(StartRecording, format="mp3")).code is ErrorCode.FORMAT_INVALID
    leg = view("02", DAVE, CONNECTED, side=2, role=BARGE)
    refusal = refused(call_of(*connected().views, leg), on(BargeIn, wait_for_pickup=0))
    assert refusal.code is ErrorCode.WAIT_FOR_PICKUP_INVALID


def test_a_repeat_is_asked_before_the_target() -> None:
    """Dave is in the call already, because this is a retry."""
    call = call_of(*connected().views, view("02", DAVE, RINGING, role=BARGE, target="00"))
    assert done(call, on(BargeIn)) is call
    assert states(done(call, on(Answered, "02"))) == (CONNECTED, CONNECTED, CONNECTED)


def test_an_ended_view_is_for_hanging_up_and_for_a_repeated_park_alone() -> None:
    call = parked()
    assert seen(call, "01").state is ENDED
    assert done(call, on(HangUp, "01")) is call
    assert done(call, on(Park, "01")) is call
    assert refused(call, on(OnHold, "01")).code is ErrorCode.PHONECALLVIEW_INVALID
    assert allowed_actions(call, "01") == ()


def test_a_call_is_not_transferred_to_a_number_that_no_request_can_name() -> None:
    """`*43` is a party's number on the wire, and yet nothing to which a call can be sent."""
    call = changed(incoming(RINGING), "00", extension="*43")
    assert refused(call, on(Transfer, "01", send_call_to="*43")).code is ErrorCode.SEND_CALL_TO_INVALID


def test_an_outside_number_cannot_be_made_to_join() -> None:
    """A listing may show an outside number as an extension."""
    joined = call_of(*connected().views, view("02", OUTSIDE, RINGING, role=BARGE, target="00", outside=True))
    assert refused(joined, on(BargeIn, send_call_to=OUTSIDE)).code is ErrorCode.SEND_CALL_TO_INVALID


def test_a_phone_that_rings_to_retrieve_has_parked_nobody() -> None:
    call = retrieving(DAVE)
    assert refused(call, on(Park, "02", extension=DAVE)).code is ErrorCode.WRONG_STATE
    assert allowed_actions(call, "02") == ("PickUp", "HangUp")


@RULE_SETS
def test_of_an_unknown_state_who_is_parked_there_says_nothing(rules: Rules) -> None:
    call = changed(retrieving(DAVE), "02", state=UNKNOWN, until=None)
    assert refused(call, on(Park, "02", extension=DAVE), rules=rules).code is ErrorCode.WRONG_STATE
    assert allowed_actions(call, "02", rules=rules) == ("HangUp",)


def test_a_party_that_holds_is_told_what_it_may_do() -> None:
    call = changed(connected(), "00", state=ON_HOLD, on_hold=at(8))
    told = ("OffHold", "Park", "Monitor", "Transfer", "TransferToVoicemail", "StartRecording", "HangUp")
    assert allowed_actions(call, "00") == allowed_actions(call, "00", rules=STRICT) == told
