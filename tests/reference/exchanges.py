"""One exchange for each action, as bytes: the call as it is listed, a request, its answer, and the call afterwards.

One rule: every request goes through the whole service, and the page shows exactly what the service answers.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

import msgspec

from callstate import Action, PhoneCall, unwrap
from callstate.domain import (
    BargeIn,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.sandbox.demo import DIRECTORY
from callstate.voipnow.http import Grant, HttpRequest, HttpResponse, Site, respond
from callstate.voipnow.service import Directory, load_directory
from callstate.voipnow.stores import MemoryStore, MemorySubscriptions
from callstate.voipnow.wire import decode_call
from tests.reference.markdown import fence, json_block
from tests.voipnow.examples import HELD, ID, PARKED, RECORDED, RINGING, VIEW, WITH_CUSTOMER
from tests.voipnow.examples import call as listing

NOW = datetime(2012, 6, 27, 14, 10, tzinfo=UTC)
PATH = f"/uapi/phoneCalls/@me/0003*210/{ID}"
HOST = "uapi.example.com"
TOKEN = "token"  # noqa: S105  # a placeholder, as in the pages of the vendor

Json = dict[str, Any]  # Any: JSON

Entries: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""More entries of the directory, each behind the words after which it comes."""


class Asked(NamedTuple):
    """A request for a call of which a listing shows one view, and a second request that is refused."""

    view: Json
    body: Json
    wrong: Json
    method: str = "PUT"
    query: str = ""


def _asked(action: str, view: Json, wrong: Json, **fields: object) -> Asked:
    body = {"action": action, "phoneCallViewId": "01", **fields}
    return Asked(view, body, {**body, **wrong})


def _sends(action: str, send_call_to: str) -> Asked:
    numbers = {"transferFromNumber": "0003*024", "transferNumber": "0003*210"}
    body = {"action": action, "sendCallTo": send_call_to, **numbers}
    return Asked(VIEW, body, {**body, "transferNumber": "0003*211"})


_UNKNOWN_VIEW: Json = {"phoneCallViewId": "07"}
_RINGS: Json = {"sendCallTo": "0003*211", "waitForPickup": "20"}
_TOO_LONG: Json = {"waitForPickup": "3601"}

ASKED: Mapping[type[Action], Asked] = {
    OnHold: _asked("OnHold", VIEW, _UNKNOWN_VIEW),
    OffHold: _asked("OffHold", HELD, _UNKNOWN_VIEW),
    Park: _asked("Park", VIEW, {"maxInParking": 9}, maxInParking=30),
    UnPark: _asked("UnPark", PARKED, _TOO_LONG, **_RINGS),
    PickUp: _asked("PickUp", RINGING, {"sendCallTo": "5550100"}, **_RINGS),
    BargeIn: _asked("BargeIn", WITH_CUSTOMER, {"sendCallTo": "0003*500"}, **_RINGS),
    Whisper: _asked("Whisper", WITH_CUSTOMER, {"private": 2}, private=1, **_RINGS),
    Monitor: _asked("Monitor", WITH_CUSTOMER, {"callerId": "Eve; <1>"}, **_RINGS),
    Transfer: _sends("Transfer", "3334444"),
    TransferToVoicemail: _sends("TransferToVoicemail", "0003*211"),
    StartRecording: _asked("StartRecording", VIEW, {"format": "mp3"}, format="wav"),
    StopRecording: _asked("StopRecording", RECORDED, _UNKNOWN_VIEW),
    HangUp: Asked(WITH_CUSTOMER, {}, {}, "DELETE", "?phoneNumber=3334444"),
}


class Service:
    """The service with some calls, asked by an account: that of the user of 0003*210."""

    def __init__(self, *calls: PhoneCall, account: str = "12", entries: Entries = ()) -> None:
        text = DIRECTORY
        for place, entry in entries:
            text = text.replace(place, place + entry)
        directory = load_directory(text)
        assert isinstance(directory, Directory)
        until = datetime.max.replace(tzinfo=UTC)
        grants = {TOKEN: Grant(account=account, until=until)}
        self.site = Site(directory, grants, subscriptions=MemorySubscriptions())
        self.book = MemoryStore(directory.organization_of)
        for call in calls:
            self.book.put(call)

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> HttpResponse:
        """Ask, and store what changed."""
        given = {
            "Authorization": f"Bearer {TOKEN}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        request = HttpRequest(
            method=method, target=target, headers=tuple(given.items()), body=body, base=f"https://{HOST}"
        )
        exchange = respond(self.book, self.site, request, at=NOW, new_call_id="new0")
        for call in exchange.changed:
            self.book.put(call)
        return exchange.response


def call_of(view: Json) -> PhoneCall:
    """Read a call of which a listing shows one view."""
    return unwrap(decode_call(msgspec.json.encode(listing(view))))


def example(kind: type[Action]) -> tuple[str, ...]:
    """Show the exchange for an action, as blocks of a page."""
    asked = ASKED[kind]
    service = Service(call_of(asked.view))
    before = _listed(service)
    answer = _exchange(service, asked.method, f"{PATH}{asked.query}", asked.body)
    return (
        "The call before, as the service lists it:",
        before,
        "The request and its answer:",
        *answer,
        *_afterwards(service),
        *_refused(asked),
    )


def _afterwards(service: Service) -> tuple[str, ...]:
    (call,) = service.book
    if call.over:
        return ("Afterwards the call is over and no longer listed.",)
    shown = {view["id"]: view for view in _entry(service)["phoneCallView"]}
    hidden = [f"{view.extension} is `{view.state}`" for view in call.views if view.live and view.id not in shown]
    told = f" It does not show that {' and '.join(hidden)}." if hidden else ""
    return f"The call afterwards, as the service lists it for the asker.{told}", _listed(service)


def _refused(asked: Asked) -> tuple[str, ...]:
    target = PATH if asked.wrong else PATH.replace(ID, "b0")
    refused = _exchange(Service(call_of(asked.view)), asked.method, target, asked.wrong)
    return ("A request that is refused:", *refused)


def _listed(service: Service) -> str:
    return json_block(msgspec.json.encode(_entry(service)))


def _entry(service: Service) -> Json:
    page = msgspec.json.decode(service.ask("GET", PATH).body)
    entry: Json = page["entry"][0]
    return entry


def _exchange(service: Service, method: str, target: str, body: Json) -> tuple[str, str]:
    data = msgspec.json.encode(body) if body else b""
    answer = service.ask(method, target, data)
    head = f"{method} {target} HTTP/1.1\nHost: {HOST}\nAuthorization: Bearer {TOKEN}"
    sent = f"{head}\nContent-Type: application/json\n\n{data.decode()}" if data else head
    return fence("http", sent), fence("http", _written(answer))


def _written(answer: HttpResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Content-Length")
    body = msgspec.json.format(answer.body).decode()
    return f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}\n{headers}\n\n{body}"


_REASONS: Mapping[int, str] = {200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized"}
