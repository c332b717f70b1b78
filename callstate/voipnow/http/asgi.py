"""Any service of HTTP without a socket as an ASGI application, for any server of that kind.

One rule: a request is read whole before it is answered, and answered without awaiting anything; so no other request
comes in between. This module knows nothing of calls.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from msgspec.structs import replace

from callstate.voipnow.http.messages import BODY_LIMIT, HttpRequest, HttpResponse, problem

# Any: as the ASGI specification has it.
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 30
"""How long a body may take to come."""


class _GoneError(Exception):
    """The client has left before its request was whole."""


class Application:
    """An ASGI application that answers each request by calling `answer`, for example that of a `Host`.

    `unasked` is called with a request that never got its body, and with the answer that was given without asking.
    """

    def __init__(
        self,
        answer: Callable[[HttpRequest], HttpResponse],
        *,
        body_seconds: float = BODY_SECONDS,
        unasked: Callable[[HttpRequest, HttpResponse], None] = lambda _request, _response: None,
    ) -> None:
        self._answer = answer
        self._body_seconds = body_seconds
        self._unasked = unasked

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
        request = request_of(scope)
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await _body(receive)
        except _GoneError:
            return
        except TimeoutError:
            text = f"The body did not come within {self._body_seconds:g} seconds."
            await self._give_up(request, problem(408, "request_timeout", text), send)
        except asyncio.CancelledError:  # the server stops, and has waited for as long as it would
            await self._give_up(request, problem(503, "stopping", "The service stops."), send)
        else:
            await self._reply(replace(request, body=body), send)

    async def _reply(self, request: HttpRequest, send: Send) -> None:
        try:
            response = self._answer(request)
        except Exception:
            await _send(problem(500, "internal_server_error", "The server has failed; its log has the cause."), send)
            raise
        await _send(response, send)

    async def _give_up(self, request: HttpRequest, response: HttpResponse, send: Send) -> None:
        self._unasked(request, response)
        # The rest of the body may still come, so nothing else can be asked on this connection.
        await _send(replace(response, headers=(*response.headers, ("Connection", "close"))), send)


async def _live(receive: Receive, send: Send) -> None:
    """Take part in the server's start and stop, with nothing to do."""
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})


def request_of(scope: Scope) -> HttpRequest:
    """Read all of a request but its body."""
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    root = scope.get("root_path", "")
    host = next((value for name, value in headers if name == "host"), _address(scope))
    return HttpRequest(
        method=scope["method"],
        target=(path + query).decode("utf-8", "replace").removeprefix(root),
        headers=headers,
        base=f"{scope.get('scheme', 'http')}://{host}{root}",
    )


def _address(scope: Scope) -> str:
    """Return the server's own address; a client that sends no Host header does not say by which name it knows it."""
    host, port = scope.get("server") or ("localhost", None)
    if port is None:  # a socket of this machine alone
        return "localhost"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _body(receive: Receive) -> bytes:
    """Read a body to its end, since a client that still sends reads no answer; keep enough to see if it is too long."""
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


# Names of headers -----------------------------------------------------------------------------------------------------

_SPELLED: Mapping[bytes, bytes] = {b"etag": b"ETag", b"www-authenticate": b"WWW-Authenticate"}


def capitalized(application: Asgi) -> Asgi:
    """Wrap an application so that the names of its headers are written as in `Content-Type`.

    ASGI wants them in lower case. A server of HTTP/1.1 sends them as it gets them, and some clients compare them
    without regard to that rule; so the outermost application of such a server is wrapped, outside of all middleware.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def spelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(_SPELLED.get(name, name.title()), value) for name, value in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        await application(scope, receive, spelled)

    return serve
