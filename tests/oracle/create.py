"""The oracle's way to create a call: the checks of a request, and the call that it makes.

One rule: a new call is built as a value and settled by the rules, for nothing else makes its phones ring.
"""

from collections.abc import Iterator
from datetime import datetime

from callstate.domain import (
    ANSWERED,
    CALL_ID,
    RINGING,
    TRYING,
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    ErrorCode,
    Flow,
    Numbering,
    PhoneCall,
    PhoneCallView,
    as_value,
)
from tests.oracle.answers import Refusal, check_of
from tests.oracle.fields import Fault, is_caller_id, is_number, is_number_in
from tests.oracle.legs import after
from tests.oracle.rules import settle
from tests.oracle.state import Conversation

Create = CreateSimple | CreateCallback | CreateConferenceInvite

MOST_NUMBERS = 100
LONGEST_NONCE = 255


def create(request: Create, at: datetime, numbering: Numbering | None = None) -> PhoneCall | Refusal:
    """Create a call, or refuse the first field that is wrong."""
    numbering = Numbering() if numbering is None else numbering
    fault = next(_faults(request, numbering), None)
    if fault is not None:
        return Refusal(fault.code, fault.parameter, as_value(fault.value), check=check_of(fault.code))
    call = Conversation(_new_call(request, at, numbering), numbering=numbering)
    settle(call, at, set())
    return call.snapshot()


# The checks.


def _faults(request: Create, numbering: Numbering) -> Iterator[Fault]:
    if CALL_ID.fullmatch(request.call_id) is None:
        yield Fault(ErrorCode.PHONECALL_INVALID, "phoneCallId", request.call_id)
    if not numbering.is_extension(request.extension):
        yield Fault(ErrorCode.EXTENSION_INVALID, "extension", request.extension)
    if not _sources_fit(request, numbering):
        yield Fault(ErrorCode.SOURCE_INVALID, "source", None)
    if not _destinations_fit(request, numbering):
        yield Fault(ErrorCode.DESTINATION_INVALID, "destination", None)
    yield from _faults_of_settings(request)


def _faults_of_settings(request: Create) -> Iterator[Fault]:
    shown, lasts = getattr(request, "caller_destination", None), getattr(request, "call_duration", None)
    if not is_caller_id(request.caller_id):
        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerId", request.caller_id)
    if not is_caller_id(shown):
        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerDestination", shown)
    if not is_number_in(request.wait_for_pickup, 1, 3600):
        yield Fault(ErrorCode.WAIT_FOR_PICKUP_INVALID, "waitForPickup", request.wait_for_pickup)
    if lasts is not None and not is_number_in(lasts, 1, 86400):
        yield Fault(ErrorCode.CALL_DURATION_INVALID, "callDuration", lasts)
    if request.nonce is not None and len(request.nonce) > LONGEST_NONCE:
        yield Fault(ErrorCode.NONCE_INVALID, "nonce", request.nonce)


def _sources_fit(request: Create, numbering: Numbering) -> bool:
    if isinstance(request, CreateConferenceInvite):
        return request.source == (request.extension,)
    inside = any(map(numbering.is_extension, request.source))
    return _numbers_fit(request.source, numbering) and not (inside and isinstance(request, CreateCallback))


def _destinations_fit(request: Create, numbering: Numbering) -> bool:
    others = _numbers_fit(request.destination, numbering) and not set(request.source) & set(request.destination)
    if isinstance(request, CreateConferenceInvite):
        return others
    return others and _all_of_one_kind(request, request.destination, numbering)


def _numbers_fit(numbers: tuple[str, ...], numbering: Numbering) -> bool:
    known = all(is_number(number, numbering) for number in numbers)
    return known and 1 <= len(numbers) <= MOST_NUMBERS and len(set(numbers)) == len(numbers)


def _all_of_one_kind(request: Create, numbers: tuple[str, ...], numbering: Numbering) -> bool:
    """Whether the numbers are all extensions or all outside; those of a callback are outside."""
    kinds = {numbering.is_extension(number) for number in numbers}
    return kinds == {False} or (kinds == {True} and not isinstance(request, CreateCallback))


# The call.


def _new_call(request: Create, at: datetime, numbering: Numbering) -> PhoneCall:
    lasts = getattr(request, "call_duration", None)
    return PhoneCall(
        id=request.call_id,
        extension=request.extension,
        owner_id=request.owner_id,
        owner_name=request.owner_name,
        nonce=request.nonce,
        published=at,
        updated=at,
        ends_by=None if lasts is None else after(at, int(lasts)),
        wait_for_pickup=int(request.wait_for_pickup),
        allow_public_transfer=_may_be_transferred(request, numbering),
        views=(*_sources(request, at, numbering), *_destinations(request, numbering)),
    )


def _may_be_transferred(request: Create, numbering: Numbering) -> bool:
    """Only of a simple call to outside numbers it is asked whether it may be transferred."""
    outside = not any(map(numbering.is_extension, request.destination))
    return not (isinstance(request, CreateSimple) and outside) or request.allow_public_transfer


def _sources(request: Create, at: datetime, numbering: Numbering) -> Iterator[PhoneCallView]:
    """A source is rung: a phone rings, an outside number is tried; a conference is up."""
    is_up = isinstance(request, CreateConferenceInvite)
    for place, number in enumerate(request.source):
        outside = not numbering.is_extension(number)
        state = ANSWERED if is_up else TRYING if outside else RINGING
        yield PhoneCallView(
            id=f"{place:02}",
            extension=number,
            state=state,
            side=0,
            listed=not outside,
            outside=outside,
            source=request.source,
            destination=request.destination,
            flow=_flow(request, numbering),
            caller_id=request.caller_id,
            ringing=at if state is RINGING else None,
            answered=at if is_up else None,
            until=None if is_up else after(at, int(request.wait_for_pickup)),
        )


def _destinations(request: Create, numbering: Numbering) -> Iterator[PhoneCallView]:
    apart = isinstance(request, CreateConferenceInvite)
    for place, number in enumerate(request.destination):
        yield PhoneCallView(
            id=f"{len(request.source) + place:02}",
            extension=number,
            state=TRYING,
            side=1 + place if apart else 1,
            waits=True,
            listed=False,
            outside=not numbering.is_extension(number),
            source=request.source,
            destination=request.destination,
            flow=_flow_to(number, numbering) if apart else _flow(request, numbering),
            caller_id=getattr(request, "caller_destination", None),
        )


def _flow(request: Create, numbering: Numbering) -> Flow:
    if not any(map(numbering.is_extension, request.destination)):
        return Flow.OUTGOING
    return Flow.LOCAL if any(map(numbering.is_extension, request.source)) else Flow.INCOMING


def _flow_to(number: str, numbering: Numbering) -> Flow:
    """A conference is an extension, so only the guest decides."""
    return Flow.LOCAL if numbering.is_extension(number) else Flow.OUTGOING
