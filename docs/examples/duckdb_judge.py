"""Judge a trace that is larger than the memory, on one machine: DuckDB sorts the lines, one judge reads them.

One rule: DuckDB moves and sorts lines; what a line is worth is decided by `judge_lines`.
"""

import sys
from collections.abc import Iterator, Sequence

import duckdb

from callstate.conformance import Verdict, judge_lines

IN_ORDER = """
SELECT line FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = '\\n', quote = '', escape = '', header = false)
ORDER BY TRY(CAST(json_extract_string(line, '$.at') AS TIMESTAMPTZ)),
         coalesce(TRY(CAST(json_extract_string(line, '$.seq') AS BIGINT)), 0)
"""


def judge(paths: Sequence[str]) -> Verdict:
    """Judge the lines of files, which may be in any order: `at` and `seq` say what the order is."""
    return judge_lines(_lines(paths))


def _lines(paths: Sequence[str]) -> Iterator[bytes]:
    lines = duckdb.connect().execute(IN_ORDER, [list(paths)])
    while batch := lines.fetchmany(10_000):
        yield from (line.encode() for (line,) in batch)


if __name__ == "__main__":
    found = judge(sys.argv[1:])
    print(*found.divergences, *found.unreadable, found.tally, sep="\n")
