"""Signals: holds made at the phone, reports that cannot be true, answers out of order, and unknown states."""

import pytest

from callstate import (
    Action,
    Answered,
    Dialled,
    ErrorCode,
    FarEndRang,
    Held,
    HungUp,
    OffHold,
    OnHold,
    Park,
    Rang,
    Resumed,
    ViewState,
)
from callstate.domain import ANSWERED, CONNECTED, ENDED, OFF_HOOK, ON_HOLD, PARKED, RINGING, TRYING, UNKNOWN
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    at,
    call_of,
    callback,
    changed,
    connected,
    dialling,
    done,
    held,
    incoming,
    on,
    outgoing,
    parked,
    refused,
    ringing,
    seen,
    states,
    two_sources,
    unknown,
    view,
)


class TestHeldAndResumed:
    def test_they_have_the_effects_of_the_requests(self) -> None:
        assert done(connected(), on(Held, "00")) == done(connected(), on(OnHold, "00"))
        assert done(held("00"), on(Resumed, "00")) == done(held("00"), on(OffHold, "00"))

    def test_the_far_network_holds_an_unlisted_party(self) -> None:
        call = done(outgoing(), on(Held, "01"))
        assert (seen(call, "01").state, seen(call, "01").on_hold) == (ON_HOLD, at(20))

    def test_a_report_of_a_hold_by_request_is_late(self) -> None:
        call = held("00")
        assert done(call, on(Held, "00")) is call
        assert done(connected(), on(Resumed, "00")) == connected()

    def test_late_reports_of_a_quick_hold_and_release_heal(self) -> None:
        call = done(connected(), on(OnHold, "00"), on(OffHold, "00"))
        assert states(done(call, on(Held, "00"), on(Resumed, "00"))) == (CONNECTED, CONNECTED)

    @pytest.mark.parametrize("kind", [Held, Resumed])
    def test_they_do_not_lead_out_of_an_unknown_state(self, kind: type[Action]) -> None:
        assert refused(unknown(), on(kind)).code is ErrorCode.WRONG_STATE
        assert refused(ringing(), on(kind, "01")).code is ErrorCode.WRONG_STATE

    @pytest.mark.parametrize("kind", [Held, Resumed])
    def test_after_parking_and_after_the_end_they_are_late(self, kind: type[Action]) -> None:
        call = parked()
        assert done(call, on(kind, "00")) is call
        assert done(call, on(kind, "01")) is call


class TestReportsThatCannotBeTrue:
    @pytest.mark.parametrize("kind", [Dialled, FarEndRang])
    def test_a_source_that_the_service_dials_dials_nobody(self, kind: type[Action]) -> None:
        """It would be connected to nobody."""
        assert refused(callback(), on(kind, "00")).code is ErrorCode.WRONG_STATE
        assert refused(two_sources(), on(kind, "00")).code is ErrorCode.WRONG_STATE

    def test_a_caller_that_dials_itself_does_not_ring(self) -> None:
        """It would ring for ever."""
        assert refused(changed(dialling(), "00", state=TRYING), on(Rang, "00")).code is ErrorCode.WRONG_STATE
        assert refused(dialling(), on(Rang, "00")).code is ErrorCode.WRONG_STATE
        assert seen(done(unknown(), on(Rang, "00")), "00").state is RINGING

    def test_a_caller_that_dials_itself_is_answered(self) -> None:
        call = done(changed(dialling(), "00", state=TRYING), on(Answered, "00"))
        assert states(call) == (ANSWERED, TRYING)


class TestAnAnswerReachesTheCaller:
    @pytest.mark.parametrize("state", [OFF_HOOK, TRYING])
    def test_without_a_ring_before(self, state: ViewState) -> None:
        call = done(changed(dialling(), "00", state=state), on(Answered, "01"))
        assert states(call) == (CONNECTED, CONNECTED)
        assert (call.answered, seen(call, "00").answered) == (at(20), at(20))

    def test_with_a_ring_before(self) -> None:
        call = done(dialling(), on(Rang, "01"), on(Answered, "01"))
        assert states(call) == (CONNECTED, CONNECTED)

    def test_an_outside_caller_too(self) -> None:
        call = changed(incoming(RINGING), "00", state=TRYING)
        assert states(done(call, on(Answered, "01"))) == (CONNECTED, CONNECTED)

    def test_not_a_source_that_the_service_dials(self) -> None:
        call = done(callback(), on(Answered, "02"))
        assert states(call)[0] is TRYING
        assert seen(call, "02").state is ANSWERED

    def test_not_one_of_several_callers(self) -> None:
        call = call_of(
            view("00", ALICE, TRYING, side=0), view("01", BOB, RINGING, side=1), view("02", CAROL, TRYING, side=0)
        )
        assert states(done(call, on(Answered, "01"))) == (TRYING, ANSWERED, TRYING)


class TestUnknownStates:
    def test_a_view_in_an_unknown_state_is_not_ended_by_an_answer(self) -> None:
        call = call_of(*ringing().views, view("02", CAROL, UNKNOWN, side=1), view("03", DAVE, RINGING, side=1))
        assert states(done(call, on(Answered, "01"))) == (CONNECTED, CONNECTED, UNKNOWN, ENDED)

    @pytest.mark.parametrize("side", [0, 1])
    def test_who_answers_where_another_is_up_stands_on_the_next_side(self, side: int) -> None:
        call = call_of(*connected().views, view("02", CAROL, UNKNOWN, side=side))
        call = done(call, on(Answered, "02"))
        assert (states(call), seen(call, "02").side) == ((CONNECTED, CONNECTED, CONNECTED), 2)

    def test_a_caller_that_hears_it_ring_where_another_is_up_does_too(self) -> None:
        call = done(call_of(*connected().views, view("02", CAROL, UNKNOWN, side=0)), on(FarEndRang, "02"))
        assert (seen(call, "02").state, seen(call, "02").side) == (CONNECTED, 2)

    def test_who_answers_beside_a_parked_party_is_connected_with_it(self) -> None:
        call = call_of(*connected().views, view("02", CAROL, UNKNOWN, side=0))
        call = done(call, on(Park, "00"), on(Answered, "02"))
        assert (states(call), seen(call, "02").side) == ((CONNECTED, ENDED, CONNECTED), 2)

    def test_one_that_rings_where_another_is_up_has_lost(self) -> None:
        call = done(call_of(*connected().views, view("02", CAROL, UNKNOWN, side=0)), on(Rang, "02"))
        assert seen(call, "02").state is ENDED

    def test_a_party_stays_connected_while_nothing_is_known_of_the_other_side(self) -> None:
        call = call_of(view("00", ALICE, ON_HOLD, side=0), view("01", BOB, UNKNOWN, side=1), version=0)
        assert seen(done(call, on(OffHold, "00")), "00").state is CONNECTED
        both = call_of(*connected().views, view("02", CAROL, UNKNOWN, side=1))
        assert states(done(both, on(HungUp, "01"))) == (CONNECTED, ENDED, UNKNOWN)

    def test_it_falls_back_when_the_other_side_is_known(self) -> None:
        call = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, UNKNOWN, side=1))
        assert states(done(call, on(Rang, "01"))) == (ANSWERED, RINGING)


def test_a_call_that_never_went_through_the_rules_goes_through_them_at_its_first_input() -> None:
    """A listing may show one party as connected while the other rings."""
    read = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, RINGING, side=1), version=0)
    assert states(done(read, on(OnHold, "00"))) == (ANSWERED, RINGING)


def test_a_parked_state_is_late_for_an_answer() -> None:
    call = parked()
    assert seen(call, "00").state is PARKED
    assert done(call, on(Answered, "00")) is call
