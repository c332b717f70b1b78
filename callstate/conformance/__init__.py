"""Recorded traces judged by the reference: where another implementation answers differently."""

from callstate.conformance.checker import check
from callstate.conformance.judge import Judge, judge_lines
from callstate.conformance.order import Key, key
from callstate.conformance.trace import (
    Line,
    Reply,
    UnreadableLineError,
    read_line,
    record,
    record_listing,
    record_start,
)
from callstate.conformance.verdict import Differs, Divergence, Unreadable, Verdict

__all__ = [
    "Differs",
    "Divergence",
    "Judge",
    "Key",
    "Line",
    "Reply",
    "Unreadable",
    "UnreadableLineError",
    "Verdict",
    "check",
    "judge_lines",
    "key",
    "read_line",
    "record",
    "record_listing",
    "record_start",
]
