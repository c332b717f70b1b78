"""Calls as a service lists them, read and written a second time.

One rule: a listing is read by the text of the behaviour alone: at most one party of each end is listed, and no party
that supervises. A listing that contradicts itself is no matter of this reader.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    NUMBER,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    UNKNOWN,
    Flow,
    Numbering,
    Parking,
    PhoneCall,
    PhoneCallView,
    Recording,
)
from tests.oracle.call import OracleCall

Json = dict[str, Any]  # Any: JSON

STATES = (UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED, CONNECTED)
"""The states by their status."""

FACING = {
    UNKNOWN: UNKNOWN,
    OFF_HOOK: TRYING,
    TRYING: TRYING,
    RINGING: ANSWERED,
    ANSWERED: RINGING,
    CONNECTED: CONNECTED,
    ON_HOLD: CONNECTED,
}
"""The state of the end that is not listed, by that of the one that is."""

DATES = ("ringing", "answered", "recording", "parked", "onHold")


def read_listing(listing: Json, numbering: Numbering, at: datetime) -> PhoneCall:
    """Read a call; dates later than the time of reading tell nothing of its last change."""
    shown = sorted(listing["phoneCallView"], key=lambda view: int(view["id"]))
    views = [_view(view, shown, numbering) for view in shown]
    views += [_far(views, side, numbering) for side in (0, 1) if not _is_there(views, side)]
    dates = [_date(listing.get(name)) for name in ("published", "answered")]
    dates += [_date(view.get(name)) for view in shown for name in DATES]
    earliest = min((view.answered for view in views if _on_call(view) and view.answered is not None), default=None)
    return PhoneCall(
        id=listing["id"],
        extension=listing["extension"],
        owner_id=listing.get("ownerId") or None,
        owner_name=listing.get("ownerName") or None,
        nonce=listing.get("nonce") or None,
        published=_date(listing.get("published")),
        answered=_date(listing.get("answered")) or earliest,
        updated=max((date for date in dates if date is not None and date <= at), default=at),
        views=tuple(views),
    )


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _numbers(value: str | list[str] | None) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value or []
    return tuple(text for text in values if text)


def _same(one: str, other: str) -> bool:
    """Tell whether two texts are one number, in its short or its extended form."""
    short, other_short = one.rpartition("*")[2], other.rpartition("*")[2]
    return one == other or (short == other_short and ("*" not in one or "*" not in other))


def _state(view: Json, shown: Sequence[Json]) -> Any:  # Any: a state
    if view.get("parked"):
        return PARKED
    told = any(str(other.get("holder")) == "1" for other in shown if other.get("onHold"))
    if view.get("onHold") and (not told or str(view.get("holder")) == "1"):
        return ON_HOLD
    return STATES[int(view["status"])]


def _view(view: Json, shown: Sequence[Json], numbering: Numbering) -> PhoneCallView:
    state, number, flow = _state(view, shown), view["extension"], _flow(view)
    source, destination = _numbers(view.get("source")), _numbers(view.get("destination"))
    calls = any(_same(number, text) for text in source)
    called = any(_same(number, text) for text in destination)
    side = 0 if calls or (flow is Flow.OUTGOING and not called and state is not PARKED) else 1
    outside = False
    if state is PARKED and _same(number, view["parkedBy"]):
        side = _outside_end(view, numbering, 1 - side)
        number, outside = next(_parties(view, side, numbering), ("", True))
    since = _date(view.get("recording"))
    return PhoneCallView(
        id=view["id"],
        extension=number,
        state=state,
        side=side,
        outside=outside,
        source=source,
        destination=destination,
        flow=flow,
        caller_id=view.get("callerId") or None,
        ringing=_date(view.get("ringing")),
        answered=_date(view.get("answered")),
        on_hold=_date(view.get("onHold")) if state is ON_HOLD else None,
        parking=_parking(view, 1 - side) if state is PARKED else None,
        recording=None if since is None else Recording(since=since),
    )


def _flow(view: Json) -> Flow | None:
    return Flow(int(view["flow"])) if view.get("flow") else None


def _parking(view: Json, side: int) -> Parking:
    since = _date(view["parked"])
    assert since is not None
    return Parking(since=since, position=int(view["parkedPos"]), by=view["parkedBy"], side=side)


def _outside_end(view: Json, numbering: Numbering, other: int) -> int:
    """Tell at which end the party from outside is."""
    if _flow(view) in (Flow.OUTGOING, Flow.INCOMING):
        return 1 if _flow(view) is Flow.OUTGOING else 0
    return next((side for side in (0, 1) for _, outside in _parties(view, side, numbering) if outside), other)


def _parties(view: Json, side: int, numbering: Numbering) -> Iterator[tuple[str, bool]]:
    """Yield the numbers that a listed view shows at an end, each with whether it is outside."""
    outside = _flow(view) is (Flow.OUTGOING if side else Flow.INCOMING)
    for number in _numbers(view.get("destination" if side else "source")):
        if NUMBER.fullmatch(number):
            yield number, outside or not numbering.is_extension(number)


def _is_there(views: Sequence[PhoneCallView], side: int) -> bool:
    return any(view.side == side or (view.parking is not None and view.parking.side == side) for view in views)


def _on_call(view: PhoneCallView) -> bool:
    return view.state in (CONNECTED, ON_HOLD, PARKED)


def _far(views: Sequence[PhoneCallView], side: int, numbering: Numbering) -> PhoneCallView:
    """Make the view of the end that is not listed."""
    near = views[0]
    waits = near.state is RINGING and side == 1
    state = TRYING if waits else FACING[near.state]
    shown = {"flow": near.flow, "source": list(near.source), "destination": list(near.destination)}
    number, outside = next(_parties(shown, side, numbering), ("", True))
    return PhoneCallView(
        id=f"{int(views[-1].id) + 1:02}",
        extension=number,
        state=state,
        side=side,
        listed=False,
        outside=outside,
        source=near.source,
        destination=near.destination,
        answered=near.answered if state is CONNECTED else None,
        waits=waits,
    )


# Writing.


def listed(call: PhoneCall) -> dict[str, Json]:
    """Show the parties of a call as a service lists them, by their ids; what is not there is left out."""
    legs = OracleCall.from_value(call).live
    return {leg.id: _shown(leg.view()) for leg in legs if leg.listed}


def _shown(view: PhoneCallView) -> Json:
    lot, status = view.parking, 5 if view.state in (ON_HOLD, PARKED) else STATES.index(view.state)
    by_the_parker = lot is not None and (view.outside or not view.extension)
    fields = {
        "id": view.id,
        "extension": lot.by if lot is not None and by_the_parker else view.extension,
        "ringing": _written(view.ringing),
        "answered": _written(view.answered),
        "status": str(status),
        "flow": None if view.flow is None else str(view.flow.value),
        "callerId": view.caller_id or None,
        "source": [text for text in view.source if text] or None,
        "destination": [text for text in view.destination if text] or None,
        "recording": None if view.recording is None else _written(view.recording.since),
        "parked": None if lot is None else _written(lot.since),
        "parkedPos": None if lot is None else str(lot.position),
        "parkedBy": None if lot is None else lot.by,
        "onHold": _written(view.on_hold),
        "holder": None if view.on_hold is None else "1",
    }
    return {name: value for name, value in fields.items() if value is not None}


def _written(date: datetime | None) -> str | None:
    return None if date is None else date.isoformat().replace("+00:00", "Z")
