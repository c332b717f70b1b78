"""What is found in a trace: what was seen, where it differs from the reference, and what could not be read.

One rule: verdicts of parts of a trace add up to the verdict of the whole, in any order, if all lines of a call are in
one part. A verdict is a value that `msgspec.json` writes and reads; how it is found is not known here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

COUNTED = (
    "lines", "starts", "listings", "creates", "requests", "signals", "unreadable",
    "accepted", "repeats", "refused", "believed", "unclear", "skipped", "divergences",
)  # fmt: skip

MOST_SHOWN = 100
"""So many of the unreadable lines are kept in a verdict; all are counted."""

LONGEST_SHOWN = 200
"""So many characters of an unreadable line are kept."""


class Differs(StrEnum):
    """In what a trace and the reference differ: the answer to an input, or the call as it is listed."""

    ANSWER = "answer"
    LISTING = "listing"


class Divergence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a trace and the reference differ: the line, and the answer of each of the two.

    `asked` is the name of the input, such as `OnHold`; None for a line that only lists the call. `view_id` is the view
    that the input names. `allowed` are the actions that the reference would accept for this view. The text of a
    divergence, `str(divergence)`, is written for people.
    """

    call_id: str
    at: datetime
    seq: int = 0
    kind: Differs
    asked: str | None = None
    view_id: str | None = None
    told: str
    known: str
    allowed: tuple[str, ...] | None = None

    def __str__(self) -> str:
        lines = [f"call {self.call_id}: {self._where()}", f"  trace:     {self.told}", f"  reference: {self.known}"]
        if self.allowed is not None:
            lines.append(f"  allowed:   {', '.join(self.allowed) or 'nothing'}")
        return "\n".join(lines)

    def _where(self) -> str:
        if self.asked is None:
            return "the call as it is listed"
        if self.kind is Differs.LISTING:
            return f"the call after {self.asked}"
        return self.asked if self.view_id is None else f"{self.asked} on view {self.view_id}"


class Unreadable(msgspec.Struct, frozen=True, order=True):
    """A line that could not be read: its beginning, and why."""

    text: str
    reason: str

    def __str__(self) -> str:
        return f"cannot be read: {self.reason}"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is found in a trace, or in a part of one: `one + other` is the verdict of both, `Verdict()` that of nothing.

    `divergences` are in the order of their times. `unreadable` has the first lines of that kind by their text.
    """

    tally: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    divergences: tuple[Divergence, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            tally={name: self.tally[name] + other.tally[name] for name in COUNTED},
            divergences=_in_order((*self.divergences, *other.divergences)),
            unreadable=first((*self.unreadable, *other.unreadable)),
        )

    @staticmethod
    def of(tally: Mapping[str, int], findings: Iterable[Divergence | Unreadable]) -> "Verdict":
        """Make a verdict of what was counted and found."""
        findings = tuple(findings)
        return Verdict(
            tally=dict(tally),
            divergences=_in_order(one for one in findings if isinstance(one, Divergence)),
            unreadable=first(one for one in findings if isinstance(one, Unreadable)),
        )


def _in_order(divergences: Iterable[Divergence]) -> tuple[Divergence, ...]:
    return tuple(sorted(divergences, key=lambda one: (one.at, one.seq, one.call_id)))


def unreadable(line: bytes, reason: object) -> Unreadable:
    """Return what is kept of a line that cannot be read."""
    return Unreadable(line[:LONGEST_SHOWN].decode(errors="backslashreplace").strip(), str(reason))


def first(lines: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    """Return the unreadable lines that a verdict keeps."""
    return tuple(sorted(lines)[:MOST_SHOWN])
