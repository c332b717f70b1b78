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
from callstate.testing.starts import BEGINNINGS
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
_DRAFTS = st.sampled_from((*SIGNALS, *REQUESTS, *SIGNALS, *REQUESTS, *WRONG))
_PLACES = st.integers(0, PLACES - 1)
_MOMENTS = st.tuples(_DRAFTS, _PLACES, _PAUSES)


class Timeline(NamedTuple):
    """A call that begins, and inputs with the seconds before each; `call` is the call as it begins."""

    begin: Begin
    call: PhoneCall
    inputs: tuple[Input, ...]


def timelines(
    *, beginnings: Collection[str] = tuple(BEGINNINGS), max_inputs: int = MOST_INPUTS
) -> st.SearchStrategy[Timeline]:
    """Draw a beginning and up to `max_inputs` inputs, each made for the call as it is by then; some are refused."""
    return _lives(beginnings, max_inputs).map(lambda life: life[0])


def calls(
    *, beginnings: Collection[str] = tuple(BEGINNINGS), max_inputs: int = MOST_INPUTS
) -> st.SearchStrategy[PhoneCall]:
    """Draw a call that is reached from one of the `beginnings` by up to `max_inputs` inputs, so it is always valid."""
    return _lives(beginnings, max_inputs).map(lambda life: life[1])


def actions(call: PhoneCall) -> st.SearchStrategy[Request]:
    """Draw an action for a call: most are sensible, of the others each is wrong in one way."""
    drafts = [draft for draft in (*REQUESTS, *REQUESTS, *WRONG) if issubclass(draft.kind, Request)]
    return _for_call(call, drafts)


def signals(call: PhoneCall) -> st.SearchStrategy[Signal]:
    """Draw what the network may report of a party of a call."""
    return _for_call(call, list(SIGNALS))


def _for_call(call: PhoneCall, drafts: list[InputTemplate]) -> st.SearchStrategy[Any]:  # Any: what the drafts are of
    if not getattr(call, "views", ()):
        raise InvalidArgument(f"call={call!r}: a PhoneCall with a view; st.data() draws for a call that is drawn too")
    return st.builds(lambda draft, place: draft.on(call, place), st.sampled_from(drafts), _PLACES)


def _lives(beginnings: Collection[str], max_inputs: int) -> st.SearchStrategy[tuple[Timeline, PhoneCall]]:
    unknown = [name for name in beginnings if name not in BEGINNINGS]
    if unknown or not beginnings:
        known = ", ".join(map(repr, BEGINNINGS))
        raise InvalidArgument(f"beginnings={beginnings!r}: a collection of at least one of {known}")
    if type(max_inputs) is not int or max_inputs < 0:
        raise InvalidArgument(f"max_inputs={max_inputs!r}: a whole number, 0 for calls that have just begun")
    drafts = st.lists(_MOMENTS, max_size=max_inputs)
    return st.builds(_live, st.sampled_from(list(beginnings)), drafts)


def _live(name: str, moments: list[tuple[InputTemplate, int, int]]) -> tuple[Timeline, PhoneCall]:
    begin = Begin(name)
    first = call = begun(begin)
    inputs, at = [], START
    for draft, place, seconds in moments:
        at += timedelta(seconds=seconds)
        inputs.append(Input(draft.on(call, place), seconds))
        after = apply_action(call, inputs[-1].action, at=at)
        call = after if isinstance(after, PhoneCall) else call
    return Timeline(begin, first, tuple(inputs)), call


def begun(begin: Begin) -> PhoneCall:
    """Return the call that begins, once the network has reported what it reports first."""
    beginning = BEGINNINGS[begin.beginning]
    new = beginning.new(begin.call_id)
    call = new if isinstance(new, PhoneCall) else unwrap(create_call(new, at=START))
    for signal in beginning.signals(begin.call_id):
        call = unwrap(apply_action(call, signal, at=START))
    return call
