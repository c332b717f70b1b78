"""What a field of a request must look like, whatever the call is.

One rule: a field is judged by its own value, and by the numbering where it is a number. A whole number may come as a
string of digits, because clients send both; a boolean does not count as a number.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar, NamedTuple, TypeAlias

import msgspec

from callstate.domain.constraints import CALL_DURATION, MAX_IN_PARKING, WAIT_FOR_PICKUP
from callstate.domain.errors import ErrorCode, shown
from callstate.domain.notation import Value
from callstate.domain.numbers import NUMBER, PHONE, Numbering

_LONGEST_WHOLE = 9
_LONGEST_TEXT = 255


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
    is_valid: Callable[[int | str, Numbering], bool]
    verb: str = "must be"

    def reason(self, value: object) -> str:
        """Say in words why a value is refused."""
        if value is None or value == "":
            return f"{wire_name(self.field)} is missing"
        found = f", not {shown(value)}" if self.verb == "must be" else ""
        return f"{wire_name(self.field)} {self.verb} {self.needed}{found}"


class Judged(Value, frozen=True, gc=False, kw_only=True):
    """The base of what has fields to be judged, and the rules by which they are."""

    field_rules: ClassVar[tuple[FieldRule, ...]] = ()


def first_violated(request: Judged, numbering: Numbering) -> FieldRule | None:
    """Return the first rule that a field of the request violates; a field that is not given violates none."""
    for field, default, is_valid, rule in _compiled(type(request)):
        value = getattr(request, field)
        if value is not default and value is not None and not is_valid(value, numbering):
            return rule
    return None


_Check: TypeAlias = tuple[str, object, Callable[[int | str, Numbering], bool], FieldRule]
"""The field of a rule, its default (what has it is as if it were not given), the test of a value, and the rule.

A plain tuple, because Python unpacks it several times faster than a named one.
"""


@cache
def _compiled(kind: type[Judged]) -> tuple[_Check, ...]:
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    return tuple((rule.field, defaults[rule.field], rule.is_valid, rule) for rule in kind.field_rules)


def is_extension_number(value: int | str, numbering: Numbering) -> bool:
    """Tell whether a value is the number of an extension of the system."""
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None and numbering.is_extension(value)


def is_any_number(value: int | str, numbering: Numbering) -> bool:
    """Tell whether a value is a phone number, or the number of an extension."""
    return is_extension_number(value, numbering) or (isinstance(value, str) and PHONE.fullmatch(value) is not None)


def _text(pattern: str) -> Callable[[int | str, Numbering], bool]:
    matches = re.compile(pattern).fullmatch
    return lambda value, _numbering: isinstance(value, str) and matches(value) is not None


def _number(field: str, code: ErrorCode, numbers: range) -> FieldRule:
    needed = f"a whole number from {numbers.start} to {numbers.stop - 1}"
    return FieldRule(field, code, needed, lambda value, _numbering: whole(value) in numbers)


def _characters(field: str) -> FieldRule:
    # The vendor's grammar has no space, yet every example of the vendor has one.
    needed, is_valid = "letters, digits, spaces and < > + *", _text(r"[A-Za-z0-9<>+* ]*")
    return FieldRule(field, ErrorCode.CALLER_ID_INVALID, needed, is_valid, "may contain only")


def _length(field: str, code: ErrorCode) -> FieldRule:
    needed = f"at most {_LONGEST_TEXT} characters"
    return FieldRule(field, code, needed, _is_short, "may have")


def _is_short(value: int | str, _numbering: Numbering) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


_ANY_NUMBER = "an extension or phone number"

TO_EXTENSION = FieldRule("send_call_to", ErrorCode.SEND_CALL_TO_INVALID, "an extension number", is_extension_number)
TO_NUMBER = FieldRule("send_call_to", ErrorCode.SEND_CALL_TO_INVALID, _ANY_NUMBER, is_any_number)
TRANSFER_FROM = FieldRule("transfer_from_number", ErrorCode.TRANSFER_NUMBER_INVALID, _ANY_NUMBER, is_any_number)
TRANSFERRED = FieldRule("transfer_number", ErrorCode.TRANSFER_NUMBER_INVALID, _ANY_NUMBER, is_any_number)
CALLER_ID = _characters("caller_id")
CALLER_ID_LENGTH = _length("caller_id", ErrorCode.CALLER_ID_INVALID)
CALLER_DESTINATION = _characters("caller_destination")
CALLER_DESTINATION_LENGTH = _length("caller_destination", ErrorCode.CALLER_ID_INVALID)
FORMAT = FieldRule("format", ErrorCode.FORMAT_INVALID, "wav or wav49", _text("wav|wav49"))
WAIT = _number("wait_for_pickup", ErrorCode.WAIT_FOR_PICKUP_INVALID, WAIT_FOR_PICKUP)
PARKING_LIMIT = _number("max_in_parking", ErrorCode.MAX_IN_PARKING_INVALID, MAX_IN_PARKING)
DURATION = _number("call_duration", ErrorCode.CALL_DURATION_INVALID, CALL_DURATION)
PRIVATE = _number("private", ErrorCode.PRIVATE_INVALID, range(2))
NONCE = _length("nonce", ErrorCode.NONCE_INVALID)

_IDS: Mapping[str, str] = {"call_id": "phoneCallId", "view_id": "phoneCallViewId"}


def wire_name(field: str) -> str:
    """Return the wire's name of a field."""
    if field in _IDS:
        return _IDS[field]
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))
