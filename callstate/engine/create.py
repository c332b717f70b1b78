"""New calls: the three ways in which the service makes one, as pure functions from a request to a call.

One rule: a request becomes a call of version 0 or a refusal; its id and the instant are given, never made up here.
Whether an extension exists, and who owns it, is for the service to check first.
"""

from datetime import datetime

from callstate import domain
from callstate.engine.deadlines import instant
from callstate.engine.effects import Views, enter
from callstate.engine.rules import settle
from callstate.engine.table import LENIENT, Rules


def create_call(
    request: domain.Create, *, at: datetime, rules: Rules = LENIENT
) -> domain.PhoneCall | domain.DomainError:
    """Return the new call, or why there is none.

    Refused are, in this order: a `call_id` that is none (`pc_phonecall_invalid`); an `extension` that is none
    (`extension_invalid`); sources (`source_invalid`), then destinations (`destination_invalid`), that are none at all,
    no numbers, named twice, or of the wrong kind, destinations that are not all of this system or all outside of it,
    and one that is a source too; and fields out of form. The vendor names the fields; the refusals are our decision.
    `at` is an aware datetime; a naive one raises `ValueError`.
    """
    now = instant(at)
    refusal = _refusal(request, rules)
    if refusal is not None:
        return refusal
    wait, limit = domain.whole(request.wait_for_pickup), _limit(request, now)
    assert wait is not None  # checked: it is a number
    # Who pays is mostly a source as well; then one text is kept for both.
    payer = next((number for number in request.source if number == request.extension), request.extension)
    call = domain.PhoneCall(
        id=request.call_id,
        extension=payer,
        views=_views(request, now, wait, rules),
        owner_id=request.owner_id,
        owner_name=request.owner_name,
        published=now,
        nonce=request.nonce,
        updated=now,
        ends_by=limit,
        wait_for_pickup=wait,
        allow_public_transfer=not isinstance(request, domain.CreateSimple) or request.allow_public_transfer,
    )
    # A conference is up already, so its guests are rung in the same step; the call is new all the same.
    return domain.evolve(settle(call, call.views, now), version=0)


def _limit(request: domain.Create, at: datetime) -> datetime | None:
    if isinstance(request, domain.CreateConferenceInvite) or request.call_duration is None:
        return None
    seconds = domain.whole(request.call_duration)
    assert seconds is not None  # checked: it is a number
    return domain.later(at, seconds)


def _views(request: domain.Create, at: datetime, wait: int, rules: Rules) -> Views:
    outside = not rules.numbering.is_extension(request.destination[0])
    flow = domain.Flow.OUTGOING if outside else domain.Flow.LOCAL
    shown = request.caller_destination if isinstance(request, domain.CreateSimple) else None
    legs = [(number, 0, request.caller_id) for number in request.source]
    legs += [(number, 1, shown) for number in request.destination]
    return tuple(
        _leg(
            domain.PhoneCallView(
                id=domain.view_id(place),
                extension=number,
                state=domain.TRYING,
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
            rules,
        )
        for place, (number, side, caller_id) in enumerate(legs)
    )


def _leg(
    view: domain.PhoneCallView, request: domain.Create, at: datetime, wait: int, rules: Rules
) -> domain.PhoneCallView:
    """Dial a source; a destination waits."""
    if view.waits:
        return view
    if isinstance(request, domain.CreateConferenceInvite):
        return enter(view, domain.ANSWERED, at, answered=at, listed=True)
    if rules.numbering.is_extension(view.extension):
        return enter(view, domain.RINGING, at, listed=True, until=domain.later(at, wait))
    return domain.evolve(view, until=domain.later(at, wait))


# What is refused ------------------------------------------------------------------------------------------------------


def _refusal(request: domain.Create, rules: Rules) -> domain.DomainError | None:
    if domain.CALL_ID.fullmatch(request.call_id) is None:
        needed = "phoneCallId to be 1 to 255 letters and digits"
        return _refuse(request, domain.ErrorCode.PHONECALL_INVALID, domain.Check.CALL, needed, "call_id")
    if not rules.numbering.is_extension(request.extension):
        needed = "extension to be an extension number"
        return _refuse(request, domain.ErrorCode.EXTENSION_INVALID, domain.Check.EXTENSION, needed, "extension")
    violation = _source_violation(request, rules)
    if violation is not None:
        return _refuse(
            request, domain.ErrorCode.SOURCE_INVALID, domain.Check.FIELDS, f"source to be {violation}", "source"
        )
    violation = _destination_violation(request, rules)
    if violation is not None:
        needed = f"destination to be {violation}"
        return _refuse(request, domain.ErrorCode.DESTINATION_INVALID, domain.Check.FIELDS, needed, "destination")
    form = domain.first_violated(request, request.field_rules)
    if form is None:
        return None
    return _refuse(
        request, form.code, domain.Check.FIELDS, f"{domain.wire_name(form.field)} to be {form.needed}", form.field
    )


def _source_violation(request: domain.Create, rules: Rules) -> str | None:
    if isinstance(request, domain.CreateConferenceInvite):
        return None if request.source == (request.extension,) else "the conference extension"
    return _numbers_violation(request, request.source, rules)


def _destination_violation(request: domain.Create, rules: Rules) -> str | None:
    if len({rules.numbering.is_extension(number) for number in request.destination}) > 1:
        return "all extensions or all outside numbers"
    if set(request.source) & set(request.destination):
        return "other numbers than the source"
    return _numbers_violation(request, request.destination, rules)


def _numbers_violation(request: domain.Create, numbers: tuple[str, ...], rules: Rules) -> str | None:
    if not numbers or len(set(numbers)) < len(numbers):
        return "at least one number, each of them once"
    if isinstance(request, domain.CreateCallback):
        fits = all(domain.PHONE.fullmatch(number) and not rules.numbering.is_extension(number) for number in numbers)
        return None if fits else "outside numbers"
    fits = all(domain.PHONE.fullmatch(number) or rules.numbering.is_extension(number) for number in numbers)
    return None if fits else "extension or phone numbers"


def _refuse(
    request: domain.Create, code: domain.ErrorCode, check: domain.Check, needed: str, field: str
) -> domain.DomainError:
    value = getattr(request, field)
    shown = ", ".join(value) if isinstance(value, tuple) else domain.as_value(value)
    return domain.DomainError(
        code=code,
        check=check,
        action=type(request).__name__,
        needed=needed,
        parameter=domain.wire_name(field),
        value=shown,
    )
