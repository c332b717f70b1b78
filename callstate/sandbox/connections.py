"""One connection of a client: uvicorn's, with limits on what it may hold for how long.

One rule: a client can hold only some of many connections, and an idle one only until another client needs its place.
Data that is not HTTP is logged in one line.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from callstate.sandbox.event_stream import STREAMS

MOST = 500
"""So many connections are open; a new one then closes the one that has been idle the longest."""

HEAD_SECONDS = 15
"""How long a client may take from its connection to the end of its request's head."""

IDLE_SECONDS = 75
"""How long a connection stays open between two requests."""

_TLS = b"\x16\x03"
"""How everything begins that a TLS client sends."""

TLS_SPOKEN = "A client spoke TLS to this port, which serves plain HTTP: use http://, or start the sandbox with --tls."


class Connections:
    """What the connections of one server share: who is idle, the longest first, and where to say what is wrong."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.idle: dict[Connection, None] = {}
        self.say = say
        self.logger: logging.Logger = logging.Logger("callstate.sandbox")  # noqa: LOG001  # of this server alone, so nobody configures it
        self.logger.addHandler(_Lines(say))

    def connect(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> "Connection":
        """Make the protocol of a new connection, in the way in which uvicorn asks for it."""
        return Connection(self, config, server_state, app_state, _loop)


class _Lines(logging.Handler):
    """Says what the server has to tell: a failure with its traceback, all else in a line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(self.format(record))


class _Gathered:
    """A transport that sends the head and the body of an answer in one piece, where uvicorn writes one by one."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send data when the answer is written."""
        if not self._parts:
            self._loop.call_soon(self._send)
        self._parts.append(data)

    def _send(self) -> None:
        self._transport.write(b"".join(self._parts))
        self._parts.clear()

    def close(self) -> None:
        """Send what is left, and close."""
        self._send()
        self._transport.close()


class Connection(H11Protocol):
    """A connection that is closed if it is idle for too long, or when others need its place."""

    def __init__(
        self,
        shared: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "drop": self._drop, "abort": self.make_room}, _loop)
        self._shared = shared
        self.logger: logging.Logger = shared.logger
        self._timer: asyncio.TimerHandle | None = None
        self._is_new = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Wait for the head of a request, in the place of the longest idle connection if there is no other."""
        super().connection_made(_Gathered(transport, self.loop))  # type: ignore[arg-type]  # it stands for one
        if len(self.connections) >= MOST and self._shared.idle:
            next(iter(self._shared.idle)).make_room()
        self._shared.idle[self] = None
        self._timer = self.loop.call_later(HEAD_SECONDS, self.make_room)

    def make_room(self) -> None:
        """Close the connection, without waiting for the client."""
        self._shared.idle.pop(self, None)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        if self._is_new and data.startswith(_TLS):
            self._shared.say(TLS_SPOKEN)
            self.make_room()
            return
        self._is_new = False
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._shared.idle.pop(self, None)
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self.make_room)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._shared.idle[self] = None
        super().on_response_complete()

    def shutdown(self) -> None:
        """Stop after the answer that is being sent, and immediately if it would never end."""
        super().shutdown()
        if not self.transport.is_closing() and STREAMS in self.cycle.scope["state"]:
            self.make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._shared.idle.pop(self, None)
        self._stop_timer()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _drop(self) -> None:
        """Close the connection without an answer."""
        self.cycle.disconnected = True
        self.transport.close()
