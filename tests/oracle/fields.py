"""What the fields of a request must look like by themselves, in the order in which they are checked.

One rule: a field is judged by its form and by the numbering; the call is not known here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from callstate.domain import (
    PHONE,
    BargeIn,
    ErrorCode,
    Monitor,
    Numbering,
    Park,
    PickUp,
    Request,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)

Rings: TypeAlias = UnPark | PickUp | BargeIn | Whisper | Monitor
Joins: TypeAlias = BargeIn | Whisper | Monitor
Sends: TypeAlias = Transfer | TransferToVoicemail

CALLER_ID = re.compile(r"[A-Za-z0-9<>+* ]{0,255}")


class Fault(NamedTuple):
    """A field that is wrong by itself, in the words of the wire."""

    code: ErrorCode
    parameter: str
    value: object


def is_number_in(value: int | str, low: int, high: int) -> bool:
    """Tell a number of a range, given as a number or as its digits."""
    if isinstance(value, str):
        return re.fullmatch("[0-9]{1,9}", value) is not None and low <= int(value) <= high
    return not isinstance(value, bool) and low <= value <= high


def is_number(value: str, numbering: Numbering) -> bool:
    return numbering.is_extension(value) or PHONE.fullmatch(value) is not None


def is_caller_id(value: str | None) -> bool:
    return value is None or CALLER_ID.fullmatch(value) is not None


def fault_of_form(request: Request, numbering: Numbering) -> Fault | None:
    """Find the first field that is wrong by itself."""
    return next(_faults(request, numbering), None)


def _faults(request: Request, numbering: Numbering) -> Iterator[Fault]:
    match request:
        case UnPark() | PickUp() | BargeIn() | Whisper() | Monitor():
            yield from _faults_of_ringing(request, numbering)
        case Transfer() | TransferToVoicemail():
            yield from _faults_of_sending(request, numbering)
        case Park() if not is_number_in(request.max_in_parking, 10, 3600):
            yield Fault(ErrorCode.MAX_IN_PARKING_INVALID, "maxInParking", request.max_in_parking)
        case StartRecording() if request.format not in ("wav", "wav49"):
            yield Fault(ErrorCode.FORMAT_INVALID, "format", request.format)
        case _:
            return


def _faults_of_ringing(request: Rings, numbering: Numbering) -> Iterator[Fault]:
    if not numbering.is_extension(request.send_call_to):
        yield Fault(ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", request.send_call_to)
    if not is_caller_id(request.caller_id):
        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerId", request.caller_id)
    if not is_number_in(request.wait_for_pickup, 1, 3600):
        yield Fault(ErrorCode.WAIT_FOR_PICKUP_INVALID, "waitForPickup", request.wait_for_pickup)
    if isinstance(request, Whisper) and not is_number_in(request.private, 0, 1):
        yield Fault(ErrorCode.PRIVATE_INVALID, "private", request.private)


def _faults_of_sending(request: Sends, numbering: Numbering) -> Iterator[Fault]:
    to, one, other = request.send_call_to, request.transfer_from_number, request.transfer_number
    known = is_number(to, numbering) if isinstance(request, Transfer) else numbering.is_extension(to)
    if not known:
        yield Fault(ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", to)
    if one is not None and not is_number(one, numbering):
        yield Fault(ErrorCode.TRANSFER_NUMBER_INVALID, "transferFromNumber", one)
    if other is not None and (other == one or not is_number(other, numbering)):
        yield Fault(ErrorCode.TRANSFER_NUMBER_INVALID, "transferNumber", other)
