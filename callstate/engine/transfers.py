"""Park, Transfer and TransferToVoicemail, which send one of two parties away: what is refused, and what they do.

One rule: `transfer_roles` has told the parties before; a guard asks about both of them, an effect changes both. What
follows for the other views is left to the rules.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec.structs import force_setattr

from callstate import domain
from callstate.domain import CONNECTED, VOICEMAIL, evolve, later, whole
from callstate.engine.effects import end, enter, leg, placed
from callstate.engine.guards import must_be_new
from callstate.engine.parties import party_of, someone_is_up
from callstate.engine.refusal_reasons import (
    destinations_wait,
    no_free_position,
    nobody_leaves,
    public_transfer,
    several_ring,
    unknown_party,
    wrong_state,
    wrong_state_for,
)
from callstate.engine.transfer_roles import Parties, Transfer, is_deflected, leaver_of, states_needed
from callstate.engine.transition_table import MOVE, ON_CALL, Rules, either
from callstate.engine.views import Views, replace_views

# What is refused ------------------------------------------------------------------------------------------------------


def states_violation(
    call: domain.PhoneCall, action: domain.Park | Transfer, parties: Parties, rules: Rules
) -> tuple[domain.Violation, domain.PhoneCallView] | None:
    """Object to the state of one of the parties, and return its view; both must be up, or the one that leaves rings."""
    subject, other = parties.subject, parties.other
    move = rules.moves[type(action)].get(subject.state)
    if move is None or move.kind is not MOVE:
        return wrong_state_for(action, subject, rules), subject
    if other is None:
        return nobody_leaves(), subject
    needed = states_needed(parties)
    if other.state not in needed:
        return wrong_state(other, either(needed)), other
    if is_deflected(parties) and subject.waits:
        return destinations_wait(other), other
    if is_deflected(parties) and someone_is_up(call, other.side):
        return wrong_state(other, either(ON_CALL)), other
    return None


Guard: TypeAlias = Callable[[domain.PhoneCall, Any, Parties], domain.Violation | None]  # Any: each takes its own action


def _guard_park(_call: domain.PhoneCall, action: domain.Park, parties: Parties) -> domain.Violation | None:
    if parties.other is not None and parties.other.outside:
        return nobody_leaves()
    return no_free_position() if action.position is None else None


def _guard_transfer(call: domain.PhoneCall, action: domain.Transfer, parties: Parties) -> domain.Violation | None:
    violation = must_be_new(call, action, parties.subject) or _guard_transfer_to_voicemail(call, action, parties)
    return public_transfer() if violation is None and not call.allow_public_transfer else violation


def _guard_transfer_to_voicemail(call: domain.PhoneCall, action: Transfer, parties: Parties) -> domain.Violation | None:
    if not parties.told:
        return _parties_not_told(call, action)
    return None if parties.leaver_told or not is_deflected(parties) else several_ring()


def _parties_not_told(call: domain.PhoneCall, action: Transfer) -> domain.Violation:
    """Tell which number is at fault: the transferor's, unless it is known and the other one names nobody facing it."""
    leaver, number = action.transfer_from_number, action.transfer_number
    known = None if leaver is None else leaver_of(call, leaver)
    sent = None if number is None else party_of(call, number)
    faces = sent is not None and known is not None and sent.side != known.side
    by_sent = number is not None and not faces and (leaver is None or known is not None)
    field = "transfer_number" if by_sent else "transfer_from_number"
    return unknown_party(field, getattr(action, field))


GUARDS: Mapping[type[domain.Action], Guard] = {
    domain.Park: _guard_park,
    domain.Transfer: _guard_transfer,
    domain.TransferToVoicemail: _guard_transfer_to_voicemail,
}
"""What is refused although the roles and states of both parties are right."""


# What they do ---------------------------------------------------------------------------------------------------------

Effect: TypeAlias = Callable[[domain.PhoneCall, Any, Parties, datetime, Rules], Views]  # Any: each takes its own action


def _state_after(action: domain.Park | Transfer, parties: Parties, rules: Rules) -> domain.ViewState:
    """Return the state that the table gives the subject."""
    return rules.moves[type(action)][parties.subject.state].to


def _park(
    call: domain.PhoneCall,
    action: domain.Park,
    parties: Parties,
    at: datetime,
    rules: Rules,
) -> Views:
    parker, seconds = parties.other, whole(action.max_in_parking)
    assert parker is not None and parker.side is not None  # checked: there are two parties, each on a side
    assert action.position is not None and seconds is not None  # checked: there is room, and a limit
    until = later(at, seconds)
    lot = evolve(
        _LOT, since=at, position=action.position, by=parker.extension, side=parker.side, seconds=seconds, until=until
    )
    waiting = enter(parties.subject, _state_after(action, parties, rules), at)
    force_setattr(waiting, "parking", lot)
    force_setattr(waiting, "listed", True)  # noqa: FBT003  # the value of the field
    return replace_views(call.views, waiting, end(parker, at, _PARKED))


_LOT = domain.Parking(since=datetime.max.replace(tzinfo=UTC), position=1, by="000", side=0)
"""A stay in the lot that is copied for each new one."""


def _transfer(
    call: domain.PhoneCall,
    action: domain.Transfer,
    parties: Parties,
    at: datetime,
    rules: Rules,
) -> Views:
    outside = not rules.numbering.is_extension(action.send_call_to)
    new = _leg_of_transfer(call, action, parties, at, outside=outside)
    return (*_without_transferor(call.views, parties, _state_after(action, parties, rules), at, new.id), new)


def _transfer_to_voicemail(
    call: domain.PhoneCall,
    action: domain.TransferToVoicemail,
    parties: Parties,
    at: datetime,
    rules: Rules,
) -> Views:
    new = evolve(
        _leg_of_transfer(call, action, parties, at, outside=False),
        role=VOICEMAIL,
        state=CONNECTED,
        listed=False,  # the phone of that extension is idle
        ringing=None,
        until=None,
        answered=at,
    )
    return (*_without_transferor(call.views, parties, _state_after(action, parties, rules), at, new.id), new)


def _leg_of_transfer(
    call: domain.PhoneCall, action: Transfer, parties: Parties, at: datetime, *, outside: bool
) -> domain.PhoneCallView:
    """Dial the leg that comes in the place of the transferor."""
    leaver = parties.other
    assert leaver is not None  # checked: there are two parties
    new = leg(call.views, action.send_call_to, at, parties.subject, outside=outside)
    return placed(new, leaver.side, later(at, call.wait_for_pickup), leaver.caller_id)


_PARKED = domain.EndReason.PARKED
_DEFLECTED, _TRANSFERRED = domain.EndReason.DEFLECTED, domain.EndReason.TRANSFERRED


def _without_transferor(views: Views, parties: Parties, to: domain.ViewState, at: datetime, successor: str) -> Views:
    subject, leaver = parties.subject, parties.other
    assert leaver is not None  # checked: there are two parties
    reason = _DEFLECTED if is_deflected(parties) else _TRANSFERRED
    left = end(leaver, at, reason)
    force_setattr(left, "successor", successor)
    return replace_views(views, left, subject if is_deflected(parties) else enter(subject, to, at))


EFFECTS: Mapping[type[domain.Action], Effect] = {
    domain.Park: _park,
    domain.Transfer: _transfer,
    domain.TransferToVoicemail: _transfer_to_voicemail,
}
