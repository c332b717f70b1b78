"""A service is judged by what it answers, whatever that is; the answer is shown as it came."""

import re
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import httpx
import pytest

from callstate import Answered, CreateSimple, OnHold
from callstate.testing import (
    Begin,
    Diverged,
    HttpExchange,
    HttpSubject,
    Input,
    NotJudgedError,
    Sandbox,
    Unable,
    client_credentials,
    replay,
)
from callstate.testing.starts import ALICE, BOB
from callstate.testing.subjects import START, UnreadableAnswerError
from callstate.testing.trial import Trial
from tests.testing.test_implementations import DIRECTORY, Changed

Answers: TypeAlias = Callable[[httpx.Request], httpx.Response | str | None]

HOLD = Input(OnHold(call_id="a1", view_id="00"))
TALK = Begin("Alice and Bob talk")
PAGE = b"<h1>Bad Gateway</h1>" * 20
NEW = CreateSimple(call_id="a1", extension=ALICE, source=(ALICE,), destination=(BOB,))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(directory=DIRECTORY) as sandbox:
        yield sandbox


class Instead(Changed):
    """The service, with other answers to what `answers` knows; a request without an answer is dropped."""

    def __init__(self, sandbox: Sandbox, answers: Answers) -> None:
        super().__init__(sandbox)
        self.answers = answers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers(request)
        if answer is None:
            raise httpx.ReadTimeout("timed out", request=request)
        return super().handle_request(request) if isinstance(answer, str) else answer


def subject(sandbox: Sandbox, answers: Answers) -> HttpSubject:
    return HttpSubject("https://pbx.example", sandbox.token("12"), transport=Instead(sandbox, answers))


def diverged(sandbox: Sandbox, answers: Answers) -> Diverged:
    with pytest.raises(Diverged) as caught:
        replay(lambda: subject(sandbox, answers), [TALK, HOLD])
    return caught.value


def to(method: str, answer: httpx.Response | None) -> Answers:
    return lambda request: answer if request.method == method else "as it is"


def test_an_answer_that_cannot_be_understood_is_a_difference(sandbox: Sandbox) -> None:
    found = diverged(sandbox, to("PUT", httpx.Response(502, content=PAGE)))
    assert found.id == "OnHold/answer/accepted/unreadable"
    assert found.reference == "accepted"
    shown = re.escape(repr(PAGE[:200]))
    path = r"/uapi/phoneCalls/@me/@self/\w+"
    assert re.fullmatch(rf"unreadable: PUT https://pbx\.example{path} is answered 502 {shown}", found.subject)


def test_no_answer_is_a_difference(sandbox: Sandbox) -> None:
    found = diverged(sandbox, to("PUT", None))
    assert found.subject.endswith(" is not answered: timed out")


@pytest.mark.parametrize("body", [PAGE, b"", b"[]", b'{"entry":5}', b'{"entry":[5]}'])
def test_a_listing_that_cannot_be_understood_is_a_difference(sandbox: Sandbox, body: bytes) -> None:
    asked = 0

    def answers(request: httpx.Request) -> httpx.Response | str | None:
        nonlocal asked
        asked += request.method == "PUT"
        return httpx.Response(200, content=body) if asked and request.method == "GET" else "as it is"

    found = diverged(sandbox, answers)
    assert found.id == "OnHold/listing/readable/unreadable"
    assert " is answered 200 " in found.subject


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_status_of_success_is_an_acceptance(sandbox: Sandbox, status: int) -> None:
    def answers(request: httpx.Request) -> httpx.Response | str | None:
        if request.method != "PUT":
            return "as it is"
        assert sandbox.transport.handle_request(request).status_code == 202
        return httpx.Response(status)

    replay(lambda: subject(sandbox, answers), [TALK, HOLD])


def test_a_call_that_is_still_listed_is_a_difference(sandbox: Sandbox) -> None:
    answers = to("GET", httpx.Response(200, json={"entry": []}))
    with pytest.raises(Diverged) as caught:
        replay(lambda: subject(sandbox, answers), [TALK])
    assert caught.value.id == "Begin/listing/other/none"
    assert "call a1 listing is 'a call'" in caught.value.reference


def test_a_clock_that_gives_no_answer_ends_the_judging(sandbox: Sandbox) -> None:
    answers = to("POST", None)
    with pytest.raises(NotJudgedError, match=r"POST https://pbx\.example/sandbox/clock is not answered: timed out"):
        subject(sandbox, answers).advance(at=START)


@pytest.mark.parametrize("created", [{"id": "c1"}, [{"id": "c1"}], {"id": 7}])
def test_a_call_is_known_by_the_id_of_any_form(sandbox: Sandbox, created: object) -> None:
    service = subject(sandbox, to("POST", httpx.Response(201, json=created)))
    service.start(NEW, at=START)
    service.look("a1")
    assert service.exchanges[-1].path in ("/uapi/phoneCalls/@me/@self/c1", "/uapi/phoneCalls/@me/@self/7")


def test_success_without_a_call_creates_none(sandbox: Sandbox) -> None:
    service = subject(sandbox, to("POST", httpx.Response(200, json=[{}])))
    with pytest.raises(
        Unable, match=r"no call is created: POST .* is answered 200 .*, which the PhoneCalls API does not"
    ):
        service.start(NEW, at=START)


def test_a_call_that_may_not_be_seen_is_not_listed(sandbox: Sandbox) -> None:
    service = subject(sandbox, to("GET", httpx.Response(403, json={"error": {"code": "access_denied"}})))
    service.start(NEW, at=START)
    assert service.look("a1") is None


def test_a_clock_that_runs_is_read_again_after_a_while(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    service = subject(sandbox, lambda _: "as it is")
    trial = Trial(service)
    trial.do(TALK)
    asked = len(service.exchanges)
    trial.do(HOLD)
    assert service.exchanges[asked].method == "PUT"
    asked, later = len(service.exchanges), time.monotonic() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    trial.do(HOLD)
    assert service.exchanges[asked].path == "/sandbox/clock"


def test_exchanges_are_kept_as_they_were_but_for_the_cleaning_up(sandbox: Sandbox) -> None:
    service = subject(sandbox, lambda _: "as it is")
    service.start(NEW, at=START)
    service.apply(Answered(call_id="a1", view_id="00"), at=START)
    service.close()
    create, signal = service.exchanges
    assert (create.method, create.path, create.status) == ("POST", "/uapi/phoneCalls/@me/simple?waitForPickup=25", 200)
    assert (
        create.body == b'{"extension":"0003*210","phoneCallView":[{"source":["0003*210"],"destination":["0003*211"]}]}'
    )
    assert (signal.path, signal.status) == ("/sandbox/signals", 200)


def test_what_happens_while_calls_are_hung_up_is_not_judged(sandbox: Sandbox) -> None:
    gone = False

    def answers(_: httpx.Request) -> httpx.Response | str | None:
        return None if gone else "as it is"

    service = subject(sandbox, answers)
    service.start(NEW, at=START)
    gone = True
    service.close()


def test_a_date_without_an_offset_is_utc() -> None:
    exchange = HttpExchange("GET", "http://x/", "/", None, 404, b"", "Sat, 01 Jan 2000 00:00:00 -0000")
    assert exchange.time == START


def test_an_answer_without_a_code_is_no_refusal() -> None:
    exchange = HttpExchange("PUT", "http://x/", "/", None, 400, b'{"error":{}}', None)
    with pytest.raises(UnreadableAnswerError, match=r"""PUT http://x/ is answered 400 b'\{"error":\{\}\}'"""):
        exchange.refusal  # noqa: B018  # the point


def test_credentials_without_a_token_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    request = httpx.Request("POST", "http://x/oauth/token.php")
    monkeypatch.setattr(httpx, "post", lambda *_, **__: httpx.Response(200, json=["no"], request=request))
    with pytest.raises(NotJudgedError, match=r"POST http://x/oauth/token\.php is answered without an access_token"):
        client_credentials("http://x/", "12", "secret")()
