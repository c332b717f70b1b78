"""One action on one call, with what the core cannot know: the directory, what the asker sees, and the parking lots.

One rule: a call is changed by the core alone. What the directory refuses comes in the order of the core's own checks:
a view of another organization with the views, a phone of another one last, and neither hides an earlier refusal. This
module does not know how a request came.
"""

from typing import TypeVar

from msgspec.structs import replace

from callstate import domain
from callstate.engine import BY_A_COLLEAGUE, apply_action, live_view_of, refuse
from callstate.voipnow.service.directory import Directory, Extension, ExtensionKind
from callstate.voipnow.service.requests import Step
from callstate.voipnow.service.scope import RequestContext, Scope, organization, participants, visible

WITHIN: frozenset[type[domain.Request]] = BY_A_COLLEAGUE | {domain.TransferToVoicemail}
"""Actions with a `sendCallTo` that must belong to the asker's organization."""

NUMBERS = ("send_call_to", "transfer_from_number", "transfer_number", "phone_number")
"""The fields of actions that hold the number of a party, which may be a short one."""

UP_TO_THE_VIEW = (domain.Check.CALL, domain.Check.EXTENSION, domain.Check.ACTION, domain.Check.VIEW)
"""The checks that come before, or with, the one for the organization of the named view."""

Asked = TypeVar("Asked", bound=domain.Request)


def act(context: RequestContext, scope: Scope, call: domain.PhoneCall, action: domain.Request) -> Step:
    """Act on a call."""
    named = None if action.view_id is None else call.view(action.view_id)
    home = _home(context.directory, scope, call, action.extension, named)
    asked = _with_full_numbers(context.directory, action, home)
    seen = visible(context, call)
    if _names_a_leg_that_is_not_seen(call, seen, asked):
        hidden = apply_action(seen, asked, at=context.at, rules=context.rules)
        return Step(asked, context.at, call if hidden is seen else hidden, reached=False)
    result = apply_action(call, asked, at=context.at, rules=context.rules)
    if named is not None and not _may_be_named(context.directory, asked, named, home, result):
        return Step(asked, context.at, refuse(call, asked, context.rules, _foreign(named)), reached=False)
    if isinstance(result, domain.DomainError) or result is call:
        return Step(asked, context.at, result)
    violation = _phone_violation(context.directory, asked, home)
    if violation is not None:
        return Step(asked, context.at, refuse(call, asked, context.rules, violation))
    return _parked(context, call, asked, result) if isinstance(asked, domain.Park) else Step(asked, context.at, result)


def is_colleague(context: RequestContext, scope: Scope, call: domain.PhoneCall) -> bool:
    """Tell whether the asker has an extension, of the organization of somebody in the call."""
    home = _home(context.directory, scope, call, scope.asker(call)) if scope.numbers else None
    return home is not None and home in map(context.directory.organization_of, participants(call))


def _home(
    directory: Directory,
    scope: Scope,
    call: domain.PhoneCall,
    asker: str,
    named: domain.PhoneCallView | None = None,
) -> str | None:
    """Return the asker's organization; an administrator asks for that of the named view, else of the payer."""
    own = directory.organization_of(asker) or organization(scope.user)
    of_view = None if named is None else directory.organization_of(named.extension)
    return own or of_view or directory.organization_of(call.extension)


def _with_full_numbers(directory: Directory, action: Asked, home: str | None) -> Asked:
    given = {name: getattr(action, name, None) for name in NUMBERS}
    full = {name: directory.full_number(number, home) for name, number in given.items() if number is not None}
    return replace(action, **full)


# What the asker may name ----------------------------------------------------------------------------------------------


def _names_a_leg_that_is_not_seen(call: domain.PhoneCall, seen: domain.PhoneCall, action: domain.Request) -> bool:
    """Tell whether a leg is named that is not there for the account, so that it is answered without that leg."""
    if isinstance(action, domain.HangUp) and action.phone_number is not None:
        named = live_view_of(call, action.phone_number)
    else:
        named = None if action.view_id is None else call.view(action.view_id)
    return named is not None and seen.view(named.id) is None


def _may_be_named(
    directory: Directory,
    action: domain.Request,
    view: domain.PhoneCallView,
    home: str | None,
    result: domain.PhoneCall | domain.DomainError,
) -> bool:
    """Tell whether a view is of the asker's organization or outside, or else is one that the action sends away.

    A party in the lot can be retrieved by the organization that has parked it.
    """
    if view.outside or directory.organization_of(view.extension) in (home, None):
        return True
    if isinstance(result, domain.DomainError) and result.check in UP_TO_THE_VIEW:
        return True  # refused already
    if isinstance(action, domain.UnPark):
        return view.parking is not None and directory.organization_of(view.parking.by) == home
    return isinstance(action, domain.Park | domain.Transfer | domain.TransferToVoicemail) and _stays(view, result)


def _stays(view: domain.PhoneCallView, result: domain.PhoneCall | domain.DomainError) -> bool:
    """Tell whether a party is not the one that leaves; the party that is sent away stays in the call."""
    after = None if isinstance(result, domain.DomainError) else result.view(view.id)
    return after is None or after.live  # a refusal says itself why nobody leaves


def _foreign(view: domain.PhoneCallView) -> domain.Violation:
    reason = f"view {view.id} belongs to another organization"
    return domain.Violation(domain.ErrorCode.PHONECALLVIEW_INVALID, reason, "view_id", domain.Check.VIEW)


def _phone_violation(directory: Directory, action: domain.Request, home: str | None) -> domain.Violation | None:
    extension = directory.extension(getattr(action, "send_call_to", ""))
    if extension is None:
        return None  # an outside number, or nobody is rung
    if extension.kind is not ExtensionKind.PHONE_TERMINAL:
        return _wrong_phone(extension, f"is a {extension.kind}, not a {ExtensionKind.PHONE_TERMINAL}")
    if type(action) in WITHIN and directory.organization_of(extension.number) != home:
        return _wrong_phone(extension, "belongs to another organization")
    return None


def _wrong_phone(extension: Extension, found: str) -> domain.Violation:
    reason = f"sendCallTo {domain.shown(extension.number)} {found}"
    return domain.Violation(domain.ErrorCode.SEND_CALL_TO_INVALID, reason, "send_call_to")


# The parking lot ------------------------------------------------------------------------------------------------------


def _parked(context: RequestContext, call: domain.PhoneCall, action: domain.Park, trial: domain.PhoneCall) -> Step:
    """Park at the first free place of the parker's organization; who parks is known once it was tried."""
    waiting = {view.id for view in call.views if view.parking is not None}
    lots = (view.parking for view in trial.views if view.parking is not None and view.id not in waiting)
    home = context.directory.organization_of(next(lots).by)
    placed = replace(action, position=context.lots.take(home))
    return Step(placed, context.at, apply_action(call, placed, at=context.at, rules=context.rules))
