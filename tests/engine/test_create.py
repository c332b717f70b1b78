from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from callstate import (
    Answered,
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    Disposition,
    DomainError,
    ErrorCode,
    Flow,
    HungUp,
    OnHold,
    PhoneCall,
    Rang,
    ViewState,
    advance,
    apply_action,
    create_call,
    next_deadline,
    unwrap,
)
from callstate.domain import Create, wire_name

T0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
DESK, CLERK, BOSS = "0003*210", "0003*024", "0003*300"
OUTSIDE, OTHER_OUTSIDE = "3334444", "+40721000000"


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def simple(*sources: str, to: tuple[str, ...], **fields: Any) -> CreateSimple:  # Any: fields of the request
    return CreateSimple(**({"call_id": "c1", "extension": DESK, "source": sources, "destination": to} | fields))


def states(call: PhoneCall) -> list[tuple[str, ViewState, bool]]:
    return [(view.extension, view.state, view.listed) for view in call.views]


def hear(call: PhoneCall, signal: Answered | Rang | HungUp, seconds: float) -> PhoneCall:
    return unwrap(apply_action(call, signal, at=after(seconds)))


def test_a_simple_call_rings_its_source_and_lets_its_destination_wait() -> None:
    call = unwrap(
        create_call(simple(DESK, to=(CLERK,), caller_id="TokenIssuer <210>", caller_destination="Me <1>"), at=T0)
    )
    source, destination = call.views
    assert states(call) == [(DESK, ViewState.RINGING, True), (CLERK, ViewState.TRYING, False)]
    assert (source.id, source.side, source.caller_id, source.ringing, source.until, source.waits) == (
        "00",
        0,
        "TokenIssuer <210>",
        T0,
        after(25),
        False,
    )
    assert (destination.id, destination.side, destination.caller_id, destination.until, destination.waits) == (
        "01",
        1,
        "Me <1>",
        None,
        True,
    )
    assert {(view.source, view.destination, view.flow) for view in call.views} == {((DESK,), (CLERK,), Flow.LOCAL)}
    assert (call.version, call.published, call.updated, call.answered) == (0, T0, T0, None)
    assert call.allow_public_transfer


def test_an_outside_source_is_tried_for_as_long_and_is_not_listed() -> None:
    call = unwrap(create_call(simple(OUTSIDE, to=(CLERK,), wait_for_pickup="40"), at=T0))
    assert states(call)[0] == (OUTSIDE, ViewState.TRYING, False)
    assert next_deadline(call) == after(40)
    assert advance(call, at=after(40)).over


def test_the_destination_rings_once_the_source_is_up_and_its_time_starts_then() -> None:
    call = hear(
        unwrap(create_call(simple(DESK, to=(CLERK,), wait_for_pickup=40), at=T0)),
        Answered(call_id="c1", view_id="00"),
        10,
    )
    assert states(call) == [(DESK, ViewState.ANSWERED, True), (CLERK, ViewState.RINGING, True)]
    assert (call.views[1].ringing, call.views[1].until, call.views[1].waits) == (after(10), after(50), False)
    call = hear(call, Answered(call_id="c1", view_id="01"), 12)
    assert [view.state for view in call.views] == [ViewState.CONNECTED, ViewState.CONNECTED]
    assert (call.answered, call.version) == (after(12), 2)


def test_an_outside_destination_is_tried_until_the_network_says_that_it_rings() -> None:
    call = unwrap(create_call(simple(DESK, to=(OUTSIDE,)), at=T0))
    assert {view.flow for view in call.views} == {Flow.OUTGOING}
    call = hear(call, Answered(call_id="c1", view_id="00"), 5)
    assert (call.views[1].state, call.views[1].waits, call.views[1].until) == (ViewState.TRYING, False, after(30))
    call = hear(call, Rang(call_id="c1", view_id="01"), 6)
    assert (call.views[1].state, call.views[1].until, call.views[1].listed) == (ViewState.RINGING, after(31), False)


def test_of_two_sources_the_first_to_answer_ends_the_other() -> None:
    call = unwrap(create_call(simple(DESK, BOSS, to=(CLERK,)), at=T0))
    call = hear(call, Answered(call_id="c1", view_id="01"), 3)
    assert [view.state for view in call.views] == [ViewState.ENDED, ViewState.ANSWERED, ViewState.RINGING]
    assert call.views[0].disposition is Disposition.NO_ANSWER


def test_a_destination_reported_early_waits_no_more_and_has_its_limit() -> None:
    call = unwrap(create_call(simple(DESK, to=(CLERK,)), at=T0))
    call = hear(call, Rang(call_id="c1", view_id="01"), 4)
    early = call.views[1]
    assert (early.state, early.waits, early.listed, early.until) == (ViewState.RINGING, False, True, after(29))
    call = hear(call, Answered(call_id="c1", view_id="00"), 6)
    assert call.views[1] is early


def test_a_busy_destination_is_busy_for_its_caller_too() -> None:
    call = unwrap(create_call(simple(OUTSIDE, to=(CLERK,)), at=T0))
    call = hear(call, HungUp(call_id="c1", view_id="01", disposition=Disposition.BUSY), 2)
    assert [view.disposition for view in call.views] == [Disposition.BUSY, Disposition.BUSY]


def test_the_duration_ends_the_call_and_goes_with_it() -> None:
    call = unwrap(create_call(simple(DESK, to=(CLERK,), call_duration="60"), at=T0))
    for view_id, second in (("00", 1), ("01", 2)):
        call = hear(call, Answered(call_id="c1", view_id=view_id), second)
    assert next_deadline(call) == after(60)
    over = advance(call, at=after(61))
    assert over.over
    assert over.ends_by is None
    assert {view.ended for view in over.views} == {after(60)}


def test_a_conference_is_up_at_once_and_its_guest_rings() -> None:
    call = unwrap(
        create_call(CreateConferenceInvite(call_id="c1", extension=BOSS, source=(BOSS,), destination=(OUTSIDE,)), at=T0)
    )
    conference, guest = call.views
    assert (conference.state, conference.answered, conference.listed) == (ViewState.ANSWERED, T0, True)
    assert (guest.state, guest.waits, guest.until) == (ViewState.TRYING, False, after(25))
    assert call.version == 0
    assert call.allow_public_transfer


def test_every_guest_who_answers_is_in_the_conference() -> None:
    request = CreateConferenceInvite(call_id="c1", extension=BOSS, source=(BOSS,), destination=(CLERK, OUTSIDE, DESK))
    call = unwrap(create_call(request, at=T0))
    assert [view.side for view in call.views] == [0, 1, 2, 3]
    assert [view.flow for view in call.views] == [Flow.LOCAL, Flow.LOCAL, Flow.OUTGOING, Flow.LOCAL]
    assert states(call)[1:] == [
        (CLERK, ViewState.RINGING, True),
        (OUTSIDE, ViewState.TRYING, False),
        (DESK, ViewState.RINGING, True),
    ]
    for seconds, view_id in enumerate(("01", "02"), 2):
        call = hear(call, Answered(call_id="c1", view_id=view_id), seconds)
    assert [view.state for view in call.views] == [*[ViewState.CONNECTED] * 3, ViewState.RINGING]
    assert (call.views[0].answered, call.answered) == (T0, after(2))
    call = advance(call, at=after(25))
    assert [view.state for view in call.views] == [*[ViewState.CONNECTED] * 3, ViewState.ENDED]


@pytest.mark.parametrize(
    ("sources", "destinations", "flow"),
    [
        ((DESK,), (CLERK,), Flow.LOCAL),
        ((DESK, OUTSIDE), (CLERK,), Flow.LOCAL),
        ((OUTSIDE,), (CLERK,), Flow.INCOMING),
        ((OUTSIDE,), (OTHER_OUTSIDE,), Flow.OUTGOING),
        ((DESK,), (OUTSIDE, OTHER_OUTSIDE), Flow.OUTGOING),
    ],
)
def test_the_flow_is_that_of_the_whole_call(
    sources: tuple[str, ...], destinations: tuple[str, ...], flow: Flow
) -> None:
    call = unwrap(create_call(simple(*sources, to=destinations), at=T0))
    assert {view.flow for view in call.views} == {flow}
    assert [view.outside for view in call.views] == [n in (OUTSIDE, OTHER_OUTSIDE) for n in (*sources, *destinations)]


@pytest.mark.parametrize(
    ("destination", "asked", "allowed"),
    [(CLERK, False, True), (CLERK, True, True), (OUTSIDE, False, False), (OUTSIDE, True, True)],
)
def test_public_transfer_is_about_calls_to_outside_numbers(destination: str, *, asked: bool, allowed: bool) -> None:
    request = simple(DESK, to=(destination,), allow_public_transfer=asked)
    assert unwrap(create_call(request, at=T0)).allow_public_transfer is allowed


MANY = tuple(f"0003*{number}" for number in range(300, 401))


def test_a_hundred_numbers_may_be_called_and_not_one_more() -> None:
    assert len(unwrap(create_call(simple(*MANY[:100], to=(CLERK,)), at=T0)).views) == 101
    assert len(unwrap(create_call(simple(DESK, to=MANY[:100]), at=T0)).views) == 101
    for request, parameter in ((simple(*MANY, to=(CLERK,)), "source"), (simple(DESK, to=MANY), "destination")):
        refusal = create_call(request, at=T0)
        assert isinstance(refusal, DomainError)
        assert (refusal.code, refusal.parameter) == (f"{parameter}_invalid", parameter)
        assert refusal.message == f"CreateSimple refused: {parameter} may have at most 100 numbers, not 101."


def test_a_callback_brings_two_outside_numbers_together() -> None:
    request = CreateCallback(call_id="c1", extension=DESK, source=(OUTSIDE,), destination=(OTHER_OUTSIDE,))
    call = unwrap(create_call(request, at=T0))
    assert states(call) == [(OUTSIDE, ViewState.TRYING, False), (OTHER_OUTSIDE, ViewState.TRYING, False)]
    assert call.allow_public_transfer


@pytest.mark.parametrize(
    "request_",
    [
        simple(DESK, to=(CLERK,)),
        simple(DESK, OUTSIDE, to=(OTHER_OUTSIDE,), caller_id="A <1>", caller_destination="B <2>", call_duration="60"),
        simple(OUTSIDE, to=(CLERK, BOSS), wait_for_pickup="9", nonce="n", owner_id="3", owner_name="O"),
        CreateCallback(call_id="c1", extension=DESK, source=(OUTSIDE,), destination=(OTHER_OUTSIDE,), caller_id="C"),
        CreateConferenceInvite(call_id="c1", extension=DESK, source=(DESK,), destination=(CLERK, OUTSIDE)),
    ],
    ids=lambda request_: type(request_).__name__,
)
def test_a_new_call_is_one_that_its_constructors_build(request_: Create) -> None:
    """The views are made without the constructor's checks, because the request has been checked."""
    call = unwrap(create_call(request_, at=T0))
    assert msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall) == call


@pytest.mark.parametrize("name", ["caller_id", "caller_destination"])
def test_what_a_phone_is_to_show_is_a_text(name: str) -> None:
    refused = create_call(simple(DESK, to=(CLERK,), **{name: 5}), at=T0)
    assert isinstance(refused, DomainError)
    assert refused.code is ErrorCode.CALLER_ID_INVALID


def test_a_limit_beyond_the_last_datetime_is_no_limit() -> None:
    end_of_time = datetime.max.replace(tzinfo=UTC)
    call = unwrap(create_call(simple(DESK, to=(CLERK,), call_duration=60), at=end_of_time))
    assert next_deadline(call) is None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (
            CreateSimple(call_id="", extension=DESK, source=(DESK,), destination=(CLERK,)),
            ErrorCode.PHONECALL_INVALID,
        ),
        (
            CreateSimple(call_id="c1", extension="@self", source=(DESK,), destination=(CLERK,)),
            ErrorCode.EXTENSION_INVALID,
        ),
        (simple(to=(CLERK,)), ErrorCode.SOURCE_INVALID),
        (simple(DESK, DESK, to=(CLERK,)), ErrorCode.SOURCE_INVALID),
        (simple("nobody", to=(CLERK,)), ErrorCode.SOURCE_INVALID),
        (simple(DESK, to=()), ErrorCode.DESTINATION_INVALID),
        (simple(DESK, to=(CLERK, CLERK)), ErrorCode.DESTINATION_INVALID),
        (simple(DESK, to=(CLERK, OUTSIDE)), ErrorCode.DESTINATION_INVALID),
        (simple(DESK, to=(DESK,)), ErrorCode.DESTINATION_INVALID),
        (simple(DESK, to=("",)), ErrorCode.DESTINATION_INVALID),
        (simple(DESK, to=(CLERK,), caller_id="no, commas"), ErrorCode.CALLER_ID_INVALID),
        (simple(DESK, to=(CLERK,), caller_destination="-"), ErrorCode.CALLER_ID_INVALID),
        (simple(DESK, to=(CLERK,), wait_for_pickup=0), ErrorCode.WAIT_FOR_PICKUP_INVALID),
        (simple(DESK, to=(CLERK,), wait_for_pickup="3601"), ErrorCode.WAIT_FOR_PICKUP_INVALID),
        (simple(DESK, to=(CLERK,), wait_for_pickup=True), ErrorCode.WAIT_FOR_PICKUP_INVALID),
        (simple(DESK, to=(CLERK,), call_duration=0), ErrorCode.CALL_DURATION_INVALID),
        (simple(DESK, to=(CLERK,), call_duration=86401), ErrorCode.CALL_DURATION_INVALID),
        (simple(DESK, to=(CLERK,), nonce="n" * 256), ErrorCode.NONCE_INVALID),
        (simple(DESK, to=(CLERK,), caller_id="9" * 256), ErrorCode.CALLER_ID_INVALID),
        (simple(DESK, to=(CLERK,), caller_destination="9" * 256), ErrorCode.CALLER_ID_INVALID),
        (
            CreateCallback(call_id="c1", extension=DESK, source=(CLERK,), destination=(OUTSIDE,)),
            ErrorCode.SOURCE_INVALID,
        ),
        (
            CreateCallback(call_id="c1", extension=DESK, source=(OUTSIDE,), destination=(CLERK,)),
            ErrorCode.DESTINATION_INVALID,
        ),
        (
            CreateConferenceInvite(call_id="c1", extension=BOSS, source=(DESK,), destination=(CLERK,)),
            ErrorCode.SOURCE_INVALID,
        ),
    ],
)
def test_a_request_that_makes_no_call_is_refused_with_its_code(request_: Create, code: ErrorCode) -> None:
    refusal = create_call(request_, at=T0)
    assert isinstance(refusal, DomainError)
    assert refusal.code is code
    assert refusal.parameter is not None
    assert refusal.action == type(request_).__name__


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (simple(DESK, to=(DESK,)), f"CreateSimple refused: destination '{DESK}' is also a source."),
        (simple(DESK, DESK, to=(CLERK,)), f"CreateSimple refused: source has '{DESK}' twice."),
        (simple(DESK, to=()), "CreateSimple refused: destination is missing."),
        (
            simple(DESK, to=(CLERK, OUTSIDE)),
            "CreateSimple refused: destination must be extensions only, or outside numbers only.",
        ),
        (simple(DESK, to=("x",)), "CreateSimple refused: destination must be extension or phone numbers, not 'x'."),
        (
            simple(DESK, to=(CLERK,), caller_id=";"),
            "CreateSimple refused: callerId may contain only letters, digits, spaces and < > + *.",
        ),
        (
            simple(DESK, to=(CLERK,), call_duration=0),
            "CreateSimple refused: callDuration must be a whole number from 1 to 86400, not '0'.",
        ),
        (
            CreateSimple(call_id="c 1", extension=DESK, source=(DESK,), destination=(CLERK,)),
            "CreateSimple refused: phoneCallId must be 1 to 255 letters and digits, not 'c 1'.",
        ),
        (
            CreateSimple(call_id="c1", extension="@self", source=(DESK,), destination=(CLERK,)),
            "CreateSimple refused: extension must be an extension number, not '@self'.",
        ),
        (
            CreateCallback(call_id="c1", extension=DESK, source=(CLERK,), destination=(OUTSIDE,)),
            f"CreateCallback refused: source must be outside numbers, not '{CLERK}'.",
        ),
        (
            CreateConferenceInvite(call_id="c1", extension=BOSS, source=(DESK,), destination=(CLERK,)),
            f"CreateConferenceInvite refused: source must be the conference extension '{BOSS}', and nothing else.",
        ),
    ],
)
def test_its_sentences(request_: Create, message: str) -> None:
    refusal = create_call(request_, at=T0)
    assert isinstance(refusal, DomainError)
    assert refusal.message == message


BROKEN: tuple[tuple[str, object, ErrorCode], ...] = (
    ("call_id", "", ErrorCode.PHONECALL_INVALID),
    ("extension", OUTSIDE, ErrorCode.EXTENSION_INVALID),
    ("source", (), ErrorCode.SOURCE_INVALID),
    ("destination", (), ErrorCode.DESTINATION_INVALID),
    ("caller_id", ";", ErrorCode.CALLER_ID_INVALID),
    ("caller_destination", ";", ErrorCode.CALLER_ID_INVALID),
    ("wait_for_pickup", 0, ErrorCode.WAIT_FOR_PICKUP_INVALID),
    ("call_duration", 0, ErrorCode.CALL_DURATION_INVALID),
    ("nonce", "n" * 256, ErrorCode.NONCE_INVALID),
)


@pytest.mark.parametrize("first", range(len(BROKEN)))
def test_the_first_that_is_wrong_is_the_answer(first: int) -> None:
    fields = {"source": (DESK,), "destination": (CLERK,)} | {field: value for field, value, _ in BROKEN[first:]}
    refusal = create_call(simple(to=(), **fields), at=T0)
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.parameter) == (BROKEN[first][2], wire_name(BROKEN[first][0]))


def test_what_is_no_request_is_a_mistake_of_the_caller() -> None:
    request: Any = OnHold(call_id="c1", view_id="00")  # Any: a type checker would say so too
    with pytest.raises(TypeError, match="is not a request for a new call"):
        create_call(request, at=T0)


def test_a_naive_instant_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="a date needs an offset"):
        create_call(simple(DESK, to=(CLERK,)), at=datetime(2026, 1, 1))  # noqa: DTZ001  # the point of the test
