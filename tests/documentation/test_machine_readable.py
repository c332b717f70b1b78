"""The machine-readable reference is enough to generate code from: an interpreter of the file alone does as the engine.

The interpreter knows nothing of callstate but the file. What it says of one view, in each state and role, and of each
field, is compared with what the engine answers.
"""

import json
import re
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest

from callstate import (
    LENIENT,
    STRICT,
    Check,
    DomainError,
    PhoneCall,
    PhoneCallView,
    Recording,
    Role,
    ViewState,
    apply_action,
    create_call,
)
from callstate.domain import (
    ACTIONS,
    ANSWERED,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    SIGNALS,
    TRYING,
    UNKNOWN,
    UP,
    Action,
)
from callstate.engine import Rules
from tests.calls import ALICE, BOB, CAROL, at, call_of, connected, on, parked, seen, view
from tests.compiled import PLAIN
from tests.reference.cases import plain, start
from tests.reference.effects import changes_of, states_of
from tests.reference.machine_files import DOCUMENT, SCHEMA, encoded
from tests.reference.machine_form import Document, schema
from tests.reference.new_call_requests import KINDS, request
from tests.reference.observed import walked

Json = Any  # Any: JSON
FILE: Json = json.loads(DOCUMENT.read_bytes())
INPUTS: dict[str, type[Action]] = {kind.__name__: kind for kind in (*SIGNALS, *ACTIONS)}
SPEAKERS = (Role.PARTY, Role.BARGE)


@PLAIN
def test_the_files_are_current() -> None:
    assert encoded() == DOCUMENT.read_bytes(), "run python -m tests.write machine-readable"
    assert schema() == SCHEMA.read_bytes(), "run python -m tests.write machine-readable"


def test_the_document_has_the_form_that_the_schema_describes() -> None:
    msgspec.json.decode(DOCUMENT.read_bytes(), type=Document, strict=True)
    described = json.loads(SCHEMA.read_bytes())
    assert FILE["$schema"] == SCHEMA.name
    assert set(described["$defs"]["Document"]["properties"]) == set(FILE)
    assert described["$defs"]["Document"]["additionalProperties"] is False


# The table of one view ------------------------------------------------------------------------------------------------


def interpreted(rule_set: str, name: str, shown: Json, asked: Json) -> str:
    """Say what the file says of an input to one view: a code, `repeat`, `late`, or the state that it leads to."""
    (described,) = [found for found in FILE["inputs"] if found["name"] == name]
    rules = next(found for found in FILE["rule_sets"] if found["name"] == rule_set)
    result = next(_results(described, rules, shown, asked))
    return rules["otherwise"] if result == "repeat" and not rules["repeats"] else result


def _results(described: Json, rules: Json, shown: Json, asked: Json) -> Iterator[str]:
    """Yield every answer that the file has for an input, the first that counts first."""
    met = [c for c in described.get("conditions", []) if _is_so(c, shown, asked)]
    yield from (condition["result"] for condition in met if condition["check"] == "view")
    if shown["role"] not in described["roles"]:
        yield rules["otherwise"]
    yield from (condition["result"] for condition in met if condition["check"] in ("role", "state"))
    cell = (described["name"], shown["state"])
    row = next((row for row in rules["rows"] if (row["input"], row["state"]) == cell), None)
    if row is None:
        yield rules["otherwise"]
    elif row["result"] != "move":
        yield row["result"]
    else:
        yield from (condition["result"] for condition in met if condition["check"] == "context")
        yield row["to"]


def _is_so(condition: Json, shown: Json, asked: Json) -> bool:
    return all(
        (_of(shown, t["field"]) == _value(t.get("value"), asked)) is t.get("equal", True) for t in condition["tests"]
    )


def _of(shown: Json, field: str) -> Json:
    for name in field.split("."):
        shown = None if shown is None else shown[name]
    return shown


def _value(value: Json, asked: Json) -> Json:
    return asked[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _situations() -> Iterator[PhoneCall]:
    """Yield calls with the view 00 in each state and each role, recorded or not, with a limit or not, listed or not."""
    natural = {UNKNOWN: UNKNOWN, ANSWERED: RINGING, CONNECTED: CONNECTED, ON_HOLD: CONNECTED}
    for state, tried in product(ViewState, (TRYING, RINGING)):
        if state is PARKED:
            yield parked()
        elif state is ENDED:
            yield call_of(
                view("00", ALICE, ENDED, side=0), *connected().views[1:], view("02", CAROL, CONNECTED, side=2)
            )
        else:
            other = view("01", BOB, natural.get(state, tried), side=1)
            for until, listed in product((None, at(40)) if state in (TRYING, RINGING) else (None,), (True, False)):
                yield call_of(view("00", ALICE, state, side=0, until=until, listed=listed), other)
        if state in UP - {PARKED}:
            recorded = view("00", ALICE, state, side=0, recording=Recording(since=at(6), format="wav49"))
            yield call_of(recorded, view("01", BOB, natural.get(state, tried), side=1))
    for role in (Role.WHISPER, Role.MONITOR, Role.BARGE):
        for state in (RINGING, CONNECTED):
            target = None if state is CONNECTED and role is Role.BARGE else "01"
            leg = view("00", CAROL, state, role=role, side=2 if target is None else None, target=target)
            yield call_of(leg, view("01", BOB, CONNECTED, side=1), view("02", ALICE, CONNECTED, side=0))


def _shown(found: PhoneCallView) -> Json:
    return json.loads(msgspec.json.encode(found))


def _done(rules: Rules, call: PhoneCall, asked: Action) -> str:
    """Say the same of the engine's answer."""
    result = apply_action(call, asked, at=at(20), rules=rules)
    if isinstance(result, DomainError):
        return result.code
    late = "late" if isinstance(asked, SIGNALS) else "repeat"
    return late if result is call else seen(result, "00").state


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
@pytest.mark.parametrize("name", INPUTS)
def test_the_interpreter_does_with_one_view_as_the_engine_does(name: str, rules: Rules) -> None:
    (described,) = [found for found in FILE["inputs"] if found["name"] == name]
    told = set()
    for call in _situations():
        asked = on(INPUTS[name], "00")
        if described["two_sides"] and len({v.side for v in call.views if v.live and v.side is not None}) > 2:
            continue
        expected = interpreted(rules.name, name, _shown(seen(call, "00")), json.loads(msgspec.json.encode(asked)))
        expected = _after_the_rules(described, call, expected)
        if _is_about_the_other_party(name, call, expected):
            continue
        assert _done(rules, call, asked) == expected, call
        told.add(expected)
    assert len(told) > 1


def _after_the_rules(described: Json, call: PhoneCall, expected: str) -> str:
    """Connect a party while another side is up, as the rules across the views do; a mailbox is up immediately."""
    others_up = described["kind"] == "signal" and any(v.state in UP for v in call.views if v.id != "00")
    leg_up = any(leg["state"] == "CONNECTED" for leg in described.get("legs", [])) and seen(call, "00").until is None
    moved = (expected == "ANSWERED" and others_up) or (expected in ("OFF_HOOK", "TRYING", "ANSWERED") and leg_up)
    return "CONNECTED" if moved else expected


def _is_about_the_other_party(name: str, call: PhoneCall, expected: str) -> bool:
    """Tell whether the state of the other party decides: a call that does not ring there is not sent on."""
    if name not in ("Transfer", "TransferToVoicemail") or expected not in list(ViewState):
        return False
    return seen(call, "00").state not in (CONNECTED, ON_HOLD) and seen(call, "01").state is not RINGING


# Fields ---------------------------------------------------------------------------------------------------------------

NUMBERS = (
    0,
    1,
    2,
    9,
    10,
    3600,
    3601,
    86400,
    86401,
    -1,
    "0",
    "1",
    "10",
    "0010",
    "3601",
    "1.5",
    " 1",
    "",
    "1234567890",
    True,
)
TEXTS = (
    "wav", "wav49", "mp3", "210", "0003*210", "0003*21", "+40721", "0721000001", "112", "*", "+", "1" * 64, "1" * 65,
    "@self", "John <1>", "a;b", "a" * 255, "a" * 256, "ä", "a\n", "",
)  # fmt: skip


def first_wrong(described: Json, given: Json) -> str | None:
    """Return the code of the first field that the file refuses."""
    fields = {field["name"]: field for field in described["fields"]}
    for name in described["checked"]:
        for form in fields[name]["forms"]:
            if given[name] is not None and not fits(form, given[name]):
                return str(form["code"])
    return None


def fits(form: Json, value: Json) -> bool:
    """Tell whether a value has a form of the file."""
    if "minimum" in form:
        text = isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) is not None
        return (text or type(value) is int) and form["minimum"] <= int(value) <= form["maximum"]
    if not isinstance(value, str):
        return False
    if "max_length" in form:
        return len(value) <= int(form["max_length"])
    patterns = FILE["patterns"]
    words = {"extension": [patterns["extension"]], "any": [patterns["extension"], patterns["phone"]]}
    return any(re.fullmatch(pattern, value) for pattern in words.get(form.get("number"), [form.get("pattern")]))


def _code(result: PhoneCall | DomainError) -> str | None:
    return result.code if isinstance(result, DomainError) and result.check is Check.FIELDS else None


@pytest.mark.parametrize("kind", ACTIONS, ids=lambda kind: kind.__name__)
def test_the_interpreter_refuses_the_fields_of_an_action_as_the_engine_does(kind: type[Action]) -> None:
    (described,) = [found for found in FILE["inputs"] if found["name"] == kind.__name__]
    random = Random(0)  # noqa: S311  # a fixed seed
    for field in described.get("checked", []):
        for value in (*NUMBERS, *TEXTS):
            others = random.choice(described["checked"])
            given = (
                {others: random.choice((*NUMBERS, *TEXTS)), field: value} if random.random() < 0.5 else {field: value}
            )
            asked = plain(kind, **given)
            expected = first_wrong(described, {name: getattr(asked, name) for name in described["checked"]})
            found = _code(apply_action(start(kind), asked, at=at(20)))
            assert found == expected or (expected is None and found == "transfer_number_invalid"), asked


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_the_interpreter_refuses_the_fields_of_a_new_call_as_the_engine_does(kind: Json) -> None:
    (described,) = [found for found in FILE["new_calls"] if found["name"] == kind.__name__]
    for first, second in product(described["checked"], repeat=2):
        for value, other in ((v, w) for v in (*NUMBERS, *TEXTS) for w in (None, ";", 0, "x" * 256)):
            given = {first: value} if other is None else {first: value, second: other}
            asked = request(kind, **given)
            expected = first_wrong(described, {name: getattr(asked, name) for name in described["checked"]})
            assert _code(create_call(asked, at=at(0))) == expected, asked


KINDS_BUILT: dict[Json, Json] = {kind: request(kind) for kind in KINDS.values()}


def test_the_defaults_are_those_of_the_engine() -> None:
    kinds: tuple[Json, ...] = (*ACTIONS, *KINDS.values())
    for kind in kinds:
        (described,) = [d for d in (*FILE["inputs"], *FILE["new_calls"]) if d["name"] == kind.__name__]
        told = {field["name"]: field.get("default") for field in described["fields"] if not field["required"]}
        built: Json = plain(kind) if kind in ACTIONS else KINDS_BUILT[kind]
        required = {field["name"]: getattr(built, field["name"]) for field in described["fields"] if field["required"]}
        same = {"call_id": built.call_id, "extension": built.extension} | required
        made = kind(**same)
        assert {name: getattr(made, name) for name in told} == told


# Effects --------------------------------------------------------------------------------------------------------------


def test_no_step_of_other_walks_does_what_the_file_does_not_say() -> None:
    steps, effects = list(walked(seed=7, walks=15)), FILE["effects"]
    kinds = ("set", "cleared", "changed")
    told = {(e["cause"], e["part"], field, kind) for e in effects for kind in kinds for field in e.get(kind, [])}
    moved = {(e["cause"], e["part"], s["before"], s["after"]) for e in effects for s in e.get("states", [])}
    assert set(changes_of(steps)) <= told
    assert set(states_of(steps)) <= moved
    assert len(steps) > 1000
