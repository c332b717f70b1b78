"""The work of `callstate judge`: scenarios and trials of a service, put together as a report.

One rule: a difference is reported once. What a scenario has shown is known to the trials after it.
"""

import argparse
import time
from functools import partial
from random import SystemRandom
from typing import Protocol

from callstate.cli.judge_options import DIFFERENCES, kinds, known, named_starts
from callstate.cli.judge_report import CONFORMS, DIFFERS, Finding, Report, ScenarioResult, finding
from callstate.testing import (
    STARTS,
    Diverged,
    HttpSubject,
    Judgement,
    Limits,
    check_scenarios,
    client_credentials,
    judge,
    replay,
)

_SEEDS = 10**6


class Progress(Protocol):
    """What is told how far it is."""

    def show(self, line: str) -> None:
        """Show the line in the place of the one before."""

    def clear(self) -> None:
        """Leave nothing."""


class Session:
    """One run of the command."""

    def __init__(self, arguments: argparse.Namespace, progress: Progress) -> None:
        self.url: str = arguments.url.rstrip("/")
        self.progress = progress
        self._arguments = arguments
        self._actions, self._starts = kinds(arguments), named_starts(arguments, STARTS)
        self._known = known(arguments)
        self._started = time.monotonic()
        self._ends = self._started + (float("inf") if arguments.time_budget is None else arguments.time_budget)
        self._seed: int = SystemRandom().randrange(_SEEDS) if arguments.seed is None else arguments.seed
        self._token = arguments.token or client_credentials(self.url, arguments.client_id, arguments.client_secret)
        self._findings: list[Finding] = []
        self._last: HttpSubject | None = None

    def report(self) -> Report:
        """Judge, and put together what was found."""
        scenarios = self._scenarios() if self._arguments.scenarios else ()
        found, statistics = self._trials()
        for diverged in found:
            self._findings.append(self._finding(diverged))
        return Report(
            url=self.url,
            verdict=DIFFERS if self._findings else CONFORMS,
            seed=self._seed,
            seconds=round(time.monotonic() - self._started, 1),
            differences=tuple(self._findings),
            trials=statistics.trials,
            inputs=statistics.inputs,
            starts=statistics.starts,
            left_out=statistics.left_out,
            known={found: count for found, count in statistics.known.items() if found in self._known},
            scenarios=scenarios,
        )

    def _make_subject(self, *, replaces_calls: bool = False) -> HttpSubject:
        self._last = HttpSubject(self.url, self._token, replaces_calls=replaces_calls)
        return self._last

    def _scenarios(self) -> tuple[ScenarioResult, ...]:
        results = []
        outcomes = check_scenarios(
            partial(self._make_subject, replaces_calls=True),
            rules=self._arguments.rules,
            actions=self._actions,
            known=self._known,
            ends=self._ends,
        )
        for outcome in outcomes:
            self.progress.show(f"scenario {outcome.name}: {outcome.outcome}")
            results.append(ScenarioResult(name=outcome.name, outcome=outcome.outcome, reason=outcome.reason))
            if outcome.diverged is not None and self._last is not None:
                self._findings.append(finding(outcome.diverged, self.url, self._last.exchanges, outcome.name))
        return tuple(results)

    def _trials(self) -> Judgement:
        seconds = max(self._ends - time.monotonic(), 0)
        return judge(
            self._make_subject,
            rules=self._arguments.rules,
            actions=self._actions,
            starts=self._starts,
            known=self._known | {found.id for found in self._findings},
            limits=Limits(trials=self._arguments.examples, differences=DIFFERENCES, seconds=seconds),
            seed=self._seed,
            progress=self._tell,
        )

    def _tell(self, judgement: Judgement) -> None:
        trials, found = judgement.statistics.trials, len(judgement.differences)
        self.progress.show(f"{trials} of {self._arguments.examples} trials, {found} differences")

    def _finding(self, diverged: Diverged) -> Finding:
        """Do the steps once more, for the exchanges."""
        try:
            replay(self._make_subject, diverged.steps, rules=self._arguments.rules)
        except Diverged as again:
            diverged = again
        assert self._last is not None
        return finding(diverged, self.url, self._last.exchanges, None)
