"""Legs: what a new view is like, when a phone rings to pick up or to join, and when it rings already."""

import pytest

from callstate import (
    STRICT,
    Action,
    Answered,
    BargeIn,
    ErrorCode,
    Flow,
    HungUp,
    Monitor,
    OnHold,
    PickUp,
    Role,
    Transfer,
    TransferToVoicemail,
    ViewState,
    Whisper,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, MONITOR, ON_HOLD, RINGING, WHISPER
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    OUTSIDE,
    at,
    call_of,
    changed,
    conference,
    connected,
    done,
    incoming,
    on,
    refused,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    view,
)

JOINING = pytest.mark.parametrize(("kind", "role"), [(BargeIn, BARGE), (Whisper, WHISPER), (Monitor, MONITOR)])


class TestNewViews:
    def test_a_new_view_has_the_next_id(self) -> None:
        assert done(connected(), on(Monitor)).views[-1].id == "02"

    def test_an_id_is_never_used_again(self) -> None:
        call = done(connected(), on(Monitor), on(HungUp, "02"), on(Monitor))
        assert [v.id for v in call.views] == ["00", "01", "02", "03"]

    def test_an_id_may_outgrow_two_digits(self) -> None:
        call = call_of(view("00", ALICE, CONNECTED, side=0), view("99", BOB, CONNECTED, side=1))
        assert done(call, on(Monitor)).views[-1].id == "100"

    def test_the_next_id_follows_the_number_not_the_text(self) -> None:
        call = call_of(view("7", ALICE, CONNECTED, side=0), view("0008", BOB, CONNECTED, side=1))
        assert done(call, on(Monitor, "7")).views[-1].id == "09"

    @pytest.mark.parametrize(
        "action",
        [on(BargeIn), on(Whisper), on(Monitor), on(Transfer), on(TransferToVoicemail)],
        ids=lambda action: type(action).__name__,
    )
    def test_every_action_that_dials_adds_one_view(self, action: Action) -> None:
        assert [v.id for v in done(connected(), action).views] == ["00", "01", "02"]


class TestPickUp:
    def test_the_leg_stands_beside_the_phone_that_rings(self) -> None:
        leg = seen(done(incoming(RINGING), on(PickUp, "01", caller_id="Ops <1>", wait_for_pickup=7)), "02")
        assert (leg.extension, leg.state, leg.side, leg.role) == (DAVE, RINGING, 1, Role.PARTY)
        assert (leg.source, leg.destination, leg.flow) == ((OUTSIDE,), (BOB,), Flow.INCOMING)
        assert (leg.ringing, leg.until, leg.caller_id, leg.listed) == (at(20), at(27), "Ops <1>", True)

    def test_a_source_that_the_service_rings_may_be_picked_up(self) -> None:
        call = done(two_sources(), on(PickUp, "00"), on(Answered, "03"))
        assert states(call) == (ENDED, ENDED, RINGING, ANSWERED)

    @pytest.mark.parametrize("number", [DAVE, BOB])
    def test_a_phone_that_rings_there_already_is_a_repeat(self, number: str) -> None:
        call = done(ringing(), on(PickUp, "01"))
        assert done(call, on(PickUp, "01", send_call_to=number)) is call
        assert refused(call, on(PickUp, "01", send_call_to=number), rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_the_caller_cannot_pick_up_his_own_call(self) -> None:
        refusal = refused(ringing(), on(PickUp, "01", send_call_to=ALICE))
        assert refusal.code is ErrorCode.SEND_CALL_TO_INVALID

    def test_what_was_answered_cannot_be_picked_up(self) -> None:
        refusal = refused(connected(), on(PickUp, "01"))
        assert (refusal.code, refusal.state) == (ErrorCode.WRONG_STATE, CONNECTED)

    def test_a_repeat_needs_the_view_to_ring(self) -> None:
        call = done(ringing(), on(PickUp, "01"))
        assert refused(call, on(PickUp, "00")).code is ErrorCode.WRONG_STATE

    def test_a_ring_back_may_be_picked_up_by_a_colleague(self) -> None:
        call = done(retrieving(BOB), on(PickUp, "02"), on(Answered, "03"))
        assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)

    def test_the_phone_shows_who_calls(self) -> None:
        call = changed(ringing(), "01", caller_id="John <3334444>")
        assert seen(done(call, on(PickUp, "01")), "02").caller_id == "John <3334444>"
        assert seen(done(call, on(PickUp, "01", caller_id="Me <1>")), "02").caller_id == "Me <1>"

    @pytest.mark.parametrize("named", ["01", "02"])
    def test_a_retry_after_the_answer_changes_nothing(self, named: str) -> None:
        call = done(ringing(), on(PickUp, "01"), on(Answered, "02"))
        assert done(call, on(PickUp, named)) is call
        assert refused(call, on(PickUp, named), rules=STRICT).code is ErrorCode.WRONG_STATE
        assert refused(call, on(PickUp, "01", send_call_to=ERIN)).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_to_pick_up_what_rings_at_the_phone_itself_is_a_repeat(self) -> None:
        call = ringing()
        assert done(call, on(PickUp, "01", send_call_to=BOB)) is call

    def test_the_view_of_another_who_left_is_none_to_pick_up(self) -> None:
        call = done(ringing(), on(PickUp, "01"), on(HungUp, "02"))
        assert refused(call, on(PickUp, "02")).code is ErrorCode.PHONECALLVIEW_INVALID


class TestSupervision:
    @JOINING
    def test_the_leg_rings_with_its_target(self, kind: type[Action], role: Role) -> None:
        leg = seen(done(connected(), on(kind, "01", caller_id="x", wait_for_pickup="3600")), "02")
        assert (leg.extension, leg.state, leg.role, leg.target, leg.side) == (DAVE, RINGING, role, "01", None)
        assert (leg.source, leg.destination, leg.flow) == ((BOB,), (DAVE,), Flow.LOCAL)
        assert (leg.ringing, leg.until, leg.caller_id) == (at(20), at(3620), "x")

    @JOINING
    def test_a_listener_to_one_who_speaks_with_the_outside_is_of_this_system(
        self, kind: type[Action], role: Role
    ) -> None:
        leg = seen(done(incoming(), on(kind, "01")), "02")
        assert (leg.role, leg.flow) == (role, Flow.LOCAL)

    @JOINING
    def test_a_phone_that_rings_to_join_already_is_a_repeat(self, kind: type[Action], role: Role) -> None:
        call = supervised(role, RINGING)
        assert done(call, on(kind, "01", send_call_to=CAROL, wait_for_pickup=9)) is call
        assert refused(call, on(kind, "01", send_call_to=CAROL), rules=STRICT).code is ErrorCode.WRONG_STATE

    @JOINING
    def test_a_phone_that_has_joined_already_is_a_repeat(self, kind: type[Action], role: Role) -> None:
        call = done(supervised(role, RINGING), on(Answered, "02"))
        assert done(call, on(kind, "01", send_call_to=CAROL)) is call
        assert refused(call, on(kind, "01", send_call_to=CAROL), rules=STRICT).code is ErrorCode.WRONG_STATE

    @JOINING
    def test_a_repeat_does_not_ask_for_the_state_of_the_target(self, kind: type[Action], role: Role) -> None:
        call = done(supervised(role, RINGING), on(OnHold, "01"))
        assert done(call, on(kind, "01", send_call_to=CAROL)) is call

    @JOINING
    @pytest.mark.parametrize("state", [RINGING, CONNECTED])
    def test_a_phone_that_has_joined_takes_another_role_without_ringing_again(
        self, kind: type[Action], role: Role, state: ViewState
    ) -> None:
        other = MONITOR if role is not MONITOR else WHISPER
        before = changed(supervised(other, state), "02", caller_id="Boss <1>")
        call = done(before, on(kind, "01", send_call_to=CAROL, caller_id="Me <2>", wait_for_pickup=5))
        old, new = seen(before, "02"), seen(call, "02")
        assert (new.role, new.state, new.until, new.caller_id) == (role, state, old.until, "Boss <1>")
        assert len(call.views) == len(before.views)
        assert new.side == (2 if role is BARGE and state is CONNECTED else None)

    @pytest.mark.parametrize("kind", [Whisper, Monitor])
    def test_a_phone_that_rings_to_barge_in_takes_another_role(self, kind: type[Action]) -> None:
        call = done(supervised(BARGE, RINGING), on(kind, "01", send_call_to=CAROL))
        assert seen(call, "02").role.name == kind.__name__.upper()

    def test_a_whisper_becomes_private_and_public_again(self) -> None:
        call = supervised(WHISPER)
        private = done(call, on(Whisper, "01", send_call_to=CAROL, private=1))
        assert (seen(private, "02").private, len(private.views)) == (True, 3)
        assert done(private, on(Whisper, "01", send_call_to=CAROL, private="1")) is private
        assert not seen(done(private, on(Whisper, "01", send_call_to=CAROL)), "02").private
        assert not seen(done(private, on(Monitor, "01", send_call_to=CAROL)), "02").private

    @pytest.mark.parametrize("kind", [BargeIn, Whisper])
    def test_a_role_changes_only_where_the_phone_could_be_rung(self, kind: type[Action]) -> None:
        call = changed(supervised(MONITOR), "01", state=ON_HOLD, on_hold=at(8))
        assert refused(call, on(kind, "01", send_call_to=CAROL)).code is ErrorCode.WRONG_STATE

    @pytest.mark.parametrize("kind", [Whisper, Monitor])
    def test_a_supervisor_of_one_party_does_not_supervise_the_other(self, kind: type[Action]) -> None:
        call = supervised(WHISPER if kind is Whisper else MONITOR)
        assert refused(call, on(kind, "00", send_call_to=CAROL)).code is ErrorCode.SEND_CALL_TO_INVALID

    def test_who_has_barged_in_has_joined_everybody(self) -> None:
        call = conference()
        assert done(call, on(BargeIn, "00", send_call_to=CAROL)) is call

    @pytest.mark.parametrize(("private", "told"), [(0, False), ("0", False), (1, True), ("1", True)])
    def test_a_whisper_may_be_private(self, private: int | str, *, told: bool) -> None:
        assert seen(done(connected(), on(Whisper, "01", private=private)), "02").private is told

    def test_several_may_supervise(self) -> None:
        call = done(
            connected(), on(Monitor, "01"), on(Monitor, "01", send_call_to=ERIN), on(Monitor, "00", send_call_to="999")
        )
        assert [v.role for v in call.views[2:]] == [MONITOR] * 3

    def test_a_party_that_has_barged_in_may_be_supervised(self) -> None:
        assert seen(done(conference(), on(Monitor, "02")), "03").target == "02"
