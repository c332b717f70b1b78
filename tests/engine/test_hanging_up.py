"""HangUp without a view: who ends the whole call, and who leaves alone."""

import pytest

from callstate import STRICT, Answered, EndReason, ErrorCode, HangUp, Park, Role, UnPark, ViewState, advance
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, MONITOR, PARKED, RINGING, VOICEMAIL, WHISPER
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
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
    states,
    supervised,
    two_sources,
    view,
)


def hang_up(extension: str) -> HangUp:
    return HangUp(call_id=CALL, extension=extension)


@pytest.mark.parametrize("role", [MONITOR, WHISPER, BARGE])
def test_a_phone_that_has_joined_leaves_alone(role: Role) -> None:
    call = done(supervised(role, RINGING), on(Answered, "02"))
    assert states(done(call, hang_up(CAROL))) == (CONNECTED, CONNECTED, ENDED)
    assert states(done(supervised(role, RINGING), hang_up(CAROL))) == (CONNECTED, CONNECTED, ENDED)


def test_a_phone_of_a_fork_declines_for_itself() -> None:
    call = call_of(*ringing().views, view("02", CAROL, RINGING, side=1))
    assert states(done(call, hang_up(CAROL))) == (ANSWERED, RINGING, ENDED)
    assert done(ringing(), hang_up(BOB)).over


@pytest.mark.parametrize("extension", ["@self", ALICE, BOB])
def test_a_party_that_is_up_ends_the_call(extension: str) -> None:
    assert done(call_of(*supervised().views, extension=DAVE), hang_up(extension)).over


def test_a_mailbox_ends_the_call() -> None:
    call = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1, role=VOICEMAIL))
    assert done(call, hang_up(BOB)).over


def test_the_charged_extension_ends_the_call() -> None:
    call = call_of(*conference().views, extension=DAVE)
    assert done(call, hang_up(DAVE)).over
    joined = call_of(*conference().views, extension=CAROL)
    assert done(joined, hang_up(CAROL)).over
    assert done(two_sources(), hang_up(ALICE)).over


class TestTheParker:
    def test_it_ends_the_call_after_it_has_parked(self) -> None:
        call = done(connected(), on(Park, "00"))
        ended = done(call, hang_up(BOB))
        assert [v.reason for v in ended.views] == [EndReason.HUNG_UP, EndReason.PARKED]

    @pytest.mark.parametrize("charged", [ALICE, BOB])
    def test_it_declines_the_ring_back_alone(self, charged: str) -> None:
        call = advance(call_of(*parked().views, extension=charged), at=at(190))
        declined = done(call, hang_up(BOB), now=at(195))
        assert states(declined) == (PARKED, ENDED, ENDED)
        assert done(declined, hang_up(BOB), now=at(196)) is declined
        assert refused(advance(declined, at=at(20)), hang_up(BOB), rules=STRICT).code is ErrorCode.WRONG_STATE

    def test_a_ring_back_that_it_did_not_answer_is_the_last_that_it_did(self) -> None:
        call = advance(parked(), at=at(215))
        assert done(call, hang_up(BOB), now=at(216)) is call

    def test_a_parker_that_came_back_is_a_party(self) -> None:
        call = done(parked(), on(UnPark, send_call_to=BOB), on(Answered, "02"))
        assert done(call, hang_up(BOB)).over


def test_a_number_means_no_mailbox() -> None:
    call = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1, role=VOICEMAIL))
    assert done(call, on(HangUp, None, phone_number=BOB)) is call
    twice = call_of(*call.views, view("02", BOB, CONNECTED, side=2, role=BARGE))
    assert states(done(twice, on(HangUp, None, phone_number=BOB))) == (CONNECTED, CONNECTED, ENDED)


def test_a_party_in_an_unknown_state_leaves_alone() -> None:
    call = call_of(*connected().views, view("02", CAROL, ViewState.UNKNOWN, side=2))
    assert states(done(call, hang_up(CAROL))) == (CONNECTED, CONNECTED, ENDED)


def test_who_left_is_a_repeat_and_a_stranger_is_refused() -> None:
    call = done(conference(), on(HangUp, "01"))
    assert done(call, hang_up(BOB)) is call
    assert refused(call, hang_up(DAVE)).code is ErrorCode.EXTENSION_INVALID
    assert seen(call, "00").live
