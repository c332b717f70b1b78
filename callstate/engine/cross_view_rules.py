"""The rules across the views of one call: what an input to one party means for the others.

One rule: after each input and each fired deadline these functions are applied in the order of `RULES`, again and again
until none of them changes anything. Each returns the same object that it was given if it has nothing to change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    PARKED,
    RINGING,
    SUPERVISORS,
    UNKNOWN,
    UP,
    evolve,
    later,
)
from callstate.engine.effects import REJECTIONS, end, enter
from callstate.engine.parties import next_side, sides
from callstate.engine.transition_table import ANY_ROLE, TWO
from callstate.engine.views import Views, replace_views

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
    rung = [view for view in views if view.state in _RUNG]
    if not rung:
        return views
    up = _sides_up(views)
    return replace_views(views, *[end(view, at, _ANSWERED_ELSEWHERE) for view in rung if view.side in up])


def a_late_answer_opens_a_side(views: Views, before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a view that answers where another is up already, which it could only do from an unknown state, a side."""
    on_a_side = [view for view in views if view.state in UP and view.side is not None]
    if len({view.side for view in on_a_side}) == len(on_a_side):
        return views
    were_up = {view.id for view in before.views if view.up}
    taken = {view.side for view in on_a_side if view.id in were_up}
    late = [view for view in on_a_side if view.id not in were_up and view.side in taken]
    return replace_views(views, *[evolve(view, side=side) for side, view in enumerate(late, next_side(views))])


def source_first(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """Dial the destinations of a call that the service created once a source is up."""
    waiting = [view for view in views if view.waits]
    if not waiting or 0 not in _sides_up(views):
        return views
    until = later(at, before.wait_for_pickup)
    return replace_views(views, *[_dialled(view, at, until) for view in waiting])


def _dialled(view: domain.PhoneCallView, at: datetime, until: datetime | None) -> domain.PhoneCallView:
    if view.outside:
        return evolve(view, waits=False, until=until)
    rung = enter(view, RINGING, at)
    force_setattr(rung, "waits", False)  # noqa: FBT003  # the value of the field
    force_setattr(rung, "listed", True)  # noqa: FBT003  # as above
    force_setattr(rung, "until", until)
    return rung


def an_answer_reaches_the_caller(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """When the other side has answered, a caller that dials itself is through, even if it never heard a ring."""
    callers = [view for view in views if view.side == 0 and view.state is not ENDED]
    if len(callers) != 1:
        return views
    caller = callers[0]
    if caller.state not in _DIALLING or caller.until is not None or not _sides_up(views):
        return views
    return replace_views(views, enter(caller, ANSWERED, at))


def barge_opens_a_side(views: Views, _before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a leg that has barged in and is up a side of its own; it needs no target any more."""
    joined = [view for view in views if view.side is None and view.role is BARGE and view.state in UP]
    if not joined:
        return views
    opened = enumerate(joined, next_side(views))
    return replace_views(views, *[evolve(view, side=side, target=None) for side, view in opened])


def two_sides_are_connected(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Two sides that are up are connected; one alone is not, and holds nobody. A supervisor hears when it answers."""
    up = _sides_up(views)
    if len(up) < TWO:
        return _alone(views, up, at)
    return replace_views(views, *[enter(view, CONNECTED, at) for view in views if view.state in _WAITING])


def _alone(views: Views, up: set[int], at: datetime) -> Views:
    moved = [view for view in views if (view.state is ANSWERED if view.role in SUPERVISORS else view.state in _ON_CALL)]
    if moved and _is_unknown_elsewhere(views, up):
        moved = [view for view in moved if view.role in SUPERVISORS]
    return replace_views(views, *[enter(view, CONNECTED if view.state is ANSWERED else ANSWERED, at) for view in moved])


def _is_unknown_elsewhere(views: Views, up: set[int]) -> bool:
    """Tell whether nothing is known of the other side, least of all that nobody is there."""
    return any(view.state is UNKNOWN and view.side is not None and view.side not in up for view in views)


def supervision_ends_with_its_target(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """End a leg that supervises a party, or rings to join it, when that party has left or is parked."""
    joined = [view for view in views if view.target is not None]
    if not joined:
        return views
    gone = {view.id for view in views if view.state in (ENDED, PARKED)}
    return replace_views(views, *[end(view, at, _TARGET_LEFT) for view in joined if view.target in gone])


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
    live = [view for view in views if view.state is not ENDED]
    return replace_views(views, *[end(view, at, _OTHER_LEFT, cause) for view in live])


# Bound once, as the states are.
_ANSWERED_ELSEWHERE, _TARGET_LEFT = domain.EndReason.ANSWERED_ELSEWHERE, domain.EndReason.TARGET_LEFT
_OTHER_LEFT = domain.EndReason.OTHER_LEFT

_RUNG = frozenset(domain.ViewState) - UP - {ENDED, domain.UNKNOWN}
_DIALLING = frozenset({domain.OFF_HOOK, domain.TRYING})
_WAITING, _ON_CALL = frozenset({ANSWERED, domain.PARKED}), frozenset({CONNECTED, domain.ON_HOLD})

# When a rule is asked -------------------------------------------------------------------------------------------------

NEW = None
"""The state before of a view that is new, or new on its side."""

States: TypeAlias = frozenset[domain.ViewState | None]
Trigger: TypeAlias = tuple[States, States]
"""A change of one view: the states of which it left one, and those of which it entered one."""


class Row(NamedTuple):
    """A rule, the changes that can set it off, and the roles and states of the views that it may change.

    In a call that had settled, the rule has nothing to add without such a change, or without such a view.
    """

    rule: Rule
    triggers: tuple[Trigger, ...]
    roles: frozenset[domain.Role]
    states: States


_LIVE: States = frozenset(domain.ViewState) - {ENDED}
_UNSEEN: States = frozenset({UNKNOWN, NEW})
_CAME_UP: Trigger = _LIVE - UP | {NEW}, UP
_LEFT: Trigger = _LIVE, frozenset({ENDED})
_WAITS: Trigger = UP, _WAITING
_SAME: Trigger = frozenset({CONNECTED}), frozenset({CONNECTED})
_IS_RUNG: Trigger = _UNSEEN, _RUNG
_IS_KNOWN: Trigger = frozenset({UNKNOWN}), _RUNG
_DIALS: Trigger = _UNSEEN, _DIALLING
_JOINING = SUPERVISORS | {domain.BARGE}

# fmt: off
RULES: tuple[Row, ...] = (
    Row(first_answer_wins,                (_CAME_UP, _IS_RUNG),                  ANY_ROLE, _RUNG),
    Row(a_late_answer_opens_a_side,       ((_UNSEEN, UP),),                      ANY_ROLE, UP),
    Row(source_first,                     (_CAME_UP,),                           ANY_ROLE, frozenset({domain.TRYING})),
    Row(an_answer_reaches_the_caller,     (_CAME_UP, _DIALS, _LEFT),             ANY_ROLE, _DIALLING),
    Row(barge_opens_a_side,               (_CAME_UP, _SAME),                     frozenset({domain.BARGE}), UP),
    Row(two_sides_are_connected,          (_CAME_UP, _IS_KNOWN, _LEFT, _WAITS),  ANY_ROLE, _WAITING | _ON_CALL),
    Row(supervision_ends_with_its_target, (_LEFT, _WAITS),                       _JOINING, _LIVE),
    Row(a_call_needs_two_sides,           (_LEFT,),                              ANY_ROLE, _LIVE),
)
# fmt: on
"""The rules in their order."""
