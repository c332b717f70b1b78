"""Hang-ups: of the call that is named or of each call of an extension, whole or only one party's leg.

One rule: the answer names the calls in which something was hung up, as an array of calls that have but an id; a number
that is not in a call hangs up nothing there. A call that was hung up whole before is named again, so that a retry is
answered like the first time.
"""

from collections.abc import Iterable

import msgspec

from callstate.domain import DomainError, HangUp, PhoneCall
from callstate.engine import live_view_of
from callstate.voipnow.service.apply import act
from callstate.voipnow.service.requests import Outcome, Response, Step, Steps
from callstate.voipnow.service.scope import (
    RequestContext,
    Scope,
    ended_call,
    found,
    involved,
    no_call,
    not_a_party,
    refused,
    scope_of,
)

OK = 200


def delete(context: RequestContext) -> Outcome:
    """Answer with the calls in which something was hung up."""
    if context.request.call_id is None:
        return _delete_each(context)
    call, fired = found(context)
    asked = _asked(context, call)
    if isinstance(asked, DomainError):
        return refused(asked, fired)
    scope, before = asked
    number = context.request.parameters.get("phoneNumber")
    step = _hang_up(context, scope, before, number)
    after = step.result
    if isinstance(after, DomainError):
        return refused(after, fired, (step,))
    gone = after is not before or (number is None and before.over)
    response = Response(status=OK, body=_names([after] if gone else []), version=after.version)
    return Outcome(response, fired if after is before else (after,), (step,))


def _asked(context: RequestContext, call: PhoneCall | None) -> tuple[Scope, PhoneCall] | DomainError:
    """Tell on whose behalf a call that is there is to be hung up, or why it is not even tried."""
    if call is None:
        return no_call(context.request)
    if call.over and not context.rules.repeats:
        return ended_call(context.request)
    scope = scope_of(context, call)
    if isinstance(scope, DomainError):
        return scope
    return (scope, call) if scope.own(call) or scope.left(call) else not_a_party(context.request)


def _delete_each(context: RequestContext) -> Outcome:
    scope = scope_of(context, None)
    if isinstance(scope, DomainError):
        return refused(scope)
    calls, fired = involved(context, scope)
    gone: list[PhoneCall] = []
    steps: list[Step] = []
    for call in calls:
        after, taken = _without(context, scope, call)
        steps += taken
        if after is not call:
            gone.append(after)
    changed = {call.id: call for call in (*fired, *gone)}
    return Outcome(Response(status=OK, body=_names(gone)), tuple(changed.values()), tuple(steps))


def _without(context: RequestContext, scope: Scope, call: PhoneCall) -> tuple[PhoneCall, Steps]:
    """Hang up one of the calls: for the number or else for each extension itself; if they only pay, for everybody."""
    number = context.request.parameters.get("phoneNumber")
    parties = [own for own in scope.own(call) if live_view_of(call, own) is not None]
    leavers: list[str | None] = [*parties] if number is None and parties else [number]
    steps: list[Step] = []
    for leaver in leavers:
        step = _hang_up(context, scope, call, leaver)
        steps.append(step)
        call = call if isinstance(step.result, DomainError) else step.result
    return call, tuple(steps)


def _hang_up(context: RequestContext, scope: Scope, call: PhoneCall, number: str | None) -> Step:
    return act(context, scope, call, HangUp(call_id=call.id, extension=scope.asker(call), phone_number=number))


def _names(calls: Iterable[PhoneCall]) -> bytes:
    return msgspec.json.encode([{"id": call.id} for call in calls])
