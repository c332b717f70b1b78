"""The pages of the architecture list the packages in their order and every module of the inner ones."""

import re
import tomllib
from itertools import pairwise

import pytest

from tests.documentation.programs import ROOT

DESIGN = (ROOT / "docs" / "explanation" / "design.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
TABLES = dict(re.findall(r"^### Modules of `([\w.]+)`\n\n((?:\|.+\n)+)", DESIGN, re.MULTILINE))


def layers(place: int) -> list[set[str]]:
    """Return the layers of a contract, from the top down; packages of one layer stand beside each other."""
    return [set(layer.split(" | ")) for layer in CONTRACTS[place]["layers"]]


OUTER = [layer for layer in layers(0) if layer != {"__main__"}]


def first_column(rows: str) -> list[str]:
    """Return the names in the first column of a table."""
    return [
        name for row in re.findall(r"^\| (`.+?`) \|", rows, re.MULTILINE) for name in re.findall(r"`([\w.]+)`", row)
    ]


def test_the_packages_stand_in_the_order_of_their_layers() -> None:
    inner = [{f"voipnow.{name}" for name in layer} for layer in layers(1)]
    order = [
        layer for outer in layers(0) for layer in (inner if outer == {"voipnow"} else [outer]) if layer != {"__main__"}
    ]
    listed = first_column(DESIGN.partition("## Packages")[2].partition("###")[0])
    places = [next(place for place, layer in enumerate(order) if name in layer) for name in listed]
    assert places == sorted(places)
    assert set(listed) == set().union(*order)


def test_the_diagram_shows_each_arrow_from_a_layer_to_the_next() -> None:
    above = {below: upper for upper, below in re.findall(r"^ {4}(\w+).*--> (\w+)$", ARCHITECTURE, re.MULTILINE)}
    for upper, lower in pairwise(OUTER):
        assert any(above.get(name) in upper for name in lower), (upper, lower)


@pytest.mark.parametrize("package", TABLES)
def test_every_module_of_a_package_is_listed(package: str) -> None:
    folder = ROOT.joinpath("callstate", *package.split("."))
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    modules |= {path.parent.name for path in folder.glob("*/__init__.py")}
    assert set(first_column(TABLES[package])) == modules, f"docs/explanation/design.md lists the modules of {package}"


def test_the_inner_packages_have_a_table() -> None:
    inner = {f"voipnow.{name}" for layer in layers(1) for name in layer}
    assert set(TABLES) == {"domain", "engine"} | inner
