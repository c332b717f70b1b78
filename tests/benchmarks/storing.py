"""An update through the store in SQL: beside the same statements by hand, and among more and more calls.

One rule: these rows use wall-clock time, because an update waits for the disk, and the database is a file.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import Engine, create_engine

from callstate import OffHold, OnHold, PhoneCall, apply_action, changes
from callstate.voipnow.stores.sql import SqlStore, create_tables
from tests.benchmarks import work
from tests.benchmarks.keeping import another
from tests.benchmarks.rows import Row, at_most
from tests.benchmarks.timing import ratio, spread
from tests.benchmarks.work import AT, CALL_ID

CALLS, ROUNDS = 25, 15
"""So many calls are held and resumed in each of so many rounds."""

SIZES = (1_000, 100_000)
BULK = 1_000

KINDS: tuple[type[OnHold | OffHold], ...] = (OnHold, OffHold)

Update = Callable[[str], None]
"""Holds the call of an id, or resumes it."""


def sql() -> Iterator[Row]:
    """Look a call up in a file of SQLite, hold or resume it, store it, and put what happened into the outbox."""
    with TemporaryDirectory() as folder:
        engine = filled(Path(folder), 1)
        taken = _in_turn({"store": through(engine), "hand": by_hand(engine)}, [CALL_ID])
    yield Row("an update in SQLite: the same statements by hand", f"{spread(taken['hand'])} µs")
    of_hand = ratio(taken["store"], taken["hand"])
    yield at_most("an update in SQLite: the store", spread(taken["store"]), of_hand, 1.5, of="by hand")


def sql_book() -> Iterator[Row]:
    """Do the same among more and more calls, in random order."""
    with TemporaryDirectory() as small, TemporaryDirectory() as large:
        engines = [filled(Path(folder), size) for folder, size in zip((small, large), SIZES, strict=True)]
        ids = [another(work.connected(), number).id for number in Random(0).sample(range(SIZES[0]), SIZES[0])]  # noqa: S311  # nothing is kept secret
        tasks = {f"{size:,}": through(engine) for size, engine in zip(SIZES, engines, strict=True)}
        taken = _in_turn(tasks, ids)
    least, most = (f"{size:,}" for size in SIZES)
    yield Row(f"an update in SQLite among {least} calls", f"{spread(taken[least])} µs")
    of_least = ratio(taken[most], taken[least])
    yield at_most(f"an update in SQLite among {most} calls", spread(taken[most]), of_least, 2, of=f"{least} calls")


def filled(folder: Path, size: int) -> Engine:
    """Make a file with so many calls; one alone has the id of the example."""
    engine = create_engine(f"sqlite:///{folder}/calls.db")
    create_tables(engine)
    call = work.connected()
    calls = iter([call] if size == 1 else (another(call, number) for number in range(size)))
    while bulk := list(islice(calls, BULK)):
        assert _store(engine).swap([], bulk)
    return engine


def _store(engine: Engine) -> SqlStore:
    return SqlStore(engine, lambda _number: "3", publish=changes)


def through(engine: Engine) -> Update:
    """Update through the store."""
    store, kinds = _store(engine), cycle(KINDS)

    def update(call_id: str) -> None:
        before = store.by_id(call_id)
        assert before is not None
        after = _changed(before, next(kinds))
        assert store.swap([before], [after])

    return update


def by_hand(engine: Engine) -> Update:
    """Update by the same statements, with the driver alone."""
    database, kinds = sqlite3.connect(str(engine.url.database)), cycle(KINDS)

    def update(call_id: str) -> None:
        (row,) = database.execute("SELECT call FROM callstate_calls WHERE id = ?", (call_id,)).fetchone()
        before = msgspec.json.decode(row, type=PhoneCall)
        after = _changed(before, next(kinds))
        body = msgspec.json.encode(changes(before, after)).decode()
        published = None if after.published is None else int(after.published.timestamp() * 1e6)
        deadline = None if after.deadline is None else int(after.deadline.timestamp() * 1e6)
        text = msgspec.json.encode(after).decode()
        columns = "version = ?, published = ?, deadline = ?, ended = ?, call = ?"
        changed = database.execute(
            f"UPDATE callstate_calls SET {columns} WHERE id = ? AND version = ?",  # noqa: S608  # of this function
            (after.version, published, deadline, None, text, call_id, before.version),
        )
        assert changed.rowcount == 1
        database.execute(
            "INSERT INTO callstate_outbox (call_id, version, body) VALUES (?, ?, ?)", (call_id, after.version, body)
        )
        database.commit()

    return update


def _changed(call: PhoneCall, kind: type[OnHold | OffHold]) -> PhoneCall:
    after = apply_action(call, kind(call_id=call.id, view_id="01"), at=AT)
    assert isinstance(after, PhoneCall)
    return after


def _in_turn(tasks: Mapping[str, Update], ids: list[str]) -> dict[str, list[float]]:
    """Let tasks take turns, and return the microseconds of an update, round by round."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for one in range(ROUNDS + 1):
        for name, update in tasks.items():
            visited = list(islice(cycle(ids), one * CALLS, (one + 1) * CALLS))
            begin = time.perf_counter()
            for call_id in visited:
                update(call_id)
                update(call_id)
            taken[name].append((time.perf_counter() - begin) / len(visited) / 2 * 1e6)
    return {name: samples[1:] for name, samples in taken.items()}  # the first round warms up
