"""The scenarios as a program runs them: the runner that their guide shows, with any implementation in its place."""

import json
from collections.abc import Callable, Collection, Iterator
from types import ModuleType
from typing import Any, TypeAlias

import msgspec

from callstate import PhoneCall
from callstate.engine import Rules
from tests.scenarios import FOLDER, PATHS

GUIDE = FOLDER / "README.md"
Json: TypeAlias = Any  # Any: JSON
Failures: TypeAlias = Callable[[Json], Iterator[str]]


def runner() -> dict[str, Any]:  # Any: the names of a program
    """Return the names of the program of the guide, which has run no scenario yet."""
    program = GUIDE.read_text("utf-8").partition("```python\n")[2].partition("\npaths = ")[0]
    names: dict[str, Any] = {}  # Any: likewise
    exec(compile(program, GUIDE, "exec"), names)  # noqa: S102  # a page of the project
    return names


def failures_of(steps: ModuleType) -> Failures:
    """Return what tells the failures of a scenario if the oracle takes its steps, by its module of that name."""
    names = runner()

    def begin(scenario: Json, rules: Rules) -> PhoneCall | None:
        given = None if scenario["given"] is None else msgspec.convert(scenario["given"], PhoneCall)
        call: PhoneCall | None = steps.begin(scenario, given, rules.numbering)
        return call

    def take(call: PhoneCall | None, step: Json, rules: Rules) -> object:
        return steps.take(call, step, strict=not rules.repeats, numbering=rules.numbering)

    names.update(begin=begin, take=take, shown=steps.shown, DomainError=steps.Refusal)
    found: Failures = names["failures"]
    return found


def scenarios(names: Collection[str] = ()) -> dict[str, Json]:
    """Return scenarios by their names, all of them if none are told."""
    return {path.stem: json.loads(path.read_bytes()) for path in PATHS if not names or path.stem in names}
