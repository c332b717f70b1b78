"""Call events on their way: nobody waits for a subscriber, and nothing is sent to another machine."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from hypothesis import given

from callstate import PhoneCall
from callstate.sandbox import demo, event_requests, event_worker
from callstate.sandbox.clock import Clock
from callstate.sandbox.event_deliveries import MOST, Deliveries
from callstate.sandbox.event_targets import addresses_of, may_be_sent
from callstate.testing import any_calls
from callstate.voipnow.service import EventMethod, EventType, Subscription, SubscriptionChanges, events
from tests.sandbox.listening import Listener, listening
from tests.sandbox.running import AT, Answer, Running, Start, directory
from tests.sandbox.started import announced, command, stopped

CAROL = "0003*211"
EVENTS = f"/uapi/extensions/14/{CAROL}/phoneCallEvents"
ELSEWHERE = "192.0.2.7"
"""An address that nobody has."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def subscribe(running: Running, url: str, kind: int = 0, **more: object) -> httpx.Response:
    with running.client("14") as carol:
        return carol.post(EVENTS, json={"type": str(kind), "method": "1", "url": url, **more})


def rings(running: Running) -> str:
    """Let Carol's phone ring."""
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    return str(call["id"])


def ring_call() -> PhoneCall:
    """Return a call from outside that rings at Carol."""
    _, call = demo.calls(AT)
    return call


def hangs_up(running: Running, call: str) -> None:
    running.signal(call, "00", "HungUp")


def record(running: Running, query: str = "") -> list[Answer]:
    """Return the record when nothing is on its way any more."""
    running.system.deliveries.wait()
    shown: list[Answer] = running.control("GET", f"deliveries{query}")["deliveries"]
    return shown


def outcome(running: Running, url: str) -> Answer:
    """Return what comes of an event that is sent to a URL."""
    assert subscribe(running, url).status_code == 200
    rings(running)
    (entry,) = record(running)
    return entry.get("status", entry.get("failure"))


# Subscriptions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (EVENTS, "0"),
        (f"{EVENTS}/", "0"),
        (f"{EVENTS}/0", None),
        (f"{EVENTS}/0/", "0"),
        ("/unifiedapi/extensions/@me/211/phoneCallEvents", 0),
        ("/uapi/extensions/@me/0003%2A211/phoneCallEvents/0", None),
    ],
)
def test_a_subscription_is_made_by_each_form_of_the_path(
    start: Start, listener: Listener, path: str, kind: object
) -> None:
    running = start([])
    body = {"method": 1, "url": f"{listener.url}/heard", **({} if kind is None else {"type": kind})}
    with running.client("14") as carol:
        made = carol.post(path, json=body).json()
        link = made["links"]["self"]
        assert carol.get(link).json()["entry"] == [made]
        call = rings(running)
        running.system.deliveries.wait()
        assert carol.put(link, json={"status": "0"}).json()["status"] == "0"
        rings(running)
        assert carol.delete(link).json() == [{"id": made["id"]}]
        rings(running)
    running.system.deliveries.wait()
    assert [one.parameters["CallID"] for one in listener.heard] == [call]


def test_the_journal_tells_of_subscriptions_as_such(start: Start) -> None:
    running = start([])
    with running.client("14") as carol:
        carol.post(EVENTS, json={})
        carol.post(f"{EVENTS}/0", json={})
        carol.get(EVENTS)
    entries = running.control("GET", "requests")["requests"]
    assert [(entry.get("action"), entry.get("call")) for entry in entries] == [
        ("phoneCallEvents", None),
        ("phoneCallEvents", None),
        (None, None),
    ]


# What is sent ---------------------------------------------------------------------------------------------------------


def test_a_get_has_the_event_in_its_query_and_a_post_in_a_form(start: Start, listener: Listener) -> None:
    running = start([])
    subscribe(running, f"{listener.url}/a?mine=1#part", method="0")
    subscribe(running, f"{listener.url}?mine=1")
    call = rings(running)
    running.system.deliveries.wait()
    got, posted = sorted(listener.heard)
    assert (got.method, got.path, got.parameters.pop("mine")) == ("GET", "/a", "1")
    assert (posted.method, posted.path) == ("POST", "/")
    assert got.parameters == posted.parameters
    assert (got.parameters["CallID"], got.parameters["CallerIDNum"]) == (call, "3334444")
    assert posted.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert posted.headers["Host"] == listener.url.removeprefix("http://")


def test_the_record_tells_what_was_sent_and_what_came_of_it(start: Start, listener: Listener) -> None:
    running = start([])
    running.control("POST", "clock", frozen=True)
    made = subscribe(running, f"{listener.url}/rings?key=secret").json()
    subscribe(running, "http://127.0.0.1:1/nobody", kind=2, method="0")
    now = running.control("GET", "clock")["now"]
    call = rings(running)
    due = running.control("POST", "clock", toNext=True)["now"]
    rung, ended = record(running)
    assert rung["at"].startswith(now.removesuffix("Z"))
    assert {name: rung[name] for name in rung if name not in ("at", "body", "parameters")} == {
        "number": 1,
        "call": call,
        "extension": CAROL,
        "type": 0,
        "subscription": made["id"],
        "method": "POST",
        "url": f"{listener.url}/rings?key=secret",
        "status": 200,
    }
    assert httpx.QueryParams(rung["body"]) == httpx.QueryParams(rung["parameters"])
    assert rung["parameters"] == listener.heard[0].parameters
    assert (ended["type"], ended["failure"]) == (2, "the connection was refused")
    assert now < ended["at"] <= due, "a deadline has its own time"
    assert ended["url"].startswith("http://127.0.0.1:1/nobody?CallID=")
    assert "body" not in ended
    told = [line.split("  ", 1)[1].strip() for line in running.lines if f" of {CAROL}: " in line]
    assert told == [
        f"dial-in of {CAROL}: POST {listener.url}/rings 200",
        f"hangup of {CAROL}: GET http://127.0.0.1:1/nobody not delivered: the connection was refused",
    ]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("type=2", [2]),
        (f"extension={CAROL}", [1, 2]),
        ("status=200", [1, 2]),
        ("method=GET&type=0", []),
        ("call=x", []),
    ],
)
def test_the_record_is_filtered(start: Start, listener: Listener, query: str, numbers: list[int]) -> None:
    running = start([])
    for kind in (0, 2):
        subscribe(running, f"{listener.url}/heard", kind)
    hangs_up(running, rings(running))
    assert [entry["number"] for entry in record(running, f"?{query}")] == numbers


def test_the_record_is_bounded() -> None:
    kept = Deliveries(directory(), Clock(), frozenset(), lambda _line: None)
    wanted = Subscription(
        extension=CAROL, type=EventType.DIAL_IN, id="1", method=EventMethod.GET, url="http://localhost", modified=AT
    )
    kept.subscriptions.store(SubscriptionChanges(stored=(wanted,)))
    for _ in range(MOST + 10):
        kept.notice(None, ring_call())
    assert [entry.number for entry in kept.entries({})] == list(range(11, MOST + 11))


def test_a_reset_leaves_no_subscription_and_no_record(start: Start, listener: Listener) -> None:
    running = start([])
    subscribe(running, f"{listener.url}/slow")
    rings(running)
    rings(running)
    listener.wait_for(lambda: len(listener.heard) == 1)
    running.control("POST", "reset")
    listener.release.set()
    rings(running)
    assert record(running) == []
    assert len(listener.heard) == 1, "what waited is forgotten"
    with running.client("14") as carol:
        assert carol.get(EVENTS).json()["entry"] == []


# Subscribers of all kinds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("500", 500),
        ("redirect", 302),
        ("half", 200),
        ("nothing", "no answer in HTTP: "),
    ],
)
def test_a_subscriber_that_answers_badly_loses_nobody_an_event(
    start: Start, listener: Listener, path: str, expected: object
) -> None:
    running = start([])
    for url in (f"{listener.url}/{path}", f"{listener.url}/good"):
        subscribe(running, url)
        subscribe(running, url, 2)
    hangs_up(running, rings(running))
    record(running)
    assert [one.parameters["CallStatus"] for one in listener.of("/good")] == ["CALLING", "CANCEL"]
    assert [one.parameters["CallStatus"] for one in listener.of(f"/{path}")] == ["CALLING", "CANCEL"], (
        "one attempt each"
    )
    assert not listener.of("/redirected")
    bad = [entry for entry in record(running) if path in entry["url"]]
    assert [entry.get("status") or entry["failure"][: len(str(expected))] for entry in bad] == [expected] * 2


def test_a_slow_subscriber_delays_nobody_and_hears_all_in_their_order(start: Start, listener: Listener) -> None:
    running = start([])
    for kind in (0, 2):
        subscribe(running, f"{listener.url}/slow", kind)
        subscribe(running, f"{listener.url}/good", kind)
    for _ in range(3):
        hangs_up(running, rings(running))
    listener.wait_for(lambda: len(listener.of("/good")) == 6)
    assert len(listener.of("/slow")) == 1, "one after the other"
    shown = running.control("GET", "deliveries")["deliveries"]
    waiting = [entry for entry in shown if "status" not in entry and "failure" not in entry]
    assert [entry["url"] for entry in waiting] == [f"{listener.url}/slow"] * 6
    listener.release.set()
    record(running)
    for path in ("/good", "/slow"):
        assert [one.parameters["CallStatus"] for one in listener.of(path)] == ["CALLING", "CANCEL"] * 3
    calls = [one.parameters["CallID"] for one in listener.of("/slow")]
    assert calls == [one.parameters["CallID"] for one in listener.of("/good")]


def test_a_subscriber_that_never_answers_is_given_up(
    start: Start, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_requests, "SECONDS", 0.05)
    assert outcome(start([]), f"{listener.url}/slow") == "no answer within 0.05 seconds"


def test_of_a_long_answer_only_the_beginning_is_read(
    start: Start, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_requests, "MOST_BYTES", 1)
    assert outcome(start([]), f"{listener.url}/heard") == "the answer is too long"


@pytest.mark.parametrize(("most_of_one", "most"), [(2, 99), (99, 2)])
def test_a_dead_subscriber_does_not_fill_the_memory(
    start: Start, listener: Listener, monkeypatch: pytest.MonkeyPatch, most_of_one: int, most: int
) -> None:
    monkeypatch.setattr(event_worker, "MOST_OF_ONE", most_of_one)
    monkeypatch.setattr(event_worker, "MOST", most)
    running = start([])
    subscribe(running, f"{listener.url}/slow")
    rings(running)
    listener.wait_for(lambda: len(listener.heard) == 1)
    for _ in range(3):
        rings(running)
    listener.release.set()
    assert [entry.get("failure") for entry in record(running)] == [
        None,
        None,
        None,
        "too many events wait to be sent",
    ]
    assert any("not delivered: too many events wait to be sent" in line for line in running.lines)
    rings(running)
    assert record(running)[-1]["status"] == 200, "there is room again"


def test_the_sandbox_stops_while_a_subscriber_is_slow(listener: Listener) -> None:
    with command("--token", "14=carol") as process:
        url, client = announced(process)
        with client:
            base = httpx.URL(url)
            headers = {"Authorization": "Bearer carol"}
            body = {"method": "1", "url": f"{listener.url}/slow"}
            client.post(base.join(f"{EVENTS}/0"), json=body, headers=headers)
            client.post(base.join("/sandbox/calls"), json={"source": "3334444", "destination": CAROL})
            listener.wait_for(lambda: len(listener.heard) == 1)
        assert stopped(process, signal.SIGTERM)[-1] == "Stopped."


# Over TLS -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trusted", [True, False])
def test_a_subscriber_by_https(start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, trusted: bool) -> None:
    authority, file = trustme.CA(), tmp_path / "ca.pem"
    (authority if trusted else trustme.CA()).cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    event_requests.context.cache_clear()
    with listening(authority.issue_cert("localhost")) as listener:
        url = listener.url.replace("http://127.0.0.1", "https://localhost")
        found = outcome(start([]), url)
    event_requests.context.cache_clear()
    assert found == 200 if trusted else "certificate verify failed" in found
    assert len(listener.heard) == trusted


# Only this machine ----------------------------------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Give names addresses, each time that one is looked up the next ones; return which have been looked up."""
    known: dict[str, list[list[str]]] = {}
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *_: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *_, **more)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host].pop(0)]

    def give(name: str, *addresses: list[str]) -> list[str]:
        known[name] = list(addresses)
        return asked

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return give


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return to which addresses connections were made, or were to be made."""
    found: list[str] = []
    real = asyncio.open_connection

    async def connect(host: str, port: int, **more: Any) -> Any:
        found.append(host)
        assert host in ("127.0.0.1", "::1"), "no test sends anything elsewhere"
        return await real(host, port, **more)

    monkeypatch.setattr(asyncio, "open_connection", connect)
    return found


@pytest.mark.parametrize(
    "url", [f"http://{ELSEWHERE}/", "http://10.0.0.1:80/", "http://0.0.0.0/", "http://[2001:db8::1]/", "http://[::]/"]
)
def test_the_address_of_another_machine_cannot_be_subscribed(untouched: Running, url: str) -> None:
    answer = subscribe(untouched, url)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "pce_url_invalid")


@pytest.mark.parametrize("addresses", [[ELSEWHERE], ["127.0.0.1", ELSEWHERE], ["169.254.169.254"], ["::ffff:10.0.0.1"]])
@pytest.mark.parametrize("host", ["127.0.0.1.nip.io", "localhost", "2130706433"])
def test_a_name_that_means_another_machine_is_not_called(
    start: Start, names: Callable[..., list[str]], connected: list[str], host: str, addresses: list[str]
) -> None:
    names(host, addresses)
    other = addresses[-1]
    found = outcome(start([]), f"http://{host}:9/")
    assert found == f"{host} is {other}, which is not this machine (--event-host {host} allows it)"
    assert connected == []


def test_a_name_that_means_this_machine_is_called_at_the_address_that_was_judged(
    start: Start, listener: Listener, names: Callable[..., list[str]], connected: list[str]
) -> None:
    """Not at the one that the name means a moment later."""
    asked = names("app.test", ["127.0.0.1"], [ELSEWHERE])
    assert outcome(start([]), f"{listener.url.replace('127.0.0.1', 'app.test')}/heard") == 200
    assert (asked, connected) == (["app.test"], ["127.0.0.1"])
    assert listener.heard[0].headers["Host"].startswith("app.test:")


def test_of_several_addresses_the_first_that_answers_is_taken(
    start: Start, listener: Listener, names: Callable[..., list[str]], connected: list[str]
) -> None:
    names("app.test", ["::1", "127.0.0.1"])
    assert outcome(start([]), f"{listener.url.replace('127.0.0.1', 'app.test')}/heard") == 200
    assert connected == ["::1", "127.0.0.1"]


@pytest.mark.parametrize(
    ("host", "failure"), [("no-such-name.invalid", "the name of the host has no address: "), ("a..b", "")]
)
def test_a_name_without_an_address_is_told(
    start: Start, monkeypatch: pytest.MonkeyPatch, host: str, failure: str
) -> None:
    real = socket.getaddrinfo

    def look_up(name: Any, *more: Any, **by_name: Any) -> Any:
        if name == "no-such-name.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(name, *more, **by_name)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert outcome(start([]), f"http://{host}/").startswith(failure)


@pytest.mark.parametrize(("host", "addresses"), [(ELSEWHERE, (ELSEWHERE,)), ("crm.test", (ELSEWHERE, "127.0.0.1"))])
def test_a_host_that_was_named_at_the_start_may_be_another_machine(
    names: Callable[..., list[str]], host: str, addresses: tuple[str, ...]
) -> None:
    names(host, list(addresses))
    hosts = frozenset({host})
    assert may_be_sent(f"http://{host.upper()}/events", hosts)
    assert asyncio.run(addresses_of(host, 80, hosts)) == addresses


def test_the_command_names_hosts() -> None:
    with command("--event-host", ELSEWHERE, "--token", "14=carol") as process:
        url, client = announced(process)
        with client:
            path, headers = httpx.URL(url).join(f"{EVENTS}/0"), {"Authorization": "Bearer carol"}
            statuses = [
                client.post(path, json={"method": "1", "url": f"http://{host}/"}, headers=headers).status_code
                for host in (ELSEWHERE, "192.0.2.8")
            ]
        stopped(process, signal.SIGTERM)
    assert statuses == [200, 400]


# Never the request ----------------------------------------------------------------------------------------------------


@given(any_calls(), any_calls())
def test_no_two_values_of_a_call_are_a_mistake(before: PhoneCall, after: PhoneCall) -> None:
    """A request is not failed by its events, whatever calls a test has put into the sandbox."""
    for found in (events(None, after, directory=directory()), events(before, after, directory=directory())):
        assert all(event.view_id in {view.id for view in after.views} for event in found)
