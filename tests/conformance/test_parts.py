"""One trace, however it is stored: in one file, in two that are merged, or shuffled over partitions."""

import json
import random
from functools import reduce
from operator import add
from pathlib import Path

import msgspec
import pytest

from callstate.cli import main
from callstate.conformance import Verdict, judge_lines, key, record_start
from tests.calls import CALL, at, connected
from tests.conformance.test_trace import ACCEPTED, asked, line, refused

CALLS, SIDE_BY_SIDE = 300, 50
LIFE = [
    record_start(connected(), at=at(10)),
    asked(20, "OnHold", "00", ACCEPTED),
    asked(20, "OffHold", "00", ACCEPTED),
    asked(20, "OnHold", "00", ACCEPTED),
    asked(20, "UnPark", "00", refused("pc_wrong_state"), sendCallTo="0003*210"),
    asked(21, "HangUp", "00", ACCEPTED),
    line(21, listed=None),
]
WRONG = asked(20, "OffHold", "00", refused("pc_wrong_state"))
"""In place of the second release, in a few calls; a hold and a release at one time are told apart by their numbers."""


def trace() -> list[bytes]:
    lines: list[bytes] = []
    for first in range(0, CALLS, SIDE_BY_SIDE):
        for place, told in enumerate(LIFE):
            for number in range(first, first + SIDE_BY_SIDE):
                chosen = WRONG if place == 2 and number % 100 == 7 else told
                lines.append(chosen.replace(CALL.encode(), f"call{number}".encode()))
    numbered = [json.dumps(json.loads(told) | {"seq": seq}).encode() + b"\n" for seq, told in enumerate(lines, start=1)]
    return sorted([*numbered, b"{]\n"], key=key)


def checked(folder: Path, *arguments: str) -> Verdict:
    report = folder / "verdict.json"
    assert main(["check", *arguments, "--json", str(report)]) == 1
    return msgspec.json.decode(report.read_bytes(), type=Verdict)


def test_the_verdict_is_the_same_however_the_lines_are_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = trace()
    whole, odd, even = (tmp_path / name for name in ("whole", "odd", "even"))
    for path, told in ((whole, lines), (odd, lines[::2]), (even, lines[1::2])):
        path.write_bytes(b"".join(told))
    one = checked(tmp_path, str(whole))
    assert (one.tally["lines"], one.tally["divergences"], one.tally["unreadable"]) == (2101, 3, 1)
    assert checked(tmp_path, "--merge", str(odd), str(even)) == one
    capsys.readouterr()
    random.Random(1).shuffle(lines)  # noqa: S311  # any order will do
    parts = [[told for told in lines if sum(key(told).call.encode()) % 4 == place] for place in range(4)]
    assert reduce(add, (judge_lines(sorted(part, key=key)) for part in parts)) == one
    assert judge_lines(lines) != one, "in any order it is another trace"
