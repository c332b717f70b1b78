"""Examples of phones that join a call: BargeIn, Whisper and Monitor."""

import pytest

from callstate.domain import (
    BARGE,
    MONITOR,
    RINGING,
    WHISPER,
    Answered,
    BargeIn,
    ErrorCode,
    HungUp,
    Monitor,
    OnHold,
    Park,
    Whisper,
)
from tests.oracle.conftest import Begin
from tests.oracle.starts import ALICE, BOB, CAROL, DAVE, ERIN, T0, call, caller, on_call, seconds

TALK = on_call(ALICE, BOB)
LISTENS = caller(CAROL, id="02", side=None, role=MONITOR, target="01", answered=T0, caller_id="M")


def test_a_phone_that_listens_whispers_then_speaks_and_does_not_ring_again(begin: Begin) -> None:
    example = begin(call(*TALK.views, LISTENS, answered=T0))
    example.do(Whisper, "01", send_call_to=CAROL, private=1, caller_id="other", wait_for_pickup=99)
    leg = example.view("02")
    assert (leg.role, leg.private, leg.caller_id, leg.until, leg.answered) == (WHISPER, True, "M", None, T0)
    example.repeat(Whisper, "01", send_call_to=CAROL, private="1")
    example.do(Whisper, "01", send_call_to=CAROL, private=0)
    assert not example.view("02").private
    example.do(BargeIn, "01", send_call_to=CAROL)
    leg = example.view("02")
    assert (leg.role, leg.side, leg.target) == (BARGE, 2, None)
    assert example.states == ["CONNECTED", "CONNECTED", "CONNECTED"]
    example.repeat(BargeIn, "01", send_call_to=CAROL)
    assert example.refused(Monitor, "01", send_call_to=CAROL) is ErrorCode.SEND_CALL_TO_INVALID


def test_a_phone_that_rings_to_join_changes_its_role_and_keeps_its_limit(begin: Begin) -> None:
    example = begin(TALK)
    example.do(BargeIn, "00", at=1, send_call_to=CAROL, caller_id="B")
    example.do(Monitor, "00", at=5, send_call_to=CAROL, caller_id="M", wait_for_pickup=100)
    leg = example.view("02")
    assert (leg.role, leg.state, leg.until, leg.caller_id) == (MONITOR, RINGING, seconds(26), "B")
    example.repeat(Monitor, "00", send_call_to=CAROL)
    example.do(Answered, "02")
    assert example.view("02").state == "CONNECTED"


def test_a_change_of_role_needs_the_state_of_the_table(begin: Begin) -> None:
    example = begin(call(*TALK.views, LISTENS, answered=T0))
    example.do(OnHold, "01")
    example.repeat(Monitor, "01", send_call_to=CAROL)
    assert example.refused(Whisper, "01", send_call_to=CAROL) is ErrorCode.WRONG_STATE
    assert example.refused(BargeIn, "01", send_call_to=CAROL) is ErrorCode.WRONG_STATE


def test_a_phone_that_joined_another_party_is_in_the_call_already(begin: Begin) -> None:
    example = begin(call(*TALK.views, LISTENS, answered=T0))
    assert example.refused(Whisper, "00", send_call_to=CAROL) is ErrorCode.SEND_CALL_TO_INVALID
    assert example.refused(Monitor, "02", send_call_to=DAVE) is ErrorCode.WRONG_STATE


def test_a_leg_that_rings_to_join_has_no_caller_id_but_its_own(begin: Begin) -> None:
    seen = caller(ALICE, answered=T0, caller_id="John <1>")
    example = begin(call(seen, TALK.views[1], answered=T0))
    example.do(Monitor, "00", send_call_to=CAROL)
    assert (example.view("02").caller_id, example.view("02").source) == (None, (ALICE,))


@pytest.mark.parametrize("kind", [BargeIn, Whisper])
def test_who_holds_may_only_be_listened_to(begin: Begin, kind: type[BargeIn] | type[Whisper]) -> None:
    example = begin(TALK)
    example.do(OnHold, "01")
    assert example.refused(kind, "01", send_call_to=CAROL) is ErrorCode.WRONG_STATE
    example.do(Monitor, "01", extension=ERIN, send_call_to=CAROL)


def test_a_guest_who_barges_in_opens_a_side_never_used_before(begin: Begin) -> None:
    example = begin(TALK)
    for number, view_id in ((CAROL, "02"), (DAVE, "03")):
        example.do(BargeIn, "00", send_call_to=number)
        example.do(Answered, view_id)
        example.do(HungUp, view_id)
    assert [view.side for view in example.call.views] == [0, 1, 2, 3]


def test_a_guest_who_rings_to_join_ends_with_the_parking_of_its_target(begin: Begin) -> None:
    example = begin(TALK)
    example.do(BargeIn, "01", send_call_to=CAROL)
    example.do(Park, "01")
    assert example.reasons == ["PARKED", None, "TARGET_LEFT"]
