"""The description of the service in OpenAPI where it has call events too: their paths and the shapes of their bodies.

One rule: it adds to the description of the calls, and changes nothing there. This module decides nothing: it tells what
the others do.
"""

from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
from msgspec.json import schema_components

from callstate.voipnow.http import openapi
from callstate.voipnow.http.openapi import USER, answers, array, between, body, parameter
from callstate.voipnow.http.schemas import TEMPLATE, Json, ref
from callstate.voipnow.service import (
    COUNTS,
    EVENT_FIELDS,
    FILTERED_BY,
    LONGEST_NOTE,
    PAGE,
    STARTS,
    EventBody,
    EventMethod,
    EventType,
)


@cache
def encoded() -> bytes:
    """Return the document as JSON; it is built once, since nothing in it changes."""
    return msgspec.json.encode(document())


def document() -> Json:
    """Describe the service with call events."""
    calls = openapi.document()
    schemas = {**calls["components"]["schemas"], **_schemas(calls["components"]["schemas"]["Page"])}
    return {
        **calls,
        "info": {**calls["info"], "title": "PhoneCalls and PhoneCallEvents"},
        "paths": {**calls["paths"], **_paths()},
        "components": {**calls["components"], "schemas": schemas},
    }


# Paths ----------------------------------------------------------------------------------------------------------------

_BASE = "/extensions/{userId}/{extension}/phoneCallEvents"


def _paths() -> Json:
    create, page = _operation("createEvent", "PhoneCallEvent", "NewPhoneCallEvent"), "PhoneCallEventPage"
    typed = _operation("createEventOfType", "PhoneCallEvent", "NewPhoneCallEventOfType")
    every, of_type, one = (f"Event{name}" for name in ("sOfExtension", "sOfType", "ById"))
    return {
        _BASE: _path((), post=create, get=_list(every, page), delete=_delete(every)),
        f"{_BASE}/{{type}}": _path((_TYPE,), post=typed, get=_list(of_type, page), delete=_delete(of_type)),
        f"{_BASE}/{{type}}/{{id}}": _path(
            (_TYPE, _ID),
            get=_list(one, page),
            put=_operation("updateEvent", "PhoneCallEvent", "PhoneCallEventUpdate"),
            delete=_delete(one),
        ),
    }


def _path(parameters: Iterable[Json], **operations: Json) -> Json:
    return {"parameters": [USER, _EXTENSION, *parameters], **operations}


def _operation(name: str, answer: str, asked: str) -> Json:
    return {"operationId": name, "requestBody": body(asked), "responses": answers({200: ref(answer)})}


def _list(name: str, page: str) -> Json:
    return {"operationId": f"list{name}", "parameters": list(_LIST), "responses": answers({200: ref(page)})}


def _delete(name: str) -> Json:
    return {"operationId": f"delete{name}", "responses": answers({200: array("DeletedPhoneCallEvent")})}


_TYPES = tuple(f"{kind:d}" for kind in EventType)
_METHODS = tuple(f"{method:d}" for method in EventMethod)

_EXTENSION = parameter("path", "extension", "An extension number, long or short; never @self.", type="string")
_TYPE = parameter("path", "type", "The type of the event.", enum=list(_TYPES))
_ID = parameter("path", "id", "The id of a subscription.", type="string")
_LIST = (
    parameter("query", "count", "How many to show.", **between(COUNTS), default=PAGE),
    parameter("query", "startIndex", "How many to leave out first.", **between(STARTS), default=0),
    parameter("query", "filterBy", "The field that is compared.", enum=list(FILTERED_BY)),
    parameter("query", "filterValue", "What it has to be equal to.", type="string"),
    parameter("query", "fields", f"Names, with commas between them: {', '.join(EVENT_FIELDS)}.", type="string"),
    parameter("query", "sortOrder", "The order of the URLs.", enum=["ascending", "descending"]),
)


# Bodies ---------------------------------------------------------------------------------------------------------------

_FIELDS: Mapping[str, Json] = {
    "type": {
        "enum": list(_TYPES),
        "description": "0 dial-in, 1 dial-out, 2 hangup, 3 answer in, 4 answer out.",
    },
    "method": {"enum": list(_METHODS), "description": "0 for GET, 1 for POST."},
    "url": {"type": "string", "format": "uri", "description": "Where events are sent to; http or https."},
    "status": {"enum": ["0", "1"], "description": "0 for disabled, 1 for enabled."},
    "note": {"type": "string", "maxLength": LONGEST_NOTE, "description": "For people."},
}


def _schemas(page: Json) -> Json:
    """Describe what is read and written; a number may come as one and is shown as a text."""
    _, written = schema_components([EventBody], ref_template=TEMPLATE)
    shown = written["EventBody"]
    properties = {**shown["properties"], **_FIELDS}
    one = {**shown, "description": "A subscription, or those of its fields that were asked for."}
    return {
        "PhoneCallEvent": {**one, "title": "PhoneCallEvent", "properties": properties, "required": []},
        "PhoneCallEventPage": {**page, "title": "PhoneCallEventPage", "properties": _page(page["properties"])},
        "NewPhoneCallEvent": _read("type", "method", "url", optional=("status", "note")),
        "NewPhoneCallEventOfType": _read("method", "url", optional=("type", "status", "note")),
        "PhoneCallEventUpdate": _read(optional=("method", "url", "status", "note")),
        "DeletedPhoneCallEvent": {
            "type": "object",
            "properties": {"id": {"type": "string"}},
            "required": ["id"],
        },
    }


def _page(properties: Json) -> Json:
    return {**properties, "entry": {"type": "array", "items": ref("PhoneCallEvent")}}


def _read(*required: str, optional: Iterable[str] = ()) -> Json:
    properties = {name: _tolerant(_FIELDS[name]) for name in (*required, *optional)}
    return {"type": "object", "properties": properties, "required": list(required)}


def _tolerant(field: Json) -> Json:
    """Let a number come as a number too."""
    return {**field, "enum": [*field["enum"], *map(int, field["enum"])]} if "enum" in field else field
