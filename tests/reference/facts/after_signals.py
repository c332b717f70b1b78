"""What Dialled, Rang, FarEndRang and Answered do."""

from msgspec.structs import replace

from callstate import Answered, Dialled, Disposition, EndReason, FarEndRang, Rang
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, OFF_HOOK, RINGING, TRYING, UNKNOWN
from tests.calls import (
    CAROL,
    at,
    callback,
    changed,
    connected,
    dialling,
    done,
    on,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    two_sources,
    view,
)
from tests.reference.facts.fact import only_changes
from tests.reference.facts.transferring import fork


def it_dials() -> None:
    """The view is `TRYING`."""
    assert seen(done(dialling(), on(Dialled)), "00").state is TRYING


def nothing_else_changes() -> None:
    """No other view changes."""
    assert only_changes(dialling(), done(dialling(), on(Dialled)), "00")


def it_rings() -> None:
    """The view is `RINGING`, and `ringing` is the time of the signal."""
    rings = seen(done(dialling(), on(Rang, "01")), "01")
    assert (rings.state, rings.ringing) == (RINGING, at(20))


def it_waits_no_longer() -> None:
    """
    If the view is a destination that waits for a source, it stops waiting: it can ring for the call's own
    `waitForPickup` from now on, and it is listed if it is an extension.
    """
    for view_id, listed in (("01", False), ("02", True)):
        early = seen(done(callback(), on(Rang, view_id)), view_id)
        assert (early.waits, early.listed, early.until) == (False, listed, at(20 + 30))


def an_outside_leg_starts_again() -> None:
    """The time limit of an outside leg starts again, because setting up its connection took some of it."""
    assert seen(done(callback(), on(Rang)), "00").until == at(20 + 30)


def no_other_view_changes() -> None:
    """No other view changes."""
    assert only_changes(callback(), done(callback(), on(Rang)), "00")
    assert only_changes(dialling(), done(dialling(), on(Rang, "01")), "01")


def the_caller_hears_it_ring() -> None:
    """The view is `ANSWERED`. It has no date of answer, because nobody has answered yet."""
    caller = seen(done(dialling(), on(FarEndRang)), "00")
    assert (caller.state, caller.answered) == (ANSWERED, None)


def the_other_side_is_up() -> None:
    """No other view changes, unless the other side is up: then both are `CONNECTED`."""
    assert only_changes(dialling(), done(dialling(), on(FarEndRang)), "00")
    answered = changed(dialling(), "01", state=ANSWERED)
    assert states(done(answered, on(FarEndRang))) == (CONNECTED, CONNECTED)


# Answered -------------------------------------------------------------------------------------------------------------


def it_is_answered() -> None:
    """
    The view is `ANSWERED`, and `answered` is the time of the signal. If another side is up, the view is `CONNECTED`.
    """
    first = seen(done(two_sources(), on(Answered)), "00")
    assert (first.state, first.answered) == (ANSWERED, at(20))
    second = seen(done(ringing(), on(Answered, "01")), "01")
    assert (second.state, second.answered) == (CONNECTED, at(20))


def a_leg_has_barged_in() -> None:
    """A leg that rang to barge in now stands on a side of its own."""
    leg = seen(done(supervised(BARGE, RINGING), on(Answered, "02")), "02")
    assert (leg.side, leg.target) == (2, None)


def it_takes_the_next_side() -> None:
    """If another view of the same side is already up, the answering view moves to the next free side."""
    early = replace(connected(), views=(*connected().views, view("02", CAROL, UNKNOWN, side=1)))
    late = seen(done(early, on(Answered, "02")), "02")
    assert (late.side, late.state) == (2, CONNECTED)


def the_others_have_lost() -> None:
    """
    Every other view of the same side that is not up ends (reason ANSWERED_ELSEWHERE, NO ANSWER if it never answered).
    """
    lost = seen(done(fork(), on(Answered, "01")), "02")
    assert (lost.reason, lost.disposition) == (EndReason.ANSWERED_ELSEWHERE, Disposition.NO_ANSWER)


def destinations_ring() -> None:
    """
    In a call that the service created, the destinations ring once a source is up; an outside one is `TRYING` until the
    network reports that it rings.
    """
    call = done(callback(), on(Answered))
    assert states(call) == (ANSWERED, TRYING, RINGING)
    assert [v.waits for v in call.views] == [False, False, False]
    assert {seen(call, waited).until for waited in ("01", "02")} == {at(20 + 30)}


def an_answer_reaches_the_caller() -> None:
    """A caller that dials itself is up when the other side answers, even if no ring was reported."""
    for state in (OFF_HOOK, TRYING):
        call = done(changed(dialling(), "00", state=state), on(Answered, "01"))
        assert states(call) == (CONNECTED, CONNECTED)


def two_sides_are_connected() -> None:
    """When two sides are up, every `ANSWERED` or `PARKED` party is `CONNECTED`."""
    assert states(done(ringing(), on(Answered, "01"))) == (CONNECTED, CONNECTED)
    assert states(done(retrieving("0003*213"), on(Answered, "02"))) == (CONNECTED, ENDED, CONNECTED)
