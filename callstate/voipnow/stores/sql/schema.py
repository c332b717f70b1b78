"""The tables, as SQLAlchemy and Alembic take them.

One rule: a call is kept whole, as JSON, and beside it only what calls are searched by. A time is a whole number of
microseconds since 1970 in UTC, because every database keeps and compares that exactly.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

Number: BigInteger = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives: SQLite counts only in its own integers."""

metadata: MetaData = MetaData()

calls: Table = Table(
    "callstate_calls",
    metadata,
    Column("created", Number, primary_key=True),  # the order of creation
    Column("id", String(255), nullable=False, unique=True),
    Column("version", BigInteger, nullable=False),
    Column("published", BigInteger),
    Column("deadline", BigInteger),
    Column("ended", BigInteger),  # of a call that is over
    Column("call", Text, nullable=False),
)
for _dated in (calls.c.deadline, calls.c.ended):
    _filled = _dated.is_not(None)
    Index(f"callstate_calls_by_{_dated.name}", _dated, postgresql_where=_filled, sqlite_where=_filled)

participants: Table = Table(
    "callstate_participants",
    metadata,
    Column("number", String(255), primary_key=True),
    Column("call_id", String(255), primary_key=True),
)

parkings: Table = Table(
    "callstate_parkings",
    metadata,
    Column("organization", String(255), primary_key=True),  # empty for the lot of no organization
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("call_id", String(255), nullable=False),
    Column("view_id", String(16), nullable=False),
)

outbox: Table = Table(
    "callstate_outbox",
    metadata,
    Column("number", Number, primary_key=True),
    Column("call_id", String(255), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("claimed_until", BigInteger),
    Index("callstate_outbox_by_call", "call_id", "number"),
    sqlite_autoincrement=True,  # the number of an entry that is gone never comes again
)

subscriptions: Table = Table(
    "callstate_subscriptions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("extension", String(255), nullable=False),
    Column("type", Integer, nullable=False),
    Column("id", String(255), nullable=False),
    Column("subscription", Text, nullable=False),
    UniqueConstraint("extension", "type", "id"),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime | None) -> int | None:
    """Write a time as a column has it."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND
