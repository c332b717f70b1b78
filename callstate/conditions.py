"""What the table cannot say of one view because it takes others: what is a repeat, what stands against an action.

One rule: nothing here changes a call or knows of time. Each function answers one question about a call as it is; the
engine asks them in the order of its checks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from callstate.actions import (
    Action,
    BargeIn,
    Monitor,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    UnPark,
    Whisper,
)
from callstate.errors import ErrorCode, Objection
from callstate.model import BARGE, ENDED, MONITOR, RINGING, VOICEMAIL, WHISPER, PhoneCall, PhoneCallView, Role
from callstate.numbering import WITHHELD


def sides(views: Iterable[PhoneCallView]) -> set[int]:
    """Return the sides that have a live view; while a party is parked the lot counts as the other side."""
    found: set[int] = set()
    for view in views:
        if view.side is not None and view.state is not ENDED:
            found.add(view.side)
        if view.parking is not None:
            found.add(view.parking.side)
    return found


def live_view_of(call: PhoneCall, number: str) -> PhoneCallView | None:
    """Return the live view of a number, which is not the empty one; of two the one that is no mailbox, or the first."""
    mailbox = None
    for view in call.views:
        if view.extension == number != WITHHELD and view.state is not ENDED:
            if view.role is not VOICEMAIL:
                return view
            mailbox = mailbox or view
    return mailbox


def left_views_of(call: PhoneCall, number: str | None) -> Iterator[PhoneCallView]:
    """Yield the views of a number, which is not the empty one, that have left, the newest first."""
    return (view for view in reversed(call.views) if view.state is ENDED and view.extension == number != WITHHELD)


def left_by(call: PhoneCall, number: str | None) -> PhoneCallView | None:
    """Return the newest view of a number that has left."""
    return next(left_views_of(call, number), None)


# What is a repeat -----------------------------------------------------------------------------------------------------

Repeats: TypeAlias = Callable[[PhoneCall, Any, PhoneCallView], bool]  # Any: each takes its own action


def _rings_to_retrieve(call: PhoneCall, action: UnPark, view: PhoneCallView) -> bool:
    lot = view.parking
    return lot is not None and _rings_on(call, lot.side, action.send_call_to)


def _rings_to_pick_up(call: PhoneCall, action: PickUp, view: PhoneCallView) -> bool:
    return view.state is RINGING and _rings_on(call, view.side, action.send_call_to)


def _rings_on(call: PhoneCall, side: int | None, number: str) -> bool:
    return any(leg.state is RINGING and leg.side == side and leg.extension == number for leg in call.views)


JOINS: Mapping[type[Action], Role] = {BargeIn: BARGE, Whisper: WHISPER, Monitor: MONITOR}
"""The role of the leg that an action adds to a conversation."""


def joins(leg: PhoneCallView, role: Role, view: PhoneCallView) -> bool:
    """Tell whether a leg has joined the view in that role; who has barged in is a party, of everybody alike."""
    return leg.role is role and (leg.target == view.id or (role is BARGE and leg.up))


def _has_joined(call: PhoneCall, action: BargeIn | Whisper | Monitor, view: PhoneCallView) -> bool:
    role = JOINS[type(action)]
    return any(leg.live and leg.extension == action.send_call_to and joins(leg, role, view) for leg in call.views)


REPEATS: Mapping[type[Action], Repeats] = {
    UnPark: _rings_to_retrieve,
    PickUp: _rings_to_pick_up,
    BargeIn: _has_joined,
    Whisper: _has_joined,
    Monitor: _has_joined,
    StartRecording: lambda _call, action, view: view.recording is not None and view.recording.format == action.format,
    StopRecording: lambda _call, _action, view: view.recording is None,
}
"""Whether the goal of an action already holds, where the state alone does not tell."""


# What stands against it -----------------------------------------------------------------------------------------------

Objects: TypeAlias = Callable[[PhoneCall, Any, PhoneCallView], Objection | None]  # Any: each takes its own action

IS_IN_THE_CALL = Objection(
    ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be a number that is not in the call", "send_call_to"
)


def must_be_new(call: PhoneCall, action: PickUp | Transfer, _view: PhoneCallView) -> Objection | None:
    """Object to ringing a phone that is in the call."""
    return None if live_view_of(call, action.send_call_to) is None else IS_IN_THE_CALL


def _runs_in_another_format(_call: PhoneCall, _action: StartRecording, view: PhoneCallView) -> Objection | None:
    if view.recording is None:
        return None
    needed = f"the recording in {view.recording.format} to be stopped first"
    return Objection(ErrorCode.RECORDING_IN_PROGRESS, needed, "format")


OBJECTIONS: Mapping[type[Action], Objects] = {
    **dict.fromkeys((UnPark, PickUp, BargeIn, Whisper, Monitor), must_be_new),
    StartRecording: _runs_in_another_format,
}
"""What stands against an action although the state would let it through."""
