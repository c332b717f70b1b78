"""Legs that have a machine of `python-statemachine` each, which sets their states; a leg is the model of its machine.

One rule: it is used in its fastest way: the machine has only the rows that move a leg, no callbacks, and events that
are called as methods. The library wants a machine for each model, so making one is a part of the work.
"""

from typing import Any

from statemachine import StateChart
from statemachine.io import StateDefinition, create_machine_class_from_definition

from callstate import ViewState
from tests.benchmarks.contenders.whole import without_library
from tests.benchmarks.contenders.whole.without_library import MOVES
from tests.oracle import OracleCall

EVENTS = {trigger: trigger.replace(" ", "_") for trigger in MOVES}
"""The names of the events: those of the triggers, as Python can write them."""


def _state(state: ViewState) -> StateDefinition:
    moves = {EVENTS[trigger]: move for trigger, rows in MOVES.items() if (move := rows.get(state)) is not None}
    return {
        "value": state,
        "initial": state is ViewState.OFF_HOOK,
        "final": state is ViewState.ENDED,
        "on": {name: [{"target": move.to.name}] for name, move in moves.items()},
    }


PHONE: type[StateChart[Any]] = create_machine_class_from_definition(
    "Phone",
    {state.name: _state(state) for state in ViewState},
    allow_event_without_transition=False,
    validate_disconnected_states=False,  # the state that is unknown is only ever read
)


class Leg(without_library.Leg):
    """A leg with its machine, in a slot, so that it is none of the fields of a view."""

    __slots__ = ("phone",)

    def __init__(self, **fields: Any) -> None:  # Any: the fields of a view
        super().__init__(**fields)
        self.phone = PHONE(self)

    def go(self, trigger: str, _to: ViewState) -> None:
        getattr(self.phone, EVENTS[trigger])()


class Call(OracleCall):
    """A call of such legs."""

    leg_type = Leg
