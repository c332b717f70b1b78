"""The table of the measurements, and its page among the docs."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.rows import Row

PAGE = Path(__file__).parent.parent.parent / "docs" / "development" / "benchmarks.md"
CHART = PAGE.with_name("benchmarks.svg")
BEGIN, END = "<!-- generated: python -m tests.benchmarks -->", "<!-- end of generated -->"
LIBRARIES = ("msgspec", "transitions", "python-statemachine", "Automat", "pydantic")
OF_A_BUILD = ("median (quartiles)", "compared with", "target met?")
HEAD = ("work", *OF_A_BUILD, "compiled", "compared with", "target met?")


def table(rows: Iterable[Row], compiled: Iterable[Row] = ()) -> str:
    """Write rows as Markdown, with what the compiled build takes for the same work."""
    beside = {row.work: _cells(row) for row in compiled}
    cells = [
        HEAD,
        ("---",) * len(HEAD),
        *((row.work, *_cells(row), *beside.get(row.work, ("",) * len(OF_A_BUILD))) for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    met = {None: "", True: f"{row.target}: yes", False: f"{row.target}: **no**"}
    return row.measured, row.result, met[row.met]


def surroundings(load: float) -> str:
    """Describe the machine; `load` is how many processes wanted to run before."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    busy = "" if load < 1 else " The machine was busy with other work as well."
    return (
        f"{python} on {platform.machine()}, {os.cpu_count()} processors; {libraries}. "
        f"Load before the run: {load:.1f}.{busy}"
    )


def written(page: str, text: str) -> str:
    """Return the page with its measurements replaced."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}"
