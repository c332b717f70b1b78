"""Call events on their way to subscribers, and a record of the last ones: what was sent where, and what came of it.

One rule: an event is noticed when its call has been stored, and the request that changed the call never waits for it.
The record is bounded. This module opens no socket: a worker sends, if there is one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace

from callstate.domain import PhoneCall
from callstate.sandbox.clock import Clock
from callstate.sandbox.event_targets import may_be_sent
from callstate.sandbox.journal import chosen
from callstate.sandbox.log import delivery_line
from callstate.voipnow.service import (
    Delivery,
    Directory,
    EventType,
    Subscription,
    SubscriptionChanges,
    SubscriptionStore,
    deliveries,
    events,
)
from callstate.voipnow.stores import MemorySubscriptions

if TYPE_CHECKING:
    from callstate.sandbox.event_requests import Outcome

MOST = 1000
"""So many deliveries are kept."""

FILTERS = ("call", "extension", "type", "method", "status")
"""The fields of an entry by which entries can be chosen."""


class DeliveryEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A call event of an extension, the request that tells a subscription of it, and what came of that.

    `method`, `url` and `body` are the request, `parameters` what it tells. `status` is that of the answer; `failure`
    says why there is none. An entry with neither has not been sent, or not been answered yet.
    """

    number: int
    at: datetime
    call: str
    extension: str
    type: EventType
    subscription: str
    method: str
    url: str
    body: str | None = None
    parameters: dict[str, str]
    status: int | None = None
    failure: str | None = None


class Attempt:
    """A delivery that is made once, with what is known of it."""

    def __init__(self, delivery: Delivery, entry: DeliveryEntry, ended: Callable[["Attempt"], None]) -> None:
        self.delivery: Delivery = delivery
        self.entry: DeliveryEntry = entry
        self.revision: int = 0
        self._ended = ended

    def end(self, outcome: "Outcome") -> None:
        """Note what came of it."""
        self.entry = replace(self.entry, status=outcome.status, failure=outcome.failure)
        self._ended(self)


class Worker(Protocol):
    """What sends."""

    def take(self, attempt: Attempt) -> None:
        """Send an event soon, in its turn, and end the attempt."""

    def clear(self) -> None:
        """Forget what has not been sent."""

    def wait(self) -> None:
        """Wait until all that was taken has been sent."""


class ListedSubscriptions(SubscriptionStore, Protocol):
    """A store of subscriptions that tells all of them."""

    def __iter__(self) -> Iterator[Subscription]: ...


class EventRecord(Protocol):
    """The subscriptions to call events, and what becomes of the events.

    Each new delivery, and each outcome, makes the next `revision`; after an outcome `changed` is called.
    """

    revision: int
    changed: Callable[[], None]
    may_call: Callable[[str], bool]

    @property
    def subscriptions(self) -> ListedSubscriptions:
        """Where the subscriptions are kept."""
        ...  # pyright takes a body of a docstring alone for one that returns None

    def notice(self, before: PhoneCall | None, after: PhoneCall) -> None:
        """Let the events between two values of a call be sent."""

    def reset(self) -> None:
        """Be as at the start: without subscriptions, and with nothing sent."""

    def wait(self) -> None:
        """Wait until everything has been sent that is on its way."""

    def entries(self, wanted: Mapping[str, str]) -> tuple[DeliveryEntry, ...]:
        """Return the deliveries that have the wanted texts in their fields, the oldest first."""
        ...  # as above

    def after(self, revision: int, most: int) -> tuple[DeliveryEntry, ...]:
        """Return the deliveries that are new or have ended since a revision, the last `most` of them."""
        ...  # as above


class Deliveries:
    """The subscriptions, and the events that they were sent. `worker` sends, from when it is set.

    Each new delivery, and each outcome, makes the next `revision`; after an outcome `changed` is called.
    """

    def __init__(self, directory: Directory, clock: Clock, hosts: frozenset[str], say: Callable[[str], None]) -> None:
        self._directory = directory
        self._clock = clock
        self._say = say
        self.revision: int = 0
        self.changed: Callable[[], None] = lambda: None
        self._kept: deque[Attempt] = deque(maxlen=MOST)
        self._number = 0
        self.hosts: frozenset[str] = hosts
        self.subscriptions: MemorySubscriptions = MemorySubscriptions()
        self.may_call: Callable[[str], bool] = partial(may_be_sent, hosts=hosts)
        self.worker: Worker | None = None

    def notice(self, before: PhoneCall | None, after: PhoneCall) -> None:
        """Let the events between two values of a call be sent, those that somebody has subscribed to."""
        if not any(self.subscriptions):
            return
        now = self._clock.now()
        at = now if before is None else after.updated or now
        found = events(before, after, directory=self._directory)
        for delivery in deliveries(found, self.subscriptions, may_call=self.may_call):
            self._number += 1
            attempt = Attempt(delivery, entry_of(self._number, delivery, at), self._ended)
            self._revise(attempt)
            self._kept.append(attempt)
            if self.worker is not None:
                self.worker.take(attempt)

    def _revise(self, attempt: Attempt) -> None:
        self.revision += 1
        attempt.revision = self.revision

    def _ended(self, attempt: Attempt) -> None:
        self._say(delivery_line(attempt.entry))
        self._revise(attempt)
        self.changed()

    def reset(self) -> None:
        """Be as at the start: without subscriptions, and with nothing sent."""
        self.subscriptions.store(SubscriptionChanges(removed=tuple(self.subscriptions)))
        self._kept.clear()
        self._number = 0
        if self.worker is not None:
            self.worker.clear()

    def wait(self) -> None:
        """Wait until everything has been sent that is on its way."""
        if self.worker is not None:
            self.worker.wait()

    def entries(self, wanted: Mapping[str, str]) -> tuple[DeliveryEntry, ...]:
        """Return the deliveries that have the wanted texts in their fields, the oldest first."""
        return chosen((attempt.entry for attempt in tuple(self._kept)), wanted)

    def after(self, revision: int, most: int) -> tuple[DeliveryEntry, ...]:
        """Return the deliveries that are new or have ended since a revision, the last `most` of them."""
        return tuple(attempt.entry for attempt in tuple(self._kept) if attempt.revision > revision)[-most:]


def entry_of(number: int, delivery: Delivery, at: datetime) -> DeliveryEntry:
    """Begin the record of a delivery."""
    event = delivery.event
    return DeliveryEntry(
        number=number,
        at=at,
        call=event.parameters.call_id,
        extension=event.extension,
        type=event.type,
        subscription=delivery.subscription.id,
        method=delivery.method,
        url=delivery.url,
        body=delivery.body.decode() or None,
        parameters=dict(event.parameters.pairs()),
    )
