"""The page of the Python API: no public name is left out, each has one home, and each says what it means."""

import inspect
import re
from importlib import import_module

import pytest

import callstate
import callstate.testing
from tests.compiled import PLAIN
from tests.documentation.programs import ROOT
from tests.reference.api import shown, written
from tests.test_public_names import PUBLIC as HOMES

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
SHOWN = {name.rpartition(".")[2] for name in shown(PAGE)}
UNIONS = {"Action", "Change", "Signal"}
"""They are for annotations, and told in prose."""

PUBLIC = {name: getattr(module, name) for module in (callstate, callstate.testing) for name in module.__all__}


HOME = re.compile(r"^\| `(callstate[\w.]*)` \| [^|]+ \| (.+) \|$", re.MULTILINE)


@pytest.mark.parametrize("package", HOMES)
def test_the_page_says_where_each_name_is_imported_from(package: str) -> None:
    told = {home: re.findall(r"`(\w+)`", names) for home, names in HOME.findall(PAGE)}
    assert told.keys() == HOMES.keys()
    assert told[package] == import_module(package).__all__


@PLAIN
def test_the_page_is_current() -> None:
    assert written(PAGE) == PAGE, "run python -m tests.write api"


def test_the_page_is_plain_markdown() -> None:
    """A reader of the file alone sees every signature and description."""
    assert "eval-rst" not in PAGE
    for name in SHOWN:
        assert re.search(rf"^### `{name}`\n\n```py\n{name}", PAGE, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - UNIONS))
def test_a_public_name_is_on_the_page(name: str) -> None:
    assert name in SHOWN


@pytest.mark.parametrize("name", sorted(UNIONS))
def test_a_union_is_told_of(name: str) -> None:
    assert f"`{name}` is the union" in PAGE


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_class_or_function_has_words_of_its_own(name: str) -> None:
    found = PUBLIC[name]
    if inspect.isclass(found):
        assert found.__doc__
        assert found.__doc__ not in {base.__doc__ for base in found.__mro__[1:]}
    elif inspect.isfunction(found):
        assert found.__doc__
