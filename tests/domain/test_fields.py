"""The fields of a request: the compiled check finds what the rules find, asked one after the other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from callstate import CreateCallback, CreateConferenceInvite, CreateSimple
from callstate.domain import ACTIONS, FieldRule, Numbering, first_violated

KINDS = (*ACTIONS, CreateSimple, CreateCallback, CreateConferenceInvite)
VALUES = (
    *(None, "", "0003*210", "210", "0721000001", "+", "wav", "wav49", "mp3", "Alice <210>", "a;b", "x" * 256),
    *(0, 1, 2, 9, 10, 25, 180, 3600, 3601, 86400, 86401, -1, "1", "25", "3601", "²", True, 10**20),
)
REQUIRED = {"call_id": "1", "view_id": "00", "extension": "210", "source": ("210",), "destination": ("211",)}


def one_after_the_other(request: Any, numbering: Numbering) -> FieldRule | None:
    given_ = [(rule, getattr(request, rule.field)) for rule in request.field_rules]
    return next((rule for rule, value in given_ if value is not None and not rule.is_valid(value, numbering)), None)


def request(kind: type[Any], **judged: Any) -> Any:
    names = [field.name for field in fields(kind)]
    return kind(**{name: value for name, value in (REQUIRED | judged).items() if name in names})


@given(kind=st.sampled_from(KINDS), data=st.data())
def test_the_compiled_check_finds_what_the_rules_find(kind: type[Any], data: st.DataObject) -> None:
    names = {rule.field for rule in kind.field_rules}
    asked = request(kind, **{name: data.draw(st.sampled_from(VALUES)) for name in sorted(names)})
    for numbering in (Numbering(), Numbering(numbers=frozenset({"25", "0721000001"}))):
        assert first_violated(asked, numbering) == one_after_the_other(asked, numbering)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_field_has_by_default_is_valid(kind: type[Any]) -> None:
    asked = request(kind, send_call_to="0003*210")
    assert one_after_the_other(asked, Numbering()) is None
