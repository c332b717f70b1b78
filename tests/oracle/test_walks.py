"""The engine beside the oracle: on every step of many random walks both say the same.

The examples in this folder show by cases that were worked out on paper that the oracle itself can be trusted. The walks
of the oracle alone show that it reaches no value that the constructors refuse, and that time in many steps is time in
one. `CALLSTATE_LONG=1` walks further.
"""

import os
from datetime import datetime
from random import Random

import pytest

from callstate.domain import Numbering, PhoneCall
from tests.oracle.call import OracleCall
from tests.oracle.create import Create
from tests.oracle.inputs import Creates, Inputs
from tests.oracle.starts import NUMBERINGS, STARTS, T0
from tests.oracle.subjects import ENGINE_IS_ASKED, EngineSubject, OracleSubject, Subject, answer_of
from tests.oracle.walks import Step, Walk

STEPS = 100_000 * (20 if os.environ.get("CALLSTATE_LONG") == "1" else 1)
STEPS_OF_A_WALK = 30
PARTS = 8
"""The walks come in parts, so that parallel workers share them."""


class Pair:
    """Two implementations side by side, the second one at times the oracle itself."""

    def __init__(self, walk: Walk, other: type[Subject]) -> None:
        start, numbering = STARTS[walk.start], NUMBERINGS[walk.numbering]
        self.oracle = OracleSubject(start, strict=walk.strict, numbering=numbering)
        self.other = other(start, strict=walk.strict, numbering=numbering)

    def take(self, step: Step) -> str:
        """Give both the same input; tell how they differ, if they do."""
        before, other_before = self.oracle.call, self.other.call
        expected, answer = take(self.oracle, step), take(self.other, step)
        if answer != expected or isinstance(expected, str):
            return f"the other answers {answer}, the oracle {expected}"
        if self.other.call != self.oracle.call:
            return f"the other has {self.other.call}\nthe oracle has {self.oracle.call}"
        same, other_same = before is self.oracle.call, other_before is self.other.call
        if same and not other_same and not isinstance(self.other, Stepwise):
            return "nothing changed, but the other returned another object"
        return ""


def take(subject: Subject, step: Step) -> object:
    """Give an implementation an input, and tell what it answers."""
    try:
        if step.action is None:
            subject.advance(step.at)
            return ()
        return answer_of(subject.apply(step.action, step.at), step.action)
    except Exception as error:  # noqa: BLE001  # whatever it raises is a finding, to be shown with the walk
        return f"with {error!r}"


class Stepwise(OracleSubject):
    """The oracle, with the time passing in many steps, and read again from its own value before each of them."""

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None:
        super().__init__(call, strict=strict, numbering=numbering)
        self._strict, self._numbering = strict, numbering

    def advance(self, at: datetime) -> None:
        while self.call.deadline is not None and self.call.deadline < at:
            self._oracle = OracleCall.from_value(self.call, strict=self._strict, numbering=self._numbering)
            super().advance(self.call.deadline)
        super().advance(at)


def difference(walk: Walk, other: type[Subject]) -> str:
    """Go the whole walk again and tell the first difference."""
    pair = Pair(walk, other)
    return next(filter(None, map(pair.take, walk.steps)), "")


def random_walk(random: Random, other: type[Subject]) -> tuple[Walk, str]:
    """Draw a walk while going it, until the first difference or soon after the call is over."""
    inputs, found = Inputs(random), ""
    walk = Walk(random.choice(tuple(STARTS)), random.random() < 0.3, random.choice(tuple(NUMBERINGS)), ())
    pair, now = Pair(walk, other), STARTS[walk.start].updated or T0
    while not found and len(walk.steps) < STEPS_OF_A_WALK and not (pair.oracle.call.over and inputs.chance(0.2)):
        now = inputs.later(now)
        given = [step.action for step in walk.steps if step.action is not None]
        step = Step(None if inputs.chance(0.08) else inputs.retry(given, pair.oracle.call), now)
        walk = walk._replace(steps=(*walk.steps, step))
        found = pair.take(step)
    return walk, found


def shortest(walk: Walk, other: type[Subject]) -> Walk:
    """Leave out every step without which the walk still shows a difference."""
    for index in reversed(range(len(walk.steps))):
        shorter = walk._replace(steps=walk.steps[:index] + walk.steps[index + 1 :])
        if difference(shorter, other):
            walk = shorter
    return walk


def go(random: Random, other: type[Subject], steps: int) -> None:
    while steps > 0:
        walk, found = random_walk(random, other)
        steps -= len(walk.steps)
        if found:
            walk = shortest(walk, other)
            pytest.fail(f"{walk}\n{difference(walk, other)}")


@pytest.mark.skipif(not ENGINE_IS_ASKED, reason="the engine is not asked yet")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_the_oracle_on_every_step_of_random_walks(part: int) -> None:
    go(Random(part), EngineSubject, STEPS // PARTS)  # noqa: S311  # a seed makes the walks repeatable


def test_the_oracle_reads_its_own_values_and_takes_time_in_one_step_or_in_many() -> None:
    go(Random(0), Stepwise, STEPS // 20)  # noqa: S311  # a seed makes it repeatable


def created(subject: type[Subject], request: Create, numbering: Numbering) -> object:
    answer = subject.create(request, T0, numbering)
    return answer if isinstance(answer, PhoneCall) else answer_of(answer, None)


@pytest.mark.skipif(not ENGINE_IS_ASKED, reason="the engine is not asked yet")
def test_the_engine_agrees_with_the_oracle_on_calls_that_are_created() -> None:
    random = Random(1)  # noqa: S311  # a seed makes it repeatable
    for request in [Creates(random).draw() for _ in range(STEPS // 50)]:
        numbering = random.choice(tuple(NUMBERINGS.values()))
        assert created(EngineSubject, request, numbering) == created(OracleSubject, request, numbering), request
