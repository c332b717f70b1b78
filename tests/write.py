"""`python -m tests.write` writes every generated page of the documentation, and the files made from the scenarios.

With names, such as `python -m tests.write reference commutation`, it writes only those. Run it after a change of
behaviour, then read the difference: a page shows what the engine does, and only a reader can tell if that is right.
The benchmarks are not among them, because they are measured: `python -m tests.benchmarks`.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

from callstate.drawing import table_as_markdown
from tests import commutation, mutants, scenarios, timelines
from tests.oracle_mutants import __main__ as oracle_mutants
from tests.reference import api, machine_files, pages
from tests.sandbox import states
from tests.testing import gallery

ROOT = Path(__file__).parents[1]


def _readme() -> None:
    _between(ROOT / "README.md", "callstate table --markdown", "\n" + table_as_markdown() + "\n")


def _reachable_states() -> None:
    page = ROOT / "docs" / "development" / "reachable-states.md"
    for command in ("callstate explore", "callstate explore --strict"):
        words = [sys.executable, "-m", *command.split()]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        _between(page, command, "\n" + done.stdout.strip() + "\n")


def _between(page: Path, name: str, text: str) -> None:
    """Write a text between the comment that names it and the next `<!-- end -->`."""
    place = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    new, found = place.subn(lambda old: old[1] + text + old[2], page.read_text("utf-8"))
    assert found == 1, f"{page} has {found} places for {name}"
    page.write_text(new, "utf-8")


WRITERS: Mapping[str, Callable[[], object]] = {
    "readme": _readme,
    "api": api.write,
    "reference": pages.write,
    "machine-readable": machine_files.write,
    "commutation": commutation.write,
    "scenarios": scenarios.write,
    "states": states.write,
    "mistakes": gallery.write,
    "reachable-states": _reachable_states,
    "timelines": timelines.write,
    "scenario-coverage": lambda: oracle_mutants.main("new"),
    "mutants": lambda: mutants.main("new"),
}
"""What is written, the quick ones first; the last three take minutes."""


def main() -> None:
    """Write what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.write", description="Write the generated pages.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(WRITERS))
    names = parser.parse_args().names or list(WRITERS)
    unknown = [name for name in names if name not in WRITERS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(WRITERS)}")
    for name in names:
        start = perf_counter()
        sys.stderr.write(f"{name} ... ")
        sys.stderr.flush()
        WRITERS[name]()
        sys.stderr.write(f"{perf_counter() - start:.1f} s\n")


if __name__ == "__main__":
    main()
