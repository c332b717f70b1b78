"""What a field of a request must look like by itself, whatever the call is.

One rule: a form looks at one value and at nothing else. A number may have come as a string of digits, for clients send
both; a boolean is no number.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from callstate.domain.constraints import CALL_DURATION, MAX_IN_PARKING, WAIT_FOR_PICKUP
from callstate.domain.errors import ErrorCode
from callstate.domain.numbers import EXTENSION, PHONE

_LONGEST_WHOLE = 9


def whole(value: int | str) -> int | None:
    """Read a whole number that may have come as a string of digits; `None` if it is none."""
    if isinstance(value, str):
        return int(value) if len(value) <= _LONGEST_WHOLE and value.isascii() and value.isdigit() else None
    return None if isinstance(value, bool) else value


class FieldRule(NamedTuple):
    """What one field must be, in words and as a test, and the code of the refusal if it is not."""

    field: str
    code: ErrorCode
    needed: str
    is_valid: Callable[[int | str], bool]


def first_violated(request: object, rules: tuple[FieldRule, ...]) -> FieldRule | None:
    """Return the form of the first field that does not fit its own; a field that is not given fits."""
    for rule in rules:
        value = getattr(request, rule.field)
        if value is not None and not rule.is_valid(value):
            return rule
    return None


def _text(pattern: str) -> Callable[[int | str], bool]:
    matches = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and matches(value) is not None


def _number(field: str, code: ErrorCode, numbers: range) -> FieldRule:
    needed = f"a whole number from {numbers.start} to {numbers.stop - 1}"
    return FieldRule(field, code, needed, lambda value: whole(value) in numbers)


_EXTENSION = _text(EXTENSION.pattern)
_NUMBER = _text(f"{EXTENSION.pattern}|{PHONE.pattern}")
# The vendor's grammar has no blank, yet every example of the vendor has one.
_SHOWN = _text(r"[A-Za-z0-9<>+* ]*")
_ANY_NUMBER = "an extension or phone number"
_CALLER_CHARACTERS = "letters, digits, blanks and <>+*"

TO_EXTENSION = FieldRule("send_call_to", ErrorCode.SEND_CALL_TO_INVALID, "an extension number", _EXTENSION)
TO_NUMBER = FieldRule("send_call_to", ErrorCode.SEND_CALL_TO_INVALID, _ANY_NUMBER, _NUMBER)
TRANSFER_FROM = FieldRule("transfer_from_number", ErrorCode.TRANSFER_NUMBER_INVALID, _ANY_NUMBER, _NUMBER)
TRANSFERRED = FieldRule("transfer_number", ErrorCode.TRANSFER_NUMBER_INVALID, _ANY_NUMBER, _NUMBER)
CALLER_ID = FieldRule("caller_id", ErrorCode.CALLER_ID_INVALID, _CALLER_CHARACTERS, _SHOWN)
CALLER_DESTINATION = FieldRule("caller_destination", ErrorCode.CALLER_ID_INVALID, _CALLER_CHARACTERS, _SHOWN)
FORMAT = FieldRule("format", ErrorCode.FORMAT_INVALID, "wav or wav49", _text("wav|wav49"))
WAIT = _number("wait_for_pickup", ErrorCode.WAIT_FOR_PICKUP_INVALID, WAIT_FOR_PICKUP)
PARKING_LIMIT = _number("max_in_parking", ErrorCode.MAX_IN_PARKING_INVALID, MAX_IN_PARKING)
DURATION = _number("call_duration", ErrorCode.CALL_DURATION_INVALID, CALL_DURATION)
PRIVATE = _number("private", ErrorCode.PRIVATE_INVALID, range(2))

_IDS: Mapping[str, str] = {"call_id": "phoneCallId", "view_id": "phoneCallViewId"}


def wire_name(field: str) -> str:
    """Return the wire's name of a field."""
    if field in _IDS:
        return _IDS[field]
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))
