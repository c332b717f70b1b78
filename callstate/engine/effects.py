"""What an input does to the views of a call, beyond the state that the table gives its subject.

One rule: an effect returns the views as they are right after the input, in the order of their ids; what follows for the
other views is left to the rules. Effects refuse nothing: every check has been made before.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.domain import (
    CONNECTED,
    ENDED,
    RING_BACKS,
    RINGING,
    TRYING,
    Answered,
    HungUp,
    copy_of,
    evolve,
    later,
    plain,
    view_id,
    whole,
)
from callstate.engine.guards import JOINING_ROLES, Joins, is_private, joined_leg
from callstate.engine.parties import parker_of
from callstate.engine.views import Views, replace_views

# One view -------------------------------------------------------------------------------------------------------------


def enter(view: domain.PhoneCallView, state: domain.ViewState, at: datetime) -> domain.PhoneCallView:
    """Move a view to another state; what belonged to the old one goes, the dates of the new one are set."""
    moved = copy_of(view)
    force_setattr(moved, "state", state)
    if view.on_hold is not None:
        force_setattr(moved, "on_hold", None)
    if view.parking is not None:
        # An outside party is listed only while it is parked, because then somebody must be able to name it.
        force_setattr(moved, "parking", None)
        force_setattr(moved, "listed", not view.outside)
    if (view.until is not None or view.waits) and state is not RINGING and state is not TRYING:
        force_setattr(moved, "until", None)
        force_setattr(moved, "waits", False)  # noqa: FBT003  # the value of the field
    if state is RINGING:
        force_setattr(moved, "ringing", at)
    elif view.answered is None and (state is CONNECTED or _shows_no_answer(view.state, state)):
        force_setattr(moved, "answered", at)
    return moved


def _shows_no_answer(left: domain.ViewState, entered: domain.ViewState) -> bool:
    """Tell whether the state that is left showed that a party was answered, and the one that is entered does not."""
    return left in _WAS_ANSWERED and entered not in _WAS_ANSWERED


_WAS_ANSWERED = domain.UP - {domain.ANSWERED}
"""States in which a party was answered, even if it has no date of it."""


# Bound once, as the states are.
_ANSWERED, _NO_ANSWER = domain.Disposition.ANSWERED, domain.Disposition.NO_ANSWER
_HUNG_UP = domain.EndReason.HUNG_UP
_INCOMING, _OUTGOING, _LOCAL = domain.Flow.INCOMING, domain.Flow.OUTGOING, domain.Flow.LOCAL


def end(
    view: domain.PhoneCallView,
    at: datetime,
    reason: domain.EndReason,
    disposition: domain.Disposition | None = None,
) -> domain.PhoneCallView:
    """End a view; one that was answered ends as ANSWERED, whatever `disposition` says. An ended one stays as it is."""
    if view.state is ENDED:
        return view
    left = enter(view, ENDED, at)
    if left.answered is not None:
        disposition = _ANSWERED
    elif disposition is None or disposition is _ANSWERED:
        disposition = _NO_ANSWER
    force_setattr(left, "disposition", disposition)
    force_setattr(left, "reason", reason)
    force_setattr(left, "ended", at)
    force_setattr(left, "recording", None)
    force_setattr(left, "target", None)
    return left


def leg(
    views: Views, number: str, at: datetime, other: domain.PhoneCallView, *, outside: bool = False
) -> domain.PhoneCallView:
    """Dial a new leg that connects a number to a party, with the id after the highest ever used.

    An extension rings, an outside number is tried.
    """
    dialled, number = copy_of(_OUTSIDE_LEG if outside else _LEG), plain(number)
    force_setattr(dialled, "id", view_id(int(views[-1].id) + 1))
    force_setattr(dialled, "extension", number)
    force_setattr(dialled, "source", (other.extension,) if other.extension else ())
    force_setattr(dialled, "destination", (number,))
    force_setattr(dialled, "flow", _OUTGOING if outside else _INCOMING if other.outside else _LOCAL)
    force_setattr(dialled, "ringing", None if outside else at)
    return dialled


_LEG = domain.PhoneCallView(id=domain.view_id(0), extension="000", state=domain.RINGING, side=0)
_OUTSIDE_LEG = domain.evolve(_LEG, state=domain.TRYING, listed=False, outside=True)
"""Views without anything, which are copied for each new leg."""


def placed(
    leg: domain.PhoneCallView, side: int | None, until: datetime | None, caller_id: str | None
) -> domain.PhoneCallView:
    """Put a new leg on a side, with its limit and what its phone shows, and return it."""
    force_setattr(leg, "side", side)
    force_setattr(leg, "until", until)
    force_setattr(leg, "caller_id", caller_id)
    return leg


# Signals --------------------------------------------------------------------------------------------------------------


def apply_report(
    call: domain.PhoneCall, signal: domain.Signal, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    """Move a view to the state that the network reports."""
    if isinstance(signal, HungUp):
        return _hung_up(view, at, signal.disposition)
    if type(signal) in VIEW_EFFECTS:
        return VIEW_EFFECTS[type(signal)](signal, view, to, at)
    reported = _reported(call, view, to, at)
    if view.answered is None and isinstance(signal, Answered):
        force_setattr(reported, "answered", at)
    return reported


def _hung_up(view: domain.PhoneCallView, at: datetime, disposition: domain.Disposition | None) -> domain.PhoneCallView:
    """End a view; the reason follows what was told, unless the party was answered."""
    left = end(view, at, _HUNG_UP, disposition)
    if left.disposition in REJECTIONS:
        force_setattr(left, "reason", domain.EndReason.REJECTED)
    elif disposition is left.disposition is _NO_ANSWER:
        force_setattr(left, "reason", domain.EndReason.NO_ANSWER)
    return left


REJECTIONS = (domain.Disposition.BUSY, domain.Disposition.FAILED, domain.Disposition.NOT_ALLOWED)
"""What the network reports for a phone that could not be reached."""


def _reported(
    call: domain.PhoneCall, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    """Move a view; a destination that waited no longer waits, and is listed if it is an extension.

    A phone that the service dials has its limit from the time at which it rings: an outside one takes its time to ring.
    """
    reported = enter(view, to, at)
    if view.waits:
        force_setattr(reported, "waits", False)  # noqa: FBT003  # the value of the field
        force_setattr(reported, "listed", not view.outside)
    if to is RINGING and (view.waits or (view.outside and view.until is not None)):
        force_setattr(reported, "until", later(at, call.wait_for_pickup))
    return reported


# Actions on one view --------------------------------------------------------------------------------------------------

# Any: each takes its own action.
ViewEffect: TypeAlias = Callable[[Any, domain.PhoneCallView, domain.ViewState, datetime], domain.PhoneCallView]
LegEffect: TypeAlias = Callable[[domain.PhoneCall, Any, domain.PhoneCallView, datetime], Views]


def _hold(
    _input: domain.OnHold | domain.Held, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    held = copy_of(view)
    force_setattr(held, "state", to)
    force_setattr(held, "on_hold", at)
    return held


def _off_hold(
    _input: domain.OffHold | domain.Resumed, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    resumed = copy_of(view)
    force_setattr(resumed, "state", to)
    force_setattr(resumed, "on_hold", None)
    if view.answered is None:
        force_setattr(resumed, "answered", at)
    return resumed


def _record(
    action: domain.StartRecording, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    return evolve(view, state=to, recording=evolve(_RECORDING, since=at, format=plain(action.format)))


_RECORDING = domain.Recording(since=datetime.max.replace(tzinfo=UTC))
"""A recording that is copied for each new one."""


def _stop_recording(
    _action: domain.StopRecording, view: domain.PhoneCallView, to: domain.ViewState, _at: datetime
) -> domain.PhoneCallView:
    return evolve(view, state=to, recording=None)


VIEW_EFFECTS: Mapping[type[domain.Action], ViewEffect] = {
    domain.OnHold: _hold,
    domain.OffHold: _off_hold,
    domain.Held: _hold,
    domain.Resumed: _off_hold,
    domain.StartRecording: _record,
    domain.StopRecording: _stop_recording,
}
"""Inputs that change one view, which is up and stays up: the rules have nothing to add to them."""


def _un_park(call: domain.PhoneCall, action: domain.UnPark, parked: domain.PhoneCallView, at: datetime) -> Views:
    lot = parked.parking
    assert lot is not None  # the table lets only a parked party be retrieved
    new = leg(call.views, action.send_call_to, at, parked)
    return (*call.views, _rung(action, new, at, lot.side, parker_of(call.views, parked)))


def _pick_up(call: domain.PhoneCall, action: domain.PickUp, rings: domain.PhoneCallView, at: datetime) -> Views:
    new = leg(call.views, action.send_call_to, at, rings)
    force_setattr(new, "source", rings.source)
    force_setattr(new, "destination", rings.destination)
    force_setattr(new, "flow", rings.flow)
    return (*call.views, _rung(action, new, at, rings.side, rings))


def _join(call: domain.PhoneCall, action: Joins, target: domain.PhoneCallView, at: datetime) -> Views:
    """Ring a phone to join a party; one that has joined it already takes the new role without ringing."""
    role, private = JOINING_ROLES[type(action)], is_private(action)
    joined = joined_leg(call, action, target)
    if joined is not None:
        return replace_views(call.views, evolve(joined, role=role, private=private))
    new = leg(call.views, action.send_call_to, at, target)
    force_setattr(new, "role", role)
    force_setattr(new, "target", target.id)
    force_setattr(new, "private", private)
    return (*call.views, _rung(action, new, at, None, None))


def _rung(
    action: domain.UnPark | domain.PickUp | Joins,
    new: domain.PhoneCallView,
    at: datetime,
    side: int | None,
    replaced: domain.PhoneCallView | None,
) -> domain.PhoneCallView:
    """Let a phone ring as the action says; without a caller id it shows that of the view that it replaces."""
    wait, caller_id = whole(action.wait_for_pickup), action.caller_id
    assert wait is not None  # checked: it is a number
    if caller_id is None and replaced is not None:
        caller_id = replaced.caller_id
    return placed(new, side, later(at, wait), None if caller_id is None else plain(caller_id))


LEG_EFFECTS: Mapping[type[domain.Action], LegEffect] = {
    domain.UnPark: _un_park,
    domain.PickUp: _pick_up,
    domain.BargeIn: _join,
    domain.Whisper: _join,
    domain.Monitor: _join,
}
"""Actions that ring a phone, and leave all other views as they are."""


# Time in the parking lot ----------------------------------------------------------------------------------------------


def ring_back(call: domain.PhoneCall, parked: domain.PhoneCallView, at: datetime) -> Views:
    """Ring the parker when the time of a party in the parking lot is up; that time starts again.

    If a phone rings there already, the time starts again and nothing is counted.
    """
    lot = parked.parking
    assert lot is not None and lot.seconds is not None  # only a party that is parked for a time has a deadline
    rings_already = any(view.side == lot.side and view.state is RINGING for view in call.views)
    count = lot.ring_backs + (not rings_already)
    until = later(at, lot.seconds) if count < RING_BACKS else None
    views = replace_views(call.views, evolve(parked, parking=evolve(lot, ring_backs=count, until=until)))
    if rings_already:
        return views
    replaced = parker_of(call.views, parked)
    caller_id = None if replaced is None else replaced.caller_id
    until = later(at, call.wait_for_pickup)
    return (*views, placed(leg(views, lot.by, at, parked), lot.side, until, caller_id))
