"""One line of a trace against one call: what the reference answers, if that agrees, and how the call may stand then.

One rule: a judgement is made of the line and the call alone. What the trace cannot explain is believed, and an answer
that does not tell whether something happened leaves both ways open.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from callstate.conformance.listings import difference
from callstate.conformance.trace import NOT_LISTED, Line, Reply, UnreadableLineError, create_of, request_of, signal_of
from callstate.conformance.verdict import Differs, Divergence
from callstate.domain import Action, DomainError, ErrorCode, Numbering, PhoneCall
from callstate.engine import (
    Rules,
    advance,
    allowed_actions,
    apply_action,
    create_call,
    fire,
    instant,
    refuse_in_use,
    refuse_unread,
)
from callstate.voipnow.wire import decode_call, http_status, wire_code

HAPPENED = Reply(status=202)
"""What a signal without an answer counts as."""

SERVER_ERROR = 500
"""From this status on an answer does not tell whether something happened: a gateway may have given up waiting."""


def _on_the_wire(*codes: ErrorCode) -> frozenset[str]:
    return frozenset(map(wire_code, codes))


OF_THE_ACCOUNTS = _on_the_wire(ErrorCode.USER_INVALID, ErrorCode.ACCESS_DENIED, ErrorCode.EXTENSION_INVALID)
"""Refusals that come first and of which a trace, which knows no accounts, cannot tell."""

OF_THE_SURROUNDINGS = _on_the_wire(
    ErrorCode.SEND_CALL_TO_INVALID, ErrorCode.SOURCE_INVALID, ErrorCode.DESTINATION_INVALID, ErrorCode.PARKING_FULL
)
"""Refusals that come last, also because of what a trace does not show: which phones there are, how full the lot is."""


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """How a call may stand after a line, what the line counts as, and how it diverges, if it does."""

    ways: tuple[PhoneCall | None, ...] = ()
    counted: str | None = None
    divergence: Divergence | None = None


def judgement(line: Line, call: PhoneCall | None, rules: Rules) -> Judgement:
    """Judge a line other than `start`; `call` is the call before the line, `None` if there is none."""
    if line.extensions is not None:
        rules = replace(rules, numbering=Numbering(numbers=frozenset(line.extensions)))
    if line.listed:
        return _begun(line, rules) if call is None else _compared(line, call, line.listed)
    result = _answer(line, call, rules)
    reply = line.answer or (HAPPENED if line.signal is not None else None)
    if reply is None or reply.status >= SERVER_ERROR:
        return Judgement((call,) if isinstance(result, DomainError) or result is call else (result, call), "unclear")
    if isinstance(result, PhoneCall) and reply.accepted:
        counted = "repeats" if result is call else "accepted"
        return _compared(line, result, reply.listed, counted) if reply.listed else Judgement((result,), counted)
    if isinstance(result, DomainError) and _is_the_same(reply, result):
        return Judgement((call,), "refused")
    if _is_beyond(reply, result):
        return Judgement((call,), "believed")
    return Judgement(divergence=_parted(line, call, result, reply, rules))


def joined(judgements: Sequence[Judgement]) -> Judgement:
    """Join the judgements of all ways in which a call may stand: a line that is right in one of them is right."""
    right = [one for one in judgements if one.divergence is None]
    if not right:
        return judgements[0]
    return Judgement(tuple(way for one in right for way in one.ways), right[0].counted)


def _begun(line: Line, rules: Rules) -> Judgement:
    """Begin with a call as it is listed; that an unknown one is not listed is right."""
    if line.listed == NOT_LISTED:
        return Judgement((None,))
    call = decode_call(bytes(line.listed), at=line.at, rules=rules)
    if isinstance(call, DomainError):
        raise UnreadableLineError(f"listed: {call.reason}")
    if call.id != line.call:
        raise UnreadableLineError(f"the call that is listed is {call.id!r}, not {line.call!r}")
    return Judgement((call,))


def _compared(line: Line, call: PhoneCall, listed: Raw, counted: str | None = None) -> Judgement:
    found = difference(bytes(listed), call, at=line.at)
    if found is None:
        return Judgement((call,), counted)
    asked, view_id = (None, None) if line.listed else _asked(line)
    return Judgement(
        divergence=Divergence(
            call_id=line.call,
            at=line.at,
            seq=line.seq,
            kind=Differs.LISTING,
            asked=asked,
            view_id=view_id,
            told=found.told,
            known=found.known,
        )
    )


# What the reference answers -------------------------------------------------------------------------------------------


def _answer(line: Line, call: PhoneCall | None, rules: Rules) -> PhoneCall | DomainError:
    asked: Action
    if line.request:
        read = request_of(line)
        if isinstance(read, DomainError):
            return refuse_unread(call, read, call_id=line.call, extension=line.extension, at=line.at)
        asked = read
    elif line.signal is not None:
        asked = signal_of(line)
    else:
        create = create_of(line)
        if call is not None and not advance(call, at=line.at).over:
            return refuse_in_use(create)
        return create_call(create, at=line.at, rules=rules)
    return apply_action(call, asked, at=line.at, rules=rules)


def _asked(line: Line) -> tuple[str, str | None]:
    """Say what a line asks for or tells, and the view that it names."""
    if line.signal is not None:
        return str(line.signal), line.view
    if line.create:
        return type(create_of(line)).__name__, None
    action = request_of(line)
    return ("the request", None) if isinstance(action, DomainError) else (type(action).__name__, action.view_id)


# What agrees ----------------------------------------------------------------------------------------------------------


def _is_the_same(reply: Reply, result: DomainError) -> bool:
    return reply.status == http_status(result.code) and reply.error in (None, wire_code(result.code), result.code)


def _is_beyond(reply: Reply, result: PhoneCall | DomainError) -> bool:
    """Tell whether a refusal may be for something that is not in the trace, so that it must be believed."""
    if reply.accepted:
        return False
    if reply.status != http_status(ErrorCode.WRONG_STATE) or reply.error in OF_THE_ACCOUNTS:
        return True
    return isinstance(result, PhoneCall) and reply.error in OF_THE_SURROUNDINGS


def _parted(
    line: Line, call: PhoneCall | None, result: PhoneCall | DomainError, reply: Reply, rules: Rules
) -> Divergence:
    asked, view_id = _asked(line)
    told = "accepted" if reply.accepted else _refused(reply.status, reply.error or "without a code")
    known = "accepted"
    if isinstance(result, DomainError):
        known = f"{_refused(http_status(result.code), wire_code(result.code))}. {result.message}"
    return Divergence(
        call_id=line.call,
        at=line.at,
        seq=line.seq,
        kind=Differs.ANSWER,
        asked=asked,
        view_id=view_id,
        told=told,
        known=known,
        allowed=_allowed(line, call, view_id, rules),
    )


def _refused(status: int, code: str) -> str:
    return f"refused, {status} {code}"


def _allowed(line: Line, call: PhoneCall | None, view_id: str | None, rules: Rules) -> tuple[str, ...] | None:
    now = None if call is None else fire(call, instant(line.at), inclusive=False)
    if now is None or view_id is None or now.view(view_id) is None:
        return None
    return allowed_actions(now, view_id, rules=rules)
