"""A trial: the same steps done to a subject and to the core, side by side, until they differ.

One rule: after each step both have answered the same, and show the same of every call, or a `Diverged` is raised.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from callstate.domain import PARKING_POSITIONS, Action, Park, Signal
from callstate.engine import LENIENT, Rules, advance, next_deadline
from callstate.testing.differences import EXACT, difference
from callstate.testing.diverged import Diverged, Done, Outcome, named
from callstate.testing.starts import trial_start
from callstate.testing.steps import Begin, Input, Step, Wait
from callstate.testing.subjects import (
    START,
    UNTOLD,
    CoreSubject,
    NotJudgedError,
    Subject,
    Unable,
    UnreadableAnswerError,
)
from callstate.testing.view_numbers import ViewNumbers

SLACK = timedelta(seconds=3)
"""A clock that runs by itself is this far off at most; near a deadline nothing is asked of its owner."""

STALE = 0.5
"""After so many seconds without a look at it, a clock that runs by itself is read again."""


class Trial:
    """A subject and the reference, at the same time.

    With `finds_positions` a party is parked at the first position that is free when it comes to that, as a service does
    it, and not at the one that was free when the input was made.
    """

    def __init__(self, subject: Subject, *, rules: Rules = LENIENT, finds_positions: bool = False) -> None:
        self.rules: Rules = rules
        self.reference: CoreSubject = CoreSubject(rules=rules)
        self.now: datetime = subject.advance(at=START)
        self.left_out: Counter[str] = Counter()
        self._subject = subject
        self._started = self.now
        self._read = time.monotonic()
        self._exact = self.now == START
        self._finds_positions = finds_positions
        self._numbers = ViewNumbers()
        self._done: list[Done] = []

    def do(self, step: Step) -> None:
        """Do a step on both sides. If the subject is not able to take an input, only the time before it passes."""
        try:
            done = self._both(step)
        except (Diverged, NotJudgedError):
            raise
        except Exception as error:
            outcome = Outcome("raised", "nothing", type(error).__name__)
            raise self._diverged(step, "no exception", f"raised {error!r}", outcome) from error
        if done is not None:
            self._done.append(done)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were done."""
        return tuple(done.step for done in self._done)

    def is_near_a_deadline(self, at: datetime) -> bool:
        """Tell whether a clock that runs by itself may have passed a deadline at `at`, or not."""
        if self._exact:
            return False
        due = (next_deadline(advance(call, at=at - SLACK)) for call in self.reference.calls.values())
        return any(deadline is not None and deadline <= at + SLACK for deadline in due)

    @property
    def next_due(self) -> datetime | None:
        """When something happens next in a call by itself."""
        due = (next_deadline(call) for call in self.reference.calls.values())
        return min((deadline for deadline in due if deadline is not None), default=None)

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
        if not self._exact and time.monotonic() - self._read > STALE:
            self._advance()
        if not isinstance(step, Begin):
            self._move_to(self._instant(step.seconds))
        if isinstance(step, Input):
            step = Input(self._positioned(step.action), step.seconds)
        try:
            answers = self._answers(step)
        except Unable as unable:
            self.left_out[_reason(step, unable)] += 1
            # The story keeps the time, so that its steps lead to the same difference again.
            if not (isinstance(step, Input) and step.seconds):
                return None
            step, answers = Wait(step.seconds), (_DONE, _DONE)
        return self._compared(step, answers)

    def _positioned(self, action: Action) -> Action:
        parks = self._finds_positions and isinstance(action, Park) and action.position is not None
        return replace(action, position=self.free_position()) if parks else action

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
        start = trial_start(begin.start)
        new = start.new(begin.call_id)
        self._subject.start(new, at=self.now)
        self.reference.start(new, at=self.now)
        answers = _DONE, _DONE
        for signal in start.signals(begin.call_id):
            if answers[0] == answers[1]:
                answers = self._signalled(signal)
        return answers

    def _signalled(self, signal: Signal) -> tuple[str, str]:
        """Report one of the first signals; by now the subject has numbered the view that it is about."""
        self._numbers.shown(self.reference.calls[signal.call_id], self._subject.look(signal.call_id))
        try:
            return self._apply(signal)
        except Unable as unable:
            self.left_out[_reason(Input(signal), unable)] += 1
            return _DONE, _DONE

    def _apply(self, action: Action) -> tuple[str, str]:
        call = self.reference.calls.get(action.call_id)
        try:
            answer = self._subject.apply(self._numbers.asked(action, call), at=self.now)
        except UnreadableAnswerError as error:
            return _answer(self.reference.apply(action, at=self.now)), f"{_UNREADABLE}{error}"
        expected = _answer(self.reference.apply(action, at=self.now))
        return expected, expected if answer is UNTOLD else _answer(answer)

    # Time ---------------------------------------------------------------------------------------------------------

    def _instant(self, seconds: float) -> datetime:
        """Tell when to act: so many seconds on and, if the subject's clock runs by itself, not near a deadline."""
        at = self.now + timedelta(seconds=seconds)
        while self.is_near_a_deadline(at):
            at += SLACK
        return at

    def _move_to(self, at: datetime) -> None:
        """Let time pass. An exact subject learns it with the input: at the time of a deadline the input wins."""
        moved, self.now = at > self.now, at
        if moved and not self._exact:
            self._advance()

    def _advance(self) -> None:
        self._read = time.monotonic()
        self.now = self._subject.advance(at=self.now)
        self.reference.advance(at=self.now)

    # Comparing ----------------------------------------------------------------------------------------------------

    def _compare(self, step: Step, expected: str, answer: str) -> None:
        if expected != answer:
            raise self._diverged(step, expected, answer, Outcome("answer", _named(expected), _named(answer)))
        for call in self.reference.calls.values():
            try:
                shown = self._numbers.shown(call, self._subject.look(call.id))
            except UnreadableAnswerError as error:
                raise self._diverged(step, expected, f"{_UNREADABLE}{error}", _UNREADABLE_LISTING) from None
            found = difference(call, shown, slack=EXACT if self._exact else SLACK)
            if found is not None:
                where = f"{expected}; call {call.id} {found.place} is "
                texts = f"{where}{found.expected!r}", f"{where}{found.shown!r}"
                raise self._diverged(step, *texts, Outcome(found.kind, named(found.expected), named(found.shown)))

    def _diverged(self, step: Step, expected: str, answer: str, outcome: Outcome) -> Diverged:
        return Diverged((*self._done, Done(step, self._elapsed, expected)), expected, answer, self.rules, outcome)


_DONE = "done"
_UNREADABLE = "unreadable: "
_UNREADABLE_LISTING = Outcome("listing", "readable", "unreadable")


def _answer(code: str | None) -> str:
    return "accepted" if code is None else f"refused, {code}"


def _named(answer: str) -> str:
    """Return an answer as the id of a difference shows it."""
    return "unreadable" if answer.startswith(_UNREADABLE) else answer.removeprefix("refused, ")


def _reason(step: Step, unable: Unable) -> str:
    what = type(step.action).__name__ if isinstance(step, Input) else f"start {step[0]!r}"
    return f"{what}: {unable}"


def replay(make_subject: Callable[[], Subject], steps: Iterable[Step], *, rules: Rules = LENIENT) -> None:
    """Do the steps to a new subject and to the core; a `Diverged` tells where they differ."""
    subject = make_subject()
    try:
        trial = Trial(subject, rules=rules)
        for step in steps:
            trial.do(step)
    finally:
        subject.close()
