"""The mutants: the engine with one thing broken, each of which the tests must catch.

`python -m tests.mutants` breaks each row of the table, each rule and each check in turn, runs the tests of the core
until the first one fails, and writes what it found into the docs. The engine knows nothing of it: a finder in front of
Python's own changes the source of one module while it is imported, in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import groupby
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutations import GROUPS, Change, Mutant, mutants

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "mutants.md"
BEGIN, END = "<!-- generated: python -m tests.mutants -->", "<!-- end of generated -->"
NAMES = (
    "cells", "rules", "parking", "transfer", "legs", "ends", "time", "order", "validation", "refusals", "deflection",
    "signals", "hanging_up", "reasons", "carried", "numbering", "create",
)  # fmt: skip
KILLERS = [f"tests/engine/test_{name}.py" for name in NAMES]
FIRST, IMPORT = "first failure: ", "import"


class _Loader(SourceFileLoader):
    change: Change

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.change(self.get_source(fullname) or ""), self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    """Finds the module of a mutant, and changes its source before it is compiled."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != f"callstate.{self.mutant.module.replace(chr(47), chr(46))}":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin)
        spec.loader.change = self.mutant.change
        return spec


class _FirstFailure:
    """A plugin that keeps the name of the first test that failed."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = IMPORT


def run(name: str) -> str:
    """Break one thing in this process and run the tests; return the first that fails, or nothing."""
    mutant = next((mutant for mutant in mutants() if str(mutant) == name), None)
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    first = _FirstFailure()
    for tests in KILLERS:
        if not first.name:
            pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=", tests], plugins=[first])
    return first.name


def killer(mutant: Mutant | None) -> str:
    """Break one thing in a process of its own; return the first test that fails, or nothing."""
    name = "nothing" if mutant is None else str(mutant)
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.mutants", name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].removeprefix(FIRST)


def report(caught: Sequence[tuple[Mutant, str]]) -> str:
    """Return what stands between the markers of the page."""
    lines = ["| What is broken | Mutants | Caught |", "|---|---|---|"]
    for group, members in groupby(caught, key=lambda pair: pair[0].group):
        found = [test for _, test in members]
        lines.append(f"| {group} | {len(found)} | {sum(map(bool, found))} |")
    lines += ["", "| Mutant | First test that fails |", "|---|---|"]
    lines += [f"| {m} | {_short(test)} |" for m, test in caught]
    return "\n".join([BEGIN, "", *lines, "", END])


def _short(test: str) -> str:
    name = test.removeprefix("tests/engine/test_").replace(".py::", ": ").replace("::", ": ").replace("|", "/")
    return name or "**none**"


def written(page: str, caught: Sequence[tuple[Mutant, str]]) -> str:
    """Return the page with what was found put in its place."""
    before, rest = page.split(BEGIN)
    return before + report(caught) + rest.split(END)[1]


def main() -> int:
    """Try all mutants on both cores, with a line of progress, and write the page; 1 if one survives."""
    failing = killer(None)
    if failing:
        sys.exit(f"the tests fail although nothing is broken: {failing}")
    everything, caught = mutants(), list[tuple[Mutant, str]]()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, test in zip(everything, pool.map(killer, everything), strict=True):
            caught.append((mutant, test))
            sys.stderr.write(f"\r{len(caught)} of {len(everything)} mutants tried ")
    PAGE.write_text(written(PAGE.read_text(), caught))
    survivors = [f"survived: {m}" for m, test in caught if not test]
    sys.stdout.write("\n".join(["", *report(caught).splitlines()[2 : 4 + len(GROUPS)], *survivors, ""]))
    return bool(survivors)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(f"\n{FIRST}{run(sys.argv[1])}\n")
    else:
        sys.exit(main())
