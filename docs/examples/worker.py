"""A worker of a queue that delivers each message at least once: its effect and its events come exactly once.

One rule: the id of the message, the call as it is then, and what happened are stored in one transaction, and the
message is acknowledged after it. A message that cannot be read is put aside, so that it is not delivered for ever.
Here the queue is standard input, one message a line.
"""

import sqlite3
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from callstate import Action, PhoneCall, unwrap
from callstate.stream import step
from callstate.voipnow.wire import decode_call

SCHEMA = """
CREATE TABLE IF NOT EXISTS calls      (id TEXT PRIMARY KEY, call BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seen       (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS outbox     (number INTEGER PRIMARY KEY, event BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS unreadable (body BLOB NOT NULL, reason TEXT NOT NULL);
"""


class Message(msgspec.Struct, frozen=True):
    """What is asked for or reported, at which time, and the id by which a second delivery is recognized."""

    id: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    action: Action


def connect(path: str) -> sqlite3.Connection:
    """Open a database; each worker has a connection of its own."""
    database = sqlite3.connect(path, timeout=60, isolation_level=None)
    database.executescript(SCHEMA)
    return database


def work(database: sqlite3.Connection, body: bytes) -> str:
    """Do what one message says, once, and return what came of it; after that it can be acknowledged."""
    try:
        message = msgspec.json.decode(body, type=Message)
    except (ValueError, RecursionError) as error:  # no JSON, of another shape, or nested too deep: now and next time
        database.execute("INSERT INTO unreadable VALUES (?, ?)", (body, str(error)))
        return f"unreadable: {error}"
    with database:  # commits at the end, rolls back if anything is raised
        database.execute("BEGIN IMMEDIATE")  # from here on no other connection writes
        if database.execute("INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING", (message.id,)).rowcount == 0:
            return "seen before"
        before = load(database, message.action.call_id)
        after, happened, _, refusal = step(before, message.action, message.at)
        emit(database, happened)  # also what was due before the message, even if the message is refused
        if after is not None and after is not before:
            database.execute("REPLACE INTO calls VALUES (?, ?)", (after.id, msgspec.json.encode(after)))
        if refusal is not None:  # an answer like any other: to ask again would not change it
            emit(database, [refusal])
            return f"refused: {refusal.code}"
        return "unchanged" if after is None or after is before else f"version {after.version}"


def load(database: sqlite3.Connection, call_id: str) -> PhoneCall | None:
    """Return the call of that id."""
    row = database.execute("SELECT call FROM calls WHERE id = ?", (call_id,)).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=PhoneCall)


def emit(database: sqlite3.Connection, events: Iterable[msgspec.Struct]) -> None:
    """Put events into the table from which another process sends them, in their order."""
    rows = [(msgspec.json.encode(event),) for event in events]
    database.executemany("INSERT INTO outbox (event) VALUES (?)", rows)


def main(path: str, call_file: str) -> None:
    """Store a call, then work on the messages of standard input."""
    database = connect(path)
    call = unwrap(decode_call(Path(call_file).read_bytes()))
    database.execute("INSERT INTO calls VALUES (?, ?) ON CONFLICT DO NOTHING", (call.id, msgspec.json.encode(call)))
    for body in sys.stdin.buffer:
        print(work(database, body))


if __name__ == "__main__":
    main(*sys.argv[1:])
