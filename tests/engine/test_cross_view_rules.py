"""The rules across the views of one call: each rule, and what follows from it for the parties."""

import pytest

from callstate import (
    Answered,
    BargeIn,
    Dialled,
    Disposition,
    HangUp,
    HungUp,
    OnHold,
    Park,
    PickUp,
    Rang,
    Role,
    ViewState,
    Whisper,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, MONITOR, OFF_HOOK, RINGING, TRYING, WHISPER
from tests.calls import (
    ALICE,
    CAROL,
    DAVE,
    ERIN,
    at,
    call_of,
    callback,
    conference,
    connected,
    done,
    held,
    on,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    view,
)


class TestFirstAnswerWins:
    def test_the_source_that_answers_ends_the_others(self) -> None:
        loser = seen(done(two_sources(), on(Answered, "01")), "00")
        assert (loser.state, loser.disposition, loser.ended) == (ENDED, Disposition.NO_ANSWER, at(20))

    def test_who_picks_up_ends_the_phone_that_rang(self) -> None:
        call = done(ringing(), on(PickUp, "01"), on(Answered, "02"))
        assert states(call) == (CONNECTED, ENDED, CONNECTED)
        assert seen(call, "01").disposition is Disposition.NO_ANSWER

    def test_a_phone_that_answers_ends_who_wanted_to_pick_up(self) -> None:
        call = done(ringing(), on(PickUp, "01"), on(Answered, "01"))
        assert states(call) == (CONNECTED, CONNECTED, ENDED)

    def test_of_two_that_retrieve_one_gets_the_party(self) -> None:
        call = done(retrieving(CAROL, DAVE), on(Answered, "03"))
        assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
        assert seen(call, "02").disposition is Disposition.NO_ANSWER


class TestTheSourceFirst:
    def test_a_destination_rings_when_a_source_is_up(self) -> None:
        bob = seen(done(two_sources(), on(Answered, "00")), "02")
        assert (bob.state, bob.ringing, bob.until) == (RINGING, at(20), at(50))
        assert (bob.listed, bob.waits) == (True, False)

    def test_an_outside_destination_is_tried_until_the_network_says_that_it_rings(self) -> None:
        call = done(callback(), on(Answered, "00"))
        tried = seen(call, "01")
        assert (tried.state, tried.ringing, tried.until) == (TRYING, None, at(50))
        assert (tried.listed, tried.waits) == (False, False)
        rings = seen(done(call, on(Rang, "01"), now=at(22)), "01")
        assert (rings.state, rings.ringing, rings.until, rings.listed) == (RINGING, at(22), at(52), False)

    def test_nothing_rings_while_no_source_is_up(self) -> None:
        assert states(done(two_sources(), on(HungUp, "01"))) == (RINGING, ENDED, TRYING)

    def test_a_destination_that_is_reported_as_ringing_waits_no_more(self) -> None:
        bob = seen(done(two_sources(), on(Rang, "02")), "02")
        assert (bob.state, bob.waits, bob.listed, bob.until) == (RINGING, False, True, at(50))

    def test_a_destination_that_is_reported_as_up_waits_no_more(self) -> None:
        bob = seen(done(two_sources(), on(Answered, "02")), "02")
        assert (bob.state, bob.waits, bob.listed, bob.until) == (ANSWERED, False, True, None)

    def test_a_destination_that_was_reported_is_not_rung_again(self) -> None:
        call = done(two_sources(), on(Rang, "02"))
        bob = seen(done(call, on(Answered, "00"), now=at(30)), "02")
        assert (bob.ringing, bob.until) == (at(20), at(50))


class TestBargeOpensASide:
    def test_who_has_answered_stands_on_a_side_of_its_own(self) -> None:
        carol = seen(done(supervised(BARGE, RINGING), on(Answered, "02")), "02")
        assert (carol.state, carol.side, carol.target) == (CONNECTED, 2, None)

    def test_each_side_has_the_next_number(self) -> None:
        call = done(conference(), on(BargeIn, "00"), on(Answered, "03"))
        assert seen(call, "03").side == 3

    def test_the_number_of_a_side_that_was_left_is_not_used_again(self) -> None:
        call = done(conference(), on(HungUp, "02"), on(BargeIn, "00"), on(Answered, "03"))
        assert seen(call, "03").side == 3

    def test_who_still_rings_stands_on_no_side(self) -> None:
        carol = seen(done(connected(), on(BargeIn)), "02")
        assert (carol.side, carol.target) == (None, "00")


class TestTwoSidesUpMeansConnected:
    def test_both_ends_are_connected_at_the_answer(self) -> None:
        assert states(done(ringing(), on(Answered, "01"))) == (CONNECTED, CONNECTED)

    def test_one_side_up_is_not_connected(self) -> None:
        assert states(done(two_sources(), on(Answered, "00"))) == (ANSWERED, ENDED, RINGING)

    def test_a_parked_party_is_connected_when_the_other_side_is_up(self) -> None:
        alice = seen(done(retrieving(CAROL), on(Answered, "02")), "00")
        assert (alice.state, alice.parking) == (CONNECTED, None)

    @pytest.mark.parametrize("role", [WHISPER, MONITOR])
    def test_a_supervisor_is_connected_when_it_answers(self, role: Role) -> None:
        carol = seen(done(supervised(role, RINGING), on(Answered, "02")), "02")
        assert (carol.state, carol.side, carol.target) == (CONNECTED, None, "01")

    def test_nobody_is_on_call_alone(self) -> None:
        """No input of this engine leaves a party so, therefore the call is typed: Carol's phone rings beside Bob's."""
        call = call_of(*held("00").views, view("02", CAROL, RINGING, side=1))
        alice = seen(done(call, on(HungUp, "01")), "00")
        assert (alice.state, alice.on_hold) == (ANSWERED, None)
        call = call_of(*connected().views, view("02", CAROL, RINGING, side=1))
        assert seen(done(call, on(HungUp, "01")), "00").state is ANSWERED

    def test_who_remains_in_a_conference_stays_connected(self) -> None:
        assert states(done(conference(), on(HungUp, "00"))) == (ENDED, CONNECTED, CONNECTED)

    def test_a_hold_in_a_conference_outlasts_another_party(self) -> None:
        call = done(conference(), on(OnHold, "01"), on(HungUp, "00"))
        assert seen(call, "01").on_hold == at(20)


class TestSupervisionEndsWithItsTarget:
    @pytest.mark.parametrize("state", [RINGING, CONNECTED])
    @pytest.mark.parametrize("role", [WHISPER, MONITOR])
    def test_when_the_target_leaves_a_conference(self, role: Role, state: ViewState) -> None:
        leg = view("03", ERIN, state, role=role, target="01")
        call = done(call_of(*conference().views, leg), on(HungUp, "01"))
        assert states(call) == (CONNECTED, ENDED, CONNECTED, ENDED)

    @pytest.mark.parametrize("role", [WHISPER, MONITOR])
    def test_when_the_target_is_parked(self, role: Role) -> None:
        call = done(supervised(role), on(Park, "01"))
        assert seen(call, "02").state is ENDED

    def test_a_barging_leg_that_rings_loses_its_target_and_its_chance(self) -> None:
        call = done(call_of(*conference().views, view("03", ERIN, RINGING, role=BARGE, target="01")), on(HungUp, "01"))
        assert (seen(call, "03").state, seen(call, "03").disposition) == (ENDED, Disposition.NO_ANSWER)

    def test_a_barging_leg_that_is_up_stays_when_its_target_leaves(self) -> None:
        call = done(supervised(BARGE, RINGING), on(Answered, "02"), on(HungUp, "01"))
        assert states(call) == (CONNECTED, ENDED, CONNECTED)

    def test_others_are_supervised_on(self) -> None:
        leg = view("03", ERIN, CONNECTED, role=MONITOR, target="01")
        assert seen(done(call_of(*conference().views, leg), on(HungUp, "00")), "03").state is CONNECTED

    def test_when_it_answers_it_is_enough_that_the_target_lives(self) -> None:
        call = done(connected(), on(Whisper, "01"), on(OnHold, "01"), on(Answered, "02"))
        assert seen(call, "02").state is CONNECTED


class TestACallNeedsTwoSides:
    @pytest.mark.parametrize("who", ["00", "01"])
    def test_one_of_two_leaves_and_the_call_is_over(self, who: str) -> None:
        assert done(connected(), on(HungUp, who)).over

    def test_a_supervisor_is_no_side(self) -> None:
        call = done(supervised(), on(HungUp, "00"))
        assert call.over
        assert seen(call, "02").ended == at(20)

    def test_a_supervisor_that_leaves_ends_nothing_else(self) -> None:
        assert states(done(supervised(), on(HungUp, "02"))) == (CONNECTED, CONNECTED, ENDED)

    def test_the_lot_is_a_side(self) -> None:
        assert not done(retrieving(CAROL), on(HungUp, "02")).over

    def test_the_parked_party_leaves_and_the_call_is_over(self) -> None:
        assert done(retrieving(CAROL), on(HungUp, "00")).over

    def test_another_phone_of_the_same_side_keeps_the_call(self) -> None:
        assert not done(two_sources(), on(HungUp, "00")).over

    def test_a_call_of_one_side_is_asked_only_when_somebody_leaves(self) -> None:
        call = call_of(view("00", ALICE, OFF_HOOK, side=0))
        assert states(done(call, on(Dialled))) == (TRYING,)

    @pytest.mark.parametrize("why", [Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED])
    def test_the_caller_of_a_phone_that_cannot_be_reached_ends_likewise(self, why: Disposition) -> None:
        call = done(ringing(), on(HungUp, "01", disposition=why))
        assert [v.disposition for v in call.views] == [why, why]

    @pytest.mark.parametrize("why", [Disposition.NO_ANSWER, Disposition.UNKNOWN, Disposition.ANSWERED, None])
    def test_other_ends_are_not_handed_on(self, why: Disposition | None) -> None:
        call = done(ringing(), on(HungUp, "01", disposition=why))
        assert seen(call, "00").disposition is Disposition.NO_ANSWER

    def test_who_was_answered_ends_answered_whatever_the_cause(self) -> None:
        call = done(two_sources(), on(Answered, "00"), on(HungUp, "02", disposition=Disposition.BUSY))
        assert seen(call, "00").disposition is Disposition.ANSWERED

    def test_what_cannot_live_on_loses_its_limit(self) -> None:
        limited = call_of(*connected().views, ends_by=at(500))
        assert done(limited, on(HangUp, None)).ends_by is None


def test_a_rule_may_call_another() -> None:
    """A busy target ends the conversation, which ends its supervisors."""
    call = call_of(*ringing().views, view("02", CAROL, RINGING, role=MONITOR, target="00"))
    assert states(done(call, on(HungUp, "01", disposition=Disposition.BUSY))) == (ENDED, ENDED, ENDED)


def test_a_refused_race_leaves_no_trace() -> None:
    """An answer that comes after the race is a late report."""
    call = done(ringing(), on(PickUp, "01", send_call_to=DAVE), on(Answered, "02"))
    assert done(call, on(Answered, "01")) is call
