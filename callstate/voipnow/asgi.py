"""Any service of HTTP without a socket as an ASGI application, for any server of that kind.

One rule: a request is read whole before it is answered, and answered without awaiting anything; so nobody's request
comes in between. This module knows nothing of calls.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from callstate.voipnow.http import BODY_LIMIT, HttpRequest, HttpResponse, problem

# Any: as the ASGI specification has it.
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

BODY_SECONDS = 30
"""How long a body may take to come."""


class _GoneError(Exception):
    """The client has left before its request was whole."""


class Application:
    """An ASGI application that answers each request by calling `answer`, for example that of a `Host`."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse], *, body_seconds: float = BODY_SECONDS) -> None:
        self._answer = answer
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what the ASGI specification calls a connection."""
        match scope["type"]:
            case "http":
                await self._serve(scope, receive, send)
            case "lifespan":
                await _live(receive, send)
            case other:
                raise NotImplementedError(f"only http is served, not {other}")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await _request(scope, receive, self._body_seconds)
            await _send(self._answer(request), send)
        except _GoneError:
            return
        except TimeoutError:
            text = f"The body did not come within {self._body_seconds:g} seconds."
            await _send(problem(408, "request_timeout", text), send)
        except Exception:
            await _send(problem(500, "internal_server_error", "It is our fault; the server's log has the cause."), send)
            raise


async def _live(receive: Receive, send: Send) -> None:
    """Take part in the server's start and stop, with nothing to do."""
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})


async def _request(scope: Scope, receive: Receive, seconds: float) -> HttpRequest:
    async with asyncio.timeout(seconds):
        body = await _body(receive)
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    root = scope.get("root_path", "")
    host = next((value for name, value in headers if name == "host"), "")
    return HttpRequest(
        method=scope["method"],
        target=(path + query).decode("utf-8", "replace").removeprefix(root),
        headers=headers,
        body=body,
        base=f"{scope.get('scheme', 'http')}://{host}{root}",
    )


async def _body(receive: Receive) -> bytes:
    """Read a body to its end, for who is still sending hears no answer; keep just enough to see that it is too long."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message.get("body", b"")[: BODY_LIMIT + 1 - len(body)]
        more = message.get("more_body", False)
    return bytes(body)


async def _send(response: HttpResponse, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
