"""What is drawn is what it is said to be, and what cannot be drawn is refused with a sentence that teaches."""

import datetime as dt
import re
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import callstate
from callstate import Action, DomainError, OnHold, PhoneCall, PhoneCallView, apply_action
from callstate.domain import ACTIONS, CONNECTED, ON_HOLD, PARKED, SIGNALS, Request, Signal
from callstate.engine import advance
from callstate.testing import (
    Begin,
    Input,
    Timeline,
    actions,
    any_calls,
    broken_requests,
    calls,
    input_templates,
    requests,
    signals,
    timelines,
    wire_calls,
)
from callstate.testing.hypothesis_entry import register
from callstate.testing.strategies import begun
from callstate.testing.subjects import START
from callstate.testing.value_strategies import of_kind
from callstate.voipnow.http import HttpRequest
from callstate.voipnow.wire import decode_call

register()


@given(calls())
def test_a_call_that_is_reached_could_be_built(call: PhoneCall) -> None:
    views = tuple(msgspec.structs.replace(view) for view in call.views)
    assert msgspec.structs.replace(call, views=views) == call


@pytest.mark.parametrize("state", [ON_HOLD, PARKED, CONNECTED])
def test_calls_come_far(state: str) -> None:
    find(calls(), lambda call: any(view.state is state for view in call.views), settings=settings(max_examples=2000))


@given(calls(starts=["Alice and Bob talk"], max_inputs=0))
def test_without_inputs_a_call_has_just_started(call: PhoneCall) -> None:
    assert [view.state for view in call.views] == [CONNECTED, CONNECTED]


@given(any_calls(min_views=1, max_views=3))
def test_a_well_typed_call_has_as_many_views_as_asked_for(call: PhoneCall) -> None:
    assert 1 <= len(call.views) <= 3


@given(any_calls(), st.data())
def test_the_core_takes_any_well_typed_call(call: PhoneCall, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from([*ACTIONS, *SIGNALS]).flatmap(of_kind))
    assert isinstance(apply_action(call, action, at=START), PhoneCall | DomainError)
    assert isinstance(advance(call, at=START), PhoneCall)


@given(calls(), st.data())
def test_inputs_are_for_the_call(call: PhoneCall, data: st.DataObject) -> None:
    action, signal = data.draw(actions(call)), data.draw(signals(call))
    assert isinstance(action, Request)
    assert isinstance(signal, Signal)
    assert signal.call_id == call.id


def _is_accepted(action: Action) -> bool:
    call = begun(Begin("Alice and Bob talk"))
    return isinstance(apply_action(call, action, at=START), PhoneCall)


@pytest.mark.parametrize("wanted", [True, False])
def test_some_actions_are_accepted_and_some_are_wrong(wanted: bool) -> None:
    find(actions(begun(Begin("Alice and Bob talk"))), lambda action: _is_accepted(action) is wanted)


@given(timelines(max_inputs=3))
def test_a_timeline_starts_with_its_call(timeline: Timeline) -> None:
    assert timeline.call == begun(timeline.begin)
    assert len(timeline.inputs) <= 3


@given(wire_calls())
def test_a_call_of_the_wire_can_be_read(data: bytes) -> None:
    assert isinstance(decode_call(data), PhoneCall)


@given(requests())
def test_a_request_is_one_for_the_service(request: HttpRequest) -> None:
    assert request.method in ("GET", "PUT", "POST", "DELETE")
    assert re.match(r"/(uapi|unifiedapi)/phoneCalls?/", request.target)
    assert request.body == b"" or msgspec.json.decode(request.body)


@given(broken_requests())
def test_a_broken_request_is_still_a_value(request: HttpRequest) -> None:
    assert isinstance(request, HttpRequest)


BAD: dict[str, Any] = {  # Any: calls that a type checker refuses
    "starts='x': a collection": lambda: calls(starts="x"),
    "starts=\\[\\]: a collection": lambda: timelines(starts=[]),
    "starts=\\['nobody calls'\\]: .* 'Alice and Bob talk'": lambda: calls(starts=["nobody calls"]),
    "max_inputs=-1: a whole number": lambda: calls(max_inputs=-1),
    "max_inputs=True: a whole number": lambda: timelines(max_inputs=True),
    "min_views=3, max_views=2: ": lambda: any_calls(min_views=3, max_views=2),
    "call=None: a PhoneCall with a view": lambda: actions(None),  # type: ignore[arg-type]  # the point
    "call=PhoneCall.*: a PhoneCall with a view": lambda: signals(PhoneCall(id="a", extension="0003*210", views=())),
    "kind=<class 'int'>: the class of an action": lambda: of_kind(int),  # type: ignore[type-var]  # the point
}


@pytest.mark.parametrize("sentence", BAD)
def test_what_cannot_be_drawn_is_refused_at_once(sentence: str) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        BAD[sentence]()


def test_each_kind_of_input_has_a_template() -> None:
    missing = {*ACTIONS, *SIGNALS} - {
        template.kind for template in (*input_templates.SIGNALS, *input_templates.REQUESTS)
    }
    assert not missing, f"callstate/testing/input_templates.py has none of {missing}"


@pytest.mark.parametrize("kind", [PhoneCall, PhoneCallView, *ACTIONS, *SIGNALS])
def test_types_are_drawn_by_themselves(kind: type[Any]) -> None:
    assert isinstance(find(st.from_type(kind), lambda _: True), kind)


def test_hypothesis_registers_the_types_without_importing_a_strategy() -> None:
    lines = (
        "import sys",
        "from callstate.testing.hypothesis_entry import register",
        "register()",
        "assert 'callstate.testing.strategies' not in sys.modules",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


def test_importing_the_package_imports_no_hypothesis() -> None:
    lines = ("import callstate, sys", "assert 'hypothesis' not in sys.modules")
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


def test_an_input_of_a_kind_is_of_that_kind() -> None:
    assert isinstance(find(of_kind(OnHold), lambda _: True), OnHold)


DRAWN = {
    "calls": calls(),
    "any_calls": any_calls(),
    "wire_calls": wire_calls(),
    "requests": requests(),
    "broken_requests": broken_requests(),
    "timelines": timelines(),
    "actions": calls().flatmap(actions),
    "signals": calls().flatmap(signals),
}
NAMES = {
    **vars(dt),
    **vars(callstate),
    "Begin": Begin,
    "Input": Input,
    "Timeline": Timeline,
    "HttpRequest": HttpRequest,
}


@pytest.mark.parametrize("strategy", DRAWN.values(), ids=list(DRAWN))
def test_what_is_drawn_is_shown_as_python_that_makes_it_again(strategy: st.SearchStrategy[object]) -> None:
    @given(value=strategy)
    @settings(max_examples=10)
    def is_made_again(value: object) -> None:
        assert eval(repr(value), NAMES) == value  # noqa: S307  # it was written by us

    is_made_again()
