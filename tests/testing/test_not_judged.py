"""The judge passes nothing that it could not judge: it says in one line why not."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

import httpx
import pytest
from hypothesis import settings

from callstate import Action, PhoneCall
from callstate.domain import Create
from callstate.testing import (
    CallMachine,
    CoreSubject,
    HttpSubject,
    NotJudgedError,
    Subject,
    Unable,
    check_implementation,
    client_credentials,
)
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


def service(status: int, body: bytes, headers: dict[str, str] | None = None) -> Callable[[], HttpSubject]:
    """Return what makes a subject of a service that answers all requests alike."""
    dated = {"Date": "Sat, 01 Jan 2000 00:00:00 GMT"} if headers is None else headers
    answer = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=dated))
    return lambda: HttpSubject("http://pbx.example", "token", transport=answer)


PAGE = b"<h1>Internal Server Error</h1>" + b"." * 300
SENTENCES: dict[str, tuple[int, bytes, str]] = {
    "a page of a proxy": (500, PAGE, f"is answered 500 {PAGE[:200]!r}, which the PhoneCalls API does not have"),
    "a refusal": (400, b'{"error":{"code":"pc_no"}}', """is answered 400 b'{"error":{"code":"pc_no"}}'"""),
    "nothing": (404, b"", "is answered 404 without a body, which"),
    "another framework": (404, b'{"detail":"Not Found"}', """is answered 404 b'{"detail":"Not Found"}', which"""),
    "another shape of errors": (403, b'{"error":"no"}', """is answered 403 b'{"error":"no"}', which"""),
    "no text": (500, b"\xff" * 99, r"is answered 500 b'\xff"),
}


@pytest.mark.parametrize("answer", SENTENCES.values(), ids=list(SENTENCES))
def test_what_is_no_service_is_told_in_one_line(answer: tuple[int, bytes, str]) -> None:
    status, body, sentence = answer
    with pytest.raises(NotJudgedError) as told:
        check_implementation(service(status, body), settings=SHORT)
    message = str(told.value)
    assert message.startswith("the subject was not able to do any of ")
    assert "no call is created: POST http://pbx.example/uapi/phoneCalls/@me/simple?" in message
    assert sentence in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, b"", "the token was refused: POST http://pbx.example/sandbox/clock is answered 401 without a body"),
        (200, b"", "POST http://pbx.example/sandbox/clock is answered 200 without a body, which is not the time"),
        (200, b"{}", "POST http://pbx.example/sandbox/clock is answered 200 b'{}', which is not the time"),
        (200, b'{"now":"noon"}', "which is not the time"),
    ],
)
def test_what_ends_the_judging_is_told_in_one_line(status: int, body: bytes, sentence: str) -> None:
    with pytest.raises(NotJudgedError, match=re.escape(sentence)):
        check_implementation(service(status, body), settings=SHORT)


def test_a_service_without_a_clock_is_told() -> None:
    with pytest.raises(NotJudgedError, match=r"POST http://pbx\.example/sandbox/clock is answered without a Date"):
        service(404, b"", {})().advance(at=START)


def test_a_service_that_cannot_be_reached_is_told() -> None:
    with pytest.raises(NotJudgedError, match=r"http://127\.0\.0\.1:1 cannot be reached"):
        HttpSubject("http://127.0.0.1:1", "token").advance(at=START)
    with pytest.raises(NotJudgedError, match=r"http://127\.0\.0\.1:1 cannot be reached"):
        client_credentials("http://127.0.0.1:1", "12", "secret")()


def test_a_machine_without_a_subject_says_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"make a subclass of CallMachine with an __init__ that calls"):
        CallMachine()
