"""Whole traces checked: each finding as it comes, with its place, and at the end what was seen, as lines for people.

One rule: it reads each trace once, from its first line to its last, and keeps none of it. It opens no file: names and
lines come in, and what is found goes to a function that is given.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import msgspec

from callstate.conformance.judge import Judge
from callstate.conformance.order import key
from callstate.conformance.trace import UnreadableLineError
from callstate.conformance.verdict import Divergence, Unreadable, unreadable
from callstate.engine import LENIENT, Rules

LINES = 8192
"""After so many lines the clock is looked at."""

SECONDS = 2
"""So often it is told how far a long check has come."""

Traces: TypeAlias = Iterable[tuple[str, Iterable[bytes]]]
"""The names of traces, each with its lines."""

Say: TypeAlias = Callable[[str], None]

When: TypeAlias = tuple[datetime, int]
"""When a line was written, and its number."""


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A line, and where it stands: the name of its trace, and its number from 1."""

    name: str
    number: int
    line: bytes


class Found(NamedTuple):
    """What is found in a line: where it stands, and how it diverges or that it cannot be read."""

    name: str
    number: int
    what: Divergence | Unreadable

    def __str__(self) -> str:
        return f"{self.name}, line {self.number}: {self.what}"


def one_by_one(traces: Traces) -> Iterator[Placed]:
    """Return the lines of traces, one trace after the other."""
    return (Placed(name, number, line) for name, lines in traces for number, line in enumerate(lines, start=1))


def merged(traces: Traces, hint: Say) -> Iterator[Placed]:
    """Return the lines of traces in the order of their keys; each trace has to be in that order itself.

    Of each trace only one line is in memory. The first line of a trace that is out of order is told to `hint`.
    """
    lines = heapq.merge(*(_in_order(trace, hint) for trace in traces), key=itemgetter(0))
    return (placed for _, placed in lines)


def _in_order(trace: tuple[str, Iterable[bytes]], hint: Say) -> Iterator[tuple[When, Placed]]:
    nowhere = last = _when(b"")
    told = False
    for placed in one_by_one([trace]):
        now = _when(placed.line)
        if not told and nowhere != now < last:
            told = True
            hint(f"{placed.name}, line {placed.number}: out of order; traces are merged by at and seq")
        last = max(now, last)
        yield now, placed


def _when(line: bytes) -> When:
    found = key(line)
    return found.at, found.seq


def check(
    lines: Iterable[Placed],
    *,
    found: Callable[[Found], None],
    hint: Say,
    clock: Callable[[], float],
    rules: Rules = LENIENT,
) -> Mapping[str, int]:
    """Replay the lines of traces as one stream, and return what was counted.

    What is found is passed to `found`. `hint` is told, now and then, how far it has come; `clock` tells seconds.
    """
    judge = Judge(rules=rules)
    told = clock()
    for count, placed in enumerate(lines, start=1):
        what: Divergence | Unreadable | None
        try:
            what = judge.judge(placed.line)
        except UnreadableLineError as error:
            what = unreadable(placed.line, error)
        if what is not None:
            found(Found(placed.name, placed.number, what))
        if count % LINES == 0 and clock() - told > SECONDS:
            told = clock()
            hint(f"{placed.name}: {placed.number:,} lines")
    return judge.tally


def summary(tally: Mapping[str, int]) -> Iterator[str]:
    """Write what was counted, a line for each kind."""
    name, number = max(map(len, tally)), max(len(f"{count:,}") for count in tally.values())
    return (f"{kind:<{name}} {count:>{number},}" for kind, count in tally.items())
