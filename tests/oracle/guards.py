"""What the guards of several actions have in common.

One rule: a guard looks at the call and raises a refusal; it changes nothing. The single actions are not known here.
"""

from callstate.domain import UNKNOWN, Check, ErrorCode, Role
from tests.oracle.answers import refuse
from tests.oracle.legs import Leg
from tests.oracle.state import Conversation

TALKING = (Role.PARTY, Role.BARGE)


def named(call: Conversation, view_id: str | None) -> Leg:
    leg = call.leg(view_id)
    assert leg is not None, "the view was checked before"
    return leg


def subject(leg: Leg, *roles: Role) -> Leg:
    """The leg, if an action may be asked of its role; of an unknown state nothing but HangUp may be asked."""
    if leg.role not in roles:
        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)
    if leg.state == UNKNOWN:
        refuse(ErrorCode.WRONG_STATE)
    return leg


def need(leg: Leg, trigger: str) -> None:
    if not leg.can(trigger):
        refuse(ErrorCode.WRONG_STATE)


def need_two_sides(call: Conversation) -> None:
    if len(call.sides()) != 2:
        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)


def need_free(call: Conversation, number: str) -> None:
    if any(leg.extension == number for leg in call.live):
        refuse(ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", number, check=Check.CONTEXT)


def both_on_call(*legs: Leg | None) -> bool:
    return all(leg is not None and leg.talks and leg.on_call for leg in legs)
