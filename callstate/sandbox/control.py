"""What a test may do to a sandbox and no client of the service can: report from phones, move the clock, see all calls.

One rule: the controls ask for no token, so they answer only to a client that knows the address of the sandbox; a web
page of somebody else in the tester's browser is refused.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from callstate.domain import NUMBER, SIGNALS, DomainError, HungUp, PhoneCall
from callstate.sandbox import bodies, console_files, control_openapi, event_deliveries, event_stream
from callstate.sandbox.call_pictures import HistoryShown
from callstate.sandbox.faults import Fault
from callstate.sandbox.incoming_calls import Incoming
from callstate.sandbox.journal import FILTERS
from callstate.sandbox.loading import SetupError, calls_from
from callstate.sandbox.named_states import named_states
from callstate.sandbox.phones import Phone
from callstate.sandbox.request_origin import foreign
from callstate.sandbox.request_summary import Asked
from callstate.voipnow.http import BODY_LIMIT, HttpRequest, HttpResponse, json_response, problem, too_large
from callstate.voipnow.wire import encode_error, http_status

if TYPE_CHECKING:
    from callstate.sandbox.phone_system import PhoneSystem

Parameters: TypeAlias = Mapping[str, str]
"""The parameters of the path and of the query."""


OF_ONE_PROCESS = frozenset(
    {
        ("/sandbox/clock", "POST"),
        ("/sandbox/requests", "GET"),
        ("/sandbox/deliveries", "GET"),
        ("/sandbox/history", "GET"),
        (event_stream.PATH, "GET"),
        *(("/sandbox/faults", method) for method in ("GET", "POST", "DELETE")),
    }
)
"""The controls of what each process has for itself."""

NOT_SHARED = "each process has its own clock, faults, records and console, so others would not know."


class Route(NamedTuple):
    """A control: its path, its method, and what it does with the parameters and with the body, if it takes one."""

    path: str
    method: str
    summary: str
    do: Callable[[Parameters, Any], msgspec.Struct | DomainError]
    answer: type[msgspec.Struct]
    body: type[msgspec.Struct] | None = None
    query: tuple[str, ...] = ()


class Control:
    """The answers to what is asked of the sandbox itself."""

    def __init__(self, system: "PhoneSystem", hosts: frozenset[str] | None) -> None:
        self._system = system
        self._hosts = hosts
        self._routes = {(route.path, route.method): route for route in self._all()}
        self._document: bytes | None = None

    def _all(self) -> tuple[Route, ...]:
        clock, calls, faults, phone = "/sandbox/clock", "/sandbox/calls", "/sandbox/faults", "/sandbox/phones/{number}"
        return (
            Route(clock, "GET", "Show the clock", self._clock, bodies.ClockShown),
            Route(clock, "POST", "Move, freeze or resume the clock", self._move, bodies.ClockShown, bodies.Move),
            Route("/sandbox/signals", "POST", "Report from the network", self._signal, PhoneCall, bodies.Report),
            Route(calls, "GET", "Show all calls, whole", self._show, bodies.CallsShown),
            Route(calls, "POST", "Let a call come in", self._let_in, PhoneCall, Incoming),
            Route(calls, "PUT", "Replace all calls", self._replace, bodies.CallsShown, bodies.CallsGiven),
            Route(
                "/sandbox/history", "GET", "Show what has happened to a call", self._history, HistoryShown,
                query=("call",),
            ),
            Route("/sandbox/states", "GET", "Show the named states", self._states, bodies.StatesShown),
            Route("/sandbox/phones", "GET", "Show what phones do", self._phones, bodies.PhonesShown),
            Route(phone, "PUT", "Tell what a phone does", self._set_phone, bodies.PhonesShown, Phone),
            Route(phone, "DELETE", "Let a phone do what it does by itself", self._set_phone, bodies.PhonesShown),
            Route("/sandbox/reset", "POST", "Begin again", self._reset, bodies.CallsShown),
            Route(
                "/sandbox/requests", "GET", "Show what clients asked", self._requests, bodies.RequestsShown,
                query=FILTERS,
            ),
            Route(
                "/sandbox/deliveries", "GET", "Show which call events were sent", self._deliveries,
                bodies.DeliveriesShown, query=event_deliveries.FILTERS,
            ),
            Route(faults, "GET", "Show the faults that have yet to strike", self._faults, bodies.FaultsShown),
            Route(faults, "POST", "Add a fault", self._add_fault, bodies.FaultsShown, Fault),
            Route(faults, "DELETE", "Drop all faults", self._drop_faults, bodies.FaultsShown),
            Route(
                "/sandbox/tokens", "DELETE", "Expire tokens", self._expire, bodies.Expired, query=("token", "account")
            ),
        )  # fmt: skip

    def answer(self, request: HttpRequest, asked: Asked) -> HttpResponse | None:
        """Answer a request for a path of the sandbox; one for the service is not answered here."""
        file = console_files.name_of(asked.words)
        if asked.words[0] != "sandbox" and not asked.of_tokens and file is None:
            return None
        reason = None if self._hosts is None else foreign(request, self._hosts)
        if reason is not None:
            return problem(403, "foreign", reason)
        if len(request.body) > BODY_LIMIT:
            return too_large()
        if self._system.shared and (file is not None or (asked.path, asked.method) in OF_ONE_PROCESS):
            return problem(409, "not_shared", f"{asked.method} {asked.path} is not possible with --store: {NOT_SHARED}")
        if file is not None:
            return _file(file, asked.method)
        return self._apart(request, asked) or self._route(request, asked)

    def _apart(self, request: HttpRequest, asked: Asked) -> HttpResponse | None:
        """Answer for the token service, the description and the updates, which are not controls."""
        if asked.of_tokens:
            return self._system.tokens.answer(request) if asked.method == "POST" else _only("POST")
        if asked.path not in (control_openapi.PATH, event_stream.PATH):
            return None
        if asked.method != "GET":
            return _only("GET")
        if asked.path == control_openapi.PATH:
            return self._description()
        return event_stream.opening(self._system.updates.watched)

    def _route(self, request: HttpRequest, asked: Asked) -> HttpResponse:
        number = asked.words[2] if asked.words[:2] == ("sandbox", "phones") and len(asked.words) == 3 else None  # noqa: PLR2004  # /sandbox/phones/{number}
        path = asked.path if number is None else "/sandbox/phones/{number}"
        methods = [method for known, method in self._routes if known == path]
        if not methods:
            return problem(404, "not_found", f"The sandbox has no such control; {control_openapi.PATH} lists them.")
        route = self._routes.get((path, asked.method))
        if route is None:
            return _only(*methods)
        try:
            return _written(self._do(route, request, asked, number))
        except (ValueError, RecursionError, SetupError) as error:  # malformed, of another shape, nested too deep
            return problem(400, "request_invalid", str(error))

    def _do(self, route: Route, request: HttpRequest, asked: Asked, number: str | None) -> msgspec.Struct | DomainError:
        unknown = asked.query.keys() - set(route.query)
        if unknown:
            known = ", ".join(route.query) or "none"
            raise ValueError(f"unknown parameter {min(unknown)!r}; known: {known}")
        body = None if route.body is None else msgspec.json.decode(request.body, type=route.body)
        parameters = dict(asked.query) if number is None else {"number": number}
        return self._system.do(lambda: route.do(parameters, body))

    def _description(self) -> HttpResponse:
        if self._document is None:
            self._document = control_openapi.encoded(tuple(self._routes.values()))
        return json_response(200, self._document)

    # What each does ------------------------------------------------------------------------------------------------

    def _clock(self, _parameters: Parameters, _body: None) -> bodies.ClockShown:
        system = self._system
        return bodies.ClockShown(now=system.world.now(), frozen=system.clock.frozen, next_due=system.world.next_due())

    def _move(self, parameters: Parameters, body: bodies.Move) -> bodies.ClockShown:
        world = self._system.world
        if body.frozen is not None:
            self._system.clock.freeze(body.frozen)
        if body.advance is not None:
            world.move(timedelta(seconds=body.advance))
        elif body.at is not None:
            world.move_to(body.at)
        elif body.to_next:
            world.move_to_next()
        return self._clock(parameters, None)

    def _signal(self, _parameters: Parameters, body: bodies.Report) -> PhoneCall | DomainError:
        kind = {kind.__name__: kind for kind in SIGNALS}[body.signal]
        more = {} if body.disposition is None else {"disposition": body.disposition}
        if more and kind is not HungUp:
            raise ValueError("only HungUp has a disposition")
        return self._system.report(kind(call_id=body.call_id, view_id=body.view_id, **more))

    def _show(self, _parameters: Parameters, _body: object) -> bodies.CallsShown:
        return bodies.CallsShown(now=self._system.world.now(), calls=self._system.world.calls())

    def _let_in(self, _parameters: Parameters, body: Incoming) -> PhoneCall:
        return self._system.let_in(body)

    def _replace(self, parameters: Parameters, body: bodies.CallsGiven) -> bodies.CallsShown:
        if body.state is not None:
            self._system.enter(body.state)
        elif body.entry is not None:
            at = self._system.world.now()
            self._system.hold(calls_from("of the body", body.entry, self._system.directory, at))
        else:
            self._system.hold(body.calls or ())
        return self._show(parameters, None)

    def _history(self, parameters: Parameters, _body: None) -> HistoryShown:
        return self._system.updates.history(parameters.get("call", ""))

    def _states(self, _parameters: Parameters, _body: None) -> bodies.StatesShown:
        return bodies.StatesShown(states={name: state.title for name, state in named_states().items()})

    def _phones(self, _parameters: Parameters, _body: object) -> bodies.PhonesShown:
        phones = self._system.phones
        return bodies.PhonesShown(others=phones.others, phones=dict(phones.numbers))

    def _set_phone(self, parameters: Parameters, body: Phone | None) -> bodies.PhonesShown:
        number = parameters["number"]
        if NUMBER.fullmatch(number) is None:
            raise ValueError(f"{number!r} is not a phone number")
        self._system.phones.set(number, body)
        return self._phones(parameters, None)

    def _reset(self, parameters: Parameters, _body: None) -> bodies.CallsShown:
        self._system.reset()
        return self._show(parameters, None)

    def _requests(self, parameters: Parameters, _body: None) -> bodies.RequestsShown:
        return bodies.RequestsShown(requests=self._system.journal.entries(parameters))

    def _deliveries(self, parameters: Parameters, _body: None) -> bodies.DeliveriesShown:
        return bodies.DeliveriesShown(deliveries=self._system.deliveries.entries(parameters))

    def _faults(self, _parameters: Parameters, _body: object) -> bodies.FaultsShown:
        return bodies.FaultsShown(faults=self._system.faults.left)

    def _add_fault(self, parameters: Parameters, body: Fault) -> bodies.FaultsShown:
        self._system.faults.add(body)
        return self._faults(parameters, None)

    def _drop_faults(self, parameters: Parameters, _body: None) -> bodies.FaultsShown:
        self._system.faults.clear()
        return self._faults(parameters, None)

    def _expire(self, parameters: Parameters, _body: None) -> bodies.Expired:
        return bodies.Expired(expired=self._system.tokens.expire(**parameters))


def _file(name: str, method: str) -> HttpResponse:
    if method not in ("GET", "HEAD"):
        return _only("GET", "HEAD")
    found = console_files.console_file(name) or problem(404, "not_found", "The console has no such file.")
    return found if method == "GET" else msgspec.structs.replace(found, body=b"")


def _only(*methods: str) -> HttpResponse:
    allowed = ", ".join(methods)
    return problem(405, "method_not_allowed", f"This path allows {allowed}.", ("Allow", allowed))


def _written(result: msgspec.Struct | DomainError) -> HttpResponse:
    if isinstance(result, DomainError):
        return json_response(http_status(result.code), encode_error(result))
    return json_response(200, msgspec.json.encode(result))
