from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from callstate import Answered, HangUp, OffHold, OnHold, PhoneCall, PhoneCallView, Rang, ViewState, advance
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


def test_a_signal_is_not_asked_what_only_requests_are() -> None:
    explanation = explain(CALL, Answered(call_id="c1", view_id="00"), at=T0)
    assert [verdict.check for verdict in explanation.verdicts] == [Check.CALL, Check.VIEW, Check.ROLE, Check.STATE]
    assert explanation.changed


def test_an_unknown_call_fails_the_first_check() -> None:
    for action in (HangUp(call_id="other"), Rang(call_id="other", view_id="00")):
        verdicts = explain(CALL, action, at=T0).verdicts
        assert [verdict.passed for verdict in verdicts] == [False] + [None] * (len(verdicts) - 1)
