"""Several processes behind one database are one sandbox: here in one process, each with an engine of its own."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from callstate import LENIENT
from callstate.cli import main
from callstate.sandbox import Phone, PhoneSystem, Setup, SetupError, demo, event_stream
from callstate.sandbox.clock import Clock
from callstate.sandbox.memory_state import MemoryState
from callstate.sandbox.phones import RINGS_OUT, Phones
from callstate.sandbox.plans import Planned, Plans
from callstate.sandbox.server import Settings, _welcome, setup_of
from callstate.sandbox.shared import opened
from callstate.sandbox.shared.mapping import SharedMapping
from callstate.sandbox.simulation import Observers, Simulation
from callstate.voipnow.http import Grant, HttpRequest
from callstate.voipnow.stores.sql import Outbox
from tests.calls import parked
from tests.sandbox.listening import listening
from tests.sandbox.running import AT, RING, TALK, directory, served

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
EVENTS = f"/uapi/extensions/14/{CAROL}/phoneCallEvents"
PARTICIPANTS = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}


class Process(NamedTuple):
    """One of the processes: its phone system, and how many calls it has stored by itself."""

    system: PhoneSystem
    stored: list[str]

    def ask(self, method: str, path: str, body: object = None, token: str = "fixed") -> Any:  # Any: JSON  # noqa: S107  # the token of these tests
        status, answer = self.answer(method, path, body, token)
        assert status in range(200, 300), answer
        return answer

    def answer(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:  # Any: JSON
        headers = (("Authorization", f"Bearer {token}"), ("Host", "localhost"))
        data = b"" if body is None else json.dumps(body).encode()
        request = HttpRequest(method=method, target=path, headers=headers, body=data, base="http://localhost")
        response = self.system.answer(request).response
        return response.status, json.loads(response.body)

    def views(self, call_id: str = RING) -> list[str]:
        """Return the states of the views of a call."""
        calls = {call.id: call for call in self.system.world.calls()}
        return [view.state for view in calls[call_id].views]


Start = Callable[..., Process]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/sandbox.db?timeout=60"


@pytest.fixture
def start(url: str) -> Start:
    def make(**more: Any) -> Process:  # Any: fields of a setup
        stored: list[str] = []
        given = {"calls": demo.calls(AT), "tokens": {"fixed": "12"}} | more
        setup = Setup(directory=directory(), parts=opened(url), **given)
        observers = Observers(stored=lambda _before, after: stored.append(after.id))
        return Process(PhoneSystem(setup, observers=observers), stored)

    return make


def sleep_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)


# Calls ----------------------------------------------------------------------------------------------------------------


def test_a_call_of_one_process_is_there_for_the_others_too(start: Start) -> None:
    one, other = start(), start()
    created = one.ask("POST", "/uapi/phoneCalls/@me/simple", PARTICIPANTS)[0]["id"]
    listed = other.ask("GET", f"/uapi/phoneCalls/@me/@self/{created}")
    assert [entry["id"] for entry in listed["entry"]] == [created]
    assert other.ask("DELETE", f"/uapi/phoneCalls/@me/@self/{created}") == [{"id": created}]
    assert one.ask("GET", f"/uapi/phoneCalls/@me/@self/{created}")["entry"] == []


def test_a_process_that_starts_later_replaces_nothing(start: Start) -> None:
    one = start()
    one.ask("DELETE", f"/uapi/phoneCalls/@me/@self/{TALK}")
    other = start()
    assert other.stored == []
    assert other.views(TALK) == ["ENDED", "ENDED"]


def test_a_deadline_fires_in_one_of_the_processes(start: Start) -> None:
    one, other = start(), start()
    created = one.ask("POST", "/uapi/phoneCalls/@me/simple?waitForPickup=1", PARTICIPANTS)[0]["id"]
    time.sleep(1.1)
    for process in (one, other):
        process.system.wake()
    assert one.views(created) == other.views(created) == ["ENDED", "ENDED"]
    assert [*one.stored, *other.stored].count(created) == 2, "it is stored when it is created, and when its time is up"


def test_a_deadline_that_another_process_has_just_fired_is_let_go(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = start(calls=()), start()
    created = one.ask("POST", "/uapi/phoneCalls/@me/simple?waitForPickup=1", PARTICIPANTS)[0]["id"]
    time.sleep(1.1)
    state, found = one.system.world._state, one.system.world._state.by_id(created)  # noqa: SLF001  # to come in between
    other.system.wake()
    looks = iter([found])
    by_id = state.by_id
    monkeypatch.setattr(state, "by_id", lambda call_id: next(looks, None) or by_id(call_id))
    before = state.next
    due = iter([(datetime.now(UTC), created)])
    monkeypatch.setattr(state, "next", lambda: next(due, None) or before())
    one.stored.clear()
    one.system.wake()
    assert one.stored == []


def test_two_processes_never_park_at_one_position(start: Start) -> None:
    one, other = start(), start()
    report(one, RING, "01", "Answered")
    parked_at = [
        process.ask("PUT", f"/uapi/phoneCalls/@me/@self/{call}", {"action": "Park", "phoneCallViewId": view}, token)
        for process, call, view, token in (
            (one, TALK, "00", "fixed"),
            (other, RING, "01", one.system.tokens.issue("14")),
        )
    ]
    assert len(parked_at) == 2
    views = [view for call in one.system.world.calls() for view in call.views]
    assert sorted(view.parking.position for view in views if view.parking is not None) == [1, 2]


def test_a_report_is_for_the_call_as_another_process_has_left_it(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = start(), start()
    state = one.system.world._state  # noqa: SLF001  # to come in between
    swap = state.swap

    def late(*arguments: Any) -> bool:
        monkeypatch.undo()
        report(other, TALK, "00", "Held")
        return swap(*arguments)

    monkeypatch.setattr(state, "swap", late)
    report(one, TALK, "01", "Held")
    assert one.views(TALK) == ["ON_HOLD", "ON_HOLD"]


def report(process: Process, call_id: str, view_id: str, signal: str) -> None:
    process.ask("POST", "/sandbox/signals", {"callId": call_id, "viewId": view_id, "signal": signal})


def test_calls_can_be_replaced_and_put_back_for_all(start: Start) -> None:
    one, other = start(), start()
    one.ask("PUT", "/sandbox/calls", {"calls": []})
    assert other.ask("GET", "/sandbox/calls")["calls"] == []
    other.ask("POST", "/sandbox/reset")
    assert [call["id"] for call in one.ask("GET", "/sandbox/calls")["calls"]] == [TALK, RING]


def test_a_call_that_another_process_adds_at_the_same_time_is_there_once() -> None:
    class Raced(MemoryState):
        def swap(self, *arguments: Any) -> bool:
            super().swap(*arguments)  # that was the other process
            return False

    state = Raced(directory().organization_of, Plans(Phones(RINGS_OUT, {})))
    world = Simulation(state, Clock(), observers=Observers(), rules=LENIENT)
    world.start(demo.calls(AT))
    assert [call.id for call in world.calls()] == [TALK, RING]


def test_two_calls_with_one_parking_position_are_not_taken(start: Start) -> None:
    with pytest.raises(ValueError, match="'other' cannot be kept"):
        start(calls=(parked(), replace(parked(), id="other")))


# Phones ---------------------------------------------------------------------------------------------------------------


def test_a_phone_does_for_all_what_one_process_was_told(start: Start) -> None:
    one, other = start(), start()
    one.ask("PUT", f"/sandbox/phones/{BOB}", {"does": "busy"})
    assert other.ask("GET", "/sandbox/phones")["phones"][BOB] == {"does": "busy"}
    assert other.system.phones.phone(BOB) == Phone(does="busy")
    other.ask("DELETE", f"/sandbox/phones/{BOB}")
    assert one.system.phones.phone(BOB) == RINGS_OUT
    one.ask("PUT", f"/sandbox/phones/{BOB}", {"does": "busy"})
    one.ask("PUT", f"/sandbox/phones/{BOB}", {"does": "holds"})
    other.ask("POST", "/sandbox/reset")
    assert one.system.phones.phone(BOB) == RINGS_OUT


def test_a_phone_answers_once_whichever_process_wakes(start: Start) -> None:
    one, other = start(others=Phone(does="answers", after=0.2)), start(others=Phone(does="answers", after=0.2))
    call = one.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})["id"]
    assert other.views(call) == ["ANSWERED", "RINGING"]
    time.sleep(0.3)
    other.system.wake()
    one.system.wake()
    assert one.views(call) == ["CONNECTED", "CONNECTED"]
    assert (one.stored.count(call), other.stored.count(call)) == (1, 1)


def test_a_plan_is_carried_out_by_one_process(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Phone(does="answers", after=10)
    one, other = start(others=answers, calls=()), start(others=answers, calls=())
    call = one.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})["id"]
    state = one.system.world._state  # noqa: SLF001  # to come in between
    found = state.next()
    assert found is not None
    assert isinstance(found[1], Planned)
    assert other.system.world._state.done(found[1])  # noqa: SLF001  # as above
    due, following = iter([(AT, found[1])]), state.next
    monkeypatch.setattr(state, "next", lambda: next(due, None) or following())
    one.system.wake()
    assert one.views(call) == ["ANSWERED", "RINGING"]


def test_a_phone_that_holds_does_so_once_and_not_after_the_call(start: Start) -> None:
    phones = {CAROL: Phone(does="holds", hold_after=0.1)}
    one, other = start(phones=phones), start(phones=phones)
    call = one.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})["id"]
    for process in (one, other, one):
        time.sleep(0.15)
        process.system.wake()
    assert one.views(call) == ["CONNECTED", "ON_HOLD"]
    report(other, call, "01", "Resumed")
    time.sleep(0.15)
    one.system.wake()
    assert one.views(call) == ["CONNECTED", "CONNECTED"]
    report(one, call, "00", "HungUp")
    assert one.views(call) == ["ENDED", "ENDED"]


def test_a_phone_that_is_held_before_it_holds_does_not_hold_later(start: Start) -> None:
    one = start(phones={CAROL: Phone(does="holds", hold_after=60)}, calls=())
    call = one.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})["id"]
    one.system.wake()
    assert one.views(call) == ["CONNECTED", "CONNECTED"]
    assert isinstance(one.system.world.next_due(), datetime)
    report(one, call, "01", "Held")
    report(one, call, "01", "Resumed")
    assert one.system.world.next_due() is None


# Tokens ---------------------------------------------------------------------------------------------------------------


def test_a_token_of_one_process_is_valid_for_all_until_it_is_expired(start: Start) -> None:
    one, other = start(), start()
    token = one.system.tokens.issue("12")
    path = "/uapi/phoneCalls/@me/@self"
    assert other.answer("GET", path, token=token)[0] == 200
    assert other.ask("DELETE", f"/sandbox/tokens?token={token}") == {"expired": 1}
    assert one.answer("GET", path, token=token)[0] == 401
    assert one.ask("DELETE", "/sandbox/tokens?account=12") == {"expired": 1}
    assert other.answer("GET", path, token="fixed")[0] == 401  # noqa: S106  # of a sandbox
    other.ask("POST", "/sandbox/reset")
    assert one.answer("GET", path, token="fixed")[0] == 200  # noqa: S106  # as above
    assert list(other.system.tokens) == ["fixed"]


def test_a_shared_mapping_is_a_mapping(url: str) -> None:
    opened(url)
    engine = create_engine(url)
    made, other = SharedMapping(engine, "a", Grant), SharedMapping(engine, "b", Grant)
    grants = {name: Grant(account=name, until=AT) for name in "zyx"}
    made.update(grants)
    made["z"] = grants["y"]
    assert (list(made), len(made), made["z"], len(other)) == (["z", "y", "x"], 3, grants["y"], 0)
    del made["z"]
    set_by_another(made, "w", grants["x"])
    assert made.pop("w") == grants["y"]
    for missing in ("z", "\0", "\ud800"):
        with pytest.raises(KeyError):
            made[missing]
    with pytest.raises(KeyError):
        del made["z"]
    engine.dispose()


def set_by_another(mapping: SharedMapping[Grant], name: str, theirs: Grant) -> None:
    """Set a value that another process sets between the look at it and the change."""
    ours = mapping._store  # noqa: SLF001  # to come in between
    first = iter([True])

    def late(name: str, text: str) -> None:
        if next(first, False):
            ours(name, msgspec.json.encode(theirs).decode())
            raise IntegrityError("INSERT", None, Exception("it is there"))
        ours(name, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapping, "_store", late)
        mapping[name] = replace(theirs, account="y")


# Call events ----------------------------------------------------------------------------------------------------------


def test_an_event_is_sent_once_by_one_of_the_processes(url: str) -> None:
    with served([], parts=opened(url)) as one, served([], parts=opened(url)) as other, listening() as listener:
        with one.client("14") as carol:
            for kind in ("0", "2"):
                body = {"type": kind, "method": "1", "url": f"{listener.url}/{kind}"}
                assert carol.post(EVENTS, json=body).status_code == 200
        calls = [
            running.control("POST", "calls", source="3334444", destination=CAROL)["id"] for running in (one, other) * 5
        ]
        for call in calls:
            one.signal(call, "00", "HungUp")
        listener.wait_for(lambda: len(listener.of("/2")) == len(calls))
        sleep_until(lambda: sum("hangup of" in line for line in (*one.lines, *other.lines)) >= len(calls))
    assert sorted(heard.parameters["CallID"] for heard in listener.of("/0")) == sorted(calls)
    assert sorted(heard.parameters["CallID"] for heard in listener.of("/2")) == sorted(calls)


def test_what_a_process_did_not_send_is_sent_by_another(start: Start, url: str) -> None:
    with listening() as listener:
        stopped = start()
        stopped.system.tokens.issue("14")
        token = stopped.system.tokens.issue("14")
        stopped.ask("POST", EVENTS, {"type": "0", "method": "0", "url": f"{listener.url}/late"}, token)
        call = stopped.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})["id"]
        assert listener.heard == []
        with served([], parts=opened(url)):
            listener.wait_for(lambda: len(listener.heard) == 1)
    assert listener.heard[0].parameters["CallID"] == call


def test_a_reset_forgets_subscriptions_and_events(start: Start, url: str) -> None:
    one, other = start(), start()
    token = one.system.tokens.issue("14")
    one.ask("POST", EVENTS, {"type": "0", "method": "0", "url": "http://127.0.0.1:9/"}, token)
    one.ask("POST", "/sandbox/calls", {"source": "3334444", "destination": CAROL})
    other.ask("POST", "/sandbox/reset")
    assert list(one.system.deliveries.subscriptions.by_extension(CAROL)) == []
    engine = create_engine(url)
    assert Outbox(engine).claim(AT, until=AT + timedelta(seconds=1)) == []
    engine.dispose()
    other.system.deliveries.wait()
    assert other.system.deliveries.entries({}) == ()
    assert other.system.deliveries.after(0, 10) == ()


# What cannot be shared ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sandbox/clock"),
        ("GET", "/sandbox/requests"),
        ("GET", "/sandbox/deliveries"),
        ("GET", "/sandbox/history"),
        ("GET", event_stream.PATH),
        ("GET", "/"),
        ("GET", "/sandbox/faults"),
        ("POST", "/sandbox/faults"),
        ("DELETE", "/sandbox/faults"),
    ],
)
def test_what_each_process_has_for_itself_is_refused(start: Start, method: str, path: str) -> None:
    status, answer = start().answer(method, path, {"frozen": True} if "clock" in path else None)
    assert (status, answer["error"]["code"]) == (409, "not_shared")
    assert answer["error"]["message"].startswith(f"{method} {path} is not possible with --store: ")


def test_the_clock_can_be_read(start: Start) -> None:
    assert not start().ask("GET", "/sandbox/clock")["frozen"]


def test_a_process_looks_often_for_what_others_have_planned(start: Start) -> None:
    wait = start(calls=()).system.wait()
    assert wait is not None
    assert wait <= 0.25


def test_a_console_that_is_refused_is_not_announced(start: Start) -> None:
    alone = PhoneSystem(Setup(directory=directory()))
    announced = [list(_welcome("http://host", system, "12", None)) for system in (alone, start().system)]
    assert [any("console" in line for line in lines) for lines in announced] == [True, False]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "--store: Could not parse"),
        ("nosuch://host/db", "--store: Can't load plugin"),
        ("sqlite:////no/such/folder/calls.db", "--store: the database cannot be used: unable to open database file"),
        ("mysql://host/db", "--store: No module named 'MySQLdb'"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    url: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", "--store", url]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"callstate: {reason}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("option", [["--seed", "1"], ["--record", "trace.jsonl"]])
def test_what_is_of_one_process_does_not_go_with_a_database(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", "--store", "sqlite://", *option]) == 2
    assert "--store goes with neither --record nor --seed" in capsys.readouterr().err


def test_without_the_library_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "callstate.sandbox.shared", None)
    with pytest.raises(SetupError, match="--store needs SQLAlchemy: pip install sqlalchemy"):
        setup_of(Settings(store="sqlite://"))
