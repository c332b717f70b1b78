"""Every action and signal is known wherever one is listed: this test names all places where one is missing.

Some places follow from the class and the row of an input, and are not listed here: the wire, the OpenAPI description,
the refusals, the diagram. These others have to be told, because what they say of an input cannot be derived.
"""

import re
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import pytest

import callstate
from callstate import domain
from callstate.domain import ACTIONS, SIGNALS
from callstate.exploration import survey
from callstate.testing import input_templates
from tests import scenarios
from tests.oracle import inputs as oracle_inputs
from tests.oracle import table as oracle_table
from tests.reference import prose
from tests.reference.api import shown

ROOT = Path(__file__).parents[1]

INPUTS = {kind.__name__ for kind in (*ACTIONS, *SIGNALS)}


def _in_the_oracles_table() -> set[str]:
    rows = chain(oracle_table.SIGNALS, oracle_table.ACTIONS)
    return {row[0] for row in rows}


def _drawn_in_the_walks() -> set[str]:
    source = Path(oracle_inputs.__file__).read_text("utf-8")
    return set(re.findall(r"\b([A-Z]\w+)\(", source))


def _in_the_scenarios() -> set[str]:
    texts = [path.read_text("utf-8") for path in scenarios.PATHS]
    return set(re.findall(r'"(?:action|signal)": "(\w+)"', " ".join(texts)))


def _on_the_api_page() -> set[str]:
    page = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
    return {name.rpartition(".")[2] for name in shown(page)}


PLACES: Mapping[str, Callable[[], set[str]]] = {
    "callstate/domain/__init__.py": lambda: set(domain.__all__),
    "callstate/__init__.py": lambda: set(callstate.__all__),
    "callstate/exploration/abstraction.py": lambda: set(survey(max_views=2).tallies),
    "callstate/testing/input_templates.py": lambda: {template.kind.__name__ for template in input_templates.ALL},
    "tests/oracle/table.py": _in_the_oracles_table,
    "tests/oracle/inputs.py": _drawn_in_the_walks,
    "tests/reference/prose.py": lambda: {kind.__name__ for kind in (*prose.PROSE, *prose.SIGNALS_PROSE)},
    "docs/scenarios": _in_the_scenarios,
    "docs/reference/api.md": _on_the_api_page,
}
"""Where inputs are listed by hand, and which ones each place knows."""


def missing() -> list[str]:
    """Say of each input in which places it is missing."""
    known = {place: names() for place, names in PLACES.items()}
    places = {name: [place for place in PLACES if name not in known[place]] for name in sorted(INPUTS)}
    return [f"{name} is missing in: {', '.join(where)}" for name, where in places.items() if where]


def test_every_input_is_known_in_every_place() -> None:
    assert not missing(), "\n".join(["", *missing(), "", "then: python -m tests.write"])


@pytest.mark.parametrize("place", PLACES)
def test_a_place_does_not_know_what_is_no_input(place: str) -> None:
    """Otherwise the search would find any name, so it could not fail."""
    assert "Waltz" not in PLACES[place]()


def test_each_place_exists() -> None:
    assert [place for place in PLACES if not (ROOT / place).exists()] == []
