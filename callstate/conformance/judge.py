"""A trace replayed through the reference: line after line, where it first says something else.

One rule: a call is judged up to its first divergence, and then no more unless the trace starts it again. Where an
answer does not tell whether something happened, the call is followed both ways, and a line diverges only if it does so
from all of them. This module opens no file and reads no clock; the times are those of the trace.
"""

from collections.abc import Iterable

from callstate.conformance.judgement import joined, judgement
from callstate.conformance.trace import BYTE_ORDER_MARK, NOT_LISTED, Line, UnreadableLineError, read_line
from callstate.conformance.tracked_calls import UNKNOWN, Calls, Ways
from callstate.conformance.verdict import COUNTED, Divergence, Unreadable, Verdict, first, unreadable
from callstate.engine import LENIENT, Rules


def judge_lines(lines: Iterable[bytes], *, rules: Rules = LENIENT) -> Verdict:
    """Judge the lines of a trace, or of a part that has all lines of its calls, in the order of their keys.

    A line that cannot be read is counted and kept in the verdict; it ends nothing.
    """
    judge = Judge(rules=rules)
    divergences: list[Divergence] = []
    unread: tuple[Unreadable, ...] = ()
    for line in lines:
        try:
            divergence = judge.judge(line)
        except UnreadableLineError as error:
            unread = first((*unread, unreadable(line, error)))
        else:
            divergences += [] if divergence is None else [divergence]
    return Verdict.of(judge.tally, (*divergences, *unread))


class Judge:
    """Judges a trace line by line, and counts in `tally` what it saw."""

    def __init__(self, *, rules: Rules = LENIENT) -> None:
        self.tally: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self._rules = rules
        self._calls = Calls()

    def judge(self, data: bytes) -> Divergence | None:
        """Return how a line diverges from the reference, if it does; `UnreadableLineError` if it cannot be read."""
        data = data.removeprefix(BYTE_ORDER_MARK)
        if not data or data.isspace():
            return None
        self.tally["lines"] += 1
        try:
            return self._judge(read_line(data))
        except RecursionError:  # a part of the line nests deeper than could be seen when the line was read
            self.tally["unreadable"] += 1
            raise UnreadableLineError("nested too deep") from None
        except UnreadableLineError:
            self.tally["unreadable"] += 1
            raise

    def _judge(self, line: Line) -> Divergence | None:
        if line.start is not None:
            self.tally["starts"] += 1
            self._calls.keep(line.call, (line.start,), line.at)
            return None
        ways = self._ways(line)
        if not ways:
            self.tally["skipped"] += 1
            return None
        found = judgement(line, ways[0], self._rules)
        if len(ways) > 1:
            found = joined([found, *(judgement(line, way, self._rules) for way in ways[1:])])
        self.tally[_kind(line)] += 1
        if found.divergence is not None:
            self.tally["divergences"] += 1
            self._calls.drop(line.call)
            return found.divergence
        if found.counted is not None:
            self.tally[found.counted] += 1
        self._calls.keep(line.call, found.ways, line.at)
        return None

    def _ways(self, line: Line) -> Ways:
        """Return the values that the call can have; none if the line is skipped.

        A listed call exists, if the trace mentions it at all.
        """
        if line.begins:
            return UNKNOWN
        ways = self._calls.ways(line.call)
        if len(ways) == 1 or not _is_listed(line):
            return ways
        return tuple(way for way in ways if way is not None) or self._calls.ways_when_listed(line.call)


def _is_listed(line: Line) -> bool:
    return bool(line.listed) and line.listed != NOT_LISTED


def _kind(line: Line) -> str:
    if line.request:
        return "requests"
    if line.signal is not None:
        return "signals"
    return "creates" if line.create else "listings"
