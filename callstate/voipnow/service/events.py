"""Call events: what the subscribers of an extension are sent between two values of a call.

One rule: a leg has a phase, which follows from one value of the call, and an event is that a leg enters a phase. Only
the legs of extensions that can be subscribed have events, and only while they are parties: a phone that whispers or
monitors is not a party. This module knows nothing of subscriptions or of how events are sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from callstate import domain
from callstate.voipnow.service.directory import Directory, ExtensionKind
from callstate.voipnow.service.event_parameters import CallStatus, EventParameters, is_outgoing, parameters

SUBSCRIBABLE = frozenset(ExtensionKind) - {ExtensionKind.CALLBACK}
"""The kinds of extensions that have call events, which are those that the vendor names."""

NEVER_ANSWERS = frozenset({ExtensionKind.QUEUE, ExtensionKind.IVR})
"""The kinds that take every call by themselves, so that an answer is not an event."""


class EventType(IntEnum):
    """The kinds of call events, in the wire's own numbers."""

    DIAL_IN = 0
    DIAL_OUT = 1
    HANGUP = 2
    ANSWER_IN = 3
    ANSWER_OUT = 4


class CallEvent(NamedTuple):
    """Something that happened to a leg of an extension, with the parameters for subscribers."""

    view_id: str
    extension: str
    type: EventType
    parameters: EventParameters


class _Phase(IntEnum):
    """How far a leg has come."""

    NOT_BEGUN = 0
    BEGUN = 1
    ANSWERED = 2
    ENDED = 3


def events(before: domain.PhoneCall | None, after: domain.PhoneCall, *, directory: Directory) -> tuple[CallEvent, ...]:
    """Return the call events from one value of a call to the next, view by view in the order of their ids.

    `None` before is a call that is seen for the first time: a leg that has answered has no event then, but a hangup
    later. Between the two values lies one input or one deadline; `callstate.steps` gives a call deadline by
    deadline, so that no leg comes and goes unseen. Equal values, such as before and after a repeat, give nothing.
    """
    return () if after is before else tuple(_all_events(before, after, directory))


def _all_events(before: domain.PhoneCall | None, after: domain.PhoneCall, directory: Directory) -> Iterator[CallEvent]:
    known = {} if before is None else {view.id: view for view in before.views}
    for view in after.views:
        extension = None if view.outside else directory.extension(view.extension)
        if extension is None or extension.kind not in SUBSCRIBABLE:
            continue
        entered = _phase(after, view)
        if before is None:
            left = _Phase.ANSWERED if entered is _Phase.ANSWERED else _Phase.NOT_BEGUN
        else:
            left = _phase(before, known[view.id]) if view.id in known else _Phase.NOT_BEGUN
        for kind in _types(left, entered, outgoing=is_outgoing(view)):
            if kind is EventType.ANSWER_IN and extension.kind in NEVER_ANSWERS:
                continue
            status = _status(known, after, view, left) if kind is EventType.HANGUP else _STATUS[kind]
            yield CallEvent(view.id, view.extension, kind, parameters(after, view, status, directory))


_STATUS: Mapping[EventType, CallStatus] = {
    EventType.DIAL_IN: CallStatus.CALLING,
    EventType.DIAL_OUT: CallStatus.CALLING,
    EventType.ANSWER_IN: CallStatus.ANSWER,
    EventType.ANSWER_OUT: CallStatus.ANSWER,
}


def _types(left: _Phase, entered: _Phase, *, outgoing: bool) -> Iterator[EventType]:
    """Yield what it means to go from one phase to another.

    Only a phone that rings to barge in, and is told to whisper or monitor instead, goes back to a phase before: as a
    party it has hung up.
    """
    if entered is _Phase.ENDED or entered < left:
        if left in (_Phase.BEGUN, _Phase.ANSWERED):
            yield EventType.HANGUP
        return
    if left < _Phase.BEGUN <= entered:
        yield EventType.DIAL_OUT if outgoing else EventType.DIAL_IN
    if left < _Phase.ANSWERED <= entered:
        yield EventType.ANSWER_OUT if outgoing else EventType.ANSWER_IN


# Phases ---------------------------------------------------------------------------------------------------------------

_SPEAKS = frozenset({domain.PARTY, domain.BARGE})
_NOTHING_DIALLED = frozenset({domain.OFF_HOOK, domain.UNKNOWN})


def _phase(call: domain.PhoneCall, view: domain.PhoneCallView) -> _Phase:
    if view.role not in _SPEAKS:
        return _Phase.NOT_BEGUN
    if not view.live:
        return _Phase.ENDED
    return _caller_phase(call, view) if is_outgoing(view) else _called_phase(view)


def _caller_phase(call: domain.PhoneCall, view: domain.PhoneCallView) -> _Phase:
    """Tell how far a leg is that makes the call: a phone that the service rings first has not begun while it rings."""
    if view.up:
        return _Phase.BEGUN if call.answered is None else _Phase.ANSWERED
    is_rung_first = any(other.waits for other in call.views)
    return _Phase.NOT_BEGUN if is_rung_first or view.state in _NOTHING_DIALLED else _Phase.BEGUN


def _called_phase(view: domain.PhoneCallView) -> _Phase:
    if view.up:
        return _Phase.ANSWERED
    return _Phase.NOT_BEGUN if view.waits or view.state in _NOTHING_DIALLED else _Phase.BEGUN


# How a leg ended ------------------------------------------------------------------------------------------------------

_TOLD: Mapping[domain.Disposition | None, CallStatus] = {
    domain.Disposition.BUSY: CallStatus.BUSY,
    domain.Disposition.FAILED: CallStatus.CONGESTION,
    domain.Disposition.NOT_ALLOWED: CallStatus.CONGESTION,
    domain.Disposition.UNKNOWN: CallStatus.UNKNOWN,
}
"""The status that follows from the disposition alone, of a leg that was never answered."""


def _status(
    known: Mapping[str, domain.PhoneCallView], after: domain.PhoneCall, view: domain.PhoneCallView, left: _Phase
) -> CallStatus:
    """Tell how a leg ended."""
    if left is _Phase.ANSWERED:
        return CallStatus.ANSWER
    if view.disposition in _TOLD:
        return _TOLD[view.disposition]
    if is_outgoing(view):
        others = [other for other in after.views if other.side != view.side and not other.live]
        return _status_of_caller(other for other in others if other.id in known and known[other.id].live)
    return _status_of_called(after, view)


def _status_of_caller(ended: Iterable[domain.PhoneCallView]) -> CallStatus:
    """Tell why nobody answered the caller, by the legs of other sides that ended with its own."""
    others = list(ended)
    told = next((_TOLD[other.disposition] for other in others if other.disposition in _TOLD), None)
    if told is not None:
        return told
    in_vain = any(other.reason is domain.EndReason.NO_ANSWER for other in others)
    return CallStatus.NOANSWER if in_vain else CallStatus.CANCEL


def _status_of_called(after: domain.PhoneCall, view: domain.PhoneCallView) -> CallStatus:
    """Tell why a phone rang in vain: nobody answered it, or another phone was faster, or the caller gave up."""
    if view.reason is domain.EndReason.NO_ANSWER:
        return CallStatus.NOANSWER
    gave_up = view.live or after.over or view.reason is domain.EndReason.TARGET_LEFT
    return CallStatus.CANCEL if gave_up else CallStatus.NOANSWER
