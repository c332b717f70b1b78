"""Read by mypy alone: what callers may rely on is in the types."""

from datetime import datetime
from typing import TypeAlias, assert_never, assert_type

from callstate import (
    Action,
    Answered,
    DomainError,
    HangUp,
    OffHold,
    PhoneCall,
    PhoneCallView,
    ViewState,
    apply_action,
    unwrap,
)


def the_result_is_a_call_or_a_refusal(call: PhoneCall, action: Action, at: datetime) -> str:
    result = apply_action(call, action, at=at)
    assert_type(result, PhoneCall | DomainError)
    match result:
        case PhoneCall(id=call_id):
            return assert_type(call_id, str)
        case DomainError(message=message, allowed=allowed):
            assert_type(allowed, tuple[str, ...])
            return assert_type(message, str)
        case _:
            assert_never(result)


def a_call_may_be_missing(action: Action, at: datetime) -> None:
    assert_type(apply_action(None, action, at=at), PhoneCall | DomainError)


def unwrap_takes_the_refusal_away(call: PhoneCall, action: Action, at: datetime) -> None:
    assert_type(unwrap(apply_action(call, action, at=at)), PhoneCall)


def every_input_is_an_action() -> tuple[Action, ...]:
    return (OffHold(call_id="a", view_id="01"), Answered(call_id="a", view_id="01"), HangUp(call_id="a"))


Some: TypeAlias = OffHold | HangUp


def a_part_of_the_vocabulary_is_matched_whole(action: Some) -> str | None:
    match action:
        case OffHold(view_id=view_id):
            return assert_type(view_id, str)
        case HangUp(view_id=maybe):
            return assert_type(maybe, str | None)
        case _:
            assert_never(action)


def fields_are_typed(view: PhoneCallView) -> None:
    assert_type(view.state, ViewState)
    assert_type(view.on_hold, datetime | None)


def values_do_not_change(call: PhoneCall) -> None:
    call.version = 2  # type: ignore[misc]  # the point: a call is frozen


def an_instant_has_a_name(call: PhoneCall, action: Action, at: datetime) -> None:
    apply_action(call, action, at)  # type: ignore[call-arg]  # the point: `at` is told by its name
