"""What an input does to the views of a call, beyond the state that the table gives its subject.

One rule: an effect returns the call's views as they are right after the input, in the order of their ids; what follows
for the other views is left to the rules. Effects refuse nothing: every check has been made before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.engine.guards import JOINING_ROLES

Views: TypeAlias = tuple[domain.PhoneCallView, ...]

_ON_CALL_OR_PARKED = domain.UP - {domain.ANSWERED}


def enter(
    view: domain.PhoneCallView, state: domain.ViewState, at: datetime, **facets: Any
) -> domain.PhoneCallView:  # Any: any field
    """Move a view to another state; what belonged to the old one goes, the dates of the new one are set."""
    moved = domain.copy_of(view)
    force_setattr(moved, "state", state)
    if view.on_hold is not None:
        force_setattr(moved, "on_hold", None)
    if view.parking is not None:
        # An outside party is listed only while it waits in the lot, where somebody must be able to name it.
        force_setattr(moved, "parking", None)
        force_setattr(moved, "listed", domain.is_extension(view.extension))
    if (view.until is not None or view.waits) and state is not domain.RINGING and state is not domain.TRYING:
        force_setattr(moved, "until", None)
        force_setattr(moved, "waits", False)  # noqa: FBT003  # the value of the field
    if state is domain.RINGING:
        force_setattr(moved, "ringing", at)
    elif state is domain.CONNECTED and view.answered is None:
        force_setattr(moved, "answered", at)
    for name, facet in facets.items():
        force_setattr(moved, name, facet)
    return moved


def was_answered(view: domain.PhoneCallView) -> bool:
    """Tell whether a party was ever answered; one that is read as on call was, even if no date says so."""
    return view.answered is not None or view.state in _ON_CALL_OR_PARKED


def end(
    view: domain.PhoneCallView, at: datetime, disposition: domain.Disposition | None = None
) -> domain.PhoneCallView:
    """End a view: `disposition`, or else whether it was ever answered; one that has ended already stays as it is."""
    if view.state is domain.ENDED:
        return view
    if disposition is None:
        disposition = domain.Disposition.ANSWERED if was_answered(view) else domain.Disposition.NO_ANSWER
    return enter(view, domain.ENDED, at, ended=at, disposition=disposition, recording=None, target=None)


def swap(views: Views, *changed: domain.PhoneCallView) -> Views:
    """Put changed views in the place of those with the same ids; without any, these are the very same views."""
    if not changed:
        return views
    by_id = {view.id: view for view in changed}
    return tuple([by_id.get(view.id, view) for view in views])


def put(views: Views, place: int, view: domain.PhoneCallView) -> Views:
    """Put one view in the place of another."""
    changed = [*views]
    changed[place] = view
    return tuple(changed)


def leg(
    views: Views, number: str, at: datetime, *, wait: int = domain.DEFAULT_WAIT, **fields: Any
) -> domain.PhoneCallView:
    """Dial a new leg, with the id after the highest ever used: a phone of this system rings, an outside one is tried.

    Any: `fields` are those of a view.
    """
    ours = domain.is_extension(number)
    return domain.evolve(
        _LEG,
        id=domain.view_id(int(views[-1].id) + 1),
        extension=number,
        state=domain.RINGING if ours else domain.TRYING,
        ringing=at if ours else None,
        listed=ours,
        until=domain.later(at, wait),
        **fields,
    )


_LEG = domain.PhoneCallView(id=domain.view_id(0), extension="000", state=domain.TRYING, side=0)
"""Any view that has nothing, of which a leg is a copy with what it has."""


def far_end(number: str, other: domain.PhoneCallView) -> dict[str, Any]:  # Any: fields of a view
    """Return source, destination and flow of a leg that is dialled to bring a number together with a party."""
    source = (other.extension,) if other.extension else ()
    ours = domain.Flow.LOCAL if domain.is_extension(other.extension) else domain.Flow.INCOMING
    flow = ours if domain.is_extension(number) else domain.Flow.OUTGOING
    return {"source": source, "destination": (number,), "flow": flow}


# Signals --------------------------------------------------------------------------------------------------------------


def report(
    call: domain.PhoneCall, signal: domain.Signal, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    """Move a view to the state that the network reports."""
    match signal:
        case domain.HungUp(disposition=disposition):
            return end(view, at, disposition)
        case domain.Held():
            return _hold(signal, view, to, at)
        case domain.Resumed():
            return _off_hold(signal, view, to, at)
        case domain.Answered():
            return _reported(call, view, to, at, answered=view.answered or at)
        case _:
            return _reported(call, view, to, at)


def _reported(
    call: domain.PhoneCall, view: domain.PhoneCallView, to: domain.ViewState, at: datetime, **facets: Any
) -> domain.PhoneCallView:
    """Move a view; a destination that waited waits no more, can be named if it is of this system, and has a limit.

    Any: as for `enter`.
    """
    if not view.waits:
        return enter(view, to, at, **facets)
    until = domain.later(at, call.wait_for_pickup) if to is domain.RINGING else None
    return enter(view, to, at, waits=False, listed=domain.is_extension(view.extension), until=until, **facets)


# Actions on one view --------------------------------------------------------------------------------------------------

# Any: each takes its own action.
Touch: TypeAlias = Callable[[Any, domain.PhoneCallView, domain.ViewState, datetime], domain.PhoneCallView]
Ring: TypeAlias = Callable[[domain.PhoneCall, Any, domain.PhoneCallView, datetime], domain.PhoneCallView]


def _hold(
    _action: domain.OnHold | domain.Held, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    held = domain.copy_of(view)
    force_setattr(held, "state", to)
    force_setattr(held, "on_hold", at)
    return held


def _off_hold(
    _action: domain.OffHold | domain.Resumed, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    held = domain.copy_of(view)
    force_setattr(held, "state", to)
    force_setattr(held, "on_hold", None)
    if view.answered is None:
        force_setattr(held, "answered", at)
    return held


def _record(
    action: domain.StartRecording, view: domain.PhoneCallView, to: domain.ViewState, at: datetime
) -> domain.PhoneCallView:
    return domain.evolve(view, state=to, recording=domain.Recording(since=at, format=action.format))


def _stop_recording(
    _action: domain.StopRecording, view: domain.PhoneCallView, to: domain.ViewState, _at: datetime
) -> domain.PhoneCallView:
    return domain.evolve(view, state=to, recording=None)


VIEW_EFFECTS: Mapping[type[domain.Action], Touch] = {
    domain.OnHold: _hold,
    domain.OffHold: _off_hold,
    domain.StartRecording: _record,
    domain.StopRecording: _stop_recording,
}
"""Actions that change one view, which is up and stays up: the rules have nothing to say to them."""


def _un_park(
    call: domain.PhoneCall, action: domain.UnPark, parked: domain.PhoneCallView, at: datetime
) -> domain.PhoneCallView:
    lot = parked.parking
    assert lot is not None  # the table lets only a parked party be retrieved
    return _ring(call, action, at, side=lot.side, **far_end(action.send_call_to, parked))


def _pick_up(
    call: domain.PhoneCall, action: domain.PickUp, rings: domain.PhoneCallView, at: datetime
) -> domain.PhoneCallView:
    ends = {"source": rings.source, "destination": rings.destination, "flow": rings.flow}
    return _ring(call, action, at, side=rings.side, **ends)


def _join(
    call: domain.PhoneCall,
    action: domain.BargeIn | domain.Whisper | domain.Monitor,
    target: domain.PhoneCallView,
    at: datetime,
) -> domain.PhoneCallView:
    private = isinstance(action, domain.Whisper) and domain.whole(action.private) == 1
    ends = far_end(action.send_call_to, target)
    return _ring(
        call, action, at, role=JOINING_ROLES[type(action)], side=None, target=target.id, private=private, **ends
    )


def _ring(
    call: domain.PhoneCall,
    action: domain.UnPark | domain.PickUp | domain.BargeIn | domain.Whisper | domain.Monitor,
    at: datetime,
    **fields: Any,
) -> domain.PhoneCallView:
    """Ring the phone that the action names (Any: fields of a view)."""
    wait = domain.whole(action.wait_for_pickup)
    assert wait is not None  # checked: it is a number
    return leg(call.views, action.send_call_to, at, wait=wait, caller_id=action.caller_id, **fields)


LEG_EFFECTS: Mapping[type[domain.Action], Ring] = {
    domain.UnPark: _un_park,
    domain.PickUp: _pick_up,
    domain.BargeIn: _join,
    domain.Whisper: _join,
    domain.Monitor: _join,
}
"""Actions that add a leg, which rings, and leave all others as they are."""


# Time in the lot ------------------------------------------------------------------------------------------------------


def ring_back(call: domain.PhoneCall, parked: domain.PhoneCallView, at: datetime) -> Views:
    """Ring the parker of a party whose time in the lot is up, unless a phone rings there; its time starts anew."""
    lot = parked.parking
    assert lot is not None and lot.seconds is not None  # only who is parked for a time has a deadline
    rings = lot.ring_backs + 1
    until = domain.later(at, lot.seconds) if rings < domain.RING_BACKS else None
    views = swap(call.views, domain.evolve(parked, parking=domain.evolve(lot, ring_backs=rings, until=until)))
    if any(view.side == lot.side and view.live for view in views):
        return views
    return (*views, leg(views, lot.by, at, side=lot.side, **far_end(lot.by, parked)))
