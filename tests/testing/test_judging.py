"""The judge tells each difference once, goes on behind it, and says what was judged."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import settings

from callstate import Action, Answered, HangUp, OffHold, OnHold, Park
from callstate.domain import Create, PhoneCall
from callstate.testing import (
    Begin,
    CallMachine,
    CoreSubject,
    Diverged,
    Judgement,
    Limits,
    NotJudgedError,
    Statistics,
    Subject,
    Unable,
    check_implementation,
    judge,
)
from callstate.testing.stateful import DEFAULTS
from tests.testing.wrong import GALLERY, WrongSubject

SHORT = settings(DEFAULTS, max_examples=40, derandomize=True, database=None)
TALK = "Alice and Bob talk"
HOLDS = [OnHold, OffHold]


class TwiceWrong(CoreSubject):
    """A second hold is an error, and so is a second release."""

    def apply(self, action: Action, *, at: datetime) -> str | None:
        call = self.calls.get(action.call_id)
        super_answer = super().apply(action, at=at)
        repeat = super_answer is None and self.calls.get(action.call_id) is call
        return "pc_twice" if repeat and isinstance(action, OnHold | OffHold) else super_answer


TWICE = {"OnHold/answer/accepted/pc_twice", "OffHold/answer/accepted/pc_twice"}


def test_each_difference_is_told_once() -> None:
    with pytest.raises(Diverged) as caught:
        check_implementation(TwiceWrong, settings=SHORT, actions=HOLDS)
    first = caught.value
    assert {found.id for found in (first, *first.others)} == TWICE
    assert first.statistics is not None
    assert first.statistics.trials == 40
    assert str(first).count("def test_the_subject_does_as_the_reference") == 2


def test_no_more_differences_are_told_than_asked_for() -> None:
    with pytest.raises(Diverged) as caught:
        check_implementation(TwiceWrong, settings=SHORT, differences=1)
    assert caught.value.others == ()


def test_differences_that_are_known_are_accepted_and_counted() -> None:
    told = check_implementation(TwiceWrong, settings=SHORT, actions=HOLDS, known=[*TWICE, "Park/never"])
    assert told.known.keys() == {*TWICE, "Park/never"}
    assert min(told.known[found] for found in TWICE) > 0
    assert told.known["Park/never"] == 0
    assert told.trials == 40


def test_what_is_asked_can_be_limited() -> None:
    told = check_implementation(CoreSubject, settings=SHORT, actions=[OnHold, HangUp], starts=[TALK])
    assert told.inputs.keys() == {"OnHold", "HangUp"}
    assert told.starts.keys() == {TALK}
    lines = str(told).splitlines()
    assert lines[0] == "40 trials"
    assert any(re.fullmatch(rf" +\d+ {TALK}", line) for line in lines)


def test_a_story_keeps_to_the_starts() -> None:
    with pytest.raises(Diverged) as caught:
        check_implementation(TwiceWrong, settings=SHORT, starts=["a conference calls Bob and Carol", TALK])
    for found in (caught.value, *caught.value.others):
        assert [step.start for step in found.steps if isinstance(step, Begin)] == [TALK]


def test_a_hang_up_alone_is_asked_too() -> None:
    assert check_implementation(CoreSubject, settings=SHORT, actions=[HangUp]).inputs.keys() == {"HangUp"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"actions": []}, "actions=.* at least one of the classes OnHold, "),
        ({"actions": [int]}, "actions=.* at least one of the classes OnHold, "),
        ({"starts": []}, "starts=.* at least one of 'Alice and Bob talk', "),
        ({"starts": ["Alice"]}, "starts=.* at least one of 'Alice and Bob talk', "),
    ],
)
def test_limits_that_leave_nothing_are_told(options: dict[str, list[object]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_implementation(CoreSubject, **options)  # type: ignore[arg-type]  # the point


def test_the_same_seed_makes_the_same_trials() -> None:
    one, same, other = (judge(CoreSubject, limits=Limits(trials=5), seed=seed).statistics for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_it_is_told_how_far_it_is() -> None:
    told: list[Judgement] = []
    judge(CoreSubject, limits=Limits(trials=3), progress=told.append)
    assert len(told) == 3


def test_no_trial_begins_after_the_time() -> None:
    assert judge(CoreSubject, limits=Limits(seconds=0)).statistics == Statistics()


def test_a_known_difference_ends_the_trial_of_a_machine() -> None:
    found = judge(TwiceWrong, limits=Limits(trials=5), known=TWICE)
    assert found.differences == ()
    with pytest.raises(TypeError, match="no subject"):
        CallMachine()


class Dies(CoreSubject):
    """A service that is gone after a hold."""

    gone = False

    def __init__(self) -> None:
        if Dies.gone:
            raise NotJudgedError("it cannot be reached")
        super().__init__()

    def apply(self, action: Action, *, at: datetime) -> str | None:
        if isinstance(action, OnHold):
            Dies.gone = True
            return "pc_dead"
        return super().apply(action, at=at)


def test_what_was_found_before_the_service_ended_is_told() -> None:
    found = judge(Dies, limits=Limits(trials=40), actions=[OffHold, OnHold], starts=[TALK], seed=5)
    assert [difference.subject for difference in found.differences] == ["refused, pc_dead"]
    assert found.differences[0].inputs > 1
    with pytest.raises(NotJudgedError, match="it cannot be reached"):
        judge(Dies)


def test_a_story_is_not_made_shorter_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    class Slow(CoreSubject):
        def apply(self, action: Action, *, at: datetime) -> str | None:
            nonlocal now
            if not isinstance(action, OnHold):
                return super().apply(action, at=at)
            now = 100
            return "pc_slow"

    monkeypatch.setattr(time, "monotonic", lambda: now)
    options: dict[str, Any] = {"actions": [OffHold, OnHold], "starts": [TALK], "seed": 5}
    long = judge(Slow, limits=Limits(seconds=50, differences=1), **options).differences
    now = 0
    short = judge(Slow, limits=Limits(seconds=150, differences=1), **options).differences
    assert len(long) == len(short) == 1
    assert long[0].inputs > short[0].inputs == 1


class Late(CoreSubject):
    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        raise Unable("no call is created", new.views if isinstance(new, PhoneCall) else at)


class NoAnswers(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        if isinstance(action, Answered):
            raise Unable("nobody answers here")
        return super().apply(action, at=at)


def test_a_subject_that_begins_nothing_is_given_up_soon() -> None:
    tries = 0

    def make_subject() -> Subject:
        nonlocal tries
        tries += 1
        return Late()

    with pytest.raises(NotJudgedError, match=r"the subject was not able to do any of .* steps: .*no call is created"):
        check_implementation(make_subject, settings=SHORT)
    assert tries == 10


def test_what_is_left_out_says_why() -> None:
    told = check_implementation(NoAnswers, settings=SHORT, starts=[TALK])
    assert told.left_out["Answered: nobody answers here"] > 0


@pytest.mark.parametrize("mistake", ["a deflection ends the other phones that ring", "a whisper is never private"])
def test_a_difference_has_the_same_id_in_each_run(mistake: str) -> None:
    def subject() -> Subject:
        return WrongSubject(GALLERY[mistake])

    one, other = (judge(subject, seed=seed, limits=Limits(differences=1)).differences[0].id for seed in (1, 2))
    assert one == other


def test_a_parked_party_waits_at_the_first_position_that_is_free_in_a_shorter_story() -> None:
    """The subject minds a position only: as a service, it takes the first free one itself."""

    class FirstFree(CoreSubject):
        def apply(self, action: Action, *, at: datetime) -> str | None:
            taken = {view.parking.position for call in self.calls.values() for view in call.views if view.parking}
            if isinstance(action, Park) and action.position is not None:
                assert action.position == min(set(range(1, 101)) - taken)
            return super().apply(action, at=at) if not isinstance(action, HangUp) else "pc_no"

    make_subject: Callable[[], Subject] = FirstFree
    found = judge(make_subject, seed=5, limits=Limits(trials=60)).differences
    assert all(difference.outcome.shown != "AssertionError" for difference in found)
