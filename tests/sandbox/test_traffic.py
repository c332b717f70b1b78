"""What the vendor's clients send, as they send it, over a socket: every answer is JSON that they can read."""

import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from callstate.sandbox import demo
from tests.sandbox.running import AT, RING, TALK, Answer, Running, Start

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"


@pytest.fixture
def alice(running: Running) -> Iterator[httpx.Client]:
    with running.client("12") as client:
        yield client


def read(answer: httpx.Response, status: int = 202) -> Answer:
    assert answer.headers["content-type"] == "application/json"
    assert answer.status_code == status, answer.text
    return answer.json()


def update(client: httpx.Client, path: str, **body: object) -> Answer:
    return read(client.put(path, json=body))


def views(client: httpx.Client, call_id: str) -> dict[str, Answer]:
    """Read a call as a client sees it: its views by their ids."""
    (call,) = read(client.get(f"/uapi/phoneCalls/@me/@self/{call_id}"), 200)["entry"]
    return {view["id"]: view for view in call["phoneCallView"]}


def test_a_call_is_created_answered_and_hung_up_by_a_client_that_polls(start: Start) -> None:
    running = start([], answer_after=timedelta(0))
    with running.client("12") as client:
        body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": BOB}], "nonce": "MTIz"}
        (call,) = read(client.post("/unifiedapi/phoneCalls/@me/simple?", json=body), 200)
        assert (call["extension"], call["nonce"]) == (ALICE, "MTIz")
        link = call["links"]["self"]
        until = time.monotonic() + 5
        while {view["status"] for view in read(client.get(f"{link}?"), 200)["entry"][0]["phoneCallView"]} != {"5"}:
            assert time.monotonic() < until, running.lines
        assert read(client.delete(link), 200) == [{"id": call["id"]}]
        assert read(client.get(link), 200)["entry"] == []


@pytest.mark.parametrize(
    ("path", "extension", "source", "destination"),
    [
        ("/uapi/phoneCalls/@me/simple/?waitForPickup=20&allowPublicTransfer=true", ALICE, [ALICE], [BOB]),
        ("/uapi/phoneCalls/@me/simple", "210", "210", "3334444"),
        ("/uapi/phoneCalls/%40me/callback/?callDuration=60", "0003*600", ["3334444"], ["3235742879"]),
        ("/unifiedapi/phoneCalls/@me/conferenceInvite?number=3&pin=2233", "0003*500", ["0003*500"], ["3235742879"]),
    ],
)
def test_each_way_to_create_a_call(
    alice: httpx.Client, path: str, extension: str, source: str | list[str], destination: str | list[str]
) -> None:
    view = {"source": source, "destination": destination, "callerId": "John Doe <4242425>"}
    (call,) = read(alice.post(path, json={"extension": extension, "phoneCallView": [view]}), 200)
    assert call["phoneCallView"] or source == ["3334444"], "only of an outside source no view is listed yet"
    assert read(alice.get(call["links"]["self"]), 200)["entry"][0]["id"] == call["id"]


@pytest.mark.parametrize("root", ["/uapi/phoneCalls", "/unifiedapi/phoneCalls", "/uapi/phoneCall", "//uapi/phoneCalls"])
@pytest.mark.parametrize("place", ["12/0003*210", "@me/0003%2A210", "%40me/210", "@viewer/@self", "@owner/@self"])
@pytest.mark.parametrize("end", ["", "/", "?", "/?count=20&startIndex=0"])
def test_every_form_of_a_path_reaches_the_call(root: str, place: str, end: str, untouched: Running) -> None:
    with untouched.client("12") as alice:
        request = alice.build_request("GET", "/")
        # The client would tidy a path up, so the target is given as it is sent.
        request.extensions["target"] = f"{root}/{place}/{TALK}{end}".encode()
        assert read(alice.send(request), 200)["entry"][0]["id"] == TALK


def test_hold_and_off_hold_and_off_hold_again(alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/"
    answer = update(alice, path, action="OnHold", phoneCallViewId="01")
    assert (answer["id"], answer["extension"]) == (TALK, ALICE)
    assert views(alice, TALK)["01"]["holder"] == "1"
    for _ in range(2):
        update(alice, path, action="OffHold", phoneCallViewId="01")
        assert "onHold" not in views(alice, TALK)["01"]


def test_record_and_stop(alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/@self/{TALK}"
    update(alice, path, action="StartRecording", format="wav", phoneCallViewId="01")
    assert "recording" in views(alice, TALK)["01"]
    update(alice, path, action="StopRecording", phoneCallViewId="01")
    assert "recording" not in views(alice, TALK)["01"]


def test_park_the_other_party_and_retrieve_it(running: Running, alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/"
    update(alice, path, action="Park", phoneCallViewId="00", maxInParking=180)
    parked = views(alice, TALK)
    assert {"00"} == set(parked)
    assert (parked["00"]["parkedPos"], parked["00"]["parkedBy"]) == ("1", ALICE)
    update(alice, path, action="UnPark", phoneCallViewId="00", sendCallTo=ALICE, waitForPickup="25")
    running.signal(TALK, "02", "Answered")
    assert {view["status"] for view in views(alice, TALK).values()} == {"5"}
    assert "parked" not in views(alice, TALK)["00"]


@pytest.mark.parametrize(
    ("action", "more", "role"),
    [("BargeIn", {}, "BARGE"), ("Whisper", {"private": "0"}, "WHISPER"), ("Monitor", {}, "MONITOR")],
)
def test_join_a_call(running: Running, alice: httpx.Client, action: str, more: dict[str, str], role: str) -> None:
    body = {"sendCallTo": CAROL, "waitForPickup": "25", "callerId": "John Doe <42420042>", "phoneCallViewId": "01"}
    update(alice, f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/", action=action, **body, **more)
    call = running.signal(TALK, "02", "Answered")
    assert (call["views"][2]["role"], call["views"][2]["state"]) == (role, "CONNECTED")


def test_pick_a_call_up_that_rings_elsewhere(running: Running) -> None:
    with running.client("14") as carol:
        body = {"action": "PickUp", "sendCallTo": BOB, "callerId": "John Doe <42420042>", "waitForPickup": "20"}
        update(carol, f"/uapi/phoneCalls/@me/{CAROL}/{RING}", **body, phoneCallViewId="01")
        running.signal(RING, "02", "Answered")
    with running.client("13") as bob:
        assert [view["extension"] for view in views(bob, RING).values()] == [BOB]


def test_transfer_the_party_of_a_view_as_older_clients_do(running: Running, alice: httpx.Client) -> None:
    update(alice, f"/uapi/phoneCalls/@me/@self/{TALK}", action="Transfer", sendCallTo="3334444", phoneCallViewId="00")
    assert running.calls()[TALK]["views"][1]["state"] == "ENDED"
    running.signal(TALK, "02", "Answered")
    with running.client("13") as bob:
        assert {view["extension"] for view in views(bob, TALK).values()} == {BOB}


def test_transfer_without_a_view(running: Running, alice: httpx.Client) -> None:
    body = {"sendCallTo": CAROL, "transferFromNumber": ALICE, "transferNumber": BOB}
    update(alice, f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/", action="Transfer", **body)
    call = running.signal(TALK, "02", "Answered")
    assert [view["state"] for view in call["views"]] == ["CONNECTED", "ENDED", "CONNECTED"]


def test_send_a_party_to_a_mailbox(running: Running, alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/"
    update(alice, path, action="TransferToVoicemail", sendCallTo=CAROL, transferNumber=BOB)
    assert running.calls()[TALK]["views"][2]["role"] == "VOICEMAIL"


def test_hang_up_one_party_then_what_is_left_is_gone(alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}/"
    assert read(alice.delete(f"{path}?phoneNumber=8887777"), 200) == []
    assert read(alice.delete(path, headers={"Content-Type": "application/json"}), 200) == [{"id": TALK}]
    assert read(alice.get(path), 200)["entry"] == []


def test_a_list_with_the_parameters_of_the_newest_client(alice: httpx.Client) -> None:
    query = (
        "count=20&filterBy=id&filterOp=equals&filterValue="
        + TALK
        + "&fields=id,published&startIndex=0&sortOrder=ascending"
    )
    (entry,) = read(alice.get(f"/uapi/phoneCalls/@me/{ALICE}/?{query}"), 200)["entry"]
    assert set(entry) == {"id", "published"}


def test_the_token_may_come_in_the_query(running: Running) -> None:
    token = running.system.tokens.issue("12")
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        for value in (token, f"Bearer {token}"):
            read(client.get("/uapi/phoneCalls/@me/@self/", params={"accessRequestToken": value}), 200)
        assert read(client.get("/uapi/phoneCalls/@me/@self/"), 401)["error"]["code"] == "access_denied"
    assert not any(token in line for line in running.lines)


def test_an_etag_guards_against_what_changed_in_between(alice: httpx.Client) -> None:
    path = f"/uapi/phoneCalls/@me/{ALICE}/{TALK}"
    seen = alice.get(path).headers["etag"]
    hold = {"action": "OnHold", "phoneCallViewId": "01"}
    held = alice.put(path, json=hold, headers={"If-Match": seen})
    assert held.headers["etag"] != seen
    stale = alice.delete(path, headers={"If-Match": seen})
    assert read(stale, 412)["error"]["code"] == "precondition_failed"
    assert "onHold" in views(alice, TALK)["01"]


def test_the_demo_is_what_this_module_thinks() -> None:
    assert [[view.extension for view in call.views] for call in demo.calls(AT)] == [[BOB, ALICE], ["3334444", CAROL]]
