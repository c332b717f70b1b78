"""Calls in SQLite, for any number of processes at the same time: none overwrites the change of another.

One rule: a call is stored only if the stored one still has the version from which the change was made; otherwise the
change is made again. The complete value is stored, because the form in which the service lists a call leaves much out.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from tempfile import TemporaryDirectory

import msgspec

from callstate import (
    Action,
    Answered,
    CreateSimple,
    DomainError,
    OffHold,
    OnHold,
    PhoneCall,
    apply_action,
    create_call,
    next_deadline,
    unwrap,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    id       TEXT PRIMARY KEY,
    version  INTEGER NOT NULL,
    deadline TEXT,
    call     BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_deadline ON calls (deadline) WHERE deadline IS NOT NULL;
"""

ID = "c0ffee"


class Calls:
    """The calls of one database file; each thread and each process has one of its own."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._database.executescript(SCHEMA)

    def load(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""
        row = self._database.execute("SELECT call FROM calls WHERE id = ?", (call_id,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=PhoneCall)

    def store(self, before: PhoneCall | None, after: PhoneCall) -> bool:
        """Store a call and tell so, if the one that is stored still is `before`; `None`: if there is none."""
        fields = (after.version, _text(next_deadline(after)), msgspec.json.encode(after), after.id)
        if before is None:
            insert = "INSERT INTO calls (version, deadline, call, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            return self._database.execute(insert, fields).rowcount == 1
        update = "UPDATE calls SET version = ?, deadline = ?, call = ? WHERE id = ? AND version = ?"
        return self._database.execute(update, (*fields, before.version)).rowcount == 1

    def due(self, at: datetime) -> list[str]:
        """Return the ids of the calls to advance, the most urgent first."""
        query = "SELECT id FROM calls WHERE deadline <= ? ORDER BY deadline"
        return [call_id for (call_id,) in self._database.execute(query, (_text(at),))]


def _text(at: datetime | None) -> str | None:
    """Write a time so that the texts sort like the times."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def change(
    calls: Calls, action: Action, *, clock: Callable[[], datetime]
) -> tuple[PhoneCall | None, PhoneCall | DomainError]:
    """Return the call as it was and the answer, which is stored; the same object twice if nothing has changed."""
    while True:  # the one that is late tries again; one is always first, so this ends
        before = calls.load(action.call_id)
        answer = apply_action(before, action, at=clock())
        if isinstance(answer, DomainError) or answer is before or calls.store(before, answer):
            return before, answer


# To see it work: several processes hold and take back one call, all at the same time ----------------------------------


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def prepare(path: str) -> None:
    """Store a call that goes on."""
    calls = Calls(path)
    wanted = CreateSimple(call_id=ID, extension="0003*210", source=("0003*210",), destination=("0003*024",))
    calls.store(None, unwrap(create_call(wanted, at=now())))
    for view_id in ("00", "01"):
        change(calls, Answered(call_id=ID, view_id=view_id), clock=now)


def toggle(path: str, times: int) -> None:
    """Change the call that many times; a repeat is no change."""
    calls, made = Calls(path), 0
    hold = OnHold(call_id=ID, view_id="00", extension="0003*210")
    release = OffHold(call_id=ID, view_id="00", extension="0003*210")
    actions: Iterator[Action] = cycle((hold, release))
    for action in actions:
        before, after = change(calls, action, clock=now)
        made += after is not before
        if made == times:
            return


def main(writers: int, times: int) -> None:
    """Let so many processes make so many changes each, and count."""
    with TemporaryDirectory() as directory, ProcessPoolExecutor(writers) as processes:
        path = f"{directory}/calls.db"
        prepare(path)
        for done in [processes.submit(toggle, path, times) for _ in range(writers)]:
            done.result()
        call = Calls(path).load(ID)
    assert call is not None
    print(f"2 answers + {writers} x {times} changes: version {call.version}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
