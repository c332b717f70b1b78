"""New calls: the three ways in which the service makes one, as pure functions from a request to a call.

One rule: a request becomes a call of version 0 or a refusal; its id and the instant are given, never made up here.
Whether an extension exists, and who owns it, is for the service to check first.
"""

from datetime import datetime
from typing import ClassVar, TypeAlias

import msgspec

from callstate import forms as form
from callstate.deadlines import instant
from callstate.effects import Views, enter
from callstate.errors import Check, DomainError, ErrorCode, as_value
from callstate.forms import Form, misfit, whole, wire_name
from callstate.model import ANSWERED, DEFAULT_WAIT, RINGING, TRYING, Flow, PhoneCall, PhoneCallView, evolve, later
from callstate.numbering import CALL_ID, PHONE, is_extension, view_id
from callstate.rules import settle


class _Create(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What every new call has: who pays, and whom it brings together. `caller_id` is what the source sees.

    A phone rings `wait_for_pickup` seconds (1 to 3600, `wait_for_pickup_invalid`); the default of 25 is the vendor's,
    the bounds are ours. `nonce` is kept for who asks, and does not make a second request a repeat (our decision).
    """

    forms: ClassVar[tuple[Form, ...]] = (form.CALLER_ID, form.WAIT)

    call_id: str
    extension: str
    source: tuple[str, ...]
    destination: tuple[str, ...]
    owner_id: str | None = None
    owner_name: str | None = None
    caller_id: str | None = None
    nonce: str | None = None
    wait_for_pickup: int | str = DEFAULT_WAIT


class CreateSimple(_Create, frozen=True, gc=False, kw_only=True):
    """Ring each source; when the first is up, ring each destination. Both may be extensions or outside numbers.

    `call_duration` limits the whole call (1 to 86400 seconds, `call_duration_invalid`); without it there is no limit,
    for the vendor's is a setting of its system. Unless `allow_public_transfer`, it is not transferred to an outside
    number. `caller_destination` is what the destination sees (`caller_id_invalid`).
    """

    forms: ClassVar[tuple[Form, ...]] = (form.CALLER_ID, form.CALLER_DESTINATION, form.WAIT, form.DURATION)

    caller_destination: str | None = None
    call_duration: int | str | None = None
    allow_public_transfer: bool = False


class CreateCallback(_Create, frozen=True, gc=False, kw_only=True):
    """Call an outside number back, then connect it to another outside number; the callback extension pays.

    Extensions as source or destination are refused: `source_invalid`, `destination_invalid`; the vendor's page says
    that both are public numbers.
    """

    forms: ClassVar[tuple[Form, ...]] = (form.CALLER_ID, form.WAIT, form.DURATION)

    call_duration: int | str | None = None


class CreateConferenceInvite(_Create, frozen=True, gc=False, kw_only=True):
    """Ring each destination for a conference: the only source is `extension`, a conference, which is up at once.

    Any other source is refused with `source_invalid` (our decision; the vendor's example has it so).
    """


Create: TypeAlias = CreateSimple | CreateCallback | CreateConferenceInvite


def create_call(request: Create, *, at: datetime) -> PhoneCall | DomainError:
    """Return the new call, or why there is none.

    Refused are, in this order: a `call_id` that is none (`pc_phonecall_invalid`); an `extension` that is none
    (`extension_invalid`); sources (`source_invalid`), then destinations (`destination_invalid`), that are none at all,
    no numbers, named twice, or of the wrong kind, destinations that are not all of this system or all outside of it,
    and one that is a source too; and fields out of form. The vendor names the fields; the refusals are our decision.
    `at` is an aware datetime; a naive one raises `ValueError`.
    """
    now = instant(at)
    refusal = _refusal(request)
    if refusal is not None:
        return refusal
    wait, limit = whole(request.wait_for_pickup), _limit(request, now)
    assert wait is not None  # checked: it is a number
    # Who pays is mostly a source as well; then one text is kept for both.
    payer = next((number for number in request.source if number == request.extension), request.extension)
    call = PhoneCall(
        id=request.call_id,
        extension=payer,
        views=_views(request, now, wait),
        owner_id=request.owner_id,
        owner_name=request.owner_name,
        published=now,
        nonce=request.nonce,
        updated=now,
        ends_by=limit,
        wait_for_pickup=wait,
        allow_public_transfer=not isinstance(request, CreateSimple) or request.allow_public_transfer,
    )
    # A conference is up already, so its guests are rung in the same step; the call is new all the same.
    return evolve(settle(call, call.views, now), version=0)


def _limit(request: Create, at: datetime) -> datetime | None:
    if isinstance(request, CreateConferenceInvite) or request.call_duration is None:
        return None
    seconds = whole(request.call_duration)
    assert seconds is not None  # checked: it is a number
    return later(at, seconds)


def _views(request: Create, at: datetime, wait: int) -> Views:
    outside = not is_extension(request.destination[0])
    flow = Flow.OUTGOING if outside else Flow.LOCAL
    shown = request.caller_destination if isinstance(request, CreateSimple) else None
    legs = [(number, 0, request.caller_id) for number in request.source]
    legs += [(number, 1, shown) for number in request.destination]
    return tuple(
        _leg(
            PhoneCallView(
                id=view_id(place),
                extension=number,
                state=TRYING,
                side=side,
                listed=False,
                waits=side == 1,
                source=request.source,
                destination=request.destination,
                flow=flow,
                caller_id=caller_id,
            ),
            request,
            at,
            wait,
        )
        for place, (number, side, caller_id) in enumerate(legs)
    )


def _leg(view: PhoneCallView, request: Create, at: datetime, wait: int) -> PhoneCallView:
    """Dial a source; a destination waits."""
    if view.waits:
        return view
    if isinstance(request, CreateConferenceInvite):
        return enter(view, ANSWERED, at, answered=at, listed=True)
    if is_extension(view.extension):
        return enter(view, RINGING, at, listed=True, until=later(at, wait))
    return evolve(view, until=later(at, wait))


# What is refused ------------------------------------------------------------------------------------------------------


def _refusal(request: Create) -> DomainError | None:
    if CALL_ID.fullmatch(request.call_id) is None:
        needed = "phoneCallId to be 1 to 255 letters and digits"
        return _refuse(request, ErrorCode.PHONECALL_INVALID, Check.CALL, needed, "call_id")
    if not is_extension(request.extension):
        needed = "extension to be an extension number"
        return _refuse(request, ErrorCode.EXTENSION_INVALID, Check.EXTENSION, needed, "extension")
    objection = _source_objection(request)
    if objection is not None:
        return _refuse(request, ErrorCode.SOURCE_INVALID, Check.FIELDS, f"source to be {objection}", "source")
    objection = _destination_objection(request)
    if objection is not None:
        needed = f"destination to be {objection}"
        return _refuse(request, ErrorCode.DESTINATION_INVALID, Check.FIELDS, needed, "destination")
    form = misfit(request, request.forms)
    if form is None:
        return None
    return _refuse(request, form.code, Check.FIELDS, f"{wire_name(form.field)} to be {form.needed}", form.field)


def _source_objection(request: Create) -> str | None:
    if isinstance(request, CreateConferenceInvite):
        return None if request.source == (request.extension,) else "the conference extension"
    return _numbers_objection(request, request.source)


def _destination_objection(request: Create) -> str | None:
    if len({is_extension(number) for number in request.destination}) > 1:
        return "all extensions or all outside numbers"
    if set(request.source) & set(request.destination):
        return "other numbers than the source"
    return _numbers_objection(request, request.destination)


def _numbers_objection(request: Create, numbers: tuple[str, ...]) -> str | None:
    if not numbers or len(set(numbers)) < len(numbers):
        return "at least one number, each of them once"
    if isinstance(request, CreateCallback):
        fits = all(PHONE.fullmatch(number) and not is_extension(number) for number in numbers)
        return None if fits else "outside numbers"
    fits = all(PHONE.fullmatch(number) or is_extension(number) for number in numbers)
    return None if fits else "extension or phone numbers"


def _refuse(request: Create, code: ErrorCode, check: Check, needed: str, field: str) -> DomainError:
    value = getattr(request, field)
    shown = ", ".join(value) if isinstance(value, tuple) else as_value(value)
    return DomainError(
        code=code,
        check=check,
        action=type(request).__name__,
        needed=needed,
        parameter=wire_name(field),
        value=shown,
    )
