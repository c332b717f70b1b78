"""What holds for every change that the engine makes, as named functions: each returns what is wrong, or nothing.

One rule: an invariant looks at a call before and after one input, or one wait for the next deadline, and knows nothing
of how the one became the other. Those of a single view are in `view_invariants`.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from callstate import domain
from callstate.engine import CARRIED

OfAChange: TypeAlias = Callable[[domain.PhoneCall, domain.PhoneCall], str | None]


def a_call_can_be_built(_before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Each changed call passes its constructor, which the engine skips, and comes out the same."""
    try:
        built = replace(after)
    except (TypeError, ValueError) as error:
        return str(error)
    return None if built == after else f"its constructor makes it {built}"


def version_counts_changes(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """With each input that changes the call, and each deadline that fires, the version grows by one."""
    limits = [before.ends_by, *(view.limit for view in before.views)]
    most = max(1, limits.count(after.updated))
    grown = after.version - before.version
    return None if 1 <= grown <= most else f"version {before.version} has become {after.version}"


def an_over_call_stays(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """No input and no deadline changes a call that is over."""
    return f"the call was over and became {after}" if before.over else None


def views_stay(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Every view stays in the call under its id, except dropped ones that had ended."""
    there = {view.id for view in after.views}
    dropped = [view for view in before.views if view.id not in there]
    if any(view.state is not domain.ENDED for view in dropped) or after.forgotten != before.forgotten + len(dropped):
        return f"views {[view.id for view in dropped]} are missing, {after.forgotten} are forgotten"
    return None


def few_who_left_are_carried(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """At most ten views of those who have left are carried, or more only if each of them is needed."""
    ended = [view for view in after.views if view.state is domain.ENDED]
    if len(ended) <= CARRIED:
        return None
    lived = {view.id for view in before.views if view.state is not domain.ENDED}
    needless = [view.id for view in ended if view.id not in lived and not _is_needed(after, view)]
    return f"{len(ended)} have left, and nobody needs views {', '.join(needless)}" if needless else None


def _is_needed(call: domain.PhoneCall, view: domain.PhoneCallView) -> bool:
    """Tell whether a view has the last id or side, or its party can repeat its transfer, or has parked another."""
    successor = None if view.successor is None else call.view(view.successor)
    lots = [other.parking for other in call.views if other.parking is not None]
    last_side = max((other.side for other in call.views if other.side is not None), default=None)
    return (
        view is call.views[-1]
        or view is _newest_on(call, last_side)
        or (successor is not None and successor.live)
        or any(view is _newest_on(call, lot.side, lot.by) for lot in lots)
    )


def _newest_on(call: domain.PhoneCall, side: int | None, number: str | None = None) -> domain.PhoneCallView | None:
    """Return the newest view on a side, or the newest one there of a number that has left."""
    found = (view for view in reversed(call.views) if view.side == side)
    return next((view for view in found if number is None or (view.extension == number and not view.live)), None)


def changes_tell_all(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Every version has a change; every end is told, before the view is dropped."""
    told = domain.changes(before, after)
    ended = {change.view_id for change in told if isinstance(change, domain.ViewEnded)}
    known = {view.id for view in before.views if view.state is domain.ENDED}
    untold = [view.id for view in after.views if view.state is domain.ENDED and view.id not in ended | known]
    if not told or untold:
        return f"version {after.version} has the changes {told}; the end of {untold} is not among them"
    return None


def dates_stay(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Time does not go back, and when the call was answered stays."""
    if before.updated is not None and (after.updated is None or after.updated < before.updated):
        return f"{before.updated} was followed by {after.updated}"
    if before.answered is not None and before.answered != after.answered:
        return f"answered at {before.answered} has become {after.answered}"
    return None


CHANGE_INVARIANTS: tuple[OfAChange, ...] = (
    a_call_can_be_built,
    version_counts_changes,
    an_over_call_stays,
    views_stay,
    few_who_left_are_carried,
    changes_tell_all,
    dates_stay,
)
