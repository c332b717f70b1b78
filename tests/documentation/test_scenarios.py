"""The scenarios for other implementations hold for the core and for the oracle, and no mistake in one passes unseen.

They are run by the runner that their guide shows; for the oracle with another `take`, as the guide has it.
"""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest
from msgspec.structs import replace

from callstate import Action, DomainError, Park, PhoneCall
from callstate.conformance.trace import create_of, read_line, signal_of
from callstate.domain import Check, Create
from callstate.engine import Rules, instant
from callstate.voipnow.wire import decode_action
from tests.oracle import OracleCall, Refusal, create
from tests.scenarios import FOLDER, PATHS, SCHEMA, Scenario, load, schema

GUIDE = FOLDER / "README.md"
Json: TypeAlias = Any  # Any: JSON


def _runner() -> dict[str, Any]:  # Any: the names of a program
    program = GUIDE.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}  # Any: likewise
    with contextlib.redirect_stdout(io.StringIO()), contextlib.chdir(FOLDER.parent.parent):
        exec(compile(program, GUIDE, "exec"), names)  # noqa: S102  # a page of the project
    return names


RUNNER = _runner()
failures: Callable[[Json], Iterator[str]] = RUNNER["failures"]


def _oracle_takes(call: PhoneCall | None, step: Json, rules: Rules) -> PhoneCall | DomainError:
    """Take a step as the oracle does; what is no input to a call it can read is left to the package."""
    at = instant(datetime.fromisoformat(step["at"]))
    action = _input(step)
    if isinstance(action, Create):
        made = create(action, at, rules.numbering)
        return made if isinstance(made, PhoneCall) else _as_error(made)
    if call is None or "listing" in step or (action is None and "request" in step):
        taken: PhoneCall | DomainError = RUNNER["take_by_the_core"](call, step, rules)
        return taken
    oracle = OracleCall.from_value(call, strict=not rules.repeats, numbering=rules.numbering)
    if action is None:
        oracle.advance(at)
        return oracle.snapshot()
    refusal = oracle.apply(action, at)
    return oracle.snapshot() if refusal is None else _as_error(refusal)


def _input(step: Json) -> Action | Create | None:
    if not {"request", "signal", "create"} & step.keys():
        return None
    line = read_line(json.dumps({"call": "c0ffee", **{name: step[name] for name in step if name != "then"}}).encode())
    if "create" in step:
        return create_of(line)
    if "signal" in step:
        return signal_of(line)
    action = decode_action(json.dumps(step["request"]), call_id="c0ffee", extension=step["extension"])
    if isinstance(action, Park):
        return replace(action, position=step.get("position", 1))
    return None if isinstance(action, DomainError) else action


def _as_error(refusal: Refusal) -> DomainError:
    return DomainError(code=refusal.code, check=Check.STATE, action="", reason="", allowed=refusal.allowed)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_scenario_is_well_formed(path: Path) -> None:
    assert load(path).steps


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_reference_does_what_the_scenario_says(path: Path) -> None:
    assert list(failures(json.loads(path.read_bytes()))) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_oracle_does_what_the_scenario_says(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RUNNER, "take_by_the_core", RUNNER["take"])
    monkeypatch.setitem(RUNNER, "take", _oracle_takes)
    assert list(failures(json.loads(path.read_bytes()))) == []


def test_there_is_one_scenario_for_each_title() -> None:
    assert len({load(path).title for path in PATHS}) == len(PATHS) >= 100


def test_the_schema_is_current() -> None:
    assert SCHEMA.read_bytes() == schema(), "python -m tests.write scenarios writes it"


TWICE: Json = json.loads((FOLDER / "hold-twice.json").read_bytes())
REFUSED: Json = json.loads((FOLDER / "hold-while-ringing.json").read_bytes())
PARKING: Json = json.loads((FOLDER / "parking-runs-out.json").read_bytes())


def changed(scenario: Json, *path: str | int, to: Json) -> Json:
    """Copy a scenario with another value at one place."""
    copy = json.loads(json.dumps(scenario))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return copy


@pytest.mark.parametrize(
    "path",
    [
        ("tittle",),
        ("given", "oner_id"),
        ("given", "views", 0, "onHold"),
        ("steps", 0, "requst"),
        ("steps", 0, "then", "unchaned"),
        ("steps", 0, "then", "listed", "00", "on_hold"),
    ],
    ids=str,
)
def test_a_mistyped_name_is_an_error(path: tuple[str | int, ...]) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert(changed(TWICE, *path, to=None), Scenario)


@pytest.mark.parametrize(
    ("scenario", "path", "value"),
    [
        (PARKING, ("steps", 1, "then", "views", "02", "untl"), None),
        (PARKING, ("steps", 1, "then", "views", "01", "parking", "ring_bcks"), 1),
        (TWICE, ("steps", 0, "then", "states", "00"), "HELD"),
        (TWICE, ("steps", 0, "then", "refused"), {"code": "wrong_state", "wire": "pc_wrong_state"}),
        (TWICE, ("steps", 1, "then"), {}),
        (TWICE, ("steps", 1, "then", "listed"), {}),
    ],
)
def test_a_mistyped_expectation_is_an_error(scenario: Json, path: tuple[str | int, ...], value: Json) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(changed(scenario, *path, to=value), Scenario)


@pytest.mark.parametrize(
    ("scenario", "path", "value"),
    [
        (TWICE, ("steps", 0, "then", "states", "00"), "CONNECTED"),
        (TWICE, ("steps", 0, "then", "states"), {"00": "ON_HOLD"}),
        (TWICE, ("steps", 0, "then", "listed"), {"00": {}}),
        (TWICE, ("steps", 0, "then", "listed", "00", "onHold"), None),
        (TWICE, ("steps", 0, "then", "listed", "01", "onHold"), "2026-03-02T09:00:20Z"),
        (TWICE, ("steps", 1, "then"), {"refused": {"code": "wrong_state", "wire": "pc_wrong_state"}}),
        (TWICE, ("steps", 0, "then"), {"unchanged": True}),
        (TWICE, ("rules",), "strict"),
        (REFUSED, ("steps", 0, "then", "refused", "code"), "call_ended"),
        (REFUSED, ("steps", 0, "then", "refused", "wire"), "wrong_state"),
        (REFUSED, ("steps", 0, "then", "refused", "allowed"), ["HangUp"]),
        (REFUSED, ("steps", 0, "then", "refused", "some_allowed"), ["HangUp", "OnHold"]),
        (REFUSED, ("steps", 0, "then", "refused", "none_allowed"), ["OnHold", "HangUp"]),
        (REFUSED, ("steps", 0, "then"), {"unchanged": True}),
        (REFUSED, ("steps", 0, "then"), {"states": {"00": "ANSWERED", "01": "RINGING"}}),
        (PARKING, ("steps", 1, "then", "views", "02", "until"), None),
        (PARKING, ("steps", 1, "then", "views", "01", "parking", "ring_backs"), 2),
        (PARKING, ("steps", 1, "then", "call"), {"answered": None}),
    ],
)
def test_a_wrong_expectation_fails(scenario: Json, path: tuple[str | int, ...], value: Json) -> None:
    wrong = changed(scenario, *path, to=value)
    msgspec.convert(wrong, Scenario)
    assert list(failures(wrong))
