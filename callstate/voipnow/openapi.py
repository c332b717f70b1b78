"""The description of the service in OpenAPI 3.1, made from the classes that it reads and writes.

One rule: what is known of a field is taken from its class or its form; only paths and what stands in them is written
down here. This module decides nothing: it tells what the others do.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec.json import schema_components

from callstate.actions import ACTIONS, HangUp
from callstate.create import Create, CreateCallback, CreateConferenceInvite, CreateSimple
from callstate.forms import wire_name
from callstate.voipnow.listing import _Page as Page
from callstate.voipnow.parameters import COUNTS, FIELDS, PAGE, STARTS
from callstate.voipnow.wire import _WireCall as WireCall

Json: TypeAlias = dict[str, Any]  # Any: JSON

CREATES: Mapping[str, type[Create]] = {
    "simple": CreateSimple,
    "callback": CreateCallback,
    "conferenceInvite": CreateConferenceInvite,
}
"""The last word of the path of a create, and what it makes."""

UPDATES = tuple(kind for kind in ACTIONS if kind is not HangUp)
"""What a PUT may ask for; hanging up is DELETE."""

_OF_THE_SERVICE = frozenset({"call_id", "owner_id", "owner_name", "position"})
_IN_THE_PATH = _OF_THE_SERVICE | {"extension"}
_OF_THE_VIEW = frozenset({"source", "destination", "caller_id", "caller_destination"})
_OF_THE_BODY = frozenset({"extension", "nonce"})

_TEMPLATE = "#/components/schemas/{name}"


class _Problem(msgspec.Struct):
    code: str
    message: str


class _Error(msgspec.Struct):
    error: _Problem


class _Accepted(msgspec.Struct):
    id: str
    extension: str
    link: dict[str, str]


class _Refused(msgspec.Struct):
    id: str
    error: _Problem


class _HungUp(msgspec.Struct):
    id: str


def encoded() -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(document())


def document() -> Json:
    """Describe the service."""
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PhoneCalls",
            "version": "1",
            "description": "Call control after the PhoneCalls service of VoipNow's UnifiedAPI.",
        },
        "servers": [{"url": "/uapi"}, {"url": "/unifiedapi"}],
        "security": [{"token": []}, {"tokenInQuery": []}],
        "paths": {
            **{f"/phoneCalls/{{userId}}/{kind}": _creating(kind, create) for kind, create in CREATES.items()},
            "/phoneCalls/{userId}/{extension}": _calls("OfExtension", _array("Outcome"), _USER, _EXTENSION),
            "/phoneCalls/{userId}/{extension}/{phoneCallId}": _calls(
                "ById", _ref("Accepted"), _USER, _EXTENSION, _CALL, _IF_MATCH
            ),
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "tokenInQuery": {"type": "apiKey", "in": "query", "name": "accessRequestToken"},
            },
            "schemas": schemas,
        },
    }


# Paths ----------------------------------------------------------------------------------------------------------------


def _creating(kind: str, create: type[Create]) -> Json:
    answers = _answers({200: _array("PhoneCall")})
    return {
        "parameters": [_USER],
        "post": {
            "operationId": f"create{kind[0].upper()}{kind[1:]}",
            "parameters": _create_parameters(create),
            "requestBody": _body(create.__name__),
            "responses": answers,
        },
    }


def _calls(name: str, accepted: Json, *parameters: Json) -> Json:
    return {
        "parameters": list(parameters),
        "get": {"operationId": f"list{name}", "parameters": list(_LIST), "responses": _answers({200: _ref("Page")})},
        "put": {
            "operationId": f"update{name}",
            "requestBody": _body("PhoneCallAction"),
            "responses": _answers({202: accepted}),
        },
        "delete": {
            "operationId": f"hangUp{name}",
            "parameters": list(_DELETE),
            "responses": _answers({200: _array("HungUp")}),
        },
    }


def _body(schema: str) -> Json:
    return {"required": True, "content": _content(_ref(schema))}


def _answers(accepted: Mapping[int, Json]) -> Json:
    refused = {400: "Refused.", 401: "No good token, or no right to this.", 412: "The call has changed since."}
    refused |= {413: "The body is too long.", 415: "The body is no JSON."}
    return {
        **{str(status): {"description": "Done.", "content": _content(schema)} for status, schema in accepted.items()},
        **{str(status): {"description": text, "content": _content(_ref("Error"))} for status, text in refused.items()},
    }


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> Json:
    return {"$ref": _TEMPLATE.format(name=name)}


def _array(name: str) -> Json:
    return {"type": "array", "items": _ref(name)}


# Parameters -----------------------------------------------------------------------------------------------------------


def _parameter(where: str, name: str, description: str, **schema: Any) -> Json:  # Any: JSON
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, **required, "description": description, "schema": schema}


_USER = _parameter("path", "userId", "A user's id, @me, @viewer or @owner.", type="string")
_EXTENSION = _parameter("path", "extension", "An extension number, long or short, or @self.", type="string")
_CALL = _parameter("path", "phoneCallId", "The id of a call.", type="string")
_IF_MATCH = _parameter("header", "If-Match", "Only if the call still has this ETag.", type="string")


def _range(numbers: range) -> Json:
    return {"type": "integer", "minimum": numbers.start, "maximum": numbers.stop - 1}


_LIST = (
    _parameter("query", "count", "How many calls to show.", **_range(COUNTS), default=PAGE),
    _parameter("query", "startIndex", "How many calls to leave out first.", **_range(STARTS), default=0),
    _parameter("query", "filterBy", "The field that is compared.", enum=["id", "published"]),
    _parameter("query", "filterOp", "How it is compared; contains if not given.", type="string"),
    _parameter("query", "filterValue", "What it is compared with.", type="string"),
    _parameter("query", "fields", f"Names, with commas between them: {', '.join(FIELDS)}.", type="string"),
    _parameter("query", "sortOrder", "The order of publishing.", enum=["ascending", "descending"]),
)
_DELETE = (_parameter("query", "phoneNumber", "Only the party of this number leaves.", type="string"),)


def _create_parameters(create: type[Create]) -> list[Json]:
    """Describe the fields of a create that stand neither in its path nor in its body."""
    elsewhere = _OF_THE_SERVICE | _OF_THE_BODY | _OF_THE_VIEW
    properties = _struct(create, without=elsewhere)["properties"]
    return [_parameter("query", name, schema.pop("description", ""), **schema) for name, schema in properties.items()]


# Schemas --------------------------------------------------------------------------------------------------------------


def _schemas() -> Json:
    _, written = schema_components([WireCall, Page, _Error, _Accepted, _Refused, _HungUp], ref_template=_TEMPLATE)
    schemas = _renamed(written)
    entry = {**schemas["PhoneCall"], "description": "A call, or those of its fields that were asked for."}
    del entry["required"]
    schemas["Page"]["properties"]["entry"]["items"] = entry
    actions = {kind.__name__: _struct(kind, without=_IN_THE_PATH) for kind in UPDATES}
    return {
        **schemas,
        **actions,
        **{create.__name__: _create_body(create) for create in CREATES.values()},
        "Outcome": {"anyOf": [_ref("Accepted"), _ref("Refused")]},
        "PhoneCallAction": {"oneOf": [_ref(name) for name in actions]},
    }


_NAMES: Mapping[str, str] = {
    "_WireCall": "PhoneCall",
    "_WireView": "PhoneCallView",
    "_Error": "Error",
    "_Problem": "Problem",
    "_Accepted": "Accepted",
    "_Refused": "Refused",
    "_HungUp": "HungUp",
    "_Page": "Page",
}


def _renamed(schemas: Json) -> Json:
    """Name the schemas as the service does, instead of by our classes."""
    text = msgspec.json.encode(schemas).decode()
    for ours, theirs in _NAMES.items():
        text = text.replace(ours, theirs)
    renamed: Json = msgspec.json.decode(text)
    return renamed


def _create_body(create: type[Create]) -> Json:
    fields = {field.name for field in msgspec.structs.fields(create)}
    body = _struct(create, without=fields - _OF_THE_BODY)
    view = _struct(create, without=fields - _OF_THE_VIEW)
    del view["description"]
    for name in ("source", "destination"):
        numbers = view["properties"][name]
        view["properties"][name] = {"anyOf": [numbers, numbers["items"]]}
    body["properties"]["phoneCallView"] = {"type": "array", "items": view, "minItems": 1, "maxItems": 1}
    body["required"].append("phoneCallView")
    return body


def _struct(kind: type[msgspec.Struct], *, without: Iterable[str]) -> Json:
    """Describe a class without some of its fields, with what their forms say of the others."""
    _, schemas = schema_components([kind])
    schema = schemas[kind.__name__]
    needed = {wire_name(form.field): form.needed for form in getattr(kind, "forms", ())}
    hidden = {wire_name(name) for name in without}
    properties = {wire_name(name): field for name, field in schema["properties"].items()}
    described = {
        name: {**field, "description": needed[name]} if name in needed else field
        for name, field in properties.items()
        if name not in hidden
    }
    required = [name for name in map(wire_name, schema["required"]) if name not in hidden]
    return {**_object(described), "required": required, "description": " ".join(schema["description"].split())}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}
