"""Why a request is answered as it is: every check with its verdict, for people.

One rule: nothing is checked here. The answer is the engine's own, and it tells which check failed; the checks before it
have passed, and those after it were not made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from callstate.domain import SIGNALS, Action, Check, DomainError, PhoneCall
from callstate.engine.deadlines import fire, instant
from callstate.engine.machine import apply_action
from callstate.engine.table import LENIENT, Rules

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

NOT_OF_SIGNALS = frozenset({Check.EXTENSION, Check.ACTION, Check.FIELDS, Check.CONTEXT})


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
    now = None if call is None else fire(call, instant(at), inclusive=False)
    answer = apply_action(now, action, at=at, rules=rules)
    checks = [check for check in QUESTIONS if not (isinstance(action, SIGNALS) and check in NOT_OF_SIGNALS)]
    return explanation_of(now, answer, checks)


def explanation_of(
    now: PhoneCall | None, answer: PhoneCall | DomainError, checks: Sequence[Check] = tuple(QUESTIONS)
) -> Explanation:
    """Tell which of the checks an answer has passed; `now` is the call as it was when the input came."""
    failed = checks.index(answer.check) if isinstance(answer, DomainError) else len(checks)
    verdicts = tuple(
        Verdict(
            check=check,
            question=QUESTIONS[check],
            passed=True if place < failed else (False if place == failed else None),
            reason=answer.message if isinstance(answer, DomainError) and place == failed else None,
        )
        for place, check in enumerate(checks)
    )
    return Explanation(
        verdicts=verdicts, answer=answer, changed=not isinstance(answer, DomainError) and answer is not now
    )


def _line(verdict: Verdict) -> str:
    mark = {True: "yes", False: "NO ", None: "-  "}[verdict.passed]
    return f"{mark} {verdict.check:<9} {verdict.question}" + (f": {verdict.reason}" if verdict.reason else "")
