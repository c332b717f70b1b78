"""Recorded traces judged by the reference: where another implementation answers differently."""

from callstate.conformance.checker import Found, Placed, check, merged, one_by_one, summary
from callstate.conformance.har import UnreadableHarError, trace_of_har
from callstate.conformance.judge import Judge, judge_lines
from callstate.conformance.order import Key, key
from callstate.conformance.recording import TraceMiddleware, TraceWriter
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
    "Found",
    "Judge",
    "Key",
    "Line",
    "Placed",
    "Reply",
    "TraceMiddleware",
    "TraceWriter",
    "Unreadable",
    "UnreadableHarError",
    "UnreadableLineError",
    "Verdict",
    "check",
    "judge_lines",
    "key",
    "merged",
    "one_by_one",
    "read_line",
    "record",
    "record_listing",
    "record_start",
    "summary",
    "trace_of_har",
]
