"""One action on one call, with what the core cannot know: the directory's numbers, and the places in the parking lot.

One rule: a call is changed by the core alone, and the directory is asked once the core has no violation, for it is the
last of the refusals that need to know more than the request. This module does not know how a request came.
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from callstate import domain
from callstate.engine import apply_action, refuse
from callstate.voipnow.service.directory import Directory, ExtensionKind
from callstate.voipnow.service.requests import Step
from callstate.voipnow.service.scope import RequestContext, Scope, organization, participants

WITHIN = frozenset({domain.BargeIn, domain.Whisper, domain.Monitor, domain.TransferToVoicemail})
"""Actions that stay within an organization."""

NUMBERS = ("send_call_to", "transfer_from_number", "transfer_number", "phone_number")
"""The fields of actions that hold the number of a party, which may be a short one."""

NO_PHONE = domain.Violation(
    domain.ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be the number of a phone terminal", "send_call_to"
)
NOT_OURS = domain.Violation(
    domain.ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be an extension of the same organization", "send_call_to"
)

Asked = TypeVar("Asked", bound=domain.Request)


def act(
    context: RequestContext,
    scope: Scope,
    call: domain.PhoneCall,
    action: domain.Request,
    done: Iterable[domain.PhoneCall] = (),
) -> Step:
    """Act on a call; `done` are calls that the same request has changed already."""
    home = _home(context.directory, scope, call, action.extension)
    asked = _with_full_numbers(context.directory, action, home)
    after = apply_action(call, asked, at=context.at, rules=context.rules)
    if isinstance(after, domain.DomainError):
        return Step(asked, context.at, after)
    violation = _violation(context.directory, asked, home)
    if violation is not None:
        return Step(asked, context.at, refuse(call, asked, context.rules, violation))
    return (
        _parked(context, call, asked, after, done) if isinstance(asked, domain.Park) else Step(asked, context.at, after)
    )


def is_colleague(context: RequestContext, scope: Scope, call: domain.PhoneCall) -> bool:
    """Tell whether who asks is of the organization of somebody in the call."""
    home = _home(context.directory, scope, call, scope.asker(call))
    return home is not None and home in map(context.directory.organization_of, participants(call))


def _home(directory: Directory, scope: Scope, call: domain.PhoneCall, asker: str) -> str | None:
    """Return the organization for which is asked: the asker's, or for an administrator that of who pays."""
    return directory.organization_of(asker) or organization(scope.user) or directory.organization_of(call.extension)


def _with_full_numbers(directory: Directory, action: Asked, home: str | None) -> Asked:
    given = {name: getattr(action, name, None) for name in NUMBERS}
    full = {name: directory.full_number(number, home) for name, number in given.items() if number is not None}
    return replace(action, **full)


def _violation(directory: Directory, action: domain.Request, home: str | None) -> domain.Violation | None:
    number = getattr(action, "send_call_to", None)
    if number is None or not domain.is_extension(number):
        return None
    extension = directory.extension(number)
    if extension is None or extension.kind is not ExtensionKind.PHONE_TERMINAL:
        return NO_PHONE
    return NOT_OURS if type(action) in WITHIN and directory.organization_of(number) != home else None


# The parking lot ------------------------------------------------------------------------------------------------------


def _parked(
    context: RequestContext,
    call: domain.PhoneCall,
    action: domain.Park,
    trial: domain.PhoneCall,
    done: Iterable[domain.PhoneCall],
) -> Step:
    """Park at the first free place of the parker's organization; who parks is known once it was tried."""
    stay = _new_stay(call, trial)
    if stay is None:  # a repeat
        return Step(action, context.at, trial)
    taken = _taken(context, context.directory.organization_of(stay.by), done)
    free = next((position for position in domain.PARKING_POSITIONS if position not in taken), None)
    placed = replace(action, position=free)
    return Step(placed, context.at, apply_action(call, placed, at=context.at, rules=context.rules))


def _new_stay(before: domain.PhoneCall, after: domain.PhoneCall) -> domain.Parking | None:
    pairs = zip(before.views, after.views, strict=True)  # parking brings nobody in
    return next((new.parking for old, new in pairs if old.parking is None and new.parking is not None), None)


def _taken(context: RequestContext, home: str | None, done: Iterable[domain.PhoneCall]) -> set[int]:
    lots = (view.parking for call in done for view in call.views)
    by_us = (lot for lot in lots if lot is not None and context.directory.organization_of(lot.by) == home)
    return {*context.calls.taken_positions(home), *(lot.position for lot in by_us)}
