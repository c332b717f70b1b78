"""Lines for people: what was asked, what was answered, and what changed.

One rule: one line for each request and for each thing that happens by itself, and no token in any of them.
"""

from collections.abc import Iterable
from datetime import datetime

from callstate.domain import Change, PhoneCall, StateEntered, ViewAppeared, changes
from callstate.voipnow.http import Exchange, HttpRequest

NOBODY = "-"


def request_line(at: datetime, request: HttpRequest, exchange: Exchange, news: Iterable[str]) -> str:
    """Say what was asked by whom, and what came of it."""
    # A query may hold a token, a path whatever somebody sent.
    path = ascii(request.target.partition("?")[0])[1:-1]
    asked = f"{request.method} {path} {exchange.response.status}"
    return "  ".join((f"{at:%H:%M:%S} {exchange.account or NOBODY:8} {asked}", *news))


def event_line(at: datetime, news: str) -> str:
    """Say what happened by itself."""
    return f"{at:%H:%M:%S} {NOBODY:8} {news}"


def told(before: PhoneCall | None, after: PhoneCall) -> str:
    """Say what happened to a call."""
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
