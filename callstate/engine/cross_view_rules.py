"""The rules across the views of one call: what an input to one party means for the others.

One rule: after each input and each fired deadline these functions are applied in the order of `RULES`, again and again
until none of them changes anything. Each returns the same object that it was given if it has nothing to change, and is
called only if some view is in one of the states that it is about.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from callstate import domain
from callstate.engine.effects import REJECTIONS, Views, end, enter, replace_views
from callstate.engine.ended_views import carried
from callstate.engine.parties import next_side, sides

Rule: TypeAlias = Callable[[Views, domain.PhoneCall, datetime], Views]
"""Takes the views as they have become, the call as it was before the input or deadline, and the time of that."""


def _sides_up(views: Views) -> set[int]:
    return {view.side for view in views if view.state in domain.UP and view.side is not None}


def first_answer_wins(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Of the views of one side one gets the call: when one is up, the others that are rung have lost.

    Nothing is known about one in an unknown state.
    """
    up = _sides_up(views)
    lost = [view for view in views if view.state in _RUNG and view.side in up] if up else ()
    return replace_views(views, *[end(view, at, domain.EndReason.ANSWERED_ELSEWHERE) for view in lost])


def a_late_answer_opens_a_side(views: Views, before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a view that answers where another is up already, which it could only do from an unknown state, a side."""
    on_a_side = [view for view in views if view.state in domain.UP and view.side is not None]
    if len({view.side for view in on_a_side}) == len(on_a_side):
        return views
    were_up = {view.id for view in before.views if view.up}
    taken = {view.side for view in on_a_side if view.id in were_up}
    late = [view for view in on_a_side if view.id not in were_up and view.side in taken]
    return replace_views(views, *[domain.evolve(view, side=side) for side, view in enumerate(late, next_side(views))])


def source_first(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """Dial the destinations of a call that the service created once a source is up."""
    waiting = [view for view in views if view.waits]
    if not waiting or 0 not in _sides_up(views):
        return views
    until = domain.later(at, before.wait_for_pickup)
    return replace_views(views, *[_dialled(view, at, until) for view in waiting])


def _dialled(view: domain.PhoneCallView, at: datetime, until: datetime | None) -> domain.PhoneCallView:
    if view.outside:
        return domain.evolve(view, waits=False, until=until)
    return enter(view, domain.RINGING, at, waits=False, listed=True, until=until)


def an_answer_reaches_the_caller(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """When the other side has answered, a caller that dials itself is through, even if it never heard a ring."""
    callers = [view for view in views if view.side == 0 and view.state is not domain.ENDED]
    if len(callers) != 1 or callers[0].state not in _DIALLING or callers[0].until is not None:
        return views
    if not _sides_up(views):
        return views
    return replace_views(views, enter(callers[0], domain.ANSWERED, at))


def barge_opens_a_side(views: Views, _before: domain.PhoneCall, _at: datetime) -> Views:
    """Give a leg that has barged in and is up a side of its own; it needs no target any more."""
    joined = [view for view in views if view.side is None and view.role is domain.BARGE and view.state in domain.UP]
    if not joined:
        return views
    opened = enumerate(joined, next_side(views))
    return replace_views(views, *[domain.evolve(view, side=side, target=None) for side, view in opened])


def two_sides_are_connected(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Two sides that are up are connected; one alone is not, and holds nobody. A supervisor hears when it answers."""
    up = _sides_up(views)
    left, entered = (_WAITING, domain.CONNECTED) if len(up) > 1 else (_ON_CALL, domain.ANSWERED)
    moved = [view for view in views if view.state in left and view.role not in domain.SUPERVISORS]
    if entered is domain.ANSWERED and moved and _is_unknown_elsewhere(views, up):
        moved = []
    heard = [view for view in views if view.state is domain.ANSWERED and view.role in domain.SUPERVISORS]
    return replace_views(
        views,
        *[enter(view, entered, at) for view in moved],
        *[enter(view, domain.CONNECTED, at) for view in heard],
    )


def _is_unknown_elsewhere(views: Views, up: set[int]) -> bool:
    """Tell whether nothing is known of the other side, least of all that nobody is there."""
    return any(view.state is domain.UNKNOWN and view.side is not None and view.side not in up for view in views)


def supervision_ends_with_its_target(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """End a leg that supervises a party, or rings to join it, when that party has left or is parked."""
    joined = [view for view in views if view.target is not None]
    if not joined:
        return views
    gone = {view.id for view in views if view.state in (domain.ENDED, domain.PARKED)}
    return replace_views(
        views, *[end(view, at, domain.EndReason.TARGET_LEFT) for view in joined if view.target in gone]
    )


def a_call_needs_two_sides(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """When somebody left and fewer than two sides remain, the call is over.

    A phone that could not be reached tells its disposition to those who were never answered.
    """
    lived = {view.id for view in before.views if view.state is not domain.ENDED}
    left = [view for view in views if view.state is domain.ENDED and view.id in lived]
    if not left or len(sides(views)) > 1:
        return views
    cause = next((view.disposition for view in left if view.disposition in REJECTIONS), None)
    live = [view for view in views if view.state is not domain.ENDED]
    return replace_views(views, *[end(view, at, domain.EndReason.OTHER_LEFT, cause) for view in live])


_RUNG = frozenset(domain.ViewState) - domain.UP - {domain.ENDED, domain.UNKNOWN}
_DIALLING = (domain.OFF_HOOK, domain.TRYING)
_GONE = frozenset({domain.ENDED})
_WAITING, _ON_CALL = (domain.ANSWERED, domain.PARKED), (domain.CONNECTED, domain.ON_HOLD)

RULES: tuple[tuple[Rule, frozenset[domain.ViewState]], ...] = (
    (first_answer_wins, _RUNG),
    (a_late_answer_opens_a_side, frozenset({domain.ANSWERED})),
    (source_first, frozenset({domain.TRYING})),
    (an_answer_reaches_the_caller, frozenset(_DIALLING)),
    (barge_opens_a_side, domain.UP),
    (two_sides_are_connected, domain.UP),
    (supervision_ends_with_its_target, frozenset({domain.ENDED, domain.PARKED})),
    (a_call_needs_two_sides, _GONE),
)
"""The rules in their order, each with the states without which it has nothing to change."""


def settle(before: domain.PhoneCall, views: Views, at: datetime) -> domain.PhoneCall:
    """Apply the rules to the views as an input left them, and return the call one version on."""
    settled: Views | None = None
    states = {view.state for view in views}
    while settled is not views:
        settled = views
        for rule, about in RULES:
            if not about.isdisjoint(states):
                changed = rule(views, before, at)
                if changed is not views:
                    views, states = changed, {view.state for view in changed}
    ends_by = None if states <= _GONE else before.ends_by
    answered = before.answered or _first_connected(before, views, at)
    kept = carried(before, views) if domain.ENDED in states else views
    return domain.evolve(
        before,
        views=kept,
        version=before.version + 1,
        updated=at,
        answered=answered,
        ends_by=ends_by,
        forgotten=before.forgotten + len(views) - len(kept),
        deadline=domain.earliest_deadline(ends_by, kept),
        ended_views=sum([view.state is domain.ENDED for view in kept]) if domain.ENDED in states else 0,
    )


def _first_connected(before: domain.PhoneCall, views: Views, at: datetime) -> datetime | None:
    on_call = {view.id for view in before.views if view.state in _ON_CALL}
    new = [
        view for view in views if view.state is domain.CONNECTED and view.side is not None and view.id not in on_call
    ]
    return at if new else None
