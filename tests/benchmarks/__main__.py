"""`python -m tests.benchmarks`: measure, print one table, and write it into the docs."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping

from tests.benchmarks import acting, judging, keeping, serving, storing, wiring
from tests.benchmarks.report import PAGE, surroundings, table, written
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
    "sql": storing.sql,
    "sql-book": storing.sql_book,
}


def main() -> None:
    """Measure all, or with `--only` one thing, which is printed and not written into the docs."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=main.__doc__)
    parser.add_argument("--only", metavar="NAME", choices=MEASUREMENTS, help=", ".join(MEASUREMENTS))
    only = parser.parse_args().only
    load, rows = os.getloadavg()[0], list[Row]()
    for name in [only] if only else MEASUREMENTS:
        sys.stderr.write(f"measuring {name} …\n")
        rows += MEASUREMENTS[name]()
    text = f"{surroundings(load)}\n\n{table(rows)}"
    sys.stdout.write(f"{text}\n")
    if not only:
        PAGE.write_text(written(PAGE.read_text(), text))


if __name__ == "__main__":
    main()
