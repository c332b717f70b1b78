"""How values are shown at the prompt: as the expression that builds them.

One rule: `eval(repr(value)) == value`, with the public names and those of `datetime` imported. Fields that have their
default are left out. The form is callstate-specific.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import Enum
from functools import cache
from typing import ClassVar

import msgspec

_MOST_SHOWN = 200


class Value(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The base of all values of the domain. It has no fields; it gives them their `repr`.

    `derived` names the fields that follow from the others, so that nobody gives them to the constructor.
    """

    derived: ClassVar[frozenset[str]] = frozenset()

    def __repr__(self) -> str:
        given = [(name, getattr(self, name), default) for name, default in _constructor(type(self))]
        fields = [f"{name}={notation(value)}" for name, value, default in given if value != default]
        return f"{type(self).__name__}({', '.join(fields)})"


@cache
def _constructor(kind: type[Value]) -> tuple[tuple[str, object], ...]:
    """Return the fields that a constructor takes, and their defaults."""
    fields = msgspec.structs.fields(kind)
    return tuple((field.name, field.default) for field in fields if field.name not in kind.derived)


def notation(value: object) -> str:
    """Write any field of a value as an expression: a member by its name, a date without the parts that are zero."""
    match value:
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case datetime():
            return _date(value)
        case tuple():
            return f"({_list(value)},)" if len(value) == 1 else f"({_list(value)})"
        case frozenset():
            return f"frozenset({{{', '.join(sorted(map(notation, value)))}}})" if value else "frozenset()"
        case _:
            return repr(value)


def shown(value: object) -> str:
    """Write a value for a sentence, where a long one is cut."""
    text = notation(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _list(values: Iterable[object]) -> str:
    return ", ".join(map(notation, values))


def _date(date: datetime) -> str:
    clock = [date.hour, date.minute, date.second, date.microsecond]
    while clock and not clock[-1]:
        clock.pop()
    zone = [] if date.tzinfo is None else [f"tzinfo={_zone(date.tzinfo)}"]
    return f"datetime({', '.join([*map(str, (date.year, date.month, date.day, *clock)), *zone])})"


def _zone(zone: tzinfo) -> str:
    if not isinstance(zone, timezone):
        return repr(zone)
    return "UTC" if zone == UTC else f"timezone({_offset(zone.utcoffset(None))})"


def _offset(offset: timedelta) -> str:
    if offset < timedelta(0):
        return f"-{_offset(-offset)}"
    minutes, seconds = divmod(offset.seconds, 60)
    parts = {"hours": minutes // 60, "minutes": minutes % 60, "seconds": seconds, "microseconds": offset.microseconds}
    return f"timedelta({', '.join(f'{name}={number}' for name, number in parts.items() if number)})"
