"""Who may ask, and which views a request may name.

One rule: these are the checks before the role of the party. What the service around the core knows (users,
organizations) is not known here.
"""

from typing import Any

from callstate.domain import (
    SELF,
    BargeIn,
    HangUp,
    Monitor,
    Park,
    PickUp,
    Request,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.oracle.answers import Refused, Repeated
from tests.oracle.fields import Sends
from tests.oracle.legs import Leg
from tests.oracle.parking import is_parker, meant_by, plan_park, plan_unpark
from tests.oracle.parties import former, has_sent, who_is_who
from tests.oracle.rings import plan_pick_up
from tests.oracle.state import Conversation
from tests.oracle.transfers import plan_send


def may_ask(call: Conversation, request: Request) -> bool:
    """Whether the request comes for an extension that has something to do with the call, or fetches somebody."""
    extension = request.extension
    if isinstance(request, PickUp | UnPark | BargeIn | Whisper | Monitor) and call.numbering.is_extension(extension):
        return True
    return takes_part(call, extension) or (extension != "" and _asks_again(call, request))


def takes_part(call: Conversation, extension: str) -> bool:
    """Whether an extension is in the call, pays for it, or has parked somebody in it."""
    if extension == SELF:
        return True
    known = {leg.extension for leg in (call.legs if call.over else call.live)} | {lot.by for lot in call.lots()}
    return extension != "" and extension in known | {call.value.extension}


def _asks_again(call: Conversation, request: Request) -> bool:
    """Whether the asker has left, and asks once more for what it left by."""
    left = [leg for leg in call.ended if leg.extension == request.extension]
    if isinstance(request, HangUp) and request.phone_number is not None:
        return request.phone_number == request.extension and bool(left)
    if isinstance(request, HangUp):
        return bool(left) and request.view_id in (None, *(leg.id for leg in left))
    return isinstance(request, Transfer | TransferToVoicemail) and _sends_again(call, request)


def _sends_again(call: Conversation, request: Sends) -> bool:
    asker = former(call, request.extension)
    if asker is None or not _is_repeat(plan_send, call, request):
        return False
    sent = who_is_who(call, request).sent
    return sent is not None and call.opposite(sent.side) == asker.side


def names_a_view(call: Conversation, request: Request) -> bool:
    """Whether the view of the request is one that such a request may name, or may be missing."""
    if isinstance(request, HangUp) and (request.phone_number is not None or request.view_id is None):
        return True
    if isinstance(request, Transfer | TransferToVoicemail) and request.view_id is None:
        return True
    leg = call.leg(request.view_id)
    if leg is None:
        return isinstance(request, HangUp) and call.names_one_forgotten(request.view_id)
    return _may_be_named(call, request, leg)


def _may_be_named(call: Conversation, request: Request, leg: Leg) -> bool:
    if isinstance(request, UnPark) and not leg.listed:
        return leg.live and _is_repeat(plan_unpark, call, request)
    if leg.live or isinstance(request, HangUp) or not leg.listed:
        return leg.listed
    return _may_be_named_after_its_end(call, request, leg)


def _may_be_named_after_its_end(call: Conversation, request: Request, leg: Leg) -> bool:
    match request:
        case Park():
            return is_parker(call, leg) and _is_repeat(plan_park, call, request)
        case UnPark():
            return meant_by(call, leg) is not None
        case PickUp():
            return _is_repeat(plan_pick_up, call, request)
        case Transfer() | TransferToVoicemail():
            return has_sent(call, leg) and _is_repeat(plan_send, call, request)
        case _:
            return False


def _is_repeat(plan: Any, call: Conversation, request: Any) -> bool:  # Any: each plan takes its own request
    try:
        plan(call, request)
    except Repeated:
        return True
    except Refused:
        return False
    return False
