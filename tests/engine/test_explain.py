from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from callstate import STRICT, Answered, HangUp, OffHold, OnHold, PhoneCall, PhoneCallView, Rang, ViewState, advance
from callstate.domain import Check, DomainError
from callstate.engine import explain

T0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
CALL = PhoneCall(
    id="c1",
    extension="210",
    views=(
        PhoneCallView(id="00", extension="210", state=ViewState.RINGING, side=0),
        PhoneCallView(id="01", extension="211", state=ViewState.CONNECTED, side=1),
    ),
)


def test_a_refusal_is_explained_by_what_passed_what_failed_and_what_was_not_asked() -> None:
    explanation = explain(CALL, OnHold(call_id="c1", view_id="00"), at=T0)
    assert [(verdict.check, verdict.passed) for verdict in explanation.verdicts] == [
        (Check.CALL, True),
        (Check.EXTENSION, True),
        (Check.ACTION, True),
        (Check.VIEW, True),
        (Check.FIELDS, True),
        (Check.ROLE, True),
        (Check.STATE, False),
        (Check.CONTEXT, None),
    ]
    assert isinstance(explanation.answer, DomainError)
    assert not explanation.changed
    told = str(explanation)
    assert "NO  state" in told
    assert explanation.answer.message in told
    assert told.endswith("refused: wrong_state")


def test_an_accepted_action_has_passed_every_check() -> None:
    explanation = explain(CALL, OnHold(call_id="c1", view_id="01"), at=T0)
    assert all(verdict.passed for verdict in explanation.verdicts)
    assert explanation.changed
    assert str(explanation).endswith("accepted")


def test_a_repeat_is_told_from_a_change() -> None:
    explanation = explain(CALL, OffHold(call_id="c1", view_id="01"), at=T0)
    assert explanation.answer is CALL
    assert not explanation.changed
    assert "nothing changes" in str(explanation)


def test_a_repeat_is_one_even_if_a_deadline_fired_before() -> None:
    call = replace(CALL, views=(replace(CALL.views[0], until=T0), CALL.views[1]))
    late = T0 + timedelta(seconds=1)
    explanation = explain(call, HangUp(call_id="c1", view_id="00"), at=late)
    assert explanation.answer == advance(call, at=T0)
    assert not explanation.changed
    assert explain(call, HangUp(call_id="c1"), at=T0).changed


def test_a_repeat_is_not_asked_for_a_state() -> None:
    verdicts = explain(CALL, OffHold(call_id="c1", view_id="01"), at=T0).verdicts
    assert [v.check for v in verdicts if v.passed is None] == [Check.STATE, Check.CONTEXT]


def test_a_hang_up_of_a_call_that_has_ended_is_asked_only_whether_the_call_is_known() -> None:
    over = advance(replace(CALL, ends_by=T0), at=T0)
    (first, *_) = explain(over, HangUp(call_id="c1"), at=T0).verdicts
    assert (first.question, first.passed) == ("the call is known", True)
    (strict, *_) = explain(over, HangUp(call_id="c1"), at=T0, rules=STRICT).verdicts
    assert (strict.question, strict.passed) == ("the call is known and has not ended", False)


def test_the_extension_is_asked_whether_it_may_ask_this() -> None:
    ask = OnHold(call_id="c1", view_id="01", extension="299")
    (second,) = [v for v in explain(CALL, ask, at=T0).verdicts if v.check is Check.EXTENSION]
    assert (second.question, second.passed) == ("the extension may ask this", False)
    assert second.reason == "OnHold refused: extension '299' takes no part in the call."


def test_a_refusal_is_no_call() -> None:
    refusal: Any = explain(CALL, OnHold(call_id="c1", view_id="00"), at=T0).answer  # Any: a type checker would say so
    with pytest.raises(TypeError, match="needs a PhoneCall, and got the refusal"):
        explain(refusal, OnHold(call_id="c1", view_id="01"), at=T0)


def test_a_signal_is_not_asked_what_only_requests_are() -> None:
    explanation = explain(CALL, Answered(call_id="c1", view_id="00"), at=T0)
    assert [verdict.check for verdict in explanation.verdicts] == [Check.CALL, Check.VIEW, Check.ROLE, Check.STATE]
    assert explanation.changed


def test_an_unknown_call_fails_the_first_check() -> None:
    for action in (HangUp(call_id="other"), Rang(call_id="other", view_id="00")):
        verdicts = explain(CALL, action, at=T0).verdicts
        assert [verdict.passed for verdict in verdicts] == [False] + [None] * (len(verdicts) - 1)
