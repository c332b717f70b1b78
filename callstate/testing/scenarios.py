"""The scenarios of the documentation, done to a subject and to the reference.

One rule: a scenario counts only if all of it could be brought about; else it is skipped, with the reason.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from callstate import domain
from callstate.engine import LENIENT, Rules, create_call
from callstate.sandbox import moved
from callstate.testing.bringing_about import way_to
from callstate.testing.diverged import Diverged
from callstate.testing.scenario_pack import Scenario, ScenarioStep, scenarios
from callstate.testing.steps import Begin, Input, Step, Wait
from callstate.testing.subjects import Subject
from callstate.testing.trial import SLACK, Trial
from callstate.voipnow.service import CREATES
from callstate.voipnow.wire import decode_action

CALL = "c0ffee"
"""The id of the call in all scenarios."""

_SIGNALS = {kind.__name__: kind for kind in domain.SIGNALS}


class ScenarioOutcome(NamedTuple):
    """How a scenario ended: why it was skipped, or what differed."""

    name: str
    outcome: Literal["passed", "differs", "skipped"]
    reason: str = ""
    diverged: Diverged | None = None


class Skipped(Exception):  # noqa: N818  # an answer, not an error
    """A scenario cannot be brought about; the message says why."""


def check_scenarios(
    make_subject: Callable[[], Subject],
    *,
    rules: Rules = LENIENT,
    actions: Collection[type[object]] | None = None,
    known: Collection[str] = (),
    ends: float = float("inf"),
) -> Iterator[ScenarioOutcome]:
    """Do each scenario to a new subject, and tell how it ended.

    Those with requests that are none of `actions` are skipped, and all that come when `time.monotonic` is past `ends`.
    `known` are the ids of differences that are accepted.
    """
    for name, scenario in scenarios().items():
        try:
            if time.monotonic() > ends:
                raise Skipped("the time is over")  # noqa: TRY301  # as any other reason
            _do(make_subject, scenario, rules, actions)
            yield ScenarioOutcome(name, "passed")
        except Skipped as skipped:
            yield ScenarioOutcome(name, "skipped", str(skipped))
        except Diverged as found:
            if found.id in known:
                yield ScenarioOutcome(name, "skipped", f"the known difference {found.id}")
            else:
                yield ScenarioOutcome(name, "differs", found.id, found)


def _do(
    make_subject: Callable[[], Subject],
    scenario: Scenario,
    rules: Rules,
    actions: Collection[type[object]] | None,
) -> None:
    if scenario.judged_by != rules:
        raise Skipped(f"it is judged by other rules, {scenario.rules}")
    requests = {str(step.request.get("action")) for step in scenario.steps if step.request is not None}
    left_out = set() if actions is None else requests - {kind.__name__ for kind in actions}
    if left_out:
        raise Skipped(f"{min(left_out)} is not judged")
    subject = make_subject()
    try:
        doing = _Doing(Trial(subject, rules=rules, finds_positions=True))
        given = scenario.call
        at = scenario.steps[0].at if given is None else doing.begin(given)
        for number, told in enumerate(scenario.steps, start=1):
            doing.take(_step(told, (told.at - at).total_seconds(), rules), f"step {number}: ")
            at = told.at
    finally:
        subject.close()


class _Doing:
    """A scenario that is being done, and the time that it has reached; a clock that is not moved stays behind."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._now = trial.now

    def begin(self, given: domain.PhoneCall) -> datetime:
        """Bring the call about that is given, as it is or by a way that leads there; tell when it was so."""
        trial, at = self._trial, given.updated or given.published
        if at is None:
            raise Skipped("the given call does not say when it was so")
        trial.do(Begin(moved(given, trial.now - at)))
        if not trial.left_out:
            return at
        trial.left_out.clear()
        steps = way_to(given, trial.rules)
        if not steps:
            raise Skipped("no way is known to the given call")
        for step in steps:
            self.take(step, "the given call: ")
        return at

    def take(self, step: Step, name: str) -> None:
        """Do a step, or skip the scenario."""
        trial, seconds = self._trial, timedelta(seconds=0 if isinstance(step, Begin) else step.seconds)
        self._now += seconds
        if isinstance(step, Input) and trial.is_near_a_deadline(trial.now + seconds):
            raise Skipped(f"{name}it comes so near to a deadline that a clock that runs may have passed it")
        due = trial.next_due
        trial.do(step)
        if trial.left_out:
            raise Skipped(f"{name}{next(iter(trial.left_out))}")
        if due is not None and due <= self._now and self._now - trial.now > SLACK:
            raise Skipped(f"{name}the clock of the service is not moved, so it does not reach a deadline")


def _step(told: ScenarioStep, seconds: float, rules: Rules) -> Step:
    """Return a step of a scenario as one of a trial."""
    if told.create is not None:
        return _begun(told.create, told.at, rules)
    if told.signal is not None:
        given = {} if told.disposition is None else {"disposition": told.disposition}
        return Input(_SIGNALS[told.signal](call_id=CALL, view_id=told.view, **given), seconds)
    if told.request is None:
        return Wait(seconds)
    action = decode_action(msgspec.json.encode(told.request), call_id=CALL, extension=told.extension)
    if isinstance(action, domain.DomainError):
        raise Skipped("a request that is none is not sent")
    return Input(replace(action, position=told.position) if isinstance(action, domain.Park) else action, seconds)


def _begun(new: Mapping[str, Any], at: datetime, rules: Rules) -> Begin:
    kind = CREATES[new["kind"]]
    given = {name: new[domain.wire_name(name)] for name in kind.__struct_fields__ if domain.wire_name(name) in new}
    asked = msgspec.convert(given | {"call_id": CALL}, kind)
    if isinstance(create_call(asked, at=at, rules=rules), domain.DomainError):
        raise Skipped("a request that creates no call leaves nothing to compare")
    return Begin(asked, CALL)
