"""Exchanges over HTTP as lines of a trace, and HAR files, which are many of them."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from callstate.cli import main
from callstate.conformance import judge_lines, record_listing
from callstate.recording import UnreadableHarError, trace_of_har
from callstate.recording.traffic import HttpExchange, lines_of, numbered
from tests.calls import ALICE, BOB, CALL, at, connected, held

Json = Any  # JSON
Printed = pytest.CaptureFixture[str]
CALLS = "/uapi/phoneCalls/@me"
ONE = f"{CALLS}/{ALICE}/{CALL}"
LISTED = json.loads(record_listing(connected(), at=at(10)))["listed"]
HELD = json.loads(record_listing(held(), at=at(10)))["listed"]
HOLD = {"action": "OnHold", "phoneCallViewId": "00"}
REFUSED = {"error": {"code": "pc_wrong_state", "message": "no"}}


def told(method: str, target: str, body: Json = None, status: int | None = 202, answer: Json = None) -> list[Json]:
    """Return the lines of an exchange, without their time; bytes are sent as they are."""
    sent, got = (each if isinstance(each, bytes) else json.dumps(each, indent=2).encode() for each in (body, answer))
    lines = [
        json.loads(numbered(line, 7)) for line in lines_of(HttpExchange(at(20), method, target, sent, status, got))
    ]
    assert all(datetime.fromisoformat(line.pop("at")) == at(20) for line in lines)
    return lines


def line(**fields: Json) -> Json:
    return {"seq": 7, "call": CALL, **fields}


# One exchange ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer", "reply"),
    [
        (202, {"id": CALL}, {"answer": {"status": 202}}),
        (400, REFUSED, {"answer": {"status": 400, "error": "pc_wrong_state"}}),
        (400, {"error": "pc_wrong_state"}, {"answer": {"status": 400, "error": "pc_wrong_state"}}),
        (404, b"<html>", {"answer": {"status": 404}}),
        (504, {"error": {}}, {"answer": {"status": 504}}),
        (None, b"", {}),
    ],
)
def test_an_action_has_a_line_with_its_answer(status: int | None, answer: Json, reply: Json) -> None:
    (found,) = told("PUT", ONE, HOLD, status, answer)
    assert found == line(request=HOLD, extension=ALICE, **reply)


@pytest.mark.parametrize(
    "target", [f"https://pbx.example{ONE}", f"//api{ONE}/", f"/v1/unifiedapi/phoneCall/@me/@self/{CALL}"]
)
def test_the_path_may_stand_anywhere(target: str) -> None:
    (found,) = told("PUT", target, HOLD)
    assert found["call"] == CALL


def test_a_body_that_is_no_object_is_written_as_text() -> None:
    assert told("PUT", ONE, b"{")[0]["request"] == "{"
    assert told("PUT", ONE, b"\xff")[0]["request"] == "\\xff"


def test_short_numbers_are_written_in_full_if_the_client_is_known() -> None:
    body = HOLD | {"sendCallTo": "211", "transferNumber": "3334444", "callerId": "211"}
    assert told("PUT", ONE, body)[0]["request"] == body | {"sendCallTo": "0003*211"}
    assert told("PUT", f"{CALLS}/@self/{CALL}", body)[0]["request"] == body


def test_a_hang_up_is_an_action_of_the_trace() -> None:
    (found,) = told("DELETE", f"{ONE}?phoneNumber=211", None, 200, [{"id": CALL}])
    request = {"action": "HangUp", "phoneNumber": "0003*211"}
    assert found == line(request=request, extension=ALICE, answer={"status": 200})
    assert told("DELETE", ONE, None, 200, [])[0]["request"] == {"action": "HangUp"}


@pytest.mark.parametrize("target", [f"{CALLS}/{ALICE}", ONE, f"{CALLS}/{ALICE}?count=5"])
def test_each_call_that_is_listed_has_a_line(target: str) -> None:
    other = LISTED | {"id": "other"}
    found = told("GET", target, None, 200, {"entry": [LISTED, other]})
    assert found == [line(listed=LISTED), line(listed=other) | {"call": "other"}]


def test_a_create_has_the_numbers_of_its_request_and_the_owner_of_its_answer() -> None:
    body = {"extension": "@self", "nonce": "1", "phoneCallView": [{"source": "210", "destination": ["024", 333]}]}
    made = LISTED | {"ownerId": "3", "ownerName": "Company"}
    target = f"{CALLS}/simple?waitForPickup=9&allowPublicTransfer=1&x=1&callDuration="
    (found,) = told("POST", target, body, 200, [made])
    assert found == line(
        create={
            "kind": "simple",
            "extension": ALICE,
            "ownerId": "3",
            "ownerName": "Company",
            "source": [ALICE],
            "destination": ["0003*024", "0003*333"],
            "nonce": "1",
            "waitForPickup": "9",
            "allowPublicTransfer": True,
        },
        answer={"status": 200, "listed": made},
    )


def test_a_create_that_is_refused_gets_an_id_of_its_own() -> None:
    body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [ALICE]}]}
    (found,) = told("POST", f"{CALLS}/simple", body, 400, {"error": {"code": "pc_destination_invalid"}})
    assert found["call"] == "refused7"
    assert found["answer"] == {"status": 400, "error": "pc_destination_invalid"}


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "answer"),
    [
        ("GET", "/other", None, 200, {"entry": [LISTED]}),
        ("GET", f"{CALLS}/{ALICE}?fields=id", None, 200, {"entry": [{"id": CALL}]}),
        ("GET", f"{CALLS}/{ALICE}", None, 401, REFUSED),
        ("GET", f"{CALLS}/{ALICE}", None, 200, b"<html>"),
        ("GET", f"{CALLS}/{ALICE}", None, 200, {"entry": [5]}),
        ("PUT", f"{CALLS}/{ALICE}", HOLD, 202, []),
        ("DELETE", f"{CALLS}/{ALICE}", None, 200, []),
        ("POST", f"{CALLS}/other", {}, 200, []),
        ("POST", f"{CALLS}/simple", {}, 200, [LISTED]),
        ("POST", f"{CALLS}/simple", {"phoneCallView": [{}]}, 504, b""),
        ("POST", f"{CALLS}/simple", {"phoneCallView": [{}]}, None, b""),
        ("POST", f"{CALLS}/simple", {"phoneCallView": [{}]}, 200, {}),
        ("PATCH", ONE, HOLD, 405, REFUSED),
    ],
)  # fmt: skip
def test_what_tells_too_little_has_no_line(method: str, target: str, body: Json, status: int, answer: Json) -> None:
    assert told(method, target, body, status, answer) == []


# HAR ------------------------------------------------------------------------------------------------------------------


def entry(seconds: float, asked: str, status: int, answer: str, body: str | None = None) -> Json:
    sent = {} if body is None else {"postData": {"mimeType": "application/json", "text": body}}
    method, target = asked.split()
    return {
        "startedDateTime": at(seconds).isoformat(),
        "time": 1500.0,
        "request": {"method": method, "url": f"https://pbx.example{target}", "headers": []} | sent,
        "response": {"status": status, "content": {"size": len(answer), "text": answer}},
    }


ENTRIES = [
    entry(30, f"GET {ONE}", 200, json.dumps({"entry": [LISTED]})),
    entry(20, f"GET {ONE}", 200, json.dumps({"entry": [HELD]}, indent=1)),
    entry(22, "GET /logo.png", 200, ""),
    entry(31, f"PUT {ONE}", 400, json.dumps(REFUSED), json.dumps(HOLD)),
    entry(32, f"PUT {ONE}", 0, "", json.dumps(HOLD)),
]


def har(*entries: Json) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def test_a_har_file_becomes_a_trace_in_the_order_of_the_answers() -> None:
    lines = list(trace_of_har(har(*ENTRIES)))
    assert all(found.endswith(b"}\n") and found.count(b"\n") == 1 for found in lines)
    found = [json.loads(one) for one in lines]
    assert [datetime.fromisoformat(one["at"]) for one in found] == [at(21.5), at(31.5), at(32.5), at(33.5)]
    assert [one["seq"] for one in found] == [1, 2, 3, 4]
    assert [one.get("begins") for one in found] == [True, True, None, None]
    assert [one.get("answer") for one in found[2:]] == [{"status": 400, "error": "pc_wrong_state"}, None]


def test_each_call_begins_again_with_its_listing() -> None:
    """What has happened between two listings is not in the file; the answers to what is asked in between are judged."""
    verdict = judge_lines(trace_of_har(har(*ENTRIES)))
    assert [(found.asked, found.at) for found in verdict.divergences] == [("OnHold", at(32.5))]
    again = judge_lines(trace_of_har(har(*ENTRIES, entry(40, f"GET {ONE}", 200, json.dumps({"entry": [LISTED]})))))
    assert (again.tally["skipped"], again.tally["listings"]) == (1, 3)


def test_an_answer_may_be_encoded() -> None:
    coded = entry(20, f"GET {ONE}", 200, base64.b64encode(json.dumps({"entry": [LISTED]}).encode()).decode())
    coded["response"]["content"]["encoding"] = "base64"
    (found,) = trace_of_har(har(coded))
    assert json.loads(found)["listed"] == LISTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"log":' * 100_000,
        har({"request": 5}),
        har(ENTRIES[0] | {"time": 1e300}),
        har(ENTRIES[0] | {"response": {"status": 200, "content": {"text": "x", "encoding": "base64"}}}),
    ],
)
def test_what_is_no_har_file_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableHarError):
        list(trace_of_har(data))


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_trace_that_can_be_checked(tmp_path: Path, capsys: Printed) -> None:
    recording, trace = tmp_path / "recording.har", tmp_path / "trace.jsonl"
    recording.write_bytes(b"\xef\xbb\xbf" + har(*ENTRIES))
    assert main(["trace", "--from-har", str(recording)]) == 0
    trace.write_text(capsys.readouterr().out, "utf-8")
    assert main(["check", str(trace)]) == 1
    assert capsys.readouterr().out.startswith(f"{trace}, line 3: call {CALL}: OnHold on view 00\n")


@pytest.mark.parametrize(
    ("data", "reason"), [(b"{}", "is not a HAR file: "), (har(ENTRIES[2]), "has no PhoneCalls request")]
)
def test_a_file_without_a_trace_ends_with_2(
    data: bytes, reason: str, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a long name would be shortened in the message
    recording = Path("recording.har")
    recording.write_bytes(data)
    assert main(["trace", "--from-har", str(recording)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"callstate: {str(recording)!r} {reason}")


def test_whoever_is_named_in_a_recording_stays_himself() -> None:
    (found,) = told("PUT", f"{CALLS}/{BOB}/{CALL}", HOLD)
    assert found["extension"] == BOB
