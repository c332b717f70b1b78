"""A phone system as an ASGI application: it wakes the simulation when something is due, and lets faults strike.

One rule: it decides nothing; it carries requests to the phone system and answers back. Call events are sent while it
runs.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from callstate.sandbox.event_stream import EventStream
from callstate.sandbox.phone_system import PhoneSystem
from callstate.voipnow.http import Application, HttpRequest, HttpResponse, Receive, Scope, Send


class SandboxApplication:
    """The ASGI application.

    The server may put two functions into the state of a scope: `drop` closes the connection instead of an answer,
    `abort` closes it whatever is still to be sent.
    """

    def __init__(self, system: PhoneSystem) -> None:
        self._system = system
        self._timer: asyncio.TimerHandle | None = None
        self._lifespan = Application(lambda request: system.answer(request).response)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as the ASGI specification says."""
        if scope["type"] == "lifespan":
            with self._system.sending():
                self._wake()
                await self._lifespan(scope, receive, send)
            return self._rest()
        journey = _Journey(self._system, scope, receive, send)
        await Application(journey.answer, unasked=self._system.unanswered)(scope, receive, journey.send)
        return self._sleep()

    # Time ----------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._system.wake()
        self._sleep()

    def _sleep(self) -> None:
        self._rest()
        wait = self._system.wait()
        if wait is not None:
            self._timer = asyncio.get_running_loop().call_later(wait, self._wake)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class _Journey:
    """One request and its answer, which may come late or never, or go on."""

    def __init__(self, system: PhoneSystem, scope: Scope, receive: Receive, send: Send) -> None:
        self._system = system
        self._scope = scope
        self._receive = receive
        self._send = send
        self._delay = 0.0
        self._drop = False
        self._streams = False

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer, and remember how the answer travels."""
        response, self._delay, self._drop, self._streams = self._system.answer(request)
        return response

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send the answer on, late if a fault says so, or close the connection instead."""
        if self._delay:
            delay, self._delay = self._delay, 0.0
            await asyncio.sleep(delay)
        if self._drop:
            self._scope["state"]["drop"]()
        elif self._streams and message["type"] == "http.response.body":
            await self._send({**message, "more_body": True})
            await EventStream(self._system).run(self._scope, self._receive, self._send)
        else:
            await self._send(message)
