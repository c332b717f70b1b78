"""What the laws are written with: a run of a subject through a timeline, and when two of its calls are the same.

One rule: nothing is checked here.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from callstate.domain import Action, PhoneCall
from callstate.testing.starts import trial_start
from callstate.testing.steps import Begin
from callstate.testing.strategies import Timeline
from callstate.testing.subjects import START, UNTOLD, Shown, Subject, Unable

MakeSubject: TypeAlias = Callable[[], Subject]
Law: TypeAlias = Callable[[MakeSubject, Timeline], None]
"""Raises an `AssertionError` if a subject that it makes breaks it on a timeline."""

UNABLE = "unable"
VIEW_IDS = ("00", "01", "02", "03")


class Run:
    """One subject and one call of it, and what time it is there."""

    def __init__(self, subject: Subject, begin: Begin) -> None:
        self.subject: Subject = subject
        self.call_id: str = begin.call_id
        self.now: datetime = subject.advance(at=START)
        self.exact: bool = self.now == START
        start = trial_start(begin.start)
        subject.start(start.new(begin.call_id), at=self.now)
        for signal in start.signals(begin.call_id):
            self.apply(signal)

    def apply(self, action: Action) -> str | None:
        """Give the subject an input; one that it is not able to take counts as refused."""
        try:
            answer = self.subject.apply(action, at=self.now)
        except Unable:
            return UNABLE
        return None if answer is UNTOLD else answer

    def look(self) -> Shown:
        """Return the call as the subject shows it."""
        return self.subject.look(self.call_id)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now = self.subject.advance(at=self.now + timedelta(seconds=seconds))

    def inputs(self, timeline: Timeline) -> Iterator[Action]:
        """Yield each input at its time."""
        for step in timeline.inputs:
            self.wait(step.seconds)
            yield step.action


StartRun: TypeAlias = Callable[[], Run]


def as_law(check: Callable[[StartRun, Timeline], None]) -> Law:
    """Make a law of a check, which starts as many runs as it needs."""

    @wraps(check)
    def law(make_subject: MakeSubject, timeline: Timeline) -> None:
        with ExitStack() as stack, suppress(Unable):

            def start_run() -> Run:
                subject = make_subject()
                stack.callback(subject.close)
                return Run(subject, timeline.begin)

            check(start_run, timeline)

    return law


def assert_same(before: Shown, after: Shown, when: str) -> None:
    """Assert that two calls have the same content."""
    assert _content(before) == _content(after), f"{when}, and the call changes from {before!r} to {after!r}"


def _content(shown: Shown) -> object:
    """Return the content of a call, without how often and when it has changed."""
    if isinstance(shown, PhoneCall):
        return replace(shown, version=0, updated=None)
    return None if shown is None else msgspec.json.decode(shown)


def views_of(shown: Shown) -> dict[str, Any]:  # Any: a view, or its JSON
    """Return the views that are shown, by their ids."""
    if isinstance(shown, PhoneCall):
        return {view.id: view for view in shown.views}
    return {} if shown is None else {view["id"]: view for view in msgspec.json.decode(shown)["phoneCallView"]}
