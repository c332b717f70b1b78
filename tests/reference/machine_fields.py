"""The forms of fields as data: the pattern or the bounds that a field rule of the package checks.

One rule: a form says the same as the rule; a test compares the two on many values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from callstate.domain import SIGNALS, DomainError, FieldRule, fields, wire_name
from callstate.domain.constraints import CALL_DURATION, MAX_IN_PARKING, WAIT_FOR_PICKUP
from callstate.voipnow.wire import OTHER_SPELLINGS
from tests.reference.machine_form import Field, Form, Refusal
from tests.reference.new_call_requests import KINDS
from tests.reference.new_calls import MEANINGS
from tests.reference.prose import FIELDS


def _bounds(rule: FieldRule, numbers: range) -> tuple[FieldRule, Form]:
    return rule, Form(code=rule.code, minimum=numbers.start, maximum=numbers.stop - 1)


_TEXT = r"[A-Za-z0-9<>+* ]*"

FORMS: Mapping[FieldRule, Form] = dict(
    (
        (fields.TO_EXTENSION, Form(code=fields.TO_EXTENSION.code, number="extension")),
        *((rule, Form(code=rule.code, number="any")) for rule in (fields.TO_NUMBER, fields.TRANSFER_FROM)),
        (fields.TRANSFERRED, Form(code=fields.TRANSFERRED.code, number="any")),
        *((rule, Form(code=rule.code, pattern=_TEXT)) for rule in (fields.CALLER_ID, fields.CALLER_DESTINATION)),
        *(
            (rule, Form(code=rule.code, max_length=255))
            for rule in (fields.CALLER_ID_LENGTH, fields.CALLER_DESTINATION_LENGTH, fields.NONCE)
        ),
        (fields.FORMAT, Form(code=fields.FORMAT.code, pattern="wav|wav49")),
        _bounds(fields.WAIT, WAIT_FOR_PICKUP),
        _bounds(fields.PARKING_LIMIT, MAX_IN_PARKING),
        _bounds(fields.DURATION, CALL_DURATION),
        _bounds(fields.PRIVATE, range(2)),
    )
)


def forms_of(kind: type[msgspec.Struct], field: str) -> list[Form]:
    """Return the forms of a field, in the order in which they are checked."""
    return [FORMS[rule] for rule in getattr(kind, "field_rules", ()) if rule.field == field]


def checked(kind: type[msgspec.Struct]) -> list[str]:
    """Name the fields that have forms, in the order of the checks."""
    return list(dict.fromkeys(rule.field for rule in getattr(kind, "field_rules", ())))


NOT_SENT = ("call_id", "position", "owner_id", "owner_name")
"""Fields that no request has on the wire: the program that keeps the calls gives them."""


def fields_of_input(kind: type[msgspec.Struct]) -> Iterator[Field]:
    """Yield the fields of an input or of a request for a new call, without what every input has."""
    for field in msgspec.structs.fields(kind):
        if field.name not in ("call_id", "extension") or kind in KINDS.values():
            name = wire_name(field.name)
            yield Field(
                name=field.name,
                meaning=(MEANINGS if kind in KINDS.values() else FIELDS)[field.name].replace("`", ""),
                required=field.required,
                default=None if field.required else field.default,
                wire=None if field.name in NOT_SENT or kind in SIGNALS else name,
                other_spelling=OTHER_SPELLINGS.get(name),
                forms=forms_of(kind, field.name),
            )


def as_data(why: str, error: DomainError, parameters: Iterable[str]) -> Refusal:
    """Return a refusal as data."""
    return Refusal(check=error.check, parameters=list(parameters), when=re.sub(r"[\\`]", "", why), code=error.code)
