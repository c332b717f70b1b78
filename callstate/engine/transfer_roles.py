"""Who is who in Park, Transfer and TransferToVoicemail: which party is sent away, and which one sends it and leaves.

One rule: the answer is read off the request and the call; whether the parties are in the right roles and states is
asked afterwards, by the guards.
"""

from typing import NamedTuple, TypeAlias

from callstate import domain
from callstate.domain import ENDED, PARKED, RINGING, UNKNOWN, VOICEMAIL, TransferToVoicemail
from callstate.engine.parties import (
    facing,
    former_transferor,
    main_of,
    opposite,
    parked_by,
    party_of,
    sides,
    successor_of,
)
from callstate.engine.transition_table import ON_CALL, SPEAKERS, TWO

Transfer: TypeAlias = domain.Transfer | domain.TransferToVoicemail


class Parties(NamedTuple):
    """Whom an action is about: the `subject`, which the table's row moves, and the `other`, which leaves it, if any.

    The subject of Park is parked, that of a transfer is transferred. `told` is false if the request names parties that
    the call does not have; then these are the call's two parties. `leaver_told` is false if several phones ring and
    nothing tells which of them transfers.
    """

    subject: domain.PhoneCallView
    other: domain.PhoneCallView | None = None
    told: bool = True
    leaver_told: bool = True


# Park -----------------------------------------------------------------------------------------------------------------


def park_parties(call: domain.PhoneCall, action: domain.Park, view: domain.PhoneCallView) -> Parties:
    """Tell who waits and who parks: the party of the view waits, or the other one if the view is the asker's own."""
    if view.state is PARKED:
        return Parties(view)
    if view.state is ENDED:  # that of the parker, who asks again
        return Parties(parked_by(call, view) or view)
    other = opposite(call, view)
    if other is None or other.state is PARKED:
        return Parties(view)
    waits, parks = (other, view) if view.extension == action.extension else (view, other)
    # An outside party never parks, because it cannot be rung back.
    return Parties(parks, waits) if parks.outside else Parties(waits, parks)


# Transfers ------------------------------------------------------------------------------------------------------------


def transfer_parties(call: domain.PhoneCall, action: Transfer, view: domain.PhoneCallView | None) -> Parties:
    """Tell who is transferred and who leaves, by the numbers, else by the view, else by the asker."""
    return _told_parties(call, action, view) or _two_parties(call)


def _told_parties(call: domain.PhoneCall, action: Transfer, view: domain.PhoneCallView | None) -> Parties | None:
    if action.transfer_from_number is not None:
        return _by_leaver(call, action, leaver_of(call, action.transfer_from_number))
    if action.transfer_number is not None:
        sent = party_of(call, action.transfer_number)
        return None if sent is None else _by_sent(call, action, sent, view)
    if view is not None:
        return _by_view(call, action, view)
    return _by_leaver(call, action, leaver_of(call, action.extension))


def leaver_of(call: domain.PhoneCall, number: str) -> domain.PhoneCallView | None:
    """Return the party of a number that transfers, or has transferred and may repeat that."""
    return party_of(call, number) or former_transferor(call, number)


def _by_leaver(call: domain.PhoneCall, action: Transfer, leaver: domain.PhoneCallView | None) -> Parties | None:
    if leaver is None:
        return None
    if leaver.live and leaver.side is None:
        return Parties(leaver)  # it rings to barge in: it is a party, yet faces nobody
    sent = opposite(call, leaver) if action.transfer_number is None else party_of(call, action.transfer_number)
    if sent is None or sent.side == leaver.side:
        return None
    parties = Parties(sent, leaver)
    if leaver.live or is_sent(call, action, parties):
        return parties
    # A transferor who has left can repeat what it did, and do nothing else.
    return Parties(sent, opposite(call, sent), told=False)


def _by_sent(
    call: domain.PhoneCall, action: Transfer, sent: domain.PhoneCallView, view: domain.PhoneCallView | None
) -> Parties:
    """Take the other party for the transferor; of several phones that ring there, the one named, or the asker's own."""
    has_sent = view is not None and successor_of(call, view) is not None
    left = view if has_sent else former_transferor(call, action.extension)
    if left is not None and left.side != sent.side and is_sent(call, action, Parties(sent, left)):
        return Parties(sent, left)
    other = opposite(call, sent)
    if other is None or other.state is not RINGING:
        return Parties(sent, other)
    ringing = [leg for leg in facing(call, sent) if leg.state is RINGING]
    told = [leg for leg in ringing if view is not None and leg.id == view.id]
    told += [leg for leg in ringing if leg.extension == action.extension]
    return Parties(sent, told[0]) if told else Parties(sent, other, leaver_told=len(ringing) == 1)


def _by_view(call: domain.PhoneCall, action: Transfer, view: domain.PhoneCallView) -> Parties | None:
    """Transfer the party of the view, unless the view is the asker's own, or the other party is outside."""
    if view.state is ENDED:
        return _by_leaver(call, action, None if successor_of(call, view) is None else view)
    if view.extension == action.extension:
        return _by_leaver(call, action, view) or Parties(view)
    parties = _by_sent(call, action, view, None)
    other = parties.other
    if other is None or not (other.outside and other.live) or other.extension == action.send_call_to:
        return parties
    return Parties(view) if view.outside else Parties(other, view)


def _two_parties(call: domain.PhoneCall) -> Parties:
    """Return a party of each side, or of the one that has any while the other is the parking lot."""
    live = [view for view in call.views if view.live]
    found = [main_of([view for view in live if view.side == side]) for side in sorted(sides(call.views))]
    parties = [view for view in found if view is not None]
    first, last = parties[0], parties[-1]
    if last.state is not RINGING and first.state is RINGING:
        first, last = last, first
    return Parties(first, last, told=False)


def named_party(call: domain.PhoneCall, action: Transfer) -> domain.PhoneCallView | None:
    """Return the live party with the number that a request has first: the transferor, the transferred, or the asker."""
    numbers = (action.transfer_from_number, action.transfer_number, action.extension)
    views = (party_of(call, number) for number in numbers if number is not None)
    return next((view for view in views if view is not None), None)


# What holds of them ---------------------------------------------------------------------------------------------------


def is_sent(call: domain.PhoneCall, action: Transfer, parties: Parties) -> bool:
    """Tell whether a transfer is a repeat: the phone or the mailbox is there that the party is to be sent to.

    That is the only live view that faces the party, or the leg that came in the place of the phone that was deflected.
    """
    legs = facing(call, parties.subject)
    if len(legs) == 1 and _is_destination(action, legs[0]):
        return True
    left = parties.other
    if left is None or left.reason is not domain.EndReason.DEFLECTED:
        return False
    leg = successor_of(call, left)
    return leg is not None and _is_destination(action, leg)


def _is_destination(action: Transfer, leg: domain.PhoneCallView) -> bool:
    if leg.extension != action.send_call_to:
        return False
    return (leg.role is VOICEMAIL) is isinstance(action, TransferToVoicemail)


def is_repeated(call: domain.PhoneCall, action: Transfer, parties: Parties) -> bool:
    """Tell whether a transfer is a repeat that would pass the checks of the parties' roles, and of the two sides."""
    subject = parties.subject
    can_be_sent = subject.role in SPEAKERS and subject.state is not UNKNOWN and len(sides(call.views)) == TWO
    return parties.told and can_be_sent and is_sent(call, action, parties)


def is_deflected(parties: Parties) -> bool:
    """Tell whether the party that leaves has not answered yet, so that the call is sent on while it rings."""
    return parties.subject.state not in ON_CALL


def states_needed(parties: Parties) -> tuple[domain.ViewState, ...]:
    """Return the states in which the party that leaves must be: connected, or ringing if the subject is not."""
    return (RINGING,) if is_deflected(parties) else ON_CALL
