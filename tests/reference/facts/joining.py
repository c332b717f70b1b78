"""What PickUp, BargeIn, Whisper and Monitor do."""

from collections.abc import Mapping

from callstate import (
    Action,
    Answered,
    BargeIn,
    Disposition,
    DomainError,
    EndReason,
    HungUp,
    Monitor,
    OnHold,
    Park,
    PickUp,
    Role,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    apply_action,
)
from callstate.domain import BARGE, CONNECTED, MONITOR, RINGING, WHISPER
from callstate.engine import sides
from tests.calls import CAROL, DAVE, at, changed, conference, connected, done, on, ringing, seen, supervised
from tests.reference.facts.fact import only_adds, only_changes

JOINS: Mapping[type[Action], Role] = {BargeIn: BARGE, Whisper: WHISPER, Monitor: MONITOR}
SUPERVISES = (Whisper, Monitor)
WAIT = "20"

# PickUp ---------------------------------------------------------------------------------------------------------------


def the_leg_rings() -> None:
    """
    A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the highest
    id ever used in the call. The leg stands on the side of the named view and has its source, its destination, its flow
    and, without a `callerId` in the request, its caller id.
    """
    before = changed(ringing(), "01", caller_id="Alice", source=("1",), destination=("2",))
    leg, named = only_adds(before, done(before, on(PickUp, "01", wait_for_pickup=WAIT))), seen(before, "01")
    assert (leg.id, leg.extension, leg.state, leg.until) == ("02", DAVE, RINGING, at(40))
    for field in ("side", "source", "destination", "flow", "caller_id"):
        assert getattr(leg, field) == getattr(named, field)
    assert done(before, on(PickUp, "01", caller_id="Bob")).views[-1].caller_id == "Bob"


def the_first_gets_it() -> None:
    """
    The named view goes on ringing. Whichever of the two answers first gets the call; the other one ends (NO ANSWER).
    """
    rung = done(ringing(), on(PickUp, "01"))
    assert seen(rung, "01").state is RINGING
    for first, other in (("01", "02"), ("02", "01")):
        call = done(rung, on(Answered, first))
        lost = seen(call, other)
        assert seen(call, first).state is CONNECTED
        assert (lost.reason, lost.disposition) == (EndReason.ANSWERED_ELSEWHERE, Disposition.NO_ANSWER)


def the_other_side_waits() -> None:
    """The other side does not change until one of the phones answers."""
    rung = done(ringing(), on(PickUp, "01"))
    assert rung.view("00") == ringing().view("00")
    assert seen(done(rung, on(Answered, "02")), "00").state is CONNECTED


# The three that join a conversation -----------------------------------------------------------------------------------


def the_named_view_stays() -> None:
    """The named view keeps its state."""
    for kind in JOINS:
        only_adds(connected(), done(connected(), on(kind)))


def _rings(kind: type[Action], **fields: str) -> None:
    leg = only_adds(connected(), done(connected(), on(kind, wait_for_pickup=WAIT, **fields)))
    assert (leg.id, leg.extension, leg.state, leg.until) == ("02", DAVE, RINGING, at(40))
    assert (leg.role, leg.target, leg.side) == (JOINS[kind], "00", None)


def a_leg_rings_to_barge_in() -> None:
    """
    A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the highest
    id ever used in the call. Its role is BARGE. The named view is its target while it rings.
    """
    _rings(BargeIn)


def a_leg_rings_to_whisper() -> None:
    """
    A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the highest
    id ever used in the call. Its role is WHISPER, and its target is the named view. With `private` 1 its field
    `private` is true.
    """
    _rings(Whisper)
    assert [done(connected(), on(Whisper, private=given)).views[-1].private for given in (0, 1)] == [False, True]


def a_leg_rings_to_monitor() -> None:
    """
    A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the highest
    id ever used in the call. Its role is MONITOR, and its target is the named view.
    """
    _rings(Monitor)


def a_role_changes() -> None:
    """
    If `sendCallTo` already has a leg on the same target that whispers, monitors or rings to barge in, that leg takes
    the new role instead, and no phone rings again. Its time limit and caller id stay.
    """
    for kind, role in JOINS.items():
        for other in set(JOINS.values()) - {role}:
            for state in (RINGING,) if other is BARGE else (RINGING, CONNECTED):
                before = changed(supervised(other, state), "02", caller_id="Eve")
                after = done(before, on(kind, "01", send_call_to=CAROL, caller_id="Dan", wait_for_pickup=99))
                assert len(after.views) == len(before.views)
                leg = seen(after, "02")
                assert (leg.role, leg.until, leg.caller_id) == (role, seen(before, "02").until, "Eve")


def it_opens_a_side() -> None:
    """When the leg answers it stands on a new side, is `CONNECTED` and has no target any more."""
    leg = seen(done(connected(), on(BargeIn), on(Answered, "02")), "02")
    assert (leg.side, leg.state, leg.target) == (2, CONNECTED, None)


def its_target_may_hold() -> None:
    """The state of the named view is checked when the leg begins to ring. When it answers, its target may hold."""
    for kind in JOINS:
        held_meanwhile = done(connected(), on(kind), on(OnHold))
        assert seen(done(held_meanwhile, on(Answered, "02")), "02").state is CONNECTED


def it_makes_a_conference() -> None:
    """
    A call with three sides is a conference: Park, UnPark, Transfer and TransferToVoicemail are refused until one side
    has left. A leg that still rings to barge in does not make a conference.
    """
    for kind in (Park, UnPark, Transfer, TransferToVoicemail):
        assert isinstance(apply_action(conference(), on(kind), at=at(20)), DomainError)
    left = done(conference(), on(HungUp, "02"))
    for kind in (Park, Transfer, TransferToVoicemail):
        done(left, on(kind))
        done(supervised(BARGE, RINGING), on(kind))
    assert (len(sides(conference().views)), len(sides(supervised(BARGE, RINGING).views))) == (3, 2)


def its_target_leaves() -> None:
    """If the target leaves or is parked before the leg answers, the leg ends."""
    for gone in (on(HungUp, "01"), on(Park, "01")):
        assert seen(done(supervised(BARGE, RINGING), gone), "02").reason is EndReason.TARGET_LEFT


def it_stands_alone() -> None:
    """When the leg answers it is `CONNECTED`. It stands on no side, so it does not keep the call alive."""
    for kind in SUPERVISES:
        call = done(connected(), on(kind), on(Answered, "02"))
        assert (seen(call, "02").state, seen(call, "02").side) == (CONNECTED, None)
        assert done(call, on(HungUp, "01")).over


def it_ends_with_its_target() -> None:
    """The leg ends when its target leaves or is parked. The other views do not change."""
    for role in (WHISPER, MONITOR):
        for gone in (on(HungUp, "01"), on(Park, "01")):
            assert seen(done(supervised(role), gone), "02").reason is EndReason.TARGET_LEFT
    for kind in SUPERVISES:
        call = done(connected(), on(kind), on(Answered, "02"))
        assert only_changes(done(connected(), on(kind)), call, "02")
