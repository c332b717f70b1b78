"""The machine-readable reference: `docs/reference/callstate.json`, its JSON Schema, and the page about them.

One rule: each part is asked of the engine, or is what another page of the reference is made from; the test runs an
interpreter of the file against the engine.
"""

from typing import Literal, cast

from callstate import (
    LENIENT,
    STRICT,
    Disposition,
    EndReason,
    ErrorCode,
    Flow,
    Role,
    ViewState,
)
from callstate.domain import (
    ACTIONS,
    CALL_ID,
    NUMBER,
    PARKING_POSITIONS,
    PHONE,
    RING_BACKS,
    SIGNALS,
    SUPERVISORS,
    UP,
    VIEW_ID,
    Action,
    Numbering,
    Request,
)
from callstate.engine import BY_A_COLLEAGUE, CARRIED, Rules
from callstate.engine.create import MOST_NUMBERS
from callstate.engine.cross_view_rules import RULES
from callstate.engine.explain import QUESTIONS
from callstate.engine.transition_table import BETWEEN_TWO, ROLES
from callstate.voipnow.wire import http_status, wire_code
from callstate.voipnow.wire.reading import MOST_VIEWS
from tests.reference import machine_form as form
from tests.reference.actions import parameters, refusal, strictly
from tests.reference.cases import REPEATS, refusals
from tests.reference.effects import WHO
from tests.reference.errors import is_the_vendors
from tests.reference.listings import far_states
from tests.reference.machine_conditions import conditions_of
from tests.reference.machine_fields import as_data, checked, fields_of_input
from tests.reference.machine_parts import deadlines, effects, new_calls, values
from tests.reference.observed import added_views
from tests.reference.prose import PROSE, SIGNALS_PROSE
from tests.reference.states import MEANINGS as STATES
from tests.reference.states import on_the_wire

SCHEMA = "callstate.schema.json"


def document() -> form.Document:
    """Put the document together."""
    return form.Document(
        schema=SCHEMA,
        states=list(map(_state, ViewState)),
        roles=[form.Role(name=role, party=role not in SUPERVISORS, supervises=role in SUPERVISORS) for role in Role],
        flows=[form.Number(name=flow.name, wire=flow.value) for flow in Flow],
        dispositions=[form.Number(name=how.name, wire=how.value) for how in Disposition],
        end_reasons=[str(reason) for reason in EndReason],
        patterns=_patterns(),
        limits=_limits(),
        checks=[form.Check(name=check, passes_if=question) for check, question in QUESTIONS.items()],
        codes=list(map(_code, ErrorCode)),
        rule_sets=list(map(_rule_set, (LENIENT, STRICT))),
        inputs=[*map(_signal, SIGNALS), *map(_action, ACTIONS)],
        new_calls=list(new_calls()),
        values=list(values()),
        cross_view_rules=[form.CrossViewRule(name=rule.__name__, text=_text(rule)) for rule, *_ in RULES],
        deadlines=list(deadlines()),
        parts={**WHO, "call": "the call itself"},
        effects=list(effects()),
        far_states=[form.Far(listed=s, side=1 - side, added=far, waits=w) for s, side, far, w in far_states()],
    )


def _text(documented: object) -> str:
    return " ".join((documented.__doc__ or "").split())


def _state(state: ViewState) -> form.State:
    status, beside = on_the_wire(state)
    return form.State(name=state, up=state in UP, meaning=STATES[state], status=status, beside=beside)


def _patterns() -> dict[str, str]:
    return {
        "call_id": CALL_ID.pattern,
        "view_id": VIEW_ID.pattern,
        "number": NUMBER.pattern,
        "extension": Numbering().pattern,
        "phone": PHONE.pattern,
    }


def _limits() -> form.Limits:
    return form.Limits(
        parking_positions=len(PARKING_POSITIONS),
        ring_backs=RING_BACKS,
        ended_views=CARRIED,
        numbers_of_a_new_call=MOST_NUMBERS,
        views_of_a_listing=MOST_VIEWS,
    )


def _code(code: ErrorCode) -> form.Code:
    return form.Code(name=code, wire=wire_code(code), status=http_status(code), vendor=is_the_vendors(code))


def _rule_set(rules: Rules) -> form.RuleSet:
    rows = [
        form.Row(input=kind.__name__, state=state, to=move.to, result=cast("_Result", str(move.kind)))
        for kind, moves in rules.moves.items()
        for state, move in moves.items()
    ]
    return form.RuleSet(name=rules.name, repeats=rules.repeats, otherwise=ErrorCode.WRONG_STATE, rows=rows)


_Result = Literal["move", "repeat", "late"]


# Inputs ---------------------------------------------------------------------------------------------------------------


def _signal(kind: type[Action]) -> form.Input:
    return form.Input(
        name=kind.__name__,
        kind="signal",
        purpose=SIGNALS_PROSE[kind].purpose,
        roles=_roles(kind),
        two_sides=False,
        fields=list(fields_of_input(kind)),
        conditions=conditions_of(kind),
    )


def _action(kind: type[Request]) -> form.Input:
    return form.Input(
        name=kind.__name__,
        kind="action",
        purpose=PROSE[kind].purpose,
        roles=_roles(kind),
        two_sides=kind in BETWEEN_TWO,
        asker="colleague" if kind in BY_A_COLLEAGUE else "participant",
        fields=list(fields_of_input(kind)),
        conditions=conditions_of(kind),
        checked=checked(kind),
        refusals=[as_data(case.why, refusal(case), parameters(case)) for case in refusals(kind)],
        repeats=[form.Repeat(when=case.why, strict=strictly(case).code) for case in REPEATS[kind]],
        legs=_legs(kind.__name__),
    )


def _roles(kind: type[Action]) -> list[str]:
    return [role for role in Role if role in ROLES[kind]]


def _legs(cause: str) -> list[form.Leg]:
    found: dict[form.Leg, None] = {}
    for step, view in added_views():
        if step.cause == cause:
            asked = getattr(step.input, "wait_for_pickup", None) is not None
            leg = form.Leg(
                role=view.role,
                state=view.state,
                outside=view.outside,
                listed=view.listed,
                on_a_side=view.side is not None,
                limit=None if view.until is None else "request" if asked else "call",
            )
            found[leg] = None
    return sorted(found, key=lambda leg: (leg.role, leg.outside))
