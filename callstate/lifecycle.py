"""The table as a machine of `transitions`: for diagrams, and for services that hang callbacks on states.

One rule: it has the moves of the table, with one trigger for each input, named as on the wire, and no others. It
follows one view: it has no fields, no checks and no other party. Two more triggers (`FAR_END`) tell it what the other
party does to the view. The engine does not use it; only a program that imports this module loads `transitions`.

    class Phone:
        def on_enter_ON_HOLD(self) -> None: ...     # play the music

    phone = Phone()
    lifecycle().add_model(phone, initial=ViewState.CONNECTED)
    phone.OnHold()                                  # calls on_enter_ON_HOLD
    phone.PickUp()                                  # raises transitions.MachineError

An input that leaves the state as it is enters and leaves nothing, so a retry calls no callback twice.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transitions import Machine

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    UNKNOWN,
    ViewState,
)
from callstate.engine import LENIENT, Rules

__all__ = ["FAR_END", "STARTS", "Edge", "diagram", "edges", "lifecycle"]


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

STARTS = (OFF_HOOK, TRYING, RINGING)
"""The states in which a party comes into a call."""

ANSWERED_CALL = (TRYING, RINGING, ANSWERED, CONNECTED, ENDED)
"""The states of a party in a call that is answered and later hung up, which the diagram colours."""


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
    """Draw the states in Mermaid, with one arrow for all hang-ups and the states of an answered call in colour.

    An input that leaves the state unchanged has no arrow. `UNKNOWN` is left out: the next signal tells the state.
    """
    changes = [edge for edge in edges(rules) if edge.to is not edge.source]
    endings = _endings(changes)
    arrows: dict[tuple[ViewState, ViewState], list[str]] = {}
    for trigger, source, to in changes:
        if source is not UNKNOWN and trigger not in endings:
            arrows.setdefault((source, to), []).append(trigger)
    return "\n".join(
        (
            "stateDiagram-v2",
            '  state "A party in the call" as IN_CALL {',
            *(f"    [*] --> {state}" for state in STARTS),
            *(f"    {source} --> {to}: {'<br>'.join(arrows[source, to])}" for source, to in sorted(arrows, key=_rank)),
            "  }",
            f"  IN_CALL --> {ENDED}: {', '.join(endings)}<br>from every state",
            "  classDef answered fill:#c8e6c9,stroke:#2e7d32,color:#111111",
            f"  class {', '.join(ANSWERED_CALL)} answered",
        )
    )


def _rank(ends: tuple[ViewState, ViewState]) -> tuple[int, int, int]:
    """Order arrows from the shortest to the longest; Mermaid then lays the states out in one narrow column."""
    source, to = (list(ViewState).index(state) for state in ends)
    return abs(source - to), source, to


def _endings(changes: Iterable[Edge]) -> list[str]:
    """Name the triggers that lead from every other state to `ENDED`."""
    sources: dict[str, set[ViewState]] = {}
    for trigger, source, to in changes:
        if to is ENDED:
            sources.setdefault(trigger, set()).add(source)
    return [trigger for trigger, found in sources.items() if found == {*ViewState} - {ENDED}]
