"""A difference between a subject and the reference, and the story of how it came about.

One rule: the text describes the trial and ends with the same steps as a test to paste. The id of a difference tells
what differs, and not in which trial, so it is the same in each run.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from callstate.engine import LENIENT, STRICT, Rules
from callstate.testing.steps import Begin, Input, Step, as_python, in_words, names, start_in_words

if TYPE_CHECKING:
    from callstate.testing.statistics import Statistics


class Done(NamedTuple):
    """A step that was done, after how many seconds, and the answer of the reference."""

    step: Step
    seconds: float
    answer: str


class Outcome(NamedTuple):
    """What differs, such as `answer`, and what it is on either side, as far as it has a name."""

    what: str
    expected: str
    shown: str


class Diverged(AssertionError):  # noqa: N818  # the name says what happened
    """A subject did otherwise than the reference; `steps` lead there, and `others` are differences beside this one."""

    def __init__(self, done: Iterable[Done], reference: str, subject: str, rules: Rules, outcome: Outcome) -> None:
        self.done: tuple[Done, ...] = tuple(done)
        self.reference: str = reference
        self.subject: str = subject
        self.rules: Rules = rules
        self.outcome: Outcome = outcome
        self.others: tuple[Diverged, ...] = ()
        self.statistics: Statistics | None = None
        super().__init__(self.done, reference, subject)

    @property
    def id(self) -> str:
        """The name of the difference: the last input, what differs, and what it is on either side."""
        return "/".join((_kind(self.steps[-1]), *self.outcome))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the last of which shows the difference."""
        return tuple(done.step for done in self.done)

    @property
    def inputs(self) -> int:
        """How many steps it took beside the starts of calls."""
        return sum(not isinstance(step, Begin) for step in self.steps)

    def __str__(self) -> str:
        texts = (f"{found.story}\n\nThe same as a test:\n\n{found.test}" for found in (self, *self.others))
        return "\n\n\n".join(texts)

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
        core, kit, dates = names(self.steps)
        rules = repr(self.rules) if self.rules in (LENIENT, STRICT) else "rules"
        core = (*(("STRICT",) if rules == "STRICT" else ()), *core)
        imports = [f"from datetime import {', '.join(dates)}", ""] if dates else []
        imports += [f"from callstate import {', '.join(core)}"] if core else []
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


NAMED = re.compile(r"[A-Za-z_]+|\d")
"""Values that are part of the id of a difference: names and single digits, and neither dates nor numbers of phones."""


def named(value: object) -> str:
    """Return a value as the id of a difference shows it."""
    if value is None:
        return "none"
    return value if isinstance(value, str) and NAMED.fullmatch(value) else "other"


def _kind(step: Step) -> str:
    return type(step.action).__name__ if isinstance(step, Input) else type(step).__name__


def _line(done: Done) -> str:
    return f"{done.seconds:5g} s  {_in_words(done.step)}"


def _in_words(step: Step) -> str:
    match step:
        case Begin(start, call_id):
            return f"call {call_id} starts: {start_in_words(start)}"
        case Input(action, _):
            return in_words(action)
        case _:
            return f"{step.seconds:g} s pass"
