"""The rules across the views of one call: what an input to one party means for the others.

One rule: after each input and each fired deadline these functions are applied in the order of `RULES`, again and again
until none of them changes anything. Each returns the very views it was given if it has nothing to say.
"""

from collections.abc import Callable
from datetime import datetime
from operator import is_
from typing import NamedTuple, TypeAlias

from callstate.conditions import sides
from callstate.effects import Views, end, enter
from callstate.model import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    SUPERVISORS,
    Disposition,
    PhoneCall,
    PhoneCallView,
    earliest_deadline,
    evolve,
    is_extension,
    later,
)


class Step(NamedTuple):
    """One input or deadline, as the rules see it: when, which views lived before, how long a destination rings."""

    at: datetime
    lived: frozenset[str]
    wait: int


Rule: TypeAlias = Callable[[Views, Step], Views]


def _each(views: Views, change: Callable[[PhoneCallView], PhoneCallView]) -> Views:
    changed = tuple(map(change, views))
    return views if all(map(is_, changed, views)) else changed


def _sides_up(views: Views) -> set[int]:
    return {view.side for view in views if view.side is not None and view.up}


def first_answer_wins(views: Views, step: Step) -> Views:
    """Of the views of one side at most one gets the call: when one is up, the others that are not have lost."""
    up = _sides_up(views)

    def lose(view: PhoneCallView) -> PhoneCallView:
        lost = view.live and not view.up and view.side in up
        return end(view, step.at, Disposition.NO_ANSWER) if lost else view

    return _each(views, lose)


def source_first(views: Views, step: Step) -> Views:
    """Dial the destinations of a call that the service created once a source is up."""
    if 0 not in _sides_up(views):
        return views
    until = later(step.at, step.wait)

    def ring(view: PhoneCallView) -> PhoneCallView:
        if not view.waits:
            return view
        if is_extension(view.extension):
            return enter(view, RINGING, step.at, waits=False, listed=True, until=until)
        return evolve(view, waits=False, until=until)

    return _each(views, ring)


def barge_opens_a_side(views: Views, _step: Step) -> Views:
    """Who has barged in and answered is a party of its own, and needs nobody to have joined any more."""
    top = max((view.side for view in views if view.side is not None), default=-1)

    def join(view: PhoneCallView) -> PhoneCallView:
        nonlocal top
        if view.role is not BARGE or not view.up or view.side is not None:
            return view
        top += 1
        return evolve(view, side=top, target=None)

    return _each(views, join)


def two_sides_are_connected(views: Views, step: Step) -> Views:
    """Two sides up are on call; one alone is not, and holds nobody. A supervisor hears as soon as it answers."""
    up = _sides_up(views)

    def state(view: PhoneCallView) -> PhoneCallView:
        if view.role in SUPERVISORS:
            return enter(view, CONNECTED, step.at) if view.state is ANSWERED else view
        if len(up) > 1:
            return enter(view, CONNECTED, step.at) if view.state in (ANSWERED, PARKED) else view
        return enter(view, ANSWERED, step.at) if view.state in (CONNECTED, ON_HOLD) else view

    return _each(views, state)


def supervision_ends_with_its_target(views: Views, step: Step) -> Views:
    """Nobody supervises, or rings to join, a party that has left or is parked."""
    gone = {view.id for view in views if view.state in (ENDED, PARKED)}
    return _each(views, lambda view: end(view, step.at) if view.target in gone else view)


def a_call_needs_two_sides(views: Views, step: Step) -> Views:
    """When somebody left and fewer than two sides remain the call is over, and for the same reason for everybody."""
    left = [view for view in views if view.state is ENDED and view.id in step.lived]
    if not left or len(sides(views)) > 1:
        return views
    cause = next((view.disposition for view in left if view.disposition in _CONTAGIOUS), None)
    return _each(views, lambda view: end(view, step.at, cause if view.answered is None else None))


_CONTAGIOUS = (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED)

RULES: tuple[Rule, ...] = (
    first_answer_wins,
    source_first,
    barge_opens_a_side,
    two_sides_are_connected,
    supervision_ends_with_its_target,
    a_call_needs_two_sides,
)


def settle(before: PhoneCall, views: Views, at: datetime) -> PhoneCall:
    """Apply the rules to the views as an input left them, and return the call one version on."""
    lived = frozenset(view.id for view in before.views if view.live)
    step = Step(at=at, lived=lived, wait=before.wait_for_pickup)
    settled: Views | None = None
    while settled is not views:
        settled = views
        for rule in RULES:
            views = rule(views, step)
    ends_by = None if all(view.state is ENDED for view in views) else before.ends_by
    return evolve(
        before,
        views=views,
        version=before.version + 1,
        updated=at,
        answered=before.answered or _first_connected(before, views, at),
        ends_by=ends_by,
        deadline=earliest_deadline(ends_by, views),
    )


def _first_connected(before: PhoneCall, views: Views, at: datetime) -> datetime | None:
    on_call = {view.id for view in before.views if view.state in (CONNECTED, ON_HOLD)}
    new = [view for view in views if view.state is CONNECTED and view.side is not None and view.id not in on_call]
    return at if new else None
