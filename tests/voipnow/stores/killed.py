"""Processes that share a database, of which some are killed in the middle: `python -m tests.voipnow.stores.killed`.

One rule: a process tells in its own file what it has done, after it was done, so that the files can be compared with
what the database holds at the end.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, NullPool, create_engine

from callstate import Action, Answered, OffHold, OnHold, Park, PhoneCall, UnPark, ViewState, apply_action, changes
from callstate.voipnow.stores.sql import Outbox, SqlStore, create_tables
from tests.calls import CAROL, DAVE, ERIN, connected
from tests.voipnow.stores.store_laws import keep, named
from tests.voipnow.world import DIRECTORY, ORGANIZATION

CALLS = tuple(f"c{number}" for number in range(6))
FIRST = connected().version
WRITERS, READERS, KILLED_WRITERS, KILLED_READERS = 6, 2, 3, 1
SECONDS = 1.5
"""How long all work before some are killed, and afterwards again."""

CLAIM = timedelta(seconds=2)
BATCH = 3


def store(engine: Engine) -> SqlStore:
    return SqlStore(engine, DIRECTORY.organization_of, publish=changes)


def now() -> datetime:
    return datetime.now(UTC)


# What a process does --------------------------------------------------------------------------------------------------


def write(url: str, tell: Callable[[str], None]) -> None:
    """Hold, resume, park, retrieve and answer, and tell each change that was accepted."""
    made = store(create_engine(url))
    while True:
        before = made.by_id(random.choice(CALLS))  # noqa: S311  # any call will do
        assert before is not None
        after = apply_action(before, _next(made, before), at=now())
        if isinstance(after, PhoneCall) and after is not before and made.swap([before], [after]):
            tell(f"{after.id} {after.version}")


def _next(made: SqlStore, call: PhoneCall) -> Action:
    live = [view for view in call.views if view.live]
    rings = next((view.id for view in live if view.state is ViewState.RINGING), None)
    if rings is not None:
        return Answered(call_id=call.id, view_id=rings)
    if any(view.parking is not None for view in live):
        phone = random.choice((CAROL, DAVE, ERIN))  # noqa: S311  # as above
        return UnPark(call_id=call.id, view_id=live[0].id, send_call_to=phone)
    kind = random.choice((OnHold, OffHold, Park))  # noqa: S311  # as above
    if kind is not Park:
        return kind(call_id=call.id, view_id=live[0].id)
    taken = made.taken_positions(ORGANIZATION)
    free = next(place for place in range(1, 101) if place not in taken)
    return Park(call_id=call.id, view_id=live[0].id, extension=live[1].extension, position=free)


def read(url: str, tell: Callable[[str], None]) -> None:
    """Tell each entry of the outbox, with the time, and acknowledge it then."""
    outbox = Outbox(create_engine(url))
    while True:
        for entry in outbox.claim(now(), until=now() + CLAIM, limit=BATCH):
            tell(f"{entry.call_id} {entry.version} {time.monotonic_ns()}")
            outbox.acknowledge([entry])
        time.sleep(0.001)


ROLES: Mapping[str, Callable[[str, Callable[[str], None]], None]] = {"write": write, "read": read}


def main(role: str, url: str, path: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ROLES[role](url, lambda line: _ignore(os.write(file, f"{line}\n".encode())))


def _ignore(_written: int) -> None: ...


# What is seen of it ---------------------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """What the processes told, and what the database held at the end: the calls, and the rest of the outbox."""

    accepted: list[tuple[str, int]]
    delivered: list[tuple[str, int]]
    calls: dict[str, PhoneCall]
    taken: frozenset[int]


def run(url: str, folder: Path) -> Seen:
    """Let eight processes work, kill some, start others in their place, and kill all."""
    engine = create_engine(url, poolclass=NullPool)
    create_tables(engine)
    keep(store(engine), *(named(connected(), call_id) for call_id in CALLS))
    with _processes(url, folder) as start:
        running = [start(role) for role, count in (("write", WRITERS), ("read", READERS)) for _ in range(count)]
        _wait_for_lines(folder, len(running))
        time.sleep(SECONDS)
        for victim in (*running[:KILLED_WRITERS], *running[-KILLED_READERS:]):
            victim.send_signal(signal.SIGKILL)
        for role, count in (("write", KILLED_WRITERS), ("read", KILLED_READERS)):
            for _ in range(count):
                start(role)
        _wait_for_lines(folder, len(running) + KILLED_WRITERS + KILLED_READERS)
        time.sleep(SECONDS)
    delivered = sorted((int(at), call_id, int(version)) for call_id, version, at in _lines(folder, "read"))
    made = store(engine)
    return Seen(
        [(call_id, int(version)) for call_id, version in _lines(folder, "write")],
        [(call_id, version) for _, call_id, version in delivered] + list(_rest(engine)),
        {call.id: call for call in made},
        made.taken_positions(ORGANIZATION),
    )


@contextmanager
def _processes(url: str, folder: Path) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    running: list[subprocess.Popen[bytes]] = []

    def start(role: str) -> "subprocess.Popen[bytes]":
        path = folder / f"{role}.{len(running)}"
        running.append(subprocess.Popen([sys.executable, "-m", __name__, role, url, path]))
        return running[-1]

    try:
        yield start
    finally:
        for process in running:
            process.kill()
            process.wait()


def _wait_for_lines(folder: Path, files: int) -> None:
    until = time.monotonic() + 60
    while sum(path.stat().st_size > 0 for path in folder.glob("*.[0-9]*")) < files:
        assert time.monotonic() < until, "not every process has done something"
        time.sleep(0.05)


def _lines(folder: Path, role: str) -> Iterator[list[str]]:
    for path in folder.glob(f"{role}.*"):
        for line in path.read_text("utf-8").splitlines():
            yield line.split()


def _rest(engine: Engine) -> Iterator[tuple[str, int]]:
    """Take what nobody has acknowledged out of the outbox, after all claims have run out."""
    outbox, later = Outbox(engine), now() + 2 * CLAIM
    while entries := outbox.claim(later, until=later + CLAIM):
        yield from ((entry.call_id, entry.version) for entry in entries)
        outbox.acknowledge(entries)


def check(seen: Seen) -> None:
    """Nothing accepted is lost or doubled, everything is delivered in order, and each position has one party."""
    expected = {(call.id, version) for call in seen.calls.values() for version in range(FIRST, call.version + 1)}
    created = {(call_id, FIRST) for call_id in CALLS}
    assert len(expected) > 2 * len(CALLS), "hardly anything was done"
    assert max(Counter(seen.accepted).values()) == 1, "two changes made the same version"
    assert set(seen.accepted) <= expected, "an accepted change is lost"
    # A process may be killed after the database has stored a change and before it could tell.
    assert len(expected - created - set(seen.accepted)) <= WRITERS + KILLED_WRITERS
    assert set(seen.delivered) == expected, "an entry of the outbox is lost"
    assert len(seen.delivered) - len(expected) <= (READERS + KILLED_READERS) * BATCH
    for call_id in CALLS:
        firsts = list(dict.fromkeys(version for known, version in seen.delivered if known == call_id))
        assert firsts == sorted(firsts), "events of one call came out of order"
    positions = [view.parking.position for call in seen.calls.values() for view in call.views if view.parking]
    assert len(positions) == len(set(positions))
    assert set(positions) == seen.taken


if __name__ == "__main__":
    main(*sys.argv[1:])
