"""Signals: what the network reports of one leg, listed or not.

One rule: a report of something that is past already changes nothing. Requests are not known here.
"""

from datetime import datetime

from callstate.domain import (
    RINGING,
    Answered,
    Check,
    Dialled,
    ErrorCode,
    FarEndRang,
    Held,
    HungUp,
    Rang,
    Resumed,
    Signal,
)
from tests.oracle.answers import Repeated, refuse
from tests.oracle.legs import Leg, after
from tests.oracle.rules import dials_itself, ring_waiting
from tests.oracle.state import Conversation


def hear(call: Conversation, signal: Signal | Held | Resumed, at: datetime) -> None:
    leg = _reported(call, signal.view_id)
    if call.over:
        raise Repeated
    if not _fits(signal, leg):
        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)
    name = type(signal).__name__
    if leg.can(f"{name} again"):
        raise Repeated
    if not leg.can(name):
        refuse(ErrorCode.WRONG_STATE)
    if isinstance(signal, HungUp):
        leg.hang_up(at, signal.disposition)
        return
    _set_its_limit(call, signal, leg, at)
    leg.move(name, at)
    _stand_alone(call, signal, leg)


def _reported(call: Conversation, view_id: str) -> Leg:
    leg = call.leg(view_id)
    if leg is None and call.names_one_forgotten(view_id):
        raise Repeated
    if leg is None:
        refuse(ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId", view_id)
    return leg


def _fits(signal: Signal | Held | Resumed, leg: Leg) -> bool:
    """Whether such a thing can be reported of that leg in any state."""
    if isinstance(signal, Dialled | FarEndRang):
        return leg.side == 0 and leg.until is None and leg.state != RINGING
    if isinstance(signal, Held | Resumed):
        return leg.talks
    return not (isinstance(signal, Rang) and leg.side == 0 and dials_itself(leg))


def _set_its_limit(call: Conversation, signal: Signal | Held | Resumed, leg: Leg, at: datetime) -> None:
    """A destination waits no more; an outside leg that rings has its whole time to ring."""
    if leg.waits:
        ring_waiting(call, leg, at)
        leg.listed = not leg.outside
    elif isinstance(signal, Rang) and leg.outside and leg.until is not None:
        leg.until = after(at, call.value.wait_for_pickup)


def _stand_alone(call: Conversation, signal: Signal | Held | Resumed, leg: Leg) -> None:
    """A leg that answers where another is up stands on the next free side."""
    others = [other for other in call.on_side(leg.side) if other.up and other is not leg]
    if isinstance(signal, Answered | FarEndRang) and others:
        leg.side = call.next_side()
