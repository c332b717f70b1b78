"""Transfer and TransferToVoicemail, of parties that talk and, as a deflection, of a phone that rings.

One rule: the plan makes the checks of an action and returns what it does, to be called with the instant. Who is sent
and who sends is decided in `tests.oracle.parties`.
"""

from datetime import datetime
from itertools import permutations

from callstate.domain import (
    CONNECTED,
    RINGING,
    Check,
    EndReason,
    ErrorCode,
    Role,
    Transfer,
    TransferToVoicemail,
)
from tests.oracle.answers import Repeated, refuse
from tests.oracle.fields import Sends
from tests.oracle.guards import TALKING, both_on_call, need_free, need_two_sides, subject
from tests.oracle.holds import Effect
from tests.oracle.legs import Leg
from tests.oracle.parties import Parties, who_is_who
from tests.oracle.state import Conversation, flow_between


def plan_send(call: Conversation, request: Sends) -> Effect:
    need_two_sides(call)
    parties = who_is_who(call, request)
    sent, sender = parties.sent, parties.sender
    if sent is not None:
        subject(sent, *TALKING)
        if sent_already(call, request, parties):
            raise Repeated
    if not _somebody_can_part(call, parties):
        refuse(ErrorCode.WRONG_STATE)
    if isinstance(request, Transfer):
        need_free(call, request.send_call_to)
    if sent is None or sender is None:
        value = getattr(request, _FIELDS[parties.unknown])
        refuse(ErrorCode.TRANSFER_NUMBER_INVALID, parties.unknown, value, check=Check.CONTEXT)
    if isinstance(request, Transfer) and not call.value.allow_public_transfer:
        refuse(ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED)
    return lambda at: _part(call, request, sent, sender, at)


_FIELDS = {"transferFromNumber": "transfer_from_number", "transferNumber": "transfer_number"}


def sent_already(call: Conversation, request: Sends, parties: Parties) -> bool:
    """Whether the wanted phone or mailbox is there, alone or in the place of the one that deflected."""
    sent, former = parties.sent, parties.former
    assert sent is not None
    wanted = (request.send_call_to, isinstance(request, TransferToVoicemail))
    there = [(leg.extension, leg.role == Role.VOICEMAIL) for leg in call.on_side(call.opposite(sent.side))]
    if there == [wanted]:
        return True
    if former is None or former.reason is not EndReason.DEFLECTED or former.side == sent.side:
        return False
    leg = call.leg(former.successor)
    return leg is not None and (leg.extension, leg.role == Role.VOICEMAIL) == wanted


def _somebody_can_part(call: Conversation, parties: Parties) -> bool:
    """Whether these two can part; where a number tells nobody, anybody who could be meant."""
    sent, sender = parties.sent, parties.sender
    if sent is None:
        return any(_can_part(call, *pair) for pair in permutations(_standing(call), 2))
    senders = call.on_side(call.opposite(sent.side)) if sender is None else [sender]
    return any(_can_part(call, sent, leg) for leg in senders)


def _standing(call: Conversation) -> list[Leg]:
    return [leg for leg in call.live if leg.side is not None]


def _can_part(call: Conversation, sent: Leg, sender: Leg) -> bool:
    return sent.side != sender.side and (both_on_call(sent, sender) or _can_deflect(call, sent, sender))


def _can_deflect(call: Conversation, sent: Leg, sender: Leg) -> bool:
    rings = sender.talks and sender.state == RINGING and sender.side is not None
    return rings and sender.side not in call.sides_up() and sent.talks and sent.can("Deflection") and not sent.waits


def _part(call: Conversation, request: Sends, sent: Leg, sender: Leg, at: datetime) -> None:
    deflected = sender.state == RINGING
    sender.end("is let go", at, EndReason.DEFLECTED if deflected else EndReason.TRANSFERRED)
    if not deflected:
        sent.move(type(request).__name__, at)
    leg = call.new_leg(request.send_call_to, side=sender.side, caller_id=sender.caller_id)
    if isinstance(request, Transfer):
        leg.outside = not call.numbering.is_extension(leg.extension)
        call.ring(leg, other=sent, at=at, wait=call.value.wait_for_pickup)
    else:
        _open_the_mailbox(call, leg, sent, at)
    sender.successor = leg.id


def _open_the_mailbox(call: Conversation, leg: Leg, sent: Leg, at: datetime) -> None:
    """A mailbox is connected immediately, and no phone shows it."""
    leg.role, leg.state, leg.listed, leg.answered = Role.VOICEMAIL, CONNECTED, False, at
    leg.source, leg.destination = sent.numbers, (leg.extension,)
    leg.flow = flow_between(leg, sent)
    if sent.on_call:
        call.answered = call.answered or at
    call.join(leg)
