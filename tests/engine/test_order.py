"""The order of the checks: a request that breaks several is answered by the first of them, as it is typed here."""

from collections.abc import Callable
from itertools import combinations
from typing import Any, NamedTuple

import msgspec
import pytest

from callstate import (
    LENIENT,
    STRICT,
    Action,
    BargeIn,
    ErrorCode,
    HangUp,
    Monitor,
    OnHold,
    Park,
    PhoneCall,
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    Whisper,
    apply_action,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, VOICEMAIL, Check
from callstate.engine import Rules
from tests.calls import (
    ALICE,
    CALL,
    CAROL,
    ELSEWHERE,
    at,
    call_of,
    changed,
    connected,
    done,
    on,
    refused,
    seen,
    view,
)

RULE_SETS = pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)

Change = Callable[[PhoneCall], PhoneCall]


# The order of the checks ----------------------------------------------------------------------------------------------


class Break(NamedTuple):
    """One way to break a request that is fine: other fields, another call, or both; and the answer."""

    name: str
    code: ErrorCode
    check: Check
    fields: dict[str, Any] = {}  # Any: fields of any action  # noqa: RUF012  # never changed
    call: Change | None = None


def _ended(call: PhoneCall) -> PhoneCall:
    return done(call, on(HangUp, None), now=at(10))


def _a_mailbox(call: PhoneCall) -> PhoneCall:
    return changed(call, "00", role=VOICEMAIL) if seen(call, "00").live else call


def _barging(call: PhoneCall) -> PhoneCall:
    return call_of(*call.views, view("02", CAROL, CONNECTED, side=2, role=BARGE))


def _answered(call: PhoneCall) -> PhoneCall:
    return changed(call, "00", state=ANSWERED) if seen(call, "00").live else call


def _private_call(call: PhoneCall) -> PhoneCall:
    return call_of(*call.views, allow_public_transfer=False, ends_by=call.ends_by)


def _recorded(call: PhoneCall) -> PhoneCall:
    return changed(call, "00", recording=Recording(since=at(6))) if seen(call, "00").live else call


def _form(field: str, value: object, code: ErrorCode) -> Break:
    return Break(f"{field} {value!r}", code, Check.FIELDS, {field: value})


NO_CALL = Break("another call", ErrorCode.PHONECALL_INVALID, Check.CALL, {"call_id": "b817d2618fe6f1804334"})
OVER = Break("the call is over", ErrorCode.CALL_ENDED, Check.CALL, call=_ended)
STRANGER = Break("a stranger asks", ErrorCode.EXTENSION_INVALID, Check.EXTENSION, {"extension": "0003*999"})
NOBODY = Break("nobody asks", ErrorCode.EXTENSION_INVALID, Check.EXTENSION, {"extension": "nobody"})
NO_VIEW = Break("another view", ErrorCode.PHONECALLVIEW_INVALID, Check.VIEW, {"view_id": "99"})
ROLE = Break("a mailbox", ErrorCode.WRONG_STATE, Check.ROLE, call=_a_mailbox)
SIDES = Break("a conference", ErrorCode.WRONG_STATE, Check.ROLE, call=_barging)
STATE = Break("not on call", ErrorCode.WRONG_STATE, Check.STATE, call=_answered)
TO_FORM = _form("send_call_to", "@self", ErrorCode.SEND_CALL_TO_INVALID)
TO_PARTY = Break("to a party", ErrorCode.SEND_CALL_TO_INVALID, Check.CONTEXT, {"send_call_to": ALICE})
TO_PUBLIC = Break(
    "to the public", ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED, Check.CONTEXT, {"send_call_to": ELSEWHERE}, _private_call
)
NO_TRANSFEROR = Break(
    "no such transferor", ErrorCode.TRANSFER_NUMBER_INVALID, Check.CONTEXT, {"transfer_from_number": "999"}
)
JOINING = (
    NO_CALL, OVER, NOBODY, NO_VIEW, TO_FORM, _form("caller_id", ";", ErrorCode.CALLER_ID_INVALID),
    _form("wait_for_pickup", 0, ErrorCode.WAIT_FOR_PICKUP_INVALID),
)  # fmt: skip
FROM_FORM = _form("transfer_from_number", "nobody", ErrorCode.TRANSFER_NUMBER_INVALID)
TRANSFERRED_FORM = _form("transfer_number", "nobody", ErrorCode.TRANSFER_NUMBER_INVALID)

# Each column is in the order of the checks.
ORDER: dict[type[Action], tuple[Break, ...]] = {
    OnHold: (NO_CALL, OVER, STRANGER, NO_VIEW, ROLE, STATE),
    StopRecording: (NO_CALL, OVER, STRANGER, NO_VIEW, ROLE),
    StartRecording: (
        NO_CALL, OVER, STRANGER, NO_VIEW, _form("format", "wav49 ", ErrorCode.FORMAT_INVALID), ROLE, STATE,
        Break(
            "in another format", ErrorCode.RECORDING_IN_PROGRESS, Check.CONTEXT, {"format": "wav49"}, _recorded
        ),
    ),
    Park: (
        NO_CALL, OVER, STRANGER, NO_VIEW, _form("max_in_parking", 9, ErrorCode.MAX_IN_PARKING_INVALID), SIDES, ROLE,
        STATE, Break("a full lot", ErrorCode.PARKING_FULL, Check.CONTEXT, {"position": None}),
    ),
    BargeIn: (*JOINING, ROLE, STATE, TO_PARTY),
    Whisper: (*JOINING, _form("private", 2, ErrorCode.PRIVATE_INVALID), ROLE, STATE, TO_PARTY),
    Monitor: (*JOINING, ROLE, STATE, TO_PARTY),
    Transfer: (
        NO_CALL, OVER, STRANGER, NO_VIEW, TO_FORM, FROM_FORM, TRANSFERRED_FORM, SIDES, ROLE, STATE, TO_PARTY,
        NO_TRANSFEROR, TO_PUBLIC,
    ),
    TransferToVoicemail: (
        NO_CALL, OVER, STRANGER, NO_VIEW, TO_FORM, FROM_FORM, TRANSFERRED_FORM, SIDES, ROLE, STATE, NO_TRANSFEROR,
    ),
}  # fmt: skip


class Two(NamedTuple):
    kind: type[Action]
    first: Break
    second: Break


def _pairs() -> list[Two]:
    """Pair all checks of each action that can be broken in one request."""
    return [
        Two(kind, first, second)
        for kind, breaks in ORDER.items()
        for first, second in combinations(breaks, 2)
        if not first.fields.keys() & second.fields.keys()
    ]


def _broken(kind: type[Action], *breaks: Break) -> tuple[PhoneCall, Action]:
    call = call_of(*connected().views, ends_by=at(1000))
    for broken in sorted(breaks, key=lambda broken: broken is OVER):
        call = call if broken.call is None else broken.call(call)
    fields: dict[str, Any] = {}  # Any: fields of any action
    for broken in breaks:
        fields |= broken.fields
    return call, on(kind, **fields)


def _name(value: object) -> str:
    match value:
        case Two(kind=kind, first=first, second=second):
            return f"{kind.__name__}: {first.name}, {second.name}"
        case (kind, Break(name=name)):
            return f"{kind.__name__}: {name}"  # type: ignore[attr-defined]  # a kind is a class
        case _:
            return str(value)


@pytest.mark.parametrize("kind", ORDER, ids=lambda kind: kind.__name__)
def test_a_request_that_breaks_nothing_is_done(kind: type[Action]) -> None:
    call, action = _broken(kind)
    assert isinstance(apply_action(call, action, at=at(20)), PhoneCall)


@RULE_SETS
@pytest.mark.parametrize("one", [(kind, broken) for kind, breaks in ORDER.items() for broken in breaks], ids=_name)
def test_each_check_alone(one: tuple[type[Action], Break], rules: Rules) -> None:
    kind, broken = one
    refusal = refused(*_broken(kind, broken), rules=rules)
    assert (refusal.code, refusal.check) == (broken.code, broken.check)


@RULE_SETS
@pytest.mark.parametrize("two", _pairs(), ids=_name)
def test_the_first_of_two_checks_is_the_answer(two: Two, rules: Rules) -> None:
    refusal = refused(*_broken(two.kind, two.first, two.second), rules=rules)
    assert (refusal.code, refusal.check) == (two.first.code, two.first.check)


def test_no_call_at_all() -> None:
    refusal = refused(None, on(OnHold))
    assert (refusal.code, refusal.parameter, refusal.value) == (ErrorCode.PHONECALL_INVALID, "phoneCallId", CALL)
    assert refusal.allowed == ()


@pytest.mark.parametrize("one", [(kind, broken) for kind, breaks in ORDER.items() for broken in breaks], ids=_name)
def test_a_refusal_leaves_the_call_untouched(one: tuple[type[Action], Break]) -> None:
    call, action = _broken(*one)
    before = msgspec.json.encode(call)
    refused(call, action)
    assert msgspec.json.encode(call) == before
