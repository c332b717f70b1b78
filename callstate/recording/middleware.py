"""A trace of any ASGI application: the requests of the PhoneCalls API that pass by, and their answers.

One rule: what is recorded is not changed, and a trace that cannot be written disturbs nobody. The file and the clock
come from outside.
"""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from callstate.conformance import Line, line_of
from callstate.domain import Signal
from callstate.recording.traffic import HttpExchange, is_about_calls, lines_of, numbered
from callstate.voipnow.http import BODY_LIMIT, Asgi, HttpRequest, Message, Receive, Scope, Send, request_of

REMEMBERED = 10_000
"""So many parked calls are remembered."""

WITH_BODY = ("PUT", "POST")


class TraceWriter:
    """Numbers the lines of a trace and passes each to `write`; `clock` tells the time, as an aware datetime.

    With `signals` all that the network reports is passed to `report`, so that a call can be followed from one listing
    to the next. Without, each call that is listed begins again with its listing. After an `OSError` of `write` nothing
    more is written; `error` has it.
    """

    def __init__(
        self, write: Callable[[bytes], object], clock: Callable[[], datetime], *, signals: bool = False
    ) -> None:
        self.error: OSError | None = None
        self._write = write
        self._clock = clock
        self._signals = signals
        self._parked: dict[str, None] = {}
        self._seq = 0

    def report(self, signal: Signal) -> None:
        """Write down what the network reported."""
        self.line(line_of(signal, at=self._clock()))

    def exchange(self, request: HttpRequest, status: int | None, answer: bytes = b"") -> None:
        """Write down a request that has just been answered, or was not; `status` is None then."""
        told = HttpExchange(self._clock(), request.method, request.target, request.body, status, answer)
        for line in lines_of(told):
            self.line(replace(line, begins=bool(line.listed) and self._begins(line)))

    def _begins(self, line: Line) -> bool:
        """Tell whether a call begins with its listing: also one that is parked, as no answer has the position."""
        return line.call in self._parked or not self._signals

    def _remember(self, line: Line) -> None:
        """Remember that a call is parked until it is listed; of the calls that nobody lists only the last."""
        if line.listed:
            self._parked.pop(line.call, None)
        elif b'"Park"' in bytes(line.request):
            self._parked[line.call] = None
            if len(self._parked) > REMEMBERED:
                del self._parked[next(iter(self._parked))]

    def line(self, line: Line) -> None:
        """Write a line with the next number."""
        self._seq += 1
        self._remember(line)
        if self.error is None:
            try:
                self._write(numbered(line, self._seq))
            except OSError as error:
                self.error = error


class TraceMiddleware:
    """An ASGI application that answers as another one does, and writes down what it is asked about calls.

    A line is written before the answer that it contains is sent. A request is not written down if its body has more
    than 1 MiB, or was not read.
    """

    def __init__(self, app: Asgi, trace: TraceWriter) -> None:
        self._app = app
        self._trace = trace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what the ASGI specification calls a connection."""
        if scope["type"] != "http" or not is_about_calls(scope["path"]):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self._trace, scope, receive, send)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            exchange.end()


class _Exchange:
    """One request on its way in, and its answer on its way out."""

    def __init__(self, trace: TraceWriter, scope: Scope, receive: Receive, send: Send) -> None:
        self._trace = trace
        self._request = request_of(scope)
        self._receive = receive
        self._send = send
        self._body = bytearray()
        self._whole = self._request.method not in WITH_BODY
        self._status: int | None = None
        self._answer = bytearray()
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._body += message.get("body", b"")[: BODY_LIMIT + 1 - len(self._body)]
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._whole = len(self._body) <= BODY_LIMIT
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        else:
            self._answer += message.get("body", b"")
            if not message.get("more_body", False):
                self.end(self._status)
        await self._send(message)

    def end(self, status: int | None = None) -> None:
        """Write the exchange down, once; without a status the answer never came to its end."""
        if self._whole and not self._ended:
            self._trace.exchange(replace(self._request, body=bytes(self._body)), status, bytes(self._answer))
        self._ended = True
