"""The places that list the actions and the signals list all of them; a new one is told where it is missing."""

from collections.abc import Collection, Mapping

import pytest

import callstate
from callstate.domain import ACTIONS, SIGNALS, Action
from callstate.engine import LENIENT
from callstate.engine.machine import HANDLERS
from callstate.exploration.abstraction import inputs
from callstate.testing.input_templates import REQUESTS
from callstate.testing.input_templates import SIGNALS as REPORTS
from tests import calls
from tests.documentation.programs import ROOT
from tests.engine import test_cells
from tests.oracle import table as oracle
from tests.reference import cases, exchanges, prose

BY_NAME = {kind.__name__: kind for kind in (*ACTIONS, *SIGNALS)}


def named(text: str) -> set[type[Action]]:
    """Return the inputs that a text names as JSON does."""
    return {kind for name, kind in BY_NAME.items() if f'"{name}"' in text}


def scenarios() -> str:
    return "".join(path.read_text("utf-8") for path in (ROOT / "docs" / "scenarios").glob("*.json"))


EVERY_INPUT: Mapping[str, Collection[type[Action]]] = {
    "a row in callstate/engine/table.py": LENIENT.moves,
    "a way through callstate/engine/machine.py": HANDLERS,
    "a public name in callstate/__init__.py": {BY_NAME[name] for name in callstate.__all__ if name in BY_NAME},
    "a template in callstate/testing/input_templates.py": {template.kind for template in (*REQUESTS, *REPORTS)},
    "an input in callstate/exploration/abstraction.py": {
        type(action) for start in calls.STARTS for action in inputs(start(), full=False)
    },
    "a step in tests/calls.py": {step.kind for step in calls.STEPS},
    "a row in tests/oracle/table.py": {
        BY_NAME[name] for name, _, _ in (*oracle.SIGNALS, *oracle.ACTIONS) if name in BY_NAME
    },
    "an expectation in tests/engine/test_cells.py": test_cells.INPUTS.values(),
    "a purpose and facts in tests/reference/prose.py": {**prose.PROSE, **prose.SIGNALS_PROSE},
    "a scenario in docs/scenarios": named(scenarios()),
}
"""What every input needs, with the inputs that have it."""

EVERY_ACTION: Mapping[str, Collection[type[Action]]] = {
    "an example of a request in tests/reference/exchanges.py": exchanges.ASKED,
    "its repeats in tests/reference/cases.py": cases.REPEATS,
}


@pytest.mark.parametrize("kind", [*ACTIONS, *SIGNALS])
def test_an_input_is_known_everywhere(kind: type[Action]) -> None:
    places = EVERY_INPUT if kind in SIGNALS else {**EVERY_INPUT, **EVERY_ACTION}
    missing = [place for place, known in places.items() if kind not in known]
    assert not missing, "\n".join(["", *(f"{kind.__name__} lacks {place}" for place in missing)])
