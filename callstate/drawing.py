"""The table for people: inputs down, states across, as plain text or as Markdown.

One rule: it shows what a rule set says and nothing else, so that what is printed and documented cannot differ from what
the engine does. It knows nothing of files or screens.
"""

import re
from collections.abc import Iterable, Mapping

from callstate.domain import ACTIONS, ANSWERED, CONNECTED, ON_HOLD, PARKED, RINGING, SIGNALS, Action, ViewState
from callstate.engine import LATE, LENIENT, REPEAT, Rules

LEGEND = (
    "*state*: next state; `=`: accepted, state unchanged; `repeat`: accepted, no effect (the strict rules refuse it); "
    "`late`: outdated report, ignored; `.`: refused"
)

_TALKING = (CONNECTED, ON_HOLD, PARKED, ANSWERED, RINGING)

COLUMNS = (*_TALKING, *(state for state in ViewState if state not in _TALKING))
"""The states in the order of the columns: first those in which most of the actions are accepted."""

# The columns are the point.
# fmt: off
SHORT: Mapping[str, str] = {
    ViewState.UNKNOWN: "UNKN", ViewState.OFF_HOOK: "HOOK", ViewState.TRYING: "TRY",
    ViewState.RINGING: "RING", ViewState.ANSWERED: "ANSW", ViewState.CONNECTED: "CONN",
    ViewState.ON_HOLD: "HOLD", ViewState.PARKED: "PARK", ViewState.ENDED: "END",
    "repeat": "rep.",
}
# fmt: on
"""Names that fit into 80 columns."""


def table_as_text(rules: Rules = LENIENT, *, wide: bool = False) -> str:
    """Lay the table out in columns of one width: in 80 columns with short names, or `wide` in 110."""
    grid = _grid(rules)
    legend = re.sub("[*`]", "", LEGEND).split("; ")
    if not wide:
        grid = [[SHORT.get(cell, cell) for cell in row] for row in grid]
        legend = [*_short_names(), "", *(line.replace("repeat:", "rep.:") for line in legend)]
    first = max(len(row[0]) for row in grid)
    width = max(len(cell) for row in grid for cell in row[1:])
    between = " " if wide else "  "
    lines = [between.join((row[0].ljust(first), *(cell.ljust(width) for cell in row[1:]))).rstrip() for row in grid]
    return "\n".join((*lines, "", *legend))


def _short_names() -> list[str]:
    """Say what the short names of states stand for, three in a line."""
    names = [f"{SHORT[state]} {state}" for state in COLUMNS]
    width = max(map(len, names))
    rows = (names[place : place + 3] for place in range(0, len(names), 3))
    return ["   ".join(name.ljust(width) for name in row).rstrip() for row in rows]


def table_as_markdown(rules: Rules = LENIENT) -> str:
    """Write the table as a Markdown table, with the legend as a paragraph below."""
    head, *rows = _grid(rules)
    lines = map(_markdown_row, (head, ["---"] * len(head), *rows))
    return "\n".join((*lines, "", LEGEND))


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _grid(rules: Rules) -> list[list[str]]:
    rows = [[kind.__name__, *(_cell(rules, kind, state) for state in COLUMNS)] for kind in (*SIGNALS, *ACTIONS)]
    return [["", *COLUMNS], *rows]


def _cell(rules: Rules, kind: type[Action], state: ViewState) -> str:
    move = rules.moves[kind].get(state)
    if move is None:
        return "."
    if move.kind is REPEAT or move.kind is LATE:
        return "repeat" if move.kind is REPEAT else "late"
    return "=" if move.to is state else str(move.to)
