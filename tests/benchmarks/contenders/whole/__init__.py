"""A whole call with all rules, each time the oracle of the tests, with legs that are moved or kept in another way.

One rule: the rules across legs, the checks and the answers are those of the oracle in every way; only what a leg is
made of and what sets its state differ. A test says that every way ends in the same call and answers as the engine does.
"""

from collections.abc import Mapping

from tests.benchmarks.contenders.whole import as_models, on_statemachine, on_transitions, without_library
from tests.oracle import OracleCall

WAYS: Mapping[str, type[OracleCall]] = {
    "without a library": without_library.Call,
    "on transitions": on_transitions.Call,
    "on python-statemachine": on_statemachine.Call,
    "as pydantic models": as_models.Call,
}
