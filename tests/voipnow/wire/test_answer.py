"""From a body to its answer: the checks come in one order, whatever is wrong with the body."""

from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import LENIENT, STRICT, OnHold, Park, PhoneCall, Transfer, apply_action
from callstate.domain import ACTIONS, Check, DomainError, ErrorCode, Request
from callstate.engine import Rules, explain
from callstate.voipnow.wire import apply_body, explain_body
from tests.calls import ALICE, BOB, CALL, CAROL, DAVE, Walk, at, call_of, connected, held, over, ringing, view, walks

Json = dict[str, Any]  # Any: JSON
HOLD: Json = {"action": "OnHold", "phoneCallViewId": "00"}
BODIES: dict[str, bytes] = {
    "a request": msgspec.json.encode(HOLD),
    "an unknown action": b'{"action": "Dance", "phoneCallViewId": "00"}',
    "no action": b"{}",
    "no JSON": b"{",
    "no object": b"[]",
    "no text": b"\xff",
    "nothing": b"",
}


def answer(
    body: Json | bytes, *, call: PhoneCall | None, call_id: str = CALL, extension: str = ALICE, seconds: float = 20
) -> PhoneCall | DomainError:
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return apply_body(call, data, call_id=call_id, extension=extension, at=at(seconds))


def refusal(result: PhoneCall | DomainError) -> DomainError:
    assert isinstance(result, DomainError)
    return result


def fault(result: PhoneCall | DomainError) -> tuple[ErrorCode, Check, str | None, str | None]:
    found = refusal(result)
    return found.code, found.check, found.parameter, found.value


# The order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_call_comes_first(body: bytes) -> None:
    unknown = (ErrorCode.PHONECALL_INVALID, Check.CALL, "phoneCallId", CALL)
    assert fault(answer(body, call=None)) == unknown
    assert fault(answer(body, call=None, extension=DAVE)) == unknown
    assert fault(answer(body, call=connected(), call_id="another")) == (*unknown[:3], "another")
    assert fault(answer(body, call=over())) == (ErrorCode.CALL_ENDED, Check.CALL, "phoneCallId", CALL)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_then_comes_the_extension(body: bytes) -> None:
    stranger = answer(body, call=connected(), extension=DAVE)
    assert fault(stranger) == (ErrorCode.EXTENSION_INVALID, Check.EXTENSION, "extension", DAVE)
    assert (refusal(stranger).state, refusal(stranger).allowed) == (None, ())


@pytest.mark.parametrize("asker", ["@self", ALICE, BOB])
@pytest.mark.parametrize(
    ("body", "code", "parameter", "value"),
    [
        ("an unknown action", ErrorCode.ACTION_INVALID, "action", "Dance"),
        ("no action", ErrorCode.ACTION_INVALID, "action", None),
        ("no JSON", ErrorCode.BODY_INVALID, "body", "{"),
        ("no object", ErrorCode.BODY_INVALID, "body", "[]"),
    ],
)
def test_then_comes_the_action(body: str, code: ErrorCode, parameter: str, value: str | None, asker: str) -> None:
    assert fault(answer(BODIES[body], call=connected(), extension=asker)) == (code, Check.ACTION, parameter, value)


@pytest.mark.parametrize(
    ("body", "code", "check"),
    [
        (HOLD | {"phoneCallViewId": "07"}, ErrorCode.PHONECALLVIEW_INVALID, Check.VIEW),
        ({"action": "UnPark", "phoneCallViewId": "07", "sendCallTo": "?"}, ErrorCode.PHONECALLVIEW_INVALID, Check.VIEW),
        (
            {"action": "UnPark", "phoneCallViewId": "00", "sendCallTo": "?"},
            ErrorCode.SEND_CALL_TO_INVALID,
            Check.FIELDS,
        ),
        ({"action": "UnPark", "phoneCallViewId": "00", "sendCallTo": CAROL}, ErrorCode.WRONG_STATE, Check.STATE),
        (
            {"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": BOB},
            ErrorCode.SEND_CALL_TO_INVALID,
            Check.CONTEXT,
        ),
    ],
)
def test_then_come_the_view_the_fields_the_state_and_the_rest(body: Json, code: ErrorCode, check: Check) -> None:
    assert fault(answer(body, call=connected()))[:2] == (code, check)


def test_a_call_whose_time_has_run_out_is_over_for_a_body_that_cannot_be_read() -> None:
    limited = call_of(*connected().views, ends_by=at(30))
    assert refusal(answer(BODIES["no JSON"], call=limited, seconds=30)).code is ErrorCode.BODY_INVALID
    assert refusal(answer(BODIES["no JSON"], call=limited, seconds=31)).code is ErrorCode.CALL_ENDED


def test_the_parker_of_a_party_that_waits_is_no_stranger() -> None:
    parked = answer({"action": "Park", "phoneCallViewId": "01"}, call=connected())
    assert isinstance(parked, PhoneCall)
    assert refusal(answer(BODIES["no action"], call=parked)).code is ErrorCode.ACTION_INVALID
    assert refusal(answer(BODIES["no action"], call=parked, extension=CAROL)).code is ErrorCode.EXTENSION_INVALID


def test_a_clock_that_is_behind_is_taken_as_the_last_change() -> None:
    assert refusal(answer(BODIES["no action"], call=connected(), seconds=-900)).code is ErrorCode.ACTION_INVALID


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_naive_time_is_a_mistake_of_the_program(body: bytes) -> None:
    with pytest.raises(ValueError, match="offset"):
        apply_body(connected(), body, call_id=CALL, at=datetime(2026, 3, 2, 9))  # noqa: DTZ001  # the mistake


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_refusal_that_is_passed_as_the_call_is_a_mistake_of_the_program(body: bytes) -> None:
    before: Any = answer(b"", call=None)  # Any: what mypy would find
    with pytest.raises(TypeError, match="refusal"):
        apply_body(before, body, call_id=CALL, at=at(20))


# The same as the action itself ----------------------------------------------------------------------------------------


@given(walk=walks(), rules=st.sampled_from([LENIENT, STRICT]))
def test_a_body_has_the_answer_of_its_action(walk: Walk, rules: Rules) -> None:
    for moment in walk.moments(rules):
        action = moment.action
        if isinstance(action, ACTIONS):
            body = msgspec.json.encode({"action": type(action).__name__} | _fields(action))
            position = action.position if isinstance(action, Park) else 1
            found = apply_body(
                moment.call,
                body,
                call_id=action.call_id,
                extension=action.extension,
                position=position,
                at=moment.at,
                rules=rules,
            )
            assert found == apply_action(moment.call, action, at=moment.at, rules=rules)


def _fields(action: Request) -> Json:
    given: Json = msgspec.to_builtins(action)
    return {name: value for name, value in given.items() if value is not None and name not in _NO_FIELDS}


_NO_FIELDS = {"phoneCallId", "callId", "extension", "position", "action"}


def test_a_repeat_is_the_very_same_call() -> None:
    call = held()
    assert answer(HOLD, call=call) is call


@pytest.mark.parametrize("position", [1, 7, 100])
def test_a_park_takes_the_place_that_is_given(position: int) -> None:
    body = msgspec.json.encode({"action": "Park", "phoneCallViewId": "01", "position": 3})
    parked = apply_body(connected(), body, call_id=CALL, extension=ALICE, position=position, at=at(20))
    assert isinstance(parked, PhoneCall)
    assert [one.parking.position for one in parked.views if one.parking is not None] == [position]


def test_without_a_place_a_park_is_refused() -> None:
    body = msgspec.json.encode({"action": "Park", "phoneCallViewId": "01"})
    assert refusal(apply_body(connected(), body, call_id=CALL, position=None, at=at(20))).code is ErrorCode.PARKING_FULL
    with pytest.raises(ValueError, match="position"):
        apply_body(connected(), body, call_id=CALL, position=101, at=at(20))
    assert isinstance(
        apply_body(connected(), msgspec.json.encode(HOLD), call_id=CALL, position=None, at=at(20)), PhoneCall
    )


# Explained ------------------------------------------------------------------------------------------------------------


def test_a_body_is_explained_as_its_action_is() -> None:
    for call, body, action in (
        (ringing(), HOLD, OnHold(call_id=CALL, view_id="00", extension=ALICE)),
        (held(), HOLD, OnHold(call_id=CALL, view_id="00", extension=ALICE)),
        (
            connected(),
            {"action": "Transfer", "sendCallTo": CAROL},
            Transfer(call_id=CALL, send_call_to=CAROL, extension=ALICE),
        ),
    ):
        found = explain_body(call, msgspec.json.encode(body), call_id=CALL, extension=ALICE, at=at(20))
        assert found == explain(call, action, at=at(20))


@pytest.mark.parametrize(
    ("call", "extension", "failed"),
    [
        (None, ALICE, Check.CALL),
        (over(), ALICE, Check.CALL),
        (connected(), DAVE, Check.EXTENSION),
        (connected(), ALICE, Check.ACTION),
    ],
)
def test_a_body_that_asks_for_nothing_known_is_explained(call: PhoneCall | None, extension: str, failed: Check) -> None:
    found = explain_body(call, BODIES["an unknown action"], call_id=CALL, extension=extension, at=at(20))
    verdicts = {verdict.check: verdict.passed for verdict in found.verdicts}
    checks = list(Check)
    assert [verdicts[check] for check in checks[: checks.index(failed)]] == [True] * checks.index(failed)
    assert verdicts[failed] is False
    assert {verdicts[check] for check in checks[checks.index(failed) + 1 :]} == {None}


def test_a_deadline_that_passed_before_is_no_change_of_a_repeat() -> None:
    rung = call_of(
        *held().views,
        view("02", CAROL, "RINGING", side=None, role="MONITOR", target="00", until=at(15)),  # type: ignore[arg-type]  # a StrEnum
    )
    found = explain_body(rung, msgspec.json.encode(HOLD), call_id=CALL, extension=ALICE, at=at(20))
    assert not found.changed
    assert isinstance(found.answer, PhoneCall)
    assert found.answer.version == rung.version + 1
