"""What the constructors do with the Python types of their fields: keep the declared type, convert to it if possible.

One rule: a field is kept in its declared type, so a value that is built compares, hashes and is stored correctly. A
member of an enum may be given as its name or its number, a tuple as a list, a date with any zone. Any other type is
refused with a `TypeError`, and a date without an offset with a `ValueError`. The rule is callstate-specific.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache, partial
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, TypeVar, get_args, get_origin

import msgspec
from msgspec.structs import astuple, force_setattr

from callstate.domain.notation import shown

Adapt: TypeAlias = Callable[[str, Any], Any]
"""Takes the name of a field and what was given (Any: of any type); returns what is kept, or raises."""


class _Fields(NamedTuple):
    """The fields of a type, what each has by default, the type of which every value is right, and what others take."""

    names: tuple[str, ...]
    defaults: tuple[object, ...]
    rights: tuple[type | None, ...]
    adapts: tuple[Adapt, ...]


def adapt_types(value: msgspec.Struct) -> None:
    """Bring each field of a new value into its declared type; for `__post_init__`."""
    names, defaults, rights, adapts = _fields(type(value))
    for place, given in enumerate(astuple(value)):
        if given is not defaults[place] and type(given) is not rights[place]:
            kept = adapts[place](names[place], given)
            if kept is not given:
                force_setattr(value, names[place], kept)


@cache
def _fields(kind: type[msgspec.Struct]) -> _Fields:
    fields = msgspec.structs.fields(kind)
    taken = [_taken(field.type) for field in fields]
    return _Fields(
        tuple(field.name for field in fields),
        tuple(field.default for field in fields),
        tuple(right for right, _ in taken),
        tuple(adapt for _, adapt in taken),
    )


def _taken(declared: Any) -> tuple[type | None, Adapt]:  # Any: a type of any form
    """Find what a declared type takes. `None` is the default wherever it is allowed, so it needs no look."""
    given = [part for part in get_args(declared) if part is not NoneType and part is not ...]
    if get_origin(declared) is tuple:
        return None, numbers if given == [str] else partial(_tuple, given[0])
    kind = given[0] if given else declared
    if kind is datetime:
        return None, fixed_offset
    return kind, partial(_member if issubclass(kind, Enum) else _instance, kind)


# Dates ----------------------------------------------------------------------------------------------------------------

_MINUTE = timedelta(minutes=1)


def fixed_offset(name: str, date: datetime) -> datetime:
    """Return the same time as a plain datetime with a fixed offset of whole minutes.

    Python compares and adds datetimes of one zone without regard to its offsets, so a zone with daylight saving time is
    replaced by the offset that it has at that time. An offset with seconds, as some zones had before 1972, is rounded
    (callstate's decision): RFC 3339 cannot write it. The time never changes, only how it is written.
    """
    if type(date) is datetime and date.tzinfo is UTC:
        return date
    if not isinstance(date, datetime):
        raise TypeError(f"{name} is {shown(date)}; it must be a datetime with an offset.")
    offset = date.utcoffset()
    if offset is None:
        raise ValueError(f"{name} is {shown(date)}; a date needs an offset, such as tzinfo=UTC.")
    if type(date) is datetime and type(date.tzinfo) is timezone and not offset % _MINUTE:
        return date
    clock = (date.year, date.month, date.day, date.hour, date.minute, date.second, date.microsecond)
    return _rounded(name, datetime(*clock, tzinfo=timezone(offset)), offset)


def _rounded(name: str, date: datetime, offset: timedelta) -> datetime:
    """Round the offset down, or up where the date would be before the first one that Python has."""
    down = offset - offset % _MINUTE
    for minutes in (down, down + _MINUTE):
        try:
            return (date + (minutes - offset)).replace(tzinfo=timezone(minutes))
        except (OverflowError, ValueError):  # no such date, or no such offset
            continue
    raise ValueError(f"{name} is {shown(date)}; there is no such date with an offset of whole minutes.")


def later(at: datetime, seconds: int) -> datetime | None:
    """Return the time `seconds` after `at`; beyond the last datetime there is none, so no deadline either."""
    try:
        return at + timedelta(0, seconds)
    except OverflowError:
        return None


# Other types ----------------------------------------------------------------------------------------------------------

Item = TypeVar("Item")


def numbers(name: str, given: object) -> tuple[str, ...]:
    """Return a tuple of phone numbers, given as a tuple or a list; a text alone is refused."""
    if isinstance(given, str):
        raise TypeError(f"{name} is a tuple of numbers: ({given!r},), not {given!r}.")
    return _tuple(str, name, given)


def _tuple(kind: type[Item], name: str, given: object) -> tuple[Item, ...]:
    if type(given) is tuple and _are_all(kind, given):
        return given
    if not isinstance(given, tuple | list):
        raise TypeError(f"{name} is {shown(given)}; it must be a tuple of {kind.__name__}.")
    wrong = [item for item in given if not isinstance(item, kind)]
    if wrong:
        raise TypeError(f"{name} contains {shown(wrong[0])}; it must be a tuple of {kind.__name__}.")
    if kind is str and any(type(item) is not str for item in given):
        return tuple(map(kind, given))
    return given if type(given) is tuple else tuple(given)


def _are_all(kind: type, items: tuple[object, ...]) -> bool:
    for item in items:  # noqa: SIM110  # all() with a generator takes three times as long
        if type(item) is not kind:
            return False
    return True


def plain(text: str) -> str:
    """Return a text of a derived class as a plain one, because no other can be stored.

    Frameworks hand on such texts, and so do enums, of which the text counts and not the name.
    """
    return text if type(text) is str else str.__str__(text)


def _member(kind: type[Enum], name: str, given: object) -> Enum:
    """Return the member of a name or a number (a boolean and a member of another enum are neither)."""
    is_plain = not isinstance(given, Enum | bool)
    for member in kind if is_plain and isinstance(given, str | int) else ():
        if given in (member.name, member.value):
            return member
    raise TypeError(f"{name} is {shown(given)}; it must be one of {kind.__name__}.{', '.join(kind.__members__)}.")


def _instance(kind: type, name: str, given: Any) -> object:  # Any: whatever was given
    """Take a value of a derived class; a text or a number becomes a plain one, because no other can be stored."""
    if isinstance(given, bool) or not isinstance(given, kind):
        raise TypeError(f"{name} is {shown(given)}; its type must be {kind.__name__}.")
    return _PLAIN[kind](given) if kind in _PLAIN else given


_PLAIN: Mapping[type, Callable[[Any], object]] = {str: str, int: int}
