"""For tests: a sandbox for clients, calls and inputs to test with, and a judge of any implementation (extra `testing`).

A client is tested against a `Sandbox`. `check_implementation` compares an implementation with the core, `LAWS` with
itself; an implementation is a `Subject`, and a service that speaks the PhoneCalls API is one already, by `HttpSubject`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callstate.testing.diverged import Diverged
    from callstate.testing.exchanges import HttpExchange
    from callstate.testing.http_connection import client_credentials
    from callstate.testing.http_subject import HttpSubject
    from callstate.testing.judging import Judgement, Limits, check_implementation, judge
    from callstate.testing.laws import LAWS
    from callstate.testing.runs import Law
    from callstate.testing.sandbox import Sandbox
    from callstate.testing.scenarios import ScenarioOutcome, check_scenarios
    from callstate.testing.starts import STARTS
    from callstate.testing.stateful import CallMachine
    from callstate.testing.statistics import Statistics
    from callstate.testing.steps import Begin, Input, Wait
    from callstate.testing.strategies import Timeline, actions, calls, signals, timelines
    from callstate.testing.subjects import CoreSubject, NotJudgedError, Subject, Unable
    from callstate.testing.trial import replay
    from callstate.testing.value_strategies import any_calls
    from callstate.testing.wire_strategies import broken_requests, requests, wire_calls

__all__ = [
    "LAWS",
    "STARTS",
    "Begin",
    "CallMachine",
    "CoreSubject",
    "Diverged",
    "HttpExchange",
    "HttpSubject",
    "Input",
    "Judgement",
    "Law",
    "Limits",
    "NotJudgedError",
    "Sandbox",
    "ScenarioOutcome",
    "Statistics",
    "Subject",
    "Timeline",
    "Unable",
    "Wait",
    "actions",
    "any_calls",
    "broken_requests",
    "calls",
    "check_implementation",
    "check_scenarios",
    "client_credentials",
    "judge",
    "replay",
    "requests",
    "signals",
    "timelines",
    "wire_calls",
]

_HOMES: Mapping[str, tuple[str, ...]] = {
    "sandbox": ("Sandbox",),
    "subjects": ("CoreSubject", "NotJudgedError", "Subject", "Unable"),
    "starts": ("STARTS",),
    "steps": ("Begin", "Input", "Wait"),
    "diverged": ("Diverged",),
    "trial": ("replay",),
    "exchanges": ("HttpExchange",),
    "http_subject": ("HttpSubject",),
    "http_connection": ("client_credentials",),
    "strategies": ("Timeline", "actions", "calls", "signals", "timelines"),
    "value_strategies": ("any_calls",),
    "wire_strategies": ("broken_requests", "requests", "wire_calls"),
    "scenarios": ("ScenarioOutcome", "check_scenarios"),
    "stateful": ("CallMachine",),
    "judging": ("Judgement", "Limits", "check_implementation", "judge"),
    "statistics": ("Statistics",),
    "laws": ("LAWS",),
    "runs": ("Law",),
}
"""The module of each name: only that one is loaded, because those with strategies need hypothesis."""

if not TYPE_CHECKING:  # pragma: no branch  # a type checker would take any name for one of these

    def __getattr__(name: str) -> object:
        """Import what is asked for: hypothesis loads this package wherever it is installed, mostly for nothing."""
        for module, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
