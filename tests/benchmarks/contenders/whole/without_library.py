"""Legs that are plain objects, moved by a look-up in a dictionary; the ways with a library change one method of it.

One rule: the rows and what they do to a leg are those of the oracle's table, read once. What a move does is called
beside the library, alike in all ways; callbacks of the libraries take as long or longer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from transitions import Transition

from callstate import ViewState
from tests.oracle import OracleCall
from tests.oracle.legs import Leg as OracleLeg
from tests.oracle.table import MACHINE

Effect: TypeAlias = Callable[[OracleLeg, datetime], None]


class Move(NamedTuple):
    """Where a row of the table leads, and what it does to the leg before and after that."""

    to: ViewState
    before: tuple[Effect, ...]
    after: tuple[Effect, ...]


def _move(row: Transition) -> Move | None:
    """Read a row; one without a target only says that something is allowed or known already, and is no move."""
    if row.dest is None:
        return None
    source, target = MACHINE.states[row.source], MACHINE.states[row.dest]
    return Move(ViewState(row.dest), _effects(*row.before, *source.on_exit), _effects(*target.on_enter))


def _effects(*names: object) -> tuple[Effect, ...]:
    return tuple(getattr(OracleLeg, str(name)) for name in names)


MOVES = {
    trigger: {ViewState(source): _move(row) for source, (row,) in event.transitions.items()}
    for trigger, event in MACHINE.events.items()
}
"""For each trigger, and each state in which the table has a row for it, the move."""


class Leg(OracleLeg):
    """A leg whose state is set by `go`, which a library can take over."""

    def can(self, trigger: str) -> bool:
        return self.state in MOVES[trigger]

    def move(self, trigger: str, at: datetime) -> None:
        move = MOVES[trigger][self.state]
        assert move is not None
        for effect in move.before:
            effect(self, at)
        self.go(trigger, move.to)
        for effect in move.after:
            effect(self, at)

    def go(self, _trigger: str, to: ViewState) -> None:
        self.state = to


class Call(OracleCall):
    """A call of such legs."""

    leg_type = Leg
