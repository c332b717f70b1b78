"""The calls and the inputs that are measured.

One rule: they are made once, before anything is timed. The calls are those of the vendor's own example, with every
field filled that a call on the phone can have.
"""

from datetime import UTC, datetime, timedelta

from callstate import (
    Action,
    Answered,
    CreateSimple,
    Flow,
    HangUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    PickUp,
    StartRecording,
    Transfer,
    UnPark,
    ViewState,
    create_call,
    unwrap,
)
from callstate.domain import BARGE, PARTY

CALL_ID = "b817d2618fe6f1804333"
CALLER, CALLED, COLLEAGUE, DESK = "0003*024", "0003*210", "0003*211", "0003*212"
RANG = datetime(2012, 6, 27, 16, 8, 50, tzinfo=UTC)
ANSWERED = RANG + timedelta(seconds=5)
AT = RANG + timedelta(seconds=70)
LIMIT = RANG + timedelta(hours=5)


def connected(views: int = 2) -> PhoneCall:
    """Build a call on the phone: the two of the example, and those who have barged in beside them."""
    return PhoneCall(
        id=CALL_ID,
        extension=CALLED,
        views=tuple(_view(place) for place in range(views)),
        owner_id="3",
        owner_name="Default Organization",
        published=RANG,
        answered=ANSWERED,
        nonce="5f0c2b7e",
        version=3,
        updated=ANSWERED,
        ends_by=LIMIT,
    )


def _view(place: int) -> PhoneCallView:
    return PhoneCallView(
        id=f"{place:02d}",
        extension=(CALLER, CALLED)[place] if place < 2 else f"{place:04d}*300",
        state=ViewState.CONNECTED,
        role=PARTY if place < 2 else BARGE,
        side=place,
        source=(CALLER,),
        destination=(CALLED,),
        flow=Flow.LOCAL,
        caller_id="John Doe <3334444>",
        ringing=RANG,
        answered=ANSWERED,
    )


HOLD = OnHold(call_id=CALL_ID, view_id="01", extension=CALLED)
RESUME = OffHold(call_id=CALL_ID, view_id="01", extension=CALLED)
PICK_UP = PickUp(call_id=CALL_ID, view_id="01", extension=CALLED, send_call_to=COLLEAGUE)
"""Refused on a view that is not rung."""


CREATE = CreateSimple(call_id=CALL_ID, extension=CALLER, source=(CALLER,), destination=(CALLED,))


def begun() -> PhoneCall:
    """Create the call of `WHOLE`."""
    return unwrap(create_call(CREATE, at=AT))


WHOLE: tuple[Action, ...] = (
    Answered(call_id=CALL_ID, view_id="00"),  # the service rings the destination now
    Answered(call_id=CALL_ID, view_id="01"),
    OnHold(call_id=CALL_ID, view_id="00", extension=CALLER),
    OffHold(call_id=CALL_ID, view_id="00", extension=CALLER),
    StartRecording(call_id=CALL_ID, view_id="00", extension=CALLER),
    Park(call_id=CALL_ID, view_id="00", extension=CALLED),
    UnPark(call_id=CALL_ID, view_id="00", extension=CALLED, send_call_to=COLLEAGUE),
    Answered(call_id=CALL_ID, view_id="02"),
    Transfer(call_id=CALL_ID, view_id="00", extension=COLLEAGUE, send_call_to=DESK),
    Answered(call_id=CALL_ID, view_id="03"),
    HangUp(call_id=CALL_ID, extension=CALLER),
)
"""A whole call: ring, answer, hold, resume, record, park, retrieve, transfer, hang up."""
