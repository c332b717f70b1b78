"""The mutants: each still fits the source, the page tells of all of them, and some are tried here and now."""

import pytest

from tests.compiled import PLAIN
from tests.mutants import PAGE, killer, report
from tests.mutations import GROUPS, Mutant, condition_mutants, mutants, source_of

MUTANTS = {str(mutant): mutant for mutant in mutants()}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=str)
def test_each_mutant_changes_the_source(mutant: Mutant) -> None:
    """A change that fits no more is an error here, so that no mutant is the engine itself."""
    source = source_of(mutant.module)
    changed = mutant.change(source)
    compile(changed, mutant.module, "exec")
    assert changed != source


def test_no_two_mutants_have_one_name() -> None:
    assert len(MUTANTS) == len(mutants())


def test_the_page_tells_of_every_mutant() -> None:
    """The figures of the last run are those of these mutants, and none survived."""
    lines = PAGE.read_text().splitlines()
    shape = report([(mutant, "some test") for mutant in mutants()]).splitlines()
    for line in shape[2 : 4 + len(GROUPS)]:
        assert line in lines
    for mutant in mutants():
        (found,) = [line for line in lines if line.startswith(f"| {mutant} | ")]
        assert "**none**" not in found


@PLAIN
@pytest.mark.parametrize(
    "name",
    [
        "row removed: OffHold from ON_HOLD to CONNECTED",
        "rule off: first_answer_wins",
        "check dropped: the role",
    ],
)
def test_a_mutant_is_caught(name: str) -> None:
    assert killer(MUTANTS[name]).startswith("tests/engine/test_")


CONDITIONS = {str(mutant): mutant for mutant in condition_mutants()}


def test_each_condition_is_broken_in_a_way_of_its_own() -> None:
    broken = {mutant.change(source_of(mutant.module)) for mutant in CONDITIONS.values()}
    assert len(broken) == len(CONDITIONS) == len(condition_mutants())


@PLAIN
def test_a_broken_condition_is_caught() -> None:
    name = "condition broken: machine._role_violation: never: if view.role not in ROLES[type(action)]"
    assert killer(CONDITIONS[name]).startswith("tests/engine/test_")
