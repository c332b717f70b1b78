"""Why a request is answered as it is: every check with its verdict, for people.

One rule: nothing is checked here. The answer is the engine's own, and it tells which check failed; the checks before it
have passed, and those after it were not made.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from callstate.domain import SIGNALS, Action, Check, DomainError, HangUp, PhoneCall
from callstate.engine.deadlines import fire, instant
from callstate.engine.machine import apply_action
from callstate.engine.transition_table import LENIENT, Rules

QUESTIONS: Mapping[Check, str] = {
    Check.CALL: "the call is known and has not ended",
    Check.EXTENSION: "the extension may ask this",
    Check.ACTION: "the action is known",
    Check.VIEW: "the view belongs to the call and can be named",
    Check.FIELDS: "each field is well formed",
    Check.ROLE: "the parties have the right roles and number",
    Check.STATE: "the parties are in the right state",
    Check.CONTEXT: "nothing else in the call forbids it",
}
"""What each check asks, in the order of the checks."""

OF_A_SIGNAL: Mapping[Check, str] = {
    Check.CALL: "the call is known",
    Check.VIEW: "the view belongs to the call",
    Check.ROLE: "the party can have done this",
    Check.STATE: "the party is in the right state",
}

OF_A_HANG_UP: Mapping[Check, str] = {
    Check.CALL: "the call is known",
    Check.EXTENSION: QUESTIONS[Check.EXTENSION],
    Check.ACTION: QUESTIONS[Check.ACTION],
    Check.VIEW: QUESTIONS[Check.VIEW],
    Check.STATE: "there is somebody to hang up",
}

NOT_OF_A_REPEAT = frozenset({Check.STATE, Check.CONTEXT})
"""Checks that come after the question whether an action is a repeat."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One check: what it asks, and whether it passed; `None`: it was not asked. A refusal's `reason` says why."""

    check: Check
    question: str
    passed: bool | None
    reason: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """All checks of one input in their order, and the answer.

    `changed` tells whether the input did something: false for a repeat or a late report, even after a deadline.
    """

    verdicts: tuple[Verdict, ...]
    answer: PhoneCall | DomainError
    changed: bool

    def __str__(self) -> str:
        lines = [_line(verdict) for verdict in self.verdicts]
        if isinstance(self.answer, DomainError):
            end = f"refused: {self.answer.code}"
        else:
            end = "accepted" if self.changed else "accepted: a repeat, so nothing changes"
        return "\n".join([*lines, end])


def explain(call: PhoneCall | None, action: Action, *, at: datetime, rules: Rules = LENIENT) -> Explanation:
    """Tell how `apply_action` comes to its answer: each check with its verdict. Takes and raises what that does."""
    now = fire(call, instant(at), inclusive=False) if isinstance(call, PhoneCall) else call
    answer = apply_action(now, action, at=at, rules=rules)
    return explanation_of(now, answer, action, rules)


def explanation_of(
    now: PhoneCall | None, answer: PhoneCall | DomainError, action: Action | None = None, rules: Rules = LENIENT
) -> Explanation:
    """Tell which checks an answer has passed; `now` is the call as it was when the input came.

    `action` is `None` for a request that could not be read.
    """
    questions = _questions(action, rules)
    failed = answer.check if isinstance(answer, DomainError) else None
    verdicts, passed = list[Verdict](), True
    for check, question in questions.items():
        repeated = answer is now and check in NOT_OF_A_REPEAT and not isinstance(action, SIGNALS)
        made = passed and not repeated
        passed = passed and check is not failed
        reason = answer.message if isinstance(answer, DomainError) and check is failed else None
        verdicts.append(Verdict(check=check, question=question, passed=passed if made else None, reason=reason))
    changed = not isinstance(answer, DomainError) and answer is not now
    return Explanation(verdicts=tuple(verdicts), answer=answer, changed=changed)


def _questions(action: Action | None, rules: Rules) -> Mapping[Check, str]:
    """Return what is asked of an input; a call that has ended takes signals, and a hang-up that may be repeated."""
    if isinstance(action, SIGNALS):
        return OF_A_SIGNAL
    if not isinstance(action, HangUp):
        return QUESTIONS
    return OF_A_HANG_UP if rules.repeats else {check: QUESTIONS[check] for check in OF_A_HANG_UP}


def _line(verdict: Verdict) -> str:
    mark = {True: "yes", False: "NO ", None: "-  "}[verdict.passed]
    return f"{mark} {verdict.check:<9} {verdict.question}" + (f": {verdict.reason}" if verdict.reason else "")
