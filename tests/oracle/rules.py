"""The oracle's rules across the legs of one call.

One rule: this is the text of the behaviour, told once more in another style; it shares no line with the engine. The
rules change legs in place, one after another, until a whole round changes nothing. Requests are not known here.
"""

from collections.abc import Iterable
from datetime import datetime

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    TRYING,
    UNKNOWN,
    EndReason,
    Role,
)
from tests.oracle.legs import REJECTIONS, Leg, after
from tests.oracle.state import Conversation


def settle(call: Conversation, at: datetime, gone: set[str]) -> None:
    """Apply the rules until nothing changes. `gone` are those who had left before this step."""
    while sum(rule(call, at) for rule in RULES) > 0:
        pass
    a_call_needs_two_sides(call, at, gone)
    if call.over:
        call.ends_by = None


def finish(call: Conversation, at: datetime, gone: set[str]) -> None:
    """Close a step: the rules, the version, the time, and whom the call carries no longer."""
    settle(call, at, gone)
    call.version += 1
    call.updated = at
    call.forget(gone)


def end_all(call: Conversation, trigger: str, at: datetime, reason: EndReason) -> None:
    for leg in call.live:
        leg.end(trigger, at, reason)


def ring_waiting(call: Conversation, leg: Leg, at: datetime) -> None:
    """A destination that waited is rung from now on."""
    leg.waits = False
    leg.until = after(at, call.value.wait_for_pickup)


def dials_itself(leg: Leg) -> bool:
    """Whether a calling phone dials; one that the service rings has a limit."""
    return leg.state in (OFF_HOOK, TRYING) and leg.until is None


def _let_go(legs: Iterable[Leg], at: datetime, reason: EndReason) -> bool:
    chosen = list(legs)
    for leg in chosen:
        leg.end("is let go", at, reason)
    return bool(chosen)


def first_answer_wins(call: Conversation, at: datetime) -> bool:
    won = call.sides_up()
    lost = [leg for leg in call.live if leg.side in won and not leg.up and leg.state != UNKNOWN]
    return _let_go(lost, at, EndReason.ANSWERED_ELSEWHERE)


def the_source_first(call: Conversation, at: datetime) -> bool:
    if 0 not in call.sides_up():
        return False
    waiting = [leg for leg in call.live if leg.waits]
    for leg in waiting:
        ring_waiting(call, leg, at)
        if not leg.outside:
            leg.listed = True
            leg.move("is rung", at)
    return bool(waiting)


def an_answer_reaches_the_caller(call: Conversation, at: datetime) -> bool:
    up, callers = call.sides_up(), call.on_side(0)
    if not up or 0 in up or len(callers) != 1 or not dials_itself(callers[0]):
        return False
    callers[0].move("hears the answer", at)
    return True


def a_barge_leg_opens_a_side(call: Conversation, _at: datetime) -> bool:
    joined = [leg for leg in call.live if leg.role == Role.BARGE and leg.up and leg.side is None]
    for leg in joined:
        leg.side = call.next_side()
        leg.target = None
    return bool(joined)


def two_sides_up_are_connected(call: Conversation, at: datetime) -> bool:
    joined = [leg for leg in call.live if leg.supervises and leg.state == ANSWERED]
    for leg in joined:
        leg.move("gets through", at)
    settled = _connect if len(call.sides_up()) > 1 else _disconnect
    return settled(call, at) or bool(joined)


def _connect(call: Conversation, at: datetime) -> bool:
    through = [leg for leg in call.live if leg.state == ANSWERED]
    retrieved = [leg for leg in call.live if leg.state == PARKED]
    for leg in through:
        leg.move("gets through", at)
    for leg in retrieved:
        leg.move("is retrieved", at)
    if through or retrieved:
        call.answered = call.answered or at
    return bool(through or retrieved)


def _disconnect(call: Conversation, at: datetime) -> bool:
    """Nobody is on call alone, unless the state of another side is unknown."""
    unknown = {leg.side for leg in call.live if leg.state == UNKNOWN and leg.side is not None}
    if unknown - call.sides_up():
        return False
    alone = [leg for leg in call.live if leg.side is not None and leg.state in (CONNECTED, ON_HOLD)]
    for leg in alone:
        leg.move("is alone", at)
    return bool(alone)


def supervision_ends_with_its_target(call: Conversation, at: datetime) -> bool:
    off = {leg.id for leg in call.legs if leg.state in (ENDED, PARKED)}
    return _let_go([leg for leg in call.live if leg.target in off], at, EndReason.TARGET_LEFT)


def a_call_needs_two_sides(call: Conversation, at: datetime, gone: set[str]) -> None:
    left = [leg for leg in call.ended if leg.id not in gone]
    if not left or len(call.sides()) > 1:
        return
    cause = next((leg.disposition for leg in left if leg.disposition in REJECTIONS), None)
    for leg in call.live:
        leg.end("is let go", at, EndReason.OTHER_LEFT, cause)


RULES = (
    first_answer_wins,
    the_source_first,
    an_answer_reaches_the_caller,
    a_barge_leg_opens_a_side,
    two_sides_up_are_connected,
    supervision_ends_with_its_target,
)
"""The rules in their order; the last one, that a call needs two sides, is asked when these have come to rest."""
