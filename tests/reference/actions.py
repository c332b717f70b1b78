"""The page of each action, and the page of the signals.

One rule: it puts together what the table, the field rules, the cases and the service say; it adds no facts of its own.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from callstate import (
    LENIENT,
    STRICT,
    Action,
    DomainError,
    HangUp,
    Park,
    PhoneCall,
    Rules,
    Transfer,
    TransferToVoicemail,
    apply_action,
)
from callstate.domain import ACTIONS, SIGNALS, Request, Role, Signal, ViewState, wire_name
from callstate.engine import BY_A_COLLEAGUE, LATE, REPEAT
from callstate.engine.transition_table import BETWEEN_TWO, MOVE, ROLES, Kind
from callstate.voipnow.service.apply import WITHIN
from callstate.voipnow.wire import http_status, wire_code
from tests.calls import at
from tests.reference.cases import REPEATS, Case, refusals
from tests.reference.exchanges import example
from tests.reference.facts import Fact, asking, parking, reporting, sentence, serving, transferring
from tests.reference.markdown import bullets, code, fence, literal, page, table
from tests.reference.pictures import PICTURES
from tests.reference.prose import FIELDS, PROSE, SIGNALS_PROSE

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "docs" / "scenarios"
NOW = at(20)


def action_page(kind: type[Request]) -> str:
    """Write the page of an action."""
    prose = PROSE[kind]
    return page(
        kind.__name__,
        prose.purpose,
        "The [Glossary](../glossary.md) defines *view*, *leg*, *side*, *live*, *up* and *repeat*.",
        "## Who can ask, and for which view",
        bullets(_who(kind)),
        f"[Who may ask](../who-may-ask.md) shows this for every action.{_WHO_IS_WHO if kind in _STATE_OF else ''}",
        "## From which states",
        _states(kind),
        *map(sentence, _STATE_OF.get(kind, ())),
        sentence(asking.repeats_come_first) if len(LENIENT.moves[kind]) < len(ViewState) else "",
        "## Fields",
        _fields(kind),
        "## What it does",
        bullets(map(sentence, prose.after)),
        "## What it does to the other parties",
        bullets(map(sentence, prose.others)),
        fence("mermaid", PICTURES[kind]) if kind in PICTURES else "",
        *_program(kind),
        "## Refusals",
        *_refusals(kind),
        "## Repeats",
        *_repeats(kind),
        "## At the same time as another input",
        "[Which inputs commute](../commutation.md) shows the result if another input for the other party arrives at "
        "the same time.",
        "## On the wire",
        *example(kind),
        *_scenarios(kind),
    )


_WHO_IS_WHO = " [Who is who in a transfer](../who-is-who.md) says which party is sent away, and which one leaves."


def _program(kind: type[Request]) -> Iterator[str]:
    if kind in _PROGRAMS:
        path = ROOT / _PROGRAMS[kind]
        yield "## As a program"
        yield "This program says which views end. A test compares it with the engine."
        yield f"<!-- {_PROGRAMS[kind]} -->"
        yield fence("python", path.read_text("utf-8"))


_PROGRAMS: Mapping[type[Request], str] = {HangUp: "docs/examples/hang_up.py"}


def _who(kind: type[Request]) -> Iterator[str]:
    yield " ".join(map(sentence, asked_by(kind)))
    if ROLES[kind] == frozenset(Role):
        yield "Named view: any role."
    else:
        yield f"Role of the named view: {' or '.join(f'`{role}`' for role in Role if role in ROLES[kind])}."
    if kind in BETWEEN_TWO:
        yield sentence(asking.between_two_sides)


def asked_by(kind: type[Request]) -> Iterator[Fact]:
    """Yield the facts that say who can ask for an action."""
    if kind in BY_A_COLLEAGUE:
        yield asking.by_a_colleague
        yield serving.only_colleagues
    else:
        yield asking.by_those_in_the_call
    if kind in asking.AGAIN:
        yield asking.AGAIN[kind]


_STATUS = "*Parameter* is the field at fault, which a refusal names as `parameter` together with its `value`."

SENDING = (Park, Transfer, TransferToVoicemail)

_STATE_OF: Mapping[type[Request], tuple[Fact, ...]] = {
    Park: (parking.which_state_counts,),
    Transfer: (transferring.which_state_counts,),
    TransferToVoicemail: (transferring.which_state_counts,),
}
"""What counts beside the state of the named view."""


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
            rows.append((code(stays), "unchanged", words))
    rows.append((code(state for state in ViewState if state not in moves), "", "refused, `wrong_state`"))
    return table(("State of the view", "Next state", "Result"), [row for row in rows if row[0]])


_KINDS: Mapping[Kind, str] = {
    MOVE: "accepted",
    REPEAT: "a repeat: accepted, no effect; refused by the strict rules",
    LATE: "a late report: ignored, by both rule sets",
}


def _fields(kind: type[Action]) -> str:
    forms: dict[str, str] = {}
    for form in getattr(kind, "field_rules", ()):
        before = f"{forms[form.field]}; " if form.field in forms else ""
        forms[form.field] = before + literal(form.needed)
    rows = []
    for field in msgspec.structs.fields(kind):
        if field.name in ("call_id", "extension"):
            continue
        needed = forms.get(field.name, "the id of a view" if field.name == "view_id" else "")
        required = "required" if field.default is msgspec.NODEFAULT else _default(field.default)
        rows.append((f"`{wire_name(field.name)}`", f"`{field.name}`", FIELDS[field.name], needed, required))
    return table(("On the wire", "In Python", "Meaning", "Must be", "Default"), rows)


def _default(value: object) -> str:
    return "none" if value is None else f"`{value}`"


# Refusals and repeats -------------------------------------------------------------------------------------------------


def _refusals(kind: type[Request]) -> Iterator[str]:
    yield (
        "The checks are made in this order, and the first one that fails determines the answer. [Errors](../errors.md) "
        "explains the codes, and where the checks of the user and of an unknown action belong in this order. A refusal "
        "also says what is allowed, see [What allowed means](../allowed.md)."
    )
    head = ("Check", "Refused if", "Code", "On the wire", "HTTP", "Parameter")
    yield table(head, (_refusal(case) for case in refusals(kind)))
    yield _STATUS
    if kind is HangUp:
        yield sentence(asking.after_the_end)
        yield sentence(asking.after_the_end_strictly)
    if kind in SENDING:
        yield sentence(asking.without_another_party)
    if kind in (Transfer, TransferToVoicemail):
        yield sentence(transferring.which_number_is_wrong)
    yield " ".join(map(sentence, asked_of_the_directory(kind)))


def asked_of_the_directory(kind: type[Request]) -> Iterator[Fact]:
    """Yield the facts that say what a service checks after the core."""
    if "send_call_to" in kind.__struct_fields__:
        yield serving.only_phone_terminals
        yield serving.of_the_organization if kind in WITHIN else serving.of_any_organization


def refusal(case: Case) -> DomainError:
    """Return the refusal of a case; its clauses are refused alike."""
    first, *others = [_refused(call, action) for call, action in case.asked()]
    assert all((error.code, error.check) == (first.code, first.check) for error in others), case
    return first


def _refused(call: PhoneCall | None, action: Action, rules: Rules = LENIENT) -> DomainError:
    result = apply_action(call, action, at=NOW, rules=rules)
    assert isinstance(result, DomainError), (call, action)
    return result


def _refusal(case: Case) -> tuple[str, ...]:
    error = refusal(case)
    told = (case.why, f"`{error.code}`", f"`{wire_code(error.code)}`", str(http_status(error.code)))
    return error.check, *told, code(parameters(case)) or "none"


def parameters(case: Case) -> list[str]:
    """Name the parameters at fault: the clauses of a case can have several."""
    found = dict.fromkeys(_refused(call, action).parameter for call, action in case.asked())
    return [parameter for parameter in found if parameter is not None]


def _repeats(kind: type[Request]) -> Iterator[str]:
    yield (
        "A repeat asks for something that is already so. It is accepted and changes nothing: `apply_action` returns "
        "the same object. See [Why repeats are accepted](../../explanation/repeats.md). "
        + sentence(asking.fields_come_first)
    )
    yield table(("It is a repeat if", "Code under the strict rules", "Check", "Parameter"), map(_repeat, REPEATS[kind]))


def _repeat(case: Case) -> tuple[str, ...]:
    error = strictly(case)
    return case.why, f"`{error.code}`", error.check, code(filter(None, [error.parameter])) or "none"


def strictly(case: Case) -> DomainError:
    """Return how the strict rules refuse a repeat, which the lenient ones accept."""
    assert all(apply_action(call, action, at=NOW) is call for call, action in case.asked()), case
    first, *others = [_refused(call, action, STRICT) for call, action in case.asked()]
    assert all((error.code, error.check) == (first.code, first.check) for error in others), case
    return first


# Scenarios ------------------------------------------------------------------------------------------------------------


def _scenarios(kind: type[Action]) -> Iterator[str]:
    found = [(path, scenario) for path, scenario in _all_scenarios() if _is_about(scenario, kind.__name__)]
    if found:
        yield "## Scenarios"
        yield "[Scenarios](../../scenarios/README.md) that use this action, for testing an implementation:"
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
        "A signal reports what happened in the network. Signals come from the program that watches the network, never "
        f"from a user's request. {sentence(reporting.about_any_view)}",
        sentence(reporting.what_it_has),
        sentence(reporting.late_reports_are_ignored),
        sentence(reporting.what_is_refused),
        "[Which inputs commute](commutation.md) shows the result if another input for the other party arrives at the "
        "same time.",
        *(block for kind in SIGNALS for block in _signal(kind)),
    )


def _signal(kind: type[Signal]) -> Iterator[str]:
    prose = SIGNALS_PROSE[kind]
    yield f"## {kind.__name__}"
    limit = reporting.FROM.get(kind)
    yield prose.purpose if limit is None else f"{prose.purpose} {sentence(limit)}"
    yield _states(kind)
    yield "What it does:"
    yield bullets(map(sentence, prose.after))
    yield "What it does to the other parties:"
    yield bullets(map(sentence, prose.others))


FACTS: tuple[Fact, ...] = tuple(
    dict.fromkeys(
        (
            asking.between_two_sides,
            asking.repeats_come_first,
            asking.fields_come_first,
            asking.without_another_party,
            asking.after_the_end,
            asking.after_the_end_strictly,
            reporting.about_any_view,
            reporting.late_reports_are_ignored,
            reporting.what_is_refused,
            reporting.what_it_has,
            transferring.which_number_is_wrong,
            *reporting.FROM.values(),
            *(fact for facts in _STATE_OF.values() for fact in facts),
            *(fact for kind in ACTIONS for fact in (*asked_by(kind), *asked_of_the_directory(kind))),
            *(fact for prose in (*PROSE.values(), *SIGNALS_PROSE.values()) for fact in (*prose.after, *prose.others)),
        )
    )
)
"""Every fact that a page of this module says, once."""

PAGES: Mapping[str, Callable[[], str]] = {
    **{f"reference/actions/{kind.__name__}.md": partial(action_page, kind) for kind in ACTIONS},
    "reference/signals.md": signals_page,
}
"""The pages of this module, by their path in the docs."""
