"""The scenarios for other implementations hold for the core and for the oracle, and no mistake in one passes unseen.

They are run by the runner that their guide shows; for the oracle with another `take`, as the guide has it.
"""

import json
from pathlib import Path

import msgspec
import pytest

from tests import pack
from tests.oracle import steps
from tests.pack import Json
from tests.scenarios import FOLDER, PATHS, SCHEMA, Scenario, load, schema

failures: pack.Failures = pack.runner()["failures"]
failures_of_the_oracle = pack.failures_of(steps)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_scenario_is_well_formed(path: Path) -> None:
    assert load(path).steps


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_reference_does_what_the_scenario_says(path: Path) -> None:
    assert list(failures(json.loads(path.read_bytes()))) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_oracle_does_what_the_scenario_says(path: Path) -> None:
    assert list(failures_of_the_oracle(json.loads(path.read_bytes()))) == []


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
