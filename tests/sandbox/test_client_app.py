"""A client's app of the vendor's kind: it hears that a phone rings, looks at the call, and picks it up elsewhere."""

from types import TracebackType
from typing import Self

import httpx
import pytest

from callstate.sandbox import Phone
from tests.sandbox.listening import Heard, Listener, listening
from tests.sandbox.running import Running, Start

BOB, CAROL = "0003*024", "0003*211"


class ForwardingApp:
    """An app of the organization: whoever calls Carol is connected to Bob.

    It knows the service by its address and its own credentials, and learns all else from the service.
    """

    def __init__(self, service: str, listener: Listener) -> None:
        self.client = httpx.Client(base_url=service, trust_env=False)
        self.listener = listener
        self.answers: list[httpx.Response] = []

    def __enter__(self) -> Self:
        form = {"grant_type": "client_credentials", "client_id": "3", "client_secret": "sandbox"}
        token = self.client.post("/oauth/token.php", data=form).json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        self.listener.react = self.on_dial_in
        body = {"type": "0", "method": "1", "url": f"{self.listener.url}/dial-in", "status": "1", "note": "forwarding"}
        self.client.post(f"/uapi/extensions/14/{CAROL}/phoneCallEvents", json=body).raise_for_status()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.client.close()

    def on_dial_in(self, heard: Heard) -> None:
        """Pick the call up for Bob while the service still waits for the answer to the event."""
        call = heard.parameters["CallAPIID"]
        listed = self.client.get(f"/uapi/phoneCalls/14/{heard.parameters['CalledExtension']}/{call}")
        (entry,) = listed.json()["entry"]
        (rings,) = (view for view in entry["phoneCallView"] if view["extension"] == CAROL)
        action = {"action": "PickUp", "phoneCallViewId": rings["id"], "sendCallTo": BOB}
        self.answers += [listed, self.client.put(f"/uapi/phoneCalls/13/{BOB}/{call}", json=action)]


@pytest.fixture
def sandbox(start: Start) -> Running:
    return start([], phones={BOB: Phone(does="answers")})


def test_an_app_hears_of_a_call_and_picks_it_up(sandbox: Running) -> None:
    with listening() as listener, ForwardingApp(sandbox.url, listener) as app:
        call = sandbox.control("POST", "calls", source="3334444", destination=CAROL)["id"]
        sandbox.system.deliveries.wait()
        assert [answer.status_code for answer in app.answers] == [200, 202]
        (heard,) = listener.heard
    assert (heard.path, heard.parameters["CallerIDNum"], heard.parameters["CallStatus"]) == (
        "/dial-in",
        "3334444",
        "CALLING",
    )
    states = {view["extension"]: view["state"] for view in sandbox.calls()[call]["views"]}
    assert states == {"3334444": "CONNECTED", CAROL: "ENDED", BOB: "CONNECTED"}
