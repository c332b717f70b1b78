"""Strategies for hypothesis: calls, inputs, and what comes over the wire, right and broken.

One rule: what cannot work is refused when the strategy is made, with a sentence that says what would. Strategies of
calls that are *reached* go through the core, so they are always valid; `any_calls` goes through the constructors.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from callstate.domain import PhoneCall, Request, Signal, unwrap
from callstate.engine import apply_action, create_call
from callstate.testing.input_templates import PLACES, REQUESTS, SIGNALS, WRONG, InputTemplate
from callstate.testing.starts import STARTS, trial_start
from callstate.testing.steps import Begin, Input
from callstate.testing.subjects import START
from callstate.testing.value_strategies import any_calls, of_kind
from callstate.testing.wire_strategies import broken_requests, requests, wire_calls

__all__ = [
    "Timeline",
    "actions",
    "any_calls",
    "broken_requests",
    "calls",
    "of_kind",
    "requests",
    "signals",
    "timelines",
    "wire_calls",
]

MOST_INPUTS = 12
_PAUSES = st.sampled_from((0, 0, 0, 1, 5, 25, 60, 180))
_TEMPLATES = st.sampled_from((*SIGNALS, *REQUESTS, *SIGNALS, *REQUESTS, *WRONG))
_PLACES = st.integers(0, PLACES - 1)
_INPUTS = st.tuples(_TEMPLATES, _PLACES, _PAUSES)


class Timeline(NamedTuple):
    """A call that starts, and inputs with the seconds before each; `call` is the call as it starts."""

    begin: Begin
    call: PhoneCall
    inputs: tuple[Input, ...]


def timelines(*, starts: Collection[str] = tuple(STARTS), max_inputs: int = MOST_INPUTS) -> st.SearchStrategy[Timeline]:
    """Draw a start and up to `max_inputs` inputs, each made for the call as it is by then; some are refused."""
    return _timelines(starts, max_inputs).map(lambda drawn: drawn[0])


def calls(*, starts: Collection[str] = tuple(STARTS), max_inputs: int = MOST_INPUTS) -> st.SearchStrategy[PhoneCall]:
    """Draw a call that is reached from one of the `starts` by up to `max_inputs` inputs, so it is always valid."""
    return _timelines(starts, max_inputs).map(lambda drawn: drawn[1])


def actions(call: PhoneCall) -> st.SearchStrategy[Request]:
    """Draw an action for a call: most are sensible, of the others each is wrong in one way."""
    templates = [template for template in (*REQUESTS, *REQUESTS, *WRONG) if issubclass(template.kind, Request)]
    return _for_call(call, templates)


def signals(call: PhoneCall) -> st.SearchStrategy[Signal]:
    """Draw what the network may report of a party of a call."""
    return _for_call(call, list(SIGNALS))


def _for_call(call: PhoneCall, templates: list[InputTemplate]) -> st.SearchStrategy[Any]:  # Any: actions or signals
    if not getattr(call, "views", ()):
        raise InvalidArgument(f"call={call!r}: a PhoneCall with a view; st.data() draws for a call that is drawn too")
    return st.builds(lambda template, place: template.on(call, place), st.sampled_from(templates), _PLACES)


def _timelines(starts: Collection[str], max_inputs: int) -> st.SearchStrategy[tuple[Timeline, PhoneCall]]:
    unknown = [name for name in starts if name not in STARTS]
    if unknown or not starts:
        known = ", ".join(map(repr, STARTS))
        raise InvalidArgument(f"starts={starts!r}: a collection of at least one of {known}")
    if type(max_inputs) is not int or max_inputs < 0:
        raise InvalidArgument(f"max_inputs={max_inputs!r}: a whole number, 0 for calls that have just started")
    inputs = st.lists(_INPUTS, max_size=max_inputs)
    return st.builds(_timeline, st.sampled_from(list(starts)), inputs)


def _timeline(name: str, drawn: list[tuple[InputTemplate, int, int]]) -> tuple[Timeline, PhoneCall]:
    begin = Begin(name)
    first = call = begun(begin)
    inputs, at = [], START
    for template, place, seconds in drawn:
        at += timedelta(seconds=seconds)
        inputs.append(Input(template.on(call, place), seconds))
        after = apply_action(call, inputs[-1].action, at=at)
        call = after if isinstance(after, PhoneCall) else call
    return Timeline(begin, first, tuple(inputs)), call


def begun(begin: Begin) -> PhoneCall:
    """Return the call that starts, once the network has reported what it reports first."""
    start = trial_start(begin.start)
    new = start.new(begin.call_id)
    call = new if isinstance(new, PhoneCall) else unwrap(create_call(new, at=START))
    for signal in start.signals(begin.call_id):
        call = unwrap(apply_action(call, signal, at=START))
    return call
