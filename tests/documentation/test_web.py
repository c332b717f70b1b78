"""The web application of the documentation, on a socket: its own paths and the vendor's API show the same calls."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.documentation.programs import start

VENDOR = "/pbx/uapi/phoneCalls/@me"
WANTED = {"extension": "@self", "phoneCallView": [{"source": ["210"], "destination": ["024"]}]}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = start("web.py", str(port))
    try:
        yield _when_it_answers(f"http://127.0.0.1:{port}")
    finally:
        program.terminate()
        program.communicate(timeout=30)


def _when_it_answers(address: str) -> str:
    until = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{address}/pbx/openapi.json", trust_env=False)
        except httpx.TransportError:
            assert time.monotonic() < until, "the program does not answer"
            time.sleep(0.05)
        else:
            return address


class Client:
    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        url, headers = f"{self._address}{path}", self._headers
        return httpx.request(method, url, json=body, headers=headers, trust_env=False, timeout=30)

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def post(self, path: str, **body: Any) -> httpx.Response:  # Any: JSON
        return self.ask("POST", path, body)

    def create(self, wait: int = 25) -> str:
        answer = self.post(f"{VENDOR}/simple?waitForPickup={wait}", **WANTED)
        assert answer.status_code == 200, answer.text
        call_id: str = answer.json()[0]["id"]
        return call_id

    def act(self, call_id: str, action: str, view: str, **fields: str) -> httpx.Response:
        return self.post(f"/calls/{call_id}/actions", action=action, phoneCallViewId=view, **fields)


@pytest.fixture
def alice(address: str) -> Client:
    return Client(address, "alice")


@pytest.fixture
def bob(address: str) -> Client:
    return Client(address, "bob")


@pytest.fixture
def switch(address: str) -> Client:
    return Client(address, "switch")


def answer(switch: Client, call_id: str, view: str) -> httpx.Response:
    return switch.post("/signals", action="Answered", phoneCallId=call_id, phoneCallViewId=view)


def talk(alice: Client, switch: Client) -> str:
    call_id = alice.create()
    for view in ("00", "01"):
        assert answer(switch, call_id, view).status_code == 200
    return call_id


def test_a_call_is_made_answered_and_held(alice: Client, bob: Client, switch: Client) -> None:
    call_id = talk(alice, switch)
    held = bob.act(call_id, "OnHold", "01")
    assert held.status_code == 200
    assert [party["state"] for party in held.json()["parties"]] == ["CONNECTED", "ON_HOLD"]
    assert alice.get(f"/calls/{call_id}").json() == held.json()


def test_what_is_done_on_the_own_paths_shows_in_the_vendors(alice: Client, bob: Client, switch: Client) -> None:
    call_id = talk(alice, switch)
    bob.act(call_id, "OnHold", "01")
    listed = alice.get(f"{VENDOR}/0003*210/{call_id}").json()["entry"][0]
    assert "onHold" in listed["phoneCallView"][1]
    assert alice.ask("DELETE", f"{VENDOR}/0003*210/{call_id}").status_code == 200
    assert bob.get(f"/calls/{call_id}").json()["parties"] == []


def test_a_refusal_says_what_is_allowed_instead(alice: Client, bob: Client, switch: Client) -> None:
    call_id = talk(alice, switch)
    bob.act(call_id, "OnHold", "01")
    refused = alice.act(call_id, "Whisper", "01", sendCallTo="0003*210")
    assert refused.status_code == 409
    assert refused.json()["code"] == "wrong_state"
    assert "OffHold" in refused.json()["allowed"]


def test_each_kind_of_refusal_has_its_status(alice: Client, switch: Client) -> None:
    call_id = talk(alice, switch)
    assert alice.act("none", "OnHold", "00").status_code == 404
    assert alice.act(call_id, "Sing", "00").status_code == 400
    assert alice.act(call_id, "OnHold", "07").status_code == 404
    assert alice.act(call_id, "Park", "00", maxInParking="5").status_code == 422
    assert switch.post("/signals", action="Answered").status_code == 400


def test_without_a_token_nothing_is_told(address: str, alice: Client) -> None:
    call_id = alice.create()
    stranger = Client(address, "stranger")
    assert stranger.get(f"/calls/{call_id}").status_code == 404
    assert stranger.act(call_id, "HangUp", "00").status_code == 401
    assert answer(alice, call_id, "00").status_code == 401


def call_outside(alice: Client) -> str:
    wanted = {"extension": "@self", "phoneCallView": [{"source": ["210"], "destination": ["3334444"]}]}
    call_id: str = alice.post(f"{VENDOR}/simple", **wanted).json()[0]["id"]
    return call_id


@pytest.mark.parametrize(
    ("action", "fields"), [("OnHold", {}), ("Monitor", {"sendCallTo": "0003*024"}), ("Sing", {}), ("HangUp", {})]
)
def test_of_somebody_elses_call_nothing_is_told(
    alice: Client, bob: Client, switch: Client, action: str, fields: dict[str, str]
) -> None:
    """Neither its state nor that there is one: it is answered like a call that does not exist."""
    call_id = call_outside(alice)
    told = []
    for view in (None, "00", "01"):
        if view is not None:
            answer(switch, call_id, view)
        for wanted in (call_id, "unknown"):
            shown, asked = bob.get(f"/calls/{wanted}"), bob.act(wanted, action, "00", **fields)
            told.append((shown.status_code, shown.text, asked.status_code, asked.text.replace(wanted, "ID")))
    assert len(set(told)) == 1
    assert (told[0][:3], '"allowed":[]' in told[0][3]) == ((404, "", 404), True)


@pytest.mark.parametrize("number", ["0009*999", "999", "3334444"])
def test_a_phone_that_is_not_in_the_directory_does_not_join(alice: Client, switch: Client, number: str) -> None:
    refused = alice.act(talk(alice, switch), "Monitor", "00", sendCallTo=number)
    assert (refused.status_code, refused.json()["code"]) == (422, "send_call_to_invalid")


def test_a_phone_that_listens_is_not_shown_to_those_it_listens_to(alice: Client, bob: Client, switch: Client) -> None:
    call_id = call_outside(alice)
    for view in ("00", "01"):
        answer(switch, call_id, view)
    shown = alice.act(call_id, "Monitor", "00", sendCallTo="0003*024").json()
    assert [party["view"] for party in shown["parties"]] == ["00", "01"]
    assert [party["view"] for party in bob.get(f"/calls/{call_id}").json()["parties"]] == ["00", "01", "02"]


def test_two_parties_are_parked_at_places_of_their_own(alice: Client, switch: Client) -> None:
    places = []
    for _ in range(2):
        call_id = call_outside(alice)
        for view in ("00", "01"):
            answer(switch, call_id, view)
        assert alice.act(call_id, "Park", "00").status_code == 200
        listed = alice.get(f"{VENDOR}/0003*210/{call_id}").json()["entry"][0]
        places.append(listed["phoneCallView"][0]["parkedPos"])
    assert len(set(places)) == 2


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}", b"\xff"])
def test_a_signal_that_cannot_be_read_is_refused(address: str, body: bytes) -> None:
    headers = {"Authorization": "Bearer switch"}
    answered = httpx.post(f"{address}/signals", content=body, headers=headers, trust_env=False, timeout=30)
    assert answered.status_code == 400
    assert answered.json()["message"]


def test_a_phone_stops_ringing_without_anybody_asking(alice: Client) -> None:
    call_id = alice.create(wait=1)
    until = time.monotonic() + 30
    while alice.get(f"/calls/{call_id}").json()["parties"]:
        assert time.monotonic() < until, "it rings for ever"
        time.sleep(0.05)
