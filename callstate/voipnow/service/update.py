"""Updates: an action on the call that is named, or on each call of an extension if none is.

One rule: the answer is that of the first check that fails, in the order call, user and extension, action, and then all
that the core checks. Of several calls each has an outcome of its own, whatever the others have.
"""

from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from callstate import domain
from callstate.engine import BY_A_COLLEAGUE, live_view_of
from callstate.voipnow.service.apply import act, is_colleague
from callstate.voipnow.service.requests import Outcome, Response, Step
from callstate.voipnow.service.scope import (
    RequestContext,
    Scope,
    found,
    involved,
    link,
    link_by,
    refusal,
    refuse_ended_call,
    refuse_stranger,
    refuse_unknown_call,
    refused,
    scope_of,
)
from callstate.voipnow.wire import decode_action, encode_accepted, encode_error, read_request

ACCEPTED = 202

OfEach: TypeAlias = domain.OnHold | domain.Park | domain.UnPark | domain.Transfer | domain.TransferToVoicemail
"""What can be asked of all calls of an extension in one request."""


def update(context: RequestContext) -> Outcome:
    """Answer with where the call can be read, or with an array of such answers and refusals, one for each call."""
    if context.request.call_id is None:
        return _update_each(context)
    call, fired = found(context)
    asked = _asked(context, call)
    if isinstance(asked, domain.DomainError):
        return refused(asked, fired)
    scope, before, action = asked
    step = act(context, scope, before, action)
    after = step.result
    if isinstance(after, domain.DomainError):
        return refused(after, fired, (step,))
    body = _accepted(context, scope, before, step)
    response = Response(status=ACCEPTED, body=body, version=after.version, found=before.version)
    return Outcome(response, fired if after is before else (after,), (step,))


# One call -------------------------------------------------------------------------------------------------------------


def _asked(
    context: RequestContext, call: domain.PhoneCall | None
) -> tuple[Scope, domain.PhoneCall, domain.Request] | domain.DomainError:
    """Return the scope, the call and the action that is asked of it, or why it is not even asked."""
    if call is None:
        return refuse_unknown_call(context.request)
    if call.over:
        return refuse_ended_call(call)
    scope = scope_of(context, call)
    if isinstance(scope, domain.DomainError):
        return scope
    read = read_request(call, context.request.body, call_id=call.id, extension=scope.asker(call), at=context.at)
    action = _by_put(read)
    if not (scope.own(call) or _may_come_in(context, scope, call, action)):
        return refuse_stranger(context.request)
    return action if isinstance(action, domain.DomainError) else (scope, call, action)


def _may_come_in(
    context: RequestContext, scope: Scope, call: domain.PhoneCall, action: domain.Request | domain.DomainError
) -> bool:
    """Tell whether somebody whom the call has nothing to do with may ask: a colleague, or who left and asks again."""
    if type(action) in BY_A_COLLEAGUE:
        return is_colleague(context, scope, call)
    return scope.left(call) is not None


def _by_put(action: domain.Request | domain.DomainError) -> domain.Request | domain.DomainError:
    """Refuse a hang-up, which the core knows as an action and the service as another method."""
    if isinstance(action, domain.HangUp):
        reason = "a call is hung up by DELETE, not by an action of PUT"
        return refusal(domain.ErrorCode.ACTION_INVALID, domain.Check.ACTION, reason, "action", "HangUp")
    return action


def _accepted(context: RequestContext, scope: Scope, call: domain.PhoneCall, step: Step) -> bytes:
    """Write the answer, from the call before the action, because a transferor or a parker has left afterwards.

    A colleague who has another phone pick up, retrieve or join has nothing to do with the call; that phone has.
    """
    joins: str | None = getattr(step.asked, "send_call_to", None)
    if joins is not None and type(step.asked) in BY_A_COLLEAGUE and not scope.own(call):
        return encode_accepted(call, extension=joins, link=link_by(context, joins, call))
    asker = scope.asker(call)
    extension = call.extension if asker == domain.SELF else asker
    return encode_accepted(call, extension=extension, link=link(context, scope, call))


# Each call of an extension --------------------------------------------------------------------------------------------


def _update_each(context: RequestContext) -> Outcome:
    # No call is named, so there is none whose checks come first.
    action = _by_put(decode_action(context.request.body, call_id="", extension=domain.SELF))
    if not isinstance(action, OfEach | domain.DomainError):
        return refused(refuse_unknown_call(context.request))
    scope = scope_of(context, None)
    if isinstance(scope, domain.DomainError):
        return refused(scope)
    if isinstance(action, domain.DomainError):
        return refused(action)
    calls, fired = involved(context, scope)
    changed = {call.id: call for call in fired}
    answers: list[msgspec.Raw] = []
    steps: list[Step] = []
    for call in calls:
        step = act(context, scope, call, _aimed(action, call, scope, context.rules.numbering))
        steps.append(step)
        answers.append(_answer_for_one(context, scope, call, step))
        if isinstance(step.result, domain.PhoneCall) and step.result is not call:
            changed[call.id] = step.result
    response = Response(status=ACCEPTED, body=msgspec.json.encode(answers))
    return Outcome(response, tuple(changed.values()), tuple(steps))


def _answer_for_one(context: RequestContext, scope: Scope, call: domain.PhoneCall, step: Step) -> msgspec.Raw:
    if isinstance(step.result, domain.PhoneCall):
        return msgspec.Raw(_accepted(context, scope, call, step))
    reason: dict[str, Any] = msgspec.json.decode(encode_error(step.result))  # Any: JSON
    return msgspec.Raw(msgspec.json.encode({"id": call.id, **reason}))


def _aimed(action: OfEach, call: domain.PhoneCall, scope: Scope, numbering: domain.Numbering) -> OfEach:
    """Ask for an action on one of the calls, on behalf of the extension and on its own view."""
    asker = scope.own(call)[0]
    if isinstance(action, domain.Transfer | domain.TransferToVoicemail):
        # The extension is the transferor, whatever the numbers say; but they must be numbers.
        told = domain.first_violated(action, numbering) is None
        numbers = {"transfer_from_number": asker, "transfer_number": None} if told else {}
        return replace(action, call_id=call.id, extension=asker, view_id=None, **numbers)
    own, parked = live_view_of(call, asker), _parked_by(call, asker)
    order = (parked, own) if isinstance(action, domain.UnPark) else (own, parked)
    view_id = next((view.id for view in order if view is not None), "")
    return replace(action, call_id=call.id, extension=asker, view_id=view_id)


def _parked_by(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    return next((view for view in call.views if view.parking is not None and view.parking.by == number), None)
