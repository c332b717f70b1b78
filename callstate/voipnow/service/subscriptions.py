"""Subscriptions to call events: the values, where they are kept, and what a request about them is.

One rule: a subscription is of one extension and one type of event, and is named by both together with its id. They are
kept beside the calls and know nothing of them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from callstate import domain
from callstate.voipnow.service.events import EventType
from callstate.voipnow.service.requests import ME, Response, Verb


class EventMethod(IntEnum):
    """How an event is sent, in the wire's own numbers: in the query of the URL, or as a form in the body."""

    GET = 0
    POST = 1


class Subscription(domain.Value, frozen=True, gc=False, kw_only=True):
    """What the vendor calls a PhoneCallEvent: which events of an extension are sent where, and how.

    `enabled` is the wire's `status`: one that is disabled stays and sends nothing. `modified` is when it was last
    changed, an aware datetime.
    """

    extension: str
    type: EventType
    id: str
    method: EventMethod
    url: str
    enabled: bool = True
    note: str = ""
    modified: datetime


class SubscriptionChanges(NamedTuple):
    """What a request did: the subscriptions that are new or changed, and those that are gone."""

    stored: tuple[Subscription, ...] = ()
    removed: tuple[Subscription, ...] = ()


NO_CHANGES = SubscriptionChanges()


class Subscriptions(Protocol):
    """A read-only look at the subscriptions of a system, in whatever store they are."""

    def by_extension(self, number: str) -> Iterable[Subscription]:
        """Return the subscriptions of an extension, in extended form, in the order in which they were made."""
        ...  # pyright takes a body of a docstring alone for one that returns None


class SubscriptionStore(Subscriptions, Protocol):
    """Where the subscriptions are kept."""

    def store(self, changes: SubscriptionChanges) -> None:
        """Keep what was stored, a changed one at the place of the old, and forget what was removed.

        One is named by its extension, type and id together. Of two requests that change the same one the later counts.
        """


class SubscriptionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for subscriptions as its path, query and body tell it, decoded but not judged.

    `viewer` is the id of the account of the token; `user`, `extension`, `type` and `id` are those of the
    path. `new_id` is the id of a subscription that is created, made up by the shell. `base` begins the links, as for
    calls.
    """

    verb: Verb
    viewer: str
    extension: str
    user: str = ME
    type: str | None = None
    id: str | None = None
    parameters: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    new_id: str = ""
    base: str = ""


class SubscriptionOutcome(NamedTuple):
    """What came of a request."""

    response: Response
    changes: SubscriptionChanges = NO_CHANGES
