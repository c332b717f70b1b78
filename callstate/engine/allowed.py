"""What may be asked of a view now: the answer that a refusal gives beside its reason, and that a user interface shows.

One rule: an action is allowed on a view when some request of its kind that names the view, and no other party, would be
accepted. On an unlisted view none is, for no request can name it. Every refusal asks this, so sets of actions are bits
of a number here: the table's answer is looked up, then corrected by what the other views say.
"""

from collections.abc import Mapping
from typing import TypeAlias

from callstate import domain
from callstate.engine.guards import JOINING_ROLES, joins
from callstate.engine.table import BIT, LENIENT, SPEAKERS, Rules
from callstate.engine.transfers import main_of, parker_left

_START, _STOP, _PARK, _HANG_UP = (
    BIT[domain.StartRecording],
    BIT[domain.StopRecording],
    BIT[domain.Park],
    BIT[domain.HangUp],
)
_TRANSFER, _TO_VOICEMAIL = BIT[domain.Transfer], BIT[domain.TransferToVoicemail]
_PARTING = _PARK | _TRANSFER | _TO_VOICEMAIL
_OF_TWO = _PARTING | BIT[domain.UnPark]
_JOINED: Mapping[domain.Role, int] = {role: BIT[kind] for kind, role in JOINING_ROLES.items()}
_TWO = 2  # the sides of a conversation that is no conference


def _names(kinds: tuple[type[domain.Action], ...]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each set of these actions, at the place that its bits make."""
    sets: list[tuple[str, ...]] = [()]
    for kind in kinds:
        sets += [(*names, kind.__name__) for names in sets]
    return tuple(sets)


_HALF = len(domain.ACTIONS) // 2
_FIRST, _SECOND = _names(domain.ACTIONS[:_HALF]), _names(domain.ACTIONS[_HALF:])
_LOW = len(_FIRST) - 1


def allowed_actions(call: domain.PhoneCall, view_id: str | None, *, rules: Rules = LENIENT) -> tuple[str, ...]:
    """Name the actions that some request could do on the view now, in the table's order; a repeat counts.

    On no view, an unknown one or one that is not listed there are none. Deadlines that have passed are not looked at:
    `advance` the call first.
    """
    view = None if view_id is None else call.view(view_id)
    return () if view is None else allowed_on(call, view, rules)


def allowed_on(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> tuple[str, ...]:
    """Name the same of a view that is at hand."""
    if not view.listed:
        return ()
    bits = _bits(call, view, rules)
    return _FIRST[bits & _LOW] + _SECOND[bits >> _HALF]


def _bits(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> int:
    bits = rules.allows[view.role, view.state]
    if view.state is domain.UNKNOWN:
        return bits & _HANG_UP
    facing, sides, parked, joined = _around(call, view)
    if view.state is not domain.ENDED and view.role in SPEAKERS:
        bits = _with_recording(bits, view, rules)
        if bits & _PARTING and view.parking is None:
            bits = _with_other(bits, view, facing, rules)
        if rules.repeats:
            bits |= joined
            if len(facing) == 1:
                bits |= _sent_to(facing[0], bits)
    if parked is not None and rules.repeats and _has_parked(call, view, parked):
        bits |= _PARK
    return bits if len(sides) == _TWO else bits & ~_OF_TWO


_Around: TypeAlias = tuple[list[domain.PhoneCallView], set[int], domain.PhoneCallView | None, int]


def _around(call: domain.PhoneCall, view: domain.PhoneCallView) -> _Around:
    """Tell what the other views say of one: who faces it, which sides there are, who is parked, how it is joined."""
    facing: list[domain.PhoneCallView] = []
    sides: set[int] = set()
    parked: domain.PhoneCallView | None = None
    joined = 0
    for leg in call.views:
        if leg.state is domain.ENDED:
            continue
        side = leg.side
        if side is not None:
            sides.add(side)
            if side != view.side:
                facing.append(leg)
        if leg.parking is not None:
            sides.add(leg.parking.side)
            parked = leg
        if leg.role is not domain.PARTY and leg.role in _JOINED and joins(leg, leg.role, view):
            joined |= _JOINED[leg.role] if domain.is_extension(leg.extension) else 0
    return facing, sides, parked, joined


def _with_recording(bits: int, view: domain.PhoneCallView, rules: Rules) -> int:
    """Of starting and stopping, one is a repeat whatever the state is."""
    repeat = _STOP if view.recording is None else _START
    return bits | repeat if rules.repeats else bits & ~repeat


def _with_other(bits: int, view: domain.PhoneCallView, facing: list[domain.PhoneCallView], rules: Rules) -> int:
    """Parting takes two who can be parted, and a party of this system to park."""
    other = main_of(facing)
    if other is None:
        return bits & ~_PARTING
    both = rules.allows[other.role, other.state]
    if other.parking is not None or not (domain.is_extension(view.extension) or domain.is_extension(other.extension)):
        both &= ~_PARK
    return bits & (both | ~_PARTING)


# What could be asked again because other views show that it is done ---------------------------------------------------


def _sent_to(facing: domain.PhoneCallView, bits: int) -> int:
    """Say how a view could be sent to the only one that faces it, if its number can be written in a request."""
    way = _TO_VOICEMAIL if facing.role is domain.VOICEMAIL else _TRANSFER
    if bits & way or domain.is_extension(facing.extension):
        return way
    return way if way is _TRANSFER and domain.TO_NUMBER.is_valid(facing.extension) else 0


def _has_parked(call: domain.PhoneCall, view: domain.PhoneCallView, parked: domain.PhoneCallView) -> bool:
    """Tell whether the party of the view, or whoever parked it and has left, could ask to park who is parked."""
    if parked.role not in SPEAKERS:
        return False
    faces = view.state is not domain.ENDED and view.side not in (None, parked.side)
    return (faces and domain.is_extension(view.extension)) or parker_left(call, parked)
