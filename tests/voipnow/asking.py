"""A site with one call, and a way to ask it over HTTP without a socket."""

from datetime import UTC, datetime, timedelta

import msgspec

from callstate.domain import CONNECTED, PhoneCall, PhoneCallView
from callstate.voipnow.http import Exchange, Grant, HttpRequest, Site, respond
from callstate.voipnow.service import Account, AccountKind, Directory, Extension
from callstate.voipnow.stores import MemoryStore

AT = datetime(2012, 6, 27, 16, 8, 55, tzinfo=UTC)
ID = "b817d2618fe6f1804333"
ALICE, BOB = "0003*210", "0003*024"
DIRECTORY = Directory(
    [
        Account(id="3", name="Default Organization", kind=AccountKind.ORGANIZATION),
        Account(id="12", name="Alice", kind=AccountKind.USER, organization="3"),
        Account(id="13", name="Bob", kind=AccountKind.USER, organization="3"),
    ],
    [Extension(number=ALICE, user="12"), Extension(number=BOB, user="13")],
)
CALL = PhoneCall(
    id=ID,
    extension=ALICE,
    views=tuple(
        PhoneCallView(id=f"0{side}", extension=number, state=CONNECTED, side=side, source=(BOB,), destination=(ALICE,))
        for side, number in enumerate((BOB, ALICE))
    ),
    updated=AT,
    version=7,
)
STORE = MemoryStore(DIRECTORY.organization_of)
STORE.put(CALL)
SITE = Site(DIRECTORY, {"good": Grant(account="12", until=AT + timedelta(hours=1))})
PATH = f"/uapi/phoneCalls/12/{ALICE}/{ID}"
HOLD = b'{"action":"OnHold","phoneCallViewId":"01"}'
AUTHORIZED = (("Authorization", "Bearer good"),)


def ask(
    method: str = "GET",
    target: str = PATH,
    *headers: tuple[str, str],
    body: bytes = b"",
    at: datetime = AT,
    site: Site = SITE,
) -> Exchange:
    request = HttpRequest(method=method, target=target, headers=(*AUTHORIZED, *headers), body=body, base="https://x")
    return respond(STORE, site, request, at=at, new_call_id="new1")


def code(exchange: Exchange) -> tuple[int, str]:
    return exchange.response.status, msgspec.json.decode(exchange.response.body)["error"]["code"]


def header(exchange: Exchange, name: str) -> str | None:
    return dict(exchange.response.headers).get(name)
