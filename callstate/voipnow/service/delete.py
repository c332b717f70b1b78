"""Hang-ups: of the call that is named or of each call of an extension, whole or only one party's leg.

One rule: the answer names the calls in which something was hung up, as an array of calls that have only an id; a number
that is not in a call hangs up nothing there. A call that was hung up before without a number is named again, so that a
retry is answered like the first time.
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
    found,
    involved,
    participants,
    refuse_ended_call,
    refuse_stranger,
    refuse_unknown_call,
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
    after, steps = _hung_up(context, scope, before, number)
    if isinstance(after, DomainError):
        return refused(after, fired, steps)
    gone = [after] if after is not before or number is None else []
    response = Response(status=OK, body=_names(gone), version=after.version, found=before.version)
    return Outcome(response, fired if after is before else (after,), steps)


def _hung_up(
    context: RequestContext, scope: Scope, call: PhoneCall, number: str | None
) -> tuple[PhoneCall | DomainError, Steps]:
    """Hang up the leg of a number; without one each extension of the scope hangs up, until the call is over."""
    if number is not None:
        step = _hang_up(context, scope, call, number)
        return step.result, (step,)
    steps: list[Step] = []
    for asker in scope.hangs_up(call):
        if steps and (call.over or asker not in participants(call)):
            continue  # it has left together with another one
        steps.append(act(context, scope, call, HangUp(call_id=call.id, extension=asker)))
        result = steps[-1].result
        if isinstance(result, DomainError):
            return result, tuple(steps)
        call = result
    return call, tuple(steps)


def _asked(context: RequestContext, call: PhoneCall | None) -> tuple[Scope, PhoneCall] | DomainError:
    """Return the scope in which a live call is to be hung up, or why it is not even tried."""
    if call is None:
        return refuse_unknown_call(context.request)
    if call.over and not context.rules.repeats:
        return refuse_ended_call(call)
    scope = scope_of(context, call)
    if isinstance(scope, DomainError):
        return scope
    return (scope, call) if scope.own(call) or scope.left(call) else refuse_stranger(context.request)


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
    """Hang up in one of the calls: the leg of the number, or else of each extension; if they only pay, all of it."""
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
