"""Lists: the calls that have to do with an extension, page by page.

One rule: a list that finds nothing is an empty page, never a refusal, even if the call that is asked for does not
exist: clients poll until a call is gone. A call that is over is gone, and to a stranger every call is.
"""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from callstate.domain import SELF, DomainError, PhoneCall
from callstate.voipnow.service.pages import on_page, page_of
from callstate.voipnow.service.query import Query, read_query
from callstate.voipnow.service.requests import OWNER, Changed, Outcome, Request, Response
from callstate.voipnow.service.scope import (
    RequestContext,
    found,
    involved,
    link,
    path,
    refused,
    scope_of,
    user_of,
    visible,
)
from callstate.voipnow.wire import encode_call

OK = 200

Linked: TypeAlias = tuple[PhoneCall, str]
"""A call, and where it can be read."""


def list_calls(context: RequestContext) -> Outcome:
    """Answer with the call that is named, or with all calls of the extension, or of all extensions of the user."""
    calls, changed = _calls(context)
    if isinstance(calls, DomainError):
        return refused(calls, changed)
    query = read_query(context.request.parameters)
    if isinstance(query, DomainError):
        return refused(query, changed)
    return Outcome(_page(context.request, calls, query), changed)


def _calls(context: RequestContext) -> tuple[list[Linked] | DomainError, Changed]:
    call, fired = found(context)
    unknown = call is None and context.request.call_id is not None
    if context.request.call_id is not None and _is_of_a_stranger(context, call):
        return [], fired
    scope = scope_of(context, call)
    if isinstance(scope, DomainError):
        return scope, fired
    if call is None:
        calls, fired = ([], ()) if unknown else involved(context, scope)
    else:
        calls = [call] if scope.sees(call) else []
    return [(visible(context, call), link(context, scope, call)) for call in calls], fired


def _is_of_a_stranger(context: RequestContext, call: PhoneCall | None) -> bool:
    """Tell whether the owner of a call is meant whom the account may not act for, or who is unknown as the call is."""
    if context.request.user != OWNER:
        return False
    return call is None or isinstance(user_of(context, call.extension), DomainError)


def _page(request: Request, calls: Sequence[Linked], query: Query[PhoneCall]) -> Response:
    shown = [linked for linked in calls if query.shows(linked[0])]
    linked = on_page(shown, query)
    entries = [_entry(call, where, query.fields) for call, where in linked]
    page = page_of(entries, len(shown), query, request.parameters, _address(request))
    version = linked[0][0].version if request.call_id is not None and linked else None
    return Response(status=OK, body=msgspec.json.encode(page), version=version, found=version)


def _address(request: Request) -> str:
    ids = () if request.call_id is None else (request.call_id,)
    return path(request, request.user, request.extension or SELF, *ids)


def _entry(call: PhoneCall, where: str, fields: frozenset[str] | None) -> msgspec.Raw:
    whole = encode_call(call, link=where)
    if fields is None:
        return msgspec.Raw(whole)
    # The vendor writes link and links for the same thing.
    names = fields | {"link"} if "links" in fields else fields
    values = msgspec.json.decode(whole, type=dict[str, msgspec.Raw])
    return msgspec.Raw(msgspec.json.encode({name: value for name, value in values.items() if name in names}))
