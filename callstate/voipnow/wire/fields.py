"""A JSON object, read field by field, each as one of the kinds that a field can be.

One rule: whatever is wrong with a body is told by the place where it stands, such as `phoneCallView[0].status`. This
module reads tolerantly: numbers may come as strings and strings as numbers, and null is the same as absent. It knows
no field by name but those that the vendor spells in two ways.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Generic, NamedTuple, TypeVar

import msgspec

from callstate.domain import Check, DomainError, ErrorCode, shown, whole

OTHER_SPELLINGS: Mapping[str, str] = {"callerId": "callerID", "waitForPickup": "waitForPickUp"}
"""What the vendor also writes for a name. The usual spelling counts first."""

Value = TypeVar("Value")
Read = TypeVar("Read")

_SHOWN = 100
"""How much of a body that is not JSON is shown in its refusal: enough to recognise it, and not megabytes."""


class UnreadableError(Exception):
    """A body cannot be read: what it needs, and the parameter at fault with its value, if one is."""

    def __init__(self, needed: str, parameter: str | None = None, value: object = None) -> None:
        super().__init__(needed)
        self.needed = needed
        self.parameter = parameter
        self.value: str | None = None if value is None else as_text(value)

    @property
    def reason(self) -> str:
        """Why the body is refused, as a clause."""
        if self.parameter is None:
            return f"the body must be {self.needed}"
        if not self.value:
            return f"{self.parameter} is missing; it must be {self.needed}"
        return f"{self.parameter} must be {self.needed}, not {shown(self.value)}"


class Kind(NamedTuple, Generic[Value]):
    """What a field must be, in words, and how it is read; what does not fit is read as `None`."""

    needed: str
    read: Callable[[object], Value | None]


class Fields:
    """The fields of one JSON object, and where in the body it stands."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise UnreadableError("a JSON object", path or "body", as_text(value))
        self._values: dict[str, object] = value
        self._prefix = f"{path}." if path else ""

    def raw(self, name: str) -> object:
        """Return the value as it came, `None` if there is none. The other spelling counts where the usual is empty."""
        value = self._values.get(name)
        if name not in OTHER_SPELLINGS or (value is not None and value != ""):
            return value
        other = self._values.get(OTHER_SPELLINGS[name])
        return value if other is None else other

    def get(self, name: str, kind: Kind[Value]) -> Value | None:
        """Read a field that may be absent."""
        value = self.raw(name)
        return None if value is None else self._read(name, kind, value)

    def filled(self, name: str, kind: Kind[Value]) -> Value | None:
        """Read a field that may be absent or an empty text, which is then no value either."""
        value = self.raw(name)
        return None if value is None or value == "" else self._read(name, kind, value)

    def need(self, name: str, kind: Kind[Value]) -> Value:
        """Read a field that must be there."""
        return self._read(name, kind, self.raw(name))

    def _read(self, name: str, kind: Kind[Value], value: object) -> Value:
        read = None if value is None else kind.read(value)
        if read is None:
            raise self.wrong(name, kind.needed)
        return read

    def objects(self, name: str, *, most: int | None = None) -> list["Fields"]:
        """Read an array of objects, which must be there, of `most` objects if there is a limit."""
        values = self.need(name, ARRAY)
        if most is not None and len(values) > most:
            raise UnreadableError(
                f"an array of at most {most:,} objects", self._prefix + name, f"an array of {len(values):,}"
            )
        return [Fields(value, f"{self._prefix}{name}[{index}]") for index, value in enumerate(values)]

    def wrong(self, name: str, needed: str) -> UnreadableError:
        """Say that a field is not what is needed."""
        return UnreadableError(needed, self._prefix + name, self.raw(name))


def read_object(data: bytes | str) -> Fields:
    """Read a body, which is one JSON object."""
    try:
        value = msgspec.json.decode(data)
    except ValueError as error:  # malformed JSON, or text that is no Unicode
        text = data if isinstance(data, str) else data[:_SHOWN].decode(errors="backslashreplace")
        raise UnreadableError(f"valid JSON ({error})", "body", text[:_SHOWN]) from None
    return Fields(value)


def decode(
    data: bytes | str,
    what: str,
    read: Callable[[Fields], Read],
    *,
    codes: Mapping[str, ErrorCode] = MappingProxyType({}),
) -> Read | DomainError:
    """Read a body, which is one JSON object, or say why it cannot be read as `what`, for a field with its own code."""
    try:
        return read(read_object(data))
    except UnreadableError as error:
        return unreadable(codes.get(error.parameter or "", ErrorCode.BODY_INVALID), what, error)
    except RecursionError:
        return unreadable(ErrorCode.BODY_INVALID, what, UnreadableError("less deeply nested"))


def unreadable(code: ErrorCode, what: str, error: UnreadableError) -> DomainError:
    """Refuse a body for what is wrong with it."""
    return DomainError(
        code=code,
        check=Check.ACTION,
        action=what,
        reason=error.reason,
        parameter=error.parameter,
        value=error.value,
    )


def as_text(value: object) -> str:
    """Return a text as it is and any other value as its JSON, which for a whole number is its digits."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


# Kinds of fields ------------------------------------------------------------------------------------------------------


def _text(value: object) -> str | None:
    return as_text(value) if isinstance(value, str) or type(value) is int else None


def _texts(value: object) -> tuple[str, ...] | None:
    items = value if isinstance(value, list) else [value]
    texts = tuple(text for item in items if (text := item if type(item) is str else _text(item)) is not None)
    return texts if len(texts) == len(items) else None


_WITH_OFFSET = Annotated[datetime, msgspec.Meta(tz=True)]


def _date(value: object) -> datetime | None:
    try:
        date: datetime = msgspec.convert(value, _WITH_OFFSET)
    except msgspec.ValidationError:
        return None
    return date


def _array(value: object) -> list[object] | None:
    return value if isinstance(value, list) else None


TEXT = Kind("text", _text)
TEXTS = Kind("text or an array of texts", _texts)
DATE = Kind("a date with an offset", _date)
ARRAY = Kind("an array", _array)


def like(pattern: str, needed: str) -> Kind[str]:
    """Make the kind of a text that matches a pattern as a whole."""
    matches = re.compile(pattern).fullmatch

    def read(value: object) -> str | None:
        text = _text(value)
        return None if text is None or matches(text) is None else text

    return Kind(needed, read)


def one_of(meanings: Mapping[int, Value], needed: str) -> Kind[Value]:
    """Make the kind of a number that stands for something."""

    def read(value: object) -> Value | None:
        number = whole(value) if isinstance(value, int | str) else None
        return None if number is None else meanings.get(number)

    return Kind(needed, read)
