"""The page of the Python API: no public name is left out, and each says what it means."""

import inspect
import re

import pytest

import callstate
import callstate.testing
from tests.documentation.programs import ROOT

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
SHOWN = set(re.findall(r"^\.\. auto\w+:: (?:\w+\.)*(\w+)$", PAGE, re.MULTILINE))
UNIONS = {"Action", "Change", "Signal"}
"""They are for annotations, and told in prose."""

PUBLIC = {name: getattr(module, name) for module in (callstate, callstate.testing) for name in module.__all__}


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
