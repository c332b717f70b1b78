"""The controls of a sandbox: what a test may do, and who may not."""

import time
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from callstate.domain import PhoneCall
from callstate.sandbox.named_states import call_of, named_states
from callstate.testing import Sandbox
from tests.sandbox import states
from tests.sandbox.running import AT, RING, TALK, Running, Start

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
HOLD = {"action": "OnHold", "phoneCallViewId": "01"}
PATH = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}"


def refusal(running: Running, method: str, what: str, body: object = None) -> tuple[int, str, str]:
    answer = httpx.request(method, f"{running.url}/sandbox/{what}", json=body, trust_env=False)
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


# Time -----------------------------------------------------------------------------------------------------------------


def test_a_frozen_clock_stands_until_it_is_moved_or_runs_again(running: Running) -> None:
    frozen = running.control("POST", "clock", frozen=True)
    time.sleep(0.01)
    assert running.control("GET", "clock") == frozen
    assert frozen["frozen"]
    moved = running.control("POST", "clock", advance=60)
    assert datetime.fromisoformat(moved["now"]) - datetime.fromisoformat(frozen["now"]) == timedelta(seconds=60)
    assert not running.control("POST", "clock", frozen=False)["frozen"]


def test_the_clock_goes_to_when_something_happens_by_itself(running: Running) -> None:
    assert running.control("POST", "clock", toNext=True)["nextDue"] is None
    running.control("POST", "clock", frozen=True)
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    due = running.control("GET", "clock")["nextDue"]
    assert due == call["views"][1]["until"]
    assert running.control("POST", "clock", toNext=True)["nextDue"] is None
    assert running.calls()[call["id"]]["views"][1]["ended"] == due


# Calls ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "listed", "charged", "flow"), [("3334444", False, CAROL, 8), (ALICE, True, ALICE, 2)]
)
def test_a_call_comes_in(running: Running, source: str, charged: str, flow: int, *, listed: bool) -> None:
    call = running.control("POST", "calls", source=source, destination=CAROL, callerId="Sales <3334444>")
    assert (call["extension"], call["owner_id"], call["owner_name"]) == (charged, "3", "Default Organization")
    caller, called = call["views"]
    assert (caller["state"], caller["listed"], caller["outside"]) == ("ANSWERED", listed, not listed)
    assert (called["state"], called["listed"], called["caller_id"]) == ("RINGING", True, "Sales <3334444>")
    assert {view["flow"] for view in call["views"]} == {flow}
    with running.client("14") as carol:
        entry = carol.get(f"/uapi/phoneCalls/@me/@self/{call['id']}").json()["entry"][0]
    assert {view["extension"] for view in entry["phoneCallView"]} == ({ALICE, CAROL} if listed else {CAROL})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"source": "3334444", "destination": "0003*999"}, "destination 0003*999 is not a phone of the directory"),
        ({"source": "3334444", "destination": "0003*500"}, "destination 0003*500 is not a phone of the directory"),
        ({"source": CAROL, "destination": CAROL}, "source and destination are the same number"),
        ({"source": "Bob", "destination": CAROL}, "Expected `str` matching regex"),
        ({"source": "3334444"}, "missing required field `destination`"),
        ({"source": "3334444", "destination": CAROL, "waitForPickup": 0}, "Expected `int` >= 1"),
    ],
)
def test_calls_that_cannot_come_in(untouched: Running, body: dict[str, Any], reason: str) -> None:
    status, code, message = refusal(untouched, "POST", "calls", body)
    assert (status, code) == (400, "request_invalid")
    assert reason in message


def test_calls_are_kept_and_given_back_as_they_are_shown(running: Running) -> None:
    shown = running.control("GET", "calls")
    running.signal(RING, "01", "Answered")
    restored = running.control("PUT", "calls", **shown)
    assert restored["calls"] == shown["calls"]


def test_calls_are_given_as_the_service_lists_them(running: Running) -> None:
    with running.client("12") as alice:
        listed = alice.get("/uapi/phoneCalls/@me/@self").json()
    running.control("PUT", "calls", entry=listed["entry"])
    assert list(running.calls()) == [TALK]
    status, _, message = refusal(running, "PUT", "calls", {"entry": [{"id": "a"}]})
    assert (status, message.partition(": ")[0]) == (400, "the calls of the body cannot be read")


@pytest.mark.parametrize("body", [{}, {"calls": [], "state": "both-hold"}, {"state": "nowhere"}, {"calls": [{}]}])
def test_calls_that_cannot_be_held(untouched: Running, body: dict[str, Any]) -> None:
    before = untouched.calls()
    assert refusal(untouched, "PUT", "calls", body)[:2] == (400, "request_invalid")
    assert untouched.calls() == before


# Named states ---------------------------------------------------------------------------------------------------------


def test_the_named_states_are_the_given_calls_of_the_scenarios() -> None:
    assert states.read() == states.document(), "python -m tests.write states"
    read = {name: state.call for name, state in named_states().items()}
    assert msgspec.to_builtins(read) == msgspec.to_builtins(states.calls())


def test_a_named_state_is_entered_as_if_it_had_come_about_now(running: Running) -> None:
    titles = running.control("GET", "states")["states"]
    assert titles.keys() == named_states().keys()
    running.control("POST", "clock", frozen=True)
    now = running.control("GET", "clock")["now"]
    (call,) = running.control("PUT", "calls", state="park-twice")["calls"]
    assert call["updated"] == now
    assert [view["state"] for view in call["views"]] == ["ENDED", "PARKED"]


@pytest.mark.parametrize("name", named_states())
def test_each_named_state_keeps_its_lengths_of_time(name: str) -> None:
    given = named_states()[name].call
    moved = call_of(name, AT)
    assert given.updated is not None
    if given.deadline is None:
        assert moved.deadline is None
    else:
        assert moved.deadline == AT + (given.deadline - given.updated)
    with Sandbox() as sandbox:
        assert sandbox.use(name).views[0].extension == given.views[0].extension


# State ----------------------------------------------------------------------------------------------------------------


def test_a_reset_begins_again_and_leaves_tokens_valid(running: Running) -> None:
    before = running.control("GET", "calls")
    with running.client("12") as alice:
        alice.put(PATH, json=HOLD)
        running.control("POST", "clock", advance=3600, frozen=True)
        running.control("POST", "faults", status=500)
        running.control("PUT", "phones/0003*211", does="busy")
        after = running.control("POST", "reset")
        assert after["calls"] == before["calls"]
        assert datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"]) < timedelta(minutes=10)
        assert not running.control("GET", "clock")["frozen"]
        assert running.control("GET", "faults") == {"faults": []}
        assert running.control("GET", "requests") == {"requests": []}
        assert "0003*211" not in running.control("GET", "phones")["phones"]
        assert alice.get(PATH).status_code == 200


def created(running: Running) -> tuple[str, str]:
    body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}
    with running.client("12") as alice:
        return alice.post("/uapi/phoneCalls/@me/simple", json=body).json()[0]["id"], alice.headers["authorization"]


def test_with_a_seed_ids_and_tokens_are_the_same_in_each_run(start: Start) -> None:
    one, other, none = start([], seed=7), start([], seed=7), start([])
    assert created(one) == created(other) != created(none)
    one.control("POST", "reset")
    assert created(one) != created(other), "the other one goes on"


def test_a_fixed_token_is_valid_until_it_is_expired(start: Start) -> None:
    running = start([], tokens={"alice-token": "12"})
    with httpx.Client(base_url=running.url, headers={"Authorization": "Bearer alice-token"}) as alice:
        assert alice.get("/uapi/phoneCalls/@me/@self").status_code == 200
        assert running.control("DELETE", "tokens?token=alice-token") == {"expired": 1}
        assert alice.get("/uapi/phoneCalls/@me/@self").status_code == 401
        running.control("POST", "reset")
        assert alice.get("/uapi/phoneCalls/@me/@self").status_code == 200


# The journal ----------------------------------------------------------------------------------------------------------


def test_the_journal_tells_what_was_asked_and_answered(running: Running) -> None:
    with running.client("12") as alice:
        alice.put(PATH, json=HOLD)
        alice.get(f"{PATH}?count=5&accessRequestToken=secret")
        alice.put(PATH, json={"action": "PickUp", "phoneCallViewId": "01", "sendCallTo": CAROL})
        form = {"grant_type": "client_credentials", "client_id": "13", "client_secret": "sandbox"}
        alice.post("/oauth/token.php", data=form)
        alice.put(PATH, content=b"no JSON")
    entries = running.control("GET", "requests")["requests"]
    told = [(entry["method"], entry.get("action"), entry["status"], entry.get("code")) for entry in entries]
    assert told == [
        ("PUT", "OnHold", 202, None),
        ("GET", None, 200, None),
        ("PUT", "PickUp", 400, "pc_wrong_state"),
        ("POST", "token.php", 200, None),
        ("PUT", None, 400, "pc_body_invalid"),
    ]
    held, listed, _, token, broken = entries
    assert (held["number"], held["account"], held["path"], held["call"]) == (1, "12", PATH, TALK)
    assert (held["body"], held["answer"]["id"]) == (HOLD, TALK)
    assert listed["query"] == {"count": "5", "accessRequestToken": "***"}
    assert token.keys().isdisjoint({"body", "answer"}), "no secret is shown"
    assert broken["body"] == "no JSON"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("action=OnHold", [1, 3]),
        ("action=OnHold&status=202", [1]),
        ("method=GET", [2]),
        ("account=14", [3]),
        (f"call={TALK}", [1, 2, 3]),
        ("code=access_denied", [3]),
    ],
)
def test_the_journal_is_filtered(running: Running, query: str, numbers: list[int]) -> None:
    with running.client("12") as alice, running.client("14") as carol:
        alice.put(PATH, json=HOLD)
        alice.get(PATH)
        carol.put(PATH, json=HOLD)
    shown = running.control("GET", f"requests?{query}")["requests"]
    assert [entry["number"] for entry in shown] == numbers


def test_a_filter_that_is_unknown_is_told(untouched: Running) -> None:
    status, _, message = refusal(untouched, "GET", "requests?verb=PUT")
    assert (status, message.partition(";")[0]) == (400, "unknown parameter 'verb'")


def test_long_bodies_are_kept_in_part(running: Running) -> None:
    with running.client("12") as alice:
        alice.put(PATH, content=b"[" * 100_000)
    (entry,) = running.control("GET", "requests")["requests"]
    assert entry["body"] == "[" * 16_384


# Faults ---------------------------------------------------------------------------------------------------------------


def test_a_status_refuses_what_is_asked_so_many_times(running: Running) -> None:
    running.control("POST", "faults", action="OnHold", status=503, times=2)
    with running.client("12") as alice:
        assert alice.get(PATH).status_code == 200
        assert [alice.put(PATH, json=HOLD).status_code for _ in range(3)] == [503, 503, 202]
    assert any("PUT" in line and "OnHold 503 fault" in line for line in running.lines)


@pytest.mark.parametrize(("drop", "held"), [("request", False), ("answer", True)])
def test_a_dropped_connection(running: Running, drop: str, *, held: bool) -> None:
    running.control("POST", "faults", method="PUT", drop=drop)
    with running.client("12") as alice:
        with pytest.raises(httpx.RemoteProtocolError):
            alice.put(PATH, json=HOLD)
        assert ("onHold" in alice.get(PATH).text) is held
    (entry, _) = running.control("GET", "requests")["requests"]
    assert entry["fault"] == {"method": "PUT", "drop": drop}


def test_an_answer_that_comes_late(running: Running) -> None:
    running.control("POST", "faults", call=TALK, delay=0.3)
    with running.client("12") as alice:
        with pytest.raises(httpx.ReadTimeout):
            alice.put(PATH, json=HOLD, timeout=0.05)
        assert "onHold" in alice.get(PATH).text, "it was done"


def test_faults_strike_in_their_order_and_are_dropped(running: Running) -> None:
    running.control("POST", "faults", status=500)
    running.control("POST", "faults", status=429)
    with running.client("12") as alice:
        assert alice.get(PATH).status_code == 500
        assert running.control("GET", "faults") == {"faults": [{"status": 429}]}
        assert running.control("DELETE", "faults") == {"faults": []}
        assert alice.get(PATH).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"status": 200}, {"status": 500, "drop": "answer"}, {"drop": "both"}, {"delay": 1, "times": 0}]
)
def test_faults_that_are_none(untouched: Running, body: dict[str, Any]) -> None:
    assert refusal(untouched, "POST", "faults", body)[:2] == (400, "request_invalid")


# Who may not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:8080", "Origin": "http://localhost:9090"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Host": "192.168.0.7"}, 200),
        ({"Host": "pbx.test:80"}, 200),
    ],
)
def test_a_foreign_host_or_origin_is_refused_by_the_controls(
    start: Start, headers: dict[str, str], status: int
) -> None:
    running = start([], hosts=frozenset({"pbx.test"}))
    for method, path in (("GET", "/sandbox/calls"), ("POST", "/oauth/token.php")):
        form = {"grant_type": "client_credentials", "client_id": "12", "client_secret": "sandbox"}
        data = form if method == "POST" else None
        answer = httpx.request(method, f"{running.url}{path}", data=data, headers=headers, trust_env=False)
        assert answer.status_code == status, path


def test_the_service_takes_any_host(running: Running) -> None:
    with running.client("12") as alice:
        assert alice.get(PATH, headers={"Host": "pbx.example"}).status_code == 200


def test_a_control_that_is_none(untouched: Running) -> None:
    status, code, message = refusal(untouched, "GET", "phones/0003*211/more")
    assert (status, code) == (404, "not_found")
    assert "/sandbox/openapi.json" in message
    assert refusal(untouched, "GET", "phones/0003*211")[0] == 405
    assert refusal(untouched, "PUT", "phones/Carol", {"does": "busy"})[2] == "'Carol' is not a phone number"
    answer = httpx.get(f"{untouched.url}/oauth/token.php", trust_env=False)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


# The description ------------------------------------------------------------------------------------------------------


def test_the_controls_are_described_in_openapi(untouched: Running) -> None:
    document = untouched.control("GET", "openapi.json")
    assert untouched.control("GET", "openapi.json") == document
    assert document["openapi"] == "3.1.0"
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described >= {("/sandbox/calls", "put"), ("/sandbox/phones/{number}", "delete"), ("/sandbox/reset", "post")}
    ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(set(ids)) == len(ids)
    text = msgspec.json.encode(document).decode()
    names = {name for name in document["components"]["schemas"] if f'"#/components/schemas/{name}"' in text}
    assert names == document["components"]["schemas"].keys()


def test_a_whole_call_is_what_the_core_reads(running: Running) -> None:
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    assert msgspec.convert(call, PhoneCall).id == call["id"]
