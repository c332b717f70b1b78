"""Call control in a web application: your paths, your JSON and your users; the reference decides.

One rule: once a call is read, nothing is awaited until it is stored, so no other request comes in between.
Run it with `python docs/examples/web.py 8000`.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import uvicorn
from deadlines import Alarm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from callstate import Action, Check, DomainError, PhoneCall, Signal, allowed_actions, apply_action
from callstate.voipnow.http import Application, Grant, Site
from callstate.voipnow.service import Account, AccountKind, Directory, Extension, participants
from callstate.voipnow.stores import Book, Host
from callstate.voipnow.wire import decode_action

DIRECTORY = Directory(
    [
        Account(id="3", name="Default Organization", kind=AccountKind.ORGANIZATION),
        Account(id="12", name="Alice", kind=AccountKind.USER, organization="3"),
        Account(id="13", name="Bob", kind=AccountKind.USER, organization="3"),
    ],
    [Extension(number="0003*210", user="12"), Extension(number="0003*024", user="13")],
)

# Who may ask, by bearer token. Yours come from where your users log in.
EXTENSIONS = {"alice": "0003*210", "bob": "0003*024"}
SWITCH = "switch"
FOREVER = datetime.max.replace(tzinfo=UTC)
GRANTS = {token: Grant(account=user, until=FOREVER) for token, user in (("alice", "12"), ("bob", "13"))}

STATUS: Mapping[Check, int] = {
    Check.CALL: 404,
    Check.EXTENSION: 403,
    Check.ACTION: 400,
    Check.VIEW: 404,
    Check.FIELDS: 422,
    Check.ROLE: 409,
    Check.STATE: 409,
    Check.CONTEXT: 409,
}


class Store(Book):
    """The calls, in memory, as the ready-made service wants to store them."""

    def swap(self, known: Mapping[str, int], changed: Iterable[PhoneCall]) -> bool:
        """Store what a request changed. It never awaits in between, so nobody was faster."""
        alarm.wake()
        return all(self.put(call, expected_version=known.get(call.id)) for call in changed)


def now() -> datetime:
    """Read the clock, in whole seconds, as the dates of the wire are."""
    return datetime.now(UTC).replace(microsecond=0)


store = Store(DIRECTORY.organization_of)
alarm = Alarm(store, clock=now, listen=lambda _before, _after: None)


# Your own paths -------------------------------------------------------------------------------------------------------


async def show(request: Request) -> Response:
    """GET a call: who is in it, and what each could ask for now. Others than its parties do not hear of it."""
    call = store.by_id(request.path_params["call_id"])
    if call is None or EXTENSIONS.get(token_of(request)) not in participants(call):
        return Response(status_code=404)
    return answered(call)


async def act(request: Request) -> Response:
    """POST an action, on behalf of the extension whose token came along."""
    extension = EXTENSIONS.get(token_of(request))
    if extension is None:
        return Response(status_code=401)
    body = await request.body()
    action = decode_action(body, call_id=request.path_params["call_id"], extension=extension)
    return refused(action) if isinstance(action, DomainError) else applied(action)


async def hear(request: Request) -> Response:
    """POST what the switch reports of a phone."""
    if token_of(request) != SWITCH:
        return Response(status_code=401)
    try:
        return applied(msgspec.json.decode(await request.body(), type=Signal))
    except msgspec.MsgspecError as error:
        return json(400, {"message": str(error)})


def applied(action: Action) -> Response:
    """Apply an action or a signal, and store what came of it."""
    before = store.by_id(action.call_id)
    answer = apply_action(before, action, at=now())
    if isinstance(answer, DomainError):
        return refused(answer)
    if answer is not before:
        store.put(answer)
        alarm.wake()
    return answered(answer)


def token_of(request: Request) -> str:
    """Return the bearer token, or an empty text."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def answered(call: PhoneCall) -> Response:
    """Show a call in your own JSON."""
    parties = [
        {"view": view.id, "number": view.extension, "state": view.state, "allowed": allowed_actions(call, view.id)}
        for view in call.views
        if view.live
    ]
    return json(200, {"id": call.id, "version": call.version, "parties": parties})


def refused(error: DomainError) -> Response:
    """Show a refusal: all that a client needs to do better."""
    return json(STATUS[error.check], {"code": error.code, "message": error.message, "allowed": error.allowed})


def json(status: int, body: object) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


# The vendor's API as it is, beside them -------------------------------------------------------------------------------

host = Host(store, Site(DIRECTORY, GRANTS), clock=now, new_call_id=lambda: secrets.token_hex(10))


@asynccontextmanager
async def lifespan(_application: Starlette) -> AsyncIterator[None]:
    """Let time pass while we serve."""
    passing = asyncio.create_task(alarm.run())
    yield
    passing.cancel()


application = Starlette(
    routes=[
        Route("/calls/{call_id}", show),
        Route("/calls/{call_id}/actions", act, methods=["POST"]),
        Route("/signals", hear, methods=["POST"]),
        Mount("/pbx", Application(host.answer)),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]))
