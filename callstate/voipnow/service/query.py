"""The query of a request: which calls a list shows, how many of them, and what of each.

One rule: what is wrong with a parameter is told with the code of that parameter, and one that is empty counts as not
given, since clients send what their forms hold. This module judges single calls by a filter and knows nothing of pages.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from callstate.domain import Check, DomainError, ErrorCode, PhoneCall, whole
from callstate.voipnow.wire import DATE, TEXT, Fields, Kind, UnreadableError

PAGE = 20
COUNTS = range(1, 5001)
STARTS = range(5001)
FIELDS = ("id", "extension", "ownerId", "ownerName", "published", "answered", "nonce", "phoneCallView", "link", "links")

CODES: Mapping[str, ErrorCode] = {
    "count": ErrorCode.COUNT_INVALID,
    "startIndex": ErrorCode.START_INDEX_INVALID,
    "filterBy": ErrorCode.FILTER_BY_INVALID,
    "filterOp": ErrorCode.FILTER_OP_INVALID,
    "filterValue": ErrorCode.FILTER_VALUE_INVALID,
    "fields": ErrorCode.FIELDS_INVALID,
    "sortOrder": ErrorCode.SORT_ORDER_INVALID,
    "allowPublicTransfer": ErrorCode.PUBLIC_TRANSFER_INVALID,
}

Item = TypeVar("Item")
"""What a list shows: calls, or subscriptions."""

Filter: TypeAlias = Callable[[Item], bool]


class Query(NamedTuple, Generic[Item]):
    """What a list is asked to show; no `fields` are all of them."""

    size: int
    start: int
    descending: bool
    shows: Filter[Item]
    fields: frozenset[str] | None


Read = TypeVar("Read")


def read_query(parameters: Mapping[str, str]) -> Query[PhoneCall] | DomainError:
    """Read the parameters of a list of calls."""
    return read_list_query(parameters, _filter, _NAMES)


def read_list_query(
    parameters: Mapping[str, str], filter_of: Callable[[Fields], Filter[Item]], names: Kind[frozenset[str]]
) -> Query[Item] | DomainError:
    """Read the parameters of a list, which has a filter and fields of its own."""
    return _read_parameters(
        parameters,
        lambda fields: Query(
            size=fields.get("count", _COUNT) or PAGE,
            start=fields.get("startIndex", _START) or 0,
            descending=fields.get("sortOrder", _ORDER) == "descending",
            shows=filter_of(fields),
            fields=fields.get("fields", names),
        ),
    )


def read_flag(parameters: Mapping[str, str], name: str) -> bool | DomainError:
    """Read a parameter that is true or false; one that is not given is false."""
    return _read_parameters(parameters, lambda fields: fields.get(name, _FLAG) or False)


def _read_parameters(parameters: Mapping[str, str], read: Callable[[Fields], Read]) -> Read | DomainError:
    """Read parameters, or refuse with the code of the first that is wrong; one that is empty is none."""
    try:
        return read(Fields({name: value for name, value in parameters.items() if value}))
    except UnreadableError as error:
        name = str(error.parameter)
        return DomainError(
            code=CODES[name],
            check=Check.FIELDS,
            action="Request",
            reason=f"{name} must be {error.needed}",
            parameter=name,
            value=error.value,
        )


# Kinds of parameters --------------------------------------------------------------------------------------------------


def _number(numbers: range) -> Kind[int]:
    def read(value: object) -> int | None:
        number = whole(value) if isinstance(value, str) else None
        return number if number in numbers else None

    return Kind(f"a whole number from {numbers.start} to {numbers.stop - 1}", read)


def word(*words: str) -> Kind[str]:
    """Make the kind of one word out of some."""
    allowed = {word: word for word in words}
    return Kind(f"one of {', '.join(words)}", lambda value: allowed.get(str(value)))


def _split(value: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(value).split(","))


def names_from(*known: str) -> Kind[frozenset[str]]:
    """Make the kind of a list of names, with commas between them."""

    def read(value: object) -> frozenset[str] | None:
        names = frozenset(_split(value))
        return names if names <= set(known) else None

    return Kind(f"names from {', '.join(known)}", read)


_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}
_FLAG = Kind("true or false", lambda value: _FLAGS.get(str(value).lower()))
_COUNT = _number(COUNTS)
_START = _number(STARTS)
_ORDER = word("ascending", "descending")
_NAMES = names_from(*FIELDS)


# Filters --------------------------------------------------------------------------------------------------------------


class _Property(NamedTuple):
    """What a list can be filtered by: how it compares, as which kind its value is read, and how the wire spells it."""

    key: Callable[[PhoneCall], object]
    kind: Kind[object]
    text: Callable[[PhoneCall], str]


def _published(call: PhoneCall) -> str:
    return "" if call.published is None else str(msgspec.to_builtins(call.published))


_PROPERTIES: Mapping[str, _Property] = {
    "id": _Property(lambda call: call.id, Kind(TEXT.needed, TEXT.read), lambda call: call.id),
    "published": _Property(lambda call: call.published, Kind(DATE.needed, DATE.read), _published),
}

_ON_TEXT: Mapping[str, Callable[[str, str], bool]] = {"contains": operator.contains, "startsWith": str.startswith}

_ON_VALUES: Mapping[str, Callable[..., bool]] = {
    "equals": operator.eq,
    "greaterThan": operator.gt,
    "lessThan": operator.lt,
}

_BY = word(*_PROPERTIES)
_OP = word(*_ON_TEXT, *_ON_VALUES, "inArray", "present")


def _filter(fields: Fields) -> Filter[PhoneCall]:
    if all(fields.raw(name) is None for name in ("filterBy", "filterOp", "filterValue")):
        return lambda _call: True
    by = _PROPERTIES[fields.need("filterBy", _BY)]
    # What contains is the default of OpenSocial, from which the vendor took these parameters.
    op = fields.get("filterOp", _OP) or "contains"
    if op == "present":
        return lambda call: by.key(call) is not None
    if op in _ON_TEXT:
        part = fields.need("filterValue", TEXT)
        return lambda call: _ON_TEXT[op](by.text(call), part)
    if op == "inArray":
        members = fields.need("filterValue", _array_of(by.kind))
        return lambda call: by.key(call) in members
    value = fields.need("filterValue", by.kind)
    return lambda call: by.key(call) is not None and _ON_VALUES[op](by.key(call), value)


def _array_of(kind: Kind[object]) -> Kind[frozenset[object]]:
    def read(value: object) -> frozenset[object] | None:
        members = frozenset(map(kind.read, _split(value)))
        return None if None in members else members

    return Kind(f"{kind.needed}, or several with commas", read)
