"""The engine against the oracle: on every step of many random walks both say the same.

The oracle (`tests.oracle`) is a second implementation, by hand, in another style. The first tests show by cases that
were worked out on paper that the oracle itself can be trusted; the last one walks. `CALLSTATE_LONG=1` walks further.
"""

import os
from random import Random

import pytest

from callstate import LENIENT, STRICT, advance, apply_action
from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    Answered,
    Disposition,
    DomainError,
    ErrorCode,
    HangUp,
    HungUp,
    OnHold,
    Park,
    PhoneCall,
    Rang,
    Transfer,
    UnPark,
)
from tests.oracle import OracleCall
from tests.oracle_walks import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    OUTSIDE,
    STARTS,
    T0,
    Inputs,
    Step,
    Walk,
    on_call,
    seconds,
)

STEPS = 100_000 * (20 if os.environ.get("CALLSTATE_LONG") == "1" else 1)
STEPS_OF_A_WALK = 30
PARTS = 8
"""The walks come in parts, so that parallel workers share them."""


def states(call: PhoneCall) -> list[str]:
    return [view.state for view in call.views]


def test_the_oracle_holds_and_takes_a_second_hold_as_a_repeat() -> None:
    oracle = OracleCall.from_value(STARTS["local, on call"])
    assert oracle.apply(OnHold(call_id=CALL, view_id="00"), seconds(1)) is None
    held = oracle.snapshot()
    assert states(held) == [ON_HOLD, CONNECTED]
    assert (held.views[0].on_hold, held.version, held.updated) == (seconds(1), 1, seconds(1))
    assert oracle.apply(OnHold(call_id=CALL, view_id="00"), seconds(2)) is None
    assert oracle.snapshot() == held


def test_the_strict_oracle_refuses_the_repeat() -> None:
    oracle = OracleCall.from_value(STARTS["local, on call"], strict=True)
    assert oracle.apply(OnHold(call_id=CALL, view_id="00"), seconds(1)) is None
    assert oracle.apply(OnHold(call_id=CALL, view_id="00"), seconds(2)) is ErrorCode.WRONG_STATE


def test_the_oracle_connects_the_phone_that_answers_first_and_ends_the_other() -> None:
    oracle = OracleCall.from_value(STARTS["two phones rung"])
    assert oracle.apply(Answered(call_id=CALL, view_id="02"), seconds(3)) is None
    call = oracle.snapshot()
    assert states(call) == [CONNECTED, ENDED, CONNECTED]
    assert call.views[1].disposition is Disposition.NO_ANSWER
    assert call.answered == seconds(3)


def test_the_oracle_rings_the_destinations_once_a_source_is_up() -> None:
    oracle = OracleCall.from_value(STARTS["two sources"])
    assert oracle.apply(Answered(call_id=CALL, view_id="01"), seconds(5)) is None
    call = oracle.snapshot()
    assert states(call) == [ENDED, ANSWERED, RINGING, "TRYING"]
    assert [view.listed for view in call.views] == [True, True, True, False]
    assert [view.until for view in call.views] == [None, None, seconds(35), seconds(35)]
    oracle.advance(seconds(35))
    assert oracle.snapshot().over
    assert oracle.snapshot().version == 3, "one answer and two phones that rang in vain"


def test_the_oracle_tells_the_caller_that_the_other_end_was_busy() -> None:
    oracle = OracleCall.from_value(STARTS["incoming, ringing"])
    assert oracle.apply(HungUp(call_id=CALL, view_id="01", disposition=Disposition.BUSY), seconds(1)) is None
    assert [view.disposition for view in oracle.snapshot().views] == [Disposition.BUSY, Disposition.BUSY]


def test_the_oracle_parks_rings_back_and_retrieves() -> None:
    oracle = OracleCall.from_value(on_call(ALICE, BOB))
    park = Park(call_id=CALL, extension=ALICE, view_id="00", max_in_parking=60, position=4)
    assert oracle.apply(park, seconds(1)) is None
    assert states(oracle.snapshot()) == [ENDED, PARKED]
    assert oracle.apply(park, seconds(2)) is None, "a repeat"
    oracle.advance(seconds(61))
    rung_back = oracle.snapshot()
    assert states(rung_back) == [ENDED, PARKED, RINGING]
    assert (rung_back.views[2].id, rung_back.views[2].extension, rung_back.views[2].side) == ("02", ALICE, 0)
    assert oracle.apply(UnPark(call_id=CALL, view_id="01", send_call_to=CAROL), seconds(62)) is None
    assert oracle.apply(Answered(call_id=CALL, view_id="03"), seconds(63)) is None
    assert states(oracle.snapshot()) == [ENDED, CONNECTED, ENDED, CONNECTED]


def test_the_oracle_transfers_and_a_retry_of_the_one_who_left_is_a_repeat() -> None:
    oracle = OracleCall.from_value(on_call(ALICE, BOB))
    send = Transfer(call_id=CALL, send_call_to=CAROL, transfer_from_number=ALICE)
    assert oracle.apply(send, seconds(1)) is None
    assert states(oracle.snapshot()) == [ENDED, ANSWERED, RINGING]
    assert oracle.apply(send, seconds(2)) is None
    assert oracle.snapshot().version == 1
    again = Transfer(call_id=CALL, send_call_to=DAVE, transfer_from_number=ALICE)
    assert oracle.apply(again, seconds(3)) is ErrorCode.WRONG_STATE, "the new leg still rings"


def test_a_refusal_of_the_oracle_undoes_the_deadlines_that_came_first() -> None:
    start = STARTS["two phones rung"]
    oracle = OracleCall.from_value(start)
    late = Rang(call_id=CALL, view_id="77")
    assert oracle.apply(late, seconds(60)) is ErrorCode.PHONECALLVIEW_INVALID
    assert oracle.snapshot() == start
    assert oracle.apply(HangUp(call_id=CALL), seconds(60)) is None, "over already: a repeat after the deadlines"
    assert oracle.snapshot().views[0].ended == seconds(20)


def test_the_oracle_does_not_send_a_call_outside_that_must_stay_inside() -> None:
    oracle = OracleCall.from_value(on_call(ALICE, BOB, allow_public_transfer=False))
    outside = Transfer(call_id=CALL, send_call_to=OUTSIDE, transfer_number=BOB)
    assert oracle.apply(outside, T0) is ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED


class Pair:
    """The engine's call and the oracle's, side by side."""

    def __init__(self, start: str, *, strict: bool) -> None:
        self.strict = strict
        self.held = STARTS[start]
        self.oracle = OracleCall.from_value(self.held, strict=strict)

    def take(self, step: Step) -> str:
        """Give both the same input; tell how they differ, if they do."""
        before, answer, expected = self.held, self.engine_takes(step), self.oracle_takes(step)
        if answer != expected:
            return f"the engine answers {answer}, the oracle {expected}"
        wanted = self.oracle.snapshot()
        if self.held != wanted:
            return f"the engine has {self.held}\nthe oracle has {wanted}"
        if before == wanted and self.held is not before:
            return "nothing changed, but the engine returned another object"
        return ""

    def engine_takes(self, step: Step) -> str | None:
        try:
            return self._engine_takes(step)
        except Exception as error:  # noqa: BLE001  # whatever it raises is a finding, to be shown with the walk
            return f"with {error!r}"

    def _engine_takes(self, step: Step) -> ErrorCode | None:
        if step.action is None:
            self.held = advance(self.held, at=step.at)
            return None
        answer = apply_action(self.held, step.action, at=step.at, rules=STRICT if self.strict else LENIENT)
        if isinstance(answer, DomainError):
            return answer.code
        self.held = answer
        return None

    def oracle_takes(self, step: Step) -> ErrorCode | None:
        if step.action is None:
            self.oracle.advance(step.at)
            return None
        return self.oracle.apply(step.action, step.at)


def difference(walk: Walk) -> str:
    """Go the whole walk again and tell the first difference."""
    pair = Pair(walk.start, strict=walk.strict)
    return next(filter(None, map(pair.take, walk.steps)), "")


def random_walk(random: Random) -> tuple[Walk, str]:
    """Draw a walk while going it, until the first difference or soon after the call is over."""
    inputs, steps = Inputs(random), list[Step]()
    start, strict = random.choice(tuple(STARTS)), random.random() < 0.3
    pair, now, found = Pair(start, strict=strict), STARTS[start].updated or T0, ""
    while not found and len(steps) < STEPS_OF_A_WALK and not (pair.held.over and inputs.chance(0.2)):
        now = inputs.later(now)
        steps.append(Step(None if inputs.chance(0.08) else inputs.draw(pair.held), now))
        found = pair.take(steps[-1])
    return Walk(start, strict, tuple(steps)), found


def shortest(walk: Walk) -> Walk:
    """Leave out every step without which the walk still shows a difference."""
    for index in reversed(range(len(walk.steps))):
        shorter = walk._replace(steps=walk.steps[:index] + walk.steps[index + 1 :])
        if difference(shorter):
            walk = shorter
    return walk


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_the_oracle_on_every_step_of_random_walks(part: int) -> None:
    random, left = Random(part), STEPS // PARTS  # noqa: S311  # a seed makes the walks repeatable; nothing is secret
    while left > 0:
        walk, found = random_walk(random)
        left -= len(walk.steps)
        if found:
            walk = shortest(walk)
            pytest.fail(f"{walk}\n{difference(walk)}")
