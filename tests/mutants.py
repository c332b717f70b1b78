"""The mutants: the engine with one thing broken, each of which the tests must catch.

`python -m tests.mutants` breaks each row of the table, each rule and each check in turn, runs the tests of the core
until the first one fails, and writes what it found into the docs. `python -m tests.mutants new` tries only those that
the page does not tell of as caught. `python -m tests.mutants conditions` breaks every condition that is in the source
of the engine and prints those that no test notices; some of them only make the engine faster. The engine knows nothing
of it: a finder in front of Python's own changes the source of one module while it is imported, in a process of its own.
"""

import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import pytest

from tests.mutations import GROUPS, Change, Mutant, condition_mutants, mutants

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "development" / "mutants.md"
BEGIN, END = "<!-- generated: python -m tests.mutants -->", "<!-- end of generated -->"
NAMES = (
    "cells", "cross_view_rules", "parking", "transfer", "legs", "ends", "time", "order", "validation", "refusals",
    "deflection", "signals", "hanging_up", "reasons", "ended_views", "numbering", "create", "situations",
    "what_sets_a_rule_off",
)  # fmt: skip
EXAMPLES = ("ends", "parking", "refusals", "signals", "supervision", "transfers", "creates")
WALKS = "tests/oracle/test_walks.py::test_the_engine_agrees_with_the_oracle_on_"
KILLERS = [
    *(f"tests/engine/test_{name}.py" for name in NAMES),
    *(f"tests/oracle/test_{name}.py" for name in EXAMPLES),
    f"{WALKS}every_step_of_random_walks[0]",
    f"{WALKS}calls_that_are_created",
]
"""Those that find most come first."""

SECONDS = 300
"""How long the tests of one file may take; a mutant that makes the engine go on for ever is caught by that."""

IMPORT, NONE = "import: it cannot be imported", "**none**"


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


def killer(mutant: Mutant | None) -> str:
    """Break one thing in a process of its own; return the first test that fails, or nothing."""
    (test,) = killers([mutant])
    return test


def killers(broken: Sequence[Mutant | None]) -> Iterator[str]:
    """Try mutants on all cores, and yield for each the first test that fails, or nothing.

    Each has a process, which is forked from one that has imported the tools and nothing of the engine.
    """
    fresh = multiprocessing.get_context("forkserver")
    fresh.set_forkserver_preload(["pytest", "hypothesis"])
    with _without_plugins(), fresh.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        yield from pool.imap(_run, ["" if mutant is None else str(mutant) for mutant in broken], chunksize=1)


@contextmanager
def _without_plugins() -> Iterator[None]:
    """Keep pytest and hypothesis from loading plugins, because those of callstate import it before it is broken."""
    before = dict(os.environ)
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_NO_PLUGINS": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def _run(name: str) -> str:
    """Break one thing in this process and run the tests; return the first that fails, or nothing."""
    mutant = next((mutant for mutant in (*mutants(), *condition_mutants()) if str(mutant) == name), None)
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    assert "callstate" not in sys.modules  # else nothing could be broken any more
    os.chdir(ROOT)
    signal.signal(signal.SIGALRM, _give_up)
    first = _FirstFailure()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        for tests in KILLERS:
            if not first.name:
                signal.alarm(SECONDS)
                pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=", tests], plugins=[first])
                signal.alarm(0)
    return first.name


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def report(caught: Sequence[tuple[Mutant, str]]) -> str:
    """Return what stands between the markers of the page."""
    lines = ["| What is broken | Mutants | Caught |", "|---|---|---|"]
    for group, members in groupby(caught, key=lambda pair: pair[0].group):
        found = [test for _, test in members]
        lines.append(f"| {group} | {len(found)} | {sum(map(bool, found))} |")
    lines += ["", "| Mutant | First test that fails |", "|---|---|"]
    lines += [f"| {mutant} | {test or NONE} |" for mutant, test in caught]
    return "\n".join([BEGIN, "", *lines, "", END])


def _short(test: str) -> str:
    name = re.sub(r"^tests/(engine|oracle)/test_", "", test)
    return name.replace(".py::", ": ").replace("::", ": ").replace("|", "/").replace("\n", " ")


def written(page: str, caught: Sequence[tuple[Mutant, str]]) -> str:
    """Return the page with what was found put in its place."""
    before, rest = page.split(BEGIN)
    return before + report(caught) + rest.split(END)[1]


def main(what: str) -> int:
    """Try the mutants on all cores, and write the page or print what survives; 1 if one survives."""
    failing = killer(None)
    if failing:
        sys.exit(f"the tests fail although nothing is broken: {failing}")
    if what == "conditions":
        return _tell(_tried(condition_mutants()))
    page = PAGE.read_text()
    known = dict(re.findall(r"^\| (.+) \| (\w+: .+) \|$", page, re.MULTILINE)) if what == "new" else {}
    everything = mutants()
    found = known | {str(m): test for m, test in _tried([m for m in everything if str(m) not in known])}
    caught = [(mutant, found[str(mutant)]) for mutant in everything]
    PAGE.write_text(written(page, caught))
    sys.stdout.write("\n".join(["", *report(caught).splitlines()[2 : 4 + len(GROUPS)], ""]))
    return _tell(caught)


def _tried(broken: Sequence[Mutant]) -> list[tuple[Mutant, str]]:
    """Try mutants, with a line of progress."""
    caught: list[tuple[Mutant, str]] = []
    for mutant, test in zip(broken, killers(broken), strict=True):
        caught.append((mutant, _short(test)))
        sys.stderr.write(f"\r{len(caught)} of {len(broken)} mutants tried ")
    return caught


def _tell(caught: Sequence[tuple[Mutant, str]]) -> int:
    survivors = [f"survived: {mutant}" for mutant, test in caught if not test]
    sys.stdout.write("\n".join(["", f"{len(survivors)} of {len(caught)} survived", *survivors, ""]))
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])))
