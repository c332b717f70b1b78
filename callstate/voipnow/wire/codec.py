"""JSON to values and back: calls, the bodies of actions, and the service's answers.

One rule: what is read may be spelled loosely, what is written is exact; and no bytes at all make a reader raise. This
module knows nothing of HTTP beyond the status of a refusal, and decides nothing about calls: whether the fields of an
action are what they must be is judged by `apply_action`, once the call and the view are found. `bodies` reads actions.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import msgspec

from callstate.domain import ON_HOLD, PARKED, WITHHELD, DomainError, ErrorCode, PhoneCall, PhoneCallView, ViewState
from callstate.engine import LENIENT, Rules, instant
from callstate.voipnow.wire.fields import decode
from callstate.voipnow.wire.reading import STATUS, read_call

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
    ErrorCode.NEW_EVENT_TYPE_INVALID:      "pcet_type_invalid",
    ErrorCode.EVENT_TYPE_INVALID:          "pce_type_invalid",
    ErrorCode.EVENT_METHOD_INVALID:        "pce_method_invalid",
    ErrorCode.EVENT_ID_INVALID:            "pce_id_invalid",
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
    ErrorCode.NONCE_INVALID:               "pc_nonce_invalid",
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
    ErrorCode.EVENT_URL_INVALID:           "pce_url_invalid",
    ErrorCode.EVENT_STATUS_INVALID:        "pce_status_invalid",
    ErrorCode.EVENT_NOTE_INVALID:          "pce_note_invalid",
}
# fmt: on


def wire_code(code: ErrorCode) -> str:
    """Return the code as the service answers it: the vendor's, or a callstate-specific one in the vendor's spelling."""
    return _WIRE_CODES[code]


def http_status(code: ErrorCode) -> int:
    """Return the HTTP status that goes with a refusal."""
    return 401 if code is ErrorCode.ACCESS_DENIED else 400


# Reading --------------------------------------------------------------------------------------------------------------


class Listed(msgspec.Struct, frozen=True):
    """Calls as the service lists them, one or many, each still to be read."""

    entry: list[msgspec.Raw]


def decode_call(data: bytes | str, *, at: datetime | None = None, rules: Rules = LENIENT) -> PhoneCall | DomainError:
    """Read a call in the form in which the service lists it.

    The wire lists only some parties. Where one end of the call has none, the party there becomes an unlisted view,
    by the number that the others show as their source or destination. The rules tell by their numbering which numbers
    are outside of the system, where the listing does not. The call was last changed at the latest date in the listing;
    if `at` is given, an aware datetime, dates after it do not count, and `at` does if no other date is left.
    """
    now = None if at is None else instant(at)
    return decode(data, "PhoneCall", partial(read_call, at=now, numbering=rules.numbering))


# Writing --------------------------------------------------------------------------------------------------------------


class _Link(msgspec.Struct, frozen=True, gc=False, rename={"address": "self"}):
    address: str


class AcceptedBody(msgspec.Struct, frozen=True, gc=False):
    """The body of the answer to an accepted action: where the call can be read."""

    id: str
    extension: str
    link: _Link


class ViewBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
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


class CallBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A call in the order and the types of the wire."""

    id: str
    extension: str
    owner_id: str | None = None
    owner_name: str | None = None
    answered: datetime | None = None
    published: datetime | None = None
    nonce: str | None = None
    phone_call_view: tuple[ViewBody, ...]
    link: _Link | None = None


_STATUS: Mapping[ViewState, str] = {
    **{state: str(number) for number, state in STATUS.items()},
    **dict.fromkeys((ON_HOLD, PARKED), "5"),
}


def encode_call(call: PhoneCall, *, link: str | None = None) -> bytes:
    """Write a call as the service lists it: its listed live views, and nothing that is null or an empty text."""
    return msgspec.json.encode(
        CallBody(
            id=call.id,
            extension=call.extension,
            owner_id=call.owner_id or None,
            owner_name=call.owner_name or None,
            answered=call.answered,
            published=call.published,
            nonce=call.nonce or None,
            phone_call_view=tuple(_wire_view(view) for view in call.views if view.listed and view.live),
            link=None if link is None else _Link(link),
        )
    )


def _wire_view(view: PhoneCallView) -> ViewBody:
    lot = view.parking
    return ViewBody(
        id=view.id,
        # A parked party from outside, which may have no number, is shown under that of the party that parked it.
        extension=view.extension if lot is None or not (view.outside or view.extension == WITHHELD) else lot.by,
        ringing=view.ringing,
        answered=view.answered,
        status=_STATUS[view.state],
        flow=None if view.flow is None else str(view.flow.value),
        caller_id=view.caller_id or None,
        source=_filled(view.source),
        destination=_filled(view.destination),
        recording=None if view.recording is None else view.recording.since,
        parked=None if lot is None else lot.since,
        parked_pos=None if lot is None else str(lot.position),
        parked_by=None if lot is None else lot.by,
        on_hold=view.on_hold,
        holder=None if view.on_hold is None else "1",
    )


def _filled(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, texts)) if "" in texts else texts


def encode_accepted(call: PhoneCall, *, extension: str, link: str) -> bytes:
    """Write the answer to an action that was accepted: where the call can be read."""
    return msgspec.json.encode(AcceptedBody(call.id, extension, _Link(link)))


def encode_error(error: DomainError) -> bytes:
    """Write a refusal; half a surrogate pair, which no text of the wire can have, is written as its escape."""
    message = error.message.encode(errors="backslashreplace").decode()
    return msgspec.json.encode({"error": {"code": wire_code(error.code), "message": message}})
