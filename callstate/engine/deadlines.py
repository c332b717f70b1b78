"""Time, as data: when a call will change by itself, and what it is then.

One rule: nothing here reads a clock. Whoever keeps the call asks `next_deadline` when to come back, and then tells
`advance` what time it is.
"""

from collections.abc import Iterator
from datetime import datetime, timezone

from callstate.domain import Disposition, PhoneCall
from callstate.engine.effects import end, ring_back, swap
from callstate.engine.rules import settle


def next_deadline(call: PhoneCall) -> datetime | None:
    """Return when the call will change by itself, to be given to `advance`; `None` if it will not.

    That is the first of: a phone's ringing runs out (`waitForPickup`), a party's time in the lot is up
    (`maxInParking`), the call's limit (`callDuration`). The vendor has these three timers; what follows of them is our
    decision.
    """
    return call.deadline


def advance(call: PhoneCall, *, at: datetime) -> PhoneCall:
    """Fire all deadlines up to and including `at`, each at its own time; the very same call if there are none.

    A phone that rings in vain ends (NO ANSWER), a parker is rung back and the time in the lot starts anew, a call at
    its limit is over. In one step or in many, the call is the same. An `at` before the call's last change counts as
    that; a naive one raises `ValueError`. Nothing else is refused.
    """
    return fire(call, _not_before(call, instant(at)), inclusive=True)


def steps(call: PhoneCall, *, at: datetime) -> Iterator[PhoneCall]:
    """Yield the call after each deadline up to and including `at`, so that no version is skipped; not the given call.

    The last one is what `advance` returns. It raises what `advance` raises.
    """
    now = _not_before(call, instant(at))
    while call.deadline is not None and call.deadline <= now:
        call = _expire(call, call.deadline)
        yield call


def _not_before(call: PhoneCall, at: datetime) -> datetime:
    """Return `at`, or the time of the last change if that is later: times of one call never go back."""
    return at if call.updated is None else max(at, call.updated)


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
    while call.deadline is not None and (call.deadline < at or (inclusive and call.deadline == at)):
        call = _expire(call, call.deadline)
    return call


def _expire(call: PhoneCall, due: datetime) -> PhoneCall:
    """Fire one deadline. At one instant the call's own comes first, then those of the views in their order."""
    at = due if call.updated is None else max(due, call.updated)
    if call.ends_by == due:
        return settle(call, tuple(end(view, at) for view in call.views), at)
    view = next(view for view in call.views if view.limit == due)
    if view.parking is not None:
        return settle(call, ring_back(call, view, at), at)
    return settle(call, swap(call.views, end(view, at, Disposition.NO_ANSWER)), at)
