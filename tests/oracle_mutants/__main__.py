"""`python -m tests.oracle_mutants` puts each mistake into the oracle and runs the scenarios over it.

It writes what it found into the docs: how many are caught, by which scenario, and which pass. A mistake that no random
timeline tells from the oracle is not counted, because it may be none. `python -m tests.oracle_mutants new` tries only
the mistakes that the page does not list as caught.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests import pack, timelines
from tests.oracle_mutants import GROUPS, Mutant
from tests.oracle_mutants.loading import broken
from tests.oracle_mutants.witnesses import Json, scenario_that_fails, timeline_that_differs

PAGE = Path(__file__).parents[2] / "docs" / "development" / "scenario-coverage.md"
BEGIN, END = "<!-- generated: python -m tests.oracle_mutants -->", "<!-- end of generated -->"

NONE = "**none**"


class Found(NamedTuple):
    """What tells a mutant from the oracle: a scenario and the number of a timeline, if anything does."""

    scenario: str
    timeline: int | None


@cache
def _scenarios() -> dict[str, Json]:
    return pack.scenarios()


@cache
def _timelines() -> list[Json]:
    return timelines.read()


def find(mutant: Mutant) -> Found:
    """Run the scenarios and the timelines over a mutant, each until the first that tells."""
    with broken(mutant) as steps:
        scenario = scenario_that_fails(steps, _scenarios().items())
        return Found(scenario, timeline_that_differs(steps, _timelines()))


def report(found: Mapping[str, Found]) -> str:
    """Return what stands between the markers of the page."""
    counted = {name: what for name, what in found.items() if what.timeline is not None}
    caught = [name for name, what in counted.items() if what.scenario]
    share = f"{len(caught)} of {len(counted)} mistakes are caught: {100 * len(caught) / len(counted):.1f} %."
    lines = [share, "", "| Mistakes about | Counted | Caught |", "|---|---|---|"]
    for group, members in GROUPS.items():
        names = [mutant.name for mutant in members if mutant.name in counted]
        lines.append(f"| {group} | {len(names)} | {len(set(names) & set(caught))} |")
    lines += ["", "## Mistakes that pass", "", *_bullets(name for name in counted if not counted[name].scenario)]
    lines += ["", "## Mistakes that are not counted", ""]
    lines += ["For these no such timeline was found.", "", *_bullets(found.keys() - counted.keys())]
    lines += ["", "## All mistakes", "", "| Mistake | Scenario that fails | Timeline that differs |", "|---|---|---|"]
    lines += [f"| {name} | {what.scenario or NONE} | {what.timeline or NONE} |" for name, what in found.items()]
    return "\n".join(lines)


def _bullets(names: Iterator[str] | set[str]) -> list[str]:
    return [f"- {name}" for name in sorted(names)] or ["There are none."]


def read(page: str) -> dict[str, Found]:
    """Return what the page says about each mistake."""
    rows = re.findall(r"^\| (.+) \| (\S+) \| (\S+) \|$", page.partition("## All mistakes")[2], re.MULTILINE)
    plain = [(name, "" if scenario == NONE else scenario, timeline) for name, scenario, timeline in rows]
    return {name: Found(scenario, int(number) if number != NONE else None) for name, scenario, number in plain}


def _tried(mutants: Sequence[Mutant]) -> Iterator[tuple[str, Found]]:
    """Try mutants on all cores, with a line of progress."""
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for count, (mutant, found) in enumerate(zip(mutants, processes.map(find, mutants), strict=True), start=1):
            sys.stderr.write(f"\r{count} of {len(mutants)} mistakes tried ")
            sys.stderr.flush()
            yield mutant.name, found


def main(what: str = "") -> None:
    """Try the mistakes, and write the page."""
    page = PAGE.read_text("utf-8")
    known = {name: found for name, found in read(page).items() if all(found)} if what == "new" else {}
    everything = [mutant for members in GROUPS.values() for mutant in members]
    tried = dict(_tried([mutant for mutant in everything if mutant.name not in known]))
    found = {mutant.name: (known | tried)[mutant.name] for mutant in everything}
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{report(found)}\n\n{END}{rest.split(END)[1]}", "utf-8")
    sys.stdout.write(f"\n{report(found).splitlines()[0]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
