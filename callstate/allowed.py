"""What may be asked of a view now: the answer that a refusal gives beside its reason, and that a user interface shows.

One rule: an action is allowed on a view when some request of its kind that names the view, and no other party, would be
accepted. On an unlisted view none is, for no request can name it. Every refusal asks this, so sets of actions are bits
of a number here: the table's answer is looked up, then corrected by what the other views say.
"""

from collections.abc import Mapping

from callstate.actions import (
    ACTIONS,
    Action,
    HangUp,
    Park,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
)
from callstate.conditions import JOINS, joins, sides
from callstate.model import ENDED, UNKNOWN, VOICEMAIL, PhoneCall, PhoneCallView, Role, is_extension
from callstate.pairs import only_facing, opposite, parker_left
from callstate.table import BIT, LENIENT, ROLES, Rules

_START, _STOP, _PARK, _HANG_UP = BIT[StartRecording], BIT[StopRecording], BIT[Park], BIT[HangUp]
_PARTING = BIT[Park] | BIT[Transfer] | BIT[TransferToVoicemail]
_OF_TWO = _PARTING | BIT[UnPark]
_JOINED: Mapping[Role, int] = {role: BIT[kind] for kind, role in JOINS.items()}
_TWO = 2  # the sides of a conversation that is no conference


def _names(kinds: tuple[type[Action], ...]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each set of these actions, at the place that its bits make."""
    names = [kind.__name__ for kind in kinds]
    return tuple(
        tuple(name for bit, name in enumerate(names) if number >> bit & 1) for number in range(1 << len(names))
    )


_HALF = len(ACTIONS) // 2
_FIRST, _SECOND = _names(ACTIONS[:_HALF]), _names(ACTIONS[_HALF:])


def allowed_actions(call: PhoneCall, view_id: str | None, *, rules: Rules = LENIENT) -> tuple[str, ...]:
    """Name the actions that some request could do on the view now, in the table's order.

    Deadlines that have passed are not looked at: `advance` the call first.
    """
    view = None if view_id is None else call.view(view_id)
    if view is None or not view.listed:
        return ()
    bits = _bits(call, view, rules)
    return _FIRST[bits & len(_FIRST) - 1] + _SECOND[bits >> _HALF]


def _bits(call: PhoneCall, view: PhoneCallView, rules: Rules) -> int:
    bits = rules.allows[view.role, view.state]
    if view.state is UNKNOWN:
        return bits & _HANG_UP
    if view.state is not ENDED and view.role in ROLES[StartRecording]:
        bits = _with_recording(bits, view, rules)
        bits = _with_other(bits, call, view, rules)
    if rules.repeats:
        bits = _with_repeats(bits, call, view)
    return bits if not bits & _OF_TWO or len(sides(call.views)) == _TWO else bits & ~_OF_TWO


def _with_recording(bits: int, view: PhoneCallView, rules: Rules) -> int:
    """Of starting and stopping, one is a repeat whatever the state is."""
    repeat = _STOP if view.recording is None else _START
    return bits | repeat if rules.repeats else bits & ~repeat


def _with_other(bits: int, call: PhoneCall, view: PhoneCallView, rules: Rules) -> int:
    """Parting takes two who can be parted, and a party of this system to park."""
    if not bits & _PARTING or view.parking is not None:
        return bits
    other = opposite(call, view)
    if other is None:
        return bits & ~_PARTING
    both = bits & rules.allows[other.role, other.state]
    if other.parking is not None or not (is_extension(view.extension) or is_extension(other.extension)):
        both &= ~_PARK
    return bits & ~_PARTING | both & _PARTING


def _with_repeats(bits: int, call: PhoneCall, view: PhoneCallView) -> int:
    """Add what could be asked again because another view shows that it is done."""
    party = view.live and view.role in ROLES[Transfer]
    for leg in call.views:
        if leg.parking is not None and leg.role in ROLES[Park] and parker_left(call, leg):
            bits |= _PARK
        elif party and leg.role in _JOINED and leg.live and joins(leg, leg.role, view):
            bits |= _JOINED[leg.role]
    facing = only_facing(call, view) if party else None
    return bits if facing is None else bits | _sent_to(facing)


def _sent_to(facing: PhoneCallView) -> int:
    """Say how a view could be sent to the only one that faces it, if its number can be written in a request."""
    if facing.role is VOICEMAIL:
        return BIT[TransferToVoicemail] if is_extension(facing.extension) else 0
    return BIT[Transfer] if facing.extension else 0
