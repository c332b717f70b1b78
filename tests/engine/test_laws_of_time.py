"""The laws of time and versions, each on every call of random walks of at least 50 inputs."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callstate import LENIENT, STRICT, PhoneCall, advance, apply_action, next_deadline
from callstate.engine import Rules
from tests.calls import Walk, settled, walks

RULE_SETS = (LENIENT, STRICT)


# Time -----------------------------------------------------------------------------------------------------------------

SECONDS = st.sampled_from((0, 1, 25, 180, 4000)).map(lambda seconds: timedelta(seconds=seconds))


@given(walks(), SECONDS)
def test_advance_is_idempotent(walk: Walk, wait: timedelta) -> None:
    for call, _, now in walk.moments():
        later = advance(call, at=now + wait)
        assert advance(later, at=now + wait) is later


@given(walks(), SECONDS, SECONDS)
def test_advance_in_two_steps_is_the_same_as_in_one(walk: Walk, first: timedelta, second: timedelta) -> None:
    for call, _, now in walk.moments():
        assert advance(advance(call, at=now + first), at=now + first + second) == advance(call, at=now + first + second)


@given(walks(), SECONDS, st.sampled_from(RULE_SETS))
def test_apply_after_advance_equals_apply_alone(walk: Walk, wait: timedelta, rules: Rules) -> None:
    """To advance first, to any instant before the input's, changes no answer."""
    for call, action, now in walk.moments(rules):
        later = now + wait + timedelta(microseconds=1)
        alone = apply_action(call, action, at=later, rules=rules)
        assert apply_action(advance(call, at=now + wait), action, at=later, rules=rules) == alone


@given(walks())
def test_time_of_a_call_never_goes_back(walk: Walk) -> None:
    """Each change is one version and not earlier than the one before."""
    last = walk.start
    for moment in walk.moments():
        call = moment.call
        assert (call.version > last.version) is (call != last)
        assert call.updated is not None
        assert last.updated is not None
        assert call.updated >= last.updated
        last = call


@given(walks())
def test_each_applied_input_is_one_version(walk: Walk) -> None:
    for moment in walk.moments():
        result = apply_action(moment.call, moment.action, at=moment.at)
        before = settled(moment)
        if isinstance(result, PhoneCall):
            assert result.version == before.version + (result != before)


@given(walks())
def test_a_deadline_changes_the_call(walk: Walk) -> None:
    for call, _, now in walk.moments():
        due = next_deadline(call)
        if due is None:
            assert advance(call, at=now + timedelta(days=999)) is call
        else:
            assert advance(call, at=due - timedelta(microseconds=1)) is call or due <= (call.updated or now)
            assert advance(call, at=due).version > call.version
