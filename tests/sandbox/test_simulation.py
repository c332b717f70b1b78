"""Time and phones in a sandbox: what happens by itself, and what a test makes happen."""

import re
import socket
import time
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from callstate.domain import PhoneCall
from callstate.engine import LENIENT
from callstate.sandbox import demo
from callstate.sandbox.clock import Clock
from callstate.sandbox.log import Style, Told, request_line
from callstate.sandbox.memory_state import MemoryState
from callstate.sandbox.phones import RINGS_OUT, Phones
from callstate.sandbox.plans import Plans
from callstate.sandbox.request_summary import read
from callstate.sandbox.simulation import Observers, Simulation
from callstate.voipnow.http import BODY_LIMIT, HttpRequest, problem
from callstate.voipnow.service import Directory, load_directory
from tests.sandbox.running import AT, RING, TALK, Answer, Running, Start

ALICE, BOB = "0003*210", "0003*024"
SIMPLE = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}


def create(running: Running, **parameters: str) -> Answer:
    with running.client("12") as alice:
        (call,) = alice.post("/uapi/phoneCalls/@me/simple", params=parameters, json=SIMPLE).json()
    return call["id"]


def states(running: Running, call_id: str) -> list[str]:
    return [view["state"] for view in running.calls()[call_id]["views"]]


def refused(running: Running, what: str, body: object) -> tuple[int, str]:
    answer = httpx.post(f"{running.url}/sandbox/{what}", json=body, trust_env=False)
    return answer.status_code, answer.json()["error"]["code"]


def test_a_deadline_fires_by_itself(start: Start) -> None:
    running = start([])
    call_id = create(running, waitForPickup="1")
    until = time.monotonic() + 5
    while not any("RINGING -> ENDED" in line for line in running.lines):
        assert time.monotonic() < until
        time.sleep(0.02)
    # Nobody asked for it, so it has a line of its own.
    assert re.fullmatch(rf"\d\d:\d\d:\d\d -        {call_id}: 00 RINGING -> ENDED, .*CallEnded", running.lines[-1])


def test_the_clock_is_moved_on_and_deadlines_fire_at_their_own_times(start: Start) -> None:
    running = start([])
    call_id = create(running)
    published = datetime.fromisoformat(running.calls()[call_id]["published"])
    running.control("POST", "clock", advance=24 - 1)
    assert states(running, call_id) == ["RINGING", "TRYING"]
    moved = datetime.fromisoformat(
        running.control("POST", "clock", at=(published + timedelta(days=1)).isoformat())["now"]
    )
    assert timedelta(days=1) <= moved - published < timedelta(days=1, seconds=60)
    ended = running.calls()[call_id]["views"][0]["ended"]
    assert datetime.fromisoformat(ended) == published + timedelta(seconds=25)


def test_phones_answer_in_the_order_of_their_times_however_far_the_clock_jumps(start: Start) -> None:
    """The source answers after 10 seconds, the destination 10 seconds later, and the call ends after a minute."""
    running = start([], answer_after=timedelta(seconds=10))
    call_id = create(running, callDuration="60")
    running.control("POST", "clock", advance=3600)
    call = running.calls()[call_id]
    begin = datetime.fromisoformat(call["published"])
    dates = [(view["answered"], view["ended"]) for view in call["views"]]
    seconds = [[(datetime.fromisoformat(date) - begin).total_seconds() for date in pair] for pair in dates]
    assert seconds == [[10, 60], [20, 60]]


def test_a_phone_that_has_stopped_ringing_does_not_answer(start: Start) -> None:
    running = start([], answer_after=timedelta(seconds=10))
    call_id = create(running)
    running.signal(call_id, "00", "HungUp")
    running.control("POST", "clock", advance=60)
    assert states(running, call_id) == ["ENDED", "ENDED"]


@pytest.mark.parametrize("years", [-14, 70])
def test_a_phone_that_rings_at_the_start_is_answered_so_long_after_it(start: Start, years: int) -> None:
    """Whatever the dates of the call say, which may come from a file."""
    _, ringing = demo.calls(AT + timedelta(days=365 * years))
    running = start([ringing], answer_after=timedelta(seconds=60))
    running.control("POST", "clock", advance=50)
    assert states(running, RING) == ["ANSWERED", "RINGING"]
    running.control("POST", "clock", advance=20)
    assert states(running, RING) == ["CONNECTED", "CONNECTED"]


def test_an_outside_phone_answers_too(start: Start) -> None:
    running = start([], answer_after=timedelta(seconds=1))
    with running.client("12") as alice:
        view = {"source": ["3334444"], "destination": ["3235742879"]}
        body = {"extension": ALICE, "phoneCallView": [view]}
        (call,) = alice.post("/uapi/phoneCalls/@me/simple", json=body).json()
    running.control("POST", "clock", advance=2)
    assert states(running, call["id"]) == ["CONNECTED", "CONNECTED"]


def test_signals_lead_a_call_from_ringing_to_its_end(running: Running) -> None:
    assert [view["state"] for view in running.signal(RING, "01", "Answered")["views"]] == ["CONNECTED", "CONNECTED"]
    over = running.control("POST", "signals", callId=RING, viewId="00", signal="HungUp", disposition=4)
    assert [view["disposition"] for view in over["views"]] == [0, 0], "the dates decide"
    again = running.signal(RING, "00", "HungUp")
    assert again["version"] == over["version"]
    assert any(line.endswith("POST /sandbox/signals 200") for line in running.lines), "late news changes nothing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"callId": "nothing", "viewId": "00", "signal": "Answered"}, "pc_phonecall_invalid"),
        ({"callId": TALK, "viewId": "77", "signal": "Answered"}, "pc_phonecallview_invalid"),
        ({"callId": RING, "viewId": "01", "signal": "Dialled"}, "pc_wrong_state"),
        ({"callId": TALK, "viewId": "00", "signal": "OnHold"}, "request_invalid"),
        ({"callId": TALK, "viewId": "00"}, "request_invalid"),
        ({"callId": TALK, "viewId": "00", "signal": "HungUp", "disposition": 9}, "request_invalid"),
        ({"callId": TALK, "viewId": "00", "signal": "Answered", "disposition": 1}, "request_invalid"),
        ([], "request_invalid"),
    ],
)
def test_signals_that_cannot_be(untouched: Running, body: object, code: str) -> None:
    before = untouched.calls()
    assert refused(untouched, "signals", body) == (400, code)
    assert untouched.calls() == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": 1, "at": "2100-01-01T00:00:00Z"},
        {"advance": -1},
        {"advance": 1e10},
        {"advance": "soon"},
        {"at": "2012-06-27T16:08:50+02:00"},
        {"at": "2100-01-01T00:00:00"},
        {"at": "9999-12-31T23:59:59Z"},
        {"back": 1},
    ],
)
def test_the_clock_only_moves_on_and_not_beyond_the_dates_there_are(untouched: Running, body: object) -> None:
    assert refused(untouched, "clock", body) == (400, "request_invalid")


def test_a_call_that_has_changed_since_it_was_looked_at_is_not_stored() -> None:
    directory = load_directory(demo.DIRECTORY)
    assert isinstance(directory, Directory)
    heard: list[PhoneCall] = []
    world = Simulation(
        MemoryState(directory.organization_of, Plans(Phones(RINGS_OUT, {}))),
        Clock(),
        observers=Observers(stored=lambda _before, after: heard.append(after)),
        rules=LENIENT,
    )
    talk, ring = demo.calls(AT)
    later = replace(talk, version=1)
    assert world.swap([], [talk])
    assert not world.swap([later], [ring, later]), "none is stored if one cannot be"
    assert not world.swap([], [later])
    assert world.swap([talk], [later])
    assert heard == [talk, later]
    assert world.calls() == (later,)


def test_the_clock_never_goes_back() -> None:
    clock = Clock()
    times = [clock.now()]
    clock.move(timedelta(0))
    times.append(clock.now())
    clock.move(timedelta(seconds=1))
    times.append(clock.now())
    assert times == sorted(times)
    assert times[2] - times[1] >= timedelta(seconds=1)


@pytest.mark.parametrize(
    "target", ["//sandbox/calls", "/sandbox/calls/", "/sandbox%2Fcalls", "http://pbx.example/sandbox/calls"]
)
def test_the_doors_are_found_by_every_form_of_a_path(untouched: Running, target: str) -> None:
    with socket.create_connection(("127.0.0.1", untouched.port)) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200" if "%2F" not in target else b"HTTP/1.1 404")


@pytest.mark.parametrize("path", ["/sandbox/clock", "/oauth/token.php"])
def test_a_body_that_is_too_long_is_not_read_in_part(untouched: Running, path: str) -> None:
    body = b'{"advance":60}' + b" " * BODY_LIMIT + b"}"
    answer = httpx.post(f"{untouched.url}{path}", content=body, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")


def test_a_body_that_is_nested_too_deep(untouched: Running) -> None:
    body = b'{"at":' + b"[" * 100_000
    answer = httpx.post(f"{untouched.url}/sandbox/clock", content=body, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request_invalid")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "signals"), ("DELETE", "clock"), ("DELETE", "calls"), ("PUT", "clock/"), ("POST", "openapi.json")],
)
def test_each_control_takes_its_own_methods(untouched: Running, method: str, path: str) -> None:
    answer = httpx.request(method, f"{untouched.url}/sandbox/{path}", trust_env=False)
    assert answer.status_code == 405
    assert answer.headers["allow"] != method


def test_a_token_lasts_however_the_clock_is_moved_until_it_is_expired(running: Running) -> None:
    form = {"grant_type": "client_credentials", "client_id": "13", "client_secret": "sandbox", "type": "unifiedapi"}
    answer = httpx.post(f"{running.url}/oauth/token.php", data=form, trust_env=False)
    given = answer.json()
    assert (answer.status_code, given["expires_in"], given["token_type"]) == (200, 3600, "Bearer")
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    statuses = []
    for control in (("POST", "clock"), ("DELETE", "tokens?account=12"), ("DELETE", "tokens?account=13")):
        statuses.append(httpx.get(f"{running.url}/uapi/phoneCalls/@me/@self", headers=headers).status_code)
        running.control(*control, **{"advance": 864_000} if control[0] == "POST" else {})
    statuses.append(httpx.get(f"{running.url}/uapi/phoneCalls/@me/@self", headers=headers).status_code)
    assert statuses == [200, 200, 200, 401]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_who_gets_no_token(untouched: Running, change: dict[str, str], status: int, error: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "13", "client_secret": "sandbox"} | change
    answer = httpx.post(f"{untouched.url}/oauth/token.php", data=form, trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_line_shows_no_secret_and_nothing_but_plain_characters() -> None:
    """A path is whatever somebody sends; it must not write lines of its own, or to the terminal."""
    request = HttpRequest(method="GET", target="/\n\x1b[2J\u202e?accessRequestToken=secret")
    line = request_line(Told(AT, None, read(request), request, problem(404, "not_found", "")), Style())
    assert line.endswith(" -        GET /%0A%1B%5B2J%E2%80%AE?accessRequestToken=*** 404 not_found")


def test_the_page_about_the_sandbox_names_its_doors() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "sandbox.md").read_text("utf-8")
    for door in ("/oauth/token.php", "/sandbox/signals", "/sandbox/clock", "/sandbox/calls", "/openapi.json"):
        assert door in page
