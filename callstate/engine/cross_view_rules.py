"""The rules across the views of one call: what an input to one party means for the others.

One rule: after each input and each fired deadline these functions are applied in the order of `RULES`, again and again
until none of them changes anything. Each returns the same object that it was given if it has nothing to change, and is
called only if some view has changed in a way that can set it off.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.domain import ANSWERED, CONNECTED, ENDED, SUPERVISORS, UP, copy_of
from callstate.engine.effects import REJECTIONS, end, enter
from callstate.engine.ended_views import CARRIED, carried
from callstate.engine.parties import next_side, sides
from callstate.engine.transition_table import TWO
from callstate.engine.views import Views, replace_at, replace_view, replace_views

Rule: TypeAlias = Callable[[Views, domain.PhoneCall, datetime], Views]
"""Takes the views as they have become, the call as it was before the input or deadline, and the time of that."""


def _sides_up(views: Views) -> set[int]:
    up: set[int] = set()
    for view in views:
        if view.side is not None and view.state in UP:
            up.add(view.side)
    return up


def first_answer_wins(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Of the views of one side one gets the call: when one is up, the others that are rung have lost.

    Nothing is known about one in an unknown state.
    """
    rung = [place for place, view in enumerate(views) if view.state in _RUNG]
    if not rung:
        return views
    up = _sides_up(views)
    lost = [place for place in rung if views[place].side in up]
    if not lost:
        return views
    return replace_at(views, lost, lambda view: end(view, at, domain.EndReason.ANSWERED_ELSEWHERE))


def a_late_answer_opens_a_side(views: Views, before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a view that answers where another is up already, which it could only do from an unknown state, a side."""
    on_a_side = [view for view in views if view.state in UP and view.side is not None]
    if len({view.side for view in on_a_side}) == len(on_a_side):
        return views
    were_up = {view.id for view in before.views if view.up}
    taken = {view.side for view in on_a_side if view.id in were_up}
    late = [view for view in on_a_side if view.id not in were_up and view.side in taken]
    return replace_views(views, *[domain.evolve(view, side=side) for side, view in enumerate(late, next_side(views))])


def source_first(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """Dial the destinations of a call that the service created once a source is up."""
    waiting = [place for place, view in enumerate(views) if view.waits]
    if not waiting or 0 not in _sides_up(views):
        return views
    until = domain.later(at, before.wait_for_pickup)
    return replace_at(views, waiting, lambda view: _dialled(view, at, until))


def _dialled(view: domain.PhoneCallView, at: datetime, until: datetime | None) -> domain.PhoneCallView:
    if view.outside:
        return domain.evolve(view, waits=False, until=until)
    return enter(view, domain.RINGING, at, waits=False, listed=True, until=until)


def an_answer_reaches_the_caller(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """When the other side has answered, a caller that dials itself is through, even if it never heard a ring."""
    callers = [place for place, view in enumerate(views) if view.side == 0 and view.state is not ENDED]
    if len(callers) != 1:
        return views
    caller = views[callers[0]]
    if caller.state not in _DIALLING or caller.until is not None or not _sides_up(views):
        return views
    return replace_view(views, callers[0], enter(caller, ANSWERED, at))


def barge_opens_a_side(views: Views, _before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a leg that has barged in and is up a side of its own; it needs no target any more."""
    joined = [view for view in views if view.side is None and view.role is domain.BARGE and view.state in UP]
    if not joined:
        return views
    opened = enumerate(joined, next_side(views))
    return replace_views(views, *[domain.evolve(view, side=side, target=None) for side, view in opened])


def two_sides_are_connected(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Two sides that are up are connected; one alone is not, and holds nobody. A supervisor hears when it answers."""
    up = _sides_up(views)
    if len(up) < TWO:
        return _alone(views, up, at)
    waiting = [place for place, view in enumerate(views) if view.state in _WAITING]
    return replace_at(views, waiting, lambda view: enter(view, CONNECTED, at))


def _alone(views: Views, up: set[int], at: datetime) -> Views:
    moved = [
        place
        for place, view in enumerate(views)
        if (view.state is ANSWERED if view.role in SUPERVISORS else view.state in _ON_CALL)
    ]
    if moved and _is_unknown_elsewhere(views, up):
        moved = [place for place in moved if views[place].role in SUPERVISORS]
    if not moved:
        return views
    return replace_at(views, moved, lambda view: enter(view, CONNECTED if view.state is ANSWERED else ANSWERED, at))


def _is_unknown_elsewhere(views: Views, up: set[int]) -> bool:
    """Tell whether nothing is known of the other side, least of all that nobody is there."""
    return any(view.state is domain.UNKNOWN and view.side is not None and view.side not in up for view in views)


def supervision_ends_with_its_target(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """End a leg that supervises a party, or rings to join it, when that party has left or is parked."""
    joined = [view for view in views if view.target is not None]
    if not joined:
        return views
    gone = {view.id for view in views if view.state in (ENDED, domain.PARKED)}
    return replace_views(
        views, *[end(view, at, domain.EndReason.TARGET_LEFT) for view in joined if view.target in gone]
    )


def a_call_needs_two_sides(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """When somebody left and fewer than two sides remain, the call is over.

    A phone that could not be reached tells its disposition to those who were never answered.
    """
    if len(sides(views)) > 1:
        return views
    lived = {view.id for view in before.views if view.state is not ENDED}
    left = [view for view in views if view.state is ENDED and view.id in lived]
    if not left:
        return views
    cause = next((view.disposition for view in left if view.disposition in REJECTIONS), None)
    live = [place for place, view in enumerate(views) if view.state is not ENDED]
    return replace_at(views, live, lambda view: end(view, at, domain.EndReason.OTHER_LEFT, cause))


_RUNG = frozenset(domain.ViewState) - UP - {ENDED, domain.UNKNOWN}
_DIALLING = frozenset({domain.OFF_HOOK, domain.TRYING})
_WAITING, _ON_CALL = frozenset({ANSWERED, domain.PARKED}), frozenset({CONNECTED, domain.ON_HOLD})

# What sets a rule off -------------------------------------------------------------------------------------------------

NEW = None
"""The state before of a view that is new, or new on its side."""

States: TypeAlias = frozenset[domain.ViewState | None]
Trigger: TypeAlias = tuple[States, States]
"""A change of one view: the states of which it left one, and those of which it entered one."""

_LIVE: States = frozenset(domain.ViewState) - {ENDED}
_UNSEEN: States = frozenset({domain.UNKNOWN, NEW})
_CAME_UP: Trigger = _LIVE - UP | {NEW}, UP
_LEFT: Trigger = _LIVE, frozenset({ENDED})
_WAITS: Trigger = UP, _WAITING
_SAME: Trigger = frozenset({CONNECTED}), frozenset({CONNECTED})

RULES: tuple[tuple[Rule, tuple[Trigger, ...]], ...] = (
    (first_answer_wins, (_CAME_UP, (_UNSEEN, _RUNG))),
    (a_late_answer_opens_a_side, ((_UNSEEN, UP),)),
    (source_first, (_CAME_UP,)),
    (an_answer_reaches_the_caller, (_CAME_UP, (_UNSEEN, _DIALLING), _LEFT)),
    (barge_opens_a_side, (_CAME_UP, _SAME)),
    (two_sides_are_connected, (_CAME_UP, (frozenset({domain.UNKNOWN}), _RUNG), _LEFT, _WAITS)),
    (supervision_ends_with_its_target, (_LEFT, _WAITS)),
    (a_call_needs_two_sides, (_LEFT,)),
)
"""The rules in their order, each with the changes without which it has nothing to add to a call that had settled."""

RULE_OF: Mapping[int, Rule] = {1 << place: rule for place, (rule, _) in enumerate(RULES)}
"""Each rule by a bit of its own, so that sums of them are sets."""

_ALL = sum(RULE_OF)


def _set_off_by(left: domain.ViewState | None, entered: domain.ViewState) -> int:
    """Return the rules that a change can set off, as a sum of their bits."""
    return sum(
        bit
        for bit, (_, triggers) in zip(RULE_OF, RULES, strict=True)
        if any(left in lefts and entered in entries for lefts, entries in triggers)
    )


_SET_OFF: Mapping[domain.ViewState, Mapping[domain.ViewState | None, int]] = {
    entered: {left: _set_off_by(left, entered) for left in (NEW, *domain.ViewState)} for entered in domain.ViewState
}


def _set_off(old: Views, new: Views) -> int:
    """Return the rules that the changes of all views can set off; none if nobody is left.

    A view keeps its place; new ones come last.
    """
    due, known, is_over = 0, len(old), True
    for place, view in enumerate(new):
        is_over = is_over and view.state is ENDED
        if place >= known:
            due |= _SET_OFF[view.state][NEW]
        elif view is not old[place]:
            before = old[place]
            due |= _SET_OFF[view.state][before.state if view.side == before.side else NEW]
    return 0 if is_over else due


def settle(before: domain.PhoneCall, views: Views, at: datetime) -> domain.PhoneCall:
    """Apply the rules to the views as an input left them, and return the call one version on.

    A call of version 0 may never have gone through the rules, so all of them are asked.
    """
    due = _set_off(before.views, views) if before.version else _ALL
    while due:
        for bit, rule in RULE_OF.items():
            if due & bit:
                changed = rule(views, before, at)
                if changed is not views:
                    due |= _set_off(views, changed)
                    views = changed
                due &= ~bit  # what a rule has changed never sets off the same rule
    return _settled(before, views, at)


def _settled(before: domain.PhoneCall, views: Views, at: datetime) -> domain.PhoneCall:
    """Return the call with other views, on which no rule has anything to add, and what follows from them."""
    ended = _count_ended(views)
    ends_by = None if ended == len(views) else before.ends_by
    call = copy_of(before)
    if before.answered is None and _is_first_connected(before, views):
        force_setattr(call, "answered", at)
    if ended > CARRIED:
        kept = carried(before, views)
        dropped = len(views) - len(kept)
        force_setattr(call, "forgotten", before.forgotten + dropped)
        views, ended = kept, ended - dropped
    force_setattr(call, "views", views)
    force_setattr(call, "version", before.version + 1)
    force_setattr(call, "updated", at)
    force_setattr(call, "ends_by", ends_by)
    force_setattr(call, "deadline", domain.earliest_deadline(ends_by, views))
    force_setattr(call, "ended_views", ended)
    return call


def _count_ended(views: Views) -> int:
    count = 0
    for view in views:
        if view.state is ENDED:
            count += 1
    return count


def _is_first_connected(before: domain.PhoneCall, views: Views) -> bool:
    """Tell whether a party has become connected in this step."""
    known = len(before.views)
    for place, view in enumerate(views):
        if view.state is CONNECTED and view.side is not None:
            was = before.views[place].state if place < known else None
            if was not in _ON_CALL:
                return True
    return False
