"""The numbering of a system: which texts are the numbers of its extensions."""

import pickle
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from callstate.domain import (
    Answered,
    CreateSimple,
    DomainError,
    ErrorCode,
    Flow,
    Monitor,
    Numbering,
    PhoneCall,
    ViewState,
    unwrap,
)
from callstate.engine import LENIENT, apply_action, create_call

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOUR_DIGITS = Numbering(pattern="[1-9][0-9]{3}")
DIRECTORY = Numbering(numbers=frozenset({"0003*210", "210", "211"}))


def test_the_default_is_the_vendors_form() -> None:
    numbering = Numbering()
    assert [number for number in ("0003*210", "210", "2100", "+210", "", "210 ") if numbering.is_extension(number)] == [
        "0003*210",
        "210",
    ]


def test_a_pattern_has_to_match_the_whole_number() -> None:
    assert FOUR_DIGITS.is_extension("4711")
    assert not any(map(FOUR_DIGITS.is_extension, ("210", "0003*210", "47110", "0711")))


def test_a_number_that_the_directory_does_not_know_is_an_outside_one() -> None:
    assert DIRECTORY.is_extension("210")
    assert Numbering().is_extension("112")
    assert not DIRECTORY.is_extension("112")


def test_numberings_are_equal_if_they_are_built_from_the_same() -> None:
    known: Any = {"0003*210", "210", "211"}  # Any: a set that can change, which the type checker refuses
    assert Numbering(numbers=known) == DIRECTORY
    assert hash(Numbering(numbers=known)) == hash(DIRECTORY)
    assert Numbering() == Numbering(pattern=Numbering().pattern)
    assert len({Numbering(), FOUR_DIGITS, DIRECTORY}) == 3


@pytest.mark.parametrize("numbering", [Numbering(), FOUR_DIGITS, DIRECTORY, Numbering(numbers=frozenset())])
def test_a_numbering_is_stored_and_read_again(numbering: Numbering) -> None:
    again = [
        pickle.loads(pickle.dumps(numbering)),  # noqa: S301  # what was written just now
        msgspec.json.decode(msgspec.json.encode(numbering), type=Numbering),
        eval(repr(numbering)),  # noqa: S307  # likewise
    ]
    assert again == [numbering] * 3
    assert all(read.is_extension("210") is numbering.is_extension("210") for read in again)


def test_it_is_shown_without_its_default() -> None:
    assert repr(Numbering()) == "Numbering()"
    assert repr(FOUR_DIGITS) == "Numbering(pattern='[1-9][0-9]{3}')"
    assert repr(DIRECTORY) == "Numbering(numbers=frozenset({'0003*210', '210', '211'}))"


@pytest.mark.parametrize("pattern", ["[0-9", "(?P<", "a**", "x{99999999999}"])
def test_an_impossible_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="; it is not a regular expression: "):
        Numbering(pattern=pattern)


@pytest.mark.parametrize("pattern", ["", "[0-9]*"])
def test_a_pattern_that_matches_no_number_at_all_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="it must not match the empty text"):
        Numbering(pattern=pattern)


@pytest.mark.parametrize("numbers", [["210"], "210", {210}, {"210": "Alice"}, 210])
def test_numbers_that_are_no_set_of_texts_are_refused(numbers: Any) -> None:  # Any: a wrong type
    with pytest.raises(TypeError, match=r"numbers is .*; it must be a set of texts"):
        Numbering(numbers=numbers)


def test_a_number_has_to_look_like_one() -> None:
    with pytest.raises(ValueError, match="numbers contains ''; a number is 1 to 64 digits"):
        Numbering(numbers=frozenset({""}))


def test_a_pattern_and_numbers_are_not_both_given() -> None:
    with pytest.raises(ValueError, match="a numbering has one of them"):
        Numbering(pattern="[0-9]{4}", numbers=frozenset({"2100"}))
    with pytest.raises(TypeError, match="pattern is 210; its type must be str"):
        Numbering(pattern=210)  # type: ignore[arg-type]  # a wrong type is the point


def created(numbering: Numbering, source: str, destination: str) -> PhoneCall:
    request = CreateSimple(call_id="c1", extension=source, source=(source,), destination=(destination,))
    return unwrap(create_call(request, at=T0, rules=replace(LENIENT, numbering=numbering)))


def test_a_system_of_four_digits_rings_its_own_phones() -> None:
    call, rules = created(FOUR_DIGITS, "4711", "4712"), replace(LENIENT, numbering=FOUR_DIGITS)
    for view_id in ("00", "01"):
        call = unwrap(apply_action(call, Answered(call_id="c1", view_id=view_id), at=T0, rules=rules))
    assert [(view.outside, view.flow, view.listed) for view in call.views] == [(False, Flow.LOCAL, True)] * 2
    monitor = Monitor(call_id="c1", view_id="00", send_call_to="4713")
    joined = unwrap(apply_action(call, monitor, at=T0, rules=rules))
    assert (joined.views[-1].extension, joined.views[-1].state) == ("4713", ViewState.RINGING)
    refused = apply_action(call, replace(monitor, send_call_to="0003*210"), at=T0, rules=rules)
    assert isinstance(refused, DomainError)
    assert refused.code is ErrorCode.SEND_CALL_TO_INVALID


def test_112_is_outside_of_a_system_whose_directory_does_not_know_it() -> None:
    inside, outside = (created(numbering, "210", "112").views[1] for numbering in (Numbering(), DIRECTORY))
    assert (inside.outside, inside.flow) == (False, Flow.LOCAL)
    assert (outside.outside, outside.flow) == (True, Flow.OUTGOING)
