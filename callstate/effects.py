"""What an input does to the views of a call, beyond the state that the table gives its subject.

One rule: an effect returns the call's views as they are right after the input, in the order of their ids; what follows
for the other views is left to the rules. Effects refuse nothing: every check has been made before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from callstate.actions import (
    Action,
    BargeIn,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.conditions import JOINS, Pair
from callstate.forms import whole
from callstate.model import (
    CONNECTED,
    DEFAULT_WAIT,
    ENDED,
    RING_BACKS,
    RINGING,
    TRYING,
    VOICEMAIL,
    Disposition,
    Flow,
    Parking,
    PhoneCall,
    PhoneCallView,
    Recording,
    ViewState,
    evolve,
    is_extension,
    later,
)

Views: TypeAlias = tuple[PhoneCallView, ...]


def enter(view: PhoneCallView, state: ViewState, at: datetime, **facets: Any) -> PhoneCallView:  # Any: any field
    """Move a view to another state; what belonged to the old one goes, the dates of the new one are set."""
    facets = {"on_hold": None, "parking": None, **facets}
    if state not in (TRYING, RINGING):
        facets.update(until=None, waits=False)
    if view.parking is not None:
        # An outside party is listed only while it waits in the lot, where somebody must be able to name it.
        facets["listed"] = is_extension(view.extension)
    if state is RINGING:
        facets["ringing"] = at
    elif state is CONNECTED and view.answered is None:
        facets["answered"] = at
    return evolve(view, state=state, **facets)


def end(view: PhoneCallView, at: datetime, disposition: Disposition | None = None) -> PhoneCallView:
    """End a view: `disposition`, or else whether it was ever answered; one that has ended already stays as it is."""
    if view.state is ENDED:
        return view
    if disposition is None:
        disposition = Disposition.NO_ANSWER if view.answered is None else Disposition.ANSWERED
    return enter(view, ENDED, at, ended=at, disposition=disposition, recording=None, target=None)


def swap(views: Views, *changed: PhoneCallView) -> Views:
    """Put changed views in the place of those with the same ids."""
    by_id = {view.id: view for view in changed}
    return tuple(by_id.get(view.id, view) for view in views)


def leg(views: Views, number: str, at: datetime, *, wait: int = DEFAULT_WAIT, **fields: Any) -> PhoneCallView:
    """Dial a new leg, with the id after the highest ever used: a phone of this system rings, an outside one is tried.

    Any: `fields` are those of a view.
    """
    ours = is_extension(number)
    return PhoneCallView(
        id=f"{int(views[-1].id) + 1:02d}",
        extension=number,
        state=RINGING if ours else TRYING,
        ringing=at if ours else None,
        listed=ours,
        until=later(at, wait),
        **fields,
    )


def far_end(number: str, other: PhoneCallView) -> dict[str, Any]:  # Any: fields of a view
    """Return source, destination and flow of a leg that is dialled to bring a number together with a party."""
    source = (other.extension,) if other.extension else ()
    ours = Flow.LOCAL if is_extension(other.extension) else Flow.INCOMING
    flow = ours if is_extension(number) else Flow.OUTGOING
    return {"source": source, "destination": (number,), "flow": flow}


# Signals --------------------------------------------------------------------------------------------------------------


def report(call: PhoneCall, view: PhoneCallView, state: ViewState, at: datetime) -> PhoneCallView:
    """Move a view to the state that the network reports. A destination that waited waits no more, and has a limit."""
    moved = enter(view, state, at)
    if view.waits:
        until = later(at, call.wait_for_pickup) if state is RINGING else None
        moved = evolve(moved, waits=False, listed=is_extension(view.extension), until=until)
    return moved


def answer(call: PhoneCall, view: PhoneCallView, state: ViewState, at: datetime) -> PhoneCallView:
    """Move a view to where an answer brings it, and keep the date of the first one."""
    moved = report(call, view, state, at)
    return moved if moved.answered is not None else evolve(moved, answered=at)


# Actions --------------------------------------------------------------------------------------------------------------

Effect: TypeAlias = Callable[[PhoneCall, Any, Pair, ViewState, datetime], Views]  # Any: each takes its own action


def _hold(call: PhoneCall, _action: OnHold, pair: Pair, to: ViewState, at: datetime) -> Views:
    return swap(call.views, evolve(pair.subject, state=to, on_hold=at))


def _off_hold(call: PhoneCall, _action: OffHold, pair: Pair, to: ViewState, _at: datetime) -> Views:
    return swap(call.views, evolve(pair.subject, state=to, on_hold=None))


def _park(call: PhoneCall, action: Park, pair: Pair, to: ViewState, at: datetime) -> Views:
    parker, seconds = pair.other, whole(action.max_in_parking)
    assert parker is not None and parker.side is not None  # checked: there are two parties, each on a side
    assert action.position is not None and seconds is not None  # checked: there is room, and a limit
    until = later(at, seconds)
    lot = Parking(
        since=at, position=action.position, by=parker.extension, side=parker.side, seconds=seconds, until=until
    )
    waiting = enter(pair.subject, to, at, parking=lot, listed=True)
    return swap(call.views, waiting, end(parker, at, Disposition.ANSWERED))


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


def _un_park(call: PhoneCall, action: UnPark, pair: Pair, _to: ViewState, at: datetime) -> Views:
    lot = pair.subject.parking
    assert lot is not None  # the table lets only a parked party be retrieved
    return _ring(call, action, at, side=lot.side, **far_end(action.send_call_to, pair.subject))


def _pick_up(call: PhoneCall, action: PickUp, pair: Pair, _to: ViewState, at: datetime) -> Views:
    rings = pair.subject
    return _ring(call, action, at, side=rings.side, source=rings.source, destination=rings.destination, flow=rings.flow)


def _join(call: PhoneCall, action: BargeIn | Whisper | Monitor, pair: Pair, _to: ViewState, at: datetime) -> Views:
    private = isinstance(action, Whisper) and whole(action.private) == 1
    ends = far_end(action.send_call_to, pair.subject)
    return _ring(call, action, at, role=JOINS[type(action)], target=pair.subject.id, private=private, **ends)


def _ring(call: PhoneCall, action: UnPark | PickUp | BargeIn | Whisper | Monitor, at: datetime, **fields: Any) -> Views:
    """Ring the phone that the action names (Any: fields of a view)."""
    wait = whole(action.wait_for_pickup)
    assert wait is not None  # checked: it is a number
    new = leg(call.views, action.send_call_to, at, wait=wait, caller_id=action.caller_id, **fields)
    return (*call.views, new)


def _transfer(call: PhoneCall, action: Transfer, pair: Pair, to: ViewState, at: datetime) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    return (*views, leg(views, action.send_call_to, at, side=side, **far_end(action.send_call_to, pair.subject)))


def _to_voicemail(call: PhoneCall, action: TransferToVoicemail, pair: Pair, to: ViewState, at: datetime) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    new = leg(views, action.send_call_to, at, role=VOICEMAIL, side=side, **far_end(action.send_call_to, pair.subject))
    return (*views, evolve(new, state=CONNECTED, ringing=None, until=None, answered=at))


def _without_transferor(call: PhoneCall, pair: Pair, to: ViewState, at: datetime) -> tuple[Views, int | None]:
    leaver = pair.other
    assert leaver is not None  # checked: there are two parties
    moved = enter(pair.subject, to, at)
    return swap(call.views, moved, end(leaver, at, Disposition.ANSWERED)), leaver.side


def _record(call: PhoneCall, action: StartRecording, pair: Pair, _to: ViewState, at: datetime) -> Views:
    return swap(call.views, evolve(pair.subject, recording=Recording(since=at, format=action.format)))


def _stop_recording(call: PhoneCall, _action: StopRecording, pair: Pair, _to: ViewState, _at: datetime) -> Views:
    return swap(call.views, evolve(pair.subject, recording=None))


EFFECTS: Mapping[type[Action], Effect] = {
    OnHold: _hold,
    OffHold: _off_hold,
    Park: _park,
    UnPark: _un_park,
    PickUp: _pick_up,
    BargeIn: _join,
    Whisper: _join,
    Monitor: _join,
    Transfer: _transfer,
    TransferToVoicemail: _to_voicemail,
    StartRecording: _record,
    StopRecording: _stop_recording,
}
