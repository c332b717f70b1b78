"""The shapes of requests and answers as JSON Schema, made from the classes that are read and written.

One rule: what is known of a field is taken from its class or its form, in the words of the wire. This module knows no
path and decides nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

import msgspec
from msgspec.json import schema_components

from callstate.domain import ACTIONS, Create, HangUp, Request, wire_name
from callstate.voipnow.service import CREATES, OfEach, Page
from callstate.voipnow.wire import AcceptedBody, CallBody

FIELD = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")

Json: TypeAlias = dict[str, Any]  # Any: JSON

UPDATES = tuple(kind for kind in ACTIONS if kind is not HangUp)
"""What a PUT may ask for; hanging up is DELETE."""

OF_EACH: tuple[type[Request], ...] = get_args(OfEach)
"""What a PUT without the id of a call may ask for; each call has a view of its own for it, so none is named."""

OF_THE_SERVICE = frozenset({"call_id", "owner_id", "owner_name", "position"})
_IN_THE_PATH = OF_THE_SERVICE | {"extension"}
OF_THE_VIEW = frozenset({"source", "destination", "caller_id", "caller_destination"})
OF_THE_BODY = frozenset({"extension", "nonce"})

TEMPLATE = "#/components/schemas/{name}"


class _Problem(msgspec.Struct):
    code: str
    message: str


class _Error(msgspec.Struct):
    error: _Problem


class _Refused(msgspec.Struct):
    id: str
    error: _Problem


class _HungUp(msgspec.Struct):
    id: str


def ref(name: str) -> Json:
    """Refer to a schema by its name."""
    return {"$ref": TEMPLATE.format(name=name)}


def schemas() -> Json:
    """Describe all that is read and written, each by its name."""
    _, written = schema_components([CallBody, Page, _Error, AcceptedBody, _Refused, _HungUp], ref_template=TEMPLATE)
    found = _renamed(written)
    call = found["PhoneCall"]
    listed = {**call, "required": ["id"], "description": "A call, or those of its fields that were asked for."}
    found["Page"]["properties"]["entry"]["items"] = ref("PhoneCall")
    actions = {kind.__name__: struct(kind, without=_IN_THE_PATH) for kind in UPDATES}
    of_each = {f"{kind.__name__}OfEach": struct(kind, without=_IN_THE_PATH | {"view_id"}) for kind in OF_EACH}
    return {
        **found,
        **actions,
        **of_each,
        "PhoneCall": listed,
        "CreatedPhoneCall": _created(call),
        **{create.__name__: _create_body(create) for create in CREATES.values()},
        "Outcome": {"anyOf": [ref("Accepted"), ref("Refused")]},
        "PhoneCallAction": {"oneOf": [ref(name) for name in actions]},
        "PhoneCallActionOfEach": {"oneOf": [ref(name) for name in of_each]},
    }


def _created(call: Json) -> Json:
    """Describe a call as it is shown when it is new, where the address has another name."""
    properties = {"links" if name == "link" else name: schema for name, schema in call["properties"].items()}
    return {**call, "properties": properties}


_NAMES: Mapping[str, str] = {
    "CallBody": "PhoneCall",
    "ViewBody": "PhoneCallView",
    "_Error": "Error",
    "_Problem": "Problem",
    "AcceptedBody": "Accepted",
    "_Refused": "Refused",
    "_HungUp": "HungUp",
    "_Link": "Link",
    "Page": "Page",
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
    body = struct(create, without=fields - OF_THE_BODY)
    view = struct(create, without=fields - OF_THE_VIEW)
    del view["description"]
    for name in ("source", "destination"):
        numbers = view["properties"][name]
        view["properties"][name] = {"anyOf": [numbers, numbers["items"]]}
    body["properties"]["phoneCallView"] = {"type": "array", "items": view, "minItems": 1, "maxItems": 1}
    body["required"].append("phoneCallView")
    return body


def struct(kind: type[msgspec.Struct], *, without: Iterable[str]) -> Json:
    """Describe a class without some of its fields, with the limits of the others."""
    _, schemas = schema_components([kind])
    schema = schemas[kind.__name__]
    needed = {wire_name(form.field): form.needed for form in getattr(kind, "field_rules", ())}
    hidden = {wire_name(name) for name in without}
    properties = {wire_name(name): field for name, field in schema["properties"].items()}
    described = {
        name: {**field, "description": needed[name]} if name in needed else field
        for name, field in properties.items()
        if name not in hidden
    }
    required = [name for name in map(wire_name, schema["required"]) if name not in hidden]
    return {**_object(described), "required": required, "description": _summary(schema["description"])}


def _summary(docstring: str) -> str:
    """Take what a class is for, its first paragraph, and write fields as the wire does."""
    text = " ".join(docstring.partition("\n\n")[0].split())
    return FIELD.sub(lambda found: f"`{wire_name(found[1])}`", text)


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}
