"""A call out of the fields that the wire shows.

One rule: what is wrong with a call is told by the name of the field before a constructor of the model meets it. This
module knows nothing of actions or of how a refusal is answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from callstate import domain
from callstate.voipnow.wire.fields import DATE, TEXT, TEXTS, Fields, like, one_of
from callstate.voipnow.wire.placement import numbers, stand

STATUS: Mapping[int, domain.ViewState] = dict(
    enumerate((domain.UNKNOWN, domain.OFF_HOOK, domain.TRYING, domain.RINGING, domain.ANSWERED, domain.CONNECTED))
)
"""The wire's status numbers. ON_HOLD and PARKED have none of their own: they are told by a date."""

CALL = like(domain.CALL_ID.pattern, "a call id of 1 to 255 letters and digits")
# As long as a call's id may be: Python does not compute with a number of very many digits.
VIEW = like("[0-9]{1,255}", "a view id of 1 to 255 digits")
PARTY = like(domain.NUMBER.pattern, "a phone or extension number")
STATE = one_of(STATUS, "a status from 0 to 5")
FLOW = one_of({flow.value: flow for flow in domain.Flow}, "a flow of 2, 4 or 8")
POSITION = one_of({position: position for position in domain.PARKING_POSITIONS}, "a parking position from 1 to 100")


# The call -------------------------------------------------------------------------------------------------------------


def read_call(fields: Fields) -> domain.PhoneCall:
    """Read a call, with a view for the far party if the wire lists none."""
    call_id, extension = fields.need("id", CALL), fields.need("extension", PARTY)
    views = stand(list(map(_view, _in_order(fields.objects("phoneCallView")))))
    published, answered = fields.get("published", DATE), fields.get("answered", DATE)
    dates = [published, answered, *(date for view in views for date in _dates(view))]
    return domain.PhoneCall(
        id=call_id,
        extension=extension,
        views=views,
        owner_id=fields.get("ownerId", TEXT),
        owner_name=fields.get("ownerName", TEXT),
        published=published,
        answered=answered or _first_answered(views),
        nonce=fields.get("nonce", TEXT),
        updated=max((date for date in dates if date is not None), default=None),
    )


def _first_answered(views: Sequence[domain.PhoneCallView]) -> datetime | None:
    on_call = any(view.state in (domain.CONNECTED, domain.ON_HOLD, domain.PARKED) for view in views)
    return min((view.answered for view in views if on_call and view.answered is not None), default=None)


def _dates(view: domain.PhoneCallView) -> Iterator[datetime | None]:
    yield from (view.ringing, view.answered, view.on_hold)
    yield from (facet.since for facet in (view.parking, view.recording) if facet is not None)


def _in_order(listed: Sequence[Fields]) -> list[Fields]:
    """Sort views by the number of their id; two of one number could not be told apart."""
    by_number: dict[int, Fields] = {}
    for view in listed:
        number = int(view.need("id", VIEW))
        if number in by_number:
            raise view.wrong("id", "view ids of different numbers")
        by_number[number] = view
    return [view for _, view in sorted(by_number.items())]


# A view ---------------------------------------------------------------------------------------------------------------


def _view(fields: Fields) -> domain.PhoneCallView:
    source, destination = fields.get("source", TEXTS) or (), fields.get("destination", TEXTS) or ()
    state = _state(fields)
    extension, side = _party(fields, state, source, destination)
    return domain.PhoneCallView(
        id=fields.need("id", VIEW),
        extension=extension,
        state=state,
        side=side,
        source=source,
        destination=destination,
        flow=fields.get("flow", FLOW),
        caller_id=fields.get("callerId", TEXT),
        ringing=fields.get("ringing", DATE),
        answered=fields.get("answered", DATE),
        on_hold=fields.need("onHold", DATE) if state is domain.ON_HOLD else None,
        parking=_parking(fields, 1 - side) if state is domain.PARKED else None,
        recording=_recording(fields, state),
    )


def _state(fields: Fields) -> domain.ViewState:
    status = fields.need("status", STATE)
    if fields.get("parked", DATE) is not None:
        return domain.PARKED
    if fields.get("onHold", DATE) is None:
        return status
    if status is not domain.CONNECTED:
        raise fields.wrong("status", "status 5 beside onHold")
    return domain.ON_HOLD


def _party(
    fields: Fields, state: domain.ViewState, source: tuple[str, ...], destination: tuple[str, ...]
) -> tuple[str, int]:
    """Tell the number of the view's party and the side it stands on."""
    extension = fields.need("extension", PARTY)
    own = 0 if extension in source else 1
    if state is not domain.PARKED or extension != fields.get("parkedBy", PARTY):
        return extension, own
    # Nobody parks himself: this is a party from outside, shown under the number of who parked it.
    for side, shown in enumerate((source, destination)):
        outside = next((number for number in numbers(shown) if not domain.is_extension(number)), None)
        if outside is not None:
            return outside, side
    others = set(numbers((*source, *destination))) - {extension}
    return (extension, own) if others else (domain.WITHHELD, 1 - own)


def _parking(fields: Fields, side: int) -> domain.Parking:
    return domain.Parking(
        since=fields.need("parked", DATE),
        position=fields.need("parkedPos", POSITION),
        by=fields.need("parkedBy", PARTY),
        side=side,
    )


def _recording(fields: Fields, state: domain.ViewState) -> domain.Recording | None:
    since = fields.get("recording", DATE)
    if since is not None and state not in domain.UP:
        raise fields.wrong("recording", "a view that has answered, to be recorded")
    return None if since is None else domain.Recording(since=since)
