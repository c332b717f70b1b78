"""What a test may do to a sandbox and no client of the service can: report from phones, move the clock, see it all.

One rule: it is for whoever runs the sandbox, so it asks for no token.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from callstate.domain import SIGNALS, Disposition, DomainError, HungUp
from callstate.sandbox.simulation import Simulation
from callstate.sandbox.tokens import TokenIssuer
from callstate.voipnow.http import BODY_LIMIT, HttpRequest, HttpResponse, json_response, problem, split, too_large
from callstate.voipnow.wire import encode_error, http_status


class _Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What the network reports of a party."""

    call_id: str
    view_id: str
    signal: Literal["Dialled", "Rang", "FarEndRang", "Answered", "Held", "Resumed", "HungUp"]
    disposition: Disposition | None = None


class _Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the clock goes: some seconds on, or to an instant."""

    advance: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None


class Control:
    """The answers to what is asked of the sandbox itself."""

    def __init__(self, world: Simulation, desk: TokenIssuer) -> None:
        self._world = world
        self._desk = desk
        self._doors: Mapping[tuple[str, ...], tuple[str, Callable[[HttpRequest], HttpResponse]]] = {
            ("oauth", "token.php"): ("POST", lambda request: desk.answer(request, world.now())),
            ("sandbox", "signals"): ("POST", self._signal),
            ("sandbox", "clock"): ("POST", self._move),
            ("sandbox", "calls"): ("GET", self._show),
        }

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """Answer a request for a path of the sandbox; one that is of the service is not answered here."""
        path, _ = split(request.target)
        method, door = self._doors.get(path, ("", None))
        if door is None:
            return None
        if request.method != method:
            return problem(405, "method_not_allowed", f"The method of this path is {method}.", ("Allow", method))
        if len(request.body) > BODY_LIMIT:
            return too_large()
        try:
            return door(request)
        except (ValueError, RecursionError) as error:  # malformed, of another shape, nested too deep
            return problem(400, "body_invalid", str(error))

    def _signal(self, request: HttpRequest) -> HttpResponse:
        body = msgspec.json.decode(request.body, type=_Report)
        kind = {kind.__name__: kind for kind in SIGNALS}[body.signal]
        more = {} if body.disposition is None else {"disposition": body.disposition}
        if more and kind is not HungUp:
            raise ValueError("only HungUp has a disposition")
        result = self._world.report(kind(call_id=body.call_id, view_id=body.view_id, **more), self._world.now())
        if isinstance(result, DomainError):
            return json_response(http_status(result.code), encode_error(result))
        return json_response(200, msgspec.json.encode(result))

    def _move(self, request: HttpRequest) -> HttpResponse:
        body = msgspec.json.decode(request.body, type=_Move)
        match body:
            case _Move(advance=float() as seconds, at=None):
                self._world.move(timedelta(seconds=seconds))
            case _Move(advance=None, at=datetime() as at):
                self._world.move_to(at)
            case _:
                raise ValueError("either advance or at says where the clock goes")
        return json_response(200, msgspec.json.encode({"now": self._world.now()}))

    def _show(self, _request: HttpRequest) -> HttpResponse:
        now = self._world.now()
        return json_response(200, msgspec.json.encode({"now": now, "calls": self._world.calls()}))
