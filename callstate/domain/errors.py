"""Why a request is refused: a value that carries the facts, and an exception for code that prefers exceptions.

One rule: a refusal is a value with facts and one sentence. This module knows nothing of HTTP or of the spelling of
codes on the wire.
"""

from enum import StrEnum
from typing import TypeVar

import msgspec

from callstate.domain.notation import Value
from callstate.domain.states import ViewState


class ErrorCode(StrEnum):
    """Every reason to refuse. Those that the vendor documents have the vendor's spelling.

    The others are callstate-specific; `callstate.voipnow.wire.wire_code` spells them in the vendor's manner.
    """

    PHONECALL_INVALID = "pc_phonecall_invalid"
    PHONECALLVIEW_INVALID = "pc_phonecallview_invalid"
    USER_INVALID = "user_invalid"
    EXTENSION_INVALID = "extension_invalid"
    ACCESS_DENIED = "access_denied"
    COUNT_INVALID = "count_invalid"
    START_INDEX_INVALID = "start_index_invalid"
    FILTER_BY_INVALID = "filterby_invalid"
    FILTER_OP_INVALID = "filterop_invalid"
    FILTER_VALUE_INVALID = "filtervalue_invalid"
    FIELDS_INVALID = "fields_invalid"
    SORT_ORDER_INVALID = "sortorder_invalid"
    CALL_ENDED = "call_ended"
    BODY_INVALID = "body_invalid"
    ACTION_INVALID = "action_invalid"
    SEND_CALL_TO_INVALID = "send_call_to_invalid"
    CALLER_ID_INVALID = "caller_id_invalid"
    WAIT_FOR_PICKUP_INVALID = "wait_for_pickup_invalid"
    MAX_IN_PARKING_INVALID = "max_in_parking_invalid"
    FORMAT_INVALID = "format_invalid"
    NONCE_INVALID = "nonce_invalid"
    PRIVATE_INVALID = "private_invalid"
    TRANSFER_NUMBER_INVALID = "transfer_number_invalid"
    SOURCE_INVALID = "source_invalid"
    DESTINATION_INVALID = "destination_invalid"
    CALL_DURATION_INVALID = "call_duration_invalid"
    PUBLIC_TRANSFER_INVALID = "allow_public_transfer_invalid"
    WRONG_STATE = "wrong_state"
    RECORDING_IN_PROGRESS = "recording_in_progress"
    PUBLIC_TRANSFER_NOT_ALLOWED = "public_transfer_not_allowed"
    PARKING_FULL = "parking_full"
    NEW_EVENT_TYPE_INVALID = "pcet_type_invalid"
    EVENT_TYPE_INVALID = "pce_type_invalid"
    EVENT_METHOD_INVALID = "pce_method_invalid"
    EVENT_ID_INVALID = "pce_id_invalid"
    EVENT_URL_INVALID = "event_url_invalid"
    EVENT_STATUS_INVALID = "event_status_invalid"
    EVENT_NOTE_INVALID = "event_note_invalid"


class Check(StrEnum):
    """The checks of a request, in the order in which they are made; the first that fails is the answer."""

    CALL = "call"
    EXTENSION = "extension"
    ACTION = "action"
    VIEW = "view"
    FIELDS = "fields"
    ROLE = "role"
    STATE = "state"
    CONTEXT = "context"


class Violation(msgspec.Struct, frozen=True, gc=False):
    """Why an action is refused: the code, the reason in words, the field at fault if any, and the failed check."""

    code: ErrorCode
    reason: str
    field: str | None = None
    check: Check = Check.CONTEXT


def as_value(value: object) -> str | None:
    """Write a value at fault; a whole number of more digits than Python writes in base 10 in base 16."""
    too_long = isinstance(value, int) and value.bit_length() > _BITS
    return None if value is None else f"{value:#x}" if too_long else str(value)


def shown(value: object) -> str:
    """Write a value at fault as a message shows it: in quotes, and cut if it is long."""
    text = as_value(value) or ""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


_BITS = 4096
"""Python refuses to write numbers that are about three times as long in base 10."""

_SHOWN = 80


class DomainError(Value, frozen=True, gc=False, kw_only=True):
    """A refusal, returned and never raised; the call is as it was.

    `check` is the check that failed and `code` its kind; `action` names what was asked, and `reason` says in words why
    it is refused. `parameter` and `value` are the part of the request at fault, in the wire's words (`value` is `None`
    where it is missing). `view_id` and `state` say which view stood in the way and its state; `allowed` names the
    actions that some request could now do on the view that was asked for. These three are empty if the check of the
    call, of the extension or of the action failed, and the state of an unlisted view is never told.
    """

    code: ErrorCode
    check: Check
    action: str
    reason: str
    parameter: str | None = None
    value: str | None = None
    view_id: str | None = None
    state: ViewState | None = None
    allowed: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """One sentence for people: what was asked, and why it is refused."""
        return f"{self.action} refused: {self.reason}."

    def __str__(self) -> str:
        return self.message


class CallStateError(Exception):
    """A refusal as an exception: `error` is the `DomainError`, the text its sentence. Only `unwrap` raises it."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error)
        self.error = error


Result = TypeVar("Result")


def unwrap(result: Result | DomainError) -> Result:
    """Return what was asked for, or raise the refusal as a `CallStateError`."""
    if isinstance(result, DomainError):
        raise CallStateError(result)
    return result
