"""Whole traces checked: each divergence as it is found, and at the end what was seen, as lines for people.

One rule: it reads each trace once, from its first line to its last, and keeps none of it. It opens no file: names and
lines come in, and what is to be said goes to a function that is given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from callstate.conformance.judge import Judge
from callstate.conformance.trace import UnreadableLineError
from callstate.engine import LENIENT, Rules

LINES = 8192
"""After so many lines the clock is looked at."""

SECONDS = 2
"""So often it is told how far a long check has come."""


def check(
    traces: Iterable[tuple[str, Iterable[bytes]]],
    *,
    say: Callable[[str], None],
    hint: Callable[[str], None],
    clock: Callable[[], float],
    rules: Rules = LENIENT,
) -> bool:
    """Replay traces, one after the other, as one stream; tell whether all of it conforms.

    What is found is said to `say`, and to `hint`, now and then, how far it has come; `clock` tells seconds.
    `UnreadableLineError` names the line that is none, or tells that there is no line at all.
    """
    judge = Judge(rules=rules)
    told = clock()
    for name, lines in traces:
        for number, line in enumerate(lines, start=1):
            try:
                divergence = judge.judge(line)
            except UnreadableLineError as error:
                raise UnreadableLineError(f"{name}, line {number}: {error}") from None
            if divergence is not None:
                say(f"{name}, line {number}: {divergence}\n")
            if number % LINES == 0 and clock() - told > SECONDS:
                told = clock()
                hint(f"{name}: {number:,} lines")
    if not judge.tally["lines"]:
        raise UnreadableLineError("there is no line, so nothing was checked")
    for counted in summary(judge.tally):
        say(counted)
    return judge.tally["divergences"] == 0


def summary(tally: Mapping[str, int]) -> Iterator[str]:
    """Write what was counted, a line for each kind."""
    name, number = max(map(len, tally)), max(len(f"{count:,}") for count in tally.values())
    return (f"{kind:<{name}} {count:>{number},}" for kind, count in tally.items())
