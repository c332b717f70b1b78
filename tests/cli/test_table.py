"""The table on a terminal: it fits, and its short names can be read."""

import pytest

from callstate import STRICT, ViewState
from callstate.cli import main
from callstate.domain import ACTIONS, SIGNALS
from callstate.drawing import SHORT, table_as_markdown, table_as_text

NAMES = [kind.__name__ for kind in (*SIGNALS, *ACTIONS)]


def rows(text: str) -> list[list[str]]:
    """Return the words of each line of the table, without the legend."""
    return [line.split() for line in text.partition("\n\n")[0].splitlines()]


@pytest.mark.parametrize(("wide", "columns"), [(False, 80), (True, 110)])
def test_it_fits(wide: bool, columns: int) -> None:
    assert max(map(len, table_as_text(wide=wide).splitlines())) <= columns
    assert max(map(len, table_as_text(STRICT, wide=wide).splitlines())) <= columns


def test_both_forms_say_the_same() -> None:
    short, wide = rows(table_as_text()), rows(table_as_text(wide=True))
    assert [row[0] for row in short[1:]] == NAMES
    assert [[SHORT.get(word, word) for word in row] for row in wide] == short


def test_each_short_name_is_told() -> None:
    assert len(set(SHORT.values())) == len(SHORT)
    legend = " ".join(table_as_text().partition("\n\n")[2].split())
    for state in ViewState:
        assert f"{SHORT[state]} {state}" in legend
    assert f"{SHORT['repeat']}: accepted, no effect" in legend


def test_the_command_prints_one_of_three_forms(capsys: pytest.CaptureFixture[str]) -> None:
    for options, form in (
        ([], table_as_text()),
        (["--wide"], table_as_text(wide=True)),
        (["--markdown"], table_as_markdown()),
    ):
        assert main(["table", *options]) == 0
        assert capsys.readouterr().out == form + "\n"
    with pytest.raises(SystemExit, match="2"):
        main(["table", "--wide", "--markdown"])
