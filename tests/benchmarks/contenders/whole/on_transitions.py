"""Legs as models of one machine of `transitions`, which sets their states.

One rule: it is used in its fastest way: one machine for all legs, states that are plain texts (its states of an Enum
are slower), no callbacks, no queue, and an event that is triggered without the method that it can give to a model.
"""

from transitions import Machine

from callstate import ViewState
from tests.benchmarks.contenders.whole import without_library
from tests.benchmarks.contenders.whole.without_library import MOVES
from tests.oracle import OracleCall


def _machine() -> Machine:
    machine = Machine(model=None, states=[state.value for state in ViewState], initial=None, auto_transitions=False)
    for trigger, moves in MOVES.items():
        for source, move in moves.items():
            machine.add_transition(trigger, source.value, move and move.to.value)
    return machine


EVENTS = _machine().events


class Leg(without_library.Leg):
    """A leg that the machine moves."""

    def go(self, trigger: str, _to: ViewState) -> None:
        EVENTS[trigger].trigger(self)


class Call(OracleCall):
    """A call of such legs."""

    leg_type = Leg
