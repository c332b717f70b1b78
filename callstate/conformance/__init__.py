"""Recorded traces judged by the reference: where another implementation answers differently."""

from callstate.conformance.checker import Found, Placed, check, merged, one_by_one, summary
from callstate.conformance.judge import Judge, judge_lines
from callstate.conformance.order import Key, key
from callstate.conformance.trace import (
    Line,
    Reply,
    UnreadableLineError,
    line_of,
    read_line,
    record,
    record_listing,
    record_start,
    write_line,
)
from callstate.conformance.verdict import Differs, Divergence, Unreadable, Verdict

__all__ = [
    "Differs",
    "Divergence",
    "Found",
    "Judge",
    "Key",
    "Line",
    "Placed",
    "Reply",
    "Unreadable",
    "UnreadableLineError",
    "Verdict",
    "check",
    "judge_lines",
    "key",
    "line_of",
    "merged",
    "one_by_one",
    "read_line",
    "record",
    "record_listing",
    "record_start",
    "summary",
    "write_line",
]
