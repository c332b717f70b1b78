"""Many calls: updates in a book, the memory of one call, and how long the package takes to be imported."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from compileall import compile_dir
from datetime import timedelta, timezone
from enum import Enum
from itertools import cycle
from random import Random

import msgspec

import callstate
from callstate import Answered, CreateSimple, OffHold, OnHold, PhoneCall, apply_action, create_call, unwrap
from callstate.domain import evolve
from callstate.domain.numbers import FIRST_VIEW_IDS
from callstate.voipnow.stores import MemoryStore
from tests.benchmarks import work
from tests.benchmarks.rows import Row, at_most
from tests.benchmarks.timing import Task, in_turn, ratio, spread
from tests.benchmarks.work import AT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
VISITED = 100_000
"""So many calls of a book are updated, in random order: far more than a processor's cache holds."""

IMPORTS = 15
MOST_BYTES = 1536


def book() -> Iterator[Row]:
    """Look a call up, hold or resume it, and keep it, in books of more and more calls."""
    taken = in_turn({f"{size:,} calls": updates(size) for size in SIZES})
    smallest = taken[f"{SIZES[0]:,} calls"]
    for name, samples in taken.items():
        limit = 2 if name == f"{SIZES[-1]:,} calls" else None
        of_least = ratio(samples, smallest)
        yield at_most(f"an update in a book of {name}", spread(samples), of_least, limit, of=f"{SIZES[0]:,}")


def updates(size: int) -> Task:
    """Fill a book, and update calls of it in random order."""
    made = MemoryStore(lambda _number: "3")
    call = work.connected()
    for number in range(size):
        made.put(another(call, number))
    visited = [_id(number) for number in Random(0).sample(range(size), min(size, VISITED))]  # noqa: S311  # nothing is kept secret
    pairs = cycle([(OnHold(call_id=one, view_id="01"), OffHold(call_id=one, view_id="01")) for one in visited])

    def task(times: int) -> None:
        for _ in range((times + 1) // 2):
            for action in next(pairs):
                found = made.by_id(action.call_id)
                made.put(apply_action(found, action, at=AT))  # type: ignore[arg-type]  # it is never refused

    return task


def _id(number: int) -> str:
    return f"b817d261{number:012d}"


def another(call: PhoneCall, number: int) -> PhoneCall:
    """Make a call of the same shape with an id and two numbers of its own."""
    caller, called = (f"{number // 500:04d}*{number % 500 * 2 + end:03d}" for end in range(2))
    views = (evolve(call.views[0], extension=caller), evolve(call.views[1], extension=called))
    return evolve(call, id=_id(number), extension=called, views=views)


def memory() -> Iterator[Row]:
    """Sum the bytes of one call: of all objects that are its own, each counted once."""
    yield _bytes("a call of two views made by the engine", _made())
    read = msgspec.json.decode(msgspec.json.encode(work.connected()), type=PhoneCall)
    yield _bytes("the same read from JSON, with all fields filled and no shared strings", read)


def _made() -> PhoneCall:
    """Create a call, as a request asks that was read, and let both sides answer, one after the other."""
    create = msgspec.json.decode(msgspec.json.encode(work.CREATE), type=CreateSimple)
    call = unwrap(create_call(create, at=AT))
    for seconds, view_id in enumerate(("00", "01"), start=5):
        call = unwrap(
            apply_action(call, Answered(call_id=call.id, view_id=view_id), at=AT + timedelta(seconds=seconds))
        )
    return call


def _bytes(what: str, call: PhoneCall) -> Row:
    size = sum(map(sys.getsizeof, own_parts(call).values()))
    return Row(what, f"{size:,} bytes", "", f"≤ {MOST_BYTES:,} bytes", size <= MOST_BYTES)


SHARED = (type(None), bool, Enum, timezone)
"""Of these there is one object for all calls."""

IDS = frozenset(map(id, FIRST_VIEW_IDS))
"""The engine gives all calls the same texts for the ids of their views."""


def own_parts(value: object) -> dict[int, object]:
    """Return a value and all objects that it holds and nobody else does, each once, by their identities."""
    if isinstance(value, SHARED) or (isinstance(value, int) and value in range(-5, 257)) or id(value) in IDS:
        return {}
    inner: Iterable[object] = value if isinstance(value, tuple) else ()
    if isinstance(value, msgspec.Struct):
        inner = [getattr(value, name) for name in value.__struct_fields__]
    return {id(value): value} | {key: part for one in inner for key, part in own_parts(one).items()}


def importing() -> Iterator[Row]:
    """`import callstate`, which imports msgspec, beside `import msgspec`; each in a new process; both are compiled."""
    for package in (callstate, msgspec):
        compile_dir(package.__path__[0], quiet=1)  # as pip does when it installs one
    taken: dict[str, list[float]] = {"msgspec": [], "callstate": []}
    for _ in range(IMPORTS):
        for name, samples in taken.items():
            samples.append(_import(name))
    yield Row("import msgspec", f"{spread(taken['msgspec'])} ms")
    times = ratio(taken["callstate"], taken["msgspec"])
    result = f"{times} times msgspec"
    yield Row("import callstate", f"{spread(taken['callstate'])} ms", result, "≤ 1.5 times", times.median <= 1.5)


def _import(name: str) -> float:
    """Import a module in a process of its own, and return the milliseconds that it took there."""
    command = f"from time import process_time as now; begin = now(); import {name}; print((now() - begin) * 1000)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return float(done.stdout)
