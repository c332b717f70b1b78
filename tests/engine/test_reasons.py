"""Why a view ended: one test for each reason."""

import pytest

from callstate import (
    Action,
    Answered,
    Disposition,
    EndReason,
    HangUp,
    HungUp,
    Park,
    PhoneCall,
    Transfer,
    advance,
)
from callstate.domain import MONITOR, RINGING
from tests.calls import (
    ALICE,
    BOB,
    at,
    call_of,
    connected,
    done,
    on,
    retrieving,
    ringing,
    supervised,
    two_sources,
    view,
)


def reasons(call: PhoneCall) -> list[EndReason | None]:
    return [v.reason for v in call.views]


@pytest.mark.parametrize("action", [on(HangUp, "00"), on(HungUp, "00"), on(HangUp, None, phone_number=ALICE)])
def test_a_party_that_hangs_up_and_the_other_that_is_left(action: Action) -> None:
    assert reasons(done(connected(), action)) == [EndReason.HUNG_UP, EndReason.OTHER_LEFT]


def test_a_whole_call_that_is_hung_up() -> None:
    assert reasons(done(supervised(), on(HangUp, None))) == [EndReason.HUNG_UP] * 3


def test_a_phone_that_rejects_the_call() -> None:
    call = done(ringing(), on(HungUp, "01", disposition=Disposition.BUSY))
    assert reasons(call) == [EndReason.OTHER_LEFT, EndReason.REJECTED]
    assert [v.disposition for v in call.views] == [Disposition.BUSY] * 2


def test_a_phone_that_nobody_answers() -> None:
    assert reasons(advance(retrieving(BOB), at=at(35)))[2] is EndReason.NO_ANSWER
    assert reasons(done(ringing(), on(HungUp, "01", disposition=Disposition.NO_ANSWER)))[1] is EndReason.NO_ANSWER


def test_a_phone_that_lost_the_race() -> None:
    assert reasons(done(two_sources(), on(Answered, "01"))) == [EndReason.ANSWERED_ELSEWHERE, None, None]


def test_a_parker_and_a_transferor() -> None:
    assert reasons(done(connected(), on(Park, "00")))[1] is EndReason.PARKED
    assert reasons(done(connected(), on(Transfer, "00")))[1] is EndReason.TRANSFERRED
    assert reasons(done(ringing(), on(Transfer, "00")))[1] is EndReason.DEFLECTED


def test_a_supervisor_without_its_target() -> None:
    assert reasons(done(supervised(), on(Park, "01"))) == [EndReason.PARKED, None, EndReason.TARGET_LEFT]
    both = call_of(*supervised().views, view("03", BOB, RINGING, role=MONITOR, target="00"))
    told = [EndReason.OTHER_LEFT, EndReason.HUNG_UP, EndReason.TARGET_LEFT, EndReason.OTHER_LEFT]
    assert reasons(done(both, on(HungUp, "01"))) == told


def test_a_call_at_its_limit() -> None:
    call = advance(call_of(*connected().views, ends_by=at(60)), at=at(60))
    assert reasons(call) == [EndReason.LIMIT] * 2
