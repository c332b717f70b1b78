"""A call out of the fields that the wire shows.

One rule: what is wrong with a call is told by the name of the field before a constructor of the model meets it. An
empty text is read as no value, except where a value must be there. This module knows nothing of actions or of how a
refusal is answered.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from callstate import domain
from callstate.voipnow.wire.fields import DATE, TEXT, TEXTS, Fields, like, one_of
from callstate.voipnow.wire.parties import NOBODY_KNOWN, OUTSIDE_END, is_one_of, parties, same_number
from callstate.voipnow.wire.placement import stand

MOST_VIEWS = 1000
"""So many views are read of one call; the largest conference has far fewer."""

STATUS: Mapping[int, domain.ViewState] = dict(
    enumerate((domain.UNKNOWN, domain.OFF_HOOK, domain.TRYING, domain.RINGING, domain.ANSWERED, domain.CONNECTED))
)
"""The wire's status numbers. ON_HOLD and PARKED have none of their own: they are told by a date."""

CALL = like(domain.CALL_ID.pattern, "a call id of 1 to 255 letters and digits")
VIEW = like("[0-9]{1,9}", "a view id of 1 to 9 digits")
PARTY = like(domain.NUMBER.pattern, "a phone or extension number")
STATE = one_of(STATUS, "a status from 0 to 5")
FLOW = one_of({flow.value: flow for flow in domain.Flow}, "a flow of 2, 4 or 8")
POSITION = one_of({position: position for position in domain.PARKING_POSITIONS}, "a parking position from 1 to 100")

HOLDS = one_of({1: True}, "a holder of 1")

DATES = ("ringing", "answered", "onHold", "parked", "recording")
"""The dates of a view."""


class _Shown(NamedTuple):
    """A view of a listing: its fields, its dates by their names, and its state."""

    fields: Fields
    dates: Mapping[str, datetime | None]
    state: domain.ViewState


# The call -------------------------------------------------------------------------------------------------------------


def read_call(fields: Fields, *, at: datetime | None, numbering: domain.Numbering) -> domain.PhoneCall:
    """Read a call, with a view for the far party if the wire lists none; dates after `at` do not count as changes."""
    call_id, extension = fields.need("id", CALL), fields.need("extension", PARTY)
    shown = [_shown(view) for view in _in_order(fields.objects("phoneCallView", most=MOST_VIEWS))]
    views = stand([_view(view, numbering) for view in _by_holder(shown)], numbering)
    published, answered = fields.filled("published", DATE), fields.filled("answered", DATE)
    return domain.PhoneCall(
        id=call_id,
        extension=extension,
        views=views,
        owner_id=fields.filled("ownerId", TEXT),
        owner_name=fields.filled("ownerName", TEXT),
        published=published,
        answered=answered or _first_answered(views),
        nonce=fields.filled("nonce", TEXT),
        updated=_updated([published, answered, *(date for view in shown for date in view.dates.values())], at),
    )


def _first_answered(views: Sequence[domain.PhoneCallView]) -> datetime | None:
    on_call = any(view.state in (domain.CONNECTED, domain.ON_HOLD, domain.PARKED) for view in views)
    return min((view.answered for view in views if on_call and view.answered is not None), default=None)


def _updated(dates: Iterable[datetime | None], at: datetime | None) -> datetime | None:
    """Return the latest date, but none after `at`: a clock or an offset that is wrong must not stop the timers."""
    return max((date for date in dates if date is not None and (at is None or date <= at)), default=at)


def _in_order(listed: Sequence[Fields]) -> list[Fields]:
    """Sort views by the number of their id; two views with one number are refused."""
    by_number: dict[int, Fields] = {}
    for view in listed:
        number = int(view.need("id", VIEW))
        if number in by_number:
            raise view.wrong("id", "view ids of different numbers")
        by_number[number] = view
    return [view for _, view in sorted(by_number.items())]


# A view ---------------------------------------------------------------------------------------------------------------


def _shown(fields: Fields) -> _Shown:
    dates = {name: fields.filled(name, DATE) for name in DATES}
    status = fields.need("status", STATE)
    if dates["parked"] is not None:
        return _Shown(fields, dates, domain.PARKED)
    if dates["onHold"] is None:
        return _Shown(fields, dates, status)
    if status is not domain.CONNECTED:
        raise fields.wrong("status", "status 5 beside onHold")
    return _Shown(fields, dates, domain.ON_HOLD)


def _by_holder(shown: Sequence[_Shown]) -> Sequence[_Shown]:
    """Let only those hold that `holder` names, if it names any; else each view that is on hold holds by itself."""
    holds = [view.state is domain.ON_HOLD and HOLDS.read(view.fields.raw("holder")) is True for view in shown]
    if not any(holds):
        return shown
    return [
        view._replace(state=domain.CONNECTED) if view.state is domain.ON_HOLD and not own else view
        for view, own in zip(shown, holds, strict=True)
    ]


def _view(shown: _Shown, numbering: domain.Numbering) -> domain.PhoneCallView:
    fields, dates, state = shown
    extension, flow = fields.need("extension", PARTY), fields.filled("flow", FLOW)
    source, destination = _texts(fields, "source"), _texts(fields, "destination")
    calls_out = flow is domain.Flow.OUTGOING and state is not domain.PARKED
    side = 0 if is_one_of(extension, source) or (calls_out and not is_one_of(extension, destination)) else 1
    view = domain.PhoneCallView(
        id=fields.need("id", VIEW),
        extension=extension,
        state=state,
        side=side,
        source=source,
        destination=destination,
        flow=flow,
        caller_id=fields.filled("callerId", TEXT),
        ringing=dates["ringing"],
        answered=dates["answered"],
        on_hold=dates["onHold"] if state is domain.ON_HOLD else None,
        parking=_parking(fields, dates["parked"], 1 - side),
        recording=_recording(fields, dates["recording"], state),
    )
    return view if view.parking is None else _parked(view, view.parking, numbering)


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    texts = fields.get(name, TEXTS)
    return () if texts is None else tuple(filter(None, texts)) if "" in texts else texts


def _parking(fields: Fields, since: datetime | None, side: int) -> domain.Parking | None:
    if since is None:
        return None
    return domain.Parking(
        since=since, position=fields.need("parkedPos", POSITION), by=fields.need("parkedBy", PARTY), side=side
    )


def _parked(view: domain.PhoneCallView, lot: domain.Parking, numbering: domain.Numbering) -> domain.PhoneCallView:
    """Tell who is parked: nobody parks himself, so a view of the parker's number is that of a party from outside."""
    if not same_number(view.extension, lot.by):
        return view
    ends = (OUTSIDE_END[view.flow],) if view.flow in OUTSIDE_END else (0, 1)
    shown = [(party, side) for side in ends for party in parties(view, side, numbering)]
    others = [(party, side) for party, side in shown if not same_number(party.number, lot.by)]
    nobody = (NOBODY_KNOWN, ends[0] if len(ends) == 1 else lot.side)
    found = next((other for other in others if other[0].outside), None if others else nobody)
    if found is None:
        return view
    party, side = found
    lot = replace(lot, side=1 - side)
    return replace(view, extension=party.number, outside=party.outside, side=side, parking=lot)


def _recording(fields: Fields, since: datetime | None, state: domain.ViewState) -> domain.Recording | None:
    if since is not None and state not in domain.UP:
        raise fields.wrong("recording", "a view that has answered, to be recorded")
    return None if since is None else domain.Recording(since=since)
