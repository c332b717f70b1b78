"""Subscriptions to call events in memory.

One rule: a changed subscription keeps its place, so the order is always that in which they were made. The store reads
no clock. It is for one thread; several have to take turns.
"""

from collections import defaultdict
from collections.abc import Iterator

from callstate.voipnow.service import EventType, Subscription, SubscriptionChanges

Key = tuple[EventType, str]
"""A subscription of one extension: its type and its id."""


class MemorySubscriptions:
    """An in-memory `SubscriptionStore`."""

    def __init__(self) -> None:
        self._by_number: defaultdict[str, dict[Key, Subscription]] = defaultdict(dict)

    def __iter__(self) -> Iterator[Subscription]:
        return (subscription for kept in self._by_number.values() for subscription in kept.values())

    def by_extension(self, number: str) -> tuple[Subscription, ...]:
        """Return the subscriptions of an extension, in the order in which they were made."""
        return tuple(self._by_number.get(number, {}).values())

    def store(self, changes: SubscriptionChanges) -> None:
        """Keep what is new or changed, and forget what is gone."""
        for subscription in changes.stored:
            self._by_number[subscription.extension][subscription.type, subscription.id] = subscription
        for subscription in changes.removed:
            self._by_number.get(subscription.extension, {}).pop((subscription.type, subscription.id), None)
