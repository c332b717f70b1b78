"""What the table cannot say because it takes more than one view: who is who, what is a repeat, what stands against it.

One rule: nothing here changes a call or knows of time. Each function answers one question about a call as it is; the
engine asks them in the order of its checks.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from callstate.actions import (
    Action,
    BargeIn,
    Monitor,
    Park,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.errors import Check, ErrorCode
from callstate.model import (
    BARGE,
    ENDED,
    MONITOR,
    RINGING,
    SUPERVISORS,
    VOICEMAIL,
    WHISPER,
    Parking,
    PhoneCall,
    PhoneCallView,
    Role,
    is_extension,
    sides,
)


class Pair(NamedTuple):
    """Whom an action is about: the party that the table's row moves, and the one that leaves it, if any.

    `told` is false if the request names parties that the call does not have; then the pair is the call's two parties.
    """

    subject: PhoneCallView
    other: PhoneCallView | None = None
    told: bool = True


class Objection(NamedTuple):
    """Why an action is refused: the code, what would be needed, the field at fault if any, and the check that failed."""

    code: ErrorCode
    needed: str
    field: str | None = None
    check: Check = Check.CONTEXT


def main_view(call: PhoneCall, side: int | None) -> PhoneCallView | None:
    """Return the party of one side: the one that is up, else the first of those that may still answer."""
    live = [view for view in call.views if view.side == side and view.live and side is not None]
    return next((view for view in live if view.up), live[0] if live else None)


def opposite(call: PhoneCall, view: PhoneCallView) -> PhoneCallView | None:
    """Return the party on the other side of a call that has just two; none while the lot is the other side."""
    others = sides(call.views) - {view.side}
    return main_view(call, others.pop()) if len(others) == 1 else None


def live_view_of(call: PhoneCall, number: str) -> PhoneCallView | None:
    """Return the live view of a number; of two the one that is no mailbox, then the first."""
    found = [view for view in call.views if view.live and view.extension == number]
    return min(found, key=lambda view: view.role is VOICEMAIL, default=None)


# Who is who -----------------------------------------------------------------------------------------------------------


def parker_left(call: PhoneCall, parked: PhoneCallView) -> bool:
    """Tell whether a view is parked, and its parker is known as somebody who left."""
    lot = parked.parking
    return lot is not None and any(_parked(view, lot) for view in call.views)


def _parked(view: PhoneCallView, lot: Parking) -> bool:
    return view.state is ENDED and view.side == lot.side and view.extension == lot.by


def parked_already(call: PhoneCall, action: Park, view: PhoneCallView) -> PhoneCallView | None:
    """Return the parked party if the party of the view, or else the asker, is who parked it and has left."""
    for parked in call.views:
        lot = parked.parking
        if lot is not None and (_parked(view, lot) or (action.extension == lot.by and parker_left(call, parked))):
            return parked
    return None


def _park_pair(call: PhoneCall, action: Park, view: PhoneCallView) -> Pair:
    already = parked_already(call, action, view)
    if already is not None:
        return Pair(already)
    other = opposite(call, view)
    if other is None:
        return Pair(view)
    waits, parks = (other, view) if view.extension == action.extension else (view, other)
    # Nobody outside of the system parks: who has no extension cannot be rung back.
    return Pair(waits, parks) if is_extension(parks.extension) else Pair(parks, waits)


def _transfer_pair(call: PhoneCall, action: Transfer | TransferToVoicemail, view: PhoneCallView | None) -> Pair | None:
    leaver_number = action.transfer_from_number
    if leaver_number is None and action.transfer_number is None:
        if view is not None:
            return Pair(view, opposite(call, view))
        leaver_number = action.extension
    if leaver_number is None:
        assert action.transfer_number is not None  # one of the two was given
        sent = _party(call, action.transfer_number)
        return None if sent is None else Pair(sent, opposite(call, sent))
    return _pair_by_leaver(call, leaver_number, action.transfer_number)


def _pair_by_leaver(call: PhoneCall, leaver_number: str, sent_number: str | None) -> Pair | None:
    leaver = _party(call, leaver_number) or _former_party(call, leaver_number)
    if leaver is None:
        return None
    sent = opposite(call, leaver) if sent_number is None else _party(call, sent_number)
    if sent is None or sent.side == leaver.side:
        return None
    return Pair(sent, leaver if leaver.live else main_view(call, leaver.side))


def _party(call: PhoneCall, number: str) -> PhoneCallView | None:
    view = live_view_of(call, number)
    return None if view is None or view.role in SUPERVISORS else view


def _former_party(call: PhoneCall, number: str) -> PhoneCallView | None:
    """Find a transferor who has left, known by the side that he had, so that a retry finds what it did."""
    left = (v for v in reversed(call.views) if v.state is ENDED and v.extension == number and v.side is not None)
    return next(left, None)


def _two_parties(call: PhoneCall) -> Pair | None:
    found = [main_view(call, side) for side in sorted(sides(call.views))]
    parties = [view for view in found if view is not None]
    return Pair(parties[0], parties[-1], told=False) if parties else None


def pair_for(call: PhoneCall, action: Action, view: PhoneCallView | None) -> Pair | None:
    """Tell whom an action is about; `None` if the call has no party at all."""
    if isinstance(action, Transfer | TransferToVoicemail):
        return _transfer_pair(call, action, view) or _two_parties(call)
    if view is None:
        return None
    return _park_pair(call, action, view) if isinstance(action, Park) else Pair(view)


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


def _is_sent(call: PhoneCall, action: Transfer | TransferToVoicemail, view: PhoneCallView) -> bool:
    there = [leg for leg in call.views if leg.live and leg.side not in (view.side, None)]
    to_mailbox = isinstance(action, TransferToVoicemail)
    return len(there) == 1 and there[0].extension == action.send_call_to and (there[0].role is VOICEMAIL) is to_mailbox


REPEATS: Mapping[type[Action], Repeats] = {
    UnPark: _rings_to_retrieve,
    PickUp: _rings_to_pick_up,
    BargeIn: _has_joined,
    Whisper: _has_joined,
    Monitor: _has_joined,
    Transfer: _is_sent,
    TransferToVoicemail: _is_sent,
    StartRecording: lambda _call, action, view: view.recording is not None and view.recording.format == action.format,
    StopRecording: lambda _call, _action, view: view.recording is None,
}
"""Whether the goal of an action already holds, where the state alone does not tell."""


# What stands against it -----------------------------------------------------------------------------------------------

Objects: TypeAlias = Callable[[PhoneCall, Any, Pair], Objection | None]  # Any: each takes its own action


def _must_be_new(call: PhoneCall, action: PickUp | Transfer, _pair: Pair) -> Objection | None:
    if live_view_of(call, action.send_call_to) is None:
        return None
    return Objection(
        ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be a number that is not in the call", "send_call_to"
    )


def _parties_are_told(call: PhoneCall, action: Transfer | TransferToVoicemail, pair: Pair) -> Objection | None:
    if pair.told:
        return None
    leaver = action.transfer_from_number
    known = leaver is not None and (_party(call, leaver) or _former_party(call, leaver))
    by_sent = action.transfer_number is not None and (leaver is None or known)
    field = "transfer_number" if by_sent else "transfer_from_number"
    needed = "to know the transferor and the transferred, a party of each side"
    return Objection(ErrorCode.TRANSFER_NUMBER_INVALID, needed, field)


def _transfer_objection(call: PhoneCall, action: Transfer, pair: Pair) -> Objection | None:
    objection = _must_be_new(call, action, pair) or _parties_are_told(call, action, pair)
    if objection is None and not call.allow_public_transfer and not is_extension(action.send_call_to):
        needed = "sendCallTo to be an extension, for this call may not be transferred to the public"
        return Objection(ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED, needed, "send_call_to")
    return objection


def _recording_objection(_call: PhoneCall, _action: StartRecording, pair: Pair) -> Objection | None:
    if pair.subject.recording is None:
        return None
    needed = f"the recording in {pair.subject.recording.format} to be stopped first"
    return Objection(ErrorCode.RECORDING_IN_PROGRESS, needed, "format")


def _park_objection(_call: PhoneCall, action: Park, pair: Pair) -> Objection | None:
    if pair.other is not None and not is_extension(pair.other.extension):
        return Objection(ErrorCode.WRONG_STATE, "a party of this system, who parks", check=Check.STATE)
    return None if action.position is not None else Objection(ErrorCode.PARKING_FULL, "a free position in the lot")


OBJECTIONS: Mapping[type[Action], Objects] = {
    Park: _park_objection,
    UnPark: _must_be_new,
    PickUp: _must_be_new,
    BargeIn: _must_be_new,
    Whisper: _must_be_new,
    Monitor: _must_be_new,
    Transfer: _transfer_objection,
    TransferToVoicemail: _parties_are_told,
    StartRecording: _recording_objection,
}
"""What stands against an action although the state would let it through."""
