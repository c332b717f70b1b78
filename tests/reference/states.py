"""The pages of the table and of the states.

One rule: the moves are the table's; what a state means is said here, once.
"""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from callstate import LENIENT, STRICT, ViewState
from callstate.domain import ANSWERED, CONNECTED, ENDED, OFF_HOOK, ON_HOLD, PARKED, RINGING, TRYING, UNKNOWN, Role
from callstate.drawing import table_as_markdown
from callstate.engine.rules import RULES
from callstate.engine.table import BETWEEN_TWO, ROLES
from callstate.lifecycle import FAR_END, diagram
from callstate.voipnow.wire import encode_call
from tests.calls import ALICE, call_of, lot, view
from tests.reference.markdown import bullets, code, fence, page, table

MEANINGS: Mapping[ViewState, str] = {
    UNKNOWN: "The listing that was read did not tell. Nothing but HangUp and the signals lead out of it.",
    OFF_HOOK: "The phone is off the hook; nothing is dialled yet.",
    TRYING: "The phone dials, or is dialled and does not ring yet. A destination that waits for a source is here too.",
    RINGING: "The phone rings.",
    ANSWERED: "The party is up and the other end is not: the caller hears it ring, or a transfer is on its way.",
    CONNECTED: "The party is on call. So are those who whisper and monitor, once they have answered.",
    ON_HOLD: "The party is on call and holds it. The state is that of who holds, never of who is held.",
    PARKED: "The party waits in the parking lot.",
    ENDED: "The party has left, and has a disposition. Nothing leads out of it.",
}

_BESIDE: Mapping[ViewState, str] = {
    ON_HOLD: " with `onHold`, `holder` 1",
    PARKED: " with `parked`, `parkedPos`, `parkedBy`",
}


def table_page() -> str:
    """Write the page of the table."""
    return page(
        "The table",
        "From which state of a party each input leads where. The first five are [signals](signals.md), what the "
        "network reports; the others are actions, what a user asks for. The [states](states.md) are those of one view. "
        "What one party's move does to the others is in the rules below.",
        f'<div class="wide-table">\n\n{table_as_markdown()}\n\n</div>',
        "## The strict rules",
        "They refuse the repeats of actions, and differ in nothing else. In the table these cells are refused:",
        bullets(_differences()),
        "So are the repeats that the state alone does not tell; each page of an action lists its own. A hang-up of a "
        "call that is over is refused with `call_ended`, all others with `wrong_state`.",
        "## Whose view, and between how many",
        table(("Roles", "Inputs"), _roles()),
        f"These need a call of exactly two sides: {code(k.__name__ for k in LENIENT.moves if k in BETWEEN_TWO)}.",
        "## The rules across the views",
        "After each input and each deadline these are applied in this order, again and again until none changes "
        "anything.",
        "\n".join(
            f"{number}. **{rule.__name__.replace('_', ' ').capitalize()}.** {_sentence(rule)}"
            for number, (rule, _) in enumerate(RULES, 1)
        ),
        "A hold, an off-hold and a recording touch one view only, so after them no rule has anything to say.",
    )


def _differences() -> Iterator[str]:
    for kind, moves in LENIENT.moves.items():
        gone = [state for state in moves if state not in STRICT.moves[kind]]
        if gone:
            yield f"`{kind.__name__}` from {code(gone)}"


def _roles() -> Iterator[tuple[str, str]]:
    for roles in dict.fromkeys(ROLES[kind] for kind in LENIENT.moves):
        names = [kind.__name__ for kind in LENIENT.moves if ROLES[kind] == roles]
        yield "any" if roles == frozenset(Role) else code(role for role in Role if role in roles), code(names)


def _sentence(rule: Callable[..., object]) -> str:
    return " ".join((rule.__doc__ or "").split())


# States ---------------------------------------------------------------------------------------------------------------


def states_page() -> str:
    """Write the page of the states."""
    return page(
        "The states of a view",
        "A view is the call as one party sees it. Its state says where that party stands; dates and facets, such as a "
        "recording, stand beside it.",
        fence("mermaid", diagram()),
        "The states of a call that is answered are green. Every hang-up is the one arrow from the box to `ENDED`. An "
        "input that leaves the state as it is has no arrow, and `UNKNOWN` is not shown: the next signal tells the "
        "state. `FarEndAnswered` and `FarEndLeft` are no inputs: they "
        "say that a second end of the call is up, or no longer is. The [rules](table.md) also let a destination that "
        "waited ring, and end views: those that lost the call to a faster one, those whose target left, and all when "
        "the call is over.",
        table(("State", "Wire status", "Meaning"), ((f"`{s}`", _status(s), MEANINGS[s]) for s in ViewState)),
        *(block for state in ViewState for block in _moves(state)),
    )


def _status(state: ViewState) -> str:
    """Ask the wire how it lists a view of a state."""
    parking = lot() if state is PARKED else None
    listed = msgspec.json.decode(encode_call(call_of(view("00", ALICE, state, side=0, parking=parking))))
    views = listed["phoneCallView"]
    return f"{views[0]['status']}{_BESIDE.get(state, '')}" if views else "never listed"


def _moves(state: ViewState) -> Iterator[str]:
    yield f"## {state}"
    into = [
        (kind.__name__, source)
        for kind, moves in LENIENT.moves.items()
        for source, move in moves.items()
        if move.to is state is not source
    ]
    into += [(edge.trigger, edge.source) for edge in FAR_END if edge.to is state]
    out = [
        (kind.__name__, move.to)
        for kind, moves in LENIENT.moves.items()
        if (move := moves.get(state)) is not None and move.to is not state
    ]
    out += [(edge.trigger, edge.to) for edge in FAR_END if edge.source is state]
    yield table(
        ("", "Inputs"),
        (
            ("leads in", _grouped(into, "from")),
            ("leads out", _grouped(out, "to")),
            ("accepted, and stays", code(_stays(state))),
            ("refused", code(kind.__name__ for kind, moves in LENIENT.moves.items() if state not in moves)),
        ),
    )


def _stays(state: ViewState) -> Iterator[str]:
    return (k.__name__ for k, moves in LENIENT.moves.items() if state in moves and moves[state].to is state)


def _grouped(moves: list[tuple[str, ViewState]], word: str) -> str:
    names = dict.fromkeys(name for name, _ in moves)
    return "; ".join(f"`{name}` {word} {code(state for n, state in moves if n == name)}" for name in names) or "nothing"


PAGES: Mapping[str, Callable[[], str]] = {"reference/table.md": table_page, "reference/states.md": states_page}
"""The pages of this module, by where they stand in the docs."""
