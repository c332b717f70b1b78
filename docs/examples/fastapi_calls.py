"""Call control in FastAPI: actions as typed bodies, also in `/docs`, and refusals as problem+json.

One rule: FastAPI carries the values; the reference decides. The users, the tokens and the store are those of `web.py`.
Run it with `uvicorn fastapi_calls:app --app-dir docs/examples`.
"""

from typing import Annotated

from fastapi import Body, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from msgspec.structs import replace
from structs import AsStruct
from web import EXTENSIONS, RULES, STATUS, SWITCH, found, kept, now, shown, store

from callstate import CallStateError, CreateSimple, Signal, apply_action, create_call, unwrap
from callstate.domain import Request as Action

app = FastAPI(title="Call control")
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def asker(bearer: Bearer) -> str:
    """Return the extension that a token stands for: the asker is never taken from the body."""
    extension = EXTENSIONS.get(bearer.credentials)
    if extension is None:
        raise HTTPException(401)
    return extension


Asker = Annotated[str, Depends(asker)]


@app.post("/calls")
def create(wanted: Annotated[CreateSimple, AsStruct(CreateSimple), Body()], extension: Asker) -> dict[str, object]:
    """Call somebody from your own phone."""
    if store.by_id(wanted.call_id) is not None:
        raise HTTPException(409, "the call_id is in use")
    mine = replace(wanted, extension=extension, source=(extension,))
    return shown(kept(None, unwrap(create_call(mine, at=now(), rules=RULES))), extension)


@app.get("/calls/{call_id}")
def show(call_id: str, extension: Asker) -> dict[str, object]:
    """Look at a call that you take part in."""
    call = found(call_id, extension)
    if call is None:
        raise HTTPException(404)
    return shown(call, extension)


@app.post("/actions")
def act(action: Annotated[Action, AsStruct(Action), Body()], extension: Asker) -> dict[str, object]:
    """Hold, park, transfer and so on: each action by its name, with its fields."""
    before = found(action.call_id, extension)
    answer = apply_action(before, replace(action, extension=extension), at=now(), rules=RULES)
    return shown(kept(before, unwrap(answer)), extension)


@app.post("/signals")
def hear(signal: Annotated[Signal, AsStruct(Signal), Body()], bearer: Bearer) -> dict[str, object]:
    """Hear from the switch what a phone does."""
    if bearer.credentials != SWITCH:
        raise HTTPException(401)
    before = store.by_id(signal.call_id)
    return {"version": kept(before, unwrap(apply_action(before, signal, at=now(), rules=RULES))).version}


@app.exception_handler(CallStateError)
def refused(_request: Request, exception: CallStateError) -> JSONResponse:
    """Answer a refusal as problem+json (RFC 9457): all that a client needs to do better."""
    error, status = exception.error, STATUS[exception.error.check]
    problem = {"type": f"urn:callstate:{error.code}", "title": error.code, "status": status, "detail": error.message}
    more = {"parameter": error.parameter, "value": error.value, "allowed": error.allowed}
    return JSONResponse(problem | more, status, media_type="application/problem+json")
