"""Calls, their outbox and subscriptions in a SQL database, for any number of processes: the extra `sql` installs it.

It is written with SQLAlchemy Core and tested with PostgreSQL and SQLite. `callstate.voipnow.stores` does not import it.
"""

from callstate.voipnow.stores.sql.outbox import Entry, Outbox
from callstate.voipnow.stores.sql.schema import metadata
from callstate.voipnow.stores.sql.store import SqlStore
from callstate.voipnow.stores.sql.subscriptions import SqlSubscriptions
from callstate.voipnow.stores.sql.tables import create_tables

__all__ = [
    "Entry",
    "Outbox",
    "SqlStore",
    "SqlSubscriptions",
    "create_tables",
    "metadata",
]
