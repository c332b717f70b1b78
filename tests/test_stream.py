"""A call in a keyed stream: the same call as without one, no change lost, and timers that may come at any time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import (
    LENIENT,
    STRICT,
    Answered,
    Change,
    Check,
    CreateSimple,
    DomainError,
    ErrorCode,
    HungUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    apply_action,
    changes,
    create_call,
    steps,
)
from callstate.domain import CallEnded, HoldStarted, ParkerRungBack, ViewAppeared, ViewEnded
from callstate.engine import Rules
from callstate.stream import Step, step, tick
from tests.calls import ALICE, BOB, CALL, Walk, at, connected, on, parked, walks

CREATE = CreateSimple(call_id=CALL, extension=ALICE, source=(ALICE,), destination=(BOB,))
WAITS = st.sampled_from((0, 1, 25, 180, 4000)).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
@given(walk=walks(), wait=WAITS)
def test_the_call_is_what_the_engine_makes_of_it(rules: Rules, walk: Walk, wait: timedelta) -> None:
    for call, action, now in walk.moments(rules):
        result = step(call, action, now + wait, rules=rules)
        answer = apply_action(call, action, at=now + wait, rules=rules)
        if isinstance(answer, DomainError):
            assert result.refusal == answer
        else:
            assert result.refusal is None
            assert result.call == answer


@given(walks(), WAITS)
def test_each_change_is_of_the_next_version_and_none_is_left_out(walk: Walk, wait: timedelta) -> None:
    for call, action, now in walk.moments():
        result = step(call, action, now + wait)
        assert result.call is not None
        versions = [change.version for change in result.changes]
        assert versions == sorted(versions)
        assert set(versions) == set(range(call.version + 1, result.call.version + 1))
        assert result.deadline == result.call.deadline


@given(walks(), WAITS)
def test_a_timer_that_comes_before_the_input_changes_nothing_of_the_outcome(walk: Walk, wait: timedelta) -> None:
    for call, action, now in walk.moments():
        later = now + wait
        alone = step(call, action, later)
        woken = tick(call, later - timedelta(microseconds=1))
        rest = step(woken.call, action, later)
        assert rest.call == alone.call
        assert woken.changes + rest.changes == alone.changes
        assert rest.refusal == alone.refusal


@given(walks(), WAITS)
def test_a_timer_tells_every_version_and_comes_twice_without_harm(walk: Walk, wait: timedelta) -> None:
    for call, _, now in walk.moments():
        first = tick(call, now + wait)
        last = call
        told: list[Change] = []
        for version in steps(call, at=now + wait):
            told += changes(last, version)
            last = version
        assert first == Step(last, tuple(told), last.deadline)
        assert tick(first.call, now + wait) == Step(last, (), last.deadline)


def test_at_the_time_of_a_deadline_the_input_comes_first() -> None:
    call = step(None, CREATE, at(0)).call
    assert call is not None
    assert call.deadline == at(25)
    answered = step(call, Answered(call_id=CALL, view_id="00"), at(25))
    assert answered.refusal is None
    assert not any(isinstance(change, ViewEnded) for change in answered.changes)
    assert any(isinstance(change, ViewEnded) for change in tick(call, at(25)).changes)


def test_a_refused_input_loses_nothing_that_was_due_before_it() -> None:
    """The parker was rung back, and nobody answered, before somebody asked for something that is refused."""
    call = parked(seconds=60, until=at(60))
    result = step(call, on(OnHold), at(60 + 26))
    assert isinstance(result.refusal, DomainError)
    assert result.call is not None
    assert result.call.version == call.version + 2
    kinds = [type(change) for change in result.changes]
    assert kinds.count(ParkerRungBack) == 1
    assert kinds.index(ViewAppeared) < kinds.index(ViewEnded)


def test_a_call_begins_and_ends_in_a_stream() -> None:
    call, told, deadline, refusal = step(None, CREATE, at(0))
    assert isinstance(call, PhoneCall)
    assert call == create_call(CREATE, at=at(0))
    assert [type(change) for change in told] == [ViewAppeared, ViewAppeared]
    assert (deadline, refusal) == (at(25), None)
    over = tick(call, at(25))
    assert over.deadline is None
    assert isinstance(over.changes[-1], CallEnded)


def test_a_create_that_is_delivered_twice_is_refused_and_changes_nothing() -> None:
    call = connected()
    result = step(call, CREATE, at(10))
    assert result.call is call
    assert result.changes == ()
    assert result.refusal is not None
    assert (result.refusal.code, result.refusal.check) == (ErrorCode.PHONECALL_INVALID, Check.CALL)
    assert (result.refusal.parameter, result.refusal.value) == ("phoneCallId", CALL)


def test_an_input_for_no_call_is_refused_and_a_timer_for_none_does_nothing() -> None:
    result = step(None, on(OnHold), at(0))
    assert (result.call, result.changes, result.deadline) == (None, (), None)
    assert result.refusal is not None
    assert result.refusal.code is ErrorCode.PHONECALL_INVALID
    assert tick(None, at(0)) == Step(None, (), None)


def test_a_repeat_keeps_the_call_and_tells_nothing() -> None:
    held = step(connected(), on(OnHold), at(10))
    assert [type(change) for change in held.changes].count(HoldStarted) == 1
    again = step(held.call, on(OnHold), at(11))
    assert again.call is held.call
    assert again == Step(held.call, (), None)


@pytest.mark.parametrize("request_", [on(Park), HungUp(call_id=CALL, view_id="00"), on(OffHold), CREATE])
def test_a_naive_time_is_the_programs_mistake(request_: object) -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  # that is the point
    with pytest.raises(ValueError, match="at"):
        step(connected(), request_, naive)  # type: ignore[arg-type]  # one of the parametrized inputs
    with pytest.raises(ValueError, match="at"):
        tick(connected(), naive)
