"""What an input does to the views of a call, beyond the state that the table gives its subject.

One rule: an effect returns the call's views as they are right after the input, in the order of their ids; what follows
for the other views is left to the rules. Effects refuse nothing: every check has been made before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate.actions import (
    Action,
    Answered,
    BargeIn,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    PickUp,
    Signal,
    StartRecording,
    StopRecording,
    UnPark,
    Whisper,
)
from callstate.conditions import JOINS
from callstate.forms import whole
from callstate.model import (
    ANSWERED,
    CONNECTED,
    DEFAULT_WAIT,
    ENDED,
    RING_BACKS,
    RINGING,
    TRYING,
    UP,
    Disposition,
    Flow,
    PhoneCall,
    PhoneCallView,
    Recording,
    ViewState,
    copy_of,
    evolve,
    later,
)
from callstate.numbering import is_extension, view_id

Views: TypeAlias = tuple[PhoneCallView, ...]

_ON_CALL_OR_PARKED = UP - {ANSWERED}


def enter(view: PhoneCallView, state: ViewState, at: datetime, **facets: Any) -> PhoneCallView:  # Any: any field
    """Move a view to another state; what belonged to the old one goes, the dates of the new one are set."""
    moved = copy_of(view)
    force_setattr(moved, "state", state)
    if view.on_hold is not None:
        force_setattr(moved, "on_hold", None)
    if view.parking is not None:
        # An outside party is listed only while it waits in the lot, where somebody must be able to name it.
        force_setattr(moved, "parking", None)
        force_setattr(moved, "listed", is_extension(view.extension))
    if (view.until is not None or view.waits) and state is not RINGING and state is not TRYING:
        force_setattr(moved, "until", None)
        force_setattr(moved, "waits", False)  # noqa: FBT003  # the value of the field
    if state is RINGING:
        force_setattr(moved, "ringing", at)
    elif state is CONNECTED and view.answered is None:
        force_setattr(moved, "answered", at)
    for name, facet in facets.items():
        force_setattr(moved, name, facet)
    return moved


def was_answered(view: PhoneCallView) -> bool:
    """Tell whether a party was ever answered; one that is read as on call was, even if no date says so."""
    return view.answered is not None or view.state in _ON_CALL_OR_PARKED


def end(view: PhoneCallView, at: datetime, disposition: Disposition | None = None) -> PhoneCallView:
    """End a view: `disposition`, or else whether it was ever answered; one that has ended already stays as it is."""
    if view.state is ENDED:
        return view
    if disposition is None:
        disposition = Disposition.ANSWERED if was_answered(view) else Disposition.NO_ANSWER
    return enter(view, ENDED, at, ended=at, disposition=disposition, recording=None, target=None)


def swap(views: Views, *changed: PhoneCallView) -> Views:
    """Put changed views in the place of those with the same ids; without any, these are the very same views."""
    if not changed:
        return views
    by_id = {view.id: view for view in changed}
    return tuple([by_id.get(view.id, view) for view in views])


def put(views: Views, place: int, view: PhoneCallView) -> Views:
    """Put one view in the place of another."""
    changed = [*views]
    changed[place] = view
    return tuple(changed)


def leg(views: Views, number: str, at: datetime, *, wait: int = DEFAULT_WAIT, **fields: Any) -> PhoneCallView:
    """Dial a new leg, with the id after the highest ever used: a phone of this system rings, an outside one is tried.

    Any: `fields` are those of a view.
    """
    ours = is_extension(number)
    return evolve(
        _LEG,
        id=view_id(int(views[-1].id) + 1),
        extension=number,
        state=RINGING if ours else TRYING,
        ringing=at if ours else None,
        listed=ours,
        until=later(at, wait),
        **fields,
    )


_LEG = PhoneCallView(id=view_id(0), extension="000", state=TRYING, side=0)
"""Any view that has nothing, of which a leg is a copy with what it has."""


def far_end(number: str, other: PhoneCallView) -> dict[str, Any]:  # Any: fields of a view
    """Return source, destination and flow of a leg that is dialled to bring a number together with a party."""
    source = (other.extension,) if other.extension else ()
    ours = Flow.LOCAL if is_extension(other.extension) else Flow.INCOMING
    flow = ours if is_extension(number) else Flow.OUTGOING
    return {"source": source, "destination": (number,), "flow": flow}


# Signals --------------------------------------------------------------------------------------------------------------


def report(call: PhoneCall, signal: Signal, view: PhoneCallView, to: ViewState, at: datetime) -> PhoneCallView:
    """Move a view to the state that the network reports."""
    match signal:
        case HungUp(disposition=disposition):
            return end(view, at, disposition)
        case Answered():
            return _reported(call, view, to, at, answered=view.answered or at)
        case _:
            return _reported(call, view, to, at)


def _reported(call: PhoneCall, view: PhoneCallView, to: ViewState, at: datetime, **facets: Any) -> PhoneCallView:
    """Move a view; a destination that waited waits no more, can be named if it is of this system, and has a limit.

    Any: as for `enter`.
    """
    if not view.waits:
        return enter(view, to, at, **facets)
    until = later(at, call.wait_for_pickup) if to is RINGING else None
    return enter(view, to, at, waits=False, listed=is_extension(view.extension), until=until, **facets)


# Actions on one view --------------------------------------------------------------------------------------------------

# Any: each takes its own action.
Touch: TypeAlias = Callable[[Any, PhoneCallView, ViewState, datetime], PhoneCallView]
Ring: TypeAlias = Callable[[PhoneCall, Any, PhoneCallView, datetime], PhoneCallView]


def _hold(_action: OnHold, view: PhoneCallView, to: ViewState, at: datetime) -> PhoneCallView:
    held = copy_of(view)
    force_setattr(held, "state", to)
    force_setattr(held, "on_hold", at)
    return held


def _off_hold(_action: OffHold, view: PhoneCallView, to: ViewState, at: datetime) -> PhoneCallView:
    held = copy_of(view)
    force_setattr(held, "state", to)
    force_setattr(held, "on_hold", None)
    if view.answered is None:
        force_setattr(held, "answered", at)
    return held


def _record(action: StartRecording, view: PhoneCallView, to: ViewState, at: datetime) -> PhoneCallView:
    return evolve(view, state=to, recording=Recording(since=at, format=action.format))


def _stop_recording(_action: StopRecording, view: PhoneCallView, to: ViewState, _at: datetime) -> PhoneCallView:
    return evolve(view, state=to, recording=None)


TOUCHES: Mapping[type[Action], Touch] = {
    OnHold: _hold,
    OffHold: _off_hold,
    StartRecording: _record,
    StopRecording: _stop_recording,
}
"""Actions that change one view, which is up and stays up: the rules have nothing to say to them."""


def _un_park(call: PhoneCall, action: UnPark, parked: PhoneCallView, at: datetime) -> PhoneCallView:
    lot = parked.parking
    assert lot is not None  # the table lets only a parked party be retrieved
    return _ring(call, action, at, side=lot.side, **far_end(action.send_call_to, parked))


def _pick_up(call: PhoneCall, action: PickUp, rings: PhoneCallView, at: datetime) -> PhoneCallView:
    ends = {"source": rings.source, "destination": rings.destination, "flow": rings.flow}
    return _ring(call, action, at, side=rings.side, **ends)


def _join(call: PhoneCall, action: BargeIn | Whisper | Monitor, target: PhoneCallView, at: datetime) -> PhoneCallView:
    private = isinstance(action, Whisper) and whole(action.private) == 1
    ends = far_end(action.send_call_to, target)
    return _ring(call, action, at, role=JOINS[type(action)], side=None, target=target.id, private=private, **ends)


def _ring(
    call: PhoneCall, action: UnPark | PickUp | BargeIn | Whisper | Monitor, at: datetime, **fields: Any
) -> PhoneCallView:
    """Ring the phone that the action names (Any: fields of a view)."""
    wait = whole(action.wait_for_pickup)
    assert wait is not None  # checked: it is a number
    return leg(call.views, action.send_call_to, at, wait=wait, caller_id=action.caller_id, **fields)


RINGS: Mapping[type[Action], Ring] = {
    UnPark: _un_park,
    PickUp: _pick_up,
    BargeIn: _join,
    Whisper: _join,
    Monitor: _join,
}
"""Actions that add a leg, which rings, and leave all others as they are."""


# Time in the lot ------------------------------------------------------------------------------------------------------


def ring_back(call: PhoneCall, parked: PhoneCallView, at: datetime) -> Views:
    """Ring the parker of a party whose time in the lot is up, unless a phone rings there; its time starts anew."""
    lot = parked.parking
    assert lot is not None and lot.seconds is not None  # only who is parked for a time has a deadline
    rings = lot.ring_backs + 1
    until = later(at, lot.seconds) if rings < RING_BACKS else None
    views = swap(call.views, evolve(parked, parking=evolve(lot, ring_backs=rings, until=until)))
    if any(view.side == lot.side and view.live for view in views):
        return views
    return (*views, leg(views, lot.by, at, side=lot.side, **far_end(lot.by, parked)))
