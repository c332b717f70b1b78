"""The bodies of requests for an action: each read in one step if it is spelled as documented, otherwise field by field.

One rule: both ways give the same result for every body that both can read; a test checks that. Whether the fields have
the right form is checked elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, Union, get_args

import msgspec
from msgspec import field
from msgspec.structs import FieldInfo, asdict

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
    except (ValueError, RecursionError):  # something in it is spelled in another way, or cannot be read at all
        return decode(data, "PhoneCallAction", lambda fields: _action(fields, call_id, extension))
    return _BUILDS[type(body)](body, call_id, extension)


_NOT_IN_THE_BODY = frozenset({"call_id", "extension", "position"})

_KINDS: Mapping[str, type[Request]] = {kind.__name__: kind for kind in ACTIONS}
_HELD: Mapping[type[Request], Sequence[FieldInfo]] = {
    kind: [held for held in msgspec.structs.fields(kind) if held.name not in _NOT_IN_THE_BODY] for kind in ACTIONS
}
"""The fields that the body of an action holds."""


# Bodies as they are documented ----------------------------------------------------------------------------------------

Build: TypeAlias = Callable[[Any, str, str], Request]  # Any: a class that is made here
"""Makes an action of its body, the id of the call and the extension."""


def _others(kind: type[Request]) -> list[str]:
    """Return the other spellings of the names of an action's fields."""
    return [OTHER_SPELLINGS[held.encode_name] for held in _HELD[kind] if held.encode_name in OTHER_SPELLINGS]


def _body(kind: type[Request]) -> type[msgspec.Struct]:
    """Make the class of a body, in which each field has its own type, as nearly all have.

    Of the other spellings of names it understands nothing but `null`.
    """
    fields = [(held.name, held.type, field(name=held.encode_name, default=held.default)) for held in _HELD[kind]]
    others = [(other, None, None) for other in _others(kind)]
    return msgspec.defstruct(kind.__name__, [*fields, *others], tag_field="action", kw_only=True, gc=False)


def _build(kind: type[Request]) -> Build:
    """Return how an action is made of its body: one of a view alone, such as a hold, without a dictionary between."""
    make: Callable[..., Request] = kind
    if [held.name for held in _HELD[kind]] == ["view_id"]:
        return lambda body, call_id, extension: make(call_id=call_id, extension=extension, view_id=body.view_id)
    others = _others(kind)

    def build(body: msgspec.Struct, call_id: str, extension: str) -> Request:
        given = asdict(body)
        for other in others:
            del given[other]
        return make(call_id=call_id, extension=extension, **given)

    return build


_BUILDS: Mapping[type[msgspec.Struct], Build] = {_body(kind): _build(kind) for kind in ACTIONS}
_decode_body: Callable[[bytes | str], msgspec.Struct] = msgspec.json.Decoder(
    Union[tuple(_BUILDS)]  # noqa: UP007  # of a tuple
).decode


# Other bodies ---------------------------------------------------------------------------------------------------------


def _action(fields: Fields, call_id: str, extension: str) -> Request | DomainError:
    word = fields.raw("action")
    kind = _KINDS.get(word) if isinstance(word, str) else None
    if kind is None:
        needed = f"one of {', '.join(_KINDS)}"
        return unreadable(ErrorCode.ACTION_INVALID, "PhoneCallAction", fields.wrong("action", needed))
    values: Mapping[str, Any] = {held.name: _value(fields, held) for held in _HELD[kind]}  # Any: of its type
    return kind(
        call_id=call_id, extension=extension, **{name: value for name, value in values.items() if value is not None}
    )


def _value(fields: Fields, held: FieldInfo) -> int | str | None:
    """Return the value of a field; only a number is handed on as one, and what must be there may be empty."""
    value = fields.raw(held.encode_name)
    if value is None:
        return "" if held.required else None
    return value if type(value) is int and int in get_args(held.type) else as_text(value)
