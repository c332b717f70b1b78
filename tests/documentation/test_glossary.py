"""The glossary has every role, and every number of the wire with what it stands for."""

import re

from callstate import Disposition, Flow, Role
from callstate.domain import UP
from callstate.voipnow.wire.reading import STATUS
from tests.documentation.programs import ROOT

PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text("utf-8")


def meanings(column: str) -> dict[str, str]:
    """Return what the table with that first column says: the word in code of each of its rows."""
    rows = PAGE.partition(f"| {column} |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| `?(\w+)`? \| (?:`(\w+)`)?", rows, re.MULTILINE))


def test_every_role_is_explained() -> None:
    assert list(meanings("Role")) == list(Role)


def test_the_numbers_are_those_of_the_wire() -> None:
    assert meanings("`status`") == {str(number): state.name for number, state in STATUS.items()}
    assert meanings("`flow`") == {str(flow.value): flow.name for flow in Flow}
    assert meanings("`disposition`") == {str(why.value): why.name for why in Disposition}


def test_who_is_up_is_said() -> None:
    said = PAGE.partition("### Up\n")[2].partition(":")[0]
    assert set(re.findall(r"`(\w+)`", said)) == set(UP)
