"""Recorded traces judged by the reference: where another implementation answers differently."""

from callstate.conformance.checker import check
from callstate.conformance.judge import Judge
from callstate.conformance.trace import (
    Line,
    Reply,
    UnreadableLineError,
    read_line,
    record,
    record_listing,
    record_start,
)
from callstate.conformance.verdict import Divergence

__all__ = [
    "Divergence",
    "Judge",
    "Line",
    "Reply",
    "UnreadableLineError",
    "check",
    "read_line",
    "record",
    "record_listing",
    "record_start",
]
