"""A trace replayed through the reference: line after line, where it first says something else.

One rule: a call is judged up to its first divergence, and then no more unless the trace starts it anew. Memory is
bounded by the calls that live: of the others only the last are remembered. This module opens no file and reads no
clock; the instants are those of the trace.
"""

from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Raw
from msgspec.structs import replace

from callstate.conformance.listings import difference
from callstate.conformance.trace import NOT_LISTED, Line, Reply, UnreadableLineError, create_of, read_line, signal_of
from callstate.domain import Check, DomainError, ErrorCode, OnHold, Park, PhoneCall
from callstate.engine import LENIENT, Rules, advance, allowed_actions, apply_action, create_call, fire, instant
from callstate.voipnow.wire import decode_action, decode_call, http_status, wire_code

REMEMBERED = 10_000
"""So many calls that are over or have diverged are remembered, to tell late inputs from unknown calls."""

ROOM = 10_000
"""So many calls are kept before those are looked for that have ended by a deadline, of which no line tells."""

COUNTED = (
    "lines", "starts", "listings", "creates", "requests", "signals",
    "accepted", "repeats", "refused", "believed", "skipped", "divergences",
)  # fmt: skip

HAPPENED = Reply(status=202)
"""What a signal without an answer counts as."""


def _on_the_wire(*codes: ErrorCode) -> frozenset[str]:
    return frozenset(map(wire_code, codes))


OF_THE_ACCOUNTS = _on_the_wire(ErrorCode.USER_INVALID, ErrorCode.ACCESS_DENIED, ErrorCode.EXTENSION_INVALID)
"""Refusals that come first and of which a trace, which knows no accounts, cannot tell."""

OF_THE_SURROUNDINGS = _on_the_wire(
    ErrorCode.SEND_CALL_TO_INVALID, ErrorCode.SOURCE_INVALID, ErrorCode.DESTINATION_INVALID, ErrorCode.PARKING_FULL
)
"""Refusals that come last, also for what a trace does not show: which phones there are, how full the lot is."""


class Divergence(NamedTuple):
    """Where a trace and the reference part: the call, the line in words, and what each of the two says of it."""

    call_id: str
    asked: str
    told: str
    known: str
    allowed: tuple[str, ...] | None = None

    def __str__(self) -> str:
        lines = [f"call {self.call_id}: {self.asked}", f"  trace:     {self.told}", f"  reference: {self.known}"]
        if self.allowed is not None:
            lines.append(f"  allowed:   {', '.join(self.allowed) or 'nothing'}")
        return "\n".join(lines)


class Judge:
    """Judges a trace line by line, and counts in `tally` what it saw."""

    def __init__(self, *, rules: Rules = LENIENT) -> None:
        self.tally: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self._rules = rules
        self._calls = _Calls()

    def judge(self, data: bytes) -> Divergence | None:
        """Return how a line diverges from the reference, if it does; `UnreadableLineError` if it is no line."""
        if data.isspace():
            return None
        line = read_line(data)
        self.tally["lines"] += 1
        if line.start is not None:
            self.tally["starts"] += 1
            self._calls.keep(line.start, line.at)
            return None
        if self._calls.has_diverged(line.call):
            self.tally["skipped"] += 1
            return None
        divergence = self._judge(line, self._calls.get(line.call))
        if divergence is not None:
            self.tally["divergences"] += 1
            self._calls.drop(line.call)
        return divergence

    def _judge(self, line: Line, call: PhoneCall | None) -> Divergence | None:
        if line.request:
            self.tally["requests"] += 1
            return self._weigh(line, call, _requested(line, call, self._rules), line.answer)
        if line.signal is not None:
            self.tally["signals"] += 1
            return self._weigh(line, call, _reported(line, call, self._rules), line.answer or HAPPENED)
        if line.create:
            self.tally["creates"] += 1
            return self._weigh(line, None, _created(line), line.answer)
        self.tally["listings"] += 1
        if call is not None:
            return _compared(line, call, "the call as it is listed", line.listed)
        self._begin(line)
        return None

    def _begin(self, line: Line) -> None:
        """Begin with a call as it is listed; that an unknown one is not listed is right."""
        if line.listed == NOT_LISTED:
            return
        call = decode_call(bytes(line.listed))
        if isinstance(call, DomainError):
            raise UnreadableLineError(call.message)
        if call.id != line.call:
            raise UnreadableLineError(f"the call that is listed is {call.id!r}, not {line.call!r}")
        self._calls.keep(call, line.at)

    def _weigh(self, line: Line, call: PhoneCall | None, asked: "_Asked", reply: Reply | None) -> Divergence | None:
        """Compare an answer with the reference's, go on from there, and compare the call that was shown, if one was."""
        if reply is not None and not _agree(reply, asked.result):
            if not _is_beyond(reply, asked.result):
                return _parted(line, call, asked, reply, self._rules)
            self.tally["believed"] += 1
            return None
        if isinstance(asked.result, DomainError):
            self.tally["refused"] += 1
            return None
        self.tally["repeats" if asked.result is call else "accepted"] += 1
        self._calls.keep(asked.result, line.at)
        if reply is None or not reply.listed:
            return None
        return _compared(line, asked.result, f"the call after {asked.words}", reply.listed)


# What the reference answers -------------------------------------------------------------------------------------------


class _Asked(msgspec.Struct, frozen=True, gc=False):
    """An input in words, the view that it names, and the reference's answer."""

    words: str
    view_id: str | None
    result: PhoneCall | DomainError


def _requested(line: Line, call: PhoneCall | None, rules: Rules) -> _Asked:
    action = decode_action(bytes(line.request), call_id=line.call, extension=line.extension)
    if isinstance(action, DomainError):
        # That a call is unknown or over, or that a stranger asks, is told before the body is judged.
        probe = OnHold(call_id=line.call, view_id="", extension=line.extension)
        early = apply_action(call, probe, at=line.at, rules=rules)
        assert isinstance(early, DomainError)  # no view has an empty id
        first = early.check in (Check.CALL, Check.EXTENSION)
        return _Asked("the request", None, replace(early, action=action.action) if first else action)
    if isinstance(action, Park) and line.position is not UNSET:
        action = replace(action, position=line.position)
    return _Asked(type(action).__name__, action.view_id, apply_action(call, action, at=line.at, rules=rules))


def _reported(line: Line, call: PhoneCall | None, rules: Rules) -> _Asked:
    signal = signal_of(line)
    return _Asked(type(signal).__name__, line.view, apply_action(call, signal, at=line.at, rules=rules))


def _created(line: Line) -> _Asked:
    create = create_of(line)
    return _Asked(type(create).__name__, None, create_call(create, at=line.at))


# What agrees ----------------------------------------------------------------------------------------------------------


def _agree(reply: Reply, result: PhoneCall | DomainError) -> bool:
    if not isinstance(result, DomainError):
        return reply.accepted
    return reply.status == http_status(result.code) and reply.error in (None, wire_code(result.code), result.code)


def _is_beyond(reply: Reply, result: PhoneCall | DomainError) -> bool:
    """Tell whether a refusal may be for something that is not in the trace, so that it must be believed."""
    if reply.accepted:
        return False
    if reply.status != http_status(ErrorCode.WRONG_STATE) or reply.error in OF_THE_ACCOUNTS:
        return True
    return isinstance(result, PhoneCall) and reply.error in OF_THE_SURROUNDINGS


def _compared(line: Line, call: PhoneCall, what: str, listed: Raw) -> Divergence | None:
    found = difference(bytes(listed), call, at=line.at)
    return None if found is None else Divergence(line.call, what, found.told, found.known)


def _parted(line: Line, call: PhoneCall | None, asked: _Asked, reply: Reply, rules: Rules) -> Divergence:
    words = asked.words if asked.view_id is None else f"{asked.words} on view {asked.view_id}"
    told = "accepted" if reply.accepted else _refused(reply.status, reply.error or "without a code")
    known = "accepted"
    if isinstance(asked.result, DomainError):
        code = asked.result.code
        known = f"{_refused(http_status(code), wire_code(code))}. {asked.result.message}"
    return Divergence(line.call, words, told, known, _allowed(line, call, asked.view_id, rules))


def _refused(status: int, code: str) -> str:
    return f"refused, {status} {code}"


def _allowed(line: Line, call: PhoneCall | None, view_id: str | None, rules: Rules) -> tuple[str, ...] | None:
    now = None if call is None else fire(call, instant(line.at), inclusive=False)
    if now is None or view_id is None or now.view(view_id) is None:
        return None
    return allowed_actions(now, view_id, rules=rules)


# The calls that are followed ------------------------------------------------------------------------------------------

Value = TypeVar("Value")


class _Calls:
    """The calls that live, and the last of those that are over and of those that have diverged."""

    def __init__(self) -> None:
        self._live: dict[str, PhoneCall] = {}
        self._over: OrderedDict[str, PhoneCall] = OrderedDict()
        self._diverged: OrderedDict[str, None] = OrderedDict()
        self._room = ROOM

    def get(self, call_id: str) -> PhoneCall | None:
        """Return a call; `None` if it is unknown, or over and not remembered any more."""
        return self._live.get(call_id) or self._over.get(call_id)

    def has_diverged(self, call_id: str) -> bool:
        """Tell whether nothing of a call is judged any more."""
        return call_id in self._diverged

    def keep(self, call: PhoneCall, at: datetime) -> None:
        """Keep a call as it is now; judge it again, if it had diverged."""
        if call.id in self._diverged:
            del self._diverged[call.id]
        if call.over:
            self._live.pop(call.id, None)
            _remember(self._over, call.id, call)
            return
        self._live[call.id] = call
        if len(self._live) > self._room:
            self._sweep(at)

    def drop(self, call_id: str) -> None:
        """Judge a call no more."""
        self._live.pop(call_id, None)
        self._over.pop(call_id, None)
        _remember(self._diverged, call_id, None)

    def _sweep(self, at: datetime) -> None:
        """Find the calls that have ended by a deadline; kept as they were, they are judged by their own times."""
        over = [call for call in self._live.values() if advance(call, at=at).over]
        for call in over:
            del self._live[call.id]
            _remember(self._over, call.id, call)
        self._room = ROOM + 2 * len(self._live)


def _remember(known: OrderedDict[str, Value], call_id: str, value: Value) -> None:
    known[call_id] = value
    known.move_to_end(call_id)
    if len(known) > REMEMBERED:
        known.popitem(last=False)
