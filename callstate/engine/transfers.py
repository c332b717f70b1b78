"""Park, Transfer and TransferToVoicemail, which part two parties: who is who, what is refused, and what it does.

One rule: who of the two leaves the other cannot be told from one view, so each question takes the call as it is. What
follows for the other views of the call is left to the rules.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from callstate import domain
from callstate.engine.effects import Views, end, enter, far_end, leg, swap
from callstate.engine.guards import left_views_of, live_view_of, must_be_new, sides


class Pair(NamedTuple):
    """Whom an action is about: the party that the table's row moves, and the one that leaves it, if any.

    `told` is false if the request names parties that the call does not have; then the pair is the call's two parties.
    """

    subject: domain.PhoneCallView
    other: domain.PhoneCallView | None = None
    told: bool = True


def main_of(views: Sequence[domain.PhoneCallView]) -> domain.PhoneCallView | None:
    """Return the party among the live views of one side: the one that is up, else the first that may still answer."""
    for view in views:
        if view.state in domain.UP:
            return view
    return views[0] if views else None


def facing(call: domain.PhoneCall, view: domain.PhoneCallView) -> list[domain.PhoneCallView]:
    """Return the live views that stand on other sides."""
    side = view.side
    return [leg for leg in call.views if leg.side != side and leg.state is not domain.ENDED and leg.side is not None]


def opposite(call: domain.PhoneCall, view: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the party on the other side of a call that has just two; none while the lot is the other side."""
    return main_of(facing(call, view)) if len(sides(call.views) - {view.side}) == 1 else None


def parker_left(call: domain.PhoneCall, parked: domain.PhoneCallView) -> bool:
    """Tell whether a view is parked, and its parker is known as somebody who left."""
    lot = parked.parking
    return lot is not None and any(_parked(view, lot) for view in call.views)


def _parked(view: domain.PhoneCallView, lot: domain.Parking) -> bool:
    return view.state is domain.ENDED and view.side == lot.side and view.extension == lot.by


def parked_already(
    call: domain.PhoneCall, action: domain.Park, view: domain.PhoneCallView
) -> domain.PhoneCallView | None:
    """Return the parked party if the party of the view, or else the asker, is who parked it and has left."""
    for parked in call.views:
        lot = parked.parking
        if lot is not None and (_parked(view, lot) or (action.extension == lot.by and parker_left(call, parked))):
            return parked
    return None


def _park_pair(call: domain.PhoneCall, action: domain.Park, view: domain.PhoneCallView) -> Pair:
    if view.state is domain.UNKNOWN:
        return Pair(view)  # and there nothing can be said to hold already
    already = view if view.state is domain.PARKED else parked_already(call, action, view)
    if already is not None:
        return Pair(already)
    other = opposite(call, view)
    if other is None:
        return Pair(view)
    waits, parks = (other, view) if view.extension == action.extension else (view, other)
    # Nobody outside of the system parks: who has no extension cannot be rung back.
    return Pair(waits, parks) if domain.is_extension(parks.extension) else Pair(parks, waits)


def transfer_pair(
    call: domain.PhoneCall, action: domain.Transfer | domain.TransferToVoicemail, view: domain.PhoneCallView | None
) -> Pair | None:
    """Tell whom a transfer is about; `None` if it names parties that the call does not have."""
    if action.transfer_from_number is not None:
        return _pair_by_leaver(call, action, action.transfer_from_number)
    if action.transfer_number is not None:
        sent = _party(call, action.transfer_number)
        return None if sent is None else Pair(sent, opposite(call, sent))
    if view is not None:
        return Pair(view, opposite(call, view))
    return _pair_by_leaver(call, action, action.extension)


def _pair_by_leaver(
    call: domain.PhoneCall, action: domain.Transfer | domain.TransferToVoicemail, number: str
) -> Pair | None:
    leaver = _party(call, number) or former_party(call, number)
    if leaver is None:
        return None
    if leaver.live and leaver.side is None:
        return Pair(leaver)  # it rings to barge in: it is a party, yet has nobody to leave
    sent = opposite(call, leaver) if action.transfer_number is None else _party(call, action.transfer_number)
    if sent is None or sent.side == leaver.side:
        return None
    # Who has left can repeat what it did, and do nothing else.
    return Pair(sent, leaver) if leaver.live or is_sent(call, action, sent) else None


def _party(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    view = live_view_of(call, number)
    return None if view is None or view.role in domain.SUPERVISORS else view


def former_party(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Find a transferor who has left, known by the side that he had, so that a retry finds what it did."""
    return next((view for view in left_views_of(call, number) if view.side is not None), None)


def _two_parties(call: domain.PhoneCall) -> Pair:
    """Return a party of each side, or of the one that has any while the other is the lot."""
    live = [view for view in call.views if view.live]
    found = [main_of([view for view in live if view.side == side]) for side in sorted(sides(call.views))]
    parties = [view for view in found if view is not None]
    return Pair(parties[0], parties[-1], told=False)


def pair_for(
    call: domain.PhoneCall,
    action: domain.Park | domain.Transfer | domain.TransferToVoicemail,
    view: domain.PhoneCallView | None,
) -> Pair:
    """Tell whom an action is about, in a call of two sides."""
    if not isinstance(action, domain.Park):
        return transfer_pair(call, action, view) or _two_parties(call)
    assert view is not None  # checked: Park names a view
    return _park_pair(call, action, view)


def is_sent(
    call: domain.PhoneCall, action: domain.Transfer | domain.TransferToVoicemail, view: domain.PhoneCallView
) -> bool:
    """Tell whether the only party facing the view is already the phone, or the mailbox, that it is to be sent to."""
    others = facing(call, view)
    if len(others) != 1 or others[0].extension != action.send_call_to:
        return False
    return (others[0].role is domain.VOICEMAIL) is isinstance(action, domain.TransferToVoicemail)


def named_party(
    call: domain.PhoneCall, action: domain.Transfer | domain.TransferToVoicemail
) -> domain.PhoneCallView | None:
    """Return the party that a request names first by its number, or else the asker: whom it is about without a view."""
    numbers = (action.transfer_from_number, action.transfer_number, action.extension)
    views = (live_view_of(call, number) for number in numbers if number is not None)
    return next((view for view in views if view is not None), None)


# What stands against it -----------------------------------------------------------------------------------------------

Guard: TypeAlias = Callable[[domain.PhoneCall, Any, Pair], domain.Violation | None]  # Any: each takes its own action


def _parties_are_told(
    call: domain.PhoneCall, action: domain.Transfer | domain.TransferToVoicemail, pair: Pair
) -> domain.Violation | None:
    if pair.told:
        return None
    leaver = action.transfer_from_number
    by_sent = action.transfer_number is not None and (leaver is None or _party(call, leaver) is not None)
    field = "transfer_number" if by_sent else "transfer_from_number"
    needed = "to know the transferor and the transferred, a party of each side"
    return domain.Violation(domain.ErrorCode.TRANSFER_NUMBER_INVALID, needed, field)


def _transfer_violation(call: domain.PhoneCall, action: domain.Transfer, pair: Pair) -> domain.Violation | None:
    violation = must_be_new(call, action, pair.subject) or _parties_are_told(call, action, pair)
    if violation is None and not call.allow_public_transfer and not domain.is_extension(action.send_call_to):
        needed = "sendCallTo to be an extension, for this call may not be transferred to the public"
        return domain.Violation(domain.ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED, needed, "send_call_to")
    return violation


def _park_violation(_call: domain.PhoneCall, action: domain.Park, pair: Pair) -> domain.Violation | None:
    if pair.other is not None and not domain.is_extension(pair.other.extension):
        return domain.Violation(
            domain.ErrorCode.WRONG_STATE, "a party of this system, who parks", check=domain.Check.STATE
        )
    return (
        None
        if action.position is not None
        else domain.Violation(domain.ErrorCode.PARKING_FULL, "a free position in the lot")
    )


GUARDS: Mapping[type[domain.Action], Guard] = {
    domain.Park: _park_violation,
    domain.Transfer: _transfer_violation,
    domain.TransferToVoicemail: _parties_are_told,
}
"""What stands against parting the two, although their states would let it through."""


# What it does -------------------------------------------------------------------------------------------------------

Part: TypeAlias = Callable[
    [domain.PhoneCall, Any, Pair, domain.ViewState, datetime], Views
]  # Any: each takes its own action


def _park(call: domain.PhoneCall, action: domain.Park, pair: Pair, to: domain.ViewState, at: datetime) -> Views:
    parker, seconds = pair.other, domain.whole(action.max_in_parking)
    assert parker is not None and parker.side is not None  # checked: there are two parties, each on a side
    assert action.position is not None and seconds is not None  # checked: there is room, and a limit
    until = domain.later(at, seconds)
    lot = domain.Parking(
        since=at, position=action.position, by=parker.extension, side=parker.side, seconds=seconds, until=until
    )
    waiting = enter(pair.subject, to, at, parking=lot, listed=True)
    return swap(call.views, waiting, end(parker, at, domain.Disposition.ANSWERED))


def _transfer(call: domain.PhoneCall, action: domain.Transfer, pair: Pair, to: domain.ViewState, at: datetime) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    return (*views, leg(views, action.send_call_to, at, side=side, **far_end(action.send_call_to, pair.subject)))


def _to_voicemail(
    call: domain.PhoneCall, action: domain.TransferToVoicemail, pair: Pair, to: domain.ViewState, at: datetime
) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    new = leg(
        views, action.send_call_to, at, role=domain.VOICEMAIL, side=side, **far_end(action.send_call_to, pair.subject)
    )
    return (*views, domain.evolve(new, state=domain.CONNECTED, ringing=None, until=None, answered=at))


def _without_transferor(
    call: domain.PhoneCall, pair: Pair, to: domain.ViewState, at: datetime
) -> tuple[Views, int | None]:
    leaver = pair.other
    assert leaver is not None  # checked: there are two parties
    # Who is read as on call may have no date of answer; by now it has answered.
    moved = enter(pair.subject, to, at, answered=pair.subject.answered or at)
    return swap(call.views, moved, end(leaver, at, domain.Disposition.ANSWERED)), leaver.side


PARTING_EFFECTS: Mapping[type[domain.Action], Part] = {
    domain.Park: _park,
    domain.Transfer: _transfer,
    domain.TransferToVoicemail: _to_voicemail,
}
