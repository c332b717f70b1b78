"""New calls: the three ways in which the service makes one, as pure functions from a request to a call.

One rule: a request becomes a call of version 0 or a refusal; its id and the time are given, never made up here. Whether
an extension exists, and who owns it, is for the service to check first.
"""

from collections.abc import Iterator
from datetime import datetime

from callstate import domain
from callstate.engine.deadlines import instant
from callstate.engine.effects import enter
from callstate.engine.settling import settle
from callstate.engine.transition_table import LENIENT, Rules
from callstate.engine.views import Views

MOST_NUMBERS = 100
"""How many sources, and how many destinations, a new call may have."""


_TRIED = domain.PhoneCallView(id=domain.view_id(0), extension="0", state=domain.TRYING, side=0, listed=False)
"""What each view of a new call is made from; what the request puts into it has been checked with the request."""


def create_call(
    request: domain.Create, *, at: datetime, rules: Rules = LENIENT
) -> domain.PhoneCall | domain.DomainError:
    """Return the new call, or why there is none.

    Refused are, in this order: a malformed `call_id` (`pc_phonecall_invalid`); an `extension` that is none
    (`extension_invalid`); sources (`source_invalid`), then destinations (`destination_invalid`), that are missing, more
    than 100, no numbers, named twice or of the wrong kind, destinations of which some are extensions and some are not,
    and one that is a source too; and malformed fields. The vendor names the fields; the refusals are callstate's
    decision. `at` is an aware datetime; a naive one raises `ValueError`.
    """
    now = instant(at)
    if not isinstance(request, domain.Create):
        raise TypeError(f"{request!r} is not a request for a new call")
    violation = _violation(request, rules.numbering)
    if violation is not None:
        return _refuse(request, violation)
    wait = domain.whole(request.wait_for_pickup)
    assert wait is not None  # checked: it is a number
    # The charged extension is mostly a source as well; then one text is kept for both.
    charged = next((number for number in request.source if number == request.extension), request.extension)
    views = tuple(_views(request, now, domain.later(now, wait), rules.numbering))
    call = domain.PhoneCall(
        id=request.call_id,
        extension=charged,
        views=views,
        owner_id=request.owner_id,
        owner_name=request.owner_name,
        published=now,
        nonce=request.nonce,
        updated=now,
        ends_by=_limit(request, now),
        wait_for_pickup=wait,
        allow_public_transfer=_allows_public_transfer(request, views),
    )
    # A conference is up already, so its guests are rung in the same step; the call is new all the same.
    return domain.evolve(settle(call, call.views, now), version=0)


def _limit(request: domain.Create, at: datetime) -> datetime | None:
    if isinstance(request, domain.CreateConferenceInvite) or request.call_duration is None:
        return None
    seconds = domain.whole(request.call_duration)
    assert seconds is not None  # checked: it is a number
    return domain.later(at, seconds)


def _allows_public_transfer(request: domain.Create, views: Views) -> bool:
    """Tell whether the call can be transferred; the vendor's field is about calls to outside numbers only."""
    return not isinstance(request, domain.CreateSimple) or request.allow_public_transfer or not views[-1].outside


def _views(
    request: domain.Create, at: datetime, until: datetime | None, numbering: domain.Numbering
) -> Iterator[domain.PhoneCallView]:
    invites = isinstance(request, domain.CreateConferenceInvite)
    flow = _flow(request, numbering)
    for place, number in enumerate((*request.source, *request.destination)):
        guest = place - len(request.source)
        outside = not numbering.is_extension(number)
        view = domain.evolve(
            _TRIED,
            id=domain.view_id(place),
            extension=number,
            side=0 if guest < 0 else 1 + guest if invites else 1,
            outside=outside,
            waits=guest >= 0,
            source=request.source,
            destination=request.destination,
            flow=(domain.Flow.OUTGOING if outside else domain.Flow.LOCAL) if invites and guest >= 0 else flow,
            caller_id=_shown_to(request, is_source=guest < 0),
        )
        yield view if view.waits else _source(view, at, until, is_conference=invites)


def _shown_to(request: domain.Create, *, is_source: bool) -> str | None:
    """Return what the phone of a source or a destination shows."""
    if is_source:
        text = request.caller_id
    else:
        text = request.caller_destination if isinstance(request, domain.CreateSimple) else None
    return None if text is None else domain.plain(text)


def _flow(request: domain.Create, numbering: domain.Numbering) -> domain.Flow:
    if not any(map(numbering.is_extension, request.destination)):
        return domain.Flow.OUTGOING
    return domain.Flow.LOCAL if any(map(numbering.is_extension, request.source)) else domain.Flow.INCOMING


def _source(
    view: domain.PhoneCallView, at: datetime, until: datetime | None, *, is_conference: bool
) -> domain.PhoneCallView:
    """Dial a source; a conference is up immediately."""
    if is_conference:
        return domain.evolve(enter(view, domain.ANSWERED, at), answered=at, listed=True)
    if view.outside:
        return domain.evolve(view, until=until)
    return domain.evolve(enter(view, domain.RINGING, at), listed=True, until=until)


# What is refused ------------------------------------------------------------------------------------------------------


def _violation(request: domain.Create, numbering: domain.Numbering) -> domain.Violation | None:
    if domain.CALL_ID.fullmatch(request.call_id) is None:
        reason = f"phoneCallId must be 1 to 255 letters and digits, not {domain.shown(request.call_id)}"
        return domain.Violation(domain.ErrorCode.PHONECALL_INVALID, reason, "call_id", domain.Check.CALL)
    if not domain.is_extension_number(request.extension, numbering):
        reason = f"extension must be an extension number, not {domain.shown(request.extension)}"
        return domain.Violation(domain.ErrorCode.EXTENSION_INVALID, reason, "extension", domain.Check.EXTENSION)
    source = _source_reason(request, numbering)
    if source is not None:
        return _fields(domain.ErrorCode.SOURCE_INVALID, source, "source")
    destination = _destination_reason(request, numbering)
    if destination is not None:
        return _fields(domain.ErrorCode.DESTINATION_INVALID, destination, "destination")
    rule = domain.first_violated(request, numbering)
    return None if rule is None else _fields(rule.code, rule.reason(getattr(request, rule.field)), rule.field)


def _fields(code: domain.ErrorCode, reason: str, field: str) -> domain.Violation:
    return domain.Violation(code, reason, field, domain.Check.FIELDS)


def _source_reason(request: domain.Create, numbering: domain.Numbering) -> str | None:
    if not isinstance(request, domain.CreateConferenceInvite):
        return _numbers_reason(request, "source", numbering)
    if request.source == (request.extension,):
        return None
    return f"source must be the conference extension {domain.shown(request.extension)}, and nothing else"


def _destination_reason(request: domain.Create, numbering: domain.Numbering) -> str | None:
    reason = _numbers_reason(request, "destination", numbering)
    if reason is not None:
        return reason
    sources = set(request.source)
    both = next((number for number in request.destination if number in sources), None)
    if both is not None:
        return f"destination {domain.shown(both)} is also a source"
    kinds = {numbering.is_extension(number) for number in request.destination}
    if len(kinds) > 1 and not isinstance(request, domain.CreateConferenceInvite):
        return "destination must be extensions only, or outside numbers only"
    return None


def _numbers_reason(request: domain.Create, field: str, numbering: domain.Numbering) -> str | None:
    numbers: tuple[str, ...] = getattr(request, field)
    if not numbers:
        return f"{field} is missing"
    if len(numbers) > MOST_NUMBERS:
        return f"{field} may have at most {MOST_NUMBERS} numbers, not {len(numbers)}"
    for place, number in enumerate(numbers):
        if not domain.is_any_number(number, numbering):
            return f"{field} must be extension or phone numbers, not {domain.shown(number)}"
        if isinstance(request, domain.CreateCallback) and numbering.is_extension(number):
            return f"{field} must be outside numbers, not {domain.shown(number)}"
        if number in numbers[:place]:
            return f"{field} has {domain.shown(number)} twice"
    return None


def refuse_in_use(request: domain.Create) -> domain.DomainError:
    """Refuse a new call because there is one of that id."""
    reason = f"there is a call {request.call_id} already"
    return _refuse(request, domain.Violation(domain.ErrorCode.PHONECALL_INVALID, reason, "call_id", domain.Check.CALL))


def _refuse(request: domain.Create, violation: domain.Violation) -> domain.DomainError:
    field = violation.field
    assert field is not None  # every refusal of a new call is about a field
    value = getattr(request, field)
    shown = ", ".join(map(str, value[:MOST_NUMBERS])) if isinstance(value, tuple) else domain.as_value(value)
    return domain.DomainError(
        code=violation.code,
        check=violation.check,
        action=type(request).__name__,
        reason=violation.reason,
        parameter=domain.wire_name(field),
        value=shown,
    )
