"""A refusal on the wire: the code in the vendor's spelling, the HTTP status, and the body.

One rule: every `ErrorCode` has a row here, and nothing else in the package knows a code of the wire.
"""

from collections.abc import Mapping

import msgspec

from callstate.domain import DomainError, ErrorCode

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
    #   callstate-specific
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


def encode_error(error: DomainError) -> bytes:
    """Write a refusal; half a surrogate pair, which no text of the wire can have, is written as its escape."""
    message = error.message.encode(errors="backslashreplace").decode()
    return msgspec.json.encode({"error": {"code": wire_code(error.code), "message": message}})
