"""Judging an implementation by random trials: the differences, each in the shortest trial that shows it.

One rule: a difference is told once. The trials after it avoid what led to it, so that others are found behind it.
"""

import time
from collections.abc import Callable, Collection
from random import Random, SystemRandom
from typing import NamedTuple

from hypothesis import settings as Settings  # noqa: N812  # it is a class, and users call the parameter `settings`

from callstate.engine import LENIENT, Rules
from callstate.testing.diverged import Diverged
from callstate.testing.scope import KnownDifferences, Scope, scope
from callstate.testing.shrinking import Steps, replayed, shortest, size
from callstate.testing.stateful import DEFAULTS, CallMachine
from callstate.testing.statistics import Statistics
from callstate.testing.steps import Begin, Input
from callstate.testing.subjects import NotJudgedError, Subject
from callstate.testing.trial import Trial

MOST_DIFFERENCES = 5
MORE_TRIALS, ENOUGH = 40, 6
"""How many trials look for a shorter story, and how many stories in a row may come no further."""
FIRST_TRIALS = 10
"""A subject that was able to do nothing in so many trials is not judged."""


class Judgement(NamedTuple):
    """The differences that were found, and what was judged."""

    differences: tuple[Diverged, ...]
    statistics: Statistics


class Limits(NamedTuple):
    """How long a judge goes on: trials, steps of each, differences, and seconds if they are limited."""

    trials: int = DEFAULTS.max_examples
    steps: int = DEFAULTS.stateful_step_count
    differences: int = MOST_DIFFERENCES
    seconds: float = float("inf")


USUAL = Limits()


def judge(  # noqa: PLR0913  # all but the first are options
    make_subject: Callable[[], Subject],
    *,
    rules: Rules = LENIENT,
    actions: Collection[type[object]] | None = None,
    starts: Collection[str] | None = None,
    known: Collection[str] = (),
    limits: Limits = USUAL,
    seed: int | str = 0,
    progress: Callable[[Judgement], None] = lambda _: None,
) -> Judgement:
    """Judge an implementation and return what differs; with the same `seed` the trials are the same.

    `actions` and `starts` say what is judged, all if they are not given. `known` are the ids of differences that are
    accepted. `progress` is called after each trial.
    """
    judging = _Judging(make_subject, rules, scope(actions, starts), KnownDifferences(known), limits)
    for number in range(limits.trials):
        if judging.is_over or not judging.try_once(Random(f"{seed}/{number}")):  # noqa: S311  # no secret
            break
        progress(judging.judgement)
    judging.check_judged()
    return judging.judgement


def check_implementation(  # noqa: PLR0913  # all but the first are options
    make_subject: Callable[[], Subject],
    *,
    settings: Settings | None = None,
    rules: Rules = LENIENT,
    actions: Collection[type[object]] | None = None,
    starts: Collection[str] | None = None,
    known: Collection[str] = (),
    differences: int = MOST_DIFFERENCES,
) -> Statistics:
    """Judge an implementation, and return what was judged if it does in all as the core.

    A `Diverged` shows the shortest trial in which it does otherwise; its `others` show up to so many `differences`, and
    its `statistics` what was judged. A `NotJudgedError` says that there was nothing to judge: no input could be given
    to the subject.

    `make_subject` makes a new one for each trial. `settings` are those of hypothesis: `max_examples` says how many
    trials there are, `stateful_step_count` how long each is, and with `derandomize` they are the same each time.
    `actions` are the classes of the actions and signals that are given, and `starts` names of `STARTS`. `known` are the
    ids of differences that are accepted.
    """
    settings = settings or DEFAULTS
    limits = Limits(settings.max_examples, settings.stateful_step_count, differences)
    seed = 0 if settings.derandomize else SystemRandom().getrandbits(64)
    found, statistics = judge(
        make_subject, rules=rules, actions=actions, starts=starts, known=known, limits=limits, seed=seed
    )
    if not found:
        return statistics
    first, *others = found
    first.others, first.statistics = tuple(others), statistics
    raise first.with_traceback(None)


class _Judging:
    """What has been found so far."""

    def __init__(
        self,
        make_subject: Callable[[], Subject],
        rules: Rules,
        scope: Scope,
        known: KnownDifferences,
        limits: Limits,
    ) -> None:
        self._make_subject, self._rules, self._scope = make_subject, rules, scope
        self._known, self._limits = known, limits
        self._ends = time.monotonic() + limits.seconds
        self._found: list[Diverged] = []
        self._statistics = Statistics(known=known.met)

    @property
    def is_over(self) -> bool:
        """Whether a limit is reached."""
        return len(self._found) >= self._limits.differences or time.monotonic() > self._ends

    @property
    def judgement(self) -> Judgement:
        """What has been found and judged."""
        return Judgement(tuple(self._found), self._statistics)

    def try_once(self, random: Random) -> bool:
        """Do one trial; tell whether there is any use in another one."""
        try:
            found = self._trial(random, self._limits.steps, self._statistics)
            if found is not None:
                found = self._shortest(found)
                self._known.ids.add(found.id)
                self._found.append(found)
        except NotJudgedError:
            if not self._found:
                raise
            return False  # what was found has ended the service
        return bool(self._statistics.inputs) or self._statistics.trials < FIRST_TRIALS

    def check_judged(self) -> None:
        """Raise an error if nothing was judged."""
        left_out, first = self._statistics.left_out, f"start {self._scope.starts[0]!r}: "
        if left_out and not self._statistics.inputs and not self._found:
            reasons = [reason.removeprefix(first) for reason in left_out if reason.startswith(first)]
            reason = reasons[0] if reasons else left_out.most_common(1)[0][0]
            steps = f"the subject was not able to do any of {left_out.total()} steps"
            raise NotJudgedError(f"{steps}: {reason}")

    def _trial(self, random: Random, steps: int, statistics: Statistics) -> Diverged | None:
        machine = CallMachine(self._make_subject, rules=self._rules, scope=self._scope, known=self._known)
        try:
            machine.first_call(random)
            for _ in range(steps):
                machine.next_step()
        except Diverged as found:
            return found
        finally:
            _count(machine.trial, statistics)
            machine.teardown()
        return None

    def _shortest(self, found: Diverged) -> Diverged:
        """Shorten what was found, and some more that is found: one way down may end above the bottom."""
        best, no_further = shortest(found, self._attempt, self._scope.starts), 0
        for seed in range(min(MORE_TRIALS, self._limits.trials)):
            if best.inputs <= 1 or no_further == ENOUGH or time.monotonic() > self._ends:
                break
            try:
                other = self._trial(Random(seed), self._limits.steps, Statistics())  # noqa: S311  # no secret
            except NotJudgedError:
                break  # what was found has ended the service
            if other is not None:
                story = shortest(other, self._attempt, self._scope.starts)
                best, no_further = (story, 0) if size(story) < size(best) else (best, no_further + 1)
        return best

    def _attempt(self, steps: Steps) -> Diverged | None:
        """Do the steps; return the difference, unless it is one that is known."""
        if time.monotonic() > self._ends:
            return None
        try:
            found = replayed(self._make_subject, steps, self._rules)
        except NotJudgedError:
            return None
        return None if found is None or found.id in self._known.ids else found


def _count(trial: Trial, statistics: Statistics) -> None:
    statistics.trials += 1
    statistics.left_out += trial.left_out
    for step in trial.steps:
        if isinstance(step, Input):
            statistics.inputs[type(step.action).__name__] += 1
        elif isinstance(step, Begin):
            statistics.starts[str(step.start)] += 1
