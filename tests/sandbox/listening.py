"""A subscriber to call events: an HTTP server that keeps what it hears, and answers as its path says."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import trustme

SECONDS = 20
"""How long a test waits for what has to come."""


class Heard(NamedTuple):
    """A request that came: its path, and its parameters whether they were in the query or in a form."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


class Listener:
    """What was heard so far. `react` is called before an answer; one to `/slow` waits until `release` is set."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.heard: list[Heard] = []
        self.release = threading.Event()
        self.react: Callable[[Heard], None] = lambda _heard: None
        self._came = threading.Condition()

    def hear(self, heard: Heard) -> None:
        with self._came:
            self.heard.append(heard)
            self._came.notify_all()

    def wait_for(self, done: Callable[[], bool]) -> None:
        """Wait until something holds of what was heard."""
        with self._came:
            assert self._came.wait_for(done, SECONDS), self.heard

    def of(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            url = urlsplit(self.path)
            found = dict(parse_qsl(body or url.query, keep_blank_values=True, strict_parsing=True))
            heard = Heard(self.command, url.path, found, dict(self.headers))
            listener.hear(heard)
            listener.react(heard)
            self._answer(url.path.rpartition("/")[2])

        do_POST = do_GET  # noqa: N815  # the name by which http.server calls it

        def _answer(self, how: str) -> None:
            if how == "slow":
                listener.release.wait(SECONDS)
            if how == "nothing":
                return
            self.send_response({"500": 500, "redirect": 302}.get(how, 200))
            if how == "redirect":
                self.send_header("Location", f"{listener.url}/redirected")
            self.send_header("Content-Length", "1000" if how == "half" else "2")
            self.end_headers()
            self.wfile.write(b"OK")

        def log_message(self, *_: object) -> None: ...

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Take it that a client has left before its answer."""


@contextmanager
def listening(certificate: trustme.LeafCert | None = None) -> Iterator[Listener]:
    with _Server(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        listener = Listener(server.server_address[1])
        server.RequestHandlerClass = _handler(listener)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield listener
        finally:
            listener.release.set()
            server.shutdown()
            thread.join()
