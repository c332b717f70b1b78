"""What subscribers hear in each situation of a call, over HTTP and by the clock of the sandbox."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import httpx
import pytest

from callstate.voipnow.service import EventType
from tests.sandbox.listening import Listener, listening
from tests.sandbox.running import Running, served

NUMBERS = {
    "alice": "0003*210",
    "bob": "0003*024",
    "carol": "0003*211",
    "dave": "0003*212",
    "room": "0003*500",
}
USERS = {"alice": "12", "bob": "13", "carol": "14"}
NUMBERED = {**NUMBERS, "callback": "0003*600", "outside": "3334444", "elsewhere": "3235742879"}


def subscribe_all(client: httpx.Client, listener: Listener) -> None:
    """Subscribe each extension to each type, in the vendor's forms of the path in turn."""
    for name, number in NUMBERS.items():
        for kind in EventType:
            path = f"/{'uapi' if kind % 2 else 'unifiedapi'}/extensions/@owner/{number}/phoneCallEvents"
            body = {"method": f"{kind % 2}", "url": f"{listener.url}/{name}/{kind:d}"}
            if kind < EventType.HANGUP:
                body["type"] = f"{kind:d}"
            else:
                path = f"{path}/{kind:d}"
            assert client.post(path, json=body).status_code == 200


class Line:
    """One call in a sandbox: what is asked of it, and what the listener then hears."""

    def __init__(self, running: Running, client: httpx.Client, listener: Listener) -> None:
        self.running = running
        self.client = client
        self.listener = listener
        self.call = ""
        self._known = 0

    def hears(self) -> list[str]:
        """Return what was heard since the last time: whose event of which type, and its status."""
        self.running.system.deliveries.wait()
        new, self._known = self.listener.heard[self._known :], len(self.listener.heard)
        assert {one.parameters["CallID"] for one in new} <= {self.call}
        return sorted(f"{one.path.replace('/', ' ')[1:]} {one.parameters['CallStatus']}" for one in new)


Do: TypeAlias = Callable[[Line], object]


def create(kind: str, source: str, *destinations: str, also: str = "", **query: int) -> Do:
    def do(line: Line) -> None:
        sources = [NUMBERED[name] for name in (source, also) if name]
        view = {"source": sources, "destination": [NUMBERED[name] for name in destinations]}
        extension = {"callback": "callback", "conferenceInvite": "room"}.get(kind, source)
        body = {"extension": NUMBERED[extension], "phoneCallView": [view]}
        answer = line.client.post(f"/uapi/phoneCalls/@me/{kind}", json=body, params=query)
        line.call = answer.json()[0]["id"]

    return do


def comes_in(source: str, destination: str) -> Do:
    def do(line: Line) -> None:
        numbers = {"source": NUMBERED[source], "destination": NUMBERED[destination]}
        line.call = line.running.control("POST", "calls", **numbers)["id"]

    return do


def report(view: str, signal: str, **more: int) -> Do:
    return lambda line: line.running.control("POST", "signals", callId=line.call, viewId=view, signal=signal, **more)


def answers(view: str) -> Do:
    return report(view, "Answered")


def leaves(view: str, **more: int) -> Do:
    return report(view, "HungUp", **more)


def asks(extension: str, action: str, view: str, status: int = 202, **fields: str) -> Do:
    def do(line: Line) -> None:
        numbers = {name: NUMBERED.get(value, value) for name, value in fields.items()}
        path = f"/uapi/phoneCalls/{USERS[extension]}/{NUMBERED[extension]}/{line.call}"
        answer = line.client.put(path, json={"action": action, "phoneCallViewId": view, **numbers})
        assert answer.status_code == status, answer.text

    return do


def lists(line: Line) -> None:
    assert line.client.get(f"/uapi/phoneCalls/12/{NUMBERED['alice']}").status_code == 200


def hangs_up(line: Line) -> None:
    assert line.client.delete(f"/uapi/phoneCalls/12/{NUMBERED['alice']}/{line.call}").status_code == 200


def time_passes(line: Line) -> None:
    """Go to the next deadline of the sandbox's clock."""
    line.running.control("POST", "clock", toNext=True)


class Situation(NamedTuple):
    """What happens, each time with what is heard then, with commas between."""

    name: str
    steps: tuple[tuple[Do, str], ...]


def situation(name: str, *steps: tuple[Do, str]) -> Situation:
    return Situation(name, steps)


RUNG = (create("simple", "alice", "bob"), "")
DIALLED = (answers("00"), "alice 1 CALLING, bob 0 CALLING")
SIMPLE = (RUNG, DIALLED, (answers("01"), "alice 4 ANSWER, bob 3 ANSWER"))
RINGS = (comes_in("outside", "bob"), "bob 0 CALLING")
TALKS = ((comes_in("alice", "bob"), "alice 1 CALLING, bob 0 CALLING"), (answers("01"), "alice 4 ANSWER, bob 3 ANSWER"))
PARKED = (*TALKS, (asks("bob", "Park", "00", maxInParking="60"), "bob 2 ANSWER"))
BARGES = (*TALKS, (asks("carol", "BargeIn", "01", sendCallTo="carol"), "carol 0 CALLING"))
BOTH_LEAVE = "alice 2 ANSWER, bob 2 ANSWER"

SITUATIONS = (
    situation("a source that never answers", RUNG, (time_passes, "")),
    situation(
        "one of several destinations answers",
        (create("simple", "alice", "bob", "carol"), ""),
        (answers("00"), "alice 1 CALLING, bob 0 CALLING, carol 0 CALLING"),
        (answers("01"), "alice 4 ANSWER, bob 3 ANSWER, carol 2 NOANSWER"),
    ),
    situation("another source loses", (create("simple", "alice", "bob", also="dave"), ""), DIALLED),
    situation(
        "another source loses after the network reported the destination",
        (create("simple", "alice", "bob", also="dave"), ""),
        (report("02", "Rang"), "alice 1 CALLING, bob 0 CALLING, dave 1 CALLING"),
        (answers("00"), "dave 2 CANCEL"),
        (answers("02"), "alice 4 ANSWER, bob 3 ANSWER"),
    ),
    situation("the destination is busy", RUNG, DIALLED, (leaves("01", disposition=1), "alice 2 BUSY, bob 2 BUSY")),
    situation("nobody answers", RUNG, DIALLED, (time_passes, "alice 2 NOANSWER, bob 2 NOANSWER")),
    situation("the source gives up", RUNG, DIALLED, (leaves("00"), "alice 2 CANCEL, bob 2 CANCEL")),
    situation("it is hung up after the answer", *SIMPLE, (leaves("01"), BOTH_LEAVE)),
    situation(
        "a call to an outside number",
        (create("simple", "alice", "outside"), ""),
        (answers("00"), "alice 1 CALLING"),
        (answers("01"), "alice 4 ANSWER"),
        (leaves("01"), "alice 2 ANSWER"),
    ),
    situation(
        "a callback",
        (create("callback", "outside", "elsewhere"), ""),
        (answers("00"), ""),
        (answers("01"), ""),
        (leaves("00"), ""),
    ),
    situation(
        "a conference invites",
        (create("conferenceInvite", "room", "bob", "carol"), "bob 0 CALLING, carol 0 CALLING, room 1 CALLING"),
        (answers("01"), "bob 3 ANSWER, room 4 ANSWER"),
        (time_passes, "carol 2 NOANSWER"),
    ),
    situation(
        "a call of the network",
        TALKS[0],
        (report("00", "FarEndRang"), ""),
        (report("01", "Rang"), ""),
        (answers("01"), "alice 4 ANSWER, bob 3 ANSWER"),
    ),
    situation("an outside caller gives up", RINGS, (leaves("00"), "bob 2 CANCEL")),
    situation(
        "nothing that is told",
        *TALKS,
        (asks("alice", "OnHold", "00"), ""),
        (asks("alice", "OffHold", "00"), ""),
        (asks("alice", "OffHold", "00"), ""),  # a repeat
        (asks("alice", "UnPark", "00", status=400), ""),  # a refusal
        (asks("alice", "StartRecording", "00"), ""),
        (asks("alice", "StopRecording", "00"), ""),
        (report("01", "Rang"), ""),  # a late report
        (lists, ""),
    ),
    situation(
        "a transfer that is answered",
        *TALKS,
        (asks("bob", "Transfer", "01", transferFromNumber="bob", sendCallTo="carol"), "bob 2 ANSWER, carol 0 CALLING"),
        (answers("02"), "carol 3 ANSWER"),
        (leaves("00"), "alice 2 ANSWER, carol 2 ANSWER"),
    ),
    situation(
        "a transfer that is not answered",
        *TALKS,
        (asks("bob", "Transfer", "01", transferFromNumber="bob", sendCallTo="carol"), "bob 2 ANSWER, carol 0 CALLING"),
        (time_passes, "alice 2 ANSWER, carol 2 NOANSWER"),
    ),
    situation(
        "a transfer to an outside number",
        *TALKS,
        (asks("bob", "Transfer", "01", transferFromNumber="bob", sendCallTo="outside"), "bob 2 ANSWER"),
        (answers("02"), ""),
        (leaves("02"), "alice 2 ANSWER"),
    ),
    situation(
        "a transfer to a mailbox",
        *TALKS,
        (asks("bob", "TransferToVoicemail", "01", transferFromNumber="bob", sendCallTo="carol"), "bob 2 ANSWER"),
        (leaves("00"), "alice 2 ANSWER"),
    ),
    situation(
        "a pick-up",
        TALKS[0],
        (asks("carol", "PickUp", "01", sendCallTo="carol"), "carol 0 CALLING"),
        (answers("02"), "alice 4 ANSWER, bob 2 NOANSWER, carol 3 ANSWER"),
    ),
    situation(
        "a pick-up that is too late",
        TALKS[0],
        (asks("carol", "PickUp", "01", sendCallTo="carol"), "carol 0 CALLING"),
        (answers("01"), "alice 4 ANSWER, bob 3 ANSWER, carol 2 NOANSWER"),
    ),
    situation(
        "a pick-up that is not answered",
        TALKS[0],
        (asks("carol", "PickUp", "01", sendCallTo="carol", waitForPickup="5"), "carol 0 CALLING"),
        (time_passes, "carol 2 NOANSWER"),
    ),
    situation(
        "a pick-up of a source that the service rings",
        RUNG,
        (asks("carol", "PickUp", "00", sendCallTo="carol"), "carol 0 CALLING"),
        (answers("02"), "bob 0 CALLING, carol 3 ANSWER"),
        (answers("01"), "bob 3 ANSWER"),
    ),
    situation("a barge-in", *BARGES, (answers("02"), "carol 3 ANSWER"), (leaves("02"), "carol 2 ANSWER")),
    situation("a barge-in where the target leaves", *BARGES, (leaves("01"), f"{BOTH_LEAVE}, carol 2 CANCEL")),
    situation("whispering", *TALKS, (asks("carol", "Whisper", "01", sendCallTo="carol"), ""), (answers("02"), "")),
    situation("monitoring", *TALKS, (asks("carol", "Monitor", "01", sendCallTo="carol"), ""), (answers("02"), "")),
    situation(
        "ring-backs of the parking lot",
        *PARKED,
        (time_passes, "bob 0 CALLING"),
        (time_passes, "bob 2 NOANSWER"),
        (time_passes, "bob 0 CALLING"),
        (answers("03"), "bob 3 ANSWER"),
    ),
    situation(
        "an un-park",
        *PARKED,
        (asks("carol", "UnPark", "00", sendCallTo="carol"), "carol 0 CALLING"),
        (answers("02"), "carol 3 ANSWER"),
    ),
    situation(
        "an un-park that is not answered",
        *PARKED,
        (asks("carol", "UnPark", "00", sendCallTo="carol"), "carol 0 CALLING"),
        (time_passes, "carol 2 NOANSWER"),
    ),
    situation(
        "the parked party hangs up",
        *PARKED,
        (asks("carol", "UnPark", "00", sendCallTo="carol"), "carol 0 CALLING"),
        (leaves("00"), "alice 2 ANSWER, carol 2 CANCEL"),
    ),
    situation(
        "an outside party is parked",
        RINGS,
        (answers("01"), "bob 3 ANSWER"),
        (asks("bob", "Park", "01"), "bob 2 ANSWER"),
        (leaves("00"), ""),
    ),
    situation(
        "the limit of a call",
        (create("simple", "alice", "bob", callDuration=60), ""),
        DIALLED,
        (answers("01"), "alice 4 ANSWER, bob 3 ANSWER"),
        (time_passes, BOTH_LEAVE),
    ),
    situation("the whole call is hung up while it rings", RUNG, DIALLED, (hangs_up, "alice 2 CANCEL, bob 2 CANCEL")),
    situation("a caller that the network never reported up", TALKS[0], (hangs_up, "alice 2 CANCEL, bob 2 CANCEL")),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[Running, httpx.Client, Listener]]:
    with served([]) as running, running.client("admin") as client, listening() as listener:
        running.control("POST", "clock", frozen=True)
        subscribe_all(client, listener)
        yield running, client, listener


@pytest.mark.parametrize("name", [one.name for one in SITUATIONS])
def test_each_situation_is_told_as_the_table_says(sandbox: tuple[Running, httpx.Client, Listener], name: str) -> None:
    running, client, listener = sandbox
    running.control("PUT", "calls", calls=[])
    listener.heard.clear()
    line = Line(running, client, listener)
    (steps,) = (one.steps for one in SITUATIONS if one.name == name)
    for place, (do, expected) in enumerate(steps):
        do(line)
        assert line.hears() == [one for one in expected.split(", ") if one], f"step {place}"
