"""Requests that cannot be read, or that ask for an unknown action: what is refused before that is said.

One rule: the checks of the call and of the extension come first, as in `apply_action`, which needs an action to make
them. With this function a body has one answer, whatever is in it.
"""

from datetime import datetime

from msgspec.structs import replace

from callstate import domain
from callstate.engine.authorization import takes_part
from callstate.engine.deadlines import fire, instant
from callstate.engine.refusal_reasons import ended_call, no_call, not_a_party
from callstate.engine.refusals import must_be_a_call


def refuse_unread(
    call: domain.PhoneCall | None, refusal: domain.DomainError, *, call_id: str, extension: str, at: datetime
) -> domain.DomainError:
    """Refuse a request for the call `call_id` or for the asker `extension`, or else with the refusal of its body."""
    now = instant(at)
    if call is not None:
        must_be_a_call("refuse_unread", call)
    if call is None or call.id != call_id:
        return _instead_of(refusal, no_call(call_id), call_id)
    call = fire(call, now if call.updated is None else max(now, call.updated), inclusive=False)
    if call.over:
        return _instead_of(refusal, ended_call(call_id), call_id)
    known = extension in (domain.SELF, call.extension) or takes_part(call, extension)
    return refusal if known else _instead_of(refusal, not_a_party(extension), extension)


def _instead_of(refusal: domain.DomainError, violation: domain.Violation, value: str) -> domain.DomainError:
    assert violation.field is not None  # each of the three is about a part of the request
    parameter = domain.wire_name(violation.field)
    return replace(
        refusal, code=violation.code, check=violation.check, reason=violation.reason, parameter=parameter, value=value
    )
