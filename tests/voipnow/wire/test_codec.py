"""The wire of one call: what is read, what is written, and that nothing at all makes a reader raise."""

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callstate.domain import (
    ACTIONS,
    Action,
    Answered,
    BargeIn,
    Check,
    Disposition,
    DomainError,
    EndReason,
    ErrorCode,
    Flow,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    Parking,
    PhoneCall,
    PhoneCallView,
    PickUp,
    Recording,
    Role,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    Whisper,
    unwrap,
)
from callstate.engine import apply_action
from callstate.voipnow.wire import (
    bodies,
    decode,
    decode_action,
    decode_call,
    encode_accepted,
    encode_call,
    encode_error,
    http_status,
    wire_code,
)

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
LINK = "https://x.x.x.x//uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333"
CALL_ID = "b817d2618fe6f1804333"
ASKER = "0003*210"
EAST_3 = timezone(timedelta(hours=3))
MINUTE = "2012-06-27T16:10:00+03:00"
AT_MINUTE = datetime(2012, 6, 27, 16, 10, tzinfo=EAST_3)

Json = dict[str, Any]  # Any: a JSON value of any shape


def view_json(**fields: object) -> Json:
    """Build a view on call between the seed's two numbers, with other fields."""
    return {
        "id": "01",
        "extension": "0003*210",
        "status": "5",
        "source": ["0003*024"],
        "destination": ["0003*210"],
        **fields,
    }


def call_json(*views: Json, **fields: object) -> Json:
    return {"id": CALL_ID, "extension": ASKER, "phoneCallView": list(views), **fields}


def read(*views: Json, **fields: object) -> PhoneCall:
    call = decode_call(json.dumps(call_json(*views, **fields)))
    assert isinstance(call, PhoneCall), call
    return call


def refused(*views: Json, **fields: object) -> DomainError:
    error = decode_call(json.dumps(call_json(*views, **fields)))
    assert isinstance(error, DomainError)
    assert (error.code, error.check, error.action) == (ErrorCode.BODY_INVALID, Check.ACTION, "PhoneCall")
    return error


def action_of(body: Json) -> Action | DomainError:
    return decode_action(json.dumps(body), call_id=CALL_ID, extension=ASKER)


def field_of(body: Json, field: str) -> object:
    """Read a body that must be an action, and return one field of it."""
    action = action_of(body)
    assert not isinstance(action, DomainError), action
    return getattr(action, field)


# The seed's examples --------------------------------------------------------------------------------------------------


def test_the_seeds_call_on_hold_is_read() -> None:
    call = decode_call((EXAMPLES / "call.json").read_bytes())
    answered = datetime(2012, 6, 27, 16, 8, 55, tzinfo=EAST_3)
    published = datetime(2012, 6, 27, 16, 8, 50, tzinfo=timezone(timedelta(hours=2)))
    numbers: Json = {"source": ("0003*024",), "destination": ("0003*210",)}
    assert call == PhoneCall(
        id=CALL_ID,
        extension="0003*210",
        owner_id="3",
        owner_name="Default Organization",
        answered=answered,
        published=published,
        updated=published,  # the seed publishes the call later than it is held: 14:08:50 against 13:10:00 in UTC
        views=(
            PhoneCallView(
                id="01",
                extension="0003*210",
                state=ViewState.ON_HOLD,
                side=1,
                answered=answered,
                on_hold=AT_MINUTE,
                caller_id="John Doe <3334444>",
                **numbers,
            ),
            PhoneCallView(
                id="02",
                extension="0003*024",
                state=ViewState.CONNECTED,
                side=0,
                listed=False,
                answered=answered,
                **numbers,
            ),
        ),
    )


def test_the_seeds_call_taken_off_hold_is_written_byte_for_byte() -> None:
    call = decode_call((EXAMPLES / "call.json").read_bytes())
    assert isinstance(call, PhoneCall)
    held, far = call.views
    resumed = msgspec.structs.replace(held, state=ViewState.CONNECTED, on_hold=None)
    call = msgspec.structs.replace(call, views=(resumed, far))
    assert encode_call(call, link=LINK) == (EXAMPLES / "listed.json").read_bytes()


def test_the_seeds_list_answer_comes_back_byte_for_byte() -> None:
    listed = (EXAMPLES / "listed.json").read_bytes()
    call = decode_call(listed)
    assert isinstance(call, PhoneCall)
    assert encode_call(call, link=LINK) == listed


def test_the_call_on_hold_comes_back_with_all_it_says() -> None:
    text = (EXAMPLES / "call.json").read_text()
    call = decode_call(text)
    assert isinstance(call, PhoneCall)
    assert encode_call(call, link=LINK) == msgspec.json.encode(json.loads(text))


def test_the_seeds_request_is_read() -> None:
    action = decode_action((EXAMPLES / "offhold.json").read_bytes(), call_id=CALL_ID, extension=ASKER)
    assert action == OffHold(call_id=CALL_ID, extension=ASKER, view_id="01")


def test_the_seeds_accepted_answer_is_written_byte_for_byte() -> None:
    call = read(view_json())
    assert encode_accepted(call, extension=ASKER, link=LINK) == (EXAMPLES / "accepted.json").read_bytes()


def test_the_accepted_answer_names_the_extension_of_the_request() -> None:
    call = read(view_json(), extension="210")
    assert json.loads(encode_accepted(call, extension="0003*024", link=LINK))["extension"] == "0003*024"


def test_the_seeds_list_with_its_comma_missing_is_told_with_the_place() -> None:
    broken = (EXAMPLES / "listed.json").read_bytes().replace(b'],"link"', b']"link"')
    error = decode_call(broken)
    assert isinstance(error, DomainError)
    place = broken.index(b'"link"')
    assert f"byte {place}" in error.message


# The vendor's other examples ------------------------------------------------------------------------------------------


def test_a_call_of_a_short_number_is_read() -> None:
    """An entry of the vendor's collection, its first view completed."""
    text = """{"entry":[{"id":"b817d2618fe6f1804db1","extension":"210","ownerId":"3","ownerName":"Default Organization",
      "answered":"2012-06-27T16:08:55+03:00","published":"2012-06-27T16:08:50+02:00",
      "phoneCallView":[{"id":"00","extension":"210","answered":"2012-06-27T16:08:55+03:00","status":"5"}]}]}"""
    call = decode_call(json.dumps(json.loads(text)["entry"][0]))
    assert isinstance(call, PhoneCall)
    assert [(view.id, view.extension, view.state) for view in call.views] == [
        ("00", "210", ViewState.CONNECTED),
        ("01", "", ViewState.CONNECTED),
    ]


def test_a_call_without_link_is_read() -> None:
    text = """{"id":"b817d2618fe6f1804333","extension":"0003*210","ownerId":"3","ownerName":"Default Organization",
      "answered":"2012-06-27T16:08:55+03:00","published":"2012-06-27T16:08:50+02:00",
      "phoneCallView":[{"id":"01","extension":"0003*210","answered":"2012-06-27T16:08:55+03:00","status":"5",
        "callerId":"John Doe <3334444>","source":["0003*024"],"destination":["0003*210"]}]}"""
    call = decode_call(text)
    assert isinstance(call, PhoneCall)
    assert encode_call(call) == msgspec.json.encode(json.loads(text))


def test_a_call_that_rings_its_two_sources_is_read() -> None:
    call = decode_call("""{"id":"b817d2618fe6f1804333","nonce":"130c5a97768be67df6543b5f5fa3cc51",
      "extension":"0003*210","ownerId":"53tete535","ownerName":"53tete535",
      "published":"2011-02-10T15:04:55Z","answered":"2011-02-10T15:10:55Z","phoneCallView":[
      {"id":"00","extension":"0003*210","source":["0003*211","0003*210"],"destination":["3334444"],"flow":4,"status":3,
       "ringing":"2011-02-10T15:04:55Z","callerID":"John Doe <3332222>"},
      {"id":"01","extension":"0003*211","source":["0003*211","0003*210"],"destination":["3334444"],"flow":4,"status":3,
       "ringing":"2011-02-10T15:04:55Z","callerID":"John Doe <3332222>"}],"links":{"self":"..."}}""")
    assert isinstance(call, PhoneCall)
    ringing: Json = {
        "state": ViewState.RINGING,
        "side": 0,
        "flow": Flow.OUTGOING,
        "ringing": datetime(2011, 2, 10, 15, 4, 55, tzinfo=UTC),
        "caller_id": "John Doe <3332222>",
    }
    numbers: Json = {"source": ("0003*211", "0003*210"), "destination": ("3334444",)}
    assert call.views == (
        PhoneCallView(id="00", extension="0003*210", **ringing, **numbers),
        PhoneCallView(id="01", extension="0003*211", **ringing, **numbers),
        PhoneCallView(
            id="02",
            extension="3334444",
            state=ViewState.TRYING,
            side=1,
            listed=False,
            outside=True,
            waits=True,
            **numbers,
        ),
    )
    assert call.nonce == "130c5a97768be67df6543b5f5fa3cc51"
    assert call.updated == datetime(2011, 2, 10, 15, 10, 55, tzinfo=UTC)


# Tolerant reading -----------------------------------------------------------------------------------------------------


def test_ids_and_numbers_may_come_as_json_numbers() -> None:
    call = read(
        view_json(id=7, extension=210, source=[211], destination=210, callerId=5), id=444444, extension=210, ownerId=3
    )
    view = call.views[0]
    assert (call.id, call.extension, call.owner_id) == ("444444", "210", "3")
    assert (view.id, view.extension, view.source, view.destination) == ("7", "210", ("211",), ("210",))
    assert view.caller_id == "5"


@pytest.mark.parametrize("number", [lambda value: value, str], ids=["number", "string"])
def test_numbers_of_a_view_may_come_either_way(number: Any) -> None:  # Any: either of two functions
    view = read(view_json(status=number(5), flow=number(8), onHold=MINUTE, holder=number(1))).views[0]
    assert (view.state, view.flow) == (ViewState.ON_HOLD, Flow.INCOMING)
    parked = read(view_json(status=number(5), parked=MINUTE, parkedPos=number(7), parkedBy="0003*024")).views[0]
    assert parked.parking is not None
    assert parked.parking.position == 7


def test_source_and_destination_may_be_plain_strings() -> None:
    view = read(view_json(source="0003*024", destination="0003*210")).views[0]
    assert (view.source, view.destination) == (("0003*024",), ("0003*210",))


def test_the_usual_spelling_of_the_caller_id_counts_before_the_other() -> None:
    assert read(view_json(callerID="A <1>")).views[0].caller_id == "A <1>"
    assert read(view_json(callerId=None, callerID="A <1>")).views[0].caller_id == "A <1>"
    assert read(view_json(callerId="B <2>", callerID="A <1>")).views[0].caller_id == "B <2>"


def test_null_is_absent_and_unknown_fields_are_ignored() -> None:
    bare = read(view_json())
    nothing = dict.fromkeys(("onHold", "holder", "parked", "parkedPos", "parkedBy", "recording", "flow", "callerId"))
    assert read(view_json(**nothing, disposition="nonsense", x=[1]), ownerId=None, link=4, y={}) == bare


def test_a_call_that_lists_nobody_has_two_parties_of_whom_nothing_is_known() -> None:
    """A service lists no call that is over, so somebody must be there: as in a callback between outside numbers."""
    call = read()
    assert standing(call) == [("", 0, ViewState.UNKNOWN, False), ("", 1, ViewState.UNKNOWN, False)]
    assert [view.id for view in call.views] == ["00", "01"]
    answered = unwrap(apply_action(call, Answered(call_id=CALL_ID, view_id="00"), at=AT_MINUTE))
    assert answered.views[0].state is ViewState.ANSWERED
    assert unwrap(apply_action(call, HangUp(call_id=CALL_ID), at=AT_MINUTE)).over
    assert json.loads(encode_call(call)) == {"id": CALL_ID, "extension": ASKER, "phoneCallView": []}


def test_views_are_put_in_the_order_of_their_ids() -> None:
    call = read(view_json(id="10"), view_json(id="9", extension="0003*024"))
    assert [view.id for view in call.views] == ["9", "10"]


def test_updated_is_the_latest_date_of_all() -> None:
    names = ("published", "answered")
    dates = [f"2012-06-27T16:10:0{second}Z" for second in range(7)]
    for latest in range(7):
        moved = dates[latest:] + dates[:latest]  # each kind of date is the latest once
        first, second, ringing, answered, held, parked, recorded = moved
        held_call = read(
            view_json(ringing=ringing, answered=answered, onHold=held, recording=recorded),
            view_json(id="02", extension="0003*024", parked=parked, parkedPos=1, parkedBy=ASKER),
            **dict(zip(names, (first, second), strict=True)),
        )
        assert held_call.updated == datetime.fromisoformat(dates[-1])


def test_a_call_without_any_date_was_never_updated() -> None:
    assert read(view_json()).updated is None


def test_a_call_on_call_without_its_date_was_answered_when_the_first_view_was() -> None:
    early, late = "2012-06-27T16:00:00+03:00", "2012-06-27T15:00:00+01:00"
    caller = view_json(id="02", extension="0003*024", answered=late)
    assert read(view_json(answered=early), caller).answered == datetime.fromisoformat(early)
    assert read(view_json(answered=early), caller, answered=late).answered == datetime.fromisoformat(late)
    assert read(view_json(), view_json(id="02", extension="0003*024")).answered is None


def test_who_is_parked_or_holds_is_on_call() -> None:
    for facet in ({"onHold": MINUTE}, {**PARKED, "parkedBy": "0003*024"}):
        assert read(view_json(answered=MINUTE, **facet)).answered == AT_MINUTE


def test_a_call_that_nobody_is_on_was_not_answered() -> None:
    assert read(view_json(status=4, answered=MINUTE)).answered is None


# States ---------------------------------------------------------------------------------------------------------------

STATUSES = [
    (0, ViewState.UNKNOWN),
    (1, ViewState.OFF_HOOK),
    (2, ViewState.TRYING),
    (3, ViewState.RINGING),
    (4, ViewState.ANSWERED),
    (5, ViewState.CONNECTED),
]


@pytest.mark.parametrize(("status", "state"), STATUSES)
def test_each_status_is_a_state_and_is_written_as_a_string(status: int, state: ViewState) -> None:
    call = read(view_json(status=status))
    assert call.views[0].state is state
    assert json.loads(encode_call(call))["phoneCallView"][0]["status"] == str(status)


@pytest.mark.parametrize("holder", [{}, {"holder": "1"}, {"holder": 0}])
def test_a_hold_is_the_views_own_with_holder_or_without(holder: Json) -> None:
    view = read(view_json(onHold=MINUTE, **holder)).views[0]
    assert (view.state, view.on_hold) == (ViewState.ON_HOLD, AT_MINUTE)


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4])
def test_a_hold_without_a_call_is_refused(status: int) -> None:
    error = refused(view_json(status=status, onHold=MINUTE))
    assert (error.parameter, error.value) == ("phoneCallView[0].status", str(status))


def test_parked_wins_over_a_hold() -> None:
    view = read(view_json(onHold=MINUTE, parked=MINUTE, parkedPos="7", parkedBy="0003*024")).views[0]
    assert (view.state, view.on_hold) == (ViewState.PARKED, None)
    assert view.parking == Parking(since=AT_MINUTE, position=7, by="0003*024", side=0)


@pytest.mark.parametrize("missing", ["parkedPos", "parkedBy"])
def test_a_parked_view_needs_its_position_and_its_parker(missing: str) -> None:
    error = refused(view_json(**{"parked": MINUTE, "parkedPos": "7", "parkedBy": "0003*024", missing: None}))
    assert (error.parameter, error.value) == (f"phoneCallView[0].{missing}", None)


@pytest.mark.parametrize("position", [0, 101, -1, "0", "101", "", "x", 7.0, True, 10**30])
def test_a_position_outside_of_the_lot_is_refused(position: object) -> None:
    error = refused(view_json(parked=MINUTE, parkedPos=position, parkedBy="0003*024"))
    assert error.parameter == "phoneCallView[0].parkedPos"


@pytest.mark.parametrize("up", [{"status": 4}, {}, {"onHold": MINUTE}, {"parked": MINUTE}])
def test_who_is_up_may_be_recorded(up: Json) -> None:
    view = read(view_json(recording=MINUTE, parkedPos=1, parkedBy="0003*024", **up)).views[0]
    assert view.recording == Recording(since=AT_MINUTE, format="wav")


@pytest.mark.parametrize("status", [0, 1, 2, 3])
def test_who_is_not_up_cannot_be_recorded(status: int) -> None:
    error = refused(view_json(status=status, recording=MINUTE))
    assert (error.parameter, error.value) == ("phoneCallView[0].recording", MINUTE)


# Who stands where -----------------------------------------------------------------------------------------------------


def standing(call: PhoneCall) -> list[tuple[str, int | None, ViewState, bool]]:
    return [(view.extension, view.side, view.state, view.listed) for view in call.views]


def test_a_number_in_its_source_is_the_calling_side() -> None:
    call = read(view_json(extension="0003*024"), view_json(id="02"))
    assert standing(call) == [
        ("0003*024", 0, ViewState.CONNECTED, True),
        ("0003*210", 1, ViewState.CONNECTED, True),
    ]


@pytest.mark.parametrize(
    ("status", "far"),
    [
        (0, ViewState.UNKNOWN),
        (1, ViewState.TRYING),
        (2, ViewState.TRYING),
        (3, ViewState.ANSWERED),
        (4, ViewState.RINGING),
        (5, ViewState.CONNECTED),
    ],
)
def test_the_caller_that_is_not_listed_stands_as_fits_the_called(status: int, far: ViewState) -> None:
    call = read(view_json(status=status))
    assert standing(call)[1] == ("0003*024", 0, far, False)
    assert not call.views[1].waits


@pytest.mark.parametrize(
    ("status", "far"),
    [
        (0, ViewState.UNKNOWN),
        (1, ViewState.TRYING),
        (2, ViewState.TRYING),
        (3, ViewState.TRYING),
        (4, ViewState.RINGING),
        (5, ViewState.CONNECTED),
    ],
)
def test_the_called_that_is_not_listed_stands_as_fits_the_caller(status: int, far: ViewState) -> None:
    call = read(view_json(status=status, extension="0003*024"))
    assert standing(call)[1] == ("0003*210", 1, far, False)
    assert call.views[1].waits is (status == 3)  # the service rings its source first


def test_who_faces_a_held_call_is_connected() -> None:
    assert standing(read(view_json(onHold=MINUTE)))[1] == ("0003*024", 0, ViewState.CONNECTED, False)


def test_the_far_party_answered_when_the_listed_one_did() -> None:
    assert read(view_json(answered=MINUTE)).views[1].answered == AT_MINUTE
    assert read(view_json(status=3, answered=MINUTE)).views[1].answered is None


def test_the_far_party_knows_source_and_destination() -> None:
    """Without them nobody could tell its number once it is parked, and shown under another."""
    far = read(view_json()).views[1]
    assert (far.source, far.destination) == (("0003*024",), ("0003*210",))


def test_of_several_listed_ones_the_far_party_fits_the_furthest() -> None:
    call = read(view_json(status=2), view_json(id="02", extension="0003*211", status=3))
    assert standing(call)[2] == ("0003*024", 0, ViewState.ANSWERED, False)


def test_the_far_party_has_the_first_number_that_is_one() -> None:
    call = read(view_json(source=["anonymous", "3334444", "5"]))
    assert standing(call)[1][0] == "3334444"


@pytest.mark.parametrize("source", [None, [], "", "anonymous"])
def test_a_party_that_withholds_its_number_is_there_all_the_same(source: object) -> None:
    call = read(view_json(source=source))
    assert standing(call)[1] == ("", 0, ViewState.CONNECTED, False)


def test_a_caller_without_a_destination_calls_somebody() -> None:
    call = read(view_json(extension="0003*024", destination=None, status=4))
    assert standing(call)[1] == ("", 1, ViewState.RINGING, False)


def test_the_far_party_has_the_id_after_the_highest() -> None:
    assert read(view_json(id="0")).views[1].id == "01"
    assert read(view_json(id="99")).views[1].id == "100"


def test_a_third_party_that_is_up_stands_on_a_side_of_its_own() -> None:
    call = read(
        view_json(id="00", extension="0003*024"),
        view_json(id="01"),
        view_json(id="02", extension="0003*211"),
        view_json(id="03", extension="0003*212", onHold=MINUTE),
        view_json(id="04", extension="0003*213", status=3),
    )
    assert [view.side for view in call.views] == [0, 1, 2, 3, None]


def test_two_that_are_up_on_one_side_leave_the_other_one_to_a_party_from_outside() -> None:
    call = read(view_json(source=["3334444"]), view_json(id="02", extension="0003*211", source=["0003*210"]))
    assert standing(call) == [
        ("0003*210", 1, ViewState.CONNECTED, True),
        ("0003*211", 2, ViewState.CONNECTED, True),
        ("3334444", 0, ViewState.CONNECTED, False),
    ]


def test_two_that_are_up_are_the_two_ends_if_the_other_one_would_be_listed() -> None:
    """0003*024 called 0003*210 and transferred it to 0003*211: an extension that is not listed has left."""
    call = read(view_json(), view_json(id="02", extension="0003*211", source=["0003*210"], destination=["0003*211"]))
    assert standing(call) == [
        ("0003*210", 1, ViewState.CONNECTED, True),
        ("0003*211", 0, ViewState.CONNECTED, True),
    ]
    park = Park(call_id=CALL_ID, view_id="01")
    assert unwrap(apply_action(call, park, at=AT_MINUTE)).views[0].state is ViewState.PARKED


def test_what_rings_for_a_transferred_party_is_the_other_end() -> None:
    rings = view_json(id="02", extension="0003*211", status=3, source=["0003*210"], destination=["0003*211"])
    call = read(view_json(status=4), rings)
    assert standing(call) == [("0003*210", 1, ViewState.ANSWERED, True), ("0003*211", 0, ViewState.RINGING, True)]
    answered = unwrap(apply_action(call, Answered(call_id=CALL_ID, view_id="02"), at=AT_MINUTE))
    assert [view.state for view in answered.views] == [ViewState.CONNECTED] * 2


def test_what_rings_for_a_source_stands_with_it_although_the_destination_has_answered() -> None:
    """0003*024 is rung as the source, 0003*210 has answered first, and 0003*211 is rung to pick up for the source."""
    rings = view_json(id="02", extension="0003*211", status=3)
    call = read(view_json(id="00", extension="0003*024", status=3), view_json(status=4), rings)
    assert [(view.role, view.side) for view in call.views] == [(Role.PARTY, 0), (Role.PARTY, 1), (Role.PARTY, 0)]
    answered = unwrap(apply_action(call, Answered(call_id=CALL_ID, view_id="02"), at=AT_MINUTE))
    assert [view.state for view in answered.views] == [ViewState.ENDED, ViewState.CONNECTED, ViewState.CONNECTED]


@pytest.mark.parametrize("source", [["0003*024", "3334444"], ["3334444", "0003*024"]])
def test_of_two_sources_the_outside_one_may_be_there_in_whatever_order(source: list[str]) -> None:
    call = read(view_json(source=source), view_json(id="02", extension="0003*211", source=["0003*210"]))
    assert [view.side for view in call.views] == [1, 2, 0]


def test_what_rings_beside_two_that_talk_rings_to_join() -> None:
    rings = view_json(id="02", extension="0003*211", status=3, source=["0003*210"], destination=["0003*211"])
    call = read(view_json(id="00", extension="0003*024"), view_json(), rings)
    leg = call.views[2]
    assert (leg.role, leg.side, leg.target) == (Role.BARGE, None, "01")
    answered = unwrap(apply_action(call, Answered(call_id=CALL_ID, view_id="02"), at=AT_MINUTE))
    assert [(view.side, view.state) for view in answered.views] == [(side, ViewState.CONNECTED) for side in range(3)]


def test_what_rings_to_join_is_no_far_party() -> None:
    """The caller talks to somebody outside, whom no view shows, while a phone rings to join."""
    caller = view_json(extension="0003*024", destination=["3334444"])
    call = read(caller, view_json(id="02", extension="0003*211", status=3, destination=["0003*211"]))
    assert standing(call) == [
        ("0003*024", 0, ViewState.CONNECTED, True),
        ("0003*211", None, ViewState.RINGING, True),
        ("3334444", 1, ViewState.CONNECTED, False),
    ]
    assert call.views[1].target == "01"


def test_who_is_on_call_with_a_party_that_waits_listens_to_it() -> None:
    listens = view_json(id="02", extension="0003*211", source=["0003*210"], destination=["0003*211"])
    rings = view_json(id="03", extension="0003*212", status=3, source=["0003*210"], destination=["0003*212"])
    call = read(view_json(status=4), listens, rings)
    assert [(view.role, view.side, view.target) for view in call.views] == [
        (Role.PARTY, 1, None),
        (Role.MONITOR, None, "01"),
        (Role.PARTY, 0, None),
    ]


def test_two_ends_of_one_call_are_its_parties_whatever_their_status() -> None:
    call = read(view_json(extension="0003*024", status=4), view_json(id="02"))
    assert [(view.role, view.side) for view in call.views] == [(Role.PARTY, 0), (Role.PARTY, 1)]


PARKED: Json = {"parked": MINUTE, "parkedPos": "7"}


@pytest.mark.parametrize(("extension", "side"), [("0003*024", 0), ("0003*210", 1)])
def test_facing_a_parked_party_there_is_the_lot_and_nobody(extension: str, side: int) -> None:
    call = read(view_json(**PARKED, extension=extension, parkedBy="0003*211"))
    assert standing(call) == [(extension, side, ViewState.PARKED, True)]
    lot = call.views[0].parking
    assert lot == Parking(since=AT_MINUTE, position=7, by="0003*211", side=1 - side)


@pytest.mark.parametrize(
    ("source", "destination", "side"),
    [(["3334444"], ["0003*210"], 0), (["0003*210"], ["0003*211", "3334444"], 1), (["0003*210"], ["x", "3334444"], 1)],
)
def test_a_party_from_outside_is_parked_under_the_number_of_its_parker(
    source: list[str], destination: list[str], side: int
) -> None:
    shown = view_json(**PARKED, parkedBy="0003*210", source=source, destination=destination)
    call = read(shown)
    assert standing(call) == [("3334444", side, ViewState.PARKED, True)]
    assert json.loads(encode_call(call))["phoneCallView"] == [shown]


@pytest.mark.parametrize(
    ("source", "destination", "side"),
    [(["anonymous"], ["0003*210"], 0), ([], ["0003*210"], 0), (["0003*210"], [], 1), (["0003*210"], ["x"], 1)],
)
def test_a_parked_party_that_withholds_its_number_is_not_its_own_parker(
    source: list[str], destination: list[str], side: int
) -> None:
    shown = view_json(**PARKED, parkedBy="0003*210", source=source, destination=destination)
    call = read(shown)
    assert standing(call) == [("", side, ViewState.PARKED, True)]
    retrieve = UnPark(call_id=CALL_ID, view_id="01", send_call_to="0003*210")
    assert unwrap(apply_action(call, retrieve, at=AT_MINUTE)).views[1].state is ViewState.RINGING


def test_a_party_parked_under_its_own_number_is_read_as_any_other() -> None:
    call = read(view_json(**PARKED, parkedBy="0003*210"))
    assert standing(call) == [("0003*210", 1, ViewState.PARKED, True)]


def test_a_phone_that_rings_beside_a_parked_party_stands_where_that_is_retrieved() -> None:
    call = read(
        view_json(**PARKED, parkedBy="0003*024"),
        view_json(id="02", extension="0003*211", status=3, source=["0003*210"], destination=["0003*211"]),
    )
    assert [view.side for view in call.views] == [1, 0]


# What cannot be read --------------------------------------------------------------------------------------------------

NO_TEXT: list[object] = [True, 1.5, [], {}]
NO_DATE: list[object] = [
    *NO_TEXT,
    0,
    " ",
    "2012-06-27",
    "2012-06-27T16:10:00",  # naive
    "10000-01-01T00:00:00Z",
    "2012-02-30T00:00:00Z",
    "9999-12-31T23:59:59.9999999Z",
]
NO_NUMBER: list[object] = [True, 1.5, [], {}, "", "x", "5.0", "-1", "\u0665", 9, -1, 10**30, "9" * 5000]


def bad(names: list[str], values: list[object]) -> list[tuple[str, object]]:
    return [(name, value) for name in names for value in values]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *bad(["id"], [*NO_TEXT, None, "", "a-b", "a/b", "a b", "é", "a\x00", "a" * 256, -1]),
        *bad(["extension"], [*NO_TEXT, None, "", "@self", "x", "1" * 65, -1]),
        *bad(["ownerId", "ownerName", "nonce"], NO_TEXT),
        *bad(["published", "answered"], NO_DATE),
        *bad(["phoneCallView"], [None, {}, "", 0, True]),
    ],
)
def test_a_bad_field_of_a_call_is_named(name: str, value: object) -> None:
    error = refused(view_json(), **{name: value})
    assert error.parameter == name
    assert error.value == (value if isinstance(value, str) else None if value is None else _compact(value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *bad(["id"], [*NO_TEXT, None, "", "x", "-1", -1, "1" * 256, "1" * 5000, "\u0665"]),
        *bad(["extension"], [*NO_TEXT, None, "", "@self", "anonymous", "1" * 65]),
        *bad(["status"], [*NO_NUMBER, None]),
        *bad(["flow"], [*(value for value in NO_NUMBER if value != ""), 3]),
        *bad(["source", "destination"], [True, 1.5, {}, [None], [[]], ["1", True]]),
        *bad(["callerId"], NO_TEXT),
        *bad(["ringing", "answered", "onHold", "parked", "recording"], NO_DATE),
    ],
)
def test_a_bad_field_of_a_view_is_named_with_its_place(name: str, value: object) -> None:
    error = refused(view_json(id="00", extension="0003*024"), view_json(**{name: value}))
    assert error.parameter == f"phoneCallView[1].{name}"
    assert error.value == (value if isinstance(value, str) else None if value is None else _compact(value))


def test_a_parker_that_is_no_number_is_named() -> None:
    assert refused(view_json(**PARKED, parkedBy="x")).parameter == "phoneCallView[0].parkedBy"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("value", [None, 1, "x", []])
def test_a_view_that_is_no_object_is_named_with_its_place(value: object) -> None:
    error = decode_call(json.dumps({**call_json(view_json()), "phoneCallView": [view_json(), value]}))
    assert isinstance(error, DomainError)
    assert (error.code, error.parameter) == (ErrorCode.BODY_INVALID, "phoneCallView[1]")


@pytest.mark.parametrize("second", ["01", "1", 1, "0001"])
def test_two_views_of_one_number_are_refused(second: object) -> None:
    error = refused(view_json(), view_json(id="00"), view_json(id=second))
    assert (error.parameter, error.value) == ("phoneCallView[2].id", str(second))


def test_the_sentence_says_what_is_needed_and_what_was_found() -> None:
    assert refused(view_json(status=7)).message == (
        "PhoneCall refused: phoneCallView[0].status must be a status from 0 to 5, not '7'."
    )
    assert refused(view_json(status=None)).message == (
        "PhoneCall refused: phoneCallView[0].status is missing; it must be a status from 0 to 5."
    )


NO_JSON: list[bytes | str] = [
    b"",
    b" ",
    b"\x00",
    b'{"id":"\x00"}',
    b"{",
    b'{"id":',
    b"{} {}",
    b"{'id':1}",
    b'{"id":NaN}',
    b'{"id":1e999}',
    b'{"id":' + b"9" * 5000 + b"}",
    b'{"id":"\xff"}',
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b'{"id":"\\ud800"}',
    "",
    "\ufeff{}",
    '{"id":"\ud800"}',
    "\ud800",
    b"[" * 10_000_000,
    b'{"id":' * 1_000_000,
    "[" * 10_000_000,
]


@pytest.mark.parametrize("data", NO_JSON, ids=lambda data: ascii(data[:20]))
def test_what_is_no_json_is_refused(data: bytes | str) -> None:
    call = decode_call(data)
    action = decode_action(data, call_id=CALL_ID, extension=ASKER)
    for error, what in ((call, "PhoneCall"), (action, "PhoneCallAction")):
        assert isinstance(error, DomainError)
        assert (error.code, error.check, error.action) == (ErrorCode.BODY_INVALID, Check.ACTION, what)
        assert error.message.startswith(f"{what} refused: ")
        assert len(error.message) < 300


@pytest.mark.parametrize("data", ["null", "1", '"{}"', "[]", "[{}]", "true"])
def test_what_is_no_object_is_refused(data: str) -> None:
    for error in (decode_call(data), decode_action(data, call_id=CALL_ID, extension=ASKER)):
        assert isinstance(error, DomainError)
        assert (error.code, error.parameter) == (ErrorCode.BODY_INVALID, "body")
        assert error.reason.startswith("body must be a JSON object, not ")


def test_a_body_nested_up_to_the_limit_is_read_or_refused() -> None:
    """Just below the limit of the parser the body is parsed, and what shows a value must not fail over it."""
    for depth in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit() + 10):
        deep = "[" * depth + "]" * depth
        decode_call(f'{{"id":{deep}}}')
        decode_action(f'{{"action":"OnHold","phoneCallViewId":{deep}}}', call_id=CALL_ID, extension=ASKER)


# Actions --------------------------------------------------------------------------------------------------------------

NAMED: Json = {"call_id": CALL_ID, "extension": ASKER}
TO: Json = {"sendCallTo": "0003*024", "callerId": "John Doe <42420042>", "waitForPickup": "20", "phoneCallViewId": "01"}
TO_FIELDS: Json = {
    "send_call_to": "0003*024",
    "caller_id": "John Doe <42420042>",
    "wait_for_pickup": "20",
    "view_id": "01",
}


@pytest.mark.parametrize(
    ("body", "action"),
    [
        ({"action": "OnHold", "phoneCallViewId": "01"}, OnHold(**NAMED, view_id="01")),
        (
            {"action": "Park", "maxInParking": "30", "phoneCallViewId": "01"},
            Park(**NAMED, view_id="01", max_in_parking="30"),
        ),
        (
            {"action": "Park", "maxInParking": 180, "phoneCallViewId": "01"},
            Park(**NAMED, view_id="01", max_in_parking=180),
        ),
        ({"action": "Park", "phoneCallViewId": "01"}, Park(**NAMED, view_id="01")),
        ({"action": "UnPark", **TO}, UnPark(**NAMED, **TO_FIELDS)),
        ({"action": "PickUp", **TO}, PickUp(**NAMED, **TO_FIELDS)),
        ({"action": "BargeIn", **TO}, BargeIn(**NAMED, **TO_FIELDS)),
        ({"action": "Monitor", **TO}, Monitor(**NAMED, **TO_FIELDS)),
        ({"action": "Whisper", **TO, "private": 0}, Whisper(**NAMED, **TO_FIELDS, private=0)),
        ({"action": "Whisper", **TO, "private": "1"}, Whisper(**NAMED, **TO_FIELDS, private="1")),
        (
            {
                "action": "Transfer",
                "sendCallTo": "3334444",
                "transferFromNumber": "0003*024",
                "transferNumber": "0003*210",
            },
            Transfer(**NAMED, send_call_to="3334444", transfer_from_number="0003*024", transfer_number="0003*210"),
        ),
        (
            {"action": "Transfer", "sendCallTo": "3334444", "phoneCallViewId": "01"},
            Transfer(**NAMED, send_call_to="3334444", view_id="01"),
        ),
        (
            {"action": "TransferToVoicemail", "sendCallTo": "0003*002", "transferNumber": "0003*001"},
            TransferToVoicemail(**NAMED, send_call_to="0003*002", transfer_number="0003*001"),
        ),
        (
            {"action": "StartRecording", "format": "wav49", "phoneCallViewId": "01"},
            StartRecording(**NAMED, view_id="01", format="wav49"),
        ),
        ({"action": "StopRecording", "phoneCallViewId": "01"}, StopRecording(**NAMED, view_id="01")),
        ({"action": "HangUp"}, HangUp(**NAMED)),
        (
            {"action": "HangUp", "phoneCallViewId": "01", "phoneNumber": "8887777"},
            HangUp(**NAMED, view_id="01", phone_number="8887777"),
        ),
    ],
)
def test_each_action_is_read(body: Json, action: Action) -> None:
    assert action_of(body) == action
    assert action_of({**body, "unknown": [1], "position": 9, "extension": "x", "phoneCallId": "y"}) == action


def test_every_word_of_the_vocabulary_is_read() -> None:
    assert [type(action_of({"action": kind.__name__})) for kind in ACTIONS] == list(ACTIONS)


def test_the_old_spelling_of_the_wait_is_read() -> None:
    assert field_of({"action": "PickUp", "waitForPickUp": 40}, "wait_for_pickup") == 40
    assert field_of({"action": "PickUp", "waitForPickUp": 40, "waitForPickup": 20}, "wait_for_pickup") == 20
    whole = {"action": "PickUp", "phoneCallViewId": "01", "sendCallTo": "210", "waitForPickUp": 40, "callerID": "J"}
    assert (field_of(whole, "wait_for_pickup"), field_of(whole, "caller_id")) == (40, "J")


@pytest.mark.parametrize("word", [None, "", "offhold", "OFFHOLD", "OffHold ", "Answered", "Dialled", "x" * 1000])
def test_a_word_that_is_no_action_is_refused(word: str | None) -> None:
    error = action_of({"action": word, "phoneCallViewId": "01"})
    assert isinstance(error, DomainError)
    assert (error.code, error.check, error.action) == (ErrorCode.ACTION_INVALID, Check.ACTION, "PhoneCallAction")
    assert (error.parameter, error.value) == ("action", word)
    assert "OffHold" in error.reason


@pytest.mark.parametrize(("word", "shown"), [(1, "1"), (True, "true"), ([], "[]"), ({"a": 1.0}, '{"a":1.0}')])
def test_a_word_that_is_no_text_is_refused(word: object, shown: str) -> None:
    error = action_of({"action": word})
    assert isinstance(error, DomainError)
    assert (error.code, error.parameter, error.value) == (ErrorCode.ACTION_INVALID, "action", shown)


def test_a_missing_word_is_refused() -> None:
    error = decode_action(b"{}", call_id=CALL_ID, extension=ASKER)
    assert isinstance(error, DomainError)
    assert (error.code, error.value) == (ErrorCode.ACTION_INVALID, None)


def test_a_required_field_that_is_missing_is_empty() -> None:
    for body in ({"action": "BargeIn"}, {"action": "BargeIn", "phoneCallViewId": None, "sendCallTo": None}):
        assert action_of(body) == BargeIn(**NAMED, view_id="", send_call_to="")


@pytest.mark.parametrize(
    ("value", "handed_on"),
    [
        ("", ""),
        ("20", "20"),
        (True, "true"),
        (False, "false"),
        (25.0, "25.0"),
        ([1, 2], "[1,2]"),
        ({"a": "é"}, '{"a":"é"}'),
        ("\x00", "\x00"),
    ],
)
def test_a_value_of_the_wrong_type_is_handed_on_as_its_json(value: object, handed_on: str) -> None:
    for name, field in (("phoneCallViewId", "view_id"), ("waitForPickup", "wait_for_pickup")):
        assert field_of({"action": "PickUp", name: value}, field) == handed_on


@pytest.mark.parametrize("number", [0, -1, 7, 10**30])
def test_a_number_stays_one_only_where_a_number_belongs(number: int) -> None:
    body = {"action": "Whisper", "waitForPickup": number, "private": number, "phoneCallViewId": number}
    assert field_of(body, "wait_for_pickup") == number
    assert field_of(body, "private") == number
    assert field_of(body, "view_id") == str(number)
    assert field_of({"action": "Transfer", "transferNumber": number}, "transfer_number") == str(number)


# Writing --------------------------------------------------------------------------------------------------------------


def test_every_field_is_written_in_the_order_of_the_wire() -> None:
    parked = PhoneCallView(
        id="00",
        extension="0003*210",
        state=ViewState.PARKED,
        side=1,
        source=("0003*024",),
        destination=("0003*210",),
        flow=Flow.OUTGOING,
        caller_id="A <1>",
        ringing=datetime(2012, 6, 27, 16, tzinfo=UTC),
        answered=datetime(2012, 6, 27, 16, 1, tzinfo=EAST_3),
        parking=Parking(since=AT_MINUTE, position=7, by="0003*024", side=0, seconds=30, until=AT_MINUTE),
        recording=Recording(since=datetime(2012, 6, 27, 16, 2, 0, 500_000, tzinfo=EAST_3), format="wav49"),
    )
    held = PhoneCallView(id="01", extension="0003*024", state=ViewState.ON_HOLD, side=0, on_hold=AT_MINUTE)
    call = PhoneCall(
        id="a1",
        extension="210",
        owner_id="3",
        owner_name="O",
        answered=AT_MINUTE,
        published=AT_MINUTE,
        nonce="n",
        views=(parked, held),
    )
    assert encode_call(call, link="u").decode() == (
        '{"id":"a1","extension":"210","ownerId":"3","ownerName":"O","answered":"2012-06-27T16:10:00+03:00",'
        '"published":"2012-06-27T16:10:00+03:00","nonce":"n","phoneCallView":['
        '{"id":"00","extension":"0003*210","ringing":"2012-06-27T16:00:00Z","answered":"2012-06-27T16:01:00+03:00",'
        '"status":"5","flow":"4","callerId":"A <1>","source":["0003*024"],"destination":["0003*210"],'
        '"recording":"2012-06-27T16:02:00.500000+03:00","parked":"2012-06-27T16:10:00+03:00","parkedPos":"7",'
        '"parkedBy":"0003*024"},'
        '{"id":"01","extension":"0003*024","status":"5","onHold":"2012-06-27T16:10:00+03:00","holder":"1"}],'
        '"link":{"self":"u"}}'
    )


def test_only_listed_live_views_are_written() -> None:
    ended = PhoneCallView(
        id="00",
        extension="211",
        state=ViewState.ENDED,
        side=0,
        ended=AT_MINUTE,
        disposition=Disposition.BUSY,
        reason=EndReason.REJECTED,
    )
    unlisted = PhoneCallView(id="01", extension="3334444", state=ViewState.ANSWERED, side=0, listed=False)
    listed = PhoneCallView(id="02", extension="210", state=ViewState.RINGING, side=1)
    call = PhoneCall(id="a1", extension="210", views=(ended, unlisted, listed))
    assert json.loads(encode_call(call))["phoneCallView"] == [{"id": "02", "extension": "210", "status": "3"}]


def test_a_parked_party_from_outside_is_written_under_the_number_of_its_parker() -> None:
    lot = Parking(since=AT_MINUTE, position=7, by="0003*024", side=0)
    view = PhoneCallView(id="00", extension="3334444", state=ViewState.PARKED, side=1, outside=True, parking=lot)
    call = PhoneCall(id="a1", extension="210", views=(view,))
    assert json.loads(encode_call(call))["phoneCallView"][0]["extension"] == "0003*024"


WIRE_CODES = {
    "PHONECALL_INVALID": "pc_phonecall_invalid",
    "PHONECALLVIEW_INVALID": "pc_phonecallview_invalid",
    "USER_INVALID": "user_invalid",
    "EXTENSION_INVALID": "extension_invalid",
    "ACCESS_DENIED": "access_denied",
    "COUNT_INVALID": "count_invalid",
    "START_INDEX_INVALID": "pc_startindex_invalid",
    "FILTER_BY_INVALID": "filterby_invalid",
    "FILTER_OP_INVALID": "filterop_invalid",
    "FILTER_VALUE_INVALID": "filtervalue_invalid",
    "FIELDS_INVALID": "fields_invalid",
    "SORT_ORDER_INVALID": "sortorder_invalid",
    "CALL_ENDED": "pc_phonecall_invalid",
    "BODY_INVALID": "pc_body_invalid",
    "ACTION_INVALID": "pc_action_invalid",
    "SEND_CALL_TO_INVALID": "pc_sendcallto_invalid",
    "CALLER_ID_INVALID": "pc_callerid_invalid",
    "WAIT_FOR_PICKUP_INVALID": "pc_waitforpickup_invalid",
    "MAX_IN_PARKING_INVALID": "pc_maxinparking_invalid",
    "FORMAT_INVALID": "pc_format_invalid",
    "NONCE_INVALID": "pc_nonce_invalid",
    "PRIVATE_INVALID": "pc_private_invalid",
    "TRANSFER_NUMBER_INVALID": "pc_transfernumber_invalid",
    "SOURCE_INVALID": "pc_source_invalid",
    "DESTINATION_INVALID": "pc_destination_invalid",
    "CALL_DURATION_INVALID": "pc_callduration_invalid",
    "PUBLIC_TRANSFER_INVALID": "pc_allowpublictransfer_invalid",
    "WRONG_STATE": "pc_wrong_state",
    "RECORDING_IN_PROGRESS": "pc_recording_in_progress",
    "PUBLIC_TRANSFER_NOT_ALLOWED": "pc_public_transfer_not_allowed",
    "PARKING_FULL": "pc_parking_full",
    "NEW_EVENT_TYPE_INVALID": "pcet_type_invalid",
    "EVENT_TYPE_INVALID": "pce_type_invalid",
    "EVENT_METHOD_INVALID": "pce_method_invalid",
    "EVENT_ID_INVALID": "pce_id_invalid",
    "EVENT_URL_INVALID": "pce_url_invalid",
    "EVENT_STATUS_INVALID": "pce_status_invalid",
    "EVENT_NOTE_INVALID": "pce_note_invalid",
}


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_has_its_spelling_on_the_wire(code: ErrorCode) -> None:
    assert wire_code(code) == WIRE_CODES[code.name]


@pytest.mark.parametrize("code", ErrorCode)
def test_every_refusal_is_a_bad_request_but_the_lack_of_rights(code: ErrorCode) -> None:
    assert http_status(code) == (401 if code is ErrorCode.ACCESS_DENIED else 400)


def test_a_refusal_is_written_with_the_code_of_the_wire_and_the_sentence() -> None:
    error = DomainError(
        code=ErrorCode.CALL_ENDED,
        check=Check.CALL,
        action="OffHold",
        reason="the call is over",
        parameter="phoneCallId",
    )
    assert encode_error(error) == (
        b'{"error":{"code":"pc_phonecall_invalid","message":"OffHold refused: the call is over."}}'
    )


def test_a_refusal_of_any_text_is_written() -> None:
    error = DomainError(
        code=ErrorCode.BODY_INVALID, check=Check.ACTION, action="A", reason='b \ud800"\x00é', parameter="c", value="d"
    )
    assert json.loads(encode_error(error))["error"]["message"].startswith("A refused: b ")


# Laws -----------------------------------------------------------------------------------------------------------------

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DATES = st.datetimes(timezones=OFFSETS)
EXTENSIONS = st.sampled_from(["0003*210", "0003*024", "0003*211", "210", "024"])
OUTSIDE = st.sampled_from(["3334444", "+403334444", "5", "*"])
NUMBERS = EXTENSIONS | OUTSIDE
TEXTS = st.text(max_size=8)


def perhaps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:  # Any: whatever the values are
    return st.none() | values


NOBODY = "999"
"""The target of a leg until it is known who is in the call."""


def _ends_alike(one: str, other: str) -> bool:
    """Tell if two numbers may be one in two forms: nobody parks himself, so such a party is one from outside."""
    return one.rpartition("*")[2] == other.rpartition("*")[2]


@st.composite
def views(draw: st.DrawFn, view_id: str, place: int) -> PhoneCallView:
    """Draw any view that the model lets be built; those that are up stand on a side of their own."""
    state, role = draw(st.sampled_from(ViewState)), draw(st.sampled_from(Role))
    if state in (ViewState.ON_HOLD, ViewState.PARKED):
        role = draw(st.sampled_from((Role.PARTY, Role.BARGE)))
    live, up = state is not ViewState.ENDED, state in (ViewState.ANSWERED, ViewState.CONNECTED)
    up = up or state in (ViewState.ON_HOLD, ViewState.PARKED)
    joins = role in (Role.WHISPER, Role.MONITOR) or (role is Role.BARGE and not up)
    extension = draw(NUMBERS)
    parkers = NUMBERS.filter(lambda number: number == extension or not _ends_alike(number, extension))
    lots = st.builds(Parking, since=DATES, position=st.integers(1, 100), by=parkers, side=st.just(place + 1))
    formats = st.sampled_from(["wav", "wav49"])
    return PhoneCallView(
        id=view_id,
        extension=extension,
        state=state,
        role=role,
        side=None if joins else place if up else draw(st.integers(0, 3)),
        target=NOBODY if joins and live else None,
        listed=draw(st.booleans()),
        source=draw(st.lists(NUMBERS | TEXTS, max_size=3).map(tuple)),
        destination=draw(st.lists(NUMBERS | TEXTS, max_size=3).map(tuple)),
        flow=draw(perhaps(st.sampled_from(Flow))),
        caller_id=draw(perhaps(TEXTS)),
        ringing=draw(perhaps(DATES)),
        answered=draw(perhaps(DATES)),
        on_hold=draw(DATES) if state is ViewState.ON_HOLD else None,
        parking=draw(lots) if state is ViewState.PARKED else None,
        recording=draw(perhaps(st.builds(Recording, since=DATES, format=formats))) if up else None,
        outside=draw(st.booleans()),
        private=role is Role.WHISPER and draw(st.booleans()),
        ended=None if live else draw(DATES),
        disposition=None if live else draw(st.sampled_from(Disposition)),
        reason=None if live else draw(st.sampled_from(EndReason)),
    )


@st.composite
def calls(draw: st.DrawFn) -> PhoneCall:
    """Draw any call of which it is known when it was answered, as the engine and the reader leave it."""
    ids = [f"{number:02d}" for number in draw(st.lists(st.integers(0, 120), unique=True, max_size=4).map(sorted))]
    drawn = [draw(views(view_id, place)) for place, view_id in enumerate(ids)]
    parties = [view.id for view in drawn if view.live and not view.target]
    joined = [msgspec.structs.replace(view, target=parties[0]) for view in drawn if view.target and parties]
    drawn = sorted((*[view for view in drawn if not view.target], *joined), key=lambda view: int(view.id))
    return PhoneCall(
        id=draw(st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True)),
        extension=draw(NUMBERS),
        views=tuple(drawn),
        owner_id=draw(perhaps(TEXTS)),
        owner_name=draw(perhaps(TEXTS)),
        published=draw(perhaps(DATES)),
        answered=draw(DATES),
        nonce=draw(perhaps(TEXTS)),
    )


@given(calls(), perhaps(st.just(LINK)))
def test_a_call_that_is_written_read_and_written_is_the_same(call: PhoneCall, link: str | None) -> None:
    written = encode_call(call, link=link)
    back = decode_call(written)
    assert isinstance(back, PhoneCall), back
    assert encode_call(back, link=link) == written


@given(calls())
def test_reading_keeps_every_field_that_the_wire_shows(call: PhoneCall) -> None:
    back = decode_call(encode_call(call))
    assert isinstance(back, PhoneCall), back
    for name in ("id", "extension", "owner_id", "owner_name", "published", "answered", "nonce"):
        assert getattr(back, name) == (getattr(call, name) or None)
    shown = [view for view in call.views if view.listed and view.live]
    assert [view.id for view in back.views if view.listed] == [view.id for view in shown]
    for view in shown:
        _assert_same_on_the_wire(view, back.view(view.id))


def _assert_same_on_the_wire(view: PhoneCallView, back: PhoneCallView | None) -> None:
    assert back is not None
    for name in ("state", "flow", "ringing", "answered", "on_hold"):
        assert getattr(back, name) == getattr(view, name)
    for name in ("source", "destination"):
        assert getattr(back, name) == tuple(number for number in getattr(view, name) if number)
    assert back.caller_id == (view.caller_id or None)
    assert (back.recording and back.recording.since) == (view.recording and view.recording.since)
    if view.parking is None:
        assert (back.parking, back.extension) == (None, view.extension)
    else:
        assert back.parking is not None
        kept = (view.parking.since, view.parking.position, view.parking.by)
        assert (back.parking.since, back.parking.position, back.parking.by) == kept


@given(calls())
def test_what_is_read_has_one_party_on_a_side_and_one_on_each(call: PhoneCall) -> None:
    back = decode_call(encode_call(call))
    assert isinstance(back, PhoneCall)
    up = [view.side for view in back.views if view.up]
    assert len(up) == len(set(up))
    lots = {view.parking.side for view in back.views if view.parking is not None}
    assert {0, 1} <= {view.side for view in back.views} | lots
    listed = sum(view.listed for view in back.views)
    assert len(back.views) - listed <= (1 if listed else 2)


@given(st.binary() | st.text(st.characters(exclude_categories=())))
def test_no_bytes_and_no_text_make_a_reader_raise(data: bytes | str) -> None:
    assert_answered(data)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | NUMBERS | st.just(MINUTE),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=6,
)


@given(JSON_VALUES)
def test_no_json_makes_a_reader_raise(value: object) -> None:
    assert_answered(json.dumps(value))


VIEW_FIELDS = [
    *("id", "extension", "status", "flow", "callerId", "callerID", "source", "destination", "ringing", "answered"),
    *("recording", "parked", "parkedPos", "parkedBy", "onHold", "holder", "disposition"),
]
CALL_FIELDS = ["id", "extension", "ownerId", "ownerName", "published", "answered", "nonce", "phoneCallView", "link"]
FIELD_VALUES = JSON_VALUES | st.sampled_from([0, 3, "4", 5, "01", 1, MINUTE, ["3334444"]])


@given(
    st.lists(st.dictionaries(st.sampled_from(VIEW_FIELDS), FIELD_VALUES, max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(CALL_FIELDS), JSON_VALUES, max_size=1),
)
def test_no_fields_make_the_reader_of_a_call_raise(changes: list[Json], fields: Json) -> None:
    call = {**call_json(*({**view_json(id=index), **change} for index, change in enumerate(changes))), **fields}
    assert_answered(json.dumps(call))


@given(
    st.sampled_from([kind.__name__ for kind in ACTIONS]),
    st.dictionaries(
        st.sampled_from(["phoneCallViewId", *TO, "waitForPickUp", "private", "format", "maxInParking", "phoneNumber"]),
        JSON_VALUES,
    ),
)
def test_any_fields_are_handed_on_as_text_or_number(word: str, fields: Json) -> None:
    text = json.dumps({**fields, "action": word})
    assume("NaN" not in text and "Infinity" not in text)  # which json writes, though they are no JSON
    action = decode_action(text, call_id=CALL_ID, extension=ASKER)
    assert not isinstance(action, DomainError), action
    handed_on = set(msgspec.structs.asdict(action).values()) - {None}
    assert {type(value) for value in handed_on} <= {str, int}


BODY_FIELDS = (
    "phoneCallViewId", "sendCallTo", "callerId", "callerID", "waitForPickup", "waitForPickUp", "private", "format",
    "maxInParking", "phoneNumber", "transferFromNumber", "transferNumber", "phoneCallId", "extension", "position", "x",
)  # fmt: skip
PLAIN = st.sampled_from(["01", "0003*210", "20", "", "wav49"]) | st.integers(0, 30) | st.none()


@pytest.mark.parametrize("view_id", [b'"01"', b"1"])
def test_what_is_no_text_is_no_body_also_in_what_is_read_over(view_id: bytes) -> None:
    body = b'{"action":"OnHold","phoneCallViewId":' + view_id + b',"z":"\xff"}'
    refused = decode_action(body, call_id=CALL_ID, extension=ASKER)
    assert isinstance(refused, DomainError)
    assert refused.code is ErrorCode.BODY_INVALID


@given(
    st.sampled_from([*(kind.__name__ for kind in ACTIONS), "Dance", ""]),
    st.lists(st.tuples(st.sampled_from([*BODY_FIELDS, "action"]), PLAIN | JSON_VALUES), max_size=6),
    st.sampled_from([0, 1, 6]),
)
def test_a_body_is_read_alike_by_its_class_and_field_by_field(
    word: str, members: list[tuple[str, object]], place: int
) -> None:
    """Most bodies are read at once; those that are spelled in another way, or are wrong, name by name."""
    members.insert(place, ("action", word))
    text = "{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in members) + "}"
    action = decode_action(text, call_id=CALL_ID, extension=ASKER)
    slowly = decode(text, "PhoneCallAction", lambda fields: bodies._action(fields, CALL_ID, ASKER))  # noqa: SLF001  # one of the two ways
    assert action == slowly
    assert type(action) is type(slowly)


@given(st.data())
def test_a_broken_document_is_answered(data: st.DataObject) -> None:
    document = (EXAMPLES / data.draw(st.sampled_from(["call.json", "offhold.json"]))).read_bytes()
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, min(len(document), start + 8)))
    assert_answered(document[:start] + data.draw(st.binary(max_size=4)) + document[end:])


def assert_answered(data: bytes | str) -> None:
    call = decode_call(data)
    action = decode_action(data, call_id=CALL_ID, extension=ASKER)
    if isinstance(call, PhoneCall):
        written = encode_call(call)
        back = decode_call(written)
        assert isinstance(back, PhoneCall), back
        assert encode_call(back) == written
    else:
        assert call.code is ErrorCode.BODY_INVALID
        assert json.loads(encode_error(call))["error"]["code"] == "pc_body_invalid"
    if isinstance(action, DomainError):
        assert action.code in (ErrorCode.BODY_INVALID, ErrorCode.ACTION_INVALID)
        assert encode_error(action)
