"""How soon the judge finds each wrong implementation: `python -m tests.write mistakes` writes the table of the docs.

One rule: the trials are the same each time, so the inputs that are needed are too; only the seconds differ.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, settings

from callstate.testing import Diverged, check_implementation
from tests.testing.wrong import GALLERY, Wrong, WrongSubject

PAGE = Path(__file__).parent.parent.parent / "docs/reference/gallery.md"
BEGIN, END = "<!-- python -m tests.write mistakes -->\n", "<!-- end -->"

SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=1000,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)


class Found(NamedTuple):
    """What the judge found, and how many seconds that took."""

    diverged: Diverged
    seconds: float


def find(wrong: Wrong) -> Found:
    started = time.perf_counter()
    try:
        check_implementation(lambda: WrongSubject(wrong), settings=SETTINGS, differences=1)
    except Diverged as diverged:
        return Found(diverged, time.perf_counter() - started)
    raise LookupError("it was not found")


def rows() -> Iterator[str]:
    yield "| What is wrong | Inputs | Seconds |"
    yield "| --- | --- | --- |"
    for name, wrong in GALLERY.items():
        found = find(wrong)
        yield f"| {name} | {found.diverged.inputs} | {found.seconds:.2f} |"


def write() -> None:
    lines = []
    for row in rows():
        print(row, flush=True)  # noqa: T201  # it takes a while
        lines.append(row)
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    table = "\n".join(lines)
    PAGE.write_text(f"{head}{BEGIN}{table}\n{END}{rest.partition(END)[2]}", "utf-8")
