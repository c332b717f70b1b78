"""What may be asked of a view now: the answer that a refusal gives beside its reason, and that a user interface shows.

One rule: an action is allowed on a view when some request of its kind that names the view, and no other party, would be
accepted. On an unlisted view none is, for no request can name it.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from callstate.actions import (
    ACTIONS,
    Action,
    BargeIn,
    HangUp,
    Monitor,
    Park,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    Whisper,
)
from callstate.conditions import JOINS, joins, sides
from callstate.model import ENDED, UNKNOWN, VOICEMAIL, PhoneCall, PhoneCallView, is_extension
from callstate.pairs import only_facing, opposite, parker_left
from callstate.table import BETWEEN_TWO, LENIENT, MOVE, ROLES, Rules


def allowed_actions(call: PhoneCall, view_id: str | None, *, rules: Rules = LENIENT) -> tuple[str, ...]:
    """Name the actions that some request could do on the view now, in the table's order.

    Deadlines that have passed are not looked at: `advance` the call first.
    """
    view = None if view_id is None else call.view(view_id)
    if view is None or not view.listed:
        return ()
    return tuple(kind.__name__ for kind in ACTIONS if _is_allowed(call, view, kind, rules))


def _is_allowed(call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    if kind is HangUp:
        return view.live or rules.repeats
    if view.state is ENDED:
        return kind is Park and _park_is_done(call, rules)
    if view.state is UNKNOWN or view.role not in ROLES[kind]:
        return False
    if kind in BETWEEN_TWO and len(sides(call.views)) != 2:  # noqa: PLR2004  # the two ends of a conversation
        return False
    ask = ASKS.get(kind)
    return view.state in rules.moves[kind] if ask is None else ask(call, view, kind, rules)


Ask: TypeAlias = Callable[[PhoneCall, PhoneCallView, type[Action], Rules], bool]


def _may_park(call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    if _park_is_done(call, rules) or (view.parking is not None and rules.repeats):
        return True
    other = opposite(call, view)
    here = is_extension(view.extension) or (other is not None and is_extension(other.extension))
    return here and _both_move(view, other, kind, rules)


def _park_is_done(call: PhoneCall, rules: Rules) -> bool:
    """Whether a party's parker could ask again, and so could name any view."""
    two = len(sides(call.views)) == 2  # noqa: PLR2004  # the parked party and the lot
    return rules.repeats and two and any(parker_left(call, v) and v.role in ROLES[Park] for v in call.views)


def _may_send(call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    facing, to_mailbox = only_facing(call, view), kind is TransferToVoicemail
    # Sent there already: a repeat, if the number there can be written in a request.
    is_sent = facing is not None and (facing.role is VOICEMAIL) is to_mailbox and _has_number(facing, kind)
    if is_sent and rules.repeats:
        return True
    return _both_move(view, opposite(call, view), kind, rules)


def _has_number(facing: PhoneCallView, kind: type[Action]) -> bool:
    return bool(facing.extension) if kind is Transfer else is_extension(facing.extension)


def _both_move(view: PhoneCallView, other: PhoneCallView | None, kind: type[Action], rules: Rules) -> bool:
    if other is None or other.role not in ROLES[kind]:
        return False
    moves = [rules.moves[kind].get(party.state) for party in (view, other)]
    return all(move is not None and move.kind is MOVE for move in moves)


def _may_join(call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    if view.state in rules.moves[kind]:
        return True
    return rules.repeats and any(leg.live and joins(leg, JOINS[kind], view) for leg in call.views)


def _may_record(_call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    return view.state in rules.moves[kind] if view.recording is None else rules.repeats


def _may_stop_recording(_call: PhoneCall, view: PhoneCallView, kind: type[Action], rules: Rules) -> bool:
    return view.state in rules.moves[kind] if view.recording is not None else rules.repeats


ASKS: Mapping[type[Action], Ask] = {
    Park: _may_park,
    Transfer: _may_send,
    TransferToVoicemail: _may_send,
    BargeIn: _may_join,
    Whisper: _may_join,
    Monitor: _may_join,
    StartRecording: _may_record,
    StopRecording: _may_stop_recording,
}
"""The actions for which the state alone does not tell."""
