"""The pages of the table and of the states.

One rule: the transitions come from the table; the meaning of a state is written here, once.
"""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from callstate import LENIENT, STRICT, ViewState
from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    SIGNALS,
    TRYING,
    UNKNOWN,
    Role,
)
from callstate.drawing import table_as_markdown
from callstate.engine.cross_view_rules import RULES
from callstate.engine.transition_table import BETWEEN_TWO, ROLES
from callstate.lifecycle import FAR_END, diagram
from callstate.voipnow.wire import encode_call
from tests.calls import ALICE, call_of, lot, view
from tests.reference.facts import parking, sentence, transferring
from tests.reference.markdown import bullets, code, fence, page, table

MEANINGS: Mapping[ViewState, str] = {
    UNKNOWN: (
        "The listing that the call was read from does not say. Only HangUp and the signals other than Held and Resumed "
        "lead out of this state."
    ),
    OFF_HOOK: "The phone is off the hook, and nothing is dialled yet.",
    TRYING: (
        "The phone dials, or it is dialled and does not ring yet. A destination that waits for a source is also in "
        "this state."
    ),
    RINGING: "The phone rings.",
    ANSWERED: (
        "The party is up, and the other side is not: the caller hears it ring, or the party is being transferred."
    ),
    CONNECTED: "The party is in conversation. A leg that whispers or monitors is in this state once it has answered.",
    ON_HOLD: "The party holds the call. This is the state of the party that holds, not of the party that is held.",
    PARKED: "The party waits in the parking lot.",
    ENDED: "The party has left; the view has a disposition. Nothing leads out of this state.",
}

_BESIDE = ("onHold", "holder", "parked", "parkedPos", "parkedBy")
"""Fields of the wire that tell states of one status apart."""


def table_page() -> str:
    """Write the page of the table."""
    return page(
        "The table",
        "The table shows the next state of a view for each input and each state. A [view](glossary.md#view) is the "
        "call as one party sees it; [The states of a view](states.md) explains the states. The first "
        f"{len(SIGNALS)} inputs are [Signals](signals.md), reported by the network. The others are actions, requested "
        "by users. The effects on the other parties of the call follow from the rules below.",
        f'<div class="wide-table">\n\n{table_as_markdown()}\n\n</div>',
        "Park, Transfer and TransferToVoicemail are about two parties. For Park: "
        + sentence(parking.which_state_counts),
        "For the two transfers: " + sentence(transferring.which_state_counts),
        "## The strict rules",
        "The strict rules refuse repeats of actions and are otherwise the same. They refuse these cells of the table:",
        bullets(_differences()),
        "They also refuse the repeats that cannot be recognised by the state alone; the page of each action lists "
        "these. A hang-up of a call that is over is refused with `call_ended`, every other repeat with `wrong_state`.",
        "## Roles and sides",
        table(("Roles", "Inputs"), _roles()),
        f"These actions require exactly two sides: {code(k.__name__ for k in LENIENT.moves if k in BETWEEN_TWO)}.",
        "## The rules across the views",
        "After each input and after each deadline the rules are applied in this order, repeatedly, until none of them "
        "changes anything. [The rules across the views](rules.md) says it in detail, with a program.",
        "\n".join(
            f"{number}. **{rule.__name__.replace('_', ' ').capitalize()}.** {_sentence(rule)}"
            for number, (rule, *_) in enumerate(RULES, 1)
        ),
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
        "A [view](glossary.md#view) is the call as one party sees it. Its state says what that party is doing. Dates, "
        "recordings and other facts are separate fields of the view.",
        fence("mermaid", diagram()),
        "The states of an answered call are green. One arrow from the box stands for every hang-up. An input that does "
        "not change the state has no arrow, and neither has `UNKNOWN`, because the next signal tells the state. "
        "`FarEndAnswered` and `FarEndLeft` are not inputs: they mean that a second side of the call is up, or is no "
        "longer up. The rules across the views, described below [The table](table.md), also make waiting destinations "
        "ring, and they end views: those that lost the call to a faster phone, those with a target that has left, and "
        "all views when the call is over.",
        table(("State", "Wire status", "Meaning"), ((f"`{s}`", _status(s), MEANINGS[s]) for s in ViewState)),
        *(block for state in ViewState for block in _moves(state)),
    )


def _status(state: ViewState) -> str:
    status, beside = on_the_wire(state)
    if status is None:
        return "never listed"
    return f"{status} with {code(beside)}" if beside else str(status)


def on_the_wire(state: ViewState) -> tuple[int | None, list[str]]:
    """Ask the wire how it lists a view of a state: the status, if it does, and the fields beside it."""
    parking = lot() if state is PARKED else None
    listed = msgspec.json.decode(encode_call(call_of(view("00", ALICE, state, side=0, parking=parking))))
    views = listed["phoneCallView"]
    return (int(views[0]["status"]), [name for name in _BESIDE if name in views[0]]) if views else (None, [])


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
            ("lead here", _grouped(into, "from")),
            ("lead away", _grouped(out, "to")),
            ("accepted, state unchanged", code(_stays(state))),
            ("refused", code(kind.__name__ for kind, moves in LENIENT.moves.items() if state not in moves)),
        ),
    )


def _stays(state: ViewState) -> Iterator[str]:
    return (k.__name__ for k, moves in LENIENT.moves.items() if state in moves and moves[state].to is state)


def _grouped(moves: list[tuple[str, ViewState]], word: str) -> str:
    names = dict.fromkeys(name for name, _ in moves)
    return "; ".join(f"`{name}` {word} {code(state for n, state in moves if n == name)}" for name in names) or "nothing"


PAGES: Mapping[str, Callable[[], str]] = {"reference/table.md": table_page, "reference/states.md": states_page}
"""The pages of this module, by their path in the docs."""
