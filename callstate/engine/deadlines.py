"""Time, as data: when a call will change by itself, and what it is then.

One rule: nothing here reads a clock. The program that keeps the call asks `next_deadline` when to come back, and then
tells `advance` what time it is.
"""

from collections.abc import Iterator
from datetime import datetime

from callstate.domain import EndReason, PhoneCall, fixed_offset
from callstate.engine.effects import end, ring_back
from callstate.engine.refusals import must_be_a_call
from callstate.engine.settling import settle
from callstate.engine.views import replace_views


def next_deadline(call: PhoneCall) -> datetime | None:
    """Return when the call will change by itself, to be given to `advance`; `None` if it will not.

    That is the first of: a phone's ringing runs out (`waitForPickup`), a party's time in the lot is up
    (`maxInParking`), the call's limit (`callDuration`). The vendor has these three timers; what they lead to is
    callstate's decision.
    """
    return call.deadline


def advance(call: PhoneCall, *, at: datetime) -> PhoneCall:
    """Fire all deadlines up to and including `at`, each at its own time; the same object if there are none.

    A phone that nobody answers ends (NO ANSWER), a parker is rung back and the time in the parking lot starts again, a
    call at its limit is over. In one step or in many, the call is the same. An `at` before the call's last change
    counts as that; a naive one raises `ValueError`. Nothing else is refused.
    """
    must_be_a_call("advance", call)
    return fire(call, _not_before(call, instant(at)), inclusive=True)


def steps(call: PhoneCall, *, at: datetime) -> Iterator[PhoneCall]:
    """Yield the call after each deadline up to and including `at`, so that no version is skipped; not the given call.

    The last one is what `advance` returns. It raises what `advance` raises.
    """
    must_be_a_call("steps", call)
    return _fired(call, _not_before(call, instant(at)), inclusive=True)


def steps_before(call: PhoneCall, *, at: datetime) -> Iterator[PhoneCall]:
    """Yield the call after each deadline strictly before `at`: what fires before an input that comes at that time."""
    must_be_a_call("steps_before", call)
    return _fired(call, _not_before(call, instant(at)), inclusive=False)


def _not_before(call: PhoneCall, at: datetime) -> datetime:
    """Return `at`, or the time of the last change if that is later: times of one call never go back."""
    return at if call.updated is None else max(at, call.updated)


def instant(at: datetime) -> datetime:
    """Fix the offset: sums and comparisons of datetimes that share a zone with daylight saving time ignore it."""
    return fixed_offset("at", at)


def fire(call: PhoneCall, at: datetime, *, inclusive: bool) -> PhoneCall:
    """Fire the deadlines before `at`, and if `inclusive` those at that very time, in the order of their times."""
    for fired in _fired(call, at, inclusive=inclusive):
        call = fired
    return call


def _fired(call: PhoneCall, at: datetime, *, inclusive: bool) -> Iterator[PhoneCall]:
    while call.deadline is not None and (call.deadline < at or (inclusive and call.deadline == at)):
        call = _expire(call, call.deadline)
        yield call


def _expire(call: PhoneCall, due: datetime) -> PhoneCall:
    """Fire one deadline. Of several at one time the call's own comes first, then those of the views in their order."""
    at = due if call.updated is None else max(due, call.updated)
    if call.ends_by == due:
        return settle(call, tuple(end(view, at, EndReason.LIMIT) for view in call.views), at)
    view = next(view for view in call.views if view.limit == due)
    if view.parking is not None:
        return settle(call, ring_back(call, view, at), at)
    return settle(call, replace_views(call.views, end(view, at, EndReason.NO_ANSWER)), at)
