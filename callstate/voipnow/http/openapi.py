"""The description of the service in OpenAPI 3.1: its paths, their parameters, and how each is answered.

One rule: only what stands in paths and queries is written down here; the shapes of bodies are those of `schemas`. This
module decides nothing: it describes what the others do.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from callstate.domain import Create, CreateConferenceInvite, CreateSimple, ErrorCode
from callstate.voipnow.http.schemas import OF_THE_BODY, OF_THE_SERVICE, OF_THE_VIEW, Json, ref, schemas, struct
from callstate.voipnow.service import COUNTS, CREATES, FIELDS, PAGE, STARTS
from callstate.voipnow.wire import http_status, wire_code


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
                "OfExtension", "PhoneCallActionOfEach", array("Outcome"), USER, _EXTENSION
            ),
            "/phoneCalls/{userId}/{extension}/{phoneCallId}": _calls(
                "ById", "PhoneCallAction", ref("Accepted"), USER, _EXTENSION, _CALL, _IF_MATCH
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
    return {
        "parameters": [USER],
        "post": {
            "operationId": f"create{kind[0].upper()}{kind[1:]}",
            "parameters": [*_create_parameters(create), *_IGNORED.get(create, ())],
            "requestBody": body(create.__name__),
            "responses": answers({200: array("CreatedPhoneCall")}),
        },
    }


def _calls(name: str, action: str, accepted: Json, *parameters: Json) -> Json:
    return {
        "parameters": list(parameters),
        "get": {"operationId": f"list{name}", "parameters": list(_LIST), "responses": answers({200: ref("Page")})},
        "put": {
            "operationId": f"update{name}",
            "requestBody": body(action),
            "responses": answers({202: accepted}),
        },
        "delete": {
            "operationId": f"hangUp{name}",
            "parameters": list(_DELETE),
            "responses": answers({200: array("HungUp")}),
        },
    }


def body(schema: str) -> Json:
    """Describe a body that has to come."""
    return {"required": True, "content": content(ref(schema))}


def answers(accepted: Mapping[int, Json]) -> Json:
    """Describe the answers to a request: those by which it is accepted, each by its status, and the refusals."""
    version = {"description": "The version of the call, if the answer is about one.", "schema": {"type": "string"}}
    done = {"description": "Done.", "headers": {"ETag": version}}
    return {
        **{str(status): {**done, "content": content(schema)} for status, schema in accepted.items()},
        **{str(status): {"description": text, "content": content(ref("Error"))} for status, text in _REFUSED.items()},
    }


def _codes(status: int) -> str:
    """Name the codes of the refusals that have a status."""
    return ", ".join(sorted({wire_code(code) for code in ErrorCode if http_status(code) == status}))


_REFUSED: Mapping[int, str] = {
    400: f"Refused. The code is one of {_codes(400)}.",
    401: f"No good token, or no right to this. The code is {_codes(401)}.",
    405: "Another method than those of this path.",
    408: "The body did not come in time.",
    412: "The call has changed since.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    500: "The server has failed.",
    503: "The server stops, or others keep changing the same calls.",
}


def content(schema: Json) -> Json:
    """Describe a body in the one form that all bodies have."""
    return {"application/json": {"schema": schema}}


def array(name: str) -> Json:
    """Describe an array of what has a schema."""
    return {"type": "array", "items": ref(name)}


# Parameters -----------------------------------------------------------------------------------------------------------


def parameter(where: str, name: str, description: str, **schema: Any) -> Json:  # Any: JSON
    """Describe what comes beside the body."""
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, **required, "description": description, "schema": schema}


USER = parameter("path", "userId", "A user's id, @me, @viewer or @owner.", type="string")
_EXTENSION = parameter("path", "extension", "An extension number, long or short, or @self.", type="string")
_CALL = parameter("path", "phoneCallId", "The id of a call.", type="string")
_IF_MATCH = parameter("header", "If-Match", "Only if the call still has this ETag.", type="string")


def between(numbers: range) -> Json:
    """Describe a whole number."""
    return {"type": "integer", "minimum": numbers.start, "maximum": numbers.stop - 1}


_LIST = (
    parameter("query", "count", "How many calls to show.", **between(COUNTS), default=PAGE),
    parameter("query", "startIndex", "How many calls to leave out first.", **between(STARTS), default=0),
    parameter("query", "filterBy", "The field that is compared.", enum=["id", "published"]),
    parameter("query", "filterOp", "How it is compared; contains if not given.", type="string"),
    parameter("query", "filterValue", "What it is compared with.", type="string"),
    parameter("query", "fields", f"Names, with commas between them: {', '.join(FIELDS)}.", type="string"),
    parameter("query", "sortOrder", "The order of publishing.", enum=["ascending", "descending"]),
)
_IGNORED: Mapping[type[Create], tuple[Json, ...]] = {
    CreateSimple: (parameter("query", "video", "Ignored: no media is modelled.", type="string"),),
    CreateConferenceInvite: tuple(
        parameter("query", name, "Ignored: no conference is modelled.", type="string") for name in ("number", "pin")
    ),
}
_DELETE = (parameter("query", "phoneNumber", "Only the party of this number leaves.", type="string"),)


def _create_parameters(create: type[Create]) -> list[Json]:
    """Describe the fields of a create that stand neither in its path nor in its body."""
    elsewhere = OF_THE_SERVICE | OF_THE_BODY | OF_THE_VIEW
    properties = struct(create, without=elsewhere)["properties"]
    return [parameter("query", name, schema.pop("description", ""), **schema) for name, schema in properties.items()]
