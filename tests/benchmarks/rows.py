"""What is shown of a measurement: a row of the table.

One rule: a target is a ratio or a rate that was set before the changes that were to reach it, and a row says whether it
is met. For what the engine does there is one target for plain Python and one for the compiled build.
"""

from typing import NamedTuple

from tests.benchmarks.timing import Spread
from tests.compiled import IS_COMPILED


def target(plain: float, compiled: float) -> float:
    """Return the target for the build that is measured."""
    return compiled if IS_COMPILED else plain


class Row(NamedTuple):
    """What was measured, beside what, and what was aimed at; `met` is `None` where there was no target."""

    work: str
    measured: str
    result: str = ""
    target: str = ""
    met: bool | None = None


def timed(work: str, microseconds: Spread) -> Row:
    """Make the row of a time that is there to be known, and has no target."""
    return Row(work, f"{microseconds} µs")


def at_most(work: str, microseconds: Spread, ratio: Spread, limit: float | None = None, *, of: str) -> Row:
    """Make the row of what takes so many times as long as something else."""
    if limit is None:
        return Row(work, f"{microseconds} µs", f"{ratio} times {of}")
    return Row(work, f"{microseconds} µs", f"{ratio} times {of}", f"≤ {limit:g} times", ratio.median <= limit)


def faster(work: str, microseconds: Spread, ratio: Spread, limit: float | None = None) -> Row:
    """Make the row of another way, against which the core is so many times as fast."""
    if limit is None:
        return Row(work, f"{microseconds} µs", f"core {ratio} times faster")
    return Row(work, f"{microseconds} µs", f"core {ratio} times faster", f"≥ {limit:g} times", ratio.median >= limit)


def rate(work: str, per_second: Spread, limit: float | None = None) -> Row:
    """Make the row of how much is done in a second."""
    if limit is None:
        return Row(work, f"{per_second} a second")
    return Row(work, f"{per_second} a second", "", f"≥ {limit:,.0f}", per_second.median >= limit)
