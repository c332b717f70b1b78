"""The scenarios catch nearly every mistake that is put into the oracle, as the page of the docs tells.

The page is what `python -m tests.oracle_mutants` found over all scenarios; here a part of its rows is tried again, by
the scenario and the timeline that each row names. `CALLSTATE_LONG=1` tries all.
"""

import os
from itertools import islice

import pytest

from tests import pack, timelines
from tests.oracle import steps
from tests.oracle_mutants import GROUPS, Mutant
from tests.oracle_mutants.__main__ import PAGE, read
from tests.oracle_mutants.loading import broken
from tests.oracle_mutants.witnesses import scenario_that_fails, timeline_that_differs

STRIDE = 1 if os.environ.get("CALLSTATE_LONG") == "1" else 8
TOLD = read(PAGE.read_text("utf-8"))
MUTANTS = {mutant.name: mutant for members in GROUPS.values() for mutant in members}
COUNTED = {name: found for name, found in TOLD.items() if found.timeline is not None}
CAUGHT = [name for name, found in COUNTED.items() if found.scenario]


def test_the_page_lists_every_mistake() -> None:
    assert list(TOLD) == list(MUTANTS), "python -m tests.oracle_mutants new"


def test_nearly_every_mistake_is_caught() -> None:
    assert len(COUNTED) >= 200
    assert len(CAUGHT) / len(COUNTED) >= 0.95


@pytest.mark.parametrize("name", list(COUNTED)[::STRIDE])
def test_the_scenario_and_the_timeline_of_a_row_tell_the_mistake_from_the_oracle(name: str) -> None:
    scenario, number = TOLD[name]
    assert number is not None
    with broken(MUTANTS[name]) as mutant:
        if scenario:
            assert scenario_that_fails(mutant, pack.scenarios([scenario]).items()) == scenario
        assert timeline_that_differs(mutant, [timelines.draw(number)]) == number


def test_the_oracle_itself_fails_no_scenario_and_answers_the_timelines_as_they_are() -> None:
    assert scenario_that_fails(steps, pack.scenarios().items()) == ""
    assert timeline_that_differs(steps, islice(timelines.read(), 0, None, 50)) is None


def test_a_change_that_does_not_fit_the_source_is_an_error() -> None:
    with pytest.raises(LookupError, match="call has 0 times"), broken(Mutant("none", (("call", "no such text", ""),))):
        pass
