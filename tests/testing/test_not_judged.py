"""The judge passes nothing that it could not judge: it says in one line why not."""

from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import NoReturn

import pytest
from hypothesis import settings

from callstate import Action, PhoneCall
from callstate.domain import Create
from callstate.testing import CoreSubject, HttpSubject, NotJudgedError, Subject, Unable, check_implementation
from callstate.testing.http_subject import Answer
from callstate.testing.stateful import DEFAULTS
from callstate.testing.subjects import START

SHORT = settings(DEFAULTS, max_examples=5, derandomize=True, database=None)


class StartsNothing(CoreSubject):
    def start(self, new: Create | PhoneCall, *, at: datetime) -> NoReturn:
        raise Unable(new, at)


class TakesNothing(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> NoReturn:
        raise Unable(action, at)


@pytest.mark.parametrize("subject", [StartsNothing, TakesNothing])
def test_a_subject_that_is_able_to_do_nothing_does_not_pass(subject: Callable[[], Subject]) -> None:
    with pytest.raises(NotJudgedError, match=r"the subject was not able to do any of \d+ steps"):
        check_implementation(subject, settings=SHORT)


ANSWERS: dict[str, tuple[int, bytes, str]] = {
    "a page of a proxy": (500, b"<h1>Internal Server Error</h1>", "is answered 500 b'<h1>Internal Server Error</h1>'"),
    "a token that is not known": (401, b'{"error":{"code":"access_denied"}}', "is refused, access_denied"),
    "nothing": (404, b"", "is answered 404 b''"),
    "another framework": (404, b'{"detail":"Not Found"}', """is answered 404 b'{"detail":"Not Found"}'"""),
    "success without a call": (200, b'{"now":"2000-01-01T00:00:00Z"}', "is answered 200 b'"),
    "no text": (500, b"\xff" * 99, r"is answered 500 b'\xff"),
}


@pytest.fixture(params=list(ANSWERS))
def stranger(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Serve the same answer to all requests; give the address, and what the judge has to say."""
    status, body, sentence = ANSWERS[request.param]

    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", sentence
        server.shutdown()
        thread.join()


def test_what_is_no_service_is_told_in_one_line(stranger: tuple[str, str]) -> None:
    address, sentence = stranger
    with pytest.raises(NotJudgedError) as told:
        check_implementation(lambda: HttpSubject(address, "token"), settings=SHORT)
    message = str(told.value)
    assert message.startswith("no call is created: ")
    assert sentence in message
    assert "\n" not in message
    assert not getattr(told.value, "__notes__", ())


def test_a_service_that_cannot_be_reached_is_told() -> None:
    with pytest.raises(NotJudgedError, match=r"http://127\.0\.0\.1:1 cannot be reached"):
        HttpSubject("http://127.0.0.1:1", "token").advance(at=START)


def test_a_service_without_a_clock_is_told() -> None:
    class NoDate(HttpSubject):
        def _send(self, method: str, path: str, body: object) -> Answer:
            return Answer(f"{method} {path}", 404, b"", None if body else "")

    with pytest.raises(NotJudgedError, match="POST /sandbox/clock is answered without a Date"):
        NoDate("http://127.0.0.1:1", "token").advance(at=START)
