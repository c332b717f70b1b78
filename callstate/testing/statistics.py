"""What was judged: how many trials, which inputs and starts, what was left out and why.

One rule: it counts what was done, and is the same for any subject.
"""

from collections import Counter

import msgspec


class Statistics(msgspec.Struct, kw_only=True):
    """What was judged: `inputs` and `starts` by name, what was `left_out` by the reason, `known` differences by id."""

    trials: int = 0
    inputs: Counter[str] = msgspec.field(default_factory=Counter)
    starts: Counter[str] = msgspec.field(default_factory=Counter)
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    known: Counter[str] = msgspec.field(default_factory=Counter)

    def __str__(self) -> str:
        figures = (
            (f"{self.trials} trials",),
            _lines("starts", self.starts),
            _lines("inputs", self.inputs),
            _lines("left out", self.left_out),
            _lines("known differences", self.known),
        )
        return "\n".join(line for lines in figures for line in lines)


def _lines(name: str, counts: Counter[str]) -> tuple[str, ...]:
    return (f"{name}: {counts.total()}", *(f"  {count:6} {what}" for what, count in counts.most_common()))
