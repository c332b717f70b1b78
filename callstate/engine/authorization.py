"""Who may ask something of a call: whom it has to do with, a colleague, or somebody who left and asks again.

One rule: it looks at the call, the asker and what is asked, never at the state of a view that is asked for. Who is of
one organization is not known here.
"""

from typing import TypeAlias, get_args

from callstate import domain
from callstate.engine.guards import left_by
from callstate.engine.refusals import ENDED_CALL, NOT_A_PARTY
from callstate.engine.table import Rules
from callstate.engine.transfers import facing, former_party, is_sent, transfer_pair

Joining: TypeAlias = domain.PickUp | domain.BargeIn | domain.Whisper | domain.Monitor
"""Actions by which another phone comes into a call."""

BY_A_COLLEAGUE: frozenset[type[domain.Request]] = frozenset(get_args(Joining))
"""Actions that somebody outside of the call may ask for; who is of the same organization a service must tell."""


def call_violation(call: domain.PhoneCall, action: domain.Request, rules: Rules) -> domain.Violation | None:
    """Object to a call that is over, or to an asker that has nothing to do with it."""
    for view in call.views:
        if view.state is not domain.ENDED:
            break
    else:
        return _over_violation(call, action, rules)
    extension = action.extension
    if extension == call.extension or extension == domain.SELF:  # noqa: PLR1714  # twice as fast
        return None
    return None if _takes_part(call, action) or _asked_before(call, action) else NOT_A_PARTY


def _over_violation(call: domain.PhoneCall, action: domain.Request, rules: Rules) -> domain.Violation | None:
    if type(action) is not domain.HangUp or not rules.repeats:
        return ENDED_CALL
    was_of_it = {domain.SELF, call.extension, *(view.extension for view in call.views)} - {domain.WITHHELD}
    return None if action.extension in was_of_it else NOT_A_PARTY


def _takes_part(call: domain.PhoneCall, action: domain.Request) -> bool:
    if type(action) in BY_A_COLLEAGUE and domain.is_extension(action.extension):
        return True
    return takes_part(call, action.extension)


def takes_part(call: domain.PhoneCall, number: str) -> bool:
    """Tell whether a number is that of a live party, or of the parker of one that waits."""
    for view in call.views:
        if view.extension == number != domain.WITHHELD and view.state is not domain.ENDED:
            return True
        if view.parking is not None and view.parking.by == number:
            return True
    return False


def _asked_before(call: domain.PhoneCall, action: domain.Request) -> bool:
    """Tell whether an asker without a live view asks again for what it left by: to hang up, or transfer the other."""
    if isinstance(action, domain.HangUp):
        return _has_hung_up(call, action)
    leaver = former_party(call, action.extension)
    if leaver is None or not isinstance(action, domain.Transfer | domain.TransferToVoicemail):
        return False
    view = None if action.view_id is None else call.view(action.view_id)
    pair = transfer_pair(call, action, view)
    if pair is None or not is_sent(call, action, pair.subject):
        return False
    return facing(call, pair.subject)[0].side == leaver.side


def _has_hung_up(call: domain.PhoneCall, action: domain.HangUp) -> bool:
    if action.phone_number is not None:
        return action.phone_number == action.extension and left_by(call, action.extension) is not None
    view = None if action.view_id is None else call.view(action.view_id)
    return view is not None and view.extension == action.extension != domain.WITHHELD
