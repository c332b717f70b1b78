"""Subscriptions to call events in a SQL database.

One rule: a changed subscription keeps its place, so the order is always that in which they were made.
"""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from callstate.voipnow.service import Subscription, SubscriptionChanges
from callstate.voipnow.stores.sql.binding import Binding
from callstate.voipnow.stores.sql.schema import subscriptions

_ALL = select(subscriptions.c.subscription).order_by(subscriptions.c.number)
_OF_EXTENSION = _ALL.where(subscriptions.c.extension == bindparam("number"))
_NAMED = (
    subscriptions.c.extension == bindparam("of_extension"),
    subscriptions.c.type == bindparam("of_type"),
    subscriptions.c.id == bindparam("of_id"),
)
_CHANGE = update(subscriptions).where(*_NAMED).values(subscription=bindparam("value"))
_REMOVE = delete(subscriptions).where(*_NAMED)


class SqlSubscriptions:
    """A `SubscriptionStore` in a SQL database. With a connection it is part of the open transaction."""

    def __init__(self, bind: Engine | Connection) -> None:
        self._database = Binding(bind)

    def __iter__(self) -> Iterator[Subscription]:
        with self._database.reading() as connection:
            return iter(list(map(_read, connection.scalars(_ALL))))

    def by_extension(self, number: str) -> tuple[Subscription, ...]:
        """Return the subscriptions of an extension, in the order in which they were made."""
        with self._database.reading() as connection:
            return tuple(map(_read, connection.scalars(_OF_EXTENSION, {"number": number})))

    def store(self, changes: SubscriptionChanges) -> None:
        """Keep what is new or changed, and forget what is gone."""
        with self._database.writing() as connection:
            for one in changes.stored:
                value = msgspec.json.encode(one).decode()
                if connection.execute(_CHANGE, {**_name(one), "value": value}).rowcount == 0:
                    row = {"extension": one.extension, "type": one.type, "id": one.id, "subscription": value}
                    connection.execute(insert(subscriptions), row)
            for one in changes.removed:
                connection.execute(_REMOVE, _name(one))


def _name(subscription: Subscription) -> dict[str, object]:
    return {"of_extension": subscription.extension, "of_type": subscription.type, "of_id": subscription.id}


def _read(value: str) -> Subscription:
    return msgspec.json.decode(value, type=Subscription)
