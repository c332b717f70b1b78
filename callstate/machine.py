"""The engine: a call, an input and an instant go in; the call as it is then, or a refusal, comes out.

One rule: the checks are made in the order of `Check`, and the first that fails is the answer. The engine never reads a
clock: `at` comes in with every input. It knows nothing of other calls, of users, or of how a request came.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from callstate.actions import (
    ACTIONS,
    SELF,
    SIGNALS,
    Action,
    Answered,
    BargeIn,
    Dialled,
    FarEndRang,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Request,
    Signal,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    Whisper,
)
from callstate.conditions import OBJECTIONS, REPEATS, Objection, Pair, live_view_of, pair_for, parked_already
from callstate.deadlines import fire, instant
from callstate.effects import EFFECTS, Views, answer, end, report, swap
from callstate.errors import DomainError
from callstate.forms import misfit
from callstate.model import UNKNOWN, PhoneCall, PhoneCallView, ViewState, evolve, is_extension, sides
from callstate.refusals import (
    ENDED_CALL,
    GONE,
    NO_CALL,
    NO_VIEW,
    NOT_A_PARTY,
    NOT_CALLING,
    NOTHING_TO_DO,
    SAME_NUMBER,
    UNKNOWN_VIEW,
    out_of_form,
    refuse,
    wrong_role,
    wrong_sides,
    wrong_state,
)
from callstate.rules import settle
from callstate.table import BETWEEN_TWO, LENIENT, MOVE, PARTS_TWO, ROLES, Rules

QUIET = frozenset({OnHold, OffHold, StartRecording, StopRecording})
"""Actions that touch one view that is up and stays up: the rules have nothing to say to them."""

OF_THE_CALLER = frozenset({Dialled, FarEndRang})
"""News that only a calling end can bring."""

BY_A_COLLEAGUE = frozenset({PickUp, BargeIn, Whisper, Monitor})
"""Actions that somebody outside of the call may ask for; who is of the same organization a service must tell."""

TWO = 2
"""The sides of a conversation that is no conference."""

Answer: TypeAlias = PhoneCall | DomainError


def apply_action(call: PhoneCall | None, action: Action, *, at: datetime, rules: Rules = LENIENT) -> Answer:
    """Return the call as it is after an action or a signal, or why it is refused.

    `call` is `None` if the store did not find it. `at` is an aware datetime; one before the call's last change counts
    as that. Deadlines that passed strictly before `at` fire first, so at the same instant the action wins. When the
    action is a repeat and no deadline fired, the very same object comes back. A `ValueError` or a `TypeError` tells
    of a bug of the caller: a naive datetime, or something that is no action.
    """
    now = instant(at)
    answer_to = ANSWERS.get(type(action))
    if answer_to is None:
        raise TypeError(f"{action!r} is no action")
    if call is None or action.call_id != call.id:
        return refuse(None, action, rules, NO_CALL)
    if call.updated is not None and now < call.updated:
        now = call.updated
    return answer_to(fire(call, now, inclusive=False), action, now, rules)


# Signals --------------------------------------------------------------------------------------------------------------


def _hear(call: PhoneCall, signal: Signal, at: datetime, rules: Rules) -> Answer:
    view = call.view(signal.view_id)
    if view is None:
        return refuse(call, signal, rules, UNKNOWN_VIEW)
    if call.over:
        return call
    if type(signal) in OF_THE_CALLER and view.side != 0:
        return refuse(call, signal, rules, NOT_CALLING, view)
    move = rules.moves[type(signal)].get(view.state)
    if move is None:
        return refuse(call, signal, rules, wrong_state(signal, rules), view)
    if move.kind is not MOVE:
        return call
    return settle(call, swap(call.views, _reported(call, signal, view, move.to, at)), at)


def _reported(call: PhoneCall, signal: Signal, view: PhoneCallView, to: ViewState, at: datetime) -> PhoneCallView:
    match signal:
        case HungUp(disposition=disposition):
            return end(view, at, disposition)
        case Answered():
            return answer(call, view, to, at)
        case _:
            return report(call, view, to, at)


# Hanging up -----------------------------------------------------------------------------------------------------------


def _hang_up(call: PhoneCall, action: HangUp, at: datetime, rules: Rules) -> Answer:
    refusal = _call_refusal(call, action, rules)
    if refusal is not None:
        return refusal
    if action.phone_number is not None:
        return _leave(call, action, live_view_of(call, action.phone_number), at, rules)
    if action.view_id is not None:
        view = _named(call, action)
        if view is None:
            return refuse(call, action, rules, NO_VIEW)
        return _leave(call, action, view, at, rules)
    return call if call.over else settle(call, tuple(end(view, at) for view in call.views), at)


def _leave(call: PhoneCall, action: HangUp, view: PhoneCallView | None, at: datetime, rules: Rules) -> Answer:
    """End one party's view; who is not in the call, or not any more, has nothing to end."""
    if view is None:
        return call if rules.repeats else refuse(call, action, rules, GONE)
    move = rules.moves[HangUp].get(view.state)
    if move is None:
        return refuse(call, action, rules, wrong_state(action, rules), view)
    return call if move.kind is not MOVE else settle(call, swap(call.views, end(view, at)), at)


# The other actions ----------------------------------------------------------------------------------------------------


def _act(call: PhoneCall, action: Request, at: datetime, rules: Rules) -> Answer:
    refusal = _call_refusal(call, action, rules)
    if refusal is not None:
        return refusal
    view = _named(call, action)
    if view is None and action.view_id is not None:
        return refuse(call, action, rules, NO_VIEW)
    objection = _form_objection(action)
    if objection is not None:
        return refuse(call, action, rules, objection)
    return _move(call, action, view, at, rules)


def _call_refusal(call: PhoneCall, action: Request, rules: Rules) -> DomainError | None:
    over = call.over
    if over and not (isinstance(action, HangUp) and rules.repeats):
        return refuse(call, action, rules, ENDED_CALL)
    if action.extension in (SELF, call.extension) or _takes_part(call, action, over=over):
        return None
    return refuse(call, action, rules, NOT_A_PARTY)


def _takes_part(call: PhoneCall, action: Request, *, over: bool) -> bool:
    """Tell whether the asker is of the call; of a call that is over, whether it was."""
    if type(action) in BY_A_COLLEAGUE:
        return is_extension(action.extension)
    numbers = {view.extension for view in call.views if view.live or over}
    parkers = {view.parking.by for view in call.views if view.parking is not None}
    return action.extension in numbers | parkers


def _named(call: PhoneCall, action: Request) -> PhoneCallView | None:
    """Return the view that the action names; one that has ended only where that may be a repeat."""
    view = None if action.view_id is None else call.view(action.view_id)
    if view is None or not view.listed:
        return None
    may_have_left = isinstance(action, HangUp) or (isinstance(action, Park) and parked_already(call, action, view))
    return view if view.live or may_have_left else None


def _form_objection(action: Request) -> Objection | None:
    form = misfit(action, action.forms)
    if form is not None:
        return out_of_form(form)
    if isinstance(action, Transfer | TransferToVoicemail) and action.transfer_number is not None:
        return SAME_NUMBER if action.transfer_number == action.transfer_from_number else None
    return None


def _move(call: PhoneCall, action: Request, view: PhoneCallView | None, at: datetime, rules: Rules) -> Answer:
    """Make the checks that need the table, then the move."""
    kind = type(action)
    count = len(sides(call.views)) if kind in BETWEEN_TWO else TWO
    pair = pair_for(call, action, view) if count == TWO else None
    if pair is None:
        return refuse(call, action, rules, wrong_sides(count), view)
    refusal = _role_refusal(call, action, pair.subject, rules)
    if refusal is not None:
        return refusal
    if _is_repeat(call, action, pair, rules):
        return call if rules.repeats else refuse(call, action, rules, NOTHING_TO_DO, pair.subject)
    refusal = _state_refusal(call, action, pair, rules) or _context_refusal(call, action, pair, rules)
    if refusal is not None:
        return refusal
    views = EFFECTS[kind](call, action, pair, rules.moves[kind][pair.subject.state].to, at)
    return _quiet(call, views, at) if kind in QUIET else settle(call, views, at)


def _role_refusal(call: PhoneCall, action: Request, view: PhoneCallView, rules: Rules) -> DomainError | None:
    if view.role not in ROLES[type(action)]:
        return refuse(call, action, rules, wrong_role(action, view), view)
    if view.state is UNKNOWN:
        # Before the repeats: of a party in an unknown state nothing can be said to hold already.
        return refuse(call, action, rules, wrong_state(action, rules), view)
    return None


def _is_repeat(call: PhoneCall, action: Request, pair: Pair, rules: Rules) -> bool:
    kind = type(action)
    move = rules.moves[kind].get(pair.subject.state)
    if move is not None and move.kind is not MOVE:
        return True
    return pair.told and kind in REPEATS and REPEATS[kind](call, action, pair.subject)


def _state_refusal(call: PhoneCall, action: Request, pair: Pair, rules: Rules) -> DomainError | None:
    """Check the state of the party that is moved and, if they part, both of the one it is parted from."""
    moves = rules.moves[type(action)]
    if pair.subject.state not in moves:
        return refuse(call, action, rules, wrong_state(action, rules), pair.subject)
    if type(action) not in PARTS_TWO:
        return None
    other = pair.other
    if other is None:
        return refuse(call, action, rules, wrong_state(action, rules), pair.subject)
    refusal = _role_refusal(call, action, other, rules)
    if refusal is None and (other.state not in moves or moves[other.state].kind is not MOVE):
        refusal = refuse(call, action, rules, wrong_state(action, rules), other)
    return refusal


def _context_refusal(call: PhoneCall, action: Request, pair: Pair, rules: Rules) -> DomainError | None:
    objects = OBJECTIONS.get(type(action))
    objection = None if objects is None else objects(call, action, pair)
    return None if objection is None else refuse(call, action, rules, objection)


def _quiet(call: PhoneCall, views: Views, at: datetime) -> PhoneCall:
    return evolve(call, views=views, version=call.version + 1, updated=at)


# Any: each answers its own inputs.
ANSWERS: Mapping[type[Action], Callable[[PhoneCall, Any, datetime, Rules], Answer]] = {
    **dict.fromkeys(ACTIONS, _act),
    **dict.fromkeys(SIGNALS, _hear),
    HangUp: _hang_up,
}
