"""The Spark and the DuckDB program of the documentation beside `judge_lines`, on lines in any order."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from callstate.conformance import Verdict, judge_lines
from tests.conformance.test_parts import trace

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MASTER = "local-cluster[2,1,1024]"
"""A driver and two executors, each a process with 1 GiB."""


def shuffled(folder: Path) -> tuple[list[str], Verdict]:
    """Write a trace with planted divergences into two files in no order; return them and the verdict of the whole."""
    lines = trace()
    expected = judge_lines(lines)
    assert (len(expected.divergences), len(expected.unreadable)) == (3, 1)  # as planted
    random.Random(1).shuffle(lines)  # noqa: S311  # any order will do
    paths = [folder / "one.jsonl", folder / "other.jsonl"]
    for path, part in zip(paths, (lines[::2], lines[1::2]), strict=True):
        path.write_bytes(b"".join(part))
    return [str(path) for path in paths], expected


def printed(verdict: Verdict) -> list[str]:
    """Return what the programs print of a verdict."""
    return "\n".join(map(str, (*verdict.divergences, *verdict.unreadable, verdict.tally))).splitlines()


@pytest.mark.parametrize("program", ["spark_judge.py", "duckdb_judge.py"])
def test_the_verdict_is_that_of_the_whole_trace(program: str, tmp_path: Path) -> None:
    paths, expected = shuffled(tmp_path)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYSPARK_SUBMIT_ARGS": f"--master {MASTER} pyspark-shell"}
    command = [sys.executable, str(EXAMPLES / program), *paths]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == printed(expected)
