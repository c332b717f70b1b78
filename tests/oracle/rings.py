"""PickUp, BargeIn, Whisper and Monitor: the actions that ring one more phone, or change the role of one that joined.

One rule: each `plan` makes the checks of an action and returns what it does, to be called with the instant.
"""

from datetime import datetime

from callstate.domain import RINGING, PickUp, Role, Whisper
from tests.oracle.answers import Repeated
from tests.oracle.fields import Joins
from tests.oracle.guards import TALKING, named, need, need_free, subject
from tests.oracle.holds import Effect
from tests.oracle.legs import Leg
from tests.oracle.state import Conversation

JOINING_ROLES = {"BargeIn": Role.BARGE, "Whisper": Role.WHISPER, "Monitor": Role.MONITOR}


def plan_pick_up(call: Conversation, request: PickUp) -> Effect:
    rung = subject(named(call, request.view_id), Role.PARTY)
    there = [leg for leg in call.on_side(rung.side) if leg.extension == request.send_call_to]
    if any(leg.state == RINGING or leg.up for leg in there):
        raise Repeated
    need(rung, "PickUp")
    need_free(call, request.send_call_to)
    return lambda at: _ring_beside(call, rung, request, at)


def _ring_beside(call: Conversation, rung: Leg, request: PickUp, at: datetime) -> None:
    leg = call.new_leg(request.send_call_to, side=rung.side, caller_id=request.caller_id)
    if leg.caller_id is None:
        leg.caller_id = rung.caller_id
    call.ring(leg, other=rung, at=at, wait=int(request.wait_for_pickup))
    leg.source, leg.destination, leg.flow = rung.source, rung.destination, rung.flow


def plan_join(call: Conversation, request: Joins) -> Effect:
    name, private = type(request).__name__, isinstance(request, Whisper) and int(request.private) == 1
    role, number = JOINING_ROLES[name], request.send_call_to
    target = subject(named(call, request.view_id), *TALKING)
    own = [leg for leg in call.live if leg.extension == number]
    if any((leg.role, leg.private) == (role, private) and _has_joined(leg, target) for leg in own):
        raise Repeated
    need(target, name)
    joined = next((leg for leg in own if leg.target == target.id), None)
    if joined is not None:
        return lambda _at: _take_role(joined, role, private=private)
    need_free(call, number)
    return lambda at: _ring_to_join(call, call.new_leg(number, role=role), target, request, at)


def _has_joined(leg: Leg, target: Leg) -> bool:
    return leg.target == target.id or (leg.role == Role.BARGE and leg.up)


def _take_role(leg: Leg, role: Role, *, private: bool) -> None:
    leg.role, leg.private = role, private


def _ring_to_join(call: Conversation, leg: Leg, target: Leg, request: Joins, at: datetime) -> None:
    leg.target, leg.caller_id = target.id, request.caller_id
    leg.private = isinstance(request, Whisper) and int(request.private) == 1
    call.ring(leg, other=target, at=at, wait=int(request.wait_for_pickup))
