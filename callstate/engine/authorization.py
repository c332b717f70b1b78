"""Who may ask something of a call: its parties, colleagues, and a party that has left and repeats its request.

One rule: it looks at the call, the asker and what is asked, never at the state of a view that is asked for. Which
extensions belong to one organization is not known here.
"""

from typing import TypeAlias, get_args

from callstate import domain
from callstate.domain import ENDED, SELF, WITHHELD, HangUp, Transfer, TransferToVoicemail
from callstate.engine.parties import former_transferor, left_by
from callstate.engine.refusal_reasons import ended_call, not_a_party
from callstate.engine.transfer_roles import is_repeated, transfer_parties
from callstate.engine.transition_table import Rules

Joining: TypeAlias = domain.UnPark | domain.PickUp | domain.BargeIn | domain.Whisper | domain.Monitor
"""Actions by which another phone comes into a call."""

BY_A_COLLEAGUE: frozenset[type[domain.Request]] = frozenset(get_args(Joining))
"""Actions that an extension outside of the call may ask for; a service must check that it is of the organization."""


def call_violation(call: domain.PhoneCall, action: domain.Request, rules: Rules) -> domain.Violation | None:
    """Object to a call that is over, or to an asker that has nothing to do with it."""
    if call.ended_views == len(call.views):
        return _over_violation(call, action, rules)
    extension = action.extension
    if extension == call.extension or extension == SELF:  # noqa: PLR1714  # twice as fast
        return None
    if _takes_part(call, action, rules) or _asks_again(call, action):
        return None
    return not_a_party(extension)


def _over_violation(call: domain.PhoneCall, action: domain.Request, rules: Rules) -> domain.Violation | None:
    if type(action) is not HangUp or not rules.repeats:
        return ended_call(call.id)
    took_part = {SELF, call.extension, *(view.extension for view in call.views)} - {WITHHELD}
    return None if action.extension in took_part else not_a_party(action.extension)


def _takes_part(call: domain.PhoneCall, action: domain.Request, rules: Rules) -> bool:
    if type(action) in BY_A_COLLEAGUE and rules.numbering.is_extension(action.extension):
        return True
    return takes_part(call, action.extension)


def takes_part(call: domain.PhoneCall, number: str) -> bool:
    """Tell whether a number is that of a live party, or of the parker of one that waits."""
    for view in call.views:
        if view.extension == number != WITHHELD and view.state is not ENDED:
            return True
        if view.parking is not None and view.parking.by == number:
            return True
    return False


def _asks_again(call: domain.PhoneCall, action: domain.Request) -> bool:
    """Tell whether an asker without a live view repeats the request by which it left: a hang-up or a transfer."""
    if isinstance(action, HangUp):
        return _has_hung_up(call, action)
    if not isinstance(action, Transfer | TransferToVoicemail):
        return False
    leaver = former_transferor(call, action.extension)
    if leaver is None:
        return False
    view = None if action.view_id is None else call.view(action.view_id)
    parties = transfer_parties(call, action, view)
    return parties.subject.side != leaver.side and is_repeated(call, action, parties)


def _has_hung_up(call: domain.PhoneCall, action: domain.HangUp) -> bool:
    """Tell whether an asker hangs up nobody but itself, and has left."""
    if action.phone_number is not None and action.phone_number != action.extension:
        return False
    if action.phone_number is not None or action.view_id is None:
        return left_by(call, action.extension) is not None
    view = call.view(action.view_id)
    return view is not None and view.extension == action.extension != WITHHELD
