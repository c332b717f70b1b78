"""What the console shows of a call: who is in it, since when, until when, and what each party can do next.

One rule: it decides nothing. What can be asked of a view is what the engine allows, and what a phone can report is what
the engine would take from it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from callstate.domain import (
    SIGNALS,
    Change,
    Disposition,
    DomainError,
    EndReason,
    PhoneCall,
    PhoneCallView,
    Role,
    Signal,
    ViewState,
    changes,
)
from callstate.engine import Rules, allowed_actions, apply_action
from callstate.sandbox.call_histories import Event, History
from callstate.voipnow.service import Directory, Step

EARLY = datetime(1970, 1, 1, tzinfo=UTC)
"""An input of this time comes, for the engine, at the last change of its call; so no deadline has passed by then."""


class PartyShown(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A party of a call. `actions` is what its owner can ask for, `signals` is what its phone can report."""

    id: str
    extension: str
    state: ViewState
    role: Role
    since: datetime | None = None
    until: datetime | None = None
    target: str | None = None
    outside: bool = False
    caller_id: str | None = None
    recorded: bool = False
    position: int | None = None
    parked_by: str | None = None
    disposition: Disposition | None = None
    reason: EndReason | None = None
    actions: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class CallShown(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A call; `deadline` is when it changes by itself."""

    id: str
    version: int
    extension: str
    over: bool = False
    published: datetime | None = None
    answered: datetime | None = None
    updated: datetime | None = None
    deadline: datetime | None = None
    ends_by: datetime | None = None
    parties: tuple[PartyShown, ...]


class Cause(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An input: a request of an extension, or the signal of a phone; `refused` says why it changed nothing."""

    name: str
    signal: bool = False
    view_id: str | None = None
    extension: str | None = None
    refused: str | None = None


class EventShown(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happened to a call, and why; without a cause it happened by itself, or the call came in so."""

    at: datetime | None
    version: int
    causes: tuple[Cause, ...]
    changes: tuple[Change, ...]


class HistoryShown(msgspec.Struct, frozen=True, kw_only=True):
    """A call, and its last events, the oldest first."""

    call: CallShown
    events: tuple[EventShown, ...]


def picture(history: History, directory: Directory, rules: Rules) -> bytes:
    """Write what the console shows of a call, once for each of its values."""
    if history.shown is None:
        history.shown = msgspec.json.encode(call_shown(history, directory, rules))
    return history.shown


def call_shown(history: History, directory: Directory, rules: Rules) -> CallShown:
    """Describe a call as it is now."""
    call = history.call
    return CallShown(
        id=call.id,
        version=call.version,
        extension=call.extension,
        over=call.over,
        published=call.published,
        answered=call.answered,
        updated=call.updated,
        deadline=call.deadline,
        ends_by=call.ends_by,
        parties=tuple(_party(call, view, history.since, directory, rules) for view in call.views),
    )


def _party(
    call: PhoneCall, view: PhoneCallView, since: Mapping[str, datetime | None], directory: Directory, rules: Rules
) -> PartyShown:
    owned = directory.owner(view.extension) is not None
    return PartyShown(
        id=view.id,
        extension=view.extension,
        state=view.state,
        role=view.role,
        since=since.get(view.id),
        until=view.limit,
        target=view.target,
        outside=view.outside,
        caller_id=view.caller_id,
        recorded=view.recording is not None,
        position=None if view.parking is None else view.parking.position,
        parked_by=None if view.parking is None else view.parking.by,
        disposition=view.disposition,
        reason=view.reason,
        actions=allowed_actions(call, view.id, rules=rules) if owned else (),
        signals=tuple(_signals(call, view, rules)) if view.live else (),
    )


def _signals(call: PhoneCall, view: PhoneCallView, rules: Rules) -> list[str]:
    """Return the names of the signals of a view that would change the call."""
    signals: list[Signal] = [kind(call_id=call.id, view_id=view.id) for kind in SIGNALS]
    return [type(signal).__name__ for signal in signals if _changes(call, signal, rules)]


def _changes(call: PhoneCall, signal: Signal, rules: Rules) -> bool:
    result = apply_action(call, signal, at=EARLY, rules=rules)
    return isinstance(result, PhoneCall) and result is not call


def history_shown(history: History, directory: Directory, rules: Rules) -> HistoryShown:
    """Describe what has happened to a call."""
    return HistoryShown(call=call_shown(history, directory, rules), events=tuple(map(_event, history.events)))


def _event(event: Event) -> EventShown:
    return EventShown(
        at=event.steps[0].at if event.steps else event.after.updated,
        version=event.after.version,
        causes=tuple(map(_cause, event.steps)),
        changes=tuple(changes(event.before, event.after)),
    )


def _cause(step: Step) -> Cause:
    asked = step.asked
    return Cause(
        name=type(asked).__name__,
        signal=isinstance(asked, SIGNALS),
        view_id=getattr(asked, "view_id", None),
        extension=getattr(asked, "extension", None),
        refused=step.result.message if isinstance(step.result, DomainError) else None,
    )
