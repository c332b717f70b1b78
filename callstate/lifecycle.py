"""The table as a machine of `transitions`: for diagrams, and for services that hang callbacks on states.

One rule: it has the moves of the table, one trigger for each input, named by the wire's own word, and nothing of its
own. It follows one view: it knows no fields, no checks and no other party. What another party does to a view
(`FAR_END`) is therefore told to it by two triggers more. The engine decides without it; whoever imports this module
alone pays for `transitions`.

    class Phone:
        def on_enter_ON_HOLD(self) -> None: ...     # play the music

    phone = Phone()
    lifecycle().add_model(phone, initial=ViewState.CONNECTED)
    phone.OnHold()                                  # calls on_enter_ON_HOLD
    phone.PickUp()                                  # raises transitions.MachineError

An input that leaves the state as it is enters and leaves nothing, so a retry calls no callback twice.
"""

from collections.abc import Iterator
from typing import NamedTuple

from transitions import Machine
from transitions.extensions import GraphMachine
from transitions.extensions.diagrams_mermaid import Graph

from callstate.domain import ANSWERED, CONNECTED, ON_HOLD, PARKED, ViewState
from callstate.engine import LENIENT, Rules


class Edge(NamedTuple):
    """A trigger, the state in which it is taken, and the state that follows, maybe the same."""

    trigger: str
    source: ViewState
    to: ViewState


FAR_END = (
    Edge("FarEndAnswered", ANSWERED, CONNECTED),
    Edge("FarEndAnswered", PARKED, CONNECTED),
    Edge("FarEndLeft", CONNECTED, ANSWERED),
    Edge("FarEndLeft", ON_HOLD, ANSWERED),
)
"""How a view moves without an input of its own: a second side of the call is up, or no longer is."""


def edges(rules: Rules = LENIENT) -> Iterator[Edge]:
    """Yield every cell of the table that takes an input, then the moves that the far end makes."""
    for kind, moves in rules.moves.items():
        for state, move in moves.items():
            yield Edge(kind.__name__, state, move.to)
    yield from FAR_END


def lifecycle(rules: Rules = LENIENT) -> Machine:
    """Build a machine without a model; its `add_model(model, initial=state)` takes yours, one or thousands."""
    machine = Machine(model=None, states=ViewState, initial=None, auto_transitions=False)
    for trigger, source, to in edges(rules):
        machine.add_transition(trigger, source, None if to is source else to)
    return machine


def diagram(rules: Rules = LENIENT) -> str:
    """Draw the states in Mermaid; an input that leaves the state as it is has no arrow."""
    title = "title: One party of a call"  # transitions sets it between dashes, where Mermaid reads YAML
    machine = GraphMachine(
        model=None, states=ViewState, initial=None, auto_transitions=False, graph_engine="mermaid", title=title
    )
    for trigger, source, to in edges(rules):
        if to is not source:
            machine.add_transition(trigger, source, to)
    machine.machine_attributes = {**machine.machine_attributes, "rankdir": "TB"}  # across, the words are too small
    graph = Graph(machine)  # type: ignore[arg-type]  # transitions' stub wants the class, its code the machine
    return "\n".join(line.rstrip() for line in graph.get_graph().source.splitlines())
