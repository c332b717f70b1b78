"""The description of the controls in OpenAPI 3.1, made from their routes.

One rule: nothing is described by hand that the routes and the shapes tell.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from msgspec.json import schema_components

from callstate.sandbox import bodies

if TYPE_CHECKING:
    from callstate.sandbox.control import Route

PATH = "/sandbox/openapi.json"

_TEMPLATE = "#/components/schemas/{name}"

Json: TypeAlias = dict[str, Any]  # Any: JSON


def encoded(routes: Iterable["Route"]) -> bytes:
    """Write the document."""
    routes = tuple(routes)
    kinds = {kind for route in routes for kind in (route.answer, route.body, bodies.Refusal) if kind is not None}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    references, schemas = schema_components(ordered, ref_template=_TEMPLATE)
    named = dict(zip(ordered, references, strict=True))
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, named)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "callstate sandbox",
            "version": "1",
            "description": "What a test may do to a sandbox. The service itself is described at /openapi.json. "
            "GET /sandbox/updates is a stream of server-sent events for the console at /.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return msgspec.json.encode(document)


def _operation(route: "Route", named: dict[type[msgspec.Struct], Json]) -> Json:
    parameters = [_parameter(name, "query") for name in route.query]
    if "{number}" in route.path:
        parameters.append({**_parameter("number", "path"), "required": True})
    body = {} if route.body is None else {"requestBody": {"required": True, "content": _content(named[route.body])}}
    return {
        "summary": route.summary,
        "operationId": route.do.__name__.strip("_") + ("Default" if route.method == "DELETE" and parameters else ""),
        "parameters": parameters,
        **body,
        "responses": {
            "200": {"description": "Done.", "content": _content(named[route.answer])},
            "400": {"description": "Refused.", "content": _content(named[bodies.Refusal])},
            "403": {"description": "From another host or origin.", "content": _content(named[bodies.Refusal])},
        },
    }


def _parameter(name: str, place: str) -> Json:
    return {"name": name, "in": place, "schema": {"type": "string"}}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
