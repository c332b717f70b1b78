"""Hang-ups: of the call that is named or of each call of an extension, whole or only one party's leg.

One rule: the answer names the calls in which something was hung up, as an array of calls that have but an id; a number
that is not in a call hangs up nothing there. A call that was hung up before is named again, so that a retry is answered
like the first time.
"""

from collections.abc import Iterable

import msgspec

from callstate.actions import HangUp
from callstate.conditions import live_view_of
from callstate.errors import DomainError
from callstate.model import NUMBER, PhoneCall
from callstate.voipnow.acting import act
from callstate.voipnow.exchange import Response
from callstate.voipnow.scope import (
    Outcome,
    Question,
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


def delete(question: Question) -> Outcome:
    """Answer with the calls in which something was hung up."""
    if question.request.call_id is None:
        return _delete_each(question)
    call, fired = found(question)
    answer = _delete_one(question, call)
    if isinstance(answer, DomainError):
        return refused(answer, fired)
    after, gone = answer
    response = Response(status=OK, body=_names([after] if gone else []), version=after.version)
    return response, fired if after is call else (after,)


def _delete_one(question: Question, call: PhoneCall | None) -> tuple[PhoneCall, bool] | DomainError:
    """Return the call afterwards, and whether it is to be named."""
    if call is None:
        return no_call(question.request)
    if call.over and not question.rules.repeats:
        return ended_call(question.request)
    scope = scope_of(question, call)
    if isinstance(scope, DomainError):
        return scope
    if not scope.own(call):
        return not_a_party(question.request)
    number = question.request.parameters.get("phoneNumber")
    after = _hang_up(question, scope, call, number)
    return after if isinstance(after, DomainError) else (after, after is not call or (number is None and call.over))


def _delete_each(question: Question) -> Outcome:
    scope = scope_of(question, None)
    if isinstance(scope, DomainError):
        return refused(scope)
    calls, fired = involved(question, scope)
    number = question.request.parameters.get("phoneNumber")
    gone = list(_hung_up(question, scope, calls, number))
    changed = {call.id: call for call in (*fired, *gone)}
    return Response(status=OK, body=_names(gone)), tuple(changed.values())


def _hung_up(question: Question, scope: Scope, calls: Iterable[PhoneCall], number: str | None) -> Iterable[PhoneCall]:
    """Hang up, in each call, the number or else the extension's own leg; if it only pays, the whole call."""
    for call in calls:
        own = scope.own(call)[0]
        leaver = own if number is None and live_view_of(call, own) is not None else number
        after = _hang_up(question, scope, call, leaver)
        if after is not call and not isinstance(after, DomainError):
            yield after


def _hang_up(question: Question, scope: Scope, call: PhoneCall, number: str | None) -> PhoneCall | DomainError:
    # A text that is no number names nobody, not even a party that withholds its own.
    if number is not None and NUMBER.fullmatch(number) is None:
        return call
    return act(question, scope, call, HangUp(call_id=call.id, extension=scope.asker(call), phone_number=number))


def _names(calls: Iterable[PhoneCall]) -> bytes:
    return msgspec.json.encode([{"id": call.id} for call in calls])
