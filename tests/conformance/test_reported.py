"""Traces as services and recorders write them: byte order marks, ids used twice, empty fields, signals of hold."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from callstate import LENIENT, CreateSimple, Numbering, PhoneCall, create_call
from callstate.conformance import Divergence, UnreadableLineError, record, record_listing, record_start
from callstate.conformance.judge import Judge
from tests.calls import ALICE, BOB, CALL, CAROL, at, connected, held, over

Json = dict[str, Any]  # Any: JSON
CREATE: Json = {"kind": "simple", "extension": ALICE, "source": [ALICE], "destination": [CAROL]}
DONE, DENIED = {"status": 200}, {"status": 400, "error": "pc_phonecall_invalid"}


def line(seconds: float, **fields: Any) -> bytes:  # Any: JSON
    return json.dumps({"at": at(seconds).isoformat(), "call": CALL} | fields).encode()


def judged(*lines: bytes, start: PhoneCall | None = None) -> list[Divergence | None]:
    judge = Judge()
    if start is not None:
        judge.judge(record_start(start, at=at(10)))
    return [judge.judge(told) for told in lines]


def listing(call: PhoneCall) -> Json:
    found: Json = json.loads(record_listing(call, at=at(10)))["listed"]
    return found


# An id in use ---------------------------------------------------------------------------------------------------------


def test_an_id_in_use_cannot_be_created_again() -> None:
    again = line(5, create=CREATE, answer=DENIED)
    assert judged(line(0, create=CREATE, answer=DONE), again) == [None, None]
    assert judged(again, start=connected()) == [None]
    (found,) = judged(line(20, create=CREATE, answer=DONE), start=connected())
    assert found is not None
    assert (found.asked, found.told) == ("CreateSimple", "accepted")
    assert found.known.startswith("refused, 400 pc_phonecall_invalid.")
    assert CALL in found.known


def test_what_else_is_wrong_with_a_create_of_an_id_in_use_comes_later() -> None:
    broken = CREATE | {"source": []}
    assert judged(line(20, create=broken, answer=DENIED), start=connected()) == [None]


def test_the_call_that_has_the_id_goes_on() -> None:
    lines = line(20, create=CREATE, answer=DENIED), line(21, listed=listing(connected()))
    assert judged(*lines, start=connected()) == [None, None]


def test_the_id_of_a_call_that_is_over_is_not_in_use() -> None:
    assert judged(line(20, create=CREATE, answer=DONE), start=over()) == [None]
    first, second = line(0, create=CREATE, answer=DONE), line(26, create=CREATE, answer=DONE)
    assert judged(first, second) == [None, None], "nobody has answered for 25 seconds"


# Bytes ----------------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_part_of_a_line() -> None:
    marked = b"\xef\xbb\xbf" + line(20, listed=listing(connected()))
    assert judged(marked, b"\xef\xbb\xbf\r\n", marked) == [None, None, None]


@pytest.mark.parametrize("field", ["create", "request", "listed", "start"])
def test_a_line_nests_as_deep_as_it_likes(field: str) -> None:
    for depth in (*range(940, 1010), 100_000):
        deep = "[" * depth + "]" * depth
        told = f'{{"at":"2026-03-02T09:00:00Z","call":"c1","{field}":{{"kind":"simple","z":{deep}}}}}'.encode()
        judge = Judge()
        if field == "request":
            judge.judge(record_start(connected(), at=at(10)).replace(CALL.encode(), b"c1"))
        try:
            judge.judge(told)
        except UnreadableLineError as error:
            assert len(str(error)) < 200  # noqa: PT017  # it is one or the other, as the depth and the parser have it


# Signals of hold ------------------------------------------------------------------------------------------------------


def test_holds_that_the_network_reports_are_followed() -> None:
    lines = (
        line(8, signal="Held", view="00"),
        line(9, listed=listing(held())),
        line(10, signal="Held", view="00"),
        line(11, signal="Resumed", view="00"),
        line(12, listed=listing(connected())),
    )
    start = json.loads(record_start(connected(), at=at(7)))
    start["start"]["updated"] = at(7).isoformat()
    assert judged(json.dumps(start).encode(), *lines) == [None] * 6


def test_a_hold_of_a_party_that_rings_cannot_have_happened() -> None:
    start = line(0, create=CREATE, answer=DONE)
    found = judged(start, line(1, signal="Held", view="00"))[1]
    assert found is not None
    assert (found.asked, found.view_id) == ("Held", "00")


# What the trace says --------------------------------------------------------------------------------------------------


def test_a_hold_that_both_views_show_is_that_of_the_holder() -> None:
    shown = listing(held())
    shown["phoneCallView"][1]["onHold"] = shown["phoneCallView"][0]["onHold"]
    assert judged(line(20, listed=shown), start=held()) == [None]


def test_a_divergence_has_the_words_of_the_trace() -> None:
    shown = listing(held())
    first, second = shown["phoneCallView"]
    second |= {"onHold": first.pop("onHold")}
    del first["holder"]
    second["status"] = 5
    (found,) = judged(line(20, listed=shown), start=held())
    assert found is not None
    assert found.told == "view 00 onHold absent, view 00 holder absent, view 01 onHold 2026-03-02T09:00:08Z"
    assert found.known == "view 00 onHold 2026-03-02T09:00:08Z, view 00 holder 1, view 01 onHold absent"


def test_what_a_listing_leaves_out_and_the_reference_does_not_know_is_no_difference() -> None:
    """The date of a call's answer is worked out from its views' when the listing is read."""
    call = connected()
    bare = {name: value for name, value in listing(call).items() if name != "answered"}
    start = json.loads(record_start(call, at=at(10)))
    del start["start"]["answered"]
    assert judged(json.dumps(start).encode(), line(20, listed=bare | {"nonce": ""})) == [None, None]


@pytest.mark.parametrize("name", ["callerId", "callerID", "recording", "parked", "onHold"])
def test_an_empty_field_is_as_good_as_none(name: str) -> None:
    shown = listing(connected())
    for one in shown["phoneCallView"]:
        one[name] = ""
    assert judged(line(20, listed=shown | {"ownerName": ""}), start=connected()) == [None]


def test_the_other_spelling_of_a_name_is_shown_by_the_usual_one() -> None:
    shown = listing(connected())
    shown["phoneCallView"][1] |= {"callerID": "Bob <2>"}
    (found,) = judged(line(20, listed=shown), start=connected())
    assert found is not None
    assert (found.told, found.known) == ("view 01 callerId Bob <2>", "view 01 callerId absent")


def test_a_listing_is_read_with_the_time_of_its_line() -> None:
    """Its dates lie in the future; the deadline of a ringing phone counts from the line's time all the same."""
    shown = listing(connected())
    shown["published"] = "2036-03-02T09:00:00Z"
    ask = {"action": "BargeIn", "phoneCallViewId": "00", "sendCallTo": CAROL, "waitForPickup": 10}
    lines = (
        line(20, listed=shown),
        line(21, request=ask, extension=BOB, answer={"status": 202}),
        line(32, listed=shown),
    )
    assert judged(*lines) == [None] * 3


# Numbers --------------------------------------------------------------------------------------------------------------


def test_a_line_tells_which_of_its_numbers_are_extensions_if_they_look_otherwise() -> None:
    numbering = Numbering(numbers=frozenset({ALICE}))
    create = CreateSimple(call_id=CALL, extension=ALICE, source=(ALICE,), destination=("999",))
    made = create_call(create, at=at(0), rules=replace(LENIENT, numbering=numbering))
    told = json.loads(record(create, made, at=at(0), numbering=numbering))
    assert told["extensions"] == [ALICE]
    assert judged(json.dumps(told).encode()) == [None]
    del told["extensions"]
    (found,) = judged(json.dumps(told).encode())
    assert found is not None, "999 looks like an extension"


def test_a_number_that_is_no_extension_is_refused_before_the_state_is() -> None:
    ask = {"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": "0003*999"}
    fields = {"request": ask, "answer": {"status": 400, "error": "pc_sendcallto_invalid"}}
    created = line(0, create=CREATE, answer=DONE)
    assert judged(created, line(1, **fields, extensions=[ALICE])) == [None, None]
    (_, found) = judged(created, line(1, **fields))
    assert found is not None
    assert "pc_wrong_state" in found.known


@pytest.mark.parametrize("extensions", [["x"], ["210\n"], [""], "210", [210]])
def test_what_is_no_number_is_no_extension(extensions: object) -> None:
    with pytest.raises(UnreadableLineError):
        judged(line(0, create=CREATE, extensions=extensions))
