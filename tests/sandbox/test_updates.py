"""What those who watch a sandbox are told: how things are when they begin to watch, and then what changes."""

import asyncio
import itertools
import time
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from callstate import Answered, Held, HungUp, PhoneCall
from callstate.sandbox import Incoming, PhoneSystem, Setup, call_histories, demo, directory_of, event_stream, updates
from callstate.sandbox.app import SandboxApplication
from callstate.sandbox.updates import Seen
from tests.sandbox.running import AT, RING, TALK, Answer, Running, Start, served

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"


@pytest.fixture
def system() -> PhoneSystem:
    return PhoneSystem(Setup(directory=directory_of(None), calls=tuple(demo.calls(AT))))


NOTHING = Seen()


def told(system: PhoneSystem, seen: Seen = NOTHING) -> tuple[Answer, Seen]:
    """Return an update as it is sent, and what has been seen with it."""
    update, seen = system.updates_since(seen)
    return None if update is None else msgspec.json.decode(msgspec.json.encode(update)), seen


def let_in(system: PhoneSystem, **more: Any) -> PhoneCall:
    return system.do(lambda: system.let_in(Incoming(source="3334444", destination=CAROL, **more)))


def report(system: PhoneSystem, call_id: str, view_id: str) -> None:
    system.do(lambda: system.report(Answered(call_id=call_id, view_id=view_id)))


# The first update -----------------------------------------------------------------------------------------------------


def test_the_first_update_tells_how_everything_is(system: PhoneSystem) -> None:
    update, _ = told(system)
    assert {"number": ALICE, "kind": "phone terminal", "user": "12", "name": "Alice"} in update["directory"]
    assert [call["id"] for call in update["calls"]] == [TALK, RING]
    assert (update["frozen"], update["nextDue"]) == (False, None)


def test_a_party_has_its_state_since_when_and_what_can_be_done(system: PhoneSystem) -> None:
    call = let_in(system, caller_id="Sales", wait_for_pickup=30)
    update, _ = told(system)
    caller, called = update["calls"][-1]["parties"]
    assert called["callerId"] == "Sales"
    assert called["state"] == "RINGING"
    assert called["since"] == update["calls"][-1]["published"]
    assert called["until"] == update["calls"][-1]["deadline"]
    assert called["actions"] == ["PickUp", "Transfer", "TransferToVoicemail", "HangUp"]
    assert called["signals"] == ["Answered", "HungUp"]
    assert (caller["outside"], caller["signals"]) == (True, ["HungUp"])
    assert "actions" not in caller, "nobody has a token for a party outside"
    assert call.id == update["calls"][-1]["id"]


def test_nothing_is_told_where_nothing_has_changed(system: PhoneSystem) -> None:
    _, seen = told(system)
    assert told(system, seen) == (None, seen)


# Changes --------------------------------------------------------------------------------------------------------------


def test_only_the_call_that_changed_is_told(system: PhoneSystem) -> None:
    _, seen = told(system)
    report(system, RING, "01")
    update, seen = told(system, seen)
    assert [call["id"] for call in update["calls"]] == [RING]
    assert {party["state"] for party in update["calls"][0]["parties"]} == {"CONNECTED"}
    assert "directory" not in update
    assert told(system, seen)[0] is None


def test_a_party_that_stays_in_its_state_has_it_since_the_same_time(system: PhoneSystem) -> None:
    since = [party["since"] for party in told(system)[0]["calls"][0]["parties"]]
    system.do(lambda: system.world.move(timedelta(seconds=60)))
    system.do(lambda: system.report(Held(call_id=TALK, view_id="01")))
    call = told(system)[0]["calls"][-1]
    assert call["parties"][0]["since"] == since[0]
    assert call["parties"][1]["since"] == call["updated"] > since[1]


def test_changes_between_two_looks_are_one_update(system: PhoneSystem) -> None:
    _, seen = told(system)
    call = let_in(system)
    report(system, call.id, "01")
    system.do(lambda: system.report(HungUp(call_id=call.id, view_id="01")))
    (shown,) = told(system, seen)[0]["calls"]
    assert shown["over"]
    assert shown["parties"][1]["disposition"] == 0


def test_many_calls_come_in_pieces(system: PhoneSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "MOST_CALLS", 2)
    expected = [TALK, RING, *(let_in(system).id for _ in range(3))]
    pieces, seen = [], Seen()
    while (piece := told(system, seen))[0] is not None:
        pieces.append([call["id"] for call in piece[0].get("calls", ())])
        seen = piece[1]
    assert [len(piece) for piece in pieces] == [2, 2, 1]
    assert list(itertools.chain(*pieces)) == expected


def test_other_calls_are_told_from_the_beginning(system: PhoneSystem) -> None:
    let_in(system)
    _, seen = told(system)
    system.do(system.reset)
    update, _ = told(system, seen)
    assert update["directory"]
    assert [call["id"] for call in update["calls"]] == [TALK, RING]


def test_of_calls_that_are_over_the_last_are_kept(system: PhoneSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_histories, "MOST_OVER", 2)
    calls = [let_in(system) for _ in range(3)]
    for call in calls:
        system.do(lambda call=call: system.report(HungUp(call_id=call.id, view_id="01")))  # type: ignore[misc]  # of this round
    assert [call["id"] for call in told(system)[0]["calls"]] == [TALK, RING, calls[1].id, calls[2].id]
    system.do(lambda: system.report(HungUp(call_id=calls[0].id, view_id="01")))
    with pytest.raises(ValueError, match=f"there is no call '{calls[0].id}', or it has been over for a while"):
        system.updates.history(calls[0].id)


@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_that_is_set_is_told(system: PhoneSystem, *, frozen: bool) -> None:
    _, seen = told(system)
    system.do(lambda: system.clock.freeze(frozen))
    update, seen = told(system, seen)
    assert update["frozen"] is frozen
    system.do(lambda: system.world.move(timedelta(seconds=5)))
    assert told(system, seen)[0]["now"] > update["now"]


# What has happened to a call ------------------------------------------------------------------------------------------


def causes(history: Answer) -> list[list[tuple[str, bool]]]:
    return [[(cause["name"], cause.get("signal", False)) for cause in event["causes"]] for event in history["events"]]


def test_the_history_of_a_call_tells_what_was_asked_and_what_came_of_it(running: Running) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}"
    with running.client("12") as alice:
        alice.put(path, json={"action": "OnHold", "phoneCallViewId": "01"})
        refusal = alice.put(path, json={"action": "PickUp", "phoneCallViewId": "01", "sendCallTo": CAROL}).json()
        running.signal(TALK, "01", "Resumed")
        alice.delete(path)
    history = running.control("GET", f"history?call={TALK}")
    assert causes(history) == [[], [("OnHold", False)], [("PickUp", False)], [("Resumed", True)], [("HangUp", False)]]
    refused = history["events"][2]
    assert (refused["changes"], refused["causes"][0]["refused"]) == ([], refusal["error"]["message"])
    entered = [
        change["entered"] for event in history["events"][1:4] for change in event["changes"] if "entered" in change
    ]
    assert entered == ["ON_HOLD", "CONNECTED"]
    assert [change["change"] for change in history["events"][-1]["changes"]][-1] == "CallEnded"
    assert history["call"]["over"]


def test_what_happens_by_itself_has_no_cause(running: Running) -> None:
    running.control("POST", "clock", frozen=True)
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    running.control("POST", "clock", advance=30)
    history = running.control("GET", f"history?call={call['id']}")
    assert causes(history) == [[], []]
    assert history["events"][1]["at"] == call["deadline"]


def test_a_call_that_a_client_creates_has_that_as_its_cause(running: Running) -> None:
    body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}
    with running.client("12") as alice:
        call = alice.post("/uapi/phoneCalls/@me/simple", json=body).json()[0]
    assert causes(running.control("GET", f"history?call={call['id']}")) == [[("CreateSimple", False)]]


def test_a_call_without_any_date_is_shown(running: Running) -> None:
    view = {"id": "00", "extension": ALICE, "state": "OFF_HOOK", "side": 0}
    running.control("PUT", "calls", calls=[{"id": "c1", "extension": ALICE, "views": [view]}])
    (party,) = running.control("GET", "history?call=c1")["call"]["parties"]
    assert (party.get("since"), party["signals"]) == (None, ["Dialled", "FarEndRang", "HungUp"])


def test_a_repeat_is_an_event_of_its_own_and_only_the_last_events_are_kept(system: PhoneSystem) -> None:
    for _ in range(call_histories.MOST_EVENTS + 5):
        report(system, RING, "00")
    events = system.updates.history(RING).events
    assert len(events) == call_histories.MOST_EVENTS
    assert {(len(event.causes), event.changes) for event in events} == {(1, ())}


def test_one_hang_up_of_several_phones_is_one_event(running: Running) -> None:
    body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [BOB]}]}
    with running.client("3") as organization:
        call = organization.post("/uapi/phoneCalls/12/simple", json=body).json()[0]
        running.signal(call["id"], "00", "Answered")
        organization.put(
            f"/uapi/phoneCalls/12/{ALICE}/{call['id']}",
            json={"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": CAROL},
        )
        organization.delete(f"/uapi/phoneCalls/@me/@self/{call['id']}")
    assert causes(running.control("GET", f"history?call={call['id']}"))[-1][0] == ("HangUp", False)


# The stream -----------------------------------------------------------------------------------------------------------


@contextmanager
def watching(running: Running) -> Iterator[Iterator[Answer]]:
    """Watch a sandbox as a browser does, and read one update after the other."""
    with (
        httpx.Client(base_url=running.url, trust_env=False, timeout=10) as client,
        client.stream("GET", "/sandbox/updates") as answer,
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 1000"
        yield (msgspec.json.decode(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_who_watches_is_told_everything_and_then_each_change(running: Running) -> None:
    with watching(running) as updates_:
        assert [call["id"] for call in next(updates_)["calls"]] == [TALK, RING]
        running.signal(RING, "01", "Answered")
        assert [call["id"] for call in next(updates_)["calls"]] == [RING]
        with running.client("12") as alice:
            alice.get("/uapi/phoneCalls/@me/@self")
        assert next(updates_)["requests"][-1]["path"] == "/uapi/phoneCalls/@me/@self"
        running.control("POST", "clock", frozen=True)
        assert next(updates_)["frozen"]


def test_a_look_at_the_sandbox_is_no_change(running: Running) -> None:
    with watching(running) as updates_:
        next(updates_)
        running.control("GET", "clock")
        time.sleep(4 * event_stream.PAUSE_SECONDS)
        running.signal(RING, "01", "Answered")
        assert [call["id"] for call in next(updates_)["calls"]] == [RING]


def test_what_happens_by_itself_is_told(start: Start) -> None:
    running = start(demo.calls(AT), answer_after=timedelta(seconds=0.2))
    with watching(running) as updates_:
        states = (
            party["state"] for update in updates_ for call in update.get("calls", ()) for party in call["parties"]
        )
        assert "RINGING" in states
        running.control("POST", "calls", source="3334444", destination="0003*212")
        assert "RINGING" in states
        assert "CONNECTED" in states


def test_more_calls_than_one_update_has_are_told_without_waiting(running: Running) -> None:
    for _ in range(updates.MOST_CALLS):
        running.control("POST", "calls", source="3334444", destination=CAROL)
    with watching(running) as updates_:
        assert len(next(updates_)["calls"]) == updates.MOST_CALLS
        assert len(next(updates_)["calls"]) == 2


def test_subscriptions_and_deliveries_are_told(running: Running) -> None:
    body = {"type": "0", "method": "0", "url": f"{running.url}/nobody", "status": "1", "note": "mine"}
    with watching(running) as updates_, running.client("14") as carol:
        next(updates_)
        carol.post(f"/uapi/extensions/@me/{CAROL}/phoneCallEvents", json=body)
        told_of = next(update["subscriptions"] for update in updates_ if "subscriptions" in update)
        assert [(one["extension"], one["note"]) for one in told_of] == [(CAROL, "mine")]
        running.control("POST", "calls", source="3334444", destination=CAROL)
        deliveries = (one for update in updates_ for one in update.get("deliveries", ()))
        assert next(one for one in deliveries if "status" in one)["status"] == 404


def test_a_heartbeat_tells_the_time(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0.01)
    with watching(running) as updates_:
        next(updates_)
        beat = next(updates_)
    assert beat.keys() == {"now", "frozen", "nextDue"}


def test_so_many_may_watch_at_the_same_time(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "MOST", 1)
    with watching(running) as updates_:
        next(updates_)
        answer = httpx.get(f"{running.url}/sandbox/updates", trust_env=False)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "too_many_watchers")


def test_updates_are_only_read(untouched: Running) -> None:
    answer = httpx.post(f"{untouched.url}/sandbox/updates", trust_env=False)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_who_has_left_is_forgotten(running: Running) -> None:
    with watching(running) as updates_:
        next(updates_)
        assert running.system.updates.watched == 1
    for _ in range(500):
        time.sleep(0.01 * running.system.updates.watched)
    assert running.system.updates.watched == 0


def test_a_sandbox_that_stops_does_not_wait_for_who_watches() -> None:
    with ExitStack() as stack:
        running = stack.enter_context(served([]))
        with watching(running) as updates_:
            next(updates_)
            stack.close()
            with pytest.raises(httpx.RemoteProtocolError):
                list(updates_)
    assert [line for line in running.lines if "Traceback" in line or "Cancel" in line] == []


def test_a_watcher_of_a_loop_that_has_ended_is_passed_over(system: PhoneSystem) -> None:
    def gone() -> None:
        raise RuntimeError("Event loop is closed")

    system.updates.watch(gone)
    report(system, RING, "01")
    system.updates.leave(gone)


def test_a_watcher_that_does_not_read_is_cut_off(system: PhoneSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "STALLED_SECONDS", 0.01)
    aborted: list[bool] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/sandbox/updates",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "state": {"abort": lambda: aborted.append(True)},
    }
    parts = [{"type": "http.request"}]

    async def receive() -> MutableMapping[str, Any]:
        return parts.pop() if parts else await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message.get("body", b"").startswith(b"data"):
            await asyncio.Future()

    asyncio.run(SandboxApplication(system)(scope, receive, send))
    assert aborted == [True]
    assert system.updates.watched == 0
