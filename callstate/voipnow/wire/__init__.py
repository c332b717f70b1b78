"""JSON to values and back, as the vendor's service writes it."""

from callstate.voipnow.wire.bodies import decode_action
from callstate.voipnow.wire.codec import (
    AcceptedBody,
    CallBody,
    Listed,
    decode_call,
    encode_accepted,
    encode_call,
)
from callstate.voipnow.wire.error_codes import encode_error, http_status, wire_code
from callstate.voipnow.wire.fields import (
    DATE,
    OTHER_SPELLINGS,
    TEXT,
    TEXTS,
    Fields,
    Kind,
    UnreadableError,
    as_text,
    decode,
    one_of,
)
from callstate.voipnow.wire.request_answers import apply_body, explain_body, read_request

__all__ = [
    "DATE",
    "OTHER_SPELLINGS",
    "TEXT",
    "TEXTS",
    "AcceptedBody",
    "CallBody",
    "Fields",
    "Kind",
    "Listed",
    "UnreadableError",
    "apply_body",
    "as_text",
    "decode",
    "decode_action",
    "decode_call",
    "encode_accepted",
    "encode_call",
    "encode_error",
    "explain_body",
    "http_status",
    "one_of",
    "read_request",
    "wire_code",
]
