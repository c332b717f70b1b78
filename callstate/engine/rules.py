"""The rules across the views of one call: what an input to one party means for the others.

One rule: after each input and each fired deadline these functions are applied in the order of `RULES`, again and again
until none of them changes anything. Each returns the very views it was given if it has nothing to say, and is asked
only where somebody is in one of the states that it is about.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from callstate import domain
from callstate.engine.effects import Views, end, enter, swap, was_answered
from callstate.engine.guards import sides

Rule: TypeAlias = Callable[[Views, domain.PhoneCall, datetime], Views]
"""Takes the views as they have become, the call as it was before the input or deadline, and the instant of that."""


def _sides_up(views: Views) -> set[int]:
    return {view.side for view in views if view.state in domain.UP and view.side is not None}


def first_answer_wins(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Of the views of one side at most one gets the call: when one is up, the others that are not have lost."""
    up = _sides_up(views)
    lost = [view for view in views if view.state in _RUNG and view.side in up] if up else ()
    return swap(views, *[end(view, at, domain.Disposition.NO_ANSWER) for view in lost])


def source_first(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """Dial the destinations of a call that the service created once a source is up."""
    waiting = [view for view in views if view.waits]
    if not waiting or 0 not in _sides_up(views):
        return views
    until = domain.later(at, before.wait_for_pickup)
    return swap(views, *[_dialled(view, at, until) for view in waiting])


def _dialled(view: domain.PhoneCallView, at: datetime, until: datetime | None) -> domain.PhoneCallView:
    if domain.is_extension(view.extension):
        return enter(view, domain.RINGING, at, waits=False, listed=True, until=until)
    return domain.evolve(view, waits=False, until=until)


def barge_opens_a_side(views: Views, _before: domain.PhoneCall, _at: datetime) -> Views:
    """Who has barged in and answered is a party of its own, and needs nobody to have joined any more."""
    joined = [view for view in views if view.side is None and view.role is domain.BARGE and view.state in domain.UP]
    if not joined:
        return views
    free = 1 + max((view.side for view in views if view.side is not None), default=-1)
    return swap(views, *[domain.evolve(view, side=side, target=None) for side, view in enumerate(joined, free)])


def two_sides_are_connected(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Two sides up are on call; one alone is not, and holds nobody. A supervisor hears as soon as it answers."""
    left, entered = (_WAITING, domain.CONNECTED) if len(_sides_up(views)) > 1 else (_ON_CALL, domain.ANSWERED)
    moved = [enter(view, entered, at) for view in views if view.state in left and view.role not in domain.SUPERVISORS]
    hear = [
        enter(view, domain.CONNECTED, at)
        for view in views
        if view.state is domain.ANSWERED and view.role in domain.SUPERVISORS
    ]
    return swap(views, *moved, *hear)


def supervision_ends_with_its_target(views: Views, _before: domain.PhoneCall, at: datetime) -> Views:
    """Nobody supervises, or rings to join, a party that has left or is parked."""
    joined = [view for view in views if view.target is not None]
    if not joined:
        return views
    gone = {view.id for view in views if view.state in (domain.ENDED, domain.PARKED)}
    return swap(views, *[end(view, at) for view in joined if view.target in gone])


def a_call_needs_two_sides(views: Views, before: domain.PhoneCall, at: datetime) -> Views:
    """When somebody left and fewer than two sides remain the call is over, and for the same reason for everybody."""
    lived = {view.id for view in before.views if view.state is not domain.ENDED}
    left = [view for view in views if view.state is domain.ENDED and view.id in lived]
    if not left or len(sides(views)) > 1:
        return views
    cause = next((view.disposition for view in left if view.disposition in _CONTAGIOUS), None)
    # Asked of the call before: who is alone now is not on call any more, which may be all that told of an answer.
    answered = {view.id for view in before.views if was_answered(view)}
    live = [view for view in views if view.state is not domain.ENDED]
    return swap(
        views,
        *[
            end(view, at, domain.Disposition.ANSWERED if view.answered or view.id in answered else cause)
            for view in live
        ],
    )


_RUNG = frozenset(domain.ViewState) - domain.UP - {domain.ENDED}
_GONE = frozenset({domain.ENDED})
_WAITING, _ON_CALL = (domain.ANSWERED, domain.PARKED), (domain.CONNECTED, domain.ON_HOLD)
_CONTAGIOUS = (domain.Disposition.BUSY, domain.Disposition.FAILED, domain.Disposition.NOT_ALLOWED)

RULES: tuple[tuple[Rule, frozenset[domain.ViewState]], ...] = (
    (first_answer_wins, _RUNG),
    (source_first, frozenset({domain.TRYING})),
    (barge_opens_a_side, frozenset({domain.ANSWERED})),
    (two_sides_are_connected, domain.UP),
    (supervision_ends_with_its_target, frozenset({domain.ENDED, domain.PARKED})),
    (a_call_needs_two_sides, _GONE),
)
"""The rules in their order, each with the states without which it has nothing to say."""


def settle(before: domain.PhoneCall, views: Views, at: datetime) -> domain.PhoneCall:
    """Apply the rules to the views as an input left them, and return the call one version on."""
    settled: Views | None = None
    states = {view.state for view in views}
    while settled is not views:
        settled = views
        for rule, about in RULES:
            if not about.isdisjoint(states):
                said = rule(views, before, at)
                if said is not views:
                    views, states = said, {view.state for view in said}
    ends_by = None if states <= _GONE else before.ends_by
    return domain.evolve(
        before,
        views=views,
        version=before.version + 1,
        updated=at,
        answered=before.answered or _first_connected(before, views, at),
        ends_by=ends_by,
        deadline=domain.earliest_deadline(ends_by, views),
    )


def _first_connected(before: domain.PhoneCall, views: Views, at: datetime) -> datetime | None:
    on_call = {view.id for view in before.views if view.state in _ON_CALL}
    new = [
        view for view in views if view.state is domain.CONNECTED and view.side is not None and view.id not in on_call
    ]
    return at if new else None
