"""The numbering: it tells what a number in a request is; what a party is, is stored with its view."""

import pytest
from msgspec.structs import replace

from callstate import (
    LENIENT,
    STRICT,
    Answered,
    CreateConferenceInvite,
    CreateSimple,
    DomainError,
    ErrorCode,
    Flow,
    Numbering,
    Park,
    PhoneCall,
    PickUp,
    Transfer,
    TransferToVoicemail,
    UnPark,
    advance,
    apply_action,
    create_call,
    unwrap,
)
from callstate.domain import CONNECTED, PARKED, RINGING, TRYING
from tests.calls import (
    ALICE,
    BOB,
    at,
    call_of,
    changed,
    connected,
    done,
    on,
    outgoing,
    parked,
    refused,
    seen,
    view,
)

SIX = replace(LENIENT, numbering=Numbering(pattern="[0-9]{6}"))
KNOWN = replace(LENIENT, numbering=Numbering(numbers=frozenset({ALICE, BOB, "210"})))
EMERGENCY = "112"


def new(*, source: str, destination: str, rules: object = LENIENT) -> PhoneCall | DomainError:
    request = CreateSimple(call_id="c1", extension=source, source=(source,), destination=(destination,))
    return create_call(request, at=at(0), rules=rules)  # type: ignore[arg-type]  # it is a rule set


def emergency() -> PhoneCall:
    """Alice (00) talks to the emergency number (01)."""
    return changed(outgoing(), "01", extension=EMERGENCY)


class TestStoredParties:
    def test_a_public_number_with_three_digits_never_parks(self) -> None:
        call = done(emergency(), on(Park, "00", extension=ALICE))
        assert seen(call, "01").state is PARKED
        assert seen(call, "01").listed

    def test_it_is_not_listed_once_it_is_retrieved(self) -> None:
        call = done(emergency(), on(Park, "00"), on(UnPark, "01"), on(Answered, "02"))
        assert (seen(call, "01").state, seen(call, "01").listed) == (CONNECTED, False)

    def test_the_legs_that_face_it_come_from_outside(self) -> None:
        leg = done(emergency(), on(Transfer, "00", extension=ALICE)).views[-1]
        assert (leg.source, leg.flow) == ((EMERGENCY,), Flow.INCOMING)

    def test_a_party_of_any_number_can_be_an_extension(self) -> None:
        call = call_of(view("00", "777777", CONNECTED, side=0), view("01", BOB, CONNECTED, side=1))
        parker = done(call, on(Park, "01", extension="@self"))
        assert seen(parker, "00").reason is not None

    def test_time_needs_no_numbering(self) -> None:
        call = advance(changed(parked(by="777777"), "01", extension="777777"), at=at(190))
        assert (call.views[-1].extension, call.views[-1].state, call.views[-1].outside) == ("777777", RINGING, False)


class TestNumbersOfRequests:
    def test_an_extension_rings_and_an_outside_number_is_tried(self) -> None:
        call = connected()
        rings = done(call, on(Transfer, send_call_to="123456"), rules=SIX).views[-1]
        tried = done(call, on(Transfer, send_call_to="210"), rules=SIX).views[-1]
        assert (rings.state, rings.outside, rings.listed, rings.flow) == (RINGING, False, True, Flow.LOCAL)
        assert (tried.state, tried.outside, tried.listed, tried.flow) == (TRYING, True, False, Flow.OUTGOING)

    def test_a_directory_knows_its_extensions(self) -> None:
        assert done(connected(), on(Transfer, send_call_to=EMERGENCY), rules=KNOWN).views[-1].outside
        assert not done(connected(), on(Transfer, send_call_to="210"), rules=KNOWN).views[-1].outside
        assert not done(connected(), on(Transfer, send_call_to=EMERGENCY)).views[-1].outside

    def test_a_phone_that_is_to_ring_is_an_extension(self) -> None:
        for kind in (PickUp, TransferToVoicemail):
            refusal = refused(connected(), on(kind, send_call_to="0003*999"), rules=KNOWN)
            assert refusal.code is ErrorCode.SEND_CALL_TO_INVALID

    @pytest.mark.parametrize("number", ["@self", "", "abc", "+"])
    def test_no_numbering_makes_a_number_of_any_text(self, number: str) -> None:
        rules = replace(LENIENT, numbering=Numbering(pattern=".+"))
        assert refused(connected(), on(Transfer, send_call_to=number), rules=rules).code is (
            ErrorCode.SEND_CALL_TO_INVALID
        )

    def test_a_colleague_is_an_extension_too(self) -> None:
        call = changed(connected(), "01", state=RINGING)
        action = on(PickUp, "01", extension="123456", send_call_to="123456")
        assert isinstance(apply_action(call, action, at=at(20), rules=SIX), PhoneCall)
        assert refused(call, action).code is ErrorCode.EXTENSION_INVALID


class TestNewCalls:
    def test_its_numbers_are_those_of_the_numbering(self) -> None:
        call = unwrap(new(source="123456", destination="210", rules=SIX))
        assert [v.outside for v in call.views] == [False, True]
        assert call.views[1].flow is Flow.OUTGOING
        refusal = new(source="210", destination="123456", rules=SIX)
        assert isinstance(refusal, DomainError)
        assert refusal.code is ErrorCode.EXTENSION_INVALID

    def test_an_emergency_number_can_be_called(self) -> None:
        call = unwrap(new(source=ALICE, destination=EMERGENCY, rules=KNOWN))
        assert (call.views[1].outside, call.views[1].flow) == (True, Flow.OUTGOING)

    def test_guests_of_a_conference_are_told_apart(self) -> None:
        request = CreateConferenceInvite(call_id="c1", extension="210", source=("210",), destination=(EMERGENCY, BOB))
        call = unwrap(create_call(request, at=at(0), rules=KNOWN))
        assert [v.outside for v in call.views] == [False, True, False]


def test_a_rule_set_is_shown_by_its_name() -> None:
    assert (repr(LENIENT), repr(STRICT)) == ("LENIENT", "STRICT")
    shown = "replace(STRICT, numbering=Numbering(pattern='[0-9]{6}'))"
    assert repr(replace(STRICT, numbering=Numbering(pattern="[0-9]{6}"))) == shown
