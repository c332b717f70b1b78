"""The engine at work for the tools: traces judged by `callstate check`, and the exploration of all calls."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, islice
from time import process_time
from typing import NamedTuple

import msgspec

from callstate import DomainError, apply_action
from callstate.conformance import record
from callstate.conformance.trace import record_listing
from callstate.exploration import survey
from tests.benchmarks import work
from tests.benchmarks.rows import Row, rate, target
from tests.benchmarks.timing import spread
from tests.benchmarks.work import AT

LINES = (200_000, 1_000_000)
"""The last 10,000 calls that are over are remembered, so memory grows in the first 140,000 lines, and then no more."""
AT_ONCE = 100
"""So many calls run side by side in the trace, and then the next ones."""

RATE = target(150_000, 220_000)
"""Lines a second: the target."""

EDGES = target(40_000, 60_000)
"""Edges a second: the target."""

FLAT = 1.1
EXPLORATIONS = 3
VIEWS = 3


# Asked of the kernel, as `resource` counts what the parent had in memory when the process began.
RUN = """
import sys, time
from pathlib import Path
from callstate.cli import main
code = main(["check", sys.argv[1]])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(time.process_time(), peak.split()[1], file=sys.stderr)
sys.exit(code)
"""


class Check(NamedTuple):
    """What a run of `callstate check` took: seconds, and MiB of memory at most."""

    seconds: float
    peak: float


def trace() -> Iterator[Row]:
    """Judge traces of whole calls, a hundred at a time; the time is the processes' own, their start included.

    In the first kind every answer has its status and the call is listed once; the second shows the call after each
    answer, as `callstate.trace` records it, so that four times as much is read, written and compared.
    """
    plain = [check(number) for number in LINES]
    yield _judged("answers with their status", LINES[-1], plain[-1])
    yield _judged("answers with the call as it is listed", LINES[0], check(LINES[0], listed=True))
    grown = plain[-1].peak / plain[0].peak
    words = f"its memory, {LINES[-1]:,} lines against {LINES[0]:,}"
    yield Row(words, f"{plain[-1].peak:.1f} MiB at most", f"{grown:.2f} times", "flat", grown <= FLAT)


def _judged(what: str, lines: int, done: Check) -> Row:
    per_second = lines / done.seconds
    work = f"`callstate check`, {lines:,} lines, {what}"
    return Row(work, f"{per_second:,.0f} lines a second", "", f"≥ {RATE:,}", per_second >= RATE)


def check(lines: int, *, listed: bool = False) -> Check:
    """Let `callstate check` judge a trace of so many lines, which must conform."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.writelines(islice(_lines(_life(listed=listed)), lines))
        file.flush()
        command = [sys.executable, "-c", RUN, file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = done.stderr.splitlines()[-1].split()
    return Check(float(seconds), int(peak) / 1024)


def _lines(life: list[bytes]) -> Iterator[bytes]:
    """Yield the lines of endless calls, each a whole one, many side by side."""
    for first in count(step=AT_ONCE):
        names = [f"{number:020d}".encode() for number in range(first, first + AT_ONCE)]
        for line in life:
            yield from (line.replace(work.CALL_ID.encode(), name) for name in names)


def _life(*, listed: bool) -> list[bytes]:
    """Record a whole call, with its answers, a refusal and a repeat; it is listed once, or after each answer."""
    call = work.begun()
    lines = [record(work.CREATE, call, at=AT)]
    for action in (*work.WHOLE[:3], work.WHOLE[2], work.PICK_UP, *work.WHOLE[3:]):
        after = apply_action(call, action, at=AT)
        lines.append(record(action, after, at=AT))
        call = call if isinstance(after, DomainError) else after
        if action is work.WHOLE[1]:
            lines.append(record_listing(call, at=AT))
    return lines if listed else [_without_listing(line) for line in lines]


def _without_listing(line: bytes) -> bytes:
    """Leave the call out of an answer."""
    said = msgspec.json.decode(line)
    said.get("answer", {}).pop("listed", None)
    return msgspec.json.encode(said) + b"\n"


def exploration() -> Iterator[Row]:
    """Explore from every kind of call, and hold every invariant against each change."""
    found = [_explored() for _ in range(EXPLORATIONS)]
    edges, tried = (spread([run[place] for run in found]) for place in range(2))
    yield rate(f"exploration, {VIEWS} views: edges", edges, EDGES)
    yield rate("all its steps, including refusals and repeats", tried)


def _explored() -> tuple[float, float]:
    begin = process_time()
    found = survey(max_views=VIEWS)
    seconds = process_time() - begin
    return found.edges / seconds, found.tried / seconds
