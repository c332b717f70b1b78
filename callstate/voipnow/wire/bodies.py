"""The bodies of requests for an action: each read in one step if it is spelled as documented, otherwise field by field.

One rule: both ways give the same result for every body that both can read; a test checks that. Whether the fields have
the right form is checked elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Union, get_args

import msgspec
from msgspec.structs import asdict

from callstate.domain import ACTIONS, DomainError, ErrorCode, Request
from callstate.voipnow.wire.fields import OTHER_SPELLINGS, Fields, as_text, decode, unreadable


def decode_action(data: bytes | str, *, call_id: str, extension: str) -> Request | DomainError:
    """Read the body of a request for the call `call_id`, made on behalf of `extension`.

    Every word of the vocabulary is read, HangUp too, which the service itself takes by another way. A field of the
    wrong type is handed on as its JSON text and a required one that is missing as an empty text.
    """
    try:
        # What is no text is malformed, also where it would be read over.
        body = _decode_body(data if isinstance(data, str) else data.decode())
    except (ValueError, RecursionError):
        body = None  # something in it is spelled in another way, or cannot be read at all
    action = None if body is None else _as_it_is(body, call_id, extension)
    if action is not None:
        return action
    return decode(data, "PhoneCallAction", lambda fields: _action(fields, call_id, extension))


class _Field(NamedTuple):
    """A field of an action's body; only a number is handed on as one, and what must be there may be empty."""

    name: str
    wire_name: str
    absent: str | None
    is_number: bool


class _Shape(NamedTuple):
    """How an action is built, the fields that its body holds, and its body as a class, each field of its own type.

    `needed` of the fields must be there.
    """

    build: Callable[..., Request]
    fields: tuple[_Field, ...]
    body: type[msgspec.Struct]
    needed: int


OTHERS = frozenset(OTHER_SPELLINGS.values())

_NOT_IN_THE_BODY = frozenset({"call_id", "extension", "position"})


def _shape(kind: type[Request]) -> _Shape:
    held = [field for field in msgspec.structs.fields(kind) if field.name not in _NOT_IN_THE_BODY]
    fields = [
        _Field(field.name, field.encode_name, "" if field.required else None, int in get_args(field.type))
        for field in held
    ]
    needed = sum(field.absent is not None for field in fields)
    return _Shape(kind, tuple(fields), _body(kind.__name__, fields), needed)


def _body(name: str, fields: Iterable[_Field]) -> type[msgspec.Struct]:
    """Make the class of a body. Its last fields are other spellings of names, which it does not understand."""
    required = [(field.name, str) for field in fields if field.absent is not None]
    optional = [(f.name, int | str | None if f.is_number else str | None, None) for f in fields if f.absent is None]
    others = [OTHER_SPELLINGS[field.wire_name] for field in fields if field.wire_name in OTHER_SPELLINGS]
    return msgspec.defstruct(
        name,
        [*required, *optional, *((other, object, None) for other in others)],
        tag_field="action",
        rename={field.name: field.wire_name for field in fields},
        gc=False,
    )


_SHAPES: Mapping[str, _Shape] = {kind.__name__: _shape(kind) for kind in ACTIONS}
_BY_BODY: Mapping[type[msgspec.Struct], _Shape] = {shape.body: shape for shape in _SHAPES.values()}
_decode_body: Callable[[bytes | str], msgspec.Struct] = msgspec.json.Decoder(
    Union[tuple(_BY_BODY)]  # noqa: UP007  # of a tuple
).decode


def _as_it_is(body: msgspec.Struct, call_id: str, extension: str) -> Request | None:
    """Build an action of a body in which each field has its own type, as nearly all have, unless a name is another one.

    Whatever else there is, `_action` reads field by field; what both can read, both read alike.
    """
    shape, given = _BY_BODY[type(body)], asdict(body)
    if len(given) > shape.needed:
        given = {name: value for name, value in given.items() if value is not None}
        if not OTHERS.isdisjoint(given):
            return None
    return shape.build(call_id=call_id, extension=extension, **given)


def _action(fields: Fields, call_id: str, extension: str) -> Request | DomainError:
    word = fields.raw("action")
    shape = _SHAPES.get(word) if isinstance(word, str) else None
    if shape is None:
        needed = f"one of {', '.join(_SHAPES)}"
        return unreadable(ErrorCode.ACTION_INVALID, "PhoneCallAction", fields.wrong("action", needed))
    values = {field.name: _value(fields, field) for field in shape.fields}
    given = {name: value for name, value in values.items() if value is not None}
    return shape.build(call_id=call_id, extension=extension, **given)


def _value(fields: Fields, field: _Field) -> int | str | None:
    value = fields.raw(field.wire_name)
    if value is None:
        return field.absent
    return value if field.is_number and type(value) is int else as_text(value)
