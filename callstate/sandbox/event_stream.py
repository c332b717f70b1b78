"""Updates as server-sent events: an answer that goes on for as long as somebody watches.

One rule: a watcher is never waited for. What it has not read when the next update is due it reads as one update; if it
reads nothing for a minute, its connection is closed.
"""

import asyncio
from typing import TYPE_CHECKING

import msgspec

from callstate.sandbox.updates import MOST_CALLS, Seen, Update
from callstate.voipnow.http import HttpResponse, Receive, Scope, Send, problem

if TYPE_CHECKING:
    from callstate.sandbox.phone_system import PhoneSystem

PATH = "/sandbox/updates"

MOST = 50
"""So many may watch. Each holds a connection, and most connections are for the clients."""

PAUSE_SECONDS = 0.05
"""How long changes are gathered before they are sent together."""

HEARTBEAT_SECONDS = 15
"""After so long without a change the time is sent, so that both ends notice if the other one is gone."""

STALLED_SECONDS = 60
"""How long a watcher may leave an update unread."""

STREAMS = "streams"
"""In the state of a scope: the answer does not end, so the server has to end it when it stops."""


def opening(watched: int) -> HttpResponse:
    """Make the head of the answer, for one more watcher than there are."""
    if watched >= MOST:
        return problem(503, "too_many_watchers", f"At most {MOST} consoles can watch at the same time.")
    headers = (("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"))
    return HttpResponse(status=200, headers=headers, body=b"retry: 1000\n\n")


class EventStream:
    """What one watcher is sent."""

    def __init__(self, system: "PhoneSystem") -> None:
        self._system = system
        self._seen = Seen()
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._told = False
        self._left = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what changes until the watcher leaves."""
        scope.setdefault("state", {})[STREAMS] = True
        leaving = asyncio.ensure_future(self._wait_for_end(receive))
        self._system.updates.watch(self._tell)
        try:
            while not self._left:
                await self._send_all(scope, send)
                await self._wait()
        finally:
            self._system.updates.leave(self._tell)
            leaving.cancel()
        await send({"type": "http.response.body"})

    async def _wait_for_end(self, receive: Receive) -> None:
        """Wait until the watcher has left: its request is whole, so nothing else can come."""
        await receive()
        self._end()

    def _end(self) -> None:
        self._left = True
        self._changed.set()

    def _tell(self) -> None:
        """Notice, in any thread, that something may have changed."""
        if not self._told:
            self._told = True
            self._loop.call_soon_threadsafe(self._changed.set)

    async def _wait(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            self._seen = self._seen._replace(clock=None)  # so the time is sent again
        self._told = False
        self._changed.clear()

    async def _send_all(self, scope: Scope, send: Send) -> None:
        """Send what is new, piece by piece."""
        more = True
        while more:
            update, self._seen = self._system.updates_since(self._seen)
            more = update is not None and await self._send(update, scope, send)

    async def _send(self, update: Update, scope: Scope, send: Send) -> bool:
        """Send an update, and tell whether another one follows."""
        data = b"data: %b\n\n" % msgspec.json.encode(update)
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await send({"type": "http.response.body", "body": data, "more_body": True})
        except TimeoutError:
            scope["state"]["abort"]()
            self._end()
            return False
        await asyncio.sleep(0)  # others are served in between
        return len(update.calls) == MOST_CALLS
