"""Time, as data: when a call will change by itself, and what it is then.

One rule: nothing here reads a clock. Whoever keeps the call asks `next_deadline` when to come back, and then tells
`advance` what time it is.
"""

from datetime import datetime, timezone

from callstate.effects import end, ring_back, swap
from callstate.model import Disposition, PhoneCall
from callstate.rules import settle

OWN = -1
"""The place of the call's own deadline: at one instant it comes before those of the views."""


def next_deadline(call: PhoneCall) -> datetime | None:
    """Return when the call will change by itself, to be given to `advance`; `None` if it will not."""
    due = _next_due(call)
    return None if due is None else due[0]


def advance(call: PhoneCall, *, at: datetime) -> PhoneCall:
    """Fire all deadlines up to and including `at`, each at its own time; the very same call if there are none.

    In one step or in many, the call is the same. A naive `at` raises `ValueError`.
    """
    return fire(call, instant(at), inclusive=True)


def instant(at: datetime) -> datetime:
    """Fix the offset: sums and comparisons of datetimes that share a zone with daylight saving time ignore it."""
    if type(at.tzinfo) is timezone:
        return at
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"at is an aware datetime, not {at!r}")
    return at.replace(tzinfo=timezone(offset), fold=0)


def fire(call: PhoneCall, at: datetime, *, inclusive: bool) -> PhoneCall:
    """Fire the deadlines before `at`, and if `inclusive` those at that very instant, in the order of their times."""
    due = _next_due(call)
    while due is not None and (due[0] < at or (inclusive and due[0] == at)):
        call = _expire(call, *due)
        due = _next_due(call)
    return call


def _next_due(call: PhoneCall) -> tuple[datetime, int] | None:
    due = [] if call.ends_by is None else [(call.ends_by, OWN)]
    for place, view in enumerate(call.views):
        until = view.until if view.parking is None else view.parking.until
        if until is not None:
            due.append((until, place))
    return min(due, default=None)


def _expire(call: PhoneCall, at: datetime, place: int) -> PhoneCall:
    if call.updated is not None:
        at = max(at, call.updated)
    if place == OWN:
        return settle(call, tuple(end(view, at) for view in call.views), at)
    view = call.views[place]
    if view.parking is not None:
        return settle(call, ring_back(call, view, at), at)
    return settle(call, swap(call.views, end(view, at, Disposition.NO_ANSWER)), at)
