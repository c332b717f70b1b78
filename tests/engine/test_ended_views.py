"""What a long call carries of the parties that have left."""

import pytest

from callstate import (
    STRICT,
    Action,
    Answered,
    DomainError,
    EndReason,
    ErrorCode,
    HangUp,
    HungUp,
    Monitor,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    PickUp,
    Transfer,
    UnPark,
    allowed_actions,
    apply_action,
)
from callstate.domain import BARGE, CONNECTED, ENDED, RINGING, SIGNALS, view_id
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    at,
    call_of,
    conference,
    connected,
    done,
    on,
    parked,
    refused,
    ringing,
    seen,
    view,
)


def left(number: int, ended: float = 9, **fields: object) -> PhoneCallView:
    """Build a view that has left, mostly that of a supervisor."""
    needed = {"side": 3, "role": BARGE, "ended": at(ended)}
    return view(view_id(number), CAROL, ENDED, **(needed | fields))


def long(count: int = 10) -> PhoneCall:
    """Alice and Bob talk; so many others have joined and left."""
    return call_of(*connected().views, *(left(n) for n in range(2, 2 + count)))


def ids(call: PhoneCall) -> list[str]:
    return [v.id for v in call.views]


def listened(call: PhoneCall) -> PhoneCall:
    """Let Dave listen and leave."""
    call = done(call, on(Monitor, "00"))
    return done(call, on(HungUp, call.views[-1].id))


def test_ten_who_have_left_are_carried() -> None:
    assert len(done(long(), on(OnHold)).views) == 12
    assert done(long(), on(OnHold)).forgotten == 0


def test_of_more_the_first_are_forgotten_once_their_end_was_told() -> None:
    call = listened(long())
    assert (len(call.views), call.forgotten) == (12, 1)
    assert ids(call) == ["00", "01", *(view_id(n) for n in range(3, 13))]


def test_those_that_ended_first_go_first_whatever_their_ids() -> None:
    call = call_of(*connected().views, left(2, 9), left(3, 5), *(left(n) for n in range(4, 13)))
    assert "03" not in ids(done(call, on(OnHold)))


def test_a_hold_forgets_too() -> None:
    call = done(long(12), on(OnHold))
    assert (len(call.views), call.forgotten, ids(call)[2]) == (12, 2, "04")


def test_a_view_that_lived_before_this_input_stays() -> None:
    """Nine are in the call when it ends, so only the last of the ten who had left before is carried beside them."""
    others = [view(view_id(n), f"0003*{n}00", CONNECTED, side=n, role=BARGE) for n in range(2, 9)]
    call = done(call_of(*connected().views, *others, *(left(n, side=20) for n in range(9, 19))), on(HangUp, None))
    assert ids(call) == [*(view_id(n) for n in range(9)), "18"]
    assert (call.over, call.forgotten) == (True, 9)


def test_all_that_lived_before_this_input_stay() -> None:
    others = [view(view_id(n), f"0003*{n + 500}", CONNECTED, side=n, role=BARGE) for n in range(2, 14)]
    call = done(call_of(*connected().views, *others), on(HangUp, None))
    assert (len(call.views), call.forgotten) == (14, 0)


def test_the_highest_id_and_the_highest_side_are_never_given_again() -> None:
    views = [left(2, 1, side=7), *(left(n, 9) for n in range(3, 13)), left(13, 1)]
    call = done(call_of(*connected().views, *views), on(OnHold))
    assert {"02", "13"} <= set(ids(call))
    assert call.forgotten == 2
    joined = done(call, on(Monitor, "00", send_call_to=DAVE))
    assert joined.views[-1].id == "14"


def test_the_parker_stays_while_it_may_be_asked_for() -> None:
    call = done(long(9), on(Park, "00"))
    for _ in range(12):
        call = done(call, on(UnPark, "00", send_call_to=DAVE))
        call = done(call, on(HungUp, call.views[-1].id))
    assert seen(call, "01").reason is EndReason.PARKED
    assert call.forgotten == 12
    assert done(call, on(Park, "01")) is call


def test_a_transferor_stays_while_the_leg_in_its_place_lives() -> None:
    call = done(long(9), on(Transfer, "00", send_call_to=ERIN), on(Answered, "11"))
    for _ in range(12):
        call = listened(call)
    assert seen(call, "01").successor == "11"
    assert call.forgotten == 12
    assert done(call, on(Transfer, "00", send_call_to=ERIN)) is call


class TestWhatIsForgotten:
    CALL = listened(long())  # 02 is forgotten

    @pytest.mark.parametrize("kind", SIGNALS)
    def test_a_report_of_it_is_late(self, kind: type[Action]) -> None:
        assert done(self.CALL, on(kind, "02")) is self.CALL
        assert done(self.CALL, on(kind, "02"), rules=STRICT) is self.CALL

    def test_a_hang_up_of_it_is_a_repeat(self) -> None:
        assert done(self.CALL, on(HangUp, "02")) is self.CALL
        refusal = refused(self.CALL, on(HangUp, "02"), rules=STRICT)
        assert (refusal.code, refusal.message) == (ErrorCode.WRONG_STATE, "HangUp refused: view 02 has ended.")

    @pytest.mark.parametrize("kind", [OnHold, Park, PickUp, UnPark, Transfer])
    def test_all_else_is_refused(self, kind: type[Action]) -> None:
        assert refused(self.CALL, on(kind, "02")).code is ErrorCode.PHONECALLVIEW_INVALID
        assert allowed_actions(self.CALL, "02") == ()

    @pytest.mark.parametrize("other", ["13", "99", "x", "", "9" * 20])
    def test_an_id_that_the_call_never_had_is_none(self, other: str) -> None:
        for kind in (HungUp, HangUp):
            assert refused(self.CALL, on(kind, other)).code is ErrorCode.PHONECALLVIEW_INVALID

    def test_a_call_that_forgot_nobody_had_nobody_else(self) -> None:
        gap = call_of(view("00", ALICE, CONNECTED, side=0), view("02", BOB, CONNECTED, side=1))
        assert isinstance(apply_action(gap, on(HungUp, "01"), at=at(20)), DomainError)


def test_a_thousand_who_have_left_make_an_action_no_longer() -> None:
    call = connected()
    for _ in range(100):
        call = listened(call)
    assert (len(call.views), call.forgotten) == (12, 90)
    assert call.views[-1].id == "101"


def test_a_call_of_few_is_carried_whole() -> None:
    assert ids(done(conference(), on(HangUp, None))) == ["00", "01", "02"]
    assert done(ringing(), on(HungUp, "01")).forgotten == 0


def test_a_parker_that_nobody_knows_keeps_no_view() -> None:
    """The party was read as parked, and Bob, who parked it, never had a view in this call."""
    waits = parked().views[0]
    rings = view("01", DAVE, RINGING, side=1, until=at(35))
    call = done(call_of(waits, rings, *(left(n) for n in range(2, 12))), on(HungUp, "01"))
    assert ids(call) == ["00", "01", *(view_id(n) for n in range(3, 12))]
    assert call.forgotten == 1
