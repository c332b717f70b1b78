"""Lines for people: what was asked, what was answered, and what changed.

One rule: one line for each request and for each thing that happens by itself, and no secret in any of them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from callstate.domain import Change, PhoneCall, StateEntered, ViewAppeared, changes
from callstate.sandbox.request_summary import MASK, Asked, refusal_of
from callstate.voipnow.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from callstate.sandbox.event_deliveries import DeliveryEntry

NOBODY = "-"

SHOWN = 500
"""So many characters of a body are shown."""

GREEN, YELLOW, RED, PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"


class Style(NamedTuple):
    """How lines look: with the status in colour, and with bodies."""

    colour: bool = False
    verbose: bool = False


class Told(NamedTuple):
    """What a line says about a request: when and by whom it was asked, the answer, and what happened."""

    at: datetime
    account: str | None
    asked: Asked
    request: HttpRequest
    response: HttpResponse
    changes: Iterable[str] = ()
    fault: str | None = None


def request_line(told: Told, style: Style) -> str:
    """Write what was asked by whom, and what came of it."""
    status = told.response.status
    code, reason = refusal_of(told.response)
    head = [
        f"{told.at:%H:%M:%S} {told.account or NOBODY:8} {told.asked.method} {_target(told.asked)}",
        None if told.asked.method == "POST" else told.asked.action,
        f"{_colour(status)}{status}{PLAIN}" if style.colour else str(status),
        code,
    ]
    parts = [" ".join(_plain(part) if part is not head[2] else part for part in head if part), _plain(reason or "")]
    parts += [told.fault or "", *told.changes]
    if style.verbose:
        parts += [f"asked {_body(told, told.request.body)}", f"answered {_body(told, told.response.body)}"]
    return "  ".join(part for part in parts if part)


def event_line(at: datetime, happened: str) -> str:
    """Write what happened by itself."""
    return f"{at:%H:%M:%S} {NOBODY:8} {happened}"


def delivery_line(entry: "DeliveryEntry") -> str:
    """Write what came of a call event that was sent. The query of the URL may hold a secret of the subscriber."""
    kind = entry.type.name.lower().replace("_", "-")
    outcome = entry.status or f"not delivered: {_plain(entry.failure or '')}"
    return event_line(entry.at, f"{kind} of {entry.extension}: {entry.method} {entry.url.partition('?')[0]} {outcome}")


def _target(asked: Asked) -> str:
    path = quote(asked.path, safe="/*@+:")
    return f"{path}?{urlencode(asked.query, safe=f'{MASK}@+:,')}" if asked.query else path


def _colour(status: int) -> str:
    return GREEN if status < 400 else YELLOW if status < 500 else RED  # noqa: PLR2004  # the classes of statuses


def _body(told: Told, body: bytes) -> str:
    if told.asked.of_tokens:
        return MASK
    text = body.decode("utf-8", "replace")
    return _plain(text if len(text) <= SHOWN else f"{text[:SHOWN]}…") or "nothing"


def _plain(text: str) -> str:
    """Write text in one line of ASCII: what somebody sends must not write to the terminal."""
    return text if text.isascii() and text.isprintable() else ascii(text)[1:-1]


def happened(before: PhoneCall | None, after: PhoneCall) -> str:
    """Write what happened to a call."""
    return f"{after.id}: {', '.join(map(_words, changes(before, after)))}"


def _words(change: Change) -> str:
    view_id = f"{change.view_id} " if hasattr(change, "view_id") else ""
    match change:
        case StateEntered(left=left, entered=entered):
            return f"{view_id}{left} -> {entered}"
        case ViewAppeared(extension=extension, view=view):
            return f"{view_id}{extension} {view.state}"
        case _:
            return f"{view_id}{type(change).__name__}"
