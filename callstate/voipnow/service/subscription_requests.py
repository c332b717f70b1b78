"""The four requests for subscriptions to call events: create, list, update, delete.

One rule: the answer is that of the first check that fails, in the order user, access, extension, type, id, and then the
body. Nothing is stored here: what a request did is handed back, to be stored before the response is sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

import msgspec

from callstate.domain import CALL_ID, Check, DomainError, ErrorCode, shown
from callstate.engine import instant
from callstate.voipnow.service.directory import Directory
from callstate.voipnow.service.event_urls import is_loopback
from callstate.voipnow.service.events import SUBSCRIBABLE, EventType
from callstate.voipnow.service.requests import Response, Verb
from callstate.voipnow.service.scope import acting_user, not_owned, organization, refusal, refused
from callstate.voipnow.service.subscription_bodies import TYPE, MayCall, address, event_body, read_changed, read_new
from callstate.voipnow.service.subscription_list import event_page
from callstate.voipnow.service.subscriptions import (
    NO_CHANGES,
    Subscription,
    SubscriptionChanges,
    SubscriptionOutcome,
    SubscriptionRequest,
    Subscriptions,
)


class _Target(NamedTuple):
    """What a path names: an extension in extended form, and where it tells them a type and an id."""

    number: str
    type: EventType | None
    id: str | None

    def has(self, subscription: Subscription) -> bool:
        """Tell whether a subscription of the extension is meant."""
        return self.type in (None, subscription.type) and self.id in (None, subscription.id)


class _Context(NamedTuple):
    """A request with all that it takes to answer it; `found` are the subscriptions that its path names."""

    request: SubscriptionRequest
    target: _Target
    found: tuple[Subscription, ...]
    at: datetime
    may_call: MayCall


def handle_subscription(
    subscriptions: Subscriptions,
    directory: Directory,
    request: SubscriptionRequest,
    *,
    at: datetime,
    may_call: MayCall = is_loopback,
) -> SubscriptionOutcome:
    """Answer a request, and hand back what it stores and removes.

    `may_call` tells to which URLs events may be sent; a request for another one is refused. No request makes this
    raise; a naive `at` does, with `ValueError`.
    """
    target = _target(directory, request)
    if isinstance(target, DomainError):
        return _refused(target)
    found = tuple(filter(target.has, subscriptions.by_extension(target.number)))
    return _HANDLERS[request.verb](_Context(request, target, found, instant(at), may_call))


def _create(context: _Context) -> SubscriptionOutcome:
    target = context.target
    new = read_new(context.request, target.number, target.type, context.at, context.may_call)
    if isinstance(new, DomainError):
        return _refused(new)
    return _done(event_body(context.request, new), SubscriptionChanges(stored=(new,)))


def _list(context: _Context) -> SubscriptionOutcome:
    request = context.request
    segments = (segment for segment in (request.type, request.id) if segment is not None)
    bodies = [event_body(request, subscription) for subscription in context.found]
    page = event_page(request.parameters, bodies, address(request, request.extension, *segments))
    return _refused(page) if isinstance(page, DomainError) else _done(page)


def _update(context: _Context) -> SubscriptionOutcome:
    if context.target.id is None or not context.found:
        return _refused(_no_event(context.request))
    before = context.found[0]
    after = read_changed(context.request, before, context.at, context.may_call)
    if isinstance(after, DomainError):
        return _refused(after)
    changes = NO_CHANGES if after is before else SubscriptionChanges(stored=(after,))
    return _done(event_body(context.request, after), changes)


def _delete(context: _Context) -> SubscriptionOutcome:
    """Delete what the path names: one, all of a type, or all of the extension; of the last two there may be none."""
    if context.target.id is not None and not context.found:
        return _refused(_no_event(context.request))
    gone = [{"id": subscription.id} for subscription in context.found]
    return _done(gone, SubscriptionChanges(removed=context.found))


_HANDLERS: Mapping[Verb, Callable[[_Context], SubscriptionOutcome]] = {
    Verb.CREATE: _create,
    Verb.LIST: _list,
    Verb.UPDATE: _update,
    Verb.DELETE: _delete,
}


# What a path names ----------------------------------------------------------------------------------------------------


def _target(directory: Directory, request: SubscriptionRequest) -> _Target | DomainError:
    number = _number(directory, request)
    if isinstance(number, DomainError):
        return number
    kind = None if request.type is None else TYPE.read(request.type)
    if kind is None and (request.type is not None or request.verb is Verb.UPDATE):
        creates = request.verb is Verb.CREATE
        code = ErrorCode.NEW_EVENT_TYPE_INVALID if creates else ErrorCode.EVENT_TYPE_INVALID
        return refusal(code, Check.FIELDS, _reason("type", TYPE.needed, request.type), "type", request.type)
    if request.id is not None and CALL_ID.fullmatch(request.id) is None:
        return _no_event(request)
    return _Target(number, kind, request.id)


_EXTENSION = "a phone terminal, queue, IVR or conference of the user"


def _number(directory: Directory, request: SubscriptionRequest) -> str | DomainError:
    """Return the extension in extended form, if the account may ask for its subscriptions and it can have some."""
    user = acting_user(directory, request.viewer, request.user, request.extension)
    if isinstance(user, DomainError):
        return user
    number = directory.full_number(request.extension, organization(user))
    extension = directory.extension(number)
    if extension is None or number not in directory.numbers_of(user):
        return not_owned(directory, request.viewer, number, _EXTENSION)
    if extension.kind not in SUBSCRIBABLE:
        reason = _reason("extension", _EXTENSION, number)
        return refusal(ErrorCode.EXTENSION_INVALID, Check.EXTENSION, reason, "extension", number)
    return number


# Answers --------------------------------------------------------------------------------------------------------------


def _done(body: object, changes: SubscriptionChanges = NO_CHANGES) -> SubscriptionOutcome:
    return SubscriptionOutcome(Response(status=HTTPStatus.OK, body=msgspec.json.encode(body)), changes)


def _refused(error: DomainError) -> SubscriptionOutcome:
    return SubscriptionOutcome(refused(error).response)


def _no_event(request: SubscriptionRequest) -> DomainError:
    reason = _reason("id", "the id of an existing event of the extension and of the type", request.id)
    return refusal(ErrorCode.EVENT_ID_INVALID, Check.FIELDS, reason, "id", request.id)


def _reason(name: str, needed: str, value: str | None) -> str:
    if value is None:
        return f"{name} is missing; it must be {needed}"
    return f"{name} must be {needed}, not {shown(value)}"
