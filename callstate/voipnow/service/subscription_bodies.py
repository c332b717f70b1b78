"""Subscriptions on the wire: the body of a request, and how one is shown.

One rule: numbers are read as numbers or as texts and written as texts. What is wrong with a field is told with the code
of that field, in the order type, method, url, status, note. The path counts before the body: an update changes neither
the type nor the id.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from callstate.domain import DomainError, ErrorCode
from callstate.voipnow.service.event_urls import LONGEST, is_legal
from callstate.voipnow.service.events import EventType
from callstate.voipnow.service.subscriptions import EventMethod, Subscription, SubscriptionRequest
from callstate.voipnow.wire import TEXT, Fields, Kind, decode, one_of

LONGEST_NOTE = 1024

MayCall = Callable[[str], bool]
"""Returns whether the service may call a URL, which is legal."""

TYPES: Mapping[int, EventType] = {kind.value: kind for kind in EventType}
TYPE = one_of(TYPES, "a number from 0 to 4")

_METHOD = one_of({method.value: method for method in EventMethod}, "0 for GET or 1 for POST")
_STATUS = one_of({0: False, 1: True}, "0 for disabled or 1 for enabled")
_URL_NEEDED = f"an absolute http or https URL that this service may call, of at most {LONGEST} characters"
_NOTE = Kind(f"a text of at most {LONGEST_NOTE} characters", lambda value: _short(TEXT.read(value)))

_CODES: Mapping[str, ErrorCode] = {
    "type": ErrorCode.EVENT_TYPE_INVALID,
    "method": ErrorCode.EVENT_METHOD_INVALID,
    "url": ErrorCode.EVENT_URL_INVALID,
    "status": ErrorCode.EVENT_STATUS_INVALID,
    "note": ErrorCode.EVENT_NOTE_INVALID,
}
_CODES_OF_CREATE: Mapping[str, ErrorCode] = {**_CODES, "type": ErrorCode.NEW_EVENT_TYPE_INVALID}


class EventBody(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A subscription as the service shows it."""

    type: str
    id: str
    method: str
    url: str
    status: str
    note: str
    modified: datetime
    links: Mapping[str, str]


def event_body(request: SubscriptionRequest, subscription: Subscription) -> EventBody:
    """Show a subscription, with the address under which the user of the request finds it."""
    kind = f"{subscription.type:d}"
    return EventBody(
        type=kind,
        id=subscription.id,
        method=f"{subscription.method:d}",
        url=subscription.url,
        status=f"{subscription.enabled:d}",
        note=subscription.note,
        modified=subscription.modified,
        links={"self": address(request, subscription.extension, kind, subscription.id)},
    )


def address(request: SubscriptionRequest, number: str, *segments: str) -> str:
    """Write the address of subscriptions of an extension; the user stays the one of the request."""
    path = (quote(segment, safe="@*+") for segment in (request.user, number, "phoneCallEvents", *segments))
    return "/".join((request.base, "extensions", *path))


# Reading --------------------------------------------------------------------------------------------------------------


def read_new(
    request: SubscriptionRequest, number: str, kind: EventType | None, at: datetime, may_call: MayCall
) -> Subscription | DomainError:
    """Read the body of a create; the type may stand in the path, in the body, or in both."""

    def read(fields: Fields) -> Subscription:
        found = _type(fields, kind)
        method, url = fields.need("method", _METHOD), fields.need("url", _url(may_call))
        enabled, note = fields.filled("status", _STATUS), fields.get("note", _NOTE)
        return Subscription(
            extension=number,
            type=found,
            id=request.new_id,
            method=method,
            url=url,
            enabled=enabled is not False,
            note=note or "",
            modified=at,
        )

    return decode(request.body, "PhoneCallEvent", read, codes=_CODES_OF_CREATE)


def read_changed(
    request: SubscriptionRequest, subscription: Subscription, at: datetime, may_call: MayCall
) -> Subscription | DomainError:
    """Read the body of an update; a field that is left out stays, and where nothing changes the date stays too."""

    def read(fields: Fields) -> Subscription:
        _type(fields, subscription.type)
        method, url = fields.filled("method", _METHOD), fields.filled("url", _url(may_call))
        enabled, note = fields.filled("status", _STATUS), fields.get("note", _NOTE)
        changed = replace(
            subscription,
            method=subscription.method if method is None else method,
            url=url or subscription.url,
            enabled=subscription.enabled if enabled is None else enabled,
            note=subscription.note if note is None else note,
        )
        return subscription if changed == subscription else replace(changed, modified=at)

    return decode(request.body, "PhoneCallEvent", read, codes=_CODES)


def _type(fields: Fields, kind: EventType | None) -> EventType:
    """Read the type, which is that of the path if the path has one."""
    if kind is None:
        return fields.need("type", TYPE)
    if fields.filled("type", TYPE) not in (None, kind):
        raise fields.wrong("type", f"the type of the path, {kind:d}")
    return kind


def _url(may_call: MayCall) -> Kind[str]:
    def read(value: object) -> str | None:
        return value if isinstance(value, str) and is_legal(value) and may_call(value) else None

    return Kind(_URL_NEEDED, read)


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text) <= LONGEST_NOTE else None
