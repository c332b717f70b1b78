"""A trial: the same steps done to a subject and to the core, side by side, until they differ.

One rule: after each step both have answered the same, and show the same of every call, or a `Diverged` is raised. Its
text describes the trial, and ends with the same steps as a test to paste.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from callstate.domain import PARKING_POSITIONS, Action
from callstate.engine import LENIENT, STRICT, Rules, advance, next_deadline
from callstate.testing.differences import EXACT, difference
from callstate.testing.starts import STARTS
from callstate.testing.steps import Begin, Input, Step, Wait, as_python, in_words, names
from callstate.testing.subjects import START, CoreSubject, NotJudgedError, Subject, Unable

SLACK = timedelta(seconds=3)
"""A clock that runs by itself is this far off at most; near a deadline nothing is asked of its owner."""


class Done(NamedTuple):
    """A step that was done, after how many seconds, and the answer of the reference."""

    step: Step
    seconds: float
    answer: str


class Diverged(AssertionError):  # noqa: N818  # the name says what happened
    """A subject did otherwise than the reference; `steps` lead there."""

    def __init__(self, done: Iterable[Done], reference: str, subject: str, rules: Rules) -> None:
        self.done: tuple[Done, ...] = tuple(done)
        self.reference: str = reference
        self.subject: str = subject
        self.rules: Rules = rules
        super().__init__(self.done, reference, subject)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the last of which shows the difference."""
        return tuple(done.step for done in self.done)

    @property
    def inputs(self) -> int:
        """How many steps it took beside the starts of calls."""
        return sum(not isinstance(step, Begin) for step in self.steps)

    def __str__(self) -> str:
        return f"{self.story}\n\nThe same as a test:\n\n{self.test}"

    @property
    def story(self) -> str:
        """What was done, and the answers of both sides to the last step."""
        times = "once" if self.inputs == 1 else f"{self.inputs} times"
        *before, last = self.done
        lines = [_line(done) + (f": {done.answer}" if isinstance(done.step, Input) else "") for done in before]
        lines += [_line(last), f"      reference: {self.reference}", f"      subject:   {self.subject}"]
        return "\n".join((f"The subject does otherwise than the reference, when something happened {times}:", *lines))

    @property
    def test(self) -> str:
        """The steps as a test; it needs `make_subject`, and `rules` if they are neither `LENIENT` nor `STRICT`."""
        core, kit = names(self.steps)
        rules = repr(self.rules) if self.rules in (LENIENT, STRICT) else "rules"
        core = (*(("STRICT",) if rules == "STRICT" else ()), *core)
        imports = [f"from callstate import {', '.join(core)}"] if core else []
        steps = [f"            {as_python(step)}," for step in self.steps]
        return "\n".join(
            (
                *imports,
                f"from callstate.testing import {', '.join((*kit, 'replay'))}",
                "",
                "",
                "def test_the_subject_does_as_the_reference() -> None:",
                "    replay(",
                "        make_subject,",
                "        [",
                *steps,
                "        ],",
                *((f"        rules={rules},",) if rules != "LENIENT" else ()),
                "    )",
            )
        )


def _line(done: Done) -> str:
    return f"{done.seconds:5g} s  {_in_words(done.step)}"


def _in_words(step: Step) -> str:
    match step:
        case Begin(start, call_id):
            return f"call {call_id} starts: {start}"
        case Input(action, _):
            return in_words(action)
        case _:
            return f"{step.seconds:g} s pass"


class Trial:
    """A subject and the reference, at the same time."""

    def __init__(self, subject: Subject, *, rules: Rules = LENIENT) -> None:
        self.rules: Rules = rules
        self.reference: CoreSubject = CoreSubject(rules=rules)
        self.now: datetime = subject.advance(at=START)
        self._subject = subject
        self._started = self.now
        self._exact = self.now == START
        self._done: list[Done] = []
        self.left_out: int = 0

    def do(self, step: Step) -> None:
        """Do a step on both sides. If the subject is not able to take an input, only the time before it passes."""
        try:
            done = self._both(step)
        except (Diverged, NotJudgedError):
            raise
        except Exception as error:
            raise self._diverged(step, "no exception", f"raised {error!r}") from error
        if done is not None:
            self._done.append(done)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were done."""
        return tuple(done.step for done in self._done)

    def free_position(self) -> int | None:
        """Tell the first free position of the parking lot."""
        lots = [view.parking for call in self.reference.calls.values() for view in call.views]
        taken = {lot.position for lot in lots if lot is not None}
        return next((position for position in PARKING_POSITIONS if position not in taken), None)

    @property
    def _elapsed(self) -> float:
        return (self.now - self._started).total_seconds()

    # Doing --------------------------------------------------------------------------------------------------------

    def _both(self, step: Step) -> Done | None:
        """Do a step and compare; return what was done, if the subject is able to do anything of it."""
        if not isinstance(step, Begin):
            self._move_to(self._instant(step.seconds))
        try:
            answers = self._answers(step)
        except Unable:
            self.left_out += 1
            # The story keeps the time, so that its steps lead to the same difference again.
            if not (isinstance(step, Input) and step.seconds):
                return None
            step, answers = Wait(step.seconds), (_DONE, _DONE)
        return self._compared(step, answers)

    def _compared(self, step: Step, answers: tuple[str, str]) -> Done:
        if self._exact:
            self._advance()
        self._compare(step, *answers)
        return Done(step, self._elapsed, answers[0])

    def _answers(self, step: Step) -> tuple[str, str]:
        """Do a step, and return the answers of the reference and of the subject."""
        match step:
            case Begin():
                return self._begin(step)
            case Input(action, _):
                return self._apply(action)
            case _:
                return _DONE, _DONE

    def _begin(self, begin: Begin) -> tuple[str, str]:
        start = STARTS[begin.start]
        new = start.new(begin.call_id)
        self._subject.start(new, at=self.now)
        self.reference.start(new, at=self.now)
        answers = _DONE, _DONE
        for signal in start.signals(begin.call_id):
            if answers[0] == answers[1]:
                with suppress(Unable):
                    answers = self._apply(signal)
        return answers

    def _apply(self, action: Action) -> tuple[str, str]:
        answer = _answer(self._subject.apply(action, at=self.now))
        return _answer(self.reference.apply(action, at=self.now)), answer

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
        """Let time pass. An exact subject learns it with the input: at the time of a deadline the input wins."""
        moved, self.now = at > self.now, at
        if moved and not self._exact:
            self._advance()

    def _advance(self) -> None:
        self.now = self._subject.advance(at=self.now)
        self.reference.advance(at=self.now)

    # Comparing ----------------------------------------------------------------------------------------------------

    def _compare(self, step: Step, expected: str, answer: str) -> None:
        if expected != answer:
            raise self._diverged(step, expected, answer)
        for call_id, call in self.reference.calls.items():
            found = difference(call, self._subject.look(call_id), slack=EXACT if self._exact else SLACK)
            if found is not None:
                where = f"{expected}; call {call_id} {found.place} is "
                raise self._diverged(step, f"{where}{found.expected!r}", f"{where}{found.shown!r}")

    def _diverged(self, step: Step, expected: str, answer: str) -> Diverged:
        return Diverged((*self._done, Done(step, self._elapsed, expected)), expected, answer, self.rules)


_DONE = "done"


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
