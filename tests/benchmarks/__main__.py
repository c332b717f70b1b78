"""`python -m tests.benchmarks`: measure, print one table, and write it and its chart into the docs."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from tests.benchmarks import acting, judging, keeping, serving, wiring
from tests.benchmarks.chart import chart
from tests.benchmarks.report import CHART, PAGE, surroundings, table, written
from tests.benchmarks.rows import Row

MEASUREMENTS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "hold": acting.hold,
    "answers": acting.answers,
    "whole": acting.whole,
    "views": acting.views,
    "wire": wiring.wire,
    "reading": wiring.reading,
    "book": keeping.book,
    "trace": judging.trace,
    "exploration": judging.exploration,
    "import": keeping.importing,
    "memory": keeping.memory,
    "serving": serving.serving,
}


OF_THE_ENGINE = ("hold", "answers", "whole", "views", "wire", "trace", "exploration")
"""What is measured of a compiled build as well."""


def main() -> None:
    """Measure all, or with `--only` one thing, which is printed and not written into the docs."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=main.__doc__)
    parser.add_argument("--only", metavar="NAME", choices=MEASUREMENTS, help=", ".join(MEASUREMENTS))
    parser.add_argument(
        "--compiled", metavar="TREE", help="sources of which the engine is compiled, to be measured too"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON, for the program itself")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    names = [arguments.only] if arguments.only else list(MEASUREMENTS)
    rows = list(_measured(names))
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(rows).decode())
        return
    compiled = list(_of_tree(arguments.compiled, names)) if arguments.compiled else []
    text = f"{surroundings(load)}\n\n{table(rows, compiled)}"
    sys.stdout.write(f"{text}\n")
    if not arguments.only:
        PAGE.write_text(written(PAGE.read_text(), text))
        CHART.write_text(chart(rows, compiled))


def _measured(names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        sys.stderr.write(f"measuring {name} …\n")
        yield from MEASUREMENTS[name]()


def _of_tree(tree: str, names: Iterable[str]) -> Iterator[Row]:
    """Let the benchmarks of a compiled tree measure the same, in processes of their own."""
    for name in names:
        if name in OF_THE_ENGINE:
            command = [sys.executable, "-m", "tests.benchmarks", "--json", "--only", name]
            env = os.environ | {"PYTHONPATH": tree}
            done = subprocess.run(command, cwd=tree, env=env, stdout=subprocess.PIPE, check=True)
            yield from msgspec.json.decode(done.stdout, type=list[Row])


if __name__ == "__main__":
    main()
