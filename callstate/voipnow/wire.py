"""JSON to values and back: calls, the bodies of actions, and the service's answers.

One rule: what is read may be spelled loosely, what is written is exact; and no bytes at all make a reader raise. This
module knows nothing of HTTP beyond the status of a refusal, and decides nothing about calls: whether the fields of an
action are what they must be is judged by `apply_action`, once the call and the view are found.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar, get_args

import msgspec

from callstate.actions import ACTIONS, Request
from callstate.errors import Check, DomainError, ErrorCode
from callstate.model import ON_HOLD, PARKED, PhoneCall, PhoneCallView, ViewState, is_extension
from callstate.voipnow.fields import Fields, UnreadableError, as_text, read_object
from callstate.voipnow.reading import STATUS, read_call

# The columns are the point.
# fmt: off
_WIRE_CODES: Mapping[ErrorCode, str] = {
    #   documented by the vendor
    ErrorCode.PHONECALL_INVALID:           "pc_phonecall_invalid",
    ErrorCode.PHONECALLVIEW_INVALID:       "pc_phonecallview_invalid",
    ErrorCode.USER_INVALID:                "user_invalid",
    ErrorCode.EXTENSION_INVALID:           "extension_invalid",
    ErrorCode.ACCESS_DENIED:               "access_denied",
    ErrorCode.COUNT_INVALID:               "count_invalid",
    ErrorCode.FILTER_BY_INVALID:           "filterby_invalid",
    ErrorCode.FILTER_OP_INVALID:           "filterop_invalid",
    ErrorCode.FILTER_VALUE_INVALID:        "filtervalue_invalid",
    ErrorCode.FIELDS_INVALID:              "fields_invalid",
    ErrorCode.SORT_ORDER_INVALID:          "sortorder_invalid",
    #   ours
    ErrorCode.START_INDEX_INVALID:         "pc_startindex_invalid",
    ErrorCode.CALL_ENDED:                  "pc_phonecall_invalid",  # to the vendor no existing call
    ErrorCode.BODY_INVALID:                "pc_body_invalid",
    ErrorCode.ACTION_INVALID:              "pc_action_invalid",
    ErrorCode.SEND_CALL_TO_INVALID:        "pc_sendcallto_invalid",
    ErrorCode.CALLER_ID_INVALID:           "pc_callerid_invalid",
    ErrorCode.WAIT_FOR_PICKUP_INVALID:     "pc_waitforpickup_invalid",
    ErrorCode.MAX_IN_PARKING_INVALID:      "pc_maxinparking_invalid",
    ErrorCode.FORMAT_INVALID:              "pc_format_invalid",
    ErrorCode.PRIVATE_INVALID:             "pc_private_invalid",
    ErrorCode.TRANSFER_NUMBER_INVALID:     "pc_transfernumber_invalid",
    ErrorCode.SOURCE_INVALID:              "pc_source_invalid",
    ErrorCode.DESTINATION_INVALID:         "pc_destination_invalid",
    ErrorCode.CALL_DURATION_INVALID:       "pc_callduration_invalid",
    ErrorCode.PUBLIC_TRANSFER_INVALID:     "pc_allowpublictransfer_invalid",
    ErrorCode.WRONG_STATE:                 "pc_wrong_state",
    ErrorCode.RECORDING_IN_PROGRESS:       "pc_recording_in_progress",
    ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED: "pc_public_transfer_not_allowed",
    ErrorCode.PARKING_FULL:                "pc_parking_full",
}
# fmt: on


def wire_code(code: ErrorCode) -> str:
    """Return the code as the service answers it: the vendor's own, or one of ours in the vendor's manner."""
    return _WIRE_CODES[code]


def http_status(code: ErrorCode) -> int:
    """Return the HTTP status that goes with a refusal."""
    return 401 if code is ErrorCode.ACCESS_DENIED else 400


# Reading --------------------------------------------------------------------------------------------------------------

Read = TypeVar("Read")


def decode_call(data: bytes | str) -> PhoneCall | DomainError:
    """Read a call in the form in which the service lists it.

    The wire lists only some parties. Where one end of the call has none, the party there becomes an unlisted view,
    by the number that the others show as their source or destination.
    """
    return decode(data, "PhoneCall", read_call)


def decode_action(data: bytes | str, *, call_id: str, extension: str) -> Request | DomainError:
    """Read the body of a request for the call `call_id`, made on behalf of `extension`.

    Every word of the vocabulary is read, HangUp too, which the service itself takes by another way. A field of the
    wrong type is handed on as its JSON text and a required one that is missing as an empty text.
    """
    return decode(data, "PhoneCallAction", lambda fields: _action(fields, call_id, extension))


def decode(data: bytes | str, what: str, read: Callable[[Fields], Read]) -> Read | DomainError:
    """Read a body, which is one JSON object, or say why it cannot be read as `what`."""
    try:
        return read(read_object(data))
    except UnreadableError as error:
        return _refusal(ErrorCode.BODY_INVALID, what, error)
    except RecursionError:
        return _refusal(ErrorCode.BODY_INVALID, what, UnreadableError("a body that is less deeply nested"))


def _refusal(code: ErrorCode, what: str, error: UnreadableError) -> DomainError:
    return DomainError(
        code=code, check=Check.ACTION, action=what, needed=error.needed, parameter=error.parameter, value=error.value
    )


class _Field(NamedTuple):
    """A field of an action's body; only a number is handed on as one, and what must be there may be empty."""

    name: str
    wire_name: str
    absent: str | None
    is_number: bool


class _Shape(NamedTuple):
    """How an action is built, and the fields that its body holds."""

    build: Callable[..., Request]
    fields: tuple[_Field, ...]


_NOT_IN_THE_BODY = frozenset({"call_id", "extension", "position"})


def _shape(kind: type[Request]) -> _Shape:
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in _NOT_IN_THE_BODY]
    return _Shape(
        kind,
        tuple(
            _Field(field.name, field.encode_name, "" if field.required else None, int in get_args(field.type))
            for field in fields
        ),
    )


_SHAPES: Mapping[str, _Shape] = {kind.__name__: _shape(kind) for kind in ACTIONS}


def _action(fields: Fields, call_id: str, extension: str) -> Request | DomainError:
    word = fields.raw("action")
    shape = _SHAPES.get(word) if isinstance(word, str) else None
    if shape is None:
        needed = f"action to be one of {', '.join(_SHAPES)}"
        return _refusal(ErrorCode.ACTION_INVALID, "PhoneCallAction", fields.wrong("action", needed))
    values = {field.name: _value(fields, field) for field in shape.fields}
    given = {name: value for name, value in values.items() if value is not None}
    return shape.build(call_id=call_id, extension=extension, **given)


def _value(fields: Fields, field: _Field) -> int | str | None:
    value = fields.raw(field.wire_name)
    if value is None:
        return field.absent
    return value if field.is_number and type(value) is int else as_text(value)


# Writing --------------------------------------------------------------------------------------------------------------


class _WireView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A view in the order and the types of the wire, where its numbers are strings."""

    id: str
    extension: str
    ringing: datetime | None = None
    answered: datetime | None = None
    status: str
    flow: str | None = None
    caller_id: str | None = None
    source: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    recording: datetime | None = None
    parked: datetime | None = None
    parked_pos: str | None = None
    parked_by: str | None = None
    on_hold: datetime | None = None
    holder: str | None = None


class _WireCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    id: str
    extension: str
    owner_id: str | None = None
    owner_name: str | None = None
    answered: datetime | None = None
    published: datetime | None = None
    nonce: str | None = None
    phone_call_view: tuple[_WireView, ...]
    link: dict[str, str] | None = None


_STATUS: Mapping[ViewState, str] = {
    **{state: str(number) for number, state in STATUS.items()},
    **dict.fromkeys((ON_HOLD, PARKED), "5"),
}


def encode_call(call: PhoneCall, *, link: str | None = None) -> bytes:
    """Write a call as the service lists it: its listed live views, and nothing that is null."""
    return msgspec.json.encode(
        _WireCall(
            id=call.id,
            extension=call.extension,
            owner_id=call.owner_id,
            owner_name=call.owner_name,
            answered=call.answered,
            published=call.published,
            nonce=call.nonce,
            phone_call_view=tuple(_wire_view(view) for view in call.views if view.listed and view.live),
            link=None if link is None else {"self": link},
        )
    )


def _wire_view(view: PhoneCallView) -> _WireView:
    lot = view.parking
    return _WireView(
        id=view.id,
        # A parked party from outside is shown under the number of who parked it.
        extension=view.extension if lot is None or is_extension(view.extension) else lot.by,
        ringing=view.ringing,
        answered=view.answered,
        status=_STATUS[view.state],
        flow=None if view.flow is None else str(view.flow.value),
        caller_id=view.caller_id,
        source=view.source,
        destination=view.destination,
        recording=None if view.recording is None else view.recording.since,
        parked=None if lot is None else lot.since,
        parked_pos=None if lot is None else str(lot.position),
        parked_by=None if lot is None else lot.by,
        on_hold=view.on_hold,
        holder=None if view.on_hold is None else "1",
    )


def encode_accepted(call: PhoneCall, *, extension: str, link: str) -> bytes:
    """Write the answer to an action that was accepted: where the call can be read."""
    return msgspec.json.encode({"id": call.id, "extension": extension, "link": {"self": link}})


def encode_error(error: DomainError) -> bytes:
    """Write a refusal."""
    return msgspec.json.encode({"error": {"code": wire_code(error.code), "message": error.message}})
