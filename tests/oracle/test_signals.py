"""Examples of signals and of the rules across the legs of a call."""

import pytest

from callstate.domain import (
    ANSWERED,
    OFF_HOOK,
    RINGING,
    TRYING,
    UNKNOWN,
    Answered,
    Dialled,
    Disposition,
    ErrorCode,
    FarEndRang,
    HangUp,
    Held,
    HungUp,
    OffHold,
    OnHold,
    Rang,
    Resumed,
)
from tests.oracle.conftest import Begin
from tests.oracle.starts import (
    ALICE,
    BOB,
    CAROL,
    OUTSIDE,
    STARTS,
    call,
    callee,
    caller,
    long_call,
    lot,
    on_call,
    seconds,
)

TALK = on_call(ALICE, BOB)


def test_a_hold_at_the_phone_is_a_hold_and_reported_again_it_is_late(begin: Begin) -> None:
    example = begin(TALK)
    example.do(Held, "01", at=3)
    assert example.states == ["CONNECTED", "ON_HOLD"]
    assert example.view("01").on_hold == seconds(3)
    example.repeat(Held, "01")
    example.do(Resumed, "01")
    assert example.states == ["CONNECTED", "CONNECTED"]
    example.repeat(Resumed, "01")


def test_a_hold_by_request_is_released_at_the_phone(begin: Begin) -> None:
    example = begin(TALK)
    example.do(OnHold, "00")
    example.repeat(Held, "00")
    example.do(Resumed, "00")
    example.repeat(OffHold, "00")


def test_reports_after_a_quick_hold_and_release_hold_and_release_once_more(begin: Begin) -> None:
    example = begin(TALK)
    example.do(OnHold, "00")
    example.do(OffHold, "00")
    example.do(Held, "00")
    example.do(Resumed, "00")
    assert example.states == ["CONNECTED", "CONNECTED"]


def test_a_hold_is_not_reported_of_a_phone_that_rings_or_of_a_supervisor_or_an_unknown_state(begin: Begin) -> None:
    assert begin(STARTS["local, ringing"]).refused(Held, "01") is ErrorCode.WRONG_STATE
    assert begin(STARTS["local, ringing"]).refused(Resumed, "00") is ErrorCode.WRONG_STATE
    assert begin(STARTS["conference"]).refused(Held, "3") is ErrorCode.WRONG_STATE
    assert begin(STARTS["unknown"]).refused(Held, "00") is ErrorCode.WRONG_STATE
    assert begin(STARTS["unknown"]).refused(Resumed, "00") is ErrorCode.WRONG_STATE


@pytest.mark.parametrize("kind", [Held, Resumed])
def test_a_hold_reported_of_a_party_that_is_parked_or_has_left_is_late(
    begin: Begin, kind: type[Held] | type[Resumed]
) -> None:
    begin(STARTS["parked"]).repeat(kind, "00")
    begin(STARTS["parked"]).repeat(kind, "01")


def test_late_signals_are_repeats_by_the_strict_rules_too(begin: Begin) -> None:
    example = begin(TALK, strict=True)
    example.repeat(Resumed, "00")
    example.repeat(Answered, "01")


def test_an_answer_without_a_ring_connects_the_caller_that_dials_itself(begin: Begin) -> None:
    for state in (OFF_HOOK, TRYING):
        example = begin(call(caller(ALICE, state=state), callee(BOB, state=TRYING)))
        example.do(Answered, "01", at=3)
        assert example.states == ["CONNECTED", "CONNECTED"]
        assert example.call.answered == example.view("00").answered == seconds(3)


def test_an_answer_does_not_connect_a_source_that_the_service_rings(begin: Begin) -> None:
    example = begin(STARTS["outside source"])
    example.do(Answered, "01", at=3)
    assert example.states == ["TRYING", "ANSWERED"]


def test_an_answer_connects_no_one_of_two_callers(begin: Begin) -> None:
    example = begin(
        call(caller(ALICE, state=TRYING), callee(BOB, state=TRYING), caller(CAROL, id="02", state=OFF_HOOK))
    )
    example.do(Answered, "01")
    assert example.states == ["TRYING", "ANSWERED", "OFF_HOOK"]


def test_the_far_end_rings_only_for_a_phone_that_dials_itself(begin: Begin) -> None:
    begin(STARTS["local, nothing rings"]).do(FarEndRang, "00")
    assert begin(STARTS["outside source"]).refused(FarEndRang, "00") is ErrorCode.WRONG_STATE
    assert begin(STARTS["outside source"]).refused(Dialled, "00") is ErrorCode.WRONG_STATE
    ringing = call(caller(ALICE, state=RINGING), callee(BOB, state=TRYING))
    assert begin(ringing).refused(Dialled, "00") is ErrorCode.WRONG_STATE
    assert begin(ringing).refused(FarEndRang, "00") is ErrorCode.WRONG_STATE


def test_a_caller_that_dials_itself_is_answered_but_does_not_ring(begin: Begin) -> None:
    example = begin(STARTS["local, nothing rings"])
    assert example.refused(Rang, "00") is ErrorCode.WRONG_STATE
    example.do(Answered, "00")
    assert begin(STARTS["outside source"]).refused(Dialled, "01") is ErrorCode.WRONG_STATE
    begin(STARTS["outside source"]).do(Rang, "00")


def test_the_ring_of_an_outside_leg_starts_its_limit_again(begin: Begin) -> None:
    example = begin(STARTS["outside source"])
    example.do(Rang, "00", at=30)
    assert example.view("00").until == seconds(70)


def test_a_view_in_unknown_is_not_ended_by_the_first_answer_and_stands_aside_when_it_answers(begin: Begin) -> None:
    fork = call(
        caller(ALICE, state=ANSWERED, answered=seconds(0)),
        callee(BOB, state=UNKNOWN),
        callee(CAROL, id="02", state=RINGING),
    )
    example = begin(fork)
    example.do(Answered, "02")
    assert example.states == ["CONNECTED", "UNKNOWN", "CONNECTED"]
    example.do(Answered, "01")
    assert example.states == ["CONNECTED", "CONNECTED", "CONNECTED"]
    assert [view.side for view in example.call.views] == [0, 2, 1]


def test_nobody_is_alone_while_the_state_of_another_side_is_unknown(begin: Begin) -> None:
    example = begin(call(caller(ALICE), callee(BOB, state=UNKNOWN), callee(CAROL, id="02", side=2)))
    example.do(HungUp, "02")
    assert example.states == ["CONNECTED", "UNKNOWN", "ENDED"]
    example.do(HungUp, "01")
    assert example.call.over


def test_a_party_that_falls_back_alone_has_been_answered(begin: Begin) -> None:
    example = begin(call(caller(ALICE), callee(BOB), callee(CAROL, id="02", side=2, state=RINGING)))
    example.do(HungUp, "01", at=4)
    assert example.states == ["ANSWERED", "ENDED", "RINGING"]
    assert example.view("00").answered == seconds(4)
    example.do(HungUp, "02", disposition=Disposition.BUSY)
    assert [view.disposition for view in example.call.views] == [
        Disposition.ANSWERED,
        Disposition.ANSWERED,
        Disposition.BUSY,
    ]


def test_signals_but_those_of_a_hold_lead_out_of_unknown(begin: Begin) -> None:
    for kind, state in ((Dialled, "TRYING"), (Rang, "RINGING"), (FarEndRang, "ANSWERED"), (Answered, "ANSWERED")):
        example = begin(STARTS["unknown"])
        example.do(kind, "00")
        assert example.states == [state, "UNKNOWN"]


def test_a_signal_of_a_call_that_is_over_is_late(begin: Begin) -> None:
    example = begin(TALK)
    example.do(HangUp)
    example.repeat(Held, "00")
    example.repeat(Dialled, "01")


def test_an_outside_party_that_was_told_busy_after_its_answer_counts_as_answered(begin: Begin) -> None:
    for told in Disposition:
        example = begin(on_call(ALICE, OUTSIDE))
        example.do(HungUp, "01", disposition=told)
        assert example.view("01").disposition is Disposition.ANSWERED
        assert example.view("01").reason == "HUNG_UP"


def test_the_rules_connect_a_parked_party_when_its_other_side_is_up(begin: Begin) -> None:
    waiting = lot(OUTSIDE)
    example = begin(call(*waiting.views, caller(CAROL, id="02", state=RINGING), answered=seconds(0)))
    example.do(Answered, "02")
    assert example.states == ["ENDED", "CONNECTED", "CONNECTED"]
    assert not example.view("01").listed


def test_a_signal_of_a_view_that_the_call_carries_no_longer_is_late(begin: Begin) -> None:
    views = long_call().views
    forgetful = long_call(forgotten=2, views=(*views[:2], *views[4:]))
    begin(forgetful).repeat(Held, "03")
    begin(forgetful).repeat(HungUp, "02")
    assert begin(forgetful).refused(Held, "77") is ErrorCode.PHONECALLVIEW_INVALID
