"""A transport that carries the requests of an httpx client to a phone system in the same process.

One rule: a client sees what it would see over a socket: answers that come late, time out, or never come.
"""

import asyncio
import time

import httpx

from callstate.sandbox import Delivery, PhoneSystem
from callstate.voipnow.http import HttpRequest


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The transport of a `Sandbox`, for sync and for async clients."""

    def __init__(self, system: PhoneSystem) -> None:
        self._system = system

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a sync client."""
        delivery = self._system.answer(_read(request, request.read()))
        if delivery.delay:  # even a sleep of no time lets other processes go first
            time.sleep(_patience(request, delivery))
        return _answer(request, delivery)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client."""
        delivery = self._system.answer(_read(request, await request.aread()))
        await asyncio.sleep(_patience(request, delivery))
        return _answer(request, delivery)


def _read(request: httpx.Request, body: bytes) -> HttpRequest:
    url = request.url
    return HttpRequest(
        method=request.method,
        target=url.raw_path.decode("ascii"),
        headers=tuple(request.headers.multi_items()),
        body=body,
        base=f"{url.scheme}://{url.netloc.decode('ascii')}",
    )


def _limit(request: httpx.Request) -> float:
    """Return for how many seconds the client waits for an answer."""
    seconds = request.extensions.get("timeout", {}).get("read")
    return float("inf") if seconds is None else seconds


def _patience(request: httpx.Request, delivery: Delivery) -> float:
    return min(delivery.delay, _limit(request))


def _answer(request: httpx.Request, delivery: Delivery) -> httpx.Response:
    if delivery.delay >= _limit(request):
        raise httpx.ReadTimeout("The answer came later than the client waits.", request=request)
    if delivery.drop:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    response = delivery.response
    return httpx.Response(response.status, headers=list(response.headers), content=response.body)
