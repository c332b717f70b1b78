"""Who is who in a transfer: the party that is sent, and the one that sends it and leaves.

One rule: the transfer numbers count first, then the view, then the asker. Whether the two can part is not known here.
"""

from typing import NamedTuple

from callstate.domain import RINGING, EndReason, ErrorCode
from tests.oracle.answers import refuse
from tests.oracle.fields import Sends
from tests.oracle.legs import Leg
from tests.oracle.state import Conversation

FORMER = (EndReason.TRANSFERRED, EndReason.DEFLECTED)


class Parties(NamedTuple):
    """Whom a request sends, and who sends; `former` has left by sending, `unknown` is the field that tells nobody."""

    sent: Leg | None = None
    sender: Leg | None = None
    former: Leg | None = None
    unknown: str = "transferFromNumber"


NOBODY = Parties()


def who_is_who(call: Conversation, request: Sends) -> Parties:
    to, sender = request.transfer_number, request.transfer_from_number
    if sender is not None:
        return _sent_by(call, call.bearer(sender), former(call, sender), to)
    if to is not None:
        return _sent(call, request, call.bearer(to))
    view = call.leg(request.view_id)
    if view is None:
        return _sent_by(call, call.bearer(request.extension), former(call, request.extension), None)
    return _by_view(call, request, view)


def _by_view(call: Conversation, request: Sends, view: Leg) -> Parties:
    """The party of the view is sent, or sends if the view is the asker's own or the other party is outside."""
    if not view.live:
        return _sent_by(call, None, view if has_sent(call, view) else None, None)
    if view.extension == request.extension:
        return _sent_by(call, view, None, None)
    parties = _sent(call, request, view)
    sender = parties.sender
    if sender is None or not sender.outside or sender.extension == request.send_call_to:
        return parties
    if view.outside:
        refuse(ErrorCode.WRONG_STATE)
    return _sent_by(call, view, None, None)


def _sent_by(call: Conversation, sender: Leg | None, left: Leg | None, to: str | None) -> Parties:
    """Tell whom a known sender sends: the party of the number, else the other party."""
    if sender is not None and sender.side is None:
        refuse(ErrorCode.WRONG_STATE)
    known = left if sender is None else sender
    if known is None:
        return NOBODY
    sent = call.main(call.opposite(known.side)) if to is None else call.bearer(to)
    if sent is None or sent.side == known.side:
        return NOBODY._replace(unknown="transferFromNumber" if to is None else "transferNumber")
    return Parties(sent, sender, left if sender is None else None)


def _sent(call: Conversation, request: Sends, sent: Leg | None) -> Parties:
    """Tell who sends a known party: the other party, or the one that asks if several phones ring there."""
    if sent is None:
        return NOBODY._replace(unknown="transferNumber")
    view = call.leg(request.view_id)
    left = view if view is not None and has_sent(call, view) else former(call, request.extension)
    return Parties(sent, _facing(call, request, sent), left)


def _facing(call: Conversation, request: Sends, sent: Leg) -> Leg | None:
    there = call.on_side(call.opposite(sent.side))
    ringing = [leg for leg in there if leg.state == RINGING]
    if not ringing or any(leg.up for leg in there):
        return call.main(call.opposite(sent.side))
    if len(ringing) == 1:
        return ringing[0]
    told = [leg for leg in ringing if leg.id == request.view_id]
    told += [leg for leg in ringing if leg.extension == request.extension]
    return told[0] if told else None


def former(call: Conversation, number: str) -> Leg | None:
    """A transferor who has left, as long as the leg that came in its place lives."""
    found = [leg for leg in call.ended if leg.extension == number and has_sent(call, leg)]
    return found[-1] if found else None


def has_sent(call: Conversation, leg: Leg) -> bool:
    successor = call.leg(leg.successor)
    return leg.reason in FORMER and successor is not None and successor.live
