"""Other ways to hold and resume a call, each in a module of its own, as a careful user would write it.

One rule: a contender makes all checks of the engine that a hold has, in the same order, and gives the same answers.
Each knows the inputs `OnHold` and `OffHold` in all states of a view; none fires deadlines, for none passes in the work.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from callstate import Action, ErrorCode, PhoneCall
from tests.benchmarks.contenders import floor, with_automat, with_replace, with_statemachine, with_transitions

Answer = Any
"""A call in the contender's own form, which has the fields of a `PhoneCall`, or an `ErrorCode`."""


class Contender(NamedTuple):
    """A way to do the work: its name, how a call is brought into its form, and how an action is applied to it."""

    name: str
    build: Callable[[PhoneCall], Any]
    apply: Callable[[Any, Action, datetime], Answer | ErrorCode]


FLOOR = Contender("mutable slots in place", floor.build, floor.apply)

CONTENDERS = (
    FLOOR,
    Contender("frozen dataclass, `dataclasses.replace`", with_replace.build, with_replace.apply),
    Contender("transitions", with_transitions.build, with_transitions.apply),
    Contender("python-statemachine", with_statemachine.build, with_statemachine.apply),
    Contender("Automat", with_automat.build, with_automat.apply),
)
