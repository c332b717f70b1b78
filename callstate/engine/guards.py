"""What the table cannot say of one view because it takes others: what is a repeat, what stands against an action.

One rule: nothing here changes a call or knows of time. Each function answers one question about a call as it is; the
engine asks them in the order of its checks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from callstate import domain


def sides(views: Iterable[domain.PhoneCallView]) -> set[int]:
    """Return the sides that have a live view; while a party is parked the lot counts as the other side."""
    found: set[int] = set()
    for view in views:
        if view.side is not None and view.state is not domain.ENDED:
            found.add(view.side)
        if view.parking is not None:
            found.add(view.parking.side)
    return found


def live_view_of(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Return the live view of a number, which is not the empty one; of two the one that is no mailbox, or the first."""
    mailbox = None
    for view in call.views:
        if view.extension == number != domain.WITHHELD and view.state is not domain.ENDED:
            if view.role is not domain.VOICEMAIL:
                return view
            mailbox = mailbox or view
    return mailbox


def left_views_of(call: domain.PhoneCall, number: str | None) -> Iterator[domain.PhoneCallView]:
    """Yield the views of a number, which is not the empty one, that have left, the newest first."""
    return (
        view
        for view in reversed(call.views)
        if view.state is domain.ENDED and view.extension == number != domain.WITHHELD
    )


def left_by(call: domain.PhoneCall, number: str | None) -> domain.PhoneCallView | None:
    """Return the newest view of a number that has left."""
    return next(left_views_of(call, number), None)


# What is a repeat -----------------------------------------------------------------------------------------------------

Repeats: TypeAlias = Callable[[domain.PhoneCall, Any, domain.PhoneCallView], bool]  # Any: each takes its own action


def _rings_to_retrieve(call: domain.PhoneCall, action: domain.UnPark, view: domain.PhoneCallView) -> bool:
    lot = view.parking
    return lot is not None and _rings_on(call, lot.side, action.send_call_to)


def _rings_to_pick_up(call: domain.PhoneCall, action: domain.PickUp, view: domain.PhoneCallView) -> bool:
    return view.state is domain.RINGING and _rings_on(call, view.side, action.send_call_to)


def _rings_on(call: domain.PhoneCall, side: int | None, number: str) -> bool:
    return any(leg.state is domain.RINGING and leg.side == side and leg.extension == number for leg in call.views)


JOINING_ROLES: Mapping[type[domain.Action], domain.Role] = {
    domain.BargeIn: domain.BARGE,
    domain.Whisper: domain.WHISPER,
    domain.Monitor: domain.MONITOR,
}
"""The role of the leg that an action adds to a conversation."""


def joins(leg: domain.PhoneCallView, role: domain.Role, view: domain.PhoneCallView) -> bool:
    """Tell whether a leg has joined the view in that role; who has barged in is a party, of everybody alike."""
    return leg.role is role and (leg.target == view.id or (role is domain.BARGE and leg.up))


def _has_joined(
    call: domain.PhoneCall, action: domain.BargeIn | domain.Whisper | domain.Monitor, view: domain.PhoneCallView
) -> bool:
    role = JOINING_ROLES[type(action)]
    return any(leg.live and leg.extension == action.send_call_to and joins(leg, role, view) for leg in call.views)


REPEATS: Mapping[type[domain.Action], Repeats] = {
    domain.UnPark: _rings_to_retrieve,
    domain.PickUp: _rings_to_pick_up,
    domain.BargeIn: _has_joined,
    domain.Whisper: _has_joined,
    domain.Monitor: _has_joined,
    domain.StartRecording: lambda _call, action, view: (
        view.recording is not None and view.recording.format == action.format
    ),
    domain.StopRecording: lambda _call, _action, view: view.recording is None,
}
"""Whether the goal of an action already holds, where the state alone does not tell."""


# What stands against it -----------------------------------------------------------------------------------------------

Guard: TypeAlias = Callable[
    [domain.PhoneCall, Any, domain.PhoneCallView], domain.Violation | None
]  # Any: each takes its own action

IS_IN_THE_CALL = domain.Violation(
    domain.ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be a number that is not in the call", "send_call_to"
)


def must_be_new(
    call: domain.PhoneCall, action: domain.PickUp | domain.Transfer, _view: domain.PhoneCallView
) -> domain.Violation | None:
    """Object to ringing a phone that is in the call."""
    return None if live_view_of(call, action.send_call_to) is None else IS_IN_THE_CALL


def _runs_in_another_format(
    _call: domain.PhoneCall, _action: domain.StartRecording, view: domain.PhoneCallView
) -> domain.Violation | None:
    if view.recording is None:
        return None
    needed = f"the recording in {view.recording.format} to be stopped first"
    return domain.Violation(domain.ErrorCode.RECORDING_IN_PROGRESS, needed, "format")


GUARDS: Mapping[type[domain.Action], Guard] = {
    **dict.fromkeys((domain.UnPark, domain.PickUp, domain.BargeIn, domain.Whisper, domain.Monitor), must_be_new),
    domain.StartRecording: _runs_in_another_format,
}
"""What stands against an action although the state would let it through."""
