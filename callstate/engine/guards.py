"""What the table cannot decide for one view because it depends on the others: what is a repeat, and what is refused.

One rule: nothing here changes a call or knows of time. Each function answers one question about a call as it is, and
the engine asks them in the order of its checks.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from callstate import domain
from callstate.domain import BARGE, PARTY, RINGING, VOICEMAIL, PickUp, UnPark, Whisper, whole
from callstate.engine.parties import (
    facing,
    live_view_of,
    parked_by,
    retrieved_from,
    was_parked,
)
from callstate.engine.refusal_reasons import already_in_the_call, recorded_otherwise

Joins: TypeAlias = domain.BargeIn | domain.Whisper | domain.Monitor

# What is a repeat -----------------------------------------------------------------------------------------------------

Repeat: TypeAlias = Callable[[domain.PhoneCall, Any, domain.PhoneCallView], bool]  # Any: each takes its own action


def _is_retrieved(call: domain.PhoneCall, action: domain.UnPark, view: domain.PhoneCallView) -> bool:
    """Tell whether the phone rings for the parked party, or has retrieved it."""
    lot = view.parking
    if lot is not None:
        return any(leg.state is RINGING and _is_of(action, leg, lot.side) for leg in call.views)
    legs = facing(call, view)
    if len(legs) != 1 or not legs[0].up or legs[0].role is VOICEMAIL:
        return False
    return legs[0].extension == action.send_call_to and was_parked(call, view)


def _is_picked_up(call: domain.PhoneCall, action: domain.PickUp, view: domain.PhoneCallView) -> bool:
    """Tell whether the phone rings on the side of the view, or is up there."""
    for leg in call.views:  # as a loop, which takes half the time of any() with a generator
        if leg.extension == action.send_call_to and leg.side == view.side and leg.state in _RINGS_OR_IS_UP:
            return True
    return False


_RINGS_OR_IS_UP = domain.UP | {domain.RINGING}


def _is_of(action: domain.UnPark | domain.PickUp, leg: domain.PhoneCallView, side: int | None) -> bool:
    return leg.side == side and leg.extension == action.send_call_to


JOINING_ROLES: Mapping[type[domain.Action], domain.Role] = {
    domain.BargeIn: domain.BARGE,
    domain.Whisper: domain.WHISPER,
    domain.Monitor: domain.MONITOR,
}
"""The role of the leg that an action adds to a conversation."""


def _has_joined(call: domain.PhoneCall, action: Joins, view: domain.PhoneCallView) -> bool:
    """Tell whether the phone has joined the view in that role, or rings to; one that has barged in faces everybody."""
    role, private = JOINING_ROLES[type(action)], is_private(action)
    return any(
        leg.role is role
        and leg.live
        and leg.extension == action.send_call_to
        and leg.private is private
        and (leg.target == view.id or (role is BARGE and leg.up))
        for leg in call.views
    )


def is_private(action: Joins) -> bool:
    """Tell whether the phone that joins is not to hear the others."""
    return isinstance(action, Whisper) and whole(action.private) == 1


FACETS: Mapping[type[domain.Action], Callable[[domain.PhoneCallView], bool]] = {
    domain.StartRecording: lambda view: view.recording is not None,
    domain.StopRecording: lambda view: view.recording is None,
}
"""Whether what an action starts on a view is running already, or what it stops is not. Then it changes nothing."""


def _repeats_a_facet(kind: type[domain.Action]) -> Repeat:
    return lambda _call, _action, view: FACETS[kind](view)


REPEATS: Mapping[type[domain.Action], Repeat] = {
    **{kind: _repeats_a_facet(kind) for kind in FACETS},
    domain.UnPark: _is_retrieved,
    domain.PickUp: _is_picked_up,
    domain.BargeIn: _has_joined,
    domain.Whisper: _has_joined,
    domain.Monitor: _has_joined,
    domain.StartRecording: lambda _call, action, view: (
        view.recording is not None and view.recording.format == action.format
    ),
}
"""Whether an action is a repeat, where the state of the view alone does not tell."""


def view_meant(
    call: domain.PhoneCall, action: domain.Request, view: domain.PhoneCallView
) -> domain.PhoneCallView | None:
    """Return the view that an action means by one that has ended or is not listed; mostly there is none.

    A phone that was picked up elsewhere, or a party that was retrieved, can be named again by the same request. UnPark
    may name the party that parked.
    """
    if isinstance(action, PickUp):
        repeated = view.listed and view.role is PARTY and _is_picked_up(call, action, view)
        return view if repeated else None
    if not isinstance(action, UnPark):
        return None
    if view.live:
        return view if _is_retrieved(call, action, view) else None
    return (parked_by(call, view) or retrieved_from(call, view)) if view.listed else None


# What is refused ------------------------------------------------------------------------------------------------------

Guard: TypeAlias = Callable[
    [domain.PhoneCall, Any, domain.PhoneCallView], domain.Violation | None
]  # Any: each takes its own action


def must_be_new(
    call: domain.PhoneCall, action: domain.UnPark | domain.PickUp | Joins | domain.Transfer, _view: domain.PhoneCallView
) -> domain.Violation | None:
    """Object to ringing a phone that is in the call."""
    return None if live_view_of(call, action.send_call_to) is None else already_in_the_call(action.send_call_to)


def _must_be_new_to(call: domain.PhoneCall, action: Joins, view: domain.PhoneCallView) -> domain.Violation | None:
    """Object to ringing a phone that is in the call, unless it is there to join the same view."""
    return None if joined_leg(call, action, view) is not None else must_be_new(call, action, view)


def joined_leg(call: domain.PhoneCall, action: Joins, view: domain.PhoneCallView) -> domain.PhoneCallView | None:
    """Return the leg of the phone that supervises the view already, or rings to join it, in whatever role."""
    for leg in call.views:
        if leg.target == view.id and leg.extension == action.send_call_to and leg.live:
            return leg
    return None


def _recorded_otherwise(
    _call: domain.PhoneCall, _action: domain.StartRecording, view: domain.PhoneCallView
) -> domain.Violation | None:
    return None if view.recording is None else recorded_otherwise(view, view.recording.format)


GUARDS: Mapping[type[domain.Action], Guard] = {
    **dict.fromkeys((domain.UnPark, domain.PickUp), must_be_new),
    **dict.fromkeys((domain.BargeIn, domain.Whisper, domain.Monitor), _must_be_new_to),
    domain.StartRecording: _recorded_otherwise,
}
"""What is refused although the role and the state of the view are right."""
