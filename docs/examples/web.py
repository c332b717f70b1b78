"""Call control in a web application: your paths, your JSON and your users; the reference decides.

One rule: once a call is read, nothing is awaited until it is stored, so no other request comes in between.
Run it with `python docs/examples/web.py 8000`.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import uvicorn
from deadlines import Alarm
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from callstate import LENIENT, Check, DomainError, PhoneCall, Role, Signal, allowed_actions, apply_action
from callstate.voipnow.http import Application, Grant, HttpRequest, HttpResponse, Site
from callstate.voipnow.service import Account, AccountKind, Directory, Extension, participants
from callstate.voipnow.stores import Host, MemoryStore
from callstate.voipnow.wire import apply_body

ORGANIZATION = "3"
DIRECTORY = Directory(
    [
        Account(id=ORGANIZATION, name="Default Organization", kind=AccountKind.ORGANIZATION),
        Account(id="12", name="Alice", kind=AccountKind.USER, organization=ORGANIZATION),
        Account(id="13", name="Bob", kind=AccountKind.USER, organization=ORGANIZATION),
    ],
    [Extension(number="0003*210", user="12"), Extension(number="0003*024", user="13")],
)

RULES = replace(LENIENT, numbering=DIRECTORY.numbering)

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


def now() -> datetime:
    """Read the clock, in whole seconds, as the dates of the wire are."""
    return datetime.now(UTC).replace(microsecond=0)


store = MemoryStore(DIRECTORY.organization_of)
alarm = Alarm(store, clock=now, listen=lambda _before, _after: None)


# Your own paths -------------------------------------------------------------------------------------------------------


async def show(request: Request) -> Response:
    """GET a call: who is in it, and what each party could ask for now."""
    extension = EXTENSIONS.get(token_of(request), "")
    call = found(request.path_params["call_id"], extension)
    return Response(status_code=404) if call is None else answered(call, extension)


async def act(request: Request) -> Response:
    """POST an action, on behalf of the extension that the token stands for."""
    body, call_id = await request.body(), request.path_params["call_id"]
    extension = EXTENSIONS.get(token_of(request))
    if extension is None:
        return Response(status_code=401)
    before, taken = found(call_id, extension), store.taken_positions(ORGANIZATION)
    place = next((place for place in range(1, 101) if place not in taken), None)
    answer = apply_body(before, body, call_id=call_id, extension=extension, position=place, at=now(), rules=RULES)
    return answered(kept(before, answer), extension) if isinstance(answer, PhoneCall) else refused(answer)


async def hear(request: Request) -> Response:
    """POST what the switch reports of a phone."""
    if token_of(request) != SWITCH:
        return Response(status_code=401)
    try:
        signal = msgspec.json.decode(await request.body(), type=Signal)
    except (ValueError, RecursionError) as error:
        return json(400, {"message": str(error)})
    before = store.by_id(signal.call_id)
    answer = apply_action(before, signal, at=now(), rules=RULES)
    return json(200, {"version": kept(before, answer).version}) if isinstance(answer, PhoneCall) else refused(answer)


def found(call_id: str, extension: str) -> PhoneCall | None:
    """Return a call that has to do with the extension; to all others it is as if there were none."""
    call = store.by_id(call_id)
    return call if call is not None and extension and extension in participants(call) else None


def kept(before: PhoneCall | None, after: PhoneCall) -> PhoneCall:
    """Store a call that has changed."""
    if after is not before:
        store.put(after)
        alarm.wake()
    return after


def token_of(request: Request) -> str:
    """Return the bearer token, or an empty text."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def answered(call: PhoneCall, extension: str) -> Response:
    """Show a call in your own JSON."""
    return json(200, shown(call, extension))


def shown(call: PhoneCall, extension: str) -> dict[str, object]:
    """Make your own JSON of a call; a phone that listens to it is shown to its own extension alone."""
    parties = [
        {
            "view": view.id,
            "number": view.extension,
            "state": view.state,
            "allowed": allowed_actions(call, view.id, rules=RULES),
        }
        for view in call.views
        if view.live and (view.role not in (Role.WHISPER, Role.MONITOR) or view.extension == extension)
    ]
    return {"id": call.id, "version": call.version, "parties": parties}


def refused(error: DomainError) -> Response:
    """Show a refusal: all that a client needs to do better."""
    return json(STATUS[error.check], {"code": error.code, "message": error.message, "allowed": error.allowed})


def json(status: int, body: object) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


# The vendor's API as it is, beside them -------------------------------------------------------------------------------

host = Host(store, Site(DIRECTORY, GRANTS), clock=now, new_call_id=lambda: secrets.token_hex(10))


def vendor(request: HttpRequest) -> HttpResponse:
    """Answer a request for the vendor's API; a call may be due earlier than before."""
    response = host.answer(request)
    alarm.wake()
    return response


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
        Mount("/pbx", Application(vendor)),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]))
