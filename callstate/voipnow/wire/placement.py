"""Who stands where in a call of which a listing shows only some parties, and of those neither side nor role.

One rule: what is listed stays as it is listed; only the side and the role of a view are worked out, and who is not
listed at all is added. In a call that the engine has made, and whose parties the listing tells apart, everybody is up
where two ends talk, and nobody rings where somebody is up. This module knows nothing of JSON.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec.structs import replace

from callstate import domain
from callstate.engine import ON_CALL, sides

NOBODY_LISTED = tuple(
    domain.PhoneCallView(
        id=domain.view_id(side), extension=domain.WITHHELD, state=domain.UNKNOWN, side=side, listed=False
    )
    for side in (0, 1)
)
"""The parties of a listing without views: two from outside, of whom nothing is known. A call that is over is none."""

FACING: Mapping[domain.ViewState, domain.ViewState] = {
    domain.UNKNOWN: domain.UNKNOWN,
    domain.OFF_HOOK: domain.TRYING,
    domain.TRYING: domain.TRYING,
    domain.RINGING: domain.ANSWERED,
    domain.ANSWERED: domain.RINGING,
    domain.CONNECTED: domain.CONNECTED,
    domain.ON_HOLD: domain.CONNECTED,
}
"""Where the far party stands, by the state of the one that is listed. Facing a parked one there is nobody."""

_ORDER = tuple(domain.ViewState)

Views: TypeAlias = Sequence[domain.PhoneCallView]


def stand(listed: Views) -> tuple[domain.PhoneCallView, ...]:
    """Put listed views, each on side 0 or 1 by its own source, where they must stand, and add who is not listed."""
    if not listed:
        return NOBODY_LISTED
    placed = _where_waited_for(list(_on_free_sides(_listening(listed))))
    return tuple(_joining([*placed, *_far_parties(placed)]))


def numbers(texts: Iterable[str]) -> Iterator[str]:
    """Leave out what is shown in the place of a number, such as `anonymous`."""
    return (text for text in texts if domain.NUMBER.fullmatch(text))


def _shown(views: Views, side: int) -> Iterator[str]:
    """Give the numbers that views show as those of an end."""
    return numbers(number for view in views for number in (view.destination if side else view.source))


# Those that are listed ------------------------------------------------------------------------------------------------


def _listening(listed: Views) -> Views:
    """Let who is on call with a party that is not, and is none of its ends, listen to it: only supervisors do so."""
    waiting = [view for view in listed if view.state is domain.ANSWERED]
    return [_listener(view, waiting) if view.state is domain.CONNECTED else view for view in listed]


def _listener(leg: domain.PhoneCallView, waiting: Views) -> domain.PhoneCallView:
    for view in waiting:
        if view.extension in leg.source and leg.extension not in (*view.source, *view.destination):
            return replace(leg, role=domain.MONITOR, side=None, target=view.id)
    return leg


def _on_free_sides(listed: Views) -> Iterator[domain.PhoneCallView]:
    """Give a side of its own to each further party that is up where another one is up already."""
    taken: set[int] = set()
    for view in listed:
        side = view.side
        if side is not None and view.up:
            side = side if side not in taken else _free_side(listed, side, taken)
            taken.add(side)
        yield replace(view, side=side)


def _free_side(listed: Views, side: int, taken: set[int]) -> int:
    """Find the next free side: the other end, if whoever was there has left; else it would be listed."""
    other = 0 if side else 1
    shown = list(_shown(listed, other))
    has_left = bool(shown) and all(map(domain.is_extension, shown)) and other not in taken | sides(listed)
    return other if has_left else len(taken | {0, 1})


def _where_waited_for(views: Views) -> Views:
    """Let what rings beside a party that waits stand where that one waits for it: its own side has an answer already.

    A parked party waits for whoever rings, and so does one that is up while the other end is not.
    """
    up = [view for view in views if view.up and view.side is not None]
    ends = {view.side: view.parking.side for view in up if view.parking is not None}
    if len(up) == 1 and up[0].state is domain.ANSWERED:
        ends[up[0].side] = 0 if up[0].side else 1
    return [view if view.up else replace(view, side=ends.get(view.side, view.side)) for view in views]


def _joining(views: Views) -> Views:
    """Let what rings where somebody is up join that party, or the one that it shows as its source."""
    up = {view.side: view for view in views if view.up}
    return [view if view.up or view.side not in up else _joined(view, up) for view in views]


def _joined(leg: domain.PhoneCallView, up: Mapping[int | None, domain.PhoneCallView]) -> domain.PhoneCallView:
    target = next((view for view in up.values() if view.extension in leg.source), up[leg.side])
    return replace(leg, role=domain.BARGE, side=None, target=target.id)


# Those that are not ---------------------------------------------------------------------------------------------------


def _far_parties(listed: Views) -> Iterator[domain.PhoneCallView]:
    """Add who must be at an end: where nobody is, or nobody has answered though the other end is on call."""
    there = sides(listed)
    for side in (0, 1):
        if side not in there:
            yield _far_party(listed, side, next(_shown(listed, side), domain.WITHHELD))
        elif _sides_up(listed) == {1 - side}:
            known = {view.extension for view in listed}
            near = [view for view in listed if view.state in ON_CALL]
            unlisted = (number for number in _shown(near, side) if number not in known)
            yield from (_far_party(listed, side, number) for number in islice(unlisted, 1))


def _sides_up(views: Views) -> set[int]:
    return {view.side for view in views if view.up and view.side is not None}


def _far_party(listed: Views, side: int, number: str) -> domain.PhoneCallView:
    """Make the view of a party that is not listed, by the listed party that has come furthest."""
    near = max((view for view in listed if view.side is not None), key=lambda view: _ORDER.index(view.state))
    waits = near.state is domain.RINGING and side == 1  # the service rings its source first
    state = domain.TRYING if waits else FACING[near.state]
    return domain.PhoneCallView(
        id=domain.view_id(int(listed[-1].id) + 1),
        extension=number,
        state=state,
        side=side,
        listed=False,
        source=near.source,
        destination=near.destination,
        answered=near.answered if state is domain.CONNECTED else None,
        waits=waits,
    )
