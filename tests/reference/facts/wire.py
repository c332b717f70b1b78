"""How requests are read and how the service answers and lists, as far as no other page says it."""

import msgspec

from callstate import (
    DomainError,
    ErrorCode,
    Park,
    PhoneCall,
    StartRecording,
    TransferToVoicemail,
    unwrap,
)
from callstate.voipnow.wire import apply_body, encode_call
from tests.calls import ALICE, BOB, CALL, DAVE, at, connected, done, held, incoming, on, over, parked
from tests.reference.facts.reading import Json
from tests.voipnow.world import ALICE_ID, Simulation


def _ask(body: bytes | Json, call: PhoneCall | None = None, extension: str = "@self") -> PhoneCall | DomainError:
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return apply_body(call or connected(), data, call_id=CALL, extension=extension, at=at(20))


def _listed(call: PhoneCall) -> list[Json]:
    shown: list[Json] = msgspec.json.decode(encode_call(call))["phoneCallView"]
    return shown


# Requests -------------------------------------------------------------------------------------------------------------


def numbers_as_text() -> None:
    """
    A whole number can be sent as a number or as a text of at most nine digits. A boolean, a fraction, a sign and a
    space are not accepted.
    """
    rings = {"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": DAVE}
    for wait in (30, "30", "0030"):
        leg = unwrap(_ask(rings | {"waitForPickup": wait})).views[-1]
        assert leg.until == at(50)
    for wrong in (True, 30.5, "+30", " 30", "0000000030", "30 s", -1, [30]):
        refused = _ask(rings | {"waitForPickup": wrong})
        assert isinstance(refused, DomainError)
        assert refused.code is ErrorCode.WAIT_FOR_PICKUP_INVALID


def null_and_unknown_fields() -> None:
    """
    A field that is null counts as missing; then its default applies. Unknown fields are ignored. `callerID` and
    `waitForPickUp` are read as well, if the usual spelling is missing or empty.
    """
    rings = {"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": DAVE, "colour": "blue"}
    leg = unwrap(_ask(rings | {"waitForPickup": None, "waitForPickUp": "40", "callerId": "", "callerID": "A"})).views[
        -1
    ]
    assert (leg.until, leg.caller_id) == (at(60), "A")
    assert unwrap(_ask(rings | {"waitForPickup": None})).views[-1].until == at(45)


def an_empty_text() -> None:
    """
    An empty text counts as a value: for `phoneCallViewId`, `sendCallTo`, the transfer numbers and `format` it is
    refused; as `callerId` it is accepted.
    """
    for fields, code in (
        ({"phoneCallViewId": ""}, ErrorCode.PHONECALLVIEW_INVALID),
        ({"sendCallTo": ""}, ErrorCode.SEND_CALL_TO_INVALID),
        ({"waitForPickup": ""}, ErrorCode.WAIT_FOR_PICKUP_INVALID),
    ):
        refused = _ask({"action": "Monitor", "phoneCallViewId": "00", "sendCallTo": DAVE, **fields})
        assert isinstance(refused, DomainError)
        assert refused.code is code
    sends = _ask({"action": "Transfer", "sendCallTo": DAVE, "transferNumber": ""})
    assert isinstance(sends, DomainError)
    assert sends.code is ErrorCode.TRANSFER_NUMBER_INVALID


def a_body_that_cannot_be_read() -> None:
    """
    A body that is not a JSON object is refused with `body_invalid`, and an unknown action with `action_invalid`: both
    after the checks of the call and of the extension. A field of a wrong type is refused with the code of the field.
    """
    for body, code in (
        (b"[]", ErrorCode.BODY_INVALID),
        (b"{", ErrorCode.BODY_INVALID),
        ({"action": "Sing"}, ErrorCode.ACTION_INVALID),
        ({}, ErrorCode.ACTION_INVALID),
        ({"action": "StartRecording", "phoneCallViewId": "00", "format": 5}, ErrorCode.FORMAT_INVALID),
    ):
        refused = _ask(body)
        assert isinstance(refused, DomainError)
        assert refused.code is code
        assert isinstance(stranger := _ask(body, extension=DAVE), DomainError)
        assert stranger.code is ErrorCode.EXTENSION_INVALID
        assert isinstance(ended := _ask(body, over()), DomainError)
        assert ended.code is ErrorCode.CALL_ENDED


REQUESTS = (numbers_as_text, null_and_unknown_fields, an_empty_text, a_body_that_cannot_be_read)


# Answers --------------------------------------------------------------------------------------------------------------


def the_paths() -> None:
    """
    A path begins with `/uapi/` or `/unifiedapi/` and `phoneCalls` or `phoneCall`. The user, the extension and the id of
    the call follow. A last slash and percent-encoding make no difference.
    """
    world = Simulation(connected())
    for path in (
        f"@me/{ALICE}/{CALL}",
        f"@me/{ALICE}/{CALL}/",
        f"%40me/0003%2A210/{CALL}",
        f"https://host/unifiedapi/phoneCall/@me/{ALICE}/{CALL}",
    ):
        assert len(world.http(ALICE_ID, "GET", path).data["entry"]) == 1


def the_answers() -> None:
    """
    An accepted action (PUT) is answered with status 202 and `id`, `extension` and `link.self`; a repeat in the same
    way. A new call (POST) is answered with 200 and an array of the call, a hang-up (DELETE) with 200 and an array of
    the ids of the calls in which something was hung up, a list (GET) with 200 and the calls in `entry`, even if it is
    empty.
    """
    world = Simulation(connected())
    hold = {"action": "OnHold", "phoneCallViewId": "00"}
    first, again = (world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", hold) for _ in range(2))
    assert (first.status, first.data, again.changed) == (202, again.data, ())
    link = f"https://host/uapi/phoneCalls/{ALICE_ID}/{ALICE}/{CALL}"
    assert first.data == {"id": CALL, "extension": ALICE, "link": {"self": link}}
    gone = world.http(ALICE_ID, "DELETE", f"@me/{ALICE}/{CALL}")
    assert (gone.status, gone.data) == (200, [{"id": CALL}])
    empty = world.http(ALICE_ID, "GET", f"@me/{ALICE}/{CALL}")
    assert (empty.status, empty.data["entry"]) == (200, [])


def the_refusals() -> None:
    """
    A refusal has the body `{"error": {"code", "message"}}` and status 400, or 401 for `access_denied`; see
    [Errors](errors.md).
    """
    refused = Simulation(connected()).http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", {"action": "Sing"})
    assert (refused.status, set(refused.data), set(refused.data["error"])) == (400, {"error"}, {"code", "message"})


ANSWERS = (the_paths, the_answers, the_refusals)


# Listings -------------------------------------------------------------------------------------------------------------


def which_views_are_listed() -> None:
    """A call lists its views that are live and `listed`, in the order of their ids. A call that is over lists none."""
    assert [view["id"] for view in _listed(incoming())] == ["01"]
    assert [view["id"] for view in _listed(done(connected(), on(TransferToVoicemail)))] == ["00"]
    assert _listed(over()) == []


def how_a_view_is_listed() -> None:
    """
    `status`, `flow`, `parkedPos` and `holder` are texts, such as `"5"`. Dates have their offset. Fields without a value
    and empty texts are left out. The state, the role, the side, the limits and the target are not shown.
    """
    shown = _listed(held())[0]
    assert (shown["status"], shown["flow"], shown["holder"], shown["onHold"]) == ("5", "2", "1", "2026-03-02T09:00:08Z")
    assert set(shown) == {"id", "extension", "answered", "status", "flow", "source", "destination", "onHold", "holder"}
    recorded = _listed(done(connected(), on(StartRecording)))[0]
    assert recorded["recording"] == "2026-03-02T09:00:20Z"


def how_a_parked_view_is_listed() -> None:
    """
    A parked view has `parked` (the time), `parkedPos` and `parkedBy`. The view of a parked outside party has the number
    of its parker as `extension`, because the party has none in this system.
    """
    inside, outside = _listed(parked())[0], _listed(done(incoming(), on(Park, "01")))[0]
    assert (inside["extension"], inside["parkedPos"], inside["parkedBy"]) == (ALICE, "1", BOB)
    assert (outside["id"], outside["extension"], outside["parkedBy"]) == ("00", BOB, BOB)


LISTINGS = (which_views_are_listed, how_a_view_is_listed, how_a_parked_view_is_listed)
