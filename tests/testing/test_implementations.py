"""The same judge passes all that is right: the core, a copy behind JSON, another implementation, and a real service."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import formatdate
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import settings
from msgspec.structs import replace

from callstate import LENIENT, STRICT, Answered, CreateSimple, Disposition, HangUp, HungUp, OnHold, Park
from callstate.domain import Numbering
from callstate.engine import Rules
from callstate.testing import (
    CoreSubject,
    HttpSubject,
    NotJudgedError,
    Sandbox,
    Subject,
    Unable,
    check_implementation,
    client_credentials,
)
from callstate.testing.starts import ALICE, BOB, CALLBACK, CONFERENCE, OUTSIDE, PHONES
from callstate.testing.stateful import DEFAULTS
from callstate.testing.subjects import START, UNTOLD
from tests.testing.subjects import JsonSubject, OracleSubject

DIRECTORY = (Path(__file__).parent.parent.parent / "docs/examples/judged.toml").read_text("utf-8")
SHORT = settings(DEFAULTS, max_examples=40, derandomize=True, database=None)


@pytest.mark.parametrize("make_subject", [CoreSubject, JsonSubject, OracleSubject])
def test_an_implementation_that_is_right_passes(make_subject: Callable[[], Subject]) -> None:
    check_implementation(make_subject, settings=settings(SHORT, max_examples=150))


DIRECTORY_RULES = replace(LENIENT, numbering=Numbering(numbers=frozenset((*PHONES, CONFERENCE, CALLBACK))))


@pytest.mark.parametrize("subject", [CoreSubject, OracleSubject])
@pytest.mark.parametrize("rules", [LENIENT, STRICT, DIRECTORY_RULES], ids=["lenient", "strict", "directory"])
def test_an_implementation_passes_by_the_same_rules(subject: Callable[..., Subject], rules: Rules) -> None:
    check_implementation(lambda: subject(rules=rules), settings=SHORT, rules=rules)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(directory=DIRECTORY) as sandbox:
        yield sandbox


def subject_of(sandbox: Sandbox, transport: httpx.BaseTransport | None = None) -> HttpSubject:
    return HttpSubject("https://pbx.example", sandbox.token("12"), transport=transport or sandbox.transport)


def test_the_service_passes(sandbox: Sandbox) -> None:
    told = check_implementation(lambda: subject_of(sandbox), settings=settings(SHORT, max_examples=15))
    assert told.trials == 15
    assert told.inputs["OnHold"] > 0
    assert told.starts["Alice and Bob talk"] > 0
    assert any(reason.endswith("a service makes its calls itself") for reason in told.left_out)


def test_the_service_passes_over_a_socket(sandbox: Sandbox) -> None:
    token = client_credentials(sandbox.url, "12", "sandbox")
    check_implementation(lambda: HttpSubject(sandbox.url, token), settings=settings(SHORT, max_examples=3))


class Changed(httpx.BaseTransport):
    """The service, with what it is asked and what it answers changed on the way."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.sandbox.transport.handle_request(request)


class NoSandbox(Changed):
    """The same service, as if it were no sandbox: nobody can say who answers, or what time it is."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/sandbox/"):
            return httpx.Response(405, headers={"Date": formatdate()}, content=b"<h1>Not Allowed</h1>")
        return super().handle_request(request)


def test_a_service_without_signals_and_clock_is_judged_by_requests_alone(sandbox: Sandbox) -> None:
    transport = NoSandbox(sandbox)
    told = check_implementation(lambda: subject_of(sandbox, transport), settings=settings(SHORT, max_examples=5))
    assert told.left_out["Answered: POST /sandbox/signals is answered 405"] > 0


class OtherViews(Changed):
    """A service that numbers its views from 70 on, and lists the last one first."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = msgspec.json.decode(request.content) if request.content else {}
        for name in ("phoneCallViewId", "viewId"):
            if name in asked:
                asked[name] = f"{int(asked[name]) - 70:02d}"
        url, content = request.url, msgspec.json.encode(asked)
        answer = super().handle_request(
            httpx.Request(request.method, url, headers=self.headers(request), content=content)
        )
        if request.method != "GET" or answer.status_code != 200:
            return answer
        listed = answer.json()
        for call in listed["entry"]:
            views = [{**view, "id": str(int(view["id"]) + 70)} for view in call["phoneCallView"]]
            call["phoneCallView"] = views[::-1]
        return httpx.Response(200, json=listed)

    @staticmethod
    def headers(request: httpx.Request) -> dict[str, str]:
        return {name: value for name, value in request.headers.items() if name != "content-length"}


def test_a_service_may_number_its_views_in_its_own_way(sandbox: Sandbox) -> None:
    transport = OtherViews(sandbox)
    told = check_implementation(
        lambda: subject_of(sandbox, transport),
        settings=settings(SHORT, max_examples=30),
        starts=["Alice and Bob talk", "a conference calls Bob and Carol"],
    )
    assert told.inputs["OnHold"] > 20
    assert any("numbers its views in its own way" in reason for reason in told.left_out)


class Expiring(Changed):
    """A service whose tokens are good for ten requests."""

    requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests % 10 == 0:
            self.sandbox.expire_tokens()
        return super().handle_request(request)


def test_a_token_that_expires_is_got_again(sandbox: Sandbox) -> None:
    transport = Expiring(sandbox)
    make_subject = partial(HttpSubject, "https://pbx.example", lambda: sandbox.token("12"), transport=transport)
    check_implementation(make_subject, settings=settings(SHORT, max_examples=3))


def test_a_token_that_is_refused_is_no_difference(sandbox: Sandbox) -> None:
    transport = Expiring(sandbox)
    with pytest.raises(NotJudgedError, match=r"the token was refused: .* is answered 401"):
        check_implementation(lambda: subject_of(sandbox, transport), settings=settings(SHORT, max_examples=3))


def test_what_no_client_can_say_is_not_said(sandbox: Sandbox) -> None:
    subject = subject_of(sandbox)
    for action in (
        Park(call_id="a1", view_id="00", position=None, extension=ALICE),
        HangUp(call_id="a1", view_id="00"),
        HangUp(call_id="a1"),
        Park(call_id="a1", view_id="00"),
        OnHold(call_id="a1", view_id="00", extension=OUTSIDE[0]),
    ):
        with pytest.raises(Unable):
            subject.apply(action, at=START)


def test_a_busy_phone_and_all_that_a_request_can_hold(sandbox: Sandbox) -> None:
    subject = subject_of(sandbox)
    subject.advance(at=START)
    new = CreateSimple(
        call_id="a1", extension=ALICE, source=(ALICE,), destination=(BOB,), caller_id="A <1>", caller_destination="B",
    )  # fmt: skip
    subject.start(new, at=START)
    assert b'"callerId":"A <1>"' in (subject.look("a1") or b"")
    assert subject.apply(HangUp(call_id="a1", phone_number="999"), at=START) is None
    busy = HungUp(call_id="a1", view_id="00", disposition=Disposition.BUSY)
    assert subject.apply(busy, at=START) is UNTOLD
    assert subject.look("a1") is None
    subject.start(new, at=START)
    assert subject.apply(HangUp(call_id="a1", extension=ALICE), at=START) is None
    assert subject.look("a1") is None
    subject.close()


def test_a_party_that_is_still_parked_is_hung_up_too(sandbox: Sandbox) -> None:
    """A parker who has not answered its ring-back ends only its own views, so the party is hung up by its number."""
    new = CreateSimple(call_id="a1", extension=BOB, source=OUTSIDE[:1], destination=(BOB,))
    for _ in range(2):
        subject = subject_of(sandbox)
        began = subject.advance(at=START)
        subject.start(new, at=began)
        for view_id in ("00", "01"):
            assert subject.apply(Answered(call_id="a1", view_id=view_id), at=began) is UNTOLD
        assert subject.apply(Park(call_id="a1", view_id="01", extension=BOB), at=began) is None
        assert b'"parkedPos":"1"' in (subject.look("a1") or b"")
        subject.advance(at=began + timedelta(seconds=180))
        subject.advance(at=began + timedelta(seconds=230))
        subject.close()
