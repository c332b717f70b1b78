"""The timelines for other implementations are those that the oracle draws, and the engine answers each step alike.

The program of their guide compares all of them in its own way. `CALLSTATE_LONG=1` tries all of them here too.
"""

import json
import os
from collections import Counter

import msgspec
import pytest

from callstate.domain import ACTIONS, SIGNALS
from tests import pack, timelines
from tests.pack import Json
from tests.scenarios import Timeline
from tests.timeline_answers import Answers

STRIDE = 1 if os.environ.get("CALLSTATE_LONG") == "1" else 7
ALL = timelines.read()
ENGINE = pack.runner()


def engine_answers(timeline: Json) -> list[Json]:
    """Answer a timeline by the program that the guide of the scenarios shows."""
    rules = ENGINE["rules_of"](timeline)
    call = ENGINE["begin"](timeline, rules)
    whole = None if timeline["given"] is None else json.loads(msgspec.json.encode(call))
    answers, told = Answers(call, whole), []
    for step in timeline["steps"]:
        result = ENGINE["take"](call, step, rules)
        told.append(answers.tell(step, result, ENGINE["shown"](result)))
        call = call if "refused" in told[-1] else result
    return told


def test_the_engine_answers_every_step_as_the_timeline_says() -> None:
    for timeline in ALL[::STRIDE]:
        assert engine_answers(timeline) == [step["then"] for step in timeline["steps"]], timeline["number"]


def test_a_timeline_is_in_the_form_of_a_scenario_without_its_words() -> None:
    for timeline in ALL:
        msgspec.convert(timeline, Timeline)


@pytest.mark.parametrize("number", range(1, timelines.COUNT, 100))
def test_the_file_holds_what_the_oracle_draws(number: int) -> None:
    assert ALL[number - 1] == json.loads(timelines.line(number)), "python -m tests.write timelines"


def test_there_are_as_many_as_the_guide_says() -> None:
    assert [timeline["number"] for timeline in ALL] == list(range(1, timelines.COUNT + 1))


def _changes(timeline: Json) -> set[str]:
    """Name the inputs of a timeline that change its call."""
    steps = [step for step in timeline["steps"] if "states" in step["then"]]
    return {step.get("signal") or step.get("request", {}).get("action", "time") for step in steps}


def test_every_action_and_signal_changes_calls_under_both_rule_sets() -> None:
    wanted = {kind.__name__ for kind in (*ACTIONS, *SIGNALS)}
    for rules in ("lenient", "strict"):
        counts = Counter(name for timeline in ALL if timeline["rules"] == rules for name in _changes(timeline))
        assert {name for name in wanted if counts[name] >= 5} == wanted


def test_every_beginning_and_every_deadline_is_there() -> None:
    kinds = {step["create"]["kind"] for timeline in ALL for step in timeline["steps"] if "create" in step}
    assert kinds == {"simple", "callback", "conferenceInvite"}
    assert sum("given_listed" in timeline for timeline in ALL) >= 300
    assert sum(timeline["given"] is not None for timeline in ALL) >= 1000
    changed = [
        view for timeline in ALL for step in timeline["steps"] for view in step["then"].get("views", {}).values()
    ]
    assert {"NO_ANSWER", "LIMIT"} <= {view.get("reason") for view in changed}
    assert any((view.get("parking") or {}).get("ring_backs") == 10 for view in changed)


def test_an_answer_that_is_changed_does_not_pass() -> None:
    timeline = next(timeline for timeline in ALL if "states" in timeline["steps"][0]["then"])
    wrong = [step["then"] | {"call": {"version": 99}} for step in timeline["steps"]]
    assert engine_answers(timeline) != wrong
