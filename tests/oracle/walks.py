"""Random walks as values: where a walk starts, by which rules it goes, and its inputs with their times.

One rule: a walk that fails can be shown, made shorter and run again. Which answer is right is not known here.
"""

from datetime import datetime
from typing import NamedTuple

from callstate.domain import Action


class Step(NamedTuple):
    """One input and its time; no input means that only time passes."""

    action: Action | None
    at: datetime


class Walk(NamedTuple):
    """Where a walk starts, by which rules it goes, and its steps."""

    start: str
    strict: bool
    numbering: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        rules = f"{'strict' if self.strict else 'lenient'} rules, numbering by {self.numbering}"
        lines = (f"  {step.at.isoformat()} {step.action or 'time passes'}" for step in self.steps)
        return "\n".join((f"start {self.start!r}, {rules}", *lines))
