"""Calls in a database, for any number of processes at the same time: none overwrites the change of another.

One rule: a call is stored only if the stored one still has the version from which the change was made; otherwise the
change is made again.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from callstate import (
    Action,
    Answered,
    CreateSimple,
    DomainError,
    OffHold,
    OnHold,
    PhoneCall,
    apply_action,
    changes,
    create_call,
    steps,
    unwrap,
)
from callstate.voipnow.stores.sql import SqlStore, create_tables

ID = "c0ffee"


def opened(url: str) -> SqlStore:
    """Open the calls of a database; each process has an engine of its own."""
    engine = create_engine(url)
    create_tables(engine)
    return SqlStore(engine, organization_of=lambda _number: None, publish=changes)


def change(
    store: SqlStore, action: Action, *, clock: Callable[[], datetime]
) -> tuple[PhoneCall | None, PhoneCall | DomainError]:
    """Return the call as it was and the answer, which is stored; the same object twice if nothing has changed."""
    while True:  # the one that is late tries again; one is always first, so this ends
        before = store.by_id(action.call_id)
        answer = apply_action(before, action, at=clock())
        if before is None or isinstance(answer, DomainError) or answer is before or store.swap([before], [answer]):
            return before, answer


def advance_due(store: SqlStore, at: datetime) -> None:
    """Let happen what is due; any number of processes may do that at the same time."""
    for call in store.due(at):
        for after in steps(call, at=at):
            if not store.swap([call], [after]):
                break  # somebody else was faster
            call = after  # noqa: PLW2901  # the next deadline is that of the call as it is now


# To see it work: several processes hold and take back one call, all at the same time ----------------------------------


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def prepare(url: str) -> None:
    """Store a call that goes on."""
    store = opened(url)
    wanted = CreateSimple(call_id=ID, extension="0003*210", source=("0003*210",), destination=("0003*024",))
    store.swap([], [unwrap(create_call(wanted, at=now()))])
    for view_id in ("00", "01"):
        change(store, Answered(call_id=ID, view_id=view_id), clock=now)


def toggle(url: str, times: int) -> None:
    """Change the call that many times; a repeat is no change."""
    store, made = opened(url), 0
    hold = OnHold(call_id=ID, view_id="00", extension="0003*210")
    release = OffHold(call_id=ID, view_id="00", extension="0003*210")
    actions: Iterator[Action] = cycle((hold, release))
    for action in actions:
        before, after = change(store, action, clock=now)
        made += after is not before
        if made == times:
            return


def main(writers: int, times: int) -> None:
    """Let so many processes make so many changes each, and count."""
    with TemporaryDirectory() as directory, ProcessPoolExecutor(writers) as processes:
        url = f"sqlite:///{directory}/calls.db?timeout=60"
        prepare(url)
        for done in [processes.submit(toggle, url, times) for _ in range(writers)]:
            done.result()
        store = opened(url)
        advance_due(store, now())
        call = store.by_id(ID)
    assert call is not None
    print(f"2 answers + {writers} x {times} changes: version {call.version}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
