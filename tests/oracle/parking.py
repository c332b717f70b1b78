"""The parking lot: Park, UnPark, and the ring-back of the parker.

One rule: each `plan` makes the checks of an action and returns what it does, to be called with the instant.
"""

from datetime import datetime

from msgspec.structs import replace

from callstate.domain import PARKED, RINGING, Check, EndReason, ErrorCode, Park, Parking, Role, UnPark
from tests.oracle.answers import Repeated, refuse
from tests.oracle.guards import TALKING, both_on_call, named, need, need_free, need_two_sides, subject
from tests.oracle.holds import Effect
from tests.oracle.legs import Leg, after
from tests.oracle.state import Conversation

RING_BACKS = 10


def plan_park(call: Conversation, request: Park) -> Effect:
    leg = subject(named(call, request.view_id), *TALKING)
    need_two_sides(call)
    other = call.main(call.opposite(leg.side))
    if other is not None and not other.talks:
        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)
    if leg.can("Park again") or (not leg.live and is_parker(call, leg)):
        raise Repeated
    waiting, parker = _who_waits(request, leg, other)
    if not both_on_call(waiting, parker) or waiting is None or parker is None or parker.outside:
        refuse(ErrorCode.WRONG_STATE)
    if request.position is None:
        refuse(ErrorCode.PARKING_FULL)
    return lambda at: _put_in_the_lot(waiting, parker, request, at)


def is_parker(call: Conversation, leg: Leg) -> bool:
    """Whether a leg that has left is that of the party by whom somebody is parked."""
    return any((lot.by, lot.side) == (leg.extension, leg.side) for lot in call.lots())


def _who_waits(request: Park, leg: Leg, other: Leg | None) -> tuple[Leg | None, Leg | None]:
    """Tell the party that waits and the one that parks it; an outside party never parks."""
    waiting, parker = (other, leg) if leg.extension == request.extension else (leg, other)
    return (parker, waiting) if parker is not None and parker.outside else (waiting, parker)


def _put_in_the_lot(waiting: Leg, parker: Leg, request: Park, at: datetime) -> None:
    assert request.position is not None
    assert parker.side is not None
    seconds = int(request.max_in_parking)
    waiting.move("Park", at)
    waiting.parking = Parking(
        since=at,
        position=request.position,
        by=parker.extension,
        side=parker.side,
        seconds=seconds,
        until=after(at, seconds),
    )
    waiting.listed = True
    parker.end("is let go", at, EndReason.PARKED)


# Who retrieves.


def plan_unpark(call: Conversation, request: UnPark) -> Effect:
    waiting = meant_by(call, named(call, request.view_id))
    if waiting is None:
        refuse(ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId", request.view_id)
    subject(waiting, *TALKING)
    need_two_sides(call)
    _need_no_mailbox(call, waiting)
    if _rings_already(call, waiting, request.send_call_to) or _retrieved(call, waiting, request.send_call_to):
        raise Repeated
    need(waiting, "UnPark")
    need_free(call, request.send_call_to)
    return lambda at: _ring_to_retrieve(call, waiting, request, at)


def meant_by(call: Conversation, leg: Leg) -> Leg | None:
    """The party to retrieve: that of a live view, or the one that a party that has left has parked."""
    if leg.live:
        return leg
    waiting = call.parked()
    if waiting is not None and is_parker(call, leg):
        return waiting
    return next((party for party in call.live if _was_parked_by(call, party, leg)), None)


def was_parked(call: Conversation, party: Leg) -> bool:
    return any(_was_parked_by(call, party, leg) for leg in call.ended)


def _was_parked_by(call: Conversation, party: Leg, parker: Leg) -> bool:
    """Whether that leg has left by parking this party, which was in the call by then."""
    if parker.reason is not EndReason.PARKED or party.side in (None, parker.side) or not party.up:
        return False
    assert parker.ended is not None
    if party.answered is not None and party.answered <= parker.ended:
        return True
    return party.ringing is None and all(leg.successor != party.id for leg in call.legs)


def _need_no_mailbox(call: Conversation, waiting: Leg) -> None:
    other = call.main(call.opposite(waiting.side))
    if other is not None and other.role == Role.VOICEMAIL:
        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)


def _rings_already(call: Conversation, waiting: Leg, number: str) -> bool:
    side = None if waiting.parking is None else waiting.parking.side
    return any(leg.state == RINGING and leg.extension == number for leg in call.on_side(side))


def _retrieved(call: Conversation, party: Leg, number: str) -> bool:
    """Whether that number's phone alone faces a party that was parked, and is up."""
    there = [(leg.extension, leg.up) for leg in call.on_side(call.opposite(party.side))]
    return party.state != PARKED and was_parked(call, party) and there == [(number, True)]


def _ring_to_retrieve(call: Conversation, waiting: Leg, request: UnPark, at: datetime) -> None:
    lot = waiting.parking
    assert lot is not None
    leg = call.new_leg(request.send_call_to, side=lot.side, caller_id=request.caller_id)
    if leg.caller_id is None:
        leg.caller_id = caller_id_in_the_lot(call, lot)
    call.ring(leg, other=waiting, at=at, wait=int(request.wait_for_pickup))


def caller_id_in_the_lot(call: Conversation, lot: Parking) -> str | None:
    parker = call.parker(lot)
    return None if parker is None else parker.caller_id


def ring_the_parker_back(call: Conversation, waiting: Leg, at: datetime) -> None:
    """Start the time in the lot again, and ring the parker unless a phone rings on that side already."""
    lot = waiting.parking
    assert lot is not None
    assert lot.seconds is not None
    rings = any(leg.state == RINGING for leg in call.on_side(lot.side))
    count = lot.ring_backs + (0 if rings else 1)
    until = after(at, lot.seconds) if count < RING_BACKS else None
    waiting.parking = replace(lot, ring_backs=count, until=until)
    if rings:
        return
    leg = call.new_leg(lot.by, side=lot.side, caller_id=caller_id_in_the_lot(call, lot))
    call.ring(leg, other=waiting, at=at, wait=call.value.wait_for_pickup)
