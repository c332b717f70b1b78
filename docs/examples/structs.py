"""Carry values of callstate in pydantic models, and so in the bodies that FastAPI reads, writes and describes.

One rule: pydantic passes a value through; msgspec reads, writes and describes it.
"""

from typing import Any

import msgspec
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class AsStruct:
    """Annotates a field: `Annotated[PhoneCall, AsStruct(PhoneCall)]`. A union of classes will do, too."""

    def __init__(self, kind: Any) -> None:  # Any: a class or a union of classes
        self._kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic how to read and write a value."""
        return core_schema.no_info_plain_validator_function(
            lambda value: msgspec.convert(value, self._kind),
            serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe a value in one piece, because the definitions of a page are pydantic's."""
        described = msgspec.json.schema(self._kind)
        whole: dict[str, Any] = _inlined(described, described.get("$defs", {}))
        return whole


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # Any: JSON
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        name: _inlined(value, definitions) for name, value in schema.items() if name not in ("$defs", "discriminator")
    }
