"""The tables of a sandbox, beside those of the calls."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, UniqueConstraint

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

metadata: MetaData = MetaData()

kept: Table = Table(
    "callstate_sandbox",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("kind", "name"),
)

plans: Table = Table(
    "callstate_sandbox_plans",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("call_id", String(255), nullable=False),
    Column("view_id", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("at", String(32), index=True),  # in UTC with microseconds, so that texts sort as times
    Column("signal", Text),
    UniqueConstraint("call_id", "view_id", "stage"),
)
