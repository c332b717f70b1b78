"""Who is who in a listing: both forms of a number, which end is outside of the system, and who is parked."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.domain import Flow, Numbering, Park, PhoneCall, PhoneCallView, ViewState, unwrap
from callstate.engine import LENIENT, Rules, apply_action
from callstate.voipnow.wire import decode_call, encode_call
from callstate.voipnow.wire.parties import ByNumber, is_one_of, same_number
from tests.calls import at

CLERK, GUARD, PORTER = "0007*310", "0007*311", "0007*312"
SHOP = "0730111222"
"""An outside number."""

LOCAL, OUTGOING, INCOMING = "2", "4", "8"
PARKED: dict[str, Any] = {"parked": "2026-03-02T09:00:07Z", "parkedPos": "12"}  # Any: JSON


def listed(extension: str, **fields: Any) -> dict[str, Any]:  # Any: JSON
    return {"id": "00", "extension": extension, "status": "5"} | fields


def read(*views: dict[str, Any], numbering: Numbering | None = None) -> PhoneCall:  # Any: JSON
    rules: Rules = LENIENT if numbering is None else msgspec.structs.replace(LENIENT, numbering=numbering)
    body = msgspec.json.encode({"id": "desk1", "extension": CLERK, "phoneCallView": views})
    return unwrap(decode_call(body, rules=rules))


def far(call: PhoneCall) -> PhoneCallView:
    """Return the one party that was not listed."""
    (found,) = (view for view in call.views if not view.listed)
    return found


def places(call: PhoneCall) -> list[tuple[str, int | None]]:
    return [(view.extension, view.side) for view in call.views]


# Two forms of one number ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0007*310", "0007*310", True),
        ("0007*310", "310", True),
        ("310", "0007*310", True),
        ("0007*310", "0008*310", False),
        ("310", "311", False),
        ("*310", "310", False),
        ("0007*", "0007", False),
        ("+40", "40", False),
        ("00*07*310", "310", False),
    ],
)
def test_a_short_number_is_that_of_every_extended_one_that_ends_with_it(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
    assert (ByNumber([(one, one)]).find(other) == one) is same


NUMBERS = st.sampled_from(["", CLERK, GUARD, "310", "311", "0008*310", "*310", "0007*", SHOP])


@given(st.lists(NUMBERS, max_size=5), NUMBERS)
def test_what_is_kept_by_number_is_found_by_either_form(known: list[str], wanted: str) -> None:
    found = ByNumber((number, number) for number in known).find(wanted)
    assert is_one_of(wanted, known) is any(same_number(number, wanted) for number in known)
    if wanted in known:
        assert found == wanted
    elif any(same_number(number, wanted) for number in known):
        assert found is not None
        assert same_number(found, wanted)
    else:
        assert found is None


@pytest.mark.parametrize(("own", "shown"), [(CLERK, "310"), ("310", CLERK)])
def test_a_view_stands_at_the_end_that_shows_its_number_in_either_form(own: str, shown: str) -> None:
    calling = read(listed(own, source=[shown], destination=["311"]))
    assert places(calling) == [(own, 0), ("311", 1)]
    called = read(listed(own, source=["311"], destination=[shown]))
    assert places(called) == [(own, 1), ("311", 0)]


def test_the_same_short_number_of_another_organization_is_another_party() -> None:
    assert places(read(listed("0008*310", source=[CLERK], destination=["0008*310"]))) == [("0008*310", 1), (CLERK, 0)]


def test_a_listed_party_in_its_short_form_is_not_added_again() -> None:
    call = read(
        listed(CLERK, source=[CLERK], destination=["311"]),
        listed(GUARD, id="01", status="3", source=[CLERK], destination=["311"]),
    )
    assert [view.extension for view in call.views] == [CLERK, GUARD]


def test_the_parker_is_known_in_either_form() -> None:
    parked = listed("310", **PARKED, parkedBy=CLERK, flow=INCOMING, source=[SHOP], destination=["310"])
    assert [(view.extension, view.outside) for view in read(parked).views] == [(SHOP, True)]


# Who is outside -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "number", "outside"),
    [
        ({"flow": OUTGOING, "source": [CLERK], "destination": ["118"]}, "118", True),
        ({"flow": INCOMING, "source": ["118"], "destination": [CLERK]}, "118", True),
        ({"flow": LOCAL, "source": [CLERK], "destination": ["118"]}, "118", False),
        ({"source": [CLERK], "destination": ["118"]}, "118", False),
        ({"flow": "", "source": [CLERK], "destination": [SHOP]}, SHOP, True),
        ({"flow": INCOMING, "source": [CLERK], "destination": [GUARD]}, GUARD, False),
        ({"source": ["anonymous"], "destination": [CLERK]}, "", True),
        ({}, "", True),
    ],
)
def test_the_flow_tells_who_is_outside_before_the_number_does(
    fields: dict[str, Any],
    number: str,
    outside: bool,  # Any: JSON
) -> None:
    call = read(listed(CLERK, **fields))
    assert (far(call).extension, far(call).outside) == (number, outside)
    assert not call.views[0].outside


def test_the_numbering_of_the_rules_tells_where_the_flow_does_not() -> None:
    """In this system extensions have four digits; in another one only those of its directory are extensions."""
    four = listed("2001", source=["2001"], destination=["2002"])
    assert far(read(four)).outside
    assert not far(read(four, numbering=Numbering(pattern="[0-9]{4}"))).outside
    few = Numbering(numbers=frozenset({CLERK}))
    assert far(read(listed(CLERK, source=[CLERK], destination=[GUARD]), numbering=few)).outside


def test_a_listed_view_is_that_of_an_extension_whatever_its_number_looks_like() -> None:
    call = read(
        listed(SHOP, flow=OUTGOING, source=[SHOP], destination=["118"]),
        listed("118", id="01", flow=OUTGOING, source=[SHOP], destination=["118"]),
    )
    assert [(view.extension, view.outside) for view in call.views] == [(SHOP, False), ("118", False)]


def test_parties_of_a_listing_without_views_are_outside() -> None:
    assert [view.outside for view in read().views] == [True, True]


def test_an_emergency_number_is_parked_and_never_parks() -> None:
    call = read(listed(CLERK, flow=OUTGOING, source=[CLERK], destination=["118"]))
    call = unwrap(apply_action(call, Park(call_id="desk1", view_id="00", extension=CLERK), at=at(30)))
    assert [view.state for view in call.views] == [ViewState.ENDED, ViewState.PARKED]
    shown = msgspec.json.decode(encode_call(call))["phoneCallView"][0]
    assert (shown["extension"], shown["parkedBy"]) == (CLERK, CLERK)


# Calling out from a public number -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [("1", "TRYING"), ("2", "TRYING"), ("3", "TRYING"), ("4", "RINGING"), ("5", "CONNECTED"), ("0", "UNKNOWN")],
)
def test_a_call_out_shows_its_public_number_as_its_source(status: str, state: str) -> None:
    call = read(listed(CLERK, status=status, flow=OUTGOING, source=["0730999000"], destination=[SHOP]))
    assert places(call) == [(CLERK, 0), (SHOP, 1)]
    assert (call.views[1].state, call.views[1].outside, call.views[1].waits) == (state, True, status == "3")


def test_a_call_out_to_an_extension_that_is_its_destination_stands_at_the_called_end() -> None:
    call = read(listed(CLERK, flow=OUTGOING, source=["0730999000"], destination=["310"]))
    assert places(call) == [(CLERK, 1), ("0730999000", 0)]


@pytest.mark.parametrize("flow", [LOCAL, INCOMING, None])
def test_only_a_call_out_stands_at_the_calling_end_without_being_its_source(flow: str | None) -> None:
    call = read(listed(CLERK, flow=flow, source=["0730999000"], destination=[SHOP]))
    assert places(call) == [(CLERK, 1), ("0730999000", 0)]


# Who is parked --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "source", "destination", "party", "side"),
    [
        (OUTGOING, ["0730999000"], [SHOP], SHOP, 1),
        (OUTGOING, [CLERK], ["118"], "118", 1),
        (OUTGOING, ["0730999000"], ["anonymous"], "", 1),
        (INCOMING, ["118"], [CLERK], "118", 0),
        (INCOMING, [], [CLERK], "", 0),
        (None, [SHOP], [CLERK], SHOP, 0),
        (None, [CLERK], [GUARD, SHOP], SHOP, 1),
        (None, ["310"], [], "", 1),
    ],
)
def test_who_is_parked_under_the_parkers_number_is_the_outside_party_of_the_other_end(
    flow: str | None, source: list[str], destination: list[str], party: str, side: int
) -> None:
    shown = listed(CLERK, **PARKED, parkedBy=CLERK, flow=flow, source=source, destination=destination)
    (view,) = read(shown).views
    assert view.parking is not None
    assert (view.extension, view.outside, view.side, view.parking.side) == (party, True, side, 1 - side)


def test_who_is_parked_under_another_number_is_that_extension() -> None:
    (view,) = read(listed(GUARD, **PARKED, parkedBy=CLERK, flow=OUTGOING, source=[SHOP], destination=[SHOP])).views
    assert (view.extension, view.outside, view.side) == (GUARD, False, 1)


def test_a_second_parked_party_at_one_end_never_stands_where_its_lot_is() -> None:
    """No phone system lists such a call, and it can be read all the same."""
    call = read(
        listed(CLERK, source=[PORTER], destination=[CLERK]),
        listed(GUARD, id="01", **PARKED, parkedBy=PORTER, source=[PORTER], destination=[GUARD]),
    )
    parked = call.views[1]
    assert parked.parking is not None
    assert (parked.side, parked.parking.side) == (2, 0)


# Where several stand --------------------------------------------------------------------------------------------------


def test_an_outside_party_that_is_not_listed_has_not_left_though_its_number_looks_like_an_extension() -> None:
    first = listed(CLERK, flow=INCOMING, source=["118"], destination=[CLERK])
    second = listed(GUARD, id="01", flow=INCOMING, source=["118"], destination=[GUARD])
    assert places(read(first, second)) == [(CLERK, 1), (GUARD, 2), ("118", 0)]
    shown = [view | {"flow": LOCAL} for view in (first, second)]
    assert places(read(*shown)) == [(CLERK, 1), (GUARD, 0)]


def test_a_party_without_a_number_is_found_by_none() -> None:
    parked = listed(CLERK, **PARKED, parkedBy=CLERK, source=[], destination=[CLERK])
    rings = listed(GUARD, id="01", status="3", source=[SHOP], destination=[GUARD])
    assert places(read(parked, rings)) == [("", 0), (GUARD, 1)]


def test_flows_of_a_listing_are_kept() -> None:
    assert read(listed(CLERK, flow=8)).views[0].flow is Flow.INCOMING


def test_several_supervisors_listen_to_one_party_that_waits() -> None:
    waits = listed(CLERK, status="4", source=[PORTER], destination=[CLERK])
    first = listed(GUARD, id="01", source=[CLERK], destination=[GUARD])
    second = listed("0007*313", id="02", source=["310"], destination=["0007*313"])
    call = read(waits, first, second)
    assert [view.target for view in call.views if view.listed] == [None, "00", "00"]
