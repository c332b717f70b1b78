"""Every call that can be reached, and the invariants that hold in each of them."""

from callstate.exploration.change_invariants import CHANGE_INVARIANTS
from callstate.exploration.invariants import INVARIANTS
from callstate.exploration.retries import Harm, Retries, retries
from callstate.exploration.search import Counterexample, Exploration, Path, explore
from callstate.exploration.survey import report, story, survey
from callstate.exploration.view_invariants import VIEW_INVARIANTS
from callstate.exploration.visits import Step, take

__all__ = [
    "CHANGE_INVARIANTS",
    "INVARIANTS",
    "VIEW_INVARIANTS",
    "Counterexample",
    "Exploration",
    "Harm",
    "Path",
    "Retries",
    "Step",
    "explore",
    "report",
    "retries",
    "story",
    "survey",
    "take",
]
