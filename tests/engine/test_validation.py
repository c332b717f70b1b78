"""The form of each field of a request, whatever the call is: its bounds, and what comes in its place."""

from typing import Any

import pytest

from callstate import (
    Action,
    BargeIn,
    DomainError,
    ErrorCode,
    Monitor,
    Park,
    PhoneCall,
    PickUp,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    apply_action,
)
from callstate.domain import RINGING, Check
from tests.calls import (
    BOB,
    ELSEWHERE,
    at,
    changed,
    connected,
    on,
    parked,
    refused,
    ringing,
)

RINGERS: tuple[type[Action], ...] = (UnPark, PickUp, BargeIn, Whisper, Monitor)


NOT_NUMBERS = (True, False, "", " ", "25 ", " 25", "+25", "-25", "2.5", "0x10", "1e2", "٢٥", "twenty", "9" * 50)


def _asked(kind: type[Action], field: str, value: object) -> PhoneCall | DomainError:
    calls: dict[type[Action], PhoneCall] = {UnPark: parked(), PickUp: changed(ringing(), "00", state=RINGING)}
    fields: dict[str, Any] = {field: value}  # Any: fields of any action
    return apply_action(calls.get(kind, connected()), on(kind, **fields), at=at(20))


class TestForms:
    @pytest.mark.parametrize("value", [1, 25, 3600, "1", "25", "3600", "0025"])
    @pytest.mark.parametrize("kind", RINGERS)
    def test_a_phone_rings_for_1_to_3600_seconds(self, kind: type[Action], value: object) -> None:
        assert isinstance(_asked(kind, "wait_for_pickup", value), PhoneCall)

    @pytest.mark.parametrize("value", [0, -1, 3601, 10**20, "0", "3601", *NOT_NUMBERS])
    @pytest.mark.parametrize("kind", RINGERS)
    def test_and_for_no_other_time(self, kind: type[Action], value: object) -> None:
        _is_refused(_asked(kind, "wait_for_pickup", value), ErrorCode.WAIT_FOR_PICKUP_INVALID, "waitForPickup", value)

    @pytest.mark.parametrize("value", [10, 3600, "10", "180", "3600"])
    def test_a_party_is_parked_for_10_to_3600_seconds(self, value: object) -> None:
        assert isinstance(_asked(Park, "max_in_parking", value), PhoneCall)

    @pytest.mark.parametrize("value", [9, 0, -10, 3601, "9", "3601", *NOT_NUMBERS])
    def test_and_parked_for_no_other_time(self, value: object) -> None:
        _is_refused(_asked(Park, "max_in_parking", value), ErrorCode.MAX_IN_PARKING_INVALID, "maxInParking", value)

    @pytest.mark.parametrize("value", [0, 1, "0", "1"])
    def test_a_whisper_is_private_or_not(self, value: object) -> None:
        assert isinstance(_asked(Whisper, "private", value), PhoneCall)

    @pytest.mark.parametrize("value", [2, -1, "2", "yes", *NOT_NUMBERS])
    def test_and_nothing_else(self, value: object) -> None:
        _is_refused(_asked(Whisper, "private", value), ErrorCode.PRIVATE_INVALID, "private", value)

    @pytest.mark.parametrize("value", ["wav", "wav49"])
    def test_a_recording_is_wav_or_wav49(self, value: str) -> None:
        assert isinstance(_asked(StartRecording, "format", value), PhoneCall)

    @pytest.mark.parametrize("value", ["", "WAV", "mp3", "wav ", "wav50", "wav49\n", 49, True])
    def test_and_no_other_format(self, value: object) -> None:
        _is_refused(_asked(StartRecording, "format", value), ErrorCode.FORMAT_INVALID, "format", value)

    @pytest.mark.parametrize("value", [None, "", "Sales", "0003*210", "+40 21 <555>", "A b*C+1"])
    @pytest.mark.parametrize("kind", RINGERS)
    def test_a_caller_id_is_letters_digits_blanks_and_some_signs(self, kind: type[Action], value: object) -> None:
        assert isinstance(_asked(kind, "caller_id", value), PhoneCall)

    @pytest.mark.parametrize("value", ["a;b", "ä", "a-b", "a\tb", "a\n", "\0", "(1)", 5, True])
    @pytest.mark.parametrize("kind", RINGERS)
    def test_and_no_other_sign(self, kind: type[Action], value: object) -> None:
        _is_refused(_asked(kind, "caller_id", value), ErrorCode.CALLER_ID_INVALID, "callerId", value)

    @pytest.mark.parametrize("value", ["0003*214", "214"])
    @pytest.mark.parametrize("kind", [*RINGERS, Transfer, TransferToVoicemail])
    def test_a_call_is_sent_to_an_extension(self, kind: type[Action], value: str) -> None:
        assert isinstance(_asked(kind, "send_call_to", value), PhoneCall)

    @pytest.mark.parametrize(
        "value",
        ["", "@self", "@me", "21", "0003*21", "003*210", "0003*2100", "0003-210", "0003*210\n", " 214", "+", 214, True],
    )
    @pytest.mark.parametrize("kind", [*RINGERS, TransferToVoicemail])
    def test_and_not_elsewhere(self, kind: type[Action], value: object) -> None:
        _is_refused(_asked(kind, "send_call_to", value), ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", value)

    @pytest.mark.parametrize("value", ["", "@self", "@me", "0003-210", "0003*21", "+", "++4021", "4021\n", 4021, True])
    def test_nor_is_a_party(self, value: object) -> None:
        _is_refused(_asked(Transfer, "send_call_to", value), ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", value)

    @pytest.mark.parametrize("value", [ELSEWHERE, "0215550100", "2145"])
    def test_only_a_party_may_be_sent_to_a_phone_number(self, value: str) -> None:
        assert isinstance(_asked(Transfer, "send_call_to", value), PhoneCall)
        for kind in (*RINGERS, TransferToVoicemail):
            _is_refused(_asked(kind, "send_call_to", value), ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo", value)

    @pytest.mark.parametrize("value", ["", "@self", "nobody", "0003-210", "+", "0003*210 ", 210, True])
    @pytest.mark.parametrize("field", ["transfer_number", "transfer_from_number"])
    @pytest.mark.parametrize("kind", [Transfer, TransferToVoicemail])
    def test_the_parties_of_a_transfer_are_numbers(self, kind: type[Action], field: str, value: object) -> None:
        parameter = "transferNumber" if field == "transfer_number" else "transferFromNumber"
        _is_refused(_asked(kind, field, value), ErrorCode.TRANSFER_NUMBER_INVALID, parameter, value)

    @pytest.mark.parametrize("kind", [Transfer, TransferToVoicemail])
    def test_the_parties_of_a_transfer_are_two(self, kind: type[Action]) -> None:
        refusal = refused(connected(), on(kind, None, transfer_number=BOB, transfer_from_number=BOB))
        assert (refusal.code, refusal.check) == (ErrorCode.TRANSFER_NUMBER_INVALID, Check.FIELDS)

    @pytest.mark.parametrize("position", [0, 101, -1, "1"])
    def test_a_position_is_the_mistake_of_who_keeps_the_lot(self, position: object) -> None:
        with pytest.raises(ValueError, match="position"):
            on(Park, position=position)


def _is_refused(result: PhoneCall | DomainError, code: ErrorCode, parameter: str, value: object) -> None:
    assert isinstance(result, DomainError)
    assert (result.code, result.check, result.parameter) == (code, Check.FIELDS, parameter)
    assert result.value == (None if value is None else str(value))
