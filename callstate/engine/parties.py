"""The parties of a call: who stands on which side, who faces whom, who has left.

One rule: each function answers one question about a call as it is; nothing here looks at an action or changes a call.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from callstate import domain
from callstate.domain import ENDED, RINGING, SUPERVISORS, UP, VIEW_ID, VOICEMAIL, WITHHELD


def sides(views: Iterable[domain.PhoneCallView]) -> set[int]:
    """Return the sides that have a live view; while a party is parked, the parking lot counts as the other side."""
    found: set[int] = set()
    for view in views:
        if view.side is not None and view.state is not ENDED:
            found.add(view.side)
        if view.parking is not None:
            found.add(view.parking.side)
    return found


def next_side(views: Iterable[domain.PhoneCallView]) -> int:
    """Return the side after the highest one that was ever used in the call."""
    highest = -1
    for view in views:
        if view.side is not None and view.side > highest:
            highest = view.side
        if view.parking is not None and view.parking.side > highest:
            highest = view.parking.side
    return highest + 1


def facing(call: domain.PhoneCall, view: domain.PhoneCallView) -> list[domain.PhoneCallView]:
    """Return the live views that stand on other sides."""
    side = view.side
    return [leg for leg in call.views if leg.side != side and leg.state is not ENDED and leg.side is not None]


def main_of(views: Sequence[domain.PhoneCallView]) -> domain.PhoneCallView | None:
    """Return the party among the live views of one side: the one that is up, else the first that rings, else any."""
    for view in views:
        if view.state in UP:
            return view
    for view in views:
        if view.state is RINGING:
            return view
    return views[0] if views else None


def opposite(call: domain.PhoneCall, view: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the party on the other side of a call that has just two; none while the parking lot is the other side."""
    return other_side(call, view)[1]


def other_side(call: domain.PhoneCall, view: domain.PhoneCallView) -> tuple[int | None, domain.PhoneCallView | None]:
    """Return the other side of a call that has just two, and the party that stands for it.

    In one pass, because every refusal asks it; `sides`, `facing` and `main_of` say what is meant.
    """
    here, there, main, rank = view.side, None, None, -1
    for leg in call.views:
        if leg.state is ENDED:
            continue
        if leg.parking is not None and leg.parking.side != here:
            if there is not None and leg.parking.side != there:
                return None, None
            there = leg.parking.side
        if leg.side is not None and leg.side != here:
            if there is not None and leg.side != there:
                return None, None
            there = leg.side
            if _RANKS[leg.state] > rank:
                main, rank = leg, _RANKS[leg.state]
    return there, main


_RANKS: Mapping[domain.ViewState, int] = {state: 2 * (state in UP) + (state is RINGING) for state in domain.ViewState}
"""Who stands for a side: one that is up, else one that rings; of several the first."""


def someone_is_up(call: domain.PhoneCall, side: int | None) -> bool:
    """Tell whether a party of a side has answered and not left."""
    for view in call.views:  # noqa: SIM110  # any() with a generator takes three times as long
        if view.side == side and view.state in UP:
            return True
    return False


# By number ------------------------------------------------------------------------------------------------------------


def live_view_of(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Return the live view of a number; of several the first that is not a mailbox. A withheld number names nobody."""
    return _of_number(call.views, number)


def party_of(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Return the live view of a number that is that of a party and not of a supervisor."""
    return _of_number([view for view in call.views if view.role not in SUPERVISORS], number)


def _of_number(views: Iterable[domain.PhoneCallView], number: str) -> domain.PhoneCallView | None:
    mailbox = None
    for view in views:
        if view.extension == number != WITHHELD and view.state is not ENDED:
            if view.role is not VOICEMAIL:
                return view
            mailbox = mailbox or view
    return mailbox


def left_views_of(call: domain.PhoneCall, number: str | None) -> Iterator[domain.PhoneCallView]:
    """Yield the views of a number that have left, the newest first. A withheld number names nobody."""
    return (view for view in reversed(call.views) if view.state is ENDED and view.extension == number != WITHHELD)


def left_by(call: domain.PhoneCall, number: str | None) -> domain.PhoneCallView | None:
    """Return the newest view of a number that has left."""
    return next(left_views_of(call, number), None)


# Those who have left --------------------------------------------------------------------------------------------------


def is_forgotten(call: domain.PhoneCall, view_id: str) -> bool:
    """Tell whether an id that the call does not have is that of a view that it does not carry any more."""
    if not call.forgotten or VIEW_ID.fullmatch(view_id) is None:
        return False
    return int(view_id) < int(call.views[-1].id)


def is_parker(view: domain.PhoneCallView, lot: domain.Parking) -> bool:
    """Tell whether a view that has left is that of the party that parked another."""
    return view.state is ENDED and view.side == lot.side and view.extension == lot.by


def parker_of(views: Sequence[domain.PhoneCallView], parked: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the newest view of the party that parked this one and has left."""
    lot = parked.parking
    return None if lot is None else next((view for view in reversed(views) if is_parker(view, lot)), None)


def parker_left(call: domain.PhoneCall, parked: domain.PhoneCallView) -> bool:
    """Tell whether a view is parked, and its parker is known as somebody who left."""
    return parker_of(call.views, parked) is not None


def parked_by(call: domain.PhoneCall, view: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the parked party that the party of this view, which has left, has parked."""
    for parked in call.views:
        if parked.parking is not None and is_parker(view, parked.parking):
            return parked
    return None


def was_parked(call: domain.PhoneCall, view: domain.PhoneCallView) -> bool:
    """Tell whether a party was parked in this call before, by one that has left."""
    return any(_was_parked_by(call, view, parker) for parker in call.views)


def retrieved_from(call: domain.PhoneCall, parker: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the party that one who has left had parked, and that has been retrieved since."""
    return next((view for view in call.views if _was_parked_by(call, view, parker)), None)


def _was_parked_by(call: domain.PhoneCall, view: domain.PhoneCallView, parker: domain.PhoneCallView) -> bool:
    """Tell whether a party that is up was parked by one that has left: it had answered by then.

    One that was read as connected may have no date of that; it never rang here, and came in nobody's place.
    """
    if parker.reason is not _PARKED or parker.ended is None or view.side in (None, parker.side):
        return False
    if not view.up or (view.answered is not None and view.answered <= parker.ended):
        return view.up
    return view.ringing is None and all(left.successor != view.id for left in call.views)


_PARKED = domain.EndReason.PARKED  # bound once, as the states are


def former_transferor(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Return the view of a transferor who has left, while the leg that came in its place still lives."""
    for view in reversed(call.views):
        if view.successor is not None and view.extension == number != WITHHELD and successor_of(call, view) is not None:
            return view
    return None


def successor_of(call: domain.PhoneCall, view: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the live leg that came in the place of a transferor."""
    leg = None if view.successor is None else call.view(view.successor)
    return leg if leg is not None and leg.live else None
