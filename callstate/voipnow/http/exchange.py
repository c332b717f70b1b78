"""HTTP without a socket: a method, a target, headers and a body go in; a status, headers and a body come out.

One rule: any bytes get an answer, and the answer to what cannot be served is JSON too. This module knows the paths,
the tokens and the conditions of requests, and nothing of calls; what a request means is decided by `service`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from callstate.engine import LENIENT, Rules
from callstate.voipnow.http import event_openapi, openapi
from callstate.voipnow.http.event_routes import event_methods, event_request
from callstate.voipnow.http.messages import BODY_LIMIT, HttpRequest, HttpResponse, json_response, problem, too_large
from callstate.voipnow.http.target import split
from callstate.voipnow.service import (
    CREATES,
    NO_CHANGES,
    Calls,
    Changed,
    Directory,
    MayCall,
    Request,
    Response,
    Steps,
    SubscriptionChanges,
    SubscriptionRequest,
    SubscriptionStore,
    Verb,
    handle,
    handle_subscription,
    is_loopback,
)

ROOTS = frozenset({"uapi", "unifiedapi"})
RESOURCES = frozenset({"phoneCalls", "phoneCall"})

TOKEN = "accessRequestToken"  # noqa: S105  # the name of a parameter
BEARER = re.compile(r"bearer[ +]+", re.IGNORECASE)
JSON = re.compile(r"[a-z]+/([!-:<-~]+\+)?json", re.IGNORECASE)


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a token stands for, and until when."""

    account: str
    until: datetime


Tokens: TypeAlias = Mapping[str, Grant]


class Site(NamedTuple):
    """What all requests share: who is who, which tokens are good, and the rules of the calls.

    Call events are served where there are `subscriptions`; requests only read them. `may_call` tells to which URLs
    events may be sent.
    """

    directory: Directory
    tokens: Tokens
    rules: Rules = LENIENT
    subscriptions: SubscriptionStore | None = None
    may_call: MayCall = is_loopback


class Exchange(NamedTuple):
    """What came of a request: the answer, the calls that changed, who asked, and what was asked of calls.

    `subscribed` is what it did to subscriptions; a request changes either these or calls.
    """

    response: HttpResponse
    changed: Changed = ()
    account: str | None = None
    steps: Steps = ()
    subscribed: SubscriptionChanges = NO_CHANGES


def respond(calls: Calls, site: Site, request: HttpRequest, *, at: datetime, new_call_id: str) -> Exchange:
    """Answer a request; a call or a subscription that it creates gets the id given.

    The owner of the stores writes what changed, before the answer is sent. `at` is an aware datetime.
    """
    if request.method != "HEAD":
        return _respond(calls, site, request, at, new_call_id)
    exchange = _respond(calls, site, replace(request, method="GET"), at, new_call_id)
    return exchange._replace(response=replace(exchange.response, body=b""))


def _respond(calls: Calls, site: Site, request: HttpRequest, at: datetime, new_call_id: str) -> Exchange:
    segments, query = split(request.target)
    place = _place(segments) or _event_place(segments, site.subscriptions)
    if place is None:
        return Exchange(problem(404, "not_found", "There is nothing at this path."))
    if request.method not in place.methods:
        return Exchange(_other_method(request, place))
    if not place.segments:
        described = openapi.encoded() if site.subscriptions is None else event_openapi.encoded()
        return Exchange(json_response(200, described))
    account = _account(request, query, site.tokens, at)
    if account is None:
        message = "You are not authorized to use this request: it needs a token that has not expired."
        return Exchange(problem(401, "access_denied", message))
    if place.subscriptions is not None:
        asked = _event_question(request, place, query, viewer=account, new_id=new_call_id)
        return _serve_events(place.subscriptions, site, request, asked, at)
    question = _question(request, place, query, viewer=account, new_call_id=new_call_id)
    return _serve(calls, site, request, question, at)


def _other_method(request: HttpRequest, place: "_Place") -> HttpResponse:
    """Answer a method that the path does not have; `OPTIONS` asks which it has."""
    allowed = ("Allow", place.allowed)
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=(allowed,), body=b"")
    return problem(405, "method_not_allowed", f"The methods of this path are {place.allowed}.", allowed)


class _Place(NamedTuple):
    """What a path names, and what each method does there; the description of the service has no segments.

    A path of call events comes with the subscriptions that it is about.
    """

    methods: Mapping[str, Verb]
    segments: tuple[str, ...] = ()
    subscriptions: SubscriptionStore | None = None

    @property
    def allowed(self) -> str:
        head = ("HEAD",) if "GET" in self.methods else ()
        return ", ".join((*self.methods, *head, "OPTIONS"))


# Reading --------------------------------------------------------------------------------------------------------------

_DOCUMENT: Mapping[str, Verb] = {"GET": Verb.LIST}
_COLLECTION: Mapping[str, Verb] = {"POST": Verb.CREATE}
_CALLS: Mapping[str, Verb] = {"GET": Verb.LIST, "PUT": Verb.UPDATE, "DELETE": Verb.DELETE}


def _place(segments: tuple[str, ...]) -> _Place | None:
    match segments:
        case ["openapi.json"]:
            return _Place(_DOCUMENT)
        case [root, resource, _, kind] if kind in CREATES:
            methods = _COLLECTION
        case [root, resource, _, _] | [root, resource, _, _, _]:
            methods = _CALLS
        case _:
            return None
    known = root in ROOTS and resource in RESOURCES and "" not in segments
    return _Place(methods, segments) if known else None


def _event_place(segments: tuple[str, ...], subscriptions: SubscriptionStore | None) -> _Place | None:
    methods = event_methods(segments[1:]) if segments[0] in ROOTS and subscriptions is not None else None
    return None if methods is None else _Place(methods, segments, subscriptions)


def _account(request: HttpRequest, query: Mapping[str, str], tokens: Tokens, at: datetime) -> str | None:
    """Return the grant of the token that came with the request; the header counts first."""
    given = request.header("authorization") or query.get(TOKEN, "")
    grant = tokens.get(BEARER.sub("", given.strip(), count=1))
    return grant.account if grant is not None and at < grant.until else None


def _body_refusal(request: HttpRequest) -> HttpResponse | None:
    if len(request.body) > BODY_LIMIT:
        return too_large()
    kind = (request.header("content-type") or "application/json").partition(";")[0].strip()
    if request.body and request.method in ("POST", "PUT") and JSON.fullmatch(kind) is None:
        return problem(415, "media_type_invalid", "A body is JSON, so its Content-Type is application/json.")
    return None


# Serving --------------------------------------------------------------------------------------------------------------


def _question(
    request: HttpRequest, place: _Place, query: Mapping[str, str], *, viewer: str, new_call_id: str
) -> Request:
    verb = place.methods[request.method]
    root, _, user, second, *rest = place.segments
    creates = verb is Verb.CREATE
    return Request(
        verb=verb,
        viewer=viewer,
        user=user,
        extension=None if creates else second,
        call_id=rest[0] if rest else None,
        kind=second if creates else None,
        parameters=_without_token(query),
        body=request.body,
        new_call_id=new_call_id,
        base=f"{request.base}/{root}",
    )


def _event_question(
    request: HttpRequest, place: _Place, query: Mapping[str, str], *, viewer: str, new_id: str
) -> SubscriptionRequest:
    return event_request(
        place.segments[1:],
        verb=place.methods[request.method],
        viewer=viewer,
        parameters=_without_token(query),
        body=request.body,
        new_id=new_id,
        base=f"{request.base}/{place.segments[0]}",
    )


def _without_token(query: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in query.items() if name != TOKEN}


def _serve(calls: Calls, site: Site, request: HttpRequest, context: Request, at: datetime) -> Exchange:
    refusal = _body_refusal(request)
    if refusal is not None:
        return Exchange(refusal, account=context.viewer)
    answer, changed, steps = handle(calls, site.directory, context, at=at, rules=site.rules)
    if not _holds(request, answer):
        message = "The call has changed since: its ETag is another one."
        return Exchange(problem(412, "precondition_failed", message), account=context.viewer)
    return Exchange(_written(answer), changed, context.viewer, steps)


def _serve_events(
    subscriptions: SubscriptionStore, site: Site, request: HttpRequest, asked: SubscriptionRequest, at: datetime
) -> Exchange:
    refusal = _body_refusal(request)
    if refusal is not None:
        return Exchange(refusal, account=asked.viewer)
    answer, changes = handle_subscription(subscriptions, site.directory, asked, at=at, may_call=site.may_call)
    if not _holds(request, answer):
        message = "A subscription has no ETag, so it is not asked for by one."
        return Exchange(problem(412, "precondition_failed", message), account=asked.viewer)
    return Exchange(_written(answer), account=asked.viewer, subscribed=changes)


def _holds(request: HttpRequest, answer: Response) -> bool:
    """Tell whether the condition of a request holds, which is asked only of one that would be accepted."""
    condition = request.header("if-match")
    if condition in (None, "*") or answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        return True
    return answer.found is not None and _etag(answer.found) in map(str.strip, condition.split(","))


def _etag(version: int) -> str:
    return f'"{version}"'


def _written(answer: Response) -> HttpResponse:
    etag = () if answer.version is None else (("ETag", _etag(answer.version)),)
    return json_response(answer.status, answer.body, *etag)
