"""The page of each action, and the one of the signals.

One rule: it puts together what the table, the forms, the cases, the matrix and the service say; it says nothing itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from callstate import LENIENT, STRICT, Action, DomainError, apply_action
from callstate.domain import ACTIONS, SIGNALS, Request, Role, Signal, ViewState, wire_name
from callstate.engine import BY_A_COLLEAGUE, LATE, REPEAT
from callstate.engine.machine import OF_THE_CALLER
from callstate.engine.table import BETWEEN_TWO, MOVE, ROLES, Kind
from callstate.voipnow.service.apply import WITHIN
from callstate.voipnow.wire import http_status, wire_code
from tests.calls import at
from tests.commutation import INPUTS, SITUATIONS, Situation, Verdict, verdict
from tests.reference.cases import REPEATS, Case, refusals
from tests.reference.exchanges import example
from tests.reference.markdown import bullets, code, fence, literal, page, table
from tests.reference.pictures import PICTURES
from tests.reference.prose import FIELDS, PROSE, SIGNALS_PROSE

SCENARIOS = Path(__file__).parents[2] / "docs" / "scenarios"
NOW = at(20)


def action_page(kind: type[Request]) -> str:
    """Write the page of an action."""
    prose = PROSE[kind]
    return page(
        kind.__name__,
        prose.purpose,
        "## Who",
        bullets(_who(kind)),
        "## Before",
        _states(kind),
        "A repeat (below) is looked for before the state, `UNKNOWN` aside, so it may be accepted in other states.",
        "## Fields",
        _fields(kind),
        "## Afterwards",
        bullets(prose.after),
        "## What it changes for the others",
        bullets(prose.others),
        fence("mermaid", PICTURES[kind]) if kind in PICTURES else "",
        "## Refusals",
        *_refusals(kind),
        "## Repeats",
        *_repeats(kind),
        "## When another input crosses it",
        *_crossing(kind, "../"),
        "## On the wire",
        *example(kind),
        *_scenarios(kind),
    )


def _who(kind: type[Request]) -> Iterator[str]:
    if kind in BY_A_COLLEAGUE:
        yield "Asked by: any extension. A service lets in those of the same organization only."
    else:
        yield (
            "Asked by: `@self`, the extension that pays, that of a party who has not left, or the one that parked a "
            "party."
        )
    if ROLES[kind] == frozenset(Role):
        yield "On the view of: anybody, in any role."
    else:
        yield f"On the view of: {code(role for role in Role if role in ROLES[kind])}."
    if kind in BETWEEN_TWO:
        yield "Between two only: the call has exactly two sides that are live; while a party is parked the lot is one."


def _states(kind: type[Action]) -> str:
    moves = LENIENT.moves[kind]
    rows = []
    for row_kind, words in _KINDS.items():
        for to in ViewState:
            found = [state for state, move in moves.items() if (move.kind, move.to) == (row_kind, to)]
            changed = [state for state in found if state is not to]
            if changed:
                rows.append((code(changed), f"`{to}`", words))
        stays = [state for state, move in moves.items() if move.kind is row_kind and move.to is state]
        if stays:
            rows.append((code(stays), "stays", words))
    rows.append((code(state for state in ViewState if state not in moves), "", "refused, `wrong_state`"))
    return table(("The view is", "and then", ""), [row for row in rows if row[0]])


_KINDS: Mapping[Kind, str] = {
    MOVE: "accepted",
    REPEAT: "a repeat; refused by the strict rules",
    LATE: "late news, in both rule sets",
}


def _fields(kind: type[Action]) -> str:
    forms = {form.field: literal(form.needed) for form in getattr(kind, "field_rules", ())}
    rows = []
    for field in msgspec.structs.fields(kind):
        if field.name in ("call_id", "extension"):
            continue
        needed = forms.get(field.name, "the id of a view" if field.name == "view_id" else "")
        required = "required" if field.default is msgspec.NODEFAULT else _default(field.default)
        rows.append((f"`{wire_name(field.name)}`", f"`{field.name}`", FIELDS[field.name], needed, required))
    return table(("On the wire", "In Python", "What it is", "Must be", "Default"), rows)


def _default(value: object) -> str:
    return "none" if value is None else f"`{value}`"


# Refusals and repeats -------------------------------------------------------------------------------------------------


def _refusals(kind: type[Request]) -> Iterator[str]:
    yield (
        "In the order of the checks; the first that fails is the answer. "
        "What these codes mean is on the page of the [errors](../errors.md), as are those that a service has before: "
        "who may ask at all, and whether the word is a known one."
    )
    yield table(("Check", "Refused when", "Code", "On the wire", "HTTP"), (_refusal(case) for case in refusals(kind)))
    if "send_call_to" in kind.__struct_fields__:
        where = ", and of the same organization" if kind in WITHIN else ""
        yield (
            "When all these have passed, a service asks its directory whether `sendCallTo`, if it is an extension, is "
            f"that of a phone terminal{where}; if not, `send_call_to_invalid`."
        )


def refusal(case: Case) -> DomainError:
    """Return the refusal of a case."""
    result = apply_action(case.call, case.action, at=NOW)
    assert isinstance(result, DomainError), case
    return result


def _refusal(case: Case) -> tuple[str, ...]:
    error = refusal(case)
    return error.check, case.why, f"`{error.code}`", f"`{wire_code(error.code)}`", str(http_status(error.code))


def _repeats(kind: type[Request]) -> Iterator[str]:
    yield (
        "The goal holds already, so the request is accepted and changes nothing: the same object comes back. "
        "[Why](../../explanation/repeats.md)."
    )
    rows = ((case.why, f"`{_strict(case).code}`") for case in REPEATS[kind])
    yield table(("When", "Under the strict rules"), rows)


def _strict(case: Case) -> DomainError:
    assert apply_action(case.call, case.action, at=NOW) is case.call, case
    result = apply_action(case.call, case.action, at=NOW, rules=STRICT)
    assert isinstance(result, DomainError), case
    return result


# Crossing -------------------------------------------------------------------------------------------------------------

_VERDICTS: Mapping[Verdict, str] = {
    Verdict.SAME: "The order makes no difference",
    Verdict.ORDER: "Both are accepted, and the order shows",
    Verdict.ROW: "It wins",
    Verdict.COLUMN: "It loses",
    Verdict.FIRST: "The first wins",
}


def _crossing(kind: type[Action], up: str) -> Iterator[str]:
    yield (
        f"Its row of the [matrix]({up}commutation.md): this is asked for one party, the other input comes for the "
        f"other party at the same instant. It wins if the other is refused after it, and not the other way round."
    )
    rows = [row for situation in SITUATIONS if (row := _row(situation, kind)) is not None]
    yield table(("Situation", *_VERDICTS.values()), rows)


def _row(situation: Situation, kind: type[Action]) -> tuple[str, ...] | None:
    found: dict[Verdict, list[str]] = {each: [] for each in _VERDICTS}
    for other in INPUTS:
        said = verdict(situation, kind, other)
        if said in found:
            found[said].append(other.__name__)
    if not any(found.values()):
        return None
    return (f"{situation.name}, for {situation.row}: {situation.sentence}", *map(", ".join, found.values()))


# Scenarios ------------------------------------------------------------------------------------------------------------


def _scenarios(kind: type[Action]) -> Iterator[str]:
    found = [(path, scenario) for path, scenario in _all_scenarios() if _is_about(scenario, kind.__name__)]
    if found:
        yield "## Scenarios"
        yield "Situations with this action, to run an implementation against:"
        yield bullets(f"[{scenario['title']}](../../scenarios/{path.name})" for path, scenario in found)


def _all_scenarios() -> Iterator[tuple[Path, dict[str, object]]]:
    for path in sorted(SCENARIOS.glob("*.json")):
        if path.name != "schema.json":
            yield path, json.loads(path.read_text("utf-8"))


def _is_about(scenario: Mapping[str, object], name: str) -> bool:
    return f'"action": "{name}"' in json.dumps(scenario)


# Signals --------------------------------------------------------------------------------------------------------------


def signals_page() -> str:
    """Write the page of the signals."""
    return page(
        "Signals",
        "What the network reports, of any view, listed or not. Who watches the network tells it; no request does. News "
        "that is not new changes nothing, in both rule sets: reports may come late, twice, and in any order. A signal "
        "of a view that the call does not have is refused with `pc_phonecallview_invalid`, one of an unknown call with "
        "`pc_phonecall_invalid`, any other that the table does not take with `wrong_state`. After the end of the call "
        "every signal is late news.",
        *(block for kind in SIGNALS for block in _signal(kind)),
    )


def _signal(kind: type[Signal]) -> Iterator[str]:
    prose = SIGNALS_PROSE[kind]
    yield f"## {kind.__name__}"
    yield prose.purpose + (" Only a view of the calling end, side 0, can do that." if kind in OF_THE_CALLER else "")
    yield _states(kind)
    yield bullets(prose.after)
    yield "For the others:"
    yield bullets(prose.others)
    yield from _crossing(kind, "")


PAGES: Mapping[str, Callable[[], str]] = {
    **{f"reference/actions/{kind.__name__}.md": partial(action_page, kind) for kind in ACTIONS},
    "reference/signals.md": signals_page,
}
"""The pages of this module, by where they stand in the docs."""
