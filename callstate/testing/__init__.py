"""For tests: calls and inputs to test with, and a judge of any implementation (extra `testing`).

`check_implementation` compares an implementation with the core, `LAWS` with itself. An implementation has the methods
of `Subject`; a service that speaks the PhoneCalls API is one already, by `HttpSubject`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callstate.testing.http_subject import HttpSubject
    from callstate.testing.laws import LAWS
    from callstate.testing.runs import Law
    from callstate.testing.stateful import CallMachine, check_implementation
    from callstate.testing.steps import Begin, Input, Wait
    from callstate.testing.strategies import Timeline, actions, calls, signals, timelines
    from callstate.testing.subjects import CoreSubject, NotJudgedError, Subject, Unable
    from callstate.testing.trial import Diverged, replay
    from callstate.testing.value_strategies import any_calls
    from callstate.testing.wire_strategies import broken_requests, requests, wire_calls

__all__ = [
    "LAWS",
    "Begin",
    "CallMachine",
    "CoreSubject",
    "Diverged",
    "HttpSubject",
    "Input",
    "Law",
    "NotJudgedError",
    "Subject",
    "Timeline",
    "Unable",
    "Wait",
    "actions",
    "any_calls",
    "broken_requests",
    "calls",
    "check_implementation",
    "replay",
    "requests",
    "signals",
    "timelines",
    "wire_calls",
]

_MODULES = ("subjects", "steps", "trial", "http_subject", "strategies", "stateful", "laws", "runs")

if not TYPE_CHECKING:  # pragma: no branch  # a type checker would take any name for one of these

    def __getattr__(name: str) -> object:
        """Import what is asked for: hypothesis loads this package wherever it is installed, mostly for nothing."""
        for module in _MODULES if name in __all__ else ():
            found = getattr(import_module(f"{__name__}.{module}"), name, None)
            if found is not None:
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
