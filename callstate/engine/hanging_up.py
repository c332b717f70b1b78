"""HangUp: the views that end, and whether that is the whole call.

One rule: a hang-up never fails because of a state. What it ends is told by the number, else by the view, else by the
asker.
"""

from datetime import datetime

from callstate import domain
from callstate.domain import PARTY, SELF, VOICEMAIL, HangUp
from callstate.engine.authorization import call_violation
from callstate.engine.effects import end
from callstate.engine.parties import is_forgotten, left_by, left_views_of, live_view_of
from callstate.engine.refusal_reasons import has_ended, has_left, no_view, not_in_the_call
from callstate.engine.refusals import Answer, refuse
from callstate.engine.settling import settle
from callstate.engine.transition_table import MOVE, Rules
from callstate.engine.views import replace_views


def apply_hang_up(call: domain.PhoneCall, action: domain.HangUp, at: datetime, rules: Rules) -> Answer:
    """Return the call without whom the request hangs up."""
    violation = call_violation(call, action, rules)
    if violation is not None:
        return refuse(call, action, rules, violation)
    if action.phone_number is not None:
        return _end_number(call, action, action.phone_number, at, rules)
    if action.view_id is not None:
        return _end_view(call, action, action.view_id, at, rules)
    leaving = () if call.over else _leaving(call, action.extension)
    if leaving or call.over or rules.repeats:
        return _ended(call, leaving, at)
    return refuse(call, action, rules, has_left(action.extension))


def _end_number(call: domain.PhoneCall, action: domain.HangUp, number: str, at: datetime, rules: Rules) -> Answer:
    view = live_view_of(call, number)
    if view is not None and view.role is not VOICEMAIL:
        return _ended(call, (view,), at)
    return call if rules.repeats else refuse(call, action, rules, not_in_the_call(number))


def _end_view(call: domain.PhoneCall, action: domain.HangUp, view_id: str, at: datetime, rules: Rules) -> Answer:
    view = call.view(view_id)
    if view is None and is_forgotten(call, view_id):
        return call if rules.repeats else refuse(call, action, rules, has_ended(view_id))
    if view is None or not view.listed:
        return refuse(call, action, rules, no_view(view_id, view))
    move = rules.moves[HangUp].get(view.state)
    if move is None:
        return refuse(call, action, rules, has_ended(view_id), view)
    return _ended(call, (view,) if move.kind is MOVE else (), at)


def _ended(call: domain.PhoneCall, leaving: tuple[domain.PhoneCallView, ...], at: datetime) -> domain.PhoneCall:
    """End views; the same object if there are none to end."""
    if not leaving:
        return call
    return settle(call, replace_views(call.views, *[end(view, at, _HUNG_UP) for view in leaving]), at)


_HUNG_UP = domain.EndReason.HUNG_UP


def _leaving(call: domain.PhoneCall, extension: str) -> tuple[domain.PhoneCallView, ...]:
    """Return all live views if the extension may end the call, else its own.

    A phone that has only joined, or only rings, leaves alone; so does the parker, unless parking was the last it did.
    That stays so when somebody has retrieved the party: a ring-back declined twice must not end the call.
    """
    live = tuple(view for view in call.views if view.live)
    own = tuple(view for view in live if view.extension == extension)
    speaks = any(view.up and view.role in (PARTY, VOICEMAIL) for view in own)
    if extension == SELF or speaks:
        return live
    has_parked = any(view.parking is not None and view.parking.by == extension for view in live)
    if has_parked:
        last = left_by(call, extension)
        parked_last = not own and last is not None and last.reason is domain.EndReason.PARKED
        return live if parked_last else own
    return live if extension == call.extension and not _is_done_with_parking(call, extension) else own


def _is_done_with_parking(call: domain.PhoneCall, extension: str) -> bool:
    """Tell whether an extension has parked a party and has left once more since, such as by declining a ring-back."""
    reasons = [view.reason for view in left_views_of(call, extension)]
    return domain.EndReason.PARKED in reasons[1:] and reasons[0] is not domain.EndReason.PARKED
