"""A recorder in front of a server: what is asked of calls becomes a trace, and nothing else changes."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from callstate import Answered, HungUp
from callstate.conformance import Verdict, judge_lines
from callstate.recording import TraceMiddleware, TraceWriter, middleware
from callstate.sandbox import demo
from callstate.sandbox.app import SandboxApplication
from callstate.sandbox.phone_system import PhoneSystem, Setup
from callstate.voipnow.http import BODY_LIMIT, Asgi, Message, Receive, Scope, Send
from callstate.voipnow.service import Directory, load_directory
from tests.calls import at

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
TALK, RING = (call.id for call in demo.calls(at(0)))
Json = Any  # JSON


class Server:
    """A service, with a recorder in front of it. `spoil` may change what the service is."""

    def __init__(self, *, signals: bool, spoil: Callable[[Asgi], Asgi] = lambda application: application) -> None:
        directory = load_directory(demo.DIRECTORY)
        assert isinstance(directory, Directory)
        self.lines: list[bytes] = []
        self.system = PhoneSystem(Setup(directory=directory, calls=demo.calls(datetime.now(at(0).tzinfo))))
        self.trace = TraceWriter(self.lines.append, self.system.world.now, signals=signals)
        self.app = TraceMiddleware(spoil(SandboxApplication(self.system)), self.trace)

    def ask(self, account: str, method: str, path: str, body: Json = None) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {self.system.tokens.issue(account)}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as http:
                return await http.request(method, f"/uapi/phoneCalls/@me/{path}", json=body)

        return asyncio.run(asked())

    def told(self) -> list[Json]:
        return [json.loads(line) for line in self.lines]

    def verdict(self) -> Verdict:
        return judge_lines(self.lines)


def act(action: str, view: str = "00", **fields: object) -> Json:
    return {"action": action, "phoneCallViewId": view, **fields}


def conforms(verdict: Verdict) -> bool:
    return verdict.divergences == () and verdict.unreadable == ()


# What is recorded -----------------------------------------------------------------------------------------------------


def test_requests_and_listings_become_a_trace_that_conforms() -> None:
    server = Server(signals=False)
    server.ask("12", "GET", ALICE)
    server.ask("12", "PUT", f"{ALICE}/{TALK}", act("OnHold", "01"))
    server.ask("12", "PUT", f"{ALICE}/{TALK}", act("UnPark", "00", sendCallTo=ALICE))
    server.ask("12", "PUT", f"{ALICE}/{TALK}", act("Transfer", "00", sendCallTo="211"))
    server.ask("12", "GET", "@self")
    server.ask("12", "DELETE", f"{ALICE}/{TALK}")
    made = server.ask("14", "POST", "simple?waitForPickup=9", created(CAROL, "024")).json()[0]["id"]
    server.ask("14", "GET", f"{CAROL}/{made}")
    server.ask("14", "POST", "simple", created(CAROL, CAROL))
    told = server.told()
    assert [line["seq"] for line in told] == list(range(1, len(told) + 1))
    assert [next(kind for kind in ("listed", "request", "create") if kind in line) for line in told] == [
        "listed", "request", "request", "request", "listed", "request", "create", "listed", "create",
    ]  # fmt: skip
    assert told[3]["request"]["sendCallTo"] == CAROL, "a short number, of the asker's client"
    assert told[7]["begins"]
    assert conforms(server.verdict())
    tally = server.verdict().tally
    assert (tally["accepted"], tally["refused"], tally["listings"]) == (4, 2, 3)


def created(source: str, destination: str) -> Json:
    return {"extension": source, "phoneCallView": [{"source": [source], "destination": destination}]}


def test_a_call_is_followed_from_listing_to_listing_if_the_network_is_recorded_too() -> None:
    server = Server(signals=True)
    server.ask("14", "GET", f"{CAROL}/{RING}")
    answered = Answered(call_id=RING, view_id="01")
    server.system.report(answered)
    server.trace.report(answered)
    server.ask("14", "PUT", f"{CAROL}/{RING}", act("OnHold", "01"))
    server.ask("14", "GET", f"{CAROL}/{RING}")
    server.trace.report(HungUp(call_id=RING, view_id="01"))
    told = server.told()
    assert [line.get("begins") for line in told] == [None] * 5
    assert (told[1]["signal"], told[1]["view"], told[4]["signal"]) == ("Answered", "01", "HungUp")
    assert conforms(server.verdict())


async def read(receive: Receive) -> None:
    while (await receive()).get("more_body", False):
        pass


def accepts_all(application: Asgi) -> Asgi:
    """Make a server that accepts every hold and does nothing."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "PUT":
            await application(scope, receive, send)
            return
        await read(receive)
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await send({"type": "http.response.body", "body": b"}"})

    return serve


def test_a_server_that_does_nothing_is_found_out() -> None:
    server = Server(signals=True, spoil=accepts_all)
    server.ask("12", "GET", f"{ALICE}/{TALK}")
    server.ask("12", "PUT", f"{ALICE}/{TALK}", act("OnHold"))
    server.ask("12", "GET", f"{ALICE}/{TALK}")
    (found,) = server.verdict().divergences
    assert (found.call_id, found.asked, found.told[:23]) == (TALK, None, "view 00 onHold absent, ")


def test_a_server_that_accepts_too_much_is_found_out() -> None:
    server = Server(signals=False, spoil=accepts_all)
    server.ask("14", "GET", f"{CAROL}/{RING}")
    server.ask("14", "PUT", f"{CAROL}/{RING}", act("OnHold", "01"))
    (found,) = server.verdict().divergences
    assert (found.call_id, found.asked, found.told) == (RING, "OnHold", "accepted")


def test_a_parked_call_begins_again_since_no_answer_has_the_position() -> None:
    server = Server(signals=True)
    for call, side, account in ((RING, CAROL, "14"), (TALK, ALICE, "12")):
        answered = Answered(call_id=call, view_id="01")
        server.system.report(answered)
        server.ask(account, "GET", f"{side}/{call}")
        assert server.ask(account, "PUT", f"{side}/{call}", act("Park", "01")).status_code == 202
    for _ in range(2):
        server.ask("12", "GET", f"@self/{TALK}")
    assert [line.get("begins") for line in server.told()[-2:]] == [True, None]
    assert "2" in [view.get("parkedPos") for view in server.told()[-1]["listed"]["phoneCallView"]]
    assert conforms(server.verdict())


def test_few_parked_calls_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "REMEMBERED", 1)
    server = Server(signals=True)
    server.ask("12", "PUT", f"{ALICE}/{TALK}", act("Park"))
    server.ask("14", "PUT", f"{CAROL}/{RING}", act("Park"))
    server.ask("14", "GET", f"{CAROL}/{RING}")
    server.ask("12", "GET", f"{ALICE}/{TALK}")
    assert [line.get("begins") for line in server.told()] == [None, None, True, None]


def fails(*, reads: bool) -> Callable[[Asgi], Asgi]:
    async def serve(_scope: Scope, receive: Receive, _send: Send) -> None:
        if reads:
            await read(receive)
        raise RuntimeError

    return lambda _application: serve


def test_a_request_that_fails_has_no_answer() -> None:
    server = Server(signals=False, spoil=fails(reads=True))
    assert server.ask("12", "PUT", f"{ALICE}/{TALK}", act("OnHold")).status_code == 500
    assert server.ask("12", "DELETE", f"{ALICE}/{TALK}").status_code == 500
    assert [(line["request"]["action"], line.get("answer")) for line in server.told()] == [
        ("OnHold", None),
        ("HangUp", None),
    ]


def test_a_request_that_nobody_has_read_is_not_written_down() -> None:
    server = Server(signals=False, spoil=fails(reads=False))
    assert server.ask("12", "PUT", f"{ALICE}/{TALK}", act("OnHold")).status_code == 500
    assert server.lines == []


# What is not touched --------------------------------------------------------------------------------------------------


def test_what_is_not_about_calls_passes_by() -> None:
    server = Server(signals=False)

    async def other() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://localhost") as http:
            return (await http.get("/sandbox/calls")).status_code

    assert asyncio.run(other()) == 200
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def live() -> None:
        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            sent.append(message)

        await server.app({"type": "lifespan"}, receive, send)

    asyncio.run(live())
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert server.lines == []


def test_a_body_that_is_too_long_is_passed_on_and_not_kept() -> None:
    server = Server(signals=False)
    assert server.ask("12", "PUT", f"{ALICE}/{TALK}", act("OnHold", x="x" * BODY_LIMIT)).status_code == 413
    assert server.lines == []


def test_a_trace_that_cannot_be_written_disturbs_nobody() -> None:
    server = Server(signals=False)
    full = OSError(28, "No space left on device")

    def write(_line: bytes) -> None:
        raise full

    server.trace = TraceWriter(write, lambda: at(0) + timedelta(0))
    server.app = TraceMiddleware(SandboxApplication(server.system), server.trace)
    for _ in range(2):
        assert server.ask("12", "GET", ALICE).status_code == 200
    assert server.trace.error is full
