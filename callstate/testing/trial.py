"""A trial: the same steps done to a subject and to the core, side by side, until they differ.

One rule: after each step both have said the same, and show the same of every call, or `Diverged` says where not. The
exception tells the story of the trial, and ends with the same steps as a test to paste.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from callstate.domain import PARKING_POSITIONS, Action
from callstate.engine import LENIENT, Rules, advance, next_deadline
from callstate.testing.differences import EXACT, difference
from callstate.testing.starts import BEGINNINGS
from callstate.testing.steps import Begin, Input, Step, as_python, in_words, names
from callstate.testing.subjects import START, CoreSubject, Subject, Unable

SLACK = timedelta(seconds=3)
"""A clock that runs by itself is this far off at most; near a deadline nothing is asked of its owner."""


class Told(NamedTuple):
    """A step that was done, when that was, and what the reference said."""

    step: Step
    seconds: float
    answer: str


class Diverged(AssertionError):  # noqa: N818  # the name says what happened
    """A subject did otherwise than the reference; `steps` lead there."""

    def __init__(self, told: Iterable[Told], reference: str, subject: str, rules: Rules) -> None:
        self.told: tuple[Told, ...] = tuple(told)
        self.reference: str = reference
        self.subject: str = subject
        self.rules: Rules = rules
        super().__init__(self.told, reference, subject)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the last of which shows the difference."""
        return tuple(told.step for told in self.told)

    @property
    def inputs(self) -> int:
        """How many steps it took after the beginning of calls."""
        return sum(not isinstance(step, Begin) for step in self.steps)

    def __str__(self) -> str:
        return f"{self.story}\n\nThe same as a test:\n\n{self.test}"

    @property
    def story(self) -> str:
        """What was done, and what both sides said in the end."""
        times = "once" if self.inputs == 1 else f"{self.inputs} times"
        *before, last = self.told
        lines = [_line(told) + (f": {told.answer}" if isinstance(told.step, Input) else "") for told in before]
        lines += [_line(last), f"      reference: {self.reference}", f"      subject:   {self.subject}"]
        return "\n".join((f"The subject does otherwise than the reference, when something happened {times}:", *lines))

    @property
    def test(self) -> str:
        """The steps as a test, for which `make_subject` must be there."""
        core, ours = names(self.steps)
        strict = self.rules != LENIENT
        core = (*(("STRICT",) if strict else ()), *core)
        imports = [f"from callstate import {', '.join(core)}"] if core else []
        steps = [f"            {as_python(step)}," for step in self.steps]
        return "\n".join(
            (
                *imports,
                f"from callstate.testing import {', '.join((*ours, 'replay'))}",
                "",
                "",
                "def test_the_subject_does_as_the_reference() -> None:",
                "    replay(",
                "        make_subject,",
                "        [",
                *steps,
                "        ],",
                *(("        rules=STRICT,",) if strict else ()),
                "    )",
            )
        )


def _line(told: Told) -> str:
    return f"{told.seconds:5g} s  {_in_words(told.step)}"


def _in_words(step: Step) -> str:
    match step:
        case Begin(beginning, call_id):
            return f"call {call_id} begins: {beginning}"
        case Input(action, _):
            return in_words(action)
        case _:
            return f"{step.seconds:g} s pass"


class Trial:
    """A subject and the reference, at the same instant."""

    def __init__(self, subject: Subject, *, rules: Rules = LENIENT) -> None:
        self.rules: Rules = rules
        self.reference: CoreSubject = CoreSubject(rules=rules)
        self.now: datetime = subject.advance(at=START)
        self._subject = subject
        self._began = self.now
        self._exact = self.now == START
        self._told: list[Told] = []

    def do(self, step: Step) -> None:
        """Do a step on both sides. One that nobody can tell the subject is left out, save the time that passes."""
        try:
            expected, said = self._both(step)
            self._compare(step, expected, said)
        except Unable:
            return
        except Diverged:
            raise
        except Exception as error:
            raise self._diverged(step, "no exception", f"raised {error!r}") from error
        self._told.append(Told(step, self._elapsed, expected))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were done."""
        return tuple(told.step for told in self._told)

    def free_position(self) -> int | None:
        """Tell the first free position of the parking lot."""
        lots = [view.parking for call in self.reference.calls.values() for view in call.views]
        taken = {lot.position for lot in lots if lot is not None}
        return next((position for position in PARKING_POSITIONS if position not in taken), None)

    @property
    def _elapsed(self) -> float:
        return (self.now - self._began).total_seconds()

    # Doing --------------------------------------------------------------------------------------------------------

    def _both(self, step: Step) -> tuple[str, str]:
        """Do a step, and return what the reference and the subject said."""
        if not isinstance(step, Begin):
            self._move_to(self._instant(step.seconds))
        said = self._said(step)
        if self._exact:
            self._advance()
        return said

    def _said(self, step: Step) -> tuple[str, str]:
        match step:
            case Begin():
                return self._begin(step)
            case Input(action, _):
                return self._put(action)
            case _:
                return "done", "done"

    def _begin(self, begin: Begin) -> tuple[str, str]:
        beginning = BEGINNINGS[begin.beginning]
        new = beginning.new(begin.call_id)
        self._subject.start(new, at=self.now)
        self.reference.start(new, at=self.now)
        said = "done", "done"
        for signal in beginning.signals(begin.call_id):
            if said[0] == said[1]:
                with suppress(Unable):
                    said = self._put(signal)
        return said

    def _put(self, action: Action) -> tuple[str, str]:
        said = _answer(self._subject.apply(action, at=self.now))
        return _answer(self.reference.apply(action, at=self.now)), said

    # Time ---------------------------------------------------------------------------------------------------------

    def _instant(self, seconds: float) -> datetime:
        """Tell when to act: so many seconds on and, if the subject's clock runs by itself, not near a deadline."""
        at = self.now + timedelta(seconds=seconds)
        while seconds and not self._exact and self._is_near_a_deadline(at):
            at += SLACK
        return at

    def _is_near_a_deadline(self, at: datetime) -> bool:
        due = (next_deadline(advance(call, at=at - SLACK)) for call in self.reference.calls.values())
        return any(deadline is not None and deadline <= at + SLACK for deadline in due)

    def _move_to(self, at: datetime) -> None:
        """Let time pass. An exact subject learns it with the input: at the instant of a deadline the input wins."""
        moved, self.now = at > self.now, at
        if moved and not self._exact:
            self._advance()

    def _advance(self) -> None:
        self.now = self._subject.advance(at=self.now)
        self.reference.advance(at=self.now)

    # Comparing ----------------------------------------------------------------------------------------------------

    def _compare(self, step: Step, expected: str, said: str) -> None:
        if expected != said:
            raise self._diverged(step, expected, said)
        for call_id, call in self.reference.calls.items():
            found = difference(call, self._subject.look(call_id), slack=EXACT if self._exact else SLACK)
            if found is not None:
                where = f"{expected}; call {call_id} {found.place} is "
                raise self._diverged(step, f"{where}{found.expected!r}", f"{where}{found.shown!r}")

    def _diverged(self, step: Step, expected: str, said: str) -> Diverged:
        told = (*self._told, Told(step, self._elapsed, expected))
        return Diverged(told, expected, said, self.rules)


def _answer(code: str | None) -> str:
    return "accepted" if code is None else f"refused, {code}"


def replay(make_subject: Callable[[], Subject], steps: Iterable[Step], *, rules: Rules = LENIENT) -> None:
    """Do the steps to a new subject and to the core; a `Diverged` tells where they differ."""
    subject = make_subject()
    try:
        trial = Trial(subject, rules=rules)
        for step in steps:
            trial.do(step)
    finally:
        subject.close()
