"""The same judge passes all that is right: the core, a copy behind JSON, another implementation, and a real service."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode
from urllib.request import urlopen

import msgspec
import pytest
from hypothesis import settings
from msgspec.structs import replace

from callstate import LENIENT, STRICT, Answered, CreateSimple, Disposition, HangUp, HungUp, OnHold, Park
from callstate.domain import Numbering
from callstate.engine import Rules
from callstate.testing import CoreSubject, HttpSubject, NotJudgedError, Subject, Unable, check_implementation
from callstate.testing.http_subject import Answer
from callstate.testing.starts import ALICE, BOB, CALLBACK, CONFERENCE, OUTSIDE, PHONES
from callstate.testing.stateful import DEFAULTS
from callstate.testing.subjects import START
from tests.testing.subjects import JsonSubject, OracleSubject

ROOT = Path(__file__).parent.parent.parent
DIRECTORY = ROOT / "docs/examples/judged.toml"
SHORT = settings(DEFAULTS, max_examples=40, derandomize=True, database=None)


@pytest.mark.parametrize("make_subject", [CoreSubject, JsonSubject, OracleSubject])
def test_an_implementation_that_is_right_passes(make_subject: Callable[[], Subject]) -> None:
    check_implementation(make_subject, settings=settings(SHORT, max_examples=150))


DIRECTORY_RULES = replace(LENIENT, numbering=Numbering(numbers=frozenset((*PHONES, CONFERENCE, CALLBACK))))


@pytest.mark.parametrize("subject", [CoreSubject, OracleSubject])
@pytest.mark.parametrize("rules", [LENIENT, STRICT, DIRECTORY_RULES], ids=["lenient", "strict", "directory"])
def test_an_implementation_passes_by_the_same_rules(subject: Callable[..., Subject], rules: Rules) -> None:
    check_implementation(lambda: subject(rules=rules), settings=SHORT, rules=rules)


def token(address: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": "12", "client_secret": "sandbox"}
    with urlopen(f"{address}/oauth/token.php", urlencode(form).encode()) as answer:  # noqa: S310  # our own server
        return str(msgspec.json.decode(answer.read())["access_token"])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the sandbox on a free port, without any call, and give its address."""
    calls = folder / "none.json"
    calls.write_text('{"entry": []}')
    options = ["--port", "0", "--directory", str(DIRECTORY), "--calls", str(calls)]
    command = [sys.executable, "-m", "callstate", "serve", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[2]
        log = Thread(target=process.stdout.read)  # it would stand still if nobody read what it logs
        log.start()
        try:
            yield address
        finally:
            process.terminate()
            log.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


def test_the_service_passes_over_a_socket(service: str) -> None:
    check_implementation(lambda: HttpSubject(service, token(service)), settings=settings(SHORT, max_examples=15))


class Plain(HttpSubject):
    """The same service, as if it were no sandbox: nobody can say who answers, or what time it is."""

    def _send(self, method: str, path: str, body: object) -> Answer:
        return super()._send(method, path.replace("/sandbox/", "/nowhere/"), body)


def test_a_service_without_signals_and_clock_is_judged_by_requests_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        check_implementation(lambda: Plain(address, token(address)), settings=settings(SHORT, max_examples=5))


def test_a_request_that_creates_no_call_is_told(service: str) -> None:
    subject = HttpSubject(service, "no such token")
    with pytest.raises(NotJudgedError, match=r"no call is created: .* is refused, access_denied"):
        subject.start(CreateSimple(call_id="a1", extension=ALICE, source=(ALICE,), destination=(BOB,)), at=START)


def test_what_no_client_can_say_is_not_said(service: str) -> None:
    subject = HttpSubject(service, token(service))
    for action in (
        Park(call_id="a1", view_id="00", position=None, extension=ALICE),
        HangUp(call_id="a1", view_id="00"),
        HangUp(call_id="a1"),
        Park(call_id="a1", view_id="00"),
        OnHold(call_id="a1", view_id="00", extension=OUTSIDE[0]),
    ):
        with pytest.raises(Unable):
            subject.apply(action, at=START)


def test_a_busy_phone_and_all_that_a_request_can_hold(service: str) -> None:
    subject = HttpSubject(service, token(service))
    subject.advance(at=START)
    new = CreateSimple(
        call_id="a1", extension=ALICE, source=(ALICE,), destination=(BOB,), caller_id="A <1>", caller_destination="B",
    )  # fmt: skip
    subject.start(new, at=START)
    assert b'"callerId":"A <1>"' in (subject.look("a1") or b"")
    assert subject.apply(HangUp(call_id="a1", phone_number="999"), at=START) is None
    busy = HungUp(call_id="a1", view_id="00", disposition=Disposition.BUSY)
    assert subject.apply(busy, at=START) is None
    assert subject.look("a1") is None
    subject.start(new, at=START)
    assert subject.apply(HangUp(call_id="a1", extension=ALICE), at=START) is None
    assert subject.look("a1") is None
    subject.close()


def test_a_party_that_is_still_parked_is_hung_up_too(service: str) -> None:
    """A parker who has not answered its ring-back ends only its own views, so the party is hung up by its number."""
    new = CreateSimple(call_id="a1", extension=BOB, source=OUTSIDE[:1], destination=(BOB,))
    for _ in range(2):
        subject = HttpSubject(service, token(service))
        began = subject.advance(at=START)
        subject.start(new, at=began)
        for view_id in ("00", "01"):
            assert subject.apply(Answered(call_id="a1", view_id=view_id), at=began) is None
        assert subject.apply(Park(call_id="a1", view_id="01", extension=BOB), at=began) is None
        assert b'"parkedPos":"1"' in (subject.look("a1") or b"")
        subject.advance(at=began + timedelta(seconds=180))
        subject.advance(at=began + timedelta(seconds=230))
        subject.close()
