"""HangUp: who leaves, one party, all legs of an extension, or everybody.

One rule: the plan makes the checks of the action and returns what it does, to be called with the instant.
"""

from datetime import datetime

from callstate.domain import SELF, EndReason, HangUp, Role
from tests.oracle.answers import Repeated
from tests.oracle.holds import Effect
from tests.oracle.legs import Leg
from tests.oracle.state import Conversation


def plan_hang_up(call: Conversation, request: HangUp) -> Effect:
    chosen = _chosen(call, request)

    def hang_up(at: datetime) -> None:
        for leg in chosen:
            leg.end("HangUp", at, EndReason.HUNG_UP)

    return hang_up


def _chosen(call: Conversation, request: HangUp) -> list[Leg]:
    if request.phone_number is not None:
        return [_numbered(call, request.phone_number)]
    if request.view_id is not None:
        return [_viewed(call, request.view_id)]
    if call.over:
        raise Repeated
    return call.live if _may_end_all(call, request.extension) else _own(call, request.extension)


def _numbered(call: Conversation, number: str) -> Leg:
    """The leg of a number; a mailbox is no phone that could be hung up."""
    found = [leg for leg in call.live if leg.extension == number != "" and leg.role != Role.VOICEMAIL]
    if not found:
        raise Repeated("phoneNumber", number)
    return found[0]


def _viewed(call: Conversation, view_id: str) -> Leg:
    leg = call.leg(view_id)
    if leg is None or leg.can("HangUp again"):
        raise Repeated
    return leg


def _may_end_all(call: Conversation, extension: str) -> bool:
    """Whether an extension ends the whole call when it hangs up: it talks, or it pays and has not parked a party."""
    if extension == SELF:
        return True
    own = [leg for leg in call.live if leg.extension == extension]
    if any(leg.up and leg.role in (Role.PARTY, Role.VOICEMAIL) for leg in own):
        return True
    return extension == call.value.extension and not _parks(call, extension) and not _parked_and_left(call, extension)


def _parked_and_left(call: Conversation, extension: str) -> bool:
    """Whether an extension has parked a party, and has left the call in another way since."""
    reasons = [leg.reason for leg in call.ended if leg.extension == extension]
    return EndReason.PARKED in reasons and reasons[-1] is not EndReason.PARKED


def _own(call: Conversation, extension: str) -> list[Leg]:
    """The legs of an extension. A parker that has left by parking has none, and ends the whole call."""
    own = [leg for leg in call.live if leg.extension == extension]
    if own:
        return own
    left = [leg for leg in call.ended if leg.extension == extension]
    if left and left[-1].reason is EndReason.PARKED and _parks(call, extension):
        return call.live
    raise Repeated


def _parks(call: Conversation, extension: str) -> bool:
    return any(lot.by == extension for lot in call.lots())
