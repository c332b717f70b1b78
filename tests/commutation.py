"""The commutation matrix: the result of two inputs, one for each of two parties, that arrive at the same time.

One rule: a verdict comes from `apply_action` alone, called in both orders at one time.
`python -m tests.write commutation` writes the matrix into its page of the docs, between the markers.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from callstate import Action, DomainError, PhoneCall, apply_action
from callstate.domain import ACTIONS, SIGNALS, evolve
from tests.calls import (
    BOB,
    CAROL,
    DAVE,
    at,
    connected,
    dialling,
    done,
    held,
    on,
    retrieving,
    ringing,
    supervised,
    two_sources,
)

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "commutation.md"
BEGIN, END = "<!-- generated: python -m tests.write commutation -->", "<!-- end of generated -->"
NOW = at(20)

INPUTS: tuple[type[Action], ...] = (*SIGNALS, *ACTIONS)


class Verdict(StrEnum):
    """The result of a row's input for one party and a column's input for the other."""

    SAME = "same"
    ORDER = "order"
    ROW = "row"
    COLUMN = "column"
    FIRST = "first"
    REFUSED = "-"


class Situation(NamedTuple):
    """A call with the two parties that have an input at the same time."""

    name: str
    sentence: str
    call: PhoneCall
    row: str
    column: str


SITUATIONS = (
    Situation("Dialling", "00 is off hook, and 01 is being dialled.", dialling(), "00", "01"),
    Situation("Ringing", "00 hears 01 ring.", ringing(), "00", "01"),
    Situation("Connected", "00 and 01 are connected.", connected(), "00", "01"),
    Situation("Held", "00 holds 01.", held("00"), "00", "01"),
    Situation("Parked", "00 is parked, and 02 rings to retrieve it.", retrieving(BOB), "00", "02"),
    Situation("Supervised", "00 and 01 are connected, and 02 listens to 01.", supervised(), "01", "02"),
    Situation("Two sources", "00 and 01 ring, and 02 waits until one of them answers.", two_sources(), "00", "01"),
)


def asked(kind: type[Action], view_id: str, number: str) -> Action:
    """Build the input of a kind for a party; the phones that the two inputs ring are different ones."""
    return on(kind, view_id, **({"send_call_to": number} if "send_call_to" in kind.__struct_fields__ else {}))


def in_turn(call: PhoneCall, first: Action, second: Action) -> PhoneCall | DomainError:
    """Apply two inputs at one time; return the refusal of the second if it is refused."""
    return apply_action(done(call, first, now=NOW), second, at=NOW)


def verdict(situation: Situation, row: type[Action], column: type[Action]) -> Verdict:
    """Apply the inputs in both orders. An input that is refused on its own does not conflict."""
    call = situation.call
    one, other = asked(row, situation.row, CAROL), asked(column, situation.column, DAVE)
    if any(isinstance(apply_action(call, action, at=NOW), DomainError) for action in (one, other)):
        return Verdict.REFUSED
    row_first, column_first = in_turn(call, one, other), in_turn(call, other, one)
    match row_first, column_first:
        case PhoneCall(), PhoneCall():
            return Verdict.SAME if alike(call, row_first, column_first) else Verdict.ORDER
        case PhoneCall(), DomainError():
            return Verdict.COLUMN
        case DomainError(), PhoneCall():
            return Verdict.ROW
        case _:
            return Verdict.FIRST


def alike(start: PhoneCall, one: PhoneCall, other: PhoneCall) -> bool:
    """Tell whether two calls are the same except for the ids of the views added since the start."""
    old = len(start.views)
    return _without_ids(one, old) == _without_ids(other, old)


def _without_ids(call: PhoneCall, old: int) -> tuple[PhoneCall, list[str]]:
    new = sorted(repr(replace(view, id="0")) for view in call.views[old:])
    # The successor of a transferor is one of the new views, so its id is another one in the other order.
    known = tuple(replace(view, successor=view.successor and "999") for view in call.views[:old])
    return evolve(call, views=known), new


def matrix(situation: Situation) -> dict[tuple[type[Action], type[Action]], Verdict]:
    """Return the verdict of every pair of inputs."""
    return {(row, column): verdict(situation, row, column) for row in INPUTS for column in INPUTS}


def table(situation: Situation) -> list[str]:
    """Draw one matrix, without the inputs that are refused on their own in every cell."""
    cells = matrix(situation)
    rows = [row for row in INPUTS if any(cells[row, column] is not Verdict.REFUSED for column in INPUTS)]
    columns = [column for column in INPUTS if any(cells[row, column] is not Verdict.REFUSED for row in INPUTS)]
    head = _line(f"{situation.row} ↓ {situation.column} →", [kind.__name__ for kind in columns])
    lines = [_line(f"**{row.__name__}**", [cells[row, column] for column in columns]) for row in rows]
    refused = [_refused(situation.row, rows), "", _refused(situation.column, columns)]
    rule = "|---" * (len(columns) + 1) + "|"
    return [f"## {situation.name}", "", situation.sentence, "", head, rule, *lines, "", *refused, ""]


def _line(head: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join((head, *cells))} |"


def _refused(view_id: str, accepted: Sequence[type[Action]]) -> str:
    left = [kind.__name__ for kind in INPUTS if kind not in accepted]
    return f"Refused on their own, for {view_id}: {', '.join(left)}."


def generated() -> str:
    """Return what stands between the markers of the page."""
    return "\n".join([BEGIN, "", *(line for situation in SITUATIONS for line in table(situation)), END])


def written(page: str) -> str:
    """Return the page with its generated part replaced."""
    before, rest = page.split(BEGIN)
    return before + generated() + rest.split(END)[1]


def write() -> None:
    """Write the matrix into its page."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
