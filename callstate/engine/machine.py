"""The engine: a call, an input and an instant go in; the call as it is then, or a refusal, comes out.

One rule: the checks are made in the order of `Check`, and the first that fails is the answer. The engine never reads a
clock: `at` comes in with every input. It knows nothing of other calls, of users, or of how a request came.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.engine.authorization import call_violation
from callstate.engine.deadlines import fire, instant
from callstate.engine.effects import LEG_EFFECTS, VIEW_EFFECTS, end, put, report, swap
from callstate.engine.guards import GUARDS, REPEATS, left_by, live_view_of, sides
from callstate.engine.refusals import (
    GONE,
    NO_CALL,
    NO_VIEW,
    NOT_CALLING,
    NOTHING_TO_DO,
    SAME_NUMBER,
    UNKNOWN_VIEW,
    invalid_field,
    refuse,
    wrong_role,
    wrong_sides,
)
from callstate.engine.rules import settle
from callstate.engine.table import BETWEEN_TWO, LENIENT, MOVE, ROLES, Rules
from callstate.engine.transfers import GUARDS as PAIR_GUARDS
from callstate.engine.transfers import PARTING_EFFECTS, Pair, is_sent, named_party, pair_for, parked_already

OF_THE_CALLER = frozenset({domain.Dialled, domain.FarEndRang})
"""SignalName that only a calling end can bring."""

ASKS_FIRST = frozenset({kind for kind in domain.ACTIONS if kind.field_rules}) | BETWEEN_TWO
"""Actions that have fields to judge, or that are of two parties only, before the role and the state of a view count."""

TWO = 2
"""The sides of a conversation that is no conference."""

Answer: TypeAlias = domain.PhoneCall | domain.DomainError
Parting: TypeAlias = domain.Park | domain.Transfer | domain.TransferToVoicemail
OnView: TypeAlias = (
    domain.OnHold
    | domain.OffHold
    | domain.StartRecording
    | domain.StopRecording
    | domain.UnPark
    | domain.PickUp
    | domain.BargeIn
    | domain.Whisper
    | domain.Monitor
)


def apply_action(
    call: domain.PhoneCall | None, action: domain.Action, *, at: datetime, rules: Rules = LENIENT
) -> Answer:
    """Return the call as it is after an action or a signal, or why it is refused.

    `call` is `None` if the store did not find it. `at` is an aware datetime; one before the call's last change counts
    as that. Deadlines that passed strictly before `at` fire first, so at the same instant the action wins. When the
    action is a repeat and no deadline fired, the very same object comes back. A `ValueError` or a `TypeError` tells
    of a bug of the caller: a naive datetime, or something that is no action.
    """
    if type(at.tzinfo) is not timezone:
        at = instant(at)
    answer_to = HANDLERS.get(type(action))
    if answer_to is None:
        raise TypeError(f"{action!r} is no action")
    if call is None or action.call_id != call.id:
        return refuse(None, action, rules, NO_CALL)
    updated, deadline = call.updated, call.deadline
    if updated is not None and at < updated:
        at = updated
    if deadline is not None and deadline < at:
        call = fire(call, at, inclusive=False)
    return answer_to(call, action, at, rules)


# Signals --------------------------------------------------------------------------------------------------------------


def _apply_signal(call: domain.PhoneCall, signal: domain.Signal, at: datetime, rules: Rules) -> Answer:
    place = domain.place_of(call.views, signal.view_id)
    if place is None:
        return refuse(call, signal, rules, UNKNOWN_VIEW)
    view = call.views[place]
    if view.state is domain.ENDED and call.over:
        return call
    if type(signal) in OF_THE_CALLER and view.side != 0:
        return refuse(call, signal, rules, NOT_CALLING, view)
    if view.role not in ROLES[type(signal)]:
        return refuse(call, signal, rules, wrong_role(signal, view), view)
    move = rules.moves[type(signal)].get(view.state)
    if move is None:
        return refuse(call, signal, rules, rules.needs[type(signal)], view)
    if move.kind is not MOVE:
        return call
    return settle(call, put(call.views, place, report(call, signal, view, move.to, at)), at)


# The checks that every action has -------------------------------------------------------------------------------------


def _role_violation(action: domain.Request, view: domain.PhoneCallView, rules: Rules) -> domain.Violation | None:
    if view.role not in ROLES[type(action)]:
        return wrong_role(action, view)
    # Before the repeats: of a party in an unknown state nothing can be said to hold already.
    return rules.needs[type(action)] if view.state is domain.UNKNOWN else None


def _form_violation(action: domain.Request) -> domain.Violation | None:
    form = domain.first_violated(action, action.field_rules)
    return None if form is None else invalid_field(form)


def _sides_violation(call: domain.PhoneCall) -> domain.Violation | None:
    count = len(sides(call.views))
    return None if count == TWO else wrong_sides(count)


# Hanging up -----------------------------------------------------------------------------------------------------------


def _hang_up(call: domain.PhoneCall, action: domain.HangUp, at: datetime, rules: Rules) -> Answer:
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    if action.phone_number is not None:
        return _leave(call, action, live_view_of(call, action.phone_number), at, rules)
    if action.view_id is not None:
        view = call.view(action.view_id)
        if view is None or not view.listed:
            return refuse(call, action, rules, NO_VIEW)
        return _leave(call, action, view, at, rules)
    return call if call.over else settle(call, tuple(end(view, at) for view in call.views), at)


def _leave(
    call: domain.PhoneCall, action: domain.HangUp, view: domain.PhoneCallView | None, at: datetime, rules: Rules
) -> Answer:
    """End one party's view; who is not in the call, or not any more, has nothing to end."""
    if view is None:
        return call if rules.repeats else refuse(call, action, rules, GONE, left_by(call, action.phone_number))
    move = rules.moves[domain.HangUp].get(view.state)
    if move is None:
        return refuse(call, action, rules, rules.needs[domain.HangUp], view)
    return call if move.kind is not MOVE else settle(call, swap(call.views, end(view, at)), at)


# Actions on one view --------------------------------------------------------------------------------------------------


def _on_view(call: domain.PhoneCall, action: OnView, at: datetime, rules: Rules) -> Answer:
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    kind, place = type(action), domain.place_of(call.views, action.view_id)
    view = None if place is None else call.views[place]
    if place is None or view is None or view.state is domain.ENDED or not view.listed:
        return refuse(call, action, rules, NO_VIEW)
    if kind in ASKS_FIRST or view.role not in ROLES[kind] or view.state is domain.UNKNOWN:
        violation = _first_violation(call, action, view, rules)
        if violation is not None:
            return refuse(call, action, rules, violation, view)
    move = rules.moves[kind].get(view.state)
    if (move is not None and move.kind is not MOVE) or (kind in REPEATS and REPEATS[kind](call, action, view)):
        return call if rules.repeats else refuse(call, action, rules, NOTHING_TO_DO, view)
    if move is None:
        return refuse(call, action, rules, rules.needs[kind], view)
    violation = GUARDS[kind](call, action, view) if kind in GUARDS else None
    if violation is not None:
        return refuse(call, action, rules, violation, view)
    touch = VIEW_EFFECTS.get(kind)
    if touch is None:
        return settle(call, (*call.views, LEG_EFFECTS[kind](call, action, view, at)), at)
    return _with_view(call, place, touch(action, view, move.to, at), at)


def _first_violation(
    call: domain.PhoneCall, action: OnView, view: domain.PhoneCallView, rules: Rules
) -> domain.Violation | None:
    violation = _form_violation(action) or _role_violation(action, view, rules)
    return _sides_violation(call) if violation is None and type(action) in BETWEEN_TWO else violation


def _with_view(call: domain.PhoneCall, place: int, view: domain.PhoneCallView, at: datetime) -> domain.PhoneCall:
    """Put one view in the place of another; the rules across the views have nothing to say to that."""
    changed = domain.copy_of(call)
    force_setattr(changed, "views", put(call.views, place, view))
    force_setattr(changed, "version", call.version + 1)
    force_setattr(changed, "updated", at)
    return changed


# Actions that part two parties ----------------------------------------------------------------------------------------


def _between_two(call: domain.PhoneCall, action: Parting, at: datetime, rules: Rules) -> Answer:
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    view = None if action.view_id is None else call.view(action.view_id)
    if action.view_id is not None and not _can_be_named(call, action, view):
        return refuse(call, action, rules, NO_VIEW)
    violation = _form_violation(action) or _same_number(action) or _sides_violation(call)
    if violation is not None:
        about = named_party(call, action) if view is None and not isinstance(action, domain.Park) else view
        return refuse(call, action, rules, violation, about)
    return _part(call, action, pair_for(call, action, view), at, rules)


def _can_be_named(call: domain.PhoneCall, action: Parting, view: domain.PhoneCallView | None) -> bool:
    if view is None or not view.listed:
        return False
    return view.live or (isinstance(action, domain.Park) and parked_already(call, action, view) is not None)


def _same_number(action: Parting) -> domain.Violation | None:
    if isinstance(action, domain.Park) or action.transfer_number is None:
        return None
    return SAME_NUMBER if action.transfer_number == action.transfer_from_number else None


def _part(call: domain.PhoneCall, action: Parting, pair: Pair, at: datetime, rules: Rules) -> Answer:
    subject, moves = pair.subject, rules.moves[type(action)]
    violation = _role_violation(action, subject, rules)
    if violation is not None:
        return refuse(call, action, rules, violation, subject)
    move = moves.get(subject.state)
    if move is not None and move.kind is not MOVE:
        return call
    if pair.told and not isinstance(action, domain.Park) and is_sent(call, action, subject):
        return call if rules.repeats else refuse(call, action, rules, NOTHING_TO_DO, subject)
    if move is None or pair.other is None:
        return refuse(call, action, rules, rules.needs[type(action)], subject)
    violation = _other_violation(action, pair.other, rules)
    if violation is not None:
        return refuse(call, action, rules, violation, pair.other)
    violation = PAIR_GUARDS[type(action)](call, action, pair)
    if violation is not None:
        return refuse(call, action, rules, violation, subject)
    return settle(call, PARTING_EFFECTS[type(action)](call, action, pair, move.to, at), at)


def _other_violation(action: Parting, other: domain.PhoneCallView, rules: Rules) -> domain.Violation | None:
    """Object to the party that is left, which must be where the table's row asks as well."""
    move = rules.moves[type(action)].get(other.state)
    wrong = rules.needs[type(action)] if move is None or move.kind is not MOVE else None
    return _role_violation(action, other, rules) or wrong


# Any: each answers its own inputs.
HANDLERS: Mapping[type[domain.Action], Callable[[domain.PhoneCall, Any, datetime, Rules], Answer]] = {
    **dict.fromkeys(domain.SIGNALS, _apply_signal),
    **dict.fromkeys((*VIEW_EFFECTS, *LEG_EFFECTS), _on_view),
    **dict.fromkeys(PARTING_EFFECTS, _between_two),
    domain.HangUp: _hang_up,
}
