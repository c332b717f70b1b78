"""A worker of a queue that delivers each message at least once: its effect and its events come exactly once.

One rule: the id of the message, the updated call, and what happened are stored in one transaction, and the message is
acknowledged after it. A message that cannot be read is put aside, so that it is not delivered for ever. Here the queue
is standard input, one message a line.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from sqlalchemy import Column, Connection, Engine, LargeBinary, MetaData, String, Table, Text, create_engine, insert
from sqlalchemy.exc import IntegrityError

from callstate import Action, changes, unwrap
from callstate.stream import step
from callstate.voipnow.stores.sql import SqlStore, create_tables
from callstate.voipnow.wire import decode_call

OWN = MetaData()
SEEN = Table("seen", OWN, Column("message", String(255), primary_key=True))
REFUSALS = Table("refusals", OWN, Column("message", String(255), primary_key=True), Column("refusal", Text))
UNREADABLE = Table("unreadable", OWN, Column("body", LargeBinary), Column("reason", Text))


class Message(msgspec.Struct, frozen=True):
    """What is asked for or reported, at which time, and the id by which a second delivery is recognized."""

    id: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    action: Action


def opened(url: str) -> Engine:
    """Open a database; each worker has an engine of its own."""
    engine = create_engine(url)
    create_tables(engine)
    create_tables(engine, OWN)
    return engine


def calls(bind: Engine | Connection) -> SqlStore:
    """Return the calls, which put what happens to them into the outbox."""
    return SqlStore(bind, organization_of=lambda _number: None, publish=changes)


def work(engine: Engine, body: bytes) -> str:
    """Do what one message says, once, and return what came of it; after that it can be acknowledged."""
    try:
        message = msgspec.json.decode(body, type=Message)
    except (ValueError, RecursionError) as error:  # no JSON, of another shape, or nested too deep: now and next time
        with engine.begin() as connection:
            connection.execute(insert(UNREADABLE), {"body": body, "reason": str(error)})
        return f"unreadable: {error}"
    while True:
        with engine.connect() as connection:  # what is not committed is rolled back at the end
            said = answer(connection, message)
            if said is not None:
                connection.commit()
                return said


def answer(connection: Connection, message: Message) -> str | None:
    """Do it in a transaction, and return what came of it; `None` if another worker has changed the call meanwhile."""
    try:
        connection.execute(insert(SEEN), {"message": message.id})
    except IntegrityError:
        return "seen before"
    store = calls(connection)
    before = store.by_id(message.action.call_id)
    after, _, _, refusal = step(before, message.action, message.at)
    # What was due before the message is stored as well, even if the message is refused.
    if before is not None and after is not None and after is not before and not store.swap([before], [after]):
        return None
    if refusal is not None:  # an answer like any other: to ask again would not change it
        row = {"message": message.id, "refusal": msgspec.json.encode(refusal).decode()}
        connection.execute(insert(REFUSALS), row)
        return f"refused: {refusal.code}"
    return "unchanged" if after is None or after is before else f"version {after.version}"


def main(path: str, call_file: str) -> None:
    """Store a call, then work on the messages of standard input."""
    engine = opened(f"sqlite:///{path}?timeout=60")
    calls(engine).swap([], [unwrap(decode_call(Path(call_file).read_bytes()))])
    for body in sys.stdin.buffer:
        print(work(engine, body))


if __name__ == "__main__":
    main(*sys.argv[1:])
