"""What tells a mutant from the oracle: a scenario that fails, and a random timeline with another answer.

One rule: an exception is an answer too, and a wrong one. Which mistakes there are is not known here.
"""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

import msgspec

from callstate import PhoneCall
from callstate.domain import Numbering
from tests import pack
from tests.timeline_answers import Answers

Json = dict[str, Any]  # Any: JSON


def scenario_that_fails(steps: ModuleType, scenarios: Iterable[tuple[str, Json]]) -> str:
    """Return the first scenario that the mutant fails, or nothing."""
    failures = pack.failures_of(steps)
    return next((name for name, scenario in scenarios if _fails(failures, scenario)), "")


SECONDS = 2.0
"""How much processor time an answer may take; a mutant that goes on for ever gives none."""


@contextmanager
def _in_time() -> Iterator[None]:
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def _fails(failures: pack.Failures, scenario: Json) -> bool:
    try:
        with _in_time():
            return bool(list(failures(scenario)))
    except Exception:  # noqa: BLE001  # whatever it raises is a wrong answer
        return True


def timeline_that_differs(steps: ModuleType, timelines: Iterable[Json]) -> int | None:
    """Return the number of the first timeline on which the mutant answers one step otherwise."""
    return next((timeline["number"] for timeline in timelines if _differs(steps, timeline)), None)


def _differs(steps: ModuleType, timeline: Json) -> bool:
    try:
        with _in_time():
            pairs = zip(_answers(steps, timeline), timeline["steps"], strict=True)
            return any(found != step["then"] for found, step in pairs)
    except Exception:  # noqa: BLE001  # likewise
        return True


def _answers(steps: ModuleType, timeline: Json) -> Iterator[Json]:
    numbering = Numbering(**timeline.get("numbering", {}))
    given = None if timeline["given"] is None else msgspec.convert(timeline["given"], PhoneCall)
    call = steps.begin(timeline, given, numbering)
    answers = Answers(call, None if given is None else steps.shown(call)["call"])
    for step in timeline["steps"]:
        result = steps.take(call, step, strict=timeline["rules"] == "strict", numbering=numbering)
        yield answers.tell(step, result, steps.shown(result))
        call = result if isinstance(result, PhoneCall) else call
