"""The engine: a call, an input and a time go in; the changed call, or a refusal, comes out.

One rule: the checks are made in the order of `Check`, and the first that fails is the answer. The engine never reads a
clock: `at` comes in with every input. It knows nothing of other calls, of users, or of how a request came.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.domain import ENDED, RINGING, TRYING, UNKNOWN, Park, PhoneCall, Rang, copy_of, first_violated, place_of
from callstate.engine.authorization import call_violation
from callstate.engine.deadlines import fire, instant
from callstate.engine.effects import LEG_EFFECTS, VIEW_EFFECTS, LegEffect, ViewEffect, apply_report
from callstate.engine.ended_views import CARRIED
from callstate.engine.guards import GUARDS, REPEATS, Guard, Repeat, view_meant
from callstate.engine.hanging_up import apply_hang_up
from callstate.engine.parties import is_forgotten, parked_by, sides, successor_of
from callstate.engine.refusal_reasons import (
    invalid_field,
    no_call,
    no_view,
    not_calling,
    not_rung,
    nothing_to_do,
    same_number,
    unknown_view,
    wrong_role,
    wrong_sides,
    wrong_state_for,
)
from callstate.engine.refusals import Answer, must_be_a_call, refuse
from callstate.engine.settling import settle
from callstate.engine.transfer_roles import Parties, is_repeated, is_sent, named_party, park_parties, transfer_parties
from callstate.engine.transfers import EFFECTS as TRANSFER_EFFECTS
from callstate.engine.transfers import GUARDS as TRANSFER_GUARDS
from callstate.engine.transfers import states_violation
from callstate.engine.transition_table import BETWEEN_TWO, LENIENT, MOVE, ROLES, TWO, Rules
from callstate.engine.views import replace_view

OF_THE_CALLER = frozenset({domain.Dialled, domain.FarEndRang})
"""Signals that only a calling phone that dials itself can bring."""

SendingAway: TypeAlias = domain.Park | domain.Transfer | domain.TransferToVoicemail
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
    as that. Deadlines that passed strictly before `at` fire first, so at the same time the action wins. When the action
    is a repeat and no deadline fired, the same object comes back. A `ValueError` or a `TypeError` is a bug
    of the caller: a naive datetime, something that is not an action, or a refusal that is passed as the call.
    """
    if type(at) is not datetime or at.tzinfo is not UTC:
        at = instant(at)
    handler = HANDLERS.get(type(action))
    if handler is None:
        raise TypeError(f"{action!r} is not an action")
    if type(call) is not PhoneCall and call is not None:
        must_be_a_call("apply_action", call)
    if call is None or action.call_id != call.id:
        return refuse(None, action, rules, no_call(action.call_id))
    updated, deadline = call.updated, call.deadline
    if updated is not None and at < updated:
        at = updated
    if deadline is not None and deadline < at:
        call = fire(call, at, inclusive=False)
    return handler(call, action, at, rules)


# Signals --------------------------------------------------------------------------------------------------------------


def _apply_signal(call: domain.PhoneCall, signal: domain.Signal, at: datetime, rules: Rules) -> Answer:
    place = place_of(call.views, signal.view_id)
    if place is None:
        late = is_forgotten(call, signal.view_id)
        return call if late else refuse(call, signal, rules, unknown_view(signal.view_id))
    view = call.views[place]
    if view.state is ENDED and call.over:
        return call
    violation = _report_violation(signal, view)
    if violation is not None:
        return refuse(call, signal, rules, violation, view)
    move = rules.moves[type(signal)].get(view.state)
    if move is None:
        return refuse(call, signal, rules, wrong_state_for(signal, view, rules), view)
    if move.kind is not MOVE:
        return call
    return settle(call, replace_view(call.views, place, apply_report(call, signal, view, move.to, at)), at)


def _report_violation(signal: domain.Signal, view: domain.PhoneCallView) -> domain.Violation | None:
    """Object to what this phone cannot have done: one that dials itself is not rung, one that is rung does not dial."""
    kind = type(signal)
    if view.role not in ROLES[kind]:
        return wrong_role(signal, view)
    if kind in OF_THE_CALLER and (view.side != 0 or view.until is not None or view.state is RINGING):
        return not_calling(view)
    dials_itself = view.side == 0 and view.state is TRYING and view.until is None
    return not_rung(view) if kind is Rang and dials_itself else None


# The checks that every action has -------------------------------------------------------------------------------------


def _role_violation(action: domain.Request, view: domain.PhoneCallView, rules: Rules) -> domain.Violation | None:
    if view.role not in ROLES[type(action)]:
        return wrong_role(action, view)
    # Before the repeats: of a party in an unknown state it is not known what has been done already.
    return wrong_state_for(action, view, rules) if view.state is UNKNOWN else None


def _field_violation(action: domain.Request, rules: Rules) -> domain.Violation | None:
    rule = first_violated(action, rules.numbering)
    return None if rule is None else invalid_field(rule, action)


def _sides_violation(call: domain.PhoneCall) -> domain.Violation | None:
    count = len(sides(call.views))
    return None if count == TWO else wrong_sides(count)


# Actions on one view --------------------------------------------------------------------------------------------------


def _apply_to_view(call: domain.PhoneCall, action: OnView, at: datetime, rules: Rules) -> Answer:
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    ready, repeats, guard, effect, leg_effect = PLANS[type(action)]
    place = place_of(call.views, action.view_id)
    if place is None:
        return refuse(call, action, rules, no_view(action.view_id, None))
    view = call.views[place]
    if view.state is ENDED or not view.listed:
        meant = view_meant(call, action, view)
        if meant is None:
            return refuse(call, action, rules, no_view(action.view_id, view))
        view = meant
    is_ready = view.role in ready and view.state is not UNKNOWN
    violation = None if is_ready else _first_violation(call, action, view, rules)
    if violation is not None:
        return refuse(call, action, rules, violation, view)
    move = rules.moves[type(action)].get(view.state)
    if (move is not None and move.kind is not MOVE) or (repeats is not None and repeats(call, action, view)):
        return call if rules.repeats else refuse(call, action, rules, nothing_to_do(action, view), view)
    if move is None:
        return refuse(call, action, rules, wrong_state_for(action, view, rules), view)
    violation = None if guard is None else guard(call, action, view)
    if violation is not None:
        return refuse(call, action, rules, violation, view)
    if effect is not None:
        return _with_view(call, place, effect(action, view, move.to, at), at)
    assert leg_effect is not None  # each action has one of the two
    return settle(call, leg_effect(call, action, view, at), at)


Plan: TypeAlias = tuple[frozenset[domain.Role], Repeat | None, Guard | None, ViewEffect | None, LegEffect | None]
"""What is asked and done, in this order, for one action on one view: looked up once.

The first are the roles of which no check is due before the table is asked: none if the action has fields to check, or
is about two sides. A plain tuple, because Python unpacks it several times faster than a named one.
"""


def _plan(kind: type[domain.Action]) -> Plan:
    asks_first = kind.field_rules or kind in BETWEEN_TWO
    ready = frozenset[domain.Role]() if asks_first else ROLES[kind]
    return ready, REPEATS.get(kind), GUARDS.get(kind), VIEW_EFFECTS.get(kind), LEG_EFFECTS.get(kind)


PLANS: Mapping[type[domain.Action], Plan] = {kind: _plan(kind) for kind in (*VIEW_EFFECTS, *LEG_EFFECTS)}


def _first_violation(
    call: domain.PhoneCall, action: OnView, view: domain.PhoneCallView, rules: Rules
) -> domain.Violation | None:
    violation = _field_violation(action, rules) or _role_violation(action, view, rules)
    return _sides_violation(call) if violation is None and type(action) in BETWEEN_TWO else violation


def _with_view(call: domain.PhoneCall, place: int, view: domain.PhoneCallView, at: datetime) -> domain.PhoneCall:
    """Put one view in the place of another.

    The rules across the views have nothing to add to that, unless the call was read or built and never went through
    them, or views are to be forgotten that ended in the last step.
    """
    views = [*call.views]
    views[place] = view
    if call.version == 0 or call.ended_views > CARRIED:
        return settle(call, tuple(views), at)
    changed = copy_of(call)
    force_setattr(changed, "views", tuple(views))
    force_setattr(changed, "version", call.version + 1)
    force_setattr(changed, "updated", at)
    return changed


# Actions that send one of two parties away ----------------------------------------------------------------------------


def _send_away(call: domain.PhoneCall, action: SendingAway, at: datetime, rules: Rules) -> Answer:
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    view = None if action.view_id is None else call.view(action.view_id)
    if action.view_id is not None and not _can_be_named(call, action, view):
        return refuse(call, action, rules, no_view(action.view_id, view))
    violation = _field_violation(action, rules) or _same_number(action) or _sides_violation(call)
    if violation is not None:
        about = named_party(call, action) if view is None and not isinstance(action, Park) else view
        return refuse(call, action, rules, violation, about)
    return _send_subject(call, action, _parties(call, action, view), at, rules)


def _can_be_named(call: domain.PhoneCall, action: SendingAway, view: domain.PhoneCallView | None) -> bool:
    """Tell whether a request may name a view; one that has ended can only repeat the request by which it ended."""
    if view is None or not view.listed:
        return False
    if view.live:
        return True
    if isinstance(action, Park):
        return parked_by(call, view) is not None
    parties = transfer_parties(call, action, view)
    left = successor_of(call, view) is not None and parties.other is not None and parties.other.side == view.side
    return left and is_repeated(call, action, parties)


def _same_number(action: SendingAway) -> domain.Violation | None:
    if isinstance(action, Park) or action.transfer_number is None:
        return None
    return same_number(action.transfer_number) if action.transfer_number == action.transfer_from_number else None


def _parties(call: domain.PhoneCall, action: SendingAway, view: domain.PhoneCallView | None) -> Parties:
    if not isinstance(action, Park):
        return transfer_parties(call, action, view)
    assert view is not None  # checked: Park names a view
    return park_parties(call, action, view)


def _send_subject(call: domain.PhoneCall, action: SendingAway, parties: Parties, at: datetime, rules: Rules) -> Answer:
    subject = parties.subject
    violation = _role_violation(action, subject, rules)
    if violation is not None:
        return refuse(call, action, rules, violation, subject)
    move = rules.moves[type(action)].get(subject.state)
    if move is not None and move.kind is not MOVE:
        return call
    if parties.told and not isinstance(action, Park) and is_sent(call, action, parties):
        return call if rules.repeats else refuse(call, action, rules, nothing_to_do(action, subject), subject)
    found = _other_violation(action, parties, rules) or states_violation(call, action, parties, rules)
    if found is not None:
        return refuse(call, action, rules, *found)
    violation = TRANSFER_GUARDS[type(action)](call, action, parties)
    if violation is not None:
        return refuse(call, action, rules, violation, subject)
    return settle(call, TRANSFER_EFFECTS[type(action)](call, action, parties, at, rules), at)


def _other_violation(
    action: SendingAway, parties: Parties, rules: Rules
) -> tuple[domain.Violation, domain.PhoneCallView] | None:
    """Object to the role of the party that is to leave, and return the view as well."""
    if parties.other is None:
        return None
    violation = _role_violation(action, parties.other, rules)
    return None if violation is None else (violation, parties.other)


# Any: each answers its own inputs.
HANDLERS: Mapping[type[domain.Action], Callable[[domain.PhoneCall, Any, datetime, Rules], Answer]] = {
    **dict.fromkeys((*VIEW_EFFECTS, *LEG_EFFECTS), _apply_to_view),
    **dict.fromkeys(TRANSFER_EFFECTS, _send_away),
    **dict.fromkeys(domain.SIGNALS, _apply_signal),
    domain.HangUp: apply_hang_up,
}
