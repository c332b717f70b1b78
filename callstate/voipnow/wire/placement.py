"""Who stands where in a call of which a listing shows only some parties, and of those neither side nor role.

One rule: what is listed stays as it is listed; only the side and the role of a view are worked out, and a party that is
not listed at all is added. If the engine has made the call and the listing shows which party is which, everybody is
up where two ends talk, and nobody rings where somebody is up. Each function looks at every view a fixed number of
times. This module knows nothing of JSON.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TypeAlias

from msgspec.structs import replace

from callstate import domain
from callstate.engine import ON_CALL, sides
from callstate.voipnow.wire.parties import NOBODY_KNOWN, ByNumber, Party, numbers, parties

NOBODY_LISTED = tuple(
    domain.PhoneCallView(
        id=domain.view_id(side), extension=domain.WITHHELD, state=domain.UNKNOWN, side=side, listed=False, outside=True
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

LAST_ID = 999_999_999
"""The highest number that the id of a view can have."""

_ORDER = tuple(domain.ViewState)
_ENDS = (0, 1)

Views: TypeAlias = Sequence[domain.PhoneCallView]


def stand(listed: Views, numbering: domain.Numbering) -> tuple[domain.PhoneCallView, ...]:
    """Put listed views, each on side 0 or 1 by its own source, where they must stand, and add who is not listed."""
    if not listed:
        return NOBODY_LISTED
    placed = _where_waited_for(list(_on_free_sides(_listening(listed), numbering)))
    return tuple(sorted(_joining([*placed, *_far_parties(placed, numbering)]), key=_number))


# Those that are listed ------------------------------------------------------------------------------------------------


def _listening(listed: Views) -> Views:
    """Make a connected party a supervisor if the other party is not connected and is none of its ends."""
    waiting = ByNumber((view.extension, view) for view in listed if view.state is domain.ANSWERED)
    ends: dict[str, ByNumber[str]] = {}
    return [_listener(view, waiting, ends) if view.state is domain.CONNECTED else view for view in listed]


def _listener(
    leg: domain.PhoneCallView, waiting: ByNumber[domain.PhoneCallView], ends: dict[str, ByNumber[str]]
) -> domain.PhoneCallView:
    """Let one view listen; `ends` keeps the numbers of each waiting view that was looked at, to read them once."""
    for number in leg.source:
        view = waiting.find(number)
        if view is None:
            continue
        if view.id not in ends:
            ends[view.id] = numbers((*view.source, *view.destination))
        if ends[view.id].find(leg.extension) is None:
            return replace(leg, role=domain.MONITOR, side=None, target=view.id)
    return leg


def _on_free_sides(listed: Views, numbering: domain.Numbering) -> Iterator[domain.PhoneCallView]:
    """Give a side of its own to each further party that is up where another one is up already.

    That is the other end, if the party there has left, or else a new side. A parked party never takes the other end:
    there the lot is.
    """
    taken: set[int] = set()
    left = [side for side in _ENDS if side not in sides(listed) and _has_left(listed, side, numbering)]
    new = len(_ENDS)
    for view in listed:
        side = view.side
        if side is None or not view.up:
            yield view
            continue
        if side in taken and left and view.parking is None:
            side = left.pop()
        elif side in taken:
            side, new = new, new + 1
        taken.add(side)
        yield view if side == view.side else replace(view, side=side)


def _has_left(listed: Views, side: int, numbering: domain.Numbering) -> bool:
    """Tell whether the party of an end has left: an extension that is there would be listed."""
    outside = (party.outside for view in listed for party in parties(view, side, numbering))
    return next(outside, True) is False and not any(outside)


def _where_waited_for(views: Views) -> Views:
    """Let what rings beside a party that waits stand where that one waits for it: its own side has an answer already.

    A parked party waits for the phone that rings, and so does one that is up while the other end is not.
    """
    up = [view for view in views if view.up and view.side is not None]
    ends = {view.side: view.parking.side for view in up if view.parking is not None}
    if len(up) == 1 and up[0].state is domain.ANSWERED:
        ends[up[0].side] = 0 if up[0].side else 1
    return [view if view.up else replace(view, side=ends.get(view.side, view.side)) for view in views]


def _joining(views: Views) -> Views:
    """Let what rings where somebody is up join that party, or the one that it shows as its source."""
    up = [view for view in views if view.up and view.side is not None]
    there, known = {view.side: view for view in up}, ByNumber((view.extension, view) for view in up)
    return [view if view.up or view.side not in there else _joined(view, there[view.side], known) for view in views]


def _joined(
    leg: domain.PhoneCallView, there: domain.PhoneCallView, known: ByNumber[domain.PhoneCallView]
) -> domain.PhoneCallView:
    target = next((view for view in map(known.find, leg.source) if view is not None), there)
    return replace(leg, role=domain.BARGE, side=None, target=target.id)


# Those that are not ---------------------------------------------------------------------------------------------------


def _far_parties(listed: Views, numbering: domain.Numbering) -> Iterator[domain.PhoneCallView]:
    """Add the party that must be at an end where nobody is, or nobody has answered, if the other end is connected."""
    there, up = sides(listed), {view.side for view in listed if view.up and view.side is not None}
    known = numbers(view.extension for view in listed)
    for side in _ENDS:
        if side not in there:
            shown = (party for view in listed for party in parties(view, side, numbering))
            yield _far_party(listed, side, next(shown, NOBODY_KNOWN), known)
        elif up == {1 - side}:
            near = (view for view in listed if view.state in ON_CALL)
            shown = (party for view in near for party in parties(view, side, numbering))
            unlisted = next((party for party in shown if known.find(party.number) is None), None)
            if unlisted is not None:
                yield _far_party(listed, side, unlisted, known)


def _far_party(listed: Views, side: int, party: Party, known: ByNumber[str]) -> domain.PhoneCallView:
    """Make the view of a party that is not listed, by the listed party that has come furthest."""
    near = max((view for view in listed if view.side is not None), key=lambda view: _ORDER.index(view.state))
    waits = near.state is domain.RINGING and side == 1  # the service rings its source first
    state = domain.TRYING if waits else FACING[near.state]
    return domain.PhoneCallView(
        id=_next_id(listed),
        extension=party.number,
        state=state,
        side=side,
        listed=False,
        outside=party.outside and known.find(party.number) is None,
        source=near.source,
        destination=near.destination,
        answered=near.answered if state is domain.CONNECTED else None,
        waits=waits,
    )


def _next_id(listed: Views) -> str:
    """Return the id after the highest; where that is the last one there can be, the first that is free."""
    following = _number(listed[-1]) + 1
    if following <= LAST_ID:
        return domain.view_id(following)
    taken = set(map(_number, listed))
    return domain.view_id(next(number for number in count() if number not in taken))


def _number(view: domain.PhoneCallView) -> int:
    return int(view.id)
