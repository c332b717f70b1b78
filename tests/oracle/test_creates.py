"""Examples of calls that the service creates."""

from typing import Any

import pytest

from callstate.domain import (
    RINGING,
    TRYING,
    Answered,
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    ErrorCode,
    Flow,
    HungUp,
    Transfer,
)
from tests.oracle.examples import Making
from tests.oracle.starts import (
    ABROAD,
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    EMERGENCY,
    ERIN,
    NUMBERINGS,
    OUTSIDE,
    T0,
    seconds,
)


def simple(source: tuple[str, ...] = (ALICE,), destination: tuple[str, ...] = (BOB,), **fields: Any) -> CreateSimple:
    return CreateSimple(
        **{"call_id": CALL, "extension": ALICE} | {"source": source, "destination": destination} | fields
    )


def invite(*guests: str, **fields: Any) -> CreateConferenceInvite:
    known = {"call_id": CALL, "extension": ERIN, "source": (ERIN,), "destination": guests}
    return CreateConferenceInvite(**known | fields)


def test_a_simple_call_rings_its_sources_then_its_destinations(make: Making) -> None:
    example = make.example(simple((ALICE, CAROL), (BOB, DAVE), wait_for_pickup=30, call_duration="60"))
    assert example.states == ["RINGING", "RINGING", "TRYING", "TRYING"]
    assert [view.until for view in example.call.views] == [seconds(30), seconds(30), None, None]
    assert [view.listed for view in example.call.views] == [True, True, False, False]
    assert (example.call.version, example.call.ends_by, example.call.published) == (0, seconds(60), T0)
    example.do(Answered, "01", at=3)
    assert example.states == ["ENDED", "ANSWERED", "RINGING", "RINGING"]
    assert example.view("02").until == seconds(33)


def test_an_outside_party_of_a_new_call_is_unlisted_and_outside(make: Making) -> None:
    call = make.call(simple((OUTSIDE,), (BOB,)))
    assert [(view.state, view.listed, view.outside) for view in call.views] == [
        (TRYING, False, True),
        (TRYING, False, False),
    ]
    assert call.views[0].until == seconds(25)


@pytest.mark.parametrize(
    ("source", "destination", "flow"),
    [
        (ALICE, BOB, Flow.LOCAL),
        (ALICE, OUTSIDE, Flow.OUTGOING),
        (OUTSIDE, BOB, Flow.INCOMING),
        (OUTSIDE, ABROAD, Flow.OUTGOING),
    ],
)
def test_the_flow_of_a_new_call(make: Making, source: str, destination: str, flow: Flow) -> None:
    assert {view.flow for view in make.call(simple((source,), (destination,))).views} == {flow}


def test_a_number_that_the_directory_does_not_know_is_outside(make: Making) -> None:
    made = make.call(simple((ALICE,), (EMERGENCY,)), NUMBERINGS["directory"])
    assert (made.views[1].outside, made.views[1].flow) == (True, Flow.OUTGOING)
    assert not make.call(simple((ALICE,), (EMERGENCY,))).views[1].outside


def test_every_guest_who_answers_is_in_the_conference(make: Making) -> None:
    example = make.example(invite(ALICE, BOB))
    assert example.states == ["ANSWERED", "RINGING", "RINGING"]
    assert [view.side for view in example.call.views] == [0, 1, 2]
    assert example.view("00").answered == T0
    example.do(Answered, "01")
    assert example.states == ["CONNECTED", "CONNECTED", "RINGING"]
    assert example.refused(Transfer, "01", send_call_to=DAVE) is ErrorCode.WRONG_STATE
    example.do(Answered, "02")
    assert example.states == ["CONNECTED", "CONNECTED", "CONNECTED"]
    example.do(HungUp, "01")
    assert example.states == ["CONNECTED", "ENDED", "CONNECTED"]


def test_a_conference_invites_extensions_and_outside_numbers(make: Making) -> None:
    call = make.call(invite(ALICE, OUTSIDE))
    assert [view.flow for view in call.views[1:]] == [Flow.LOCAL, Flow.OUTGOING]
    assert [view.state for view in call.views[1:]] == [RINGING, TRYING]
    assert [view.until for view in call.views[1:]] == [seconds(25), seconds(25)]


def test_public_transfer_is_asked_of_simple_calls_to_outside_numbers_only(make: Making) -> None:
    assert not make.call(simple((ALICE,), (OUTSIDE,))).allow_public_transfer
    assert make.call(simple((ALICE,), (OUTSIDE,), allow_public_transfer=True)).allow_public_transfer
    assert make.call(simple()).allow_public_transfer
    assert make.call(invite(OUTSIDE)).allow_public_transfer
    back = CreateCallback(call_id=CALL, extension=ALICE, source=(OUTSIDE,), destination=(ABROAD,))
    assert make.call(back).allow_public_transfer


def test_the_caller_id_is_for_the_source_and_another_one_for_the_destination(make: Making) -> None:
    call = make.call(simple(caller_id="A <1>", caller_destination="B <2>"))
    assert [view.caller_id for view in call.views] == ["A <1>", "B <2>"]


MANY = tuple(f"0003*{number:03}" for number in range(300, 401))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"call_id": "c-1", "extension": "x"}, ErrorCode.PHONECALL_INVALID),
        ({"extension": OUTSIDE, "source": ()}, ErrorCode.EXTENSION_INVALID),
        ({"source": (), "destination": ()}, ErrorCode.SOURCE_INVALID),
        ({"source": (ALICE, ALICE)}, ErrorCode.SOURCE_INVALID),
        ({"source": MANY}, ErrorCode.SOURCE_INVALID),
        ({"destination": MANY}, ErrorCode.DESTINATION_INVALID),
        ({"destination": (BOB, OUTSIDE)}, ErrorCode.DESTINATION_INVALID),
        ({"destination": (ALICE,)}, ErrorCode.DESTINATION_INVALID),
        ({"destination": (), "caller_id": "ü"}, ErrorCode.DESTINATION_INVALID),
        ({"caller_id": "ü", "wait_for_pickup": 0}, ErrorCode.CALLER_ID_INVALID),
        ({"caller_id": "9" * 256}, ErrorCode.CALLER_ID_INVALID),
        ({"caller_destination": "ü", "call_duration": 0}, ErrorCode.CALLER_ID_INVALID),
        ({"wait_for_pickup": True, "call_duration": 0}, ErrorCode.WAIT_FOR_PICKUP_INVALID),
        ({"call_duration": 86401, "nonce": "n" * 256}, ErrorCode.CALL_DURATION_INVALID),
        ({"nonce": "n" * 256}, ErrorCode.NONCE_INVALID),
    ],
)
def test_the_first_wrong_field_of_a_new_call_is_the_answer(
    make: Making, fields: dict[str, Any], code: ErrorCode
) -> None:
    assert make.refused(simple(**fields)) is code


def test_a_desk_phone_and_a_mobile_phone_can_ring_as_sources_of_one_call(make: Making) -> None:
    call = make.call(simple((ALICE, OUTSIDE)))
    assert [(view.state, view.outside) for view in call.views[:2]] == [(RINGING, False), (TRYING, True)]
    assert {view.flow for view in call.views} == {Flow.LOCAL}


def test_what_is_just_right_for_a_new_call(make: Making) -> None:
    make.call(simple(MANY[:100], nonce="n" * 255, caller_id="9" * 255, call_duration="86400", wait_for_pickup="3600"))


def test_a_callback_calls_outside_numbers(make: Making) -> None:
    back = {"call_id": CALL, "extension": ALICE}
    code = make.refused(CreateCallback(**back, source=(BOB,), destination=(OUTSIDE,)))
    assert code is ErrorCode.SOURCE_INVALID
    code = make.refused(CreateCallback(**back, source=(OUTSIDE,), destination=(BOB,)))
    assert code is ErrorCode.DESTINATION_INVALID


def test_a_conference_is_its_own_source(make: Making) -> None:
    assert make.refused(invite(ALICE, source=(BOB,))) is ErrorCode.SOURCE_INVALID
    assert make.refused(invite(ERIN)) is ErrorCode.DESTINATION_INVALID
