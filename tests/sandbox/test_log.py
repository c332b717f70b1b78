"""Lines for people: what was asked by whom, and what came of it, in one line without secrets."""

from collections.abc import Mapping

import pytest

from callstate.sandbox.faults import Fault
from callstate.sandbox.log import Style, Told, request_line
from callstate.sandbox.request_summary import read
from callstate.voipnow.http import HttpRequest, HttpResponse, json_response, problem
from tests.sandbox.running import AT

PATH = "/uapi/phoneCalls/@me/0003*210/c0ffee"


def told(method: str, target: str, response: HttpResponse, body: bytes = b"") -> Told:
    request = HttpRequest(method=method, target=target, body=body)
    return Told(AT, "12", read(request), request, response)


@pytest.mark.parametrize(("status", "colour"), [(202, "\x1b[32m"), (400, "\x1b[33m"), (503, "\x1b[31m")])
def test_the_status_is_coloured_by_its_class(status: int, colour: str) -> None:
    line = request_line(told("GET", PATH, json_response(status, b"{}")), Style(colour=True))
    assert line == f"{AT:%H:%M:%S} 12       GET {PATH} {colour}{status}\x1b[0m"


def test_a_refusal_tells_the_action_the_code_and_the_reason() -> None:
    body = b'{"action": "PickUp"}'
    line = request_line(told("PUT", PATH, problem(400, "pc_wrong_state", "It must ring."), body), Style())
    assert line.endswith(f"PUT {PATH} PickUp 400 pc_wrong_state  It must ring.")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?count=5&accessRequestToken=secret", "?count=5&accessRequestToken=***"),
        ("?phoneNumber=%2B40215550100", "?phoneNumber=+40215550100"),
        ("?fields=id,extension&filterValue=a%0Ab", "?fields=id,extension&filterValue=a%0Ab"),
    ],
)
def test_the_query_is_shown_with_its_secrets_masked(query: str, shown: str) -> None:
    line = request_line(told("GET", PATH + query, json_response(200, b"{}")), Style())
    assert line.endswith(f"GET {PATH}{shown} 200")


def test_what_is_sent_writes_no_lines_of_its_own() -> None:
    body = '{"action": "\\u001b[2J\\n\u202e"}'.encode()
    line = request_line(told("PUT", PATH, problem(400, "x", "a\nb"), body), Style(verbose=True))
    assert line.isprintable()
    assert line.isascii()


def test_bodies_are_shown_in_part_if_they_are_long() -> None:
    line = request_line(told("PUT", PATH, json_response(202, b""), b"[" * 1000), Style(verbose=True))
    assert line.endswith(f"  asked {'[' * 500}\\u2026  answered nothing")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 503}, None),
        ({"drop": "answer"}, "fault: answer dropped"),
        ({"drop": "request", "delay": 2.5}, "fault: request dropped  fault: 2.5 s late"),
    ],
)
def test_a_fault_is_told(fault: Mapping[str, object], words: str | None) -> None:
    assert Fault(**fault).words == words  # type: ignore[arg-type]  # the fields of a fault


def test_the_answer_to_head_tells_no_reason() -> None:
    response = HttpResponse(status=404, headers=(), body=b"")
    assert request_line(told("HEAD", PATH, response), Style()).endswith(f"HEAD {PATH} 404")
