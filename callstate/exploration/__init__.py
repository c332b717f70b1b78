"""Every call that can be reached, and the invariants that hold in each of them."""

from callstate.exploration.invariants import CHANGE_INVARIANTS, INVARIANTS
from callstate.exploration.search import (
    Counterexample,
    Exploration,
    Path,
    Step,
    explore,
    take,
)
from callstate.exploration.survey import report, story, survey

__all__ = [
    "CHANGE_INVARIANTS",
    "INVARIANTS",
    "Counterexample",
    "Exploration",
    "Path",
    "Step",
    "explore",
    "report",
    "story",
    "survey",
    "take",
]
