"""The table: bad rows are refused when it is compiled, and the two rule sets differ in the repeats of actions alone."""

from itertools import product
from typing import Any

import pytest

from callstate.domain import (
    ACTIONS,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    SIGNALS,
    Action,
    OffHold,
    OnHold,
    Park,
    ViewState,
)
from callstate.engine import LATE, LENIENT, REPEAT, STRICT, Rules
from callstate.engine.transition_table import MOVE, ROWS, Row, compile_rules

CELLS = list(product((*ACTIONS, *SIGNALS), ViewState))


def moves(rules: Rules) -> set[tuple[type[Action], ViewState]]:
    return {(kind, state) for kind, by_state in rules.moves.items() for state in by_state}


def compile_with(*rows: Row) -> Rules:
    return compile_rules("tried", (*ROWS, *rows), repeats=True)


def unchecked(*fields: Any) -> Row:  # Any: rows that no type checker would let through
    return Row(*fields)


@pytest.mark.parametrize("state", ["HELD", "ON HOLD", "", 5])
def test_a_row_from_an_unknown_state_is_refused(state: object) -> None:
    with pytest.raises(ValueError, match=r"^OnHold: .* is not a state$"):
        compile_with(unchecked(OnHold, (state,), CONNECTED))


@pytest.mark.parametrize("state", ["HELD", "CONNECTED ", 5])
def test_a_row_to_an_unknown_state_is_refused(state: object) -> None:
    with pytest.raises(ValueError, match=r"^OnHold: .* is not a state$"):
        compile_with(unchecked(OnHold, (PARKED,), state))


@pytest.mark.parametrize("kind", [object, "OnHold", None])
def test_a_row_of_an_unknown_input_is_refused(kind: object) -> None:
    with pytest.raises(ValueError, match=r"is not an input$"):
        compile_with(unchecked(kind, (PARKED,), CONNECTED))


def test_the_same_row_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^OffHold has two rows from ON_HOLD$"):
        compile_with(Row(OffHold, (ON_HOLD,), CONNECTED))


def test_a_row_that_would_shadow_another_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Park has two rows from PARKED$"):
        compile_with(Row(Park, (ENDED, PARKED), CONNECTED))


def test_a_state_twice_in_one_row_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^OnHold has two rows from PARKED$"):
        compile_with(Row(OnHold, (PARKED, PARKED), ON_HOLD))


def test_an_input_without_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^OnHold has no row$"):
        compile_rules("tried", (row for row in ROWS if row.input is not OnHold), repeats=True)


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
@pytest.mark.parametrize(("kind", "state"), CELLS)
def test_each_cell_has_one_verdict(rules: Rules, kind: type[Action], state: ViewState) -> None:
    rows = [row for row in ROWS if row.input is kind and state in row.states]
    refused = not rows or (rules is STRICT and rows[0].kind is REPEAT)
    move = rules.moves[kind].get(state)
    assert len(rows) <= 1
    assert (move is None) is refused
    assert move is None or (move.to, move.kind) == (rows[0].to or state, rows[0].kind)


def test_the_strict_rules_are_the_lenient_ones_without_the_repeats_of_actions() -> None:
    repeats = {(row.input, state) for row in ROWS if row.kind is REPEAT for state in row.states}
    assert moves(STRICT) == moves(LENIENT) - repeats
    assert (LENIENT.repeats, STRICT.repeats) == (True, False)
    for kind, state in moves(STRICT):
        assert STRICT.moves[kind][state] == LENIENT.moves[kind][state]


def test_only_actions_repeat_and_only_signals_are_late() -> None:
    assert {row.input for row in ROWS if row.kind is REPEAT} <= set(ACTIONS)
    assert {row.input for row in ROWS if row.kind is LATE} == set(SIGNALS)


def test_repeats_and_late_news_leave_the_state() -> None:
    assert all(row.to is None for row in ROWS if row.kind is not MOVE)


def test_an_ended_view_stays_ended() -> None:
    targets = {by_state[ENDED].to for by_state in LENIENT.moves.values() if ENDED in by_state}
    assert targets == {ENDED}
