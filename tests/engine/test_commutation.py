"""The commutation matrix: the page is current, each of its cells is so, and some are known by heart."""

from collections.abc import Iterator

import pytest

from callstate import (
    Action,
    Answered,
    BargeIn,
    DomainError,
    HangUp,
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Rang,
    Resumed,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    apply_action,
)
from tests.calls import CAROL, DAVE, done
from tests.commutation import INPUTS, NOW, PAGE, SITUATIONS, Situation, Verdict, alike, asked, verdict, written

BY_NAME = {situation.name: situation for situation in SITUATIONS}


def test_the_page_is_current() -> None:
    page = PAGE.read_text()
    assert written(page) == page, "run python -m tests.write commutation"


def _cells_of_the_page() -> dict[tuple[str, str, str], str]:
    """Read the page; a pair that is not drawn is refused."""
    cells: dict[tuple[str, str, str], str] = {}
    name, columns = "", list[str]()
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            name = line.removeprefix("## ")
        elif line.startswith("| ") and "↓" in line:
            columns = [cell.strip() for cell in line.strip("|").split("|")][1:]
        elif line.startswith("| **"):
            row, *words = (cell.strip(" *") for cell in line.strip("|").split("|"))
            cells |= {(name, row, column): word for column, word in zip(columns, words, strict=True)}
    return cells


CELLS = _cells_of_the_page()


def _rows() -> Iterator[tuple[Situation, type[Action]]]:
    return ((situation, row) for situation in SITUATIONS for row in INPUTS)


@pytest.mark.parametrize(("situation", "row"), [*_rows()], ids=lambda value: getattr(value, "name", None))
def test_each_cell(situation: Situation, row: type[Action]) -> None:
    """Each verdict of a row, recomputed in both orders."""
    for column in INPUTS:
        word = CELLS.get((situation.name, row.__name__, column.__name__), Verdict.REFUSED)
        one, other = asked(row, situation.row, CAROL), asked(column, situation.column, DAVE)
        if word == Verdict.REFUSED:
            alone = [apply_action(situation.call, action, at=NOW) for action in (one, other)]
            assert any(isinstance(result, DomainError) for result in alone)
            continue
        row_first = apply_action(done(situation.call, one, now=NOW), other, at=NOW)
        column_first = apply_action(done(situation.call, other, now=NOW), one, at=NOW)
        accepted = (isinstance(row_first, PhoneCall), isinstance(column_first, PhoneCall))
        assert accepted == ACCEPTED[Verdict(word)], (row, column)
        if isinstance(row_first, PhoneCall) and isinstance(column_first, PhoneCall):
            assert alike(situation.call, row_first, column_first) is (word == Verdict.SAME)


# Whether the second input is accepted: the column's after the row's, the row's after the column's.
ACCEPTED = {
    Verdict.SAME: (True, True),
    Verdict.ORDER: (True, True),
    Verdict.ROW: (False, True),
    Verdict.COLUMN: (True, False),
    Verdict.FIRST: (False, False),
}


@pytest.mark.parametrize(
    ("name", "row", "column", "expected"),
    [
        ("Connected", OnHold, OnHold, Verdict.SAME),
        ("Held", OffHold, OnHold, Verdict.SAME),
        ("Connected", OnHold, StartRecording, Verdict.SAME),
        ("Connected", BargeIn, Monitor, Verdict.SAME),
        ("Connected", HangUp, HangUp, Verdict.ORDER),
        ("Connected", HungUp, HangUp, Verdict.ORDER),
        ("Connected", Held, Held, Verdict.SAME),
        ("Connected", Held, Resumed, Verdict.SAME),
        ("Ringing", Transfer, Answered, Verdict.ORDER),
        ("Ringing", Transfer, PickUp, Verdict.FIRST),
        ("Connected", HangUp, OnHold, Verdict.ROW),
        ("Connected", OnHold, HungUp, Verdict.COLUMN),
        ("Connected", OnHold, Transfer, Verdict.COLUMN),
        ("Connected", Transfer, TransferToVoicemail, Verdict.FIRST),
        ("Connected", Transfer, Park, Verdict.FIRST),
        ("Connected", Park, Park, Verdict.ORDER),
        ("Connected", PickUp, OnHold, Verdict.REFUSED),
        ("Ringing", HungUp, Answered, Verdict.ORDER),
        ("Connected", Held, OnHold, Verdict.SAME),
        ("Held", Resumed, Held, Verdict.SAME),
        ("Connected", Held, HungUp, Verdict.ORDER),
        ("Ringing", Transfer, HungUp, Verdict.COLUMN),
        ("Dialling", Transfer, Rang, Verdict.REFUSED),
        ("Supervised", BargeIn, Rang, Verdict.SAME),
        ("Supervised", Whisper, HungUp, Verdict.ORDER),
        ("Supervised", OnHold, HangUp, Verdict.SAME),
        ("Two sources", Answered, Answered, Verdict.ORDER),
        ("Parked", UnPark, Answered, Verdict.COLUMN),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_cells_known_by_heart(name: str, row: type[Action], column: type[Action], expected: Verdict) -> None:
    """A party that has left can only be named to hang up; of two hang-ups the first tells who left by itself."""
    assert verdict(BY_NAME[name], row, column) is expected
