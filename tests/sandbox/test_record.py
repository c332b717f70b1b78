"""What a sandbox records: a trace of all that its calls were given, which the reference agrees with."""

import asyncio
import io
import json
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.cli import main
from callstate.conformance.judge import Judge
from callstate.conformance.trace import record_listing
from callstate.domain import ACTIONS, Numbering, PhoneCall
from callstate.engine import LENIENT, STRICT, Rules
from callstate.sandbox import demo
from callstate.sandbox.app import SandboxApplication
from callstate.sandbox.clock import Clock
from callstate.sandbox.phone_system import PhoneSystem, Setup
from callstate.sandbox.phones import RINGS_OUT, Phone
from callstate.sandbox.recorder import Recorder
from callstate.sandbox.simulation import Observers
from callstate.voipnow.service import Directory, load_directory
from tests.sandbox.running import RING, TALK
from tests.sandbox.started import announced, command, stopped

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
TALKING, RINGING = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}", f"/uapi/phoneCalls/@me/{CAROL}/{RING}"

Printed = pytest.CaptureFixture[str]


class Client:
    """Somebody who asks a sandbox in a process of its own, and says what the network reports."""

    def __init__(self, address: str, http: httpx.Client) -> None:
        self._address = address
        self._http = http

    def tell(self, what: str, **body: object) -> None:
        assert self._http.post(f"{self._address}/sandbox/{what}", json=body).status_code == 200

    def ask(self, account: str, method: str, path: str, status: int = 202, **body: object) -> Any:  # Any: JSON
        form = {"grant_type": "client_credentials", "client_id": account, "client_secret": "sandbox"}
        token = self._http.post(f"{self._address}/oauth/token.php", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = self._http.request(method, f"{self._address}{path}", headers=headers, json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json()


@contextmanager
def started(process: "subprocess.Popen[str]") -> Iterator[Client]:
    url, http = announced(process)
    with http:
        yield Client(url.partition("/uapi")[0], http)


def counted(out: str) -> Mapping[str, int]:
    return {kind: int(count) for kind, count in map(str.split, out.splitlines())}


def walk(client: Client) -> None:
    """Do one of each kind: 15 requests that come to a call, 2 creates and 6 signals."""
    client.ask("12", "PUT", TALKING, action="OnHold", phoneCallViewId="01")
    client.ask("12", "PUT", TALKING, action="OnHold", phoneCallViewId="01")  # a repeat
    client.ask("12", "PUT", TALKING, action="OffHold", phoneCallViewId="01")
    client.ask("12", "PUT", TALKING, 400, action="PickUp", phoneCallViewId="01", sendCallTo=CAROL)
    client.ask("12", "PUT", TALKING, 400, action="Transfer", phoneCallViewId="00", sendCallTo="0003*500")  # no phone
    # A party waits, its time is up and the parker rings; it waits again and is retrieved, and then it is sent away.
    client.ask("12", "PUT", TALKING, action="Park", phoneCallViewId="00", maxInParking=10)
    client.tell("clock", advance=10)
    client.tell("signals", callId=TALK, viewId="02", signal="Answered")
    client.ask("12", "PUT", TALKING, action="Park", phoneCallViewId="00")
    client.ask("12", "PUT", TALKING, action="UnPark", phoneCallViewId="00", sendCallTo="210", waitForPickup="25")
    client.tell("signals", callId=TALK, viewId="03", signal="Answered")
    client.ask("12", "PUT", TALKING, action="Transfer", phoneCallViewId="00", sendCallTo="3334444")
    client.tell("signals", callId=TALK, viewId="04", signal="Answered")
    # What is asked for all calls of an extension is asked of each; two calls are parked side by side.
    client.tell("signals", callId=RING, viewId="01", signal="Answered")
    (made,) = client.ask("14", "POST", "/uapi/phoneCalls/@me/simple", 200, **made_by(CAROL))
    client.tell("signals", callId=made["id"], viewId="00", signal="Answered")
    client.tell("signals", callId=made["id"], viewId="01", signal="Answered")
    client.ask("14", "PUT", f"/uapi/phoneCalls/@me/{CAROL}", action="Park", maxInParking=3600)  # two
    client.ask("14", "DELETE", f"{RINGING}?phoneNumber=3334444", 200)
    client.ask("14", "DELETE", RINGING, 200)  # over already: a repeat
    client.ask("14", "DELETE", f"/uapi/phoneCalls/@me/{CAROL}", 200)  # the one that is left
    client.ask("12", "POST", "/uapi/phoneCalls/@me/simple", 400, **made_by(ALICE, "0003*999"))
    client.ask("13", "DELETE", f"/uapi/phoneCalls/@me/{BOB}/{TALK}", 200)


def made_by(source: str, destination: str = BOB) -> dict[str, object]:
    return {"extension": source, "phoneCallView": [{"source": source, "destination": destination}]}


def ask_in_vain(client: Client) -> None:
    """Ask for what never comes to a call, or only looks at one."""
    client.ask("13", "PUT", TALKING, 401, action="OnHold", phoneCallViewId="01")
    client.ask("12", "PUT", TALKING, 400, action="Dance")
    client.ask("12", "PUT", f"{TALKING}0", 400, action="OnHold", phoneCallViewId="01")
    client.ask("12", "POST", "/uapi/phoneCalls/@me/simple", 400, extension=ALICE)
    client.ask("12", "GET", TALKING, 200)


def test_recorded_traffic_conforms(tmp_path: Path, capsys: Printed) -> None:
    trace = tmp_path / "trace.jsonl"
    trace.write_text("what an earlier run has left\n", "utf-8")
    with command("--record", str(trace)) as process:
        with started(process) as client:
            ask_in_vain(client)
            assert len(trace.read_bytes().splitlines()) == 2, "nothing but the two calls of the demo"
            walk(client)
        recorded = trace.read_bytes()
        stopped(process, signal.SIGTERM)
    assert trace.read_bytes() == recorded, "each line is there when its answer is"
    assert main(["check", str(trace)]) == 0
    assert counted(capsys.readouterr().out) == {
        "lines": 2 + 2 + 15 + 6, "starts": 2, "listings": 0, "creates": 2, "requests": 15, "signals": 6,
        "unreadable": 0, "accepted": 18, "repeats": 2, "refused": 2, "believed": 1, "skipped": 0, "unclear": 0,
        "divergences": 0,
    }  # fmt: skip


def test_a_trace_that_was_spoiled_diverges(tmp_path: Path, capsys: Printed) -> None:
    trace = tmp_path / "trace.jsonl"
    with command("--record", str(trace)) as process, started(process) as client:
        client.ask("12", "PUT", TALKING, action="OnHold", phoneCallViewId="01")
        client.ask("12", "PUT", TALKING, action="OffHold", phoneCallViewId="01")
    lines = trace.read_bytes().splitlines(keepends=True)
    assert b'"OnHold"' in lines[2]
    trace.write_bytes(b"".join((*lines[:2], lines[2].replace(b'"01"', b'"00"'), lines[3])))
    assert main(["check", str(trace)]) == 1
    assert capsys.readouterr().out.startswith(f"{trace}, line 3: call {TALK}: the call after OnHold")


# Any traffic ----------------------------------------------------------------------------------------------------------


class Standing(Clock):
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._at = datetime(2026, 3, 2, 9, 0, 0, 300_000, tzinfo=UTC)

    def now(self) -> datetime:
        return self._at

    def move(self, by: timedelta) -> None:
        self._at += by


NUMBERS = st.sampled_from([ALICE, BOB, CAROL, "210", "024", "3334444", "0003*500", "0009*999", "x"])
VIEWS = st.sampled_from(["00", "00", "01", "01", "02", "03", "04"])
CALLS = st.integers(0, 3)
SIDES = st.sampled_from(
    [("12", ALICE), ("12", "@self"), ("13", BOB), ("13", "024"), ("14", CAROL), ("3", "@self"), ("admin", ALICE)]
)
BODIES = st.fixed_dictionaries(
    {"action": st.sampled_from(["Park", "Park", *(kind.__name__ for kind in ACTIONS)]), "phoneCallViewId": VIEWS},
    optional={
        "sendCallTo": NUMBERS,
        "maxInParking": st.sampled_from([10, "10", 9]),
        "waitForPickup": st.sampled_from([5, "10", 25]),
        "transferFromNumber": NUMBERS,
        "transferNumber": NUMBERS,
        "callerId": st.sampled_from(["John Doe <42420042>", "?"]),
        "format": st.sampled_from(["wav", "mp3"]),
    },
)
MADE = st.fixed_dictionaries(
    {
        "extension": NUMBERS,
        "phoneCallView": st.tuples(st.fixed_dictionaries({"source": NUMBERS, "destination": NUMBERS})),
    },
    optional={"nonce": st.just("MTIz")},
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "waitForPickup": st.sampled_from(["5", "10"]),
        "callDuration": st.sampled_from(["10", "20", "0"]),
        "allowPublicTransfer": st.sampled_from(["true", "false"]),
    },
)
KINDS = st.sampled_from(["simple", "simple", "callback", "conferenceInvite"])
SIGNALS = st.sampled_from(["Answered", "Answered", "HungUp", "Rang", "FarEndRang", "Dialled"])
INPUTS = st.one_of(
    st.tuples(st.just("PUT"), SIDES, CALLS, BODIES),
    st.tuples(st.just("PUT"), SIDES, st.none(), BODIES),
    st.tuples(st.just("DELETE"), SIDES, st.none() | CALLS, st.none() | NUMBERS),
    st.tuples(st.just("POST"), SIDES, KINDS, QUERIES, MADE),
    st.tuples(st.just("signal"), CALLS, VIEWS, SIGNALS),
)
WAITS = st.sampled_from([0, 0, 0.4, 1, 5, 9.7, 10])
"""Seconds until the next input: all limits are whole seconds, so that inputs and deadlines often fall into one."""


class Traffic:
    """A sandbox with a clock that stands, in this process, and the trace of what it is asked."""

    def __init__(self, answer_after: timedelta | None, rules: Rules, phones: Mapping[str, Phone] | None = None) -> None:
        directory = load_directory(demo.DIRECTORY)
        assert isinstance(directory, Directory)
        self.clock = Standing()
        self.calls: dict[str, PhoneCall] = {}
        self.trace = io.BytesIO()
        recorder, calls = (
            Recorder(self.trace, directory.numbering),
            list(demo.calls(self.clock.now().replace(microsecond=0))),
        )
        others = RINGS_OUT if answer_after is None else Phone(does="answers", after=answer_after.total_seconds())
        setup = Setup(directory=directory, calls=calls, others=others, phones=phones or {}, rules=rules)
        observers = Observers(stored=self._stored, started=recorder.start, stepped=recorder.record)
        with mock.patch("callstate.sandbox.phone_system.Clock", return_value=self.clock):
            self.system = PhoneSystem(setup, observers=observers)

    def _stored(self, _before: PhoneCall | None, after: PhoneCall) -> None:
        self.calls[after.id] = after

    def _id(self, index: int) -> str:
        return list(self.calls)[index % len(self.calls)]

    async def go(self, inputs: Iterable[tuple[float, Any]]) -> None:
        """Give it the inputs, each some seconds after the one before, and at last write down how the calls are."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(SandboxApplication(self.system)), base_url="http://localhost"
        ) as http:
            for seconds, what in inputs:
                self.clock.move(timedelta(seconds=seconds))
                await self._give(http, what)
            now = datetime.fromisoformat((await http.get("/sandbox/calls")).json()["now"])
        for call in self.calls.values():
            self.trace.write(record_listing(call, at=now))

    async def _give(self, http: httpx.AsyncClient, what: Any) -> None:  # Any: one of INPUTS
        match what:
            case ("signal", call, view, word):
                body = {"callId": self._id(call), "viewId": view, "signal": word}
                await http.post("/sandbox/signals", json=body)
            case ("PUT", side, call, body):
                await self._ask(http, "PUT", side, call, json=body)
            case ("DELETE", side, call, number):
                await self._ask(http, "DELETE", side, call, params={} if number is None else {"phoneNumber": number})
            case (_, (account, _), kind, query, body):
                path = f"/uapi/phoneCalls/@me/{kind}"
                await http.post(path, params=query, json=body, headers=self._token(account))
            case _:
                pytest.fail(f"no input: {what}")

    async def _ask(
        self, http: httpx.AsyncClient, method: str, side: tuple[str, str], call: int | None, **more: Any
    ) -> None:
        account, extension = side
        path = f"/uapi/phoneCalls/@me/{extension}{'' if call is None else f'/{self._id(call)}'}"
        answer = await http.request(method, path, headers=self._token(account), **more)
        assert answer.status_code < 500

    def _token(self, account: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.system.tokens.issue(account)}"}


def judged(traffic: Traffic, rules: Rules) -> Judge:
    judge = Judge(rules=rules)
    for line in traffic.trace.getvalue().splitlines():
        divergence = judge.judge(line)
        assert divergence is None, f"{divergence}\n{traffic.trace.getvalue().decode()}"
    return judge


@given(
    st.lists(st.tuples(WAITS, INPUTS), min_size=1, max_size=12),
    st.sampled_from([None, None, timedelta(0), timedelta(seconds=0.5), timedelta(seconds=5)]),
    st.sampled_from([LENIENT, LENIENT, STRICT]),
)
def test_whatever_a_sandbox_is_asked_its_trace_conforms(
    inputs: list[tuple[float, Any]], answer_after: timedelta | None, rules: Rules
) -> None:
    traffic = Traffic(answer_after, rules)
    asyncio.run(traffic.go(inputs))
    judged(traffic, rules)


def test_a_trace_knows_which_numbers_are_extensions() -> None:
    """A number that looks like an extension, and is none in the directory, is refused before the state is."""
    traffic = Traffic(None, LENIENT)
    unknown = {"action": "Monitor", "phoneCallViewId": "01", "sendCallTo": "0003*999"}
    outside = {"extension": ALICE, "phoneCallView": [{"source": ALICE, "destination": "999"}]}
    asyncio.run(traffic.go([(1, ("PUT", ("14", CAROL), 1, unknown)), (1, ("POST", ("12", ""), "simple", {}, outside))]))
    lines = [json.loads(line) for line in traffic.trace.getvalue().splitlines()]
    assert [line.get("extensions") for line in lines[2:4]] == [[CAROL], [ALICE]]
    assert lines[2]["answer"]["error"] == "pc_sendcallto_invalid"
    assert judged(traffic, LENIENT).tally["refused"] == 1


def test_the_lines_of_a_trace_are_numbered() -> None:
    traffic = Traffic(None, LENIENT)
    asyncio.run(traffic.go([(0, ("signal", 1, "01", "Answered")), (0, ("signal", 1, "01", "HungUp"))]))
    assert [json.loads(line)["seq"] for line in traffic.trace.getvalue().splitlines()[:4]] == [1, 2, 3, 4]


def test_what_comes_in_the_second_of_a_deadline_that_has_passed_comes_after_it() -> None:
    """The party's time is up, so the parker rings; an input at the very instant would come before the phone rang."""
    traffic = Traffic(None, LENIENT)
    park = {"action": "Park", "phoneCallViewId": "00", "maxInParking": 10}
    asyncio.run(traffic.go([(0, ("PUT", ("12", ALICE), 0, park)), (10, ("signal", 0, "02", "Answered"))]))
    lines = [json.loads(line) for line in traffic.trace.getvalue().splitlines()]
    assert [line["at"] for line in lines[2:4]] == ["2026-03-02T09:00:00Z", "2026-03-02T09:00:11Z"]
    assert judged(traffic, LENIENT).tally["accepted"] == 2


def test_phones_that_answer_by_themselves_are_in_the_trace() -> None:
    traffic = Traffic(timedelta(seconds=2), LENIENT)
    asyncio.run(traffic.go([(2, ("PUT", ("14", CAROL), 1, {"action": "OnHold", "phoneCallViewId": "01"}))]))
    tally = judged(traffic, LENIENT).tally
    assert (tally["signals"], tally["accepted"]) == (1, 2)


# A file that cannot be written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [("no/such/directory/x", "No such file or directory"), (".", "Is a directory"), ("\0", "no path")],
)
def test_a_file_that_cannot_be_opened_is_told_in_a_line(name: str, reason: str, capsys: Printed) -> None:
    assert main(["serve", "--port", "0", "--record", name]) == 2
    assert capsys.readouterr() == ("", f"callstate: cannot write {name!r}: {reason}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told_before_anything_is_served() -> None:
    with command("--record", "/dev/full") as process:
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (2, "", "callstate: cannot write: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_that_fills_up_ends_the_trace_and_not_the_sandbox() -> None:
    with command("--calls", '{"entry": []}', "--record", "/dev/full") as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[2]
        with httpx.Client(trust_env=False) as http:
            for _ in range(2):
                Client(address, http).ask("12", "POST", "/uapi/phoneCalls/@me/simple", 200, **made_by(ALICE))
        lines = stopped(process, signal.SIGTERM)
    assert [line for line in lines if "trace" in line] == ["The trace ends here: No space left on device."]


class FullDisk(io.BytesIO):
    """A file on a disk that takes a part of a line, and then nothing."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: Any) -> int:
        if self.tell() >= self._room:
            raise OSError(28, "No space left on device")
        return super().write(bytes(data)[: self._room - self.tell()])

    def close(self) -> None:
        self.kept = self.getvalue()
        super().close()


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_a_line_is_written_whole_or_not_at_all(cut: int) -> None:
    whole = io.BytesIO()
    recorder = Recorder(whole, Numbering())
    talk, ring = demo.calls(datetime(2026, 3, 2, 9, tzinfo=UTC))
    recorder.start(talk, datetime(2026, 3, 2, 9, tzinfo=UTC))
    full, lines = FullDisk(len(whole.getvalue()) + cut), list[str]()
    recorder = Recorder(full, Numbering())
    recorder.go_on(lines.append)
    recorder.start(talk, datetime(2026, 3, 2, 9, tzinfo=UTC))
    recorder.start(ring, datetime(2026, 3, 2, 9, tzinfo=UTC))
    recorder.start(ring, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert full.kept == whole.getvalue()
    assert lines == ["The trace ends here: No space left on device."]


def test_incoming_calls_phones_of_their_own_and_resets_are_in_the_trace() -> None:
    traffic = Traffic(None, LENIENT, {CAROL: Phone(does="holds", hold_after=3)})

    async def go() -> None:
        application = httpx.ASGITransport(SandboxApplication(traffic.system))
        async with httpx.AsyncClient(transport=application, base_url="http://localhost") as http:
            await http.post("/sandbox/calls", json={"source": "3334444", "destination": CAROL})
            await http.post("/sandbox/clock", json={"advance": 5})
            await http.put("/sandbox/calls", json={"state": "both-hold"})
            await http.post("/sandbox/reset")

    asyncio.run(go())
    tally = judged(traffic, LENIENT).tally
    assert tally["starts"] == 2 + 1 + 1 + 2
    assert (tally["signals"], tally["accepted"]) == (5, 5), "two calls ring Carol, and one of them again"
