"""The steps of a trial: a call starts, an input comes, time passes. As values, and as the Python that makes them.

One rule: the Python that `as_python` writes for a step makes the same step, so that a failure can be pasted.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, TypeAlias

import msgspec

from callstate import domain
from callstate.domain import Action, Create, PhoneCall


class Begin(NamedTuple):
    """A call starts: in one of the ways of `STARTS`, as a request creates it, or as it is."""

    start: str | Create | PhoneCall
    call_id: str = "a1"


class Input(NamedTuple):
    """An action or a signal, so many seconds after the step before."""

    action: Action
    seconds: float = 0


class Wait(NamedTuple):
    """Nothing but time passes; deadlines up to and including its end fire."""

    seconds: float


Step: TypeAlias = Begin | Input | Wait


def as_python(step: Step) -> str:
    """Write a step as the expression that makes it."""
    match step:
        case Begin(start, call_id):
            return f"Begin({_quoted(start)}, {_quoted(call_id)})"
        case Input(action, 0):
            return f"Input({_action(action)})"
        case Input(action, seconds):
            return f"Input({_action(action)}, {seconds!r})"
        case _:
            return f"Wait({step.seconds!r})"


def start_in_words(start: str | Create | PhoneCall) -> str:
    """Write for people how a call starts."""
    return start if isinstance(start, str) else repr(start)


def in_words(action: Action) -> str:
    """Write an input for people: its name, the call and its fields."""
    return f"{type(action).__name__} {' '.join(f'{name}={_value(value)}' for name, value in _given(action))}"


class Names(NamedTuple):
    """The names that the Python of some steps needs, by the package from which they are imported."""

    core: tuple[str, ...]
    kit: tuple[str, ...]
    dates: tuple[str, ...]


def names(steps: Iterable[Step]) -> Names:
    """Return the names that the steps' Python needs."""
    steps = tuple(steps)
    given = {word for step in steps if isinstance(step, Begin) for word in _words(step.start)}
    actions = [step.action for step in steps if isinstance(step, Input)]
    enums = {type(value).__name__ for action in actions for _, value in _given(action) if isinstance(value, Enum)}
    kinds = {type(step).__name__ for step in steps}
    core = {type(action).__name__ for action in actions} | enums | (given & set(domain.__all__))
    return Names(tuple(sorted(core)), tuple(sorted(kinds)), tuple(sorted(given & _DATES)))


_DATES = {"UTC", "datetime", "timedelta", "timezone"}


def _words(start: str | Create | PhoneCall) -> list[str]:
    """Return the words in the expression of a call that is given as a value."""
    return [] if isinstance(start, str) else re.findall(r"(?<![.\w])[A-Za-z]\w*", repr(start))


def _action(action: Action) -> str:
    return f"{type(action).__name__}({', '.join(f'{name}={_value(value)}' for name, value in _given(action))})"


def _given(action: Action) -> Iterable[tuple[str, object]]:
    for field in msgspec.structs.fields(action):
        value = getattr(action, field.name)
        if value != field.default:
            yield field.name, value


def _value(value: object) -> str:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else _quoted(value)


def _quoted(value: object) -> str:
    """Quote as the formatter of the project does."""
    return msgspec.json.encode(value).decode() if isinstance(value, str) and value.isprintable() else repr(value)
