"""The description of the service in OpenAPI 3.1: its paths, their parameters, and how each is answered.

One rule: only what stands in paths and queries is written down here; the shapes of bodies are those of `schemas`. This
module decides nothing: it tells what the others do.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from callstate.domain import Create, CreateConferenceInvite, CreateSimple
from callstate.voipnow.http.schemas import OF_THE_BODY, OF_THE_SERVICE, OF_THE_VIEW, Json, ref, schemas, struct
from callstate.voipnow.service import COUNTS, CREATES, FIELDS, PAGE, STARTS


@cache
def encoded() -> bytes:
    """Return the document as JSON; it is built once, since nothing in it changes."""
    return msgspec.json.encode(document())


def document() -> Json:
    """Describe the service."""
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
            "/phoneCalls/{userId}/{extension}": _calls(
                "OfExtension", "PhoneCallActionOfEach", _array("Outcome"), _USER, _EXTENSION
            ),
            "/phoneCalls/{userId}/{extension}/{phoneCallId}": _calls(
                "ById", "PhoneCallAction", ref("Accepted"), _USER, _EXTENSION, _CALL, _IF_MATCH
            ),
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "tokenInQuery": {"type": "apiKey", "in": "query", "name": "accessRequestToken"},
            },
            "schemas": schemas(),
        },
    }


# Paths ----------------------------------------------------------------------------------------------------------------


def _creating(kind: str, create: type[Create]) -> Json:
    answers = _answers({200: _array("CreatedPhoneCall")})
    return {
        "parameters": [_USER],
        "post": {
            "operationId": f"create{kind[0].upper()}{kind[1:]}",
            "parameters": [*_create_parameters(create), *_IGNORED.get(create, ())],
            "requestBody": _body(create.__name__),
            "responses": answers,
        },
    }


def _calls(name: str, action: str, accepted: Json, *parameters: Json) -> Json:
    return {
        "parameters": list(parameters),
        "get": {"operationId": f"list{name}", "parameters": list(_LIST), "responses": _answers({200: ref("Page")})},
        "put": {
            "operationId": f"update{name}",
            "requestBody": _body(action),
            "responses": _answers({202: accepted}),
        },
        "delete": {
            "operationId": f"hangUp{name}",
            "parameters": list(_DELETE),
            "responses": _answers({200: _array("HungUp")}),
        },
    }


def _body(schema: str) -> Json:
    return {"required": True, "content": _content(ref(schema))}


def _answers(accepted: Mapping[int, Json]) -> Json:
    version = {"description": "The version of the call, if the answer is about one.", "schema": {"type": "string"}}
    done = {"description": "Done.", "headers": {"ETag": version}}
    return {
        **{str(status): {**done, "content": _content(schema)} for status, schema in accepted.items()},
        **{str(status): {"description": text, "content": _content(ref("Error"))} for status, text in _REFUSED.items()},
    }


_REFUSED: Mapping[int, str] = {
    400: "Refused.",
    401: "No good token, or no right to this.",
    405: "Another method than those of this path.",
    408: "The body did not come in time.",
    412: "The call has changed since.",
    413: "The body is too long.",
    415: "The body is no JSON.",
}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _array(name: str) -> Json:
    return {"type": "array", "items": ref(name)}


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
_IGNORED: Mapping[type[Create], tuple[Json, ...]] = {
    CreateSimple: (_parameter("query", "video", "Read over: no media is modelled.", type="string"),),
    CreateConferenceInvite: tuple(
        _parameter("query", name, "Read over: no conference is modelled.", type="string") for name in ("number", "pin")
    ),
}
_DELETE = (_parameter("query", "phoneNumber", "Only the party of this number leaves.", type="string"),)


def _create_parameters(create: type[Create]) -> list[Json]:
    """Describe the fields of a create that stand neither in its path nor in its body."""
    elsewhere = OF_THE_SERVICE | OF_THE_BODY | OF_THE_VIEW
    properties = struct(create, without=elsewhere)["properties"]
    return [_parameter("query", name, schema.pop("description", ""), **schema) for name, schema in properties.items()]
