"""What each action refuses, in the order of its checks, and what counts as a repeat: cases that are run.

One rule: a case is a call and an input; its sentence says why the case exists, never what the answer is. The engine is
asked for the answer when a page is written. Cases that every action has are made from the field rules and the table.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from callstate import (
    Action,
    BargeIn,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.domain import (
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    RINGING,
    VOICEMAIL,
    WHISPER,
    Recording,
    Request,
    wire_name,
)
from callstate.engine import BY_A_COLLEAGUE
from callstate.engine.table import BETWEEN_TWO
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ELSEWHERE,
    OUTSIDE,
    at,
    call_of,
    changed,
    conference,
    connected,
    held,
    incoming,
    on,
    over,
    parked,
    retrieving,
    ringing,
    supervised,
    unknown,
    view,
)
from tests.reference.markdown import literal


class Case(NamedTuple):
    """An input to a call, and a sentence that says what is wrong with it, or why there is nothing to do."""

    why: str
    call: PhoneCall | None
    action: Action


# Calls that only these pages need -------------------------------------------------------------------------------------


def recorded() -> PhoneCall:
    """Alice (00) talks to Bob (01) and is recorded."""
    return changed(connected(), "00", recording=Recording(since=at(8)))


def at_the_mailbox() -> PhoneCall:
    """Alice (00) is connected to Bob's mailbox (01)."""
    return changed(connected(), "01", role=VOICEMAIL)


def outside_only() -> PhoneCall:
    """Two outside parties talk; a listing showed the first (00)."""
    return call_of(view("00", OUTSIDE, CONNECTED, side=0), view("01", ELSEWHERE, CONNECTED, side=1, listed=False))


def transferred() -> PhoneCall:
    """Bob (01) has transferred Alice (00) to Dave (02), and the two are connected."""
    alice, dave = view("00", ALICE, CONNECTED, side=0), view("02", DAVE, CONNECTED, side=1)
    return call_of(alice, view("01", BOB, ENDED, side=1), dave)


def picked_up() -> PhoneCall:
    """Dave's phone (02) rings to pick up what rings at Bob's (01)."""
    return call_of(*ringing().views, view("02", DAVE, RINGING, side=1, until=at(35)))


# Refusals -------------------------------------------------------------------------------------------------------------

_STARTS: Mapping[type[Action], Any] = {PickUp: ringing, UnPark: parked, OffHold: held, StopRecording: recorded}
OPTIONAL_VIEW = frozenset({Transfer, TransferToVoicemail, HangUp})
_NAMED: Mapping[type[Action], str | None] = {PickUp: "01", HangUp: None}


def start(kind: type[Action]) -> PhoneCall:
    """Return the plainest call in which an action does something."""
    call: PhoneCall = _STARTS.get(kind, connected)()
    return call


def plain(kind: type[Action], **fields: Any) -> Action:  # Any: fields of any input
    """Build the plainest request of a kind."""
    return on(kind, **{"view_id": _NAMED.get(kind, "00"), **fields})


def refusals(kind: type[Request]) -> Iterator[Case]:
    """Yield what an action refuses, in the order of the checks."""
    yield from _of_the_call(kind)
    yield from _of_the_view(kind)
    yield from _of_the_fields(kind)
    yield from _of_the_role(kind)
    yield from _of_the_state(kind)
    yield from _OF_THE_CONTEXT.get(kind, ())


def _of_the_call(kind: type[Request]) -> Iterator[Case]:
    yield Case("the call is unknown", None, plain(kind))
    if kind is not HangUp:  # which is a repeat then
        yield Case("the call is over", over(), plain(kind))
    if kind in BY_A_COLLEAGUE:
        yield Case("the asker is not an extension", start(kind), plain(kind, extension=OUTSIDE))
    else:
        yield Case("the asker is none of those listed above", start(kind), plain(kind, extension=DAVE))


def _of_the_view(kind: type[Request]) -> Iterator[Case]:
    missing = "" if kind in OPTIONAL_VIEW else ", or it is missing"
    yield Case(f"`phoneCallViewId` names no view of the call{missing}", start(kind), plain(kind, view_id="99"))
    yield Case("the view is unlisted: it is that of an outside party", incoming(), plain(kind, view_id="00"))
    if kind is not HangUp:  # which is a repeat then
        yield Case("the party of the view has left", transferred(), plain(kind, view_id="01"))


def _of_the_fields(kind: type[Request]) -> Iterator[Case]:
    for form in kind.field_rules:
        missing = ", or it is missing" if form.field == "send_call_to" else ""
        yield Case(
            f"`{wire_name(form.field)}` is not {literal(form.needed)}{missing}",
            start(kind),
            plain(kind, **{form.field: ";"}),
        )
    if kind in (Transfer, TransferToVoicemail):
        numbers = {"transfer_number": ALICE, "transfer_from_number": ALICE}
        yield Case("both transfer numbers are the same", connected(), plain(kind, view_id=None, **numbers))


def _of_the_role(kind: type[Request]) -> Iterator[Case]:
    if kind is HangUp:
        return
    if kind in BETWEEN_TWO:
        yield Case("the call does not have exactly two sides (a conference)", conference(), plain(kind))
    if kind is PickUp:
        yield Case(
            "the view is that of a leg that rings to barge in, whisper or monitor",
            supervised(BARGE, RINGING),
            plain(kind, view_id="02"),
        )
        return
    yield Case(
        "the view is that of a leg that whispers or monitors, or that of a mailbox",
        supervised(),
        plain(kind, view_id="02"),
    )
    if kind in (Park, Transfer, TransferToVoicemail):
        yield Case("the other party is a mailbox", at_the_mailbox(), plain(kind))


def _of_the_state(kind: type[Request]) -> Iterator[Case]:
    if kind is HangUp:
        return
    yield Case("the state of the view is unknown", unknown(), plain(kind))
    if kind is UnPark:
        yield Case("the party is not parked", connected(), plain(kind))
    elif kind is PickUp:
        yield Case("the phone does not ring: it was answered, or it is not rung yet", connected(), plain(kind))
    elif kind is not StopRecording:
        yield Case("the party is not connected: its phone rings, or nobody has answered yet", ringing(), plain(kind))
    if kind in (BargeIn, Whisper):
        yield Case("the party holds the call", held(), plain(kind))
    if kind is Park:
        yield Case("both parties are outside parties", outside_only(), plain(kind))


_NEW = "`sendCallTo` is the number of a live view of the call"
_TOLD = "a transfer number is not the number of a party, or both numbers are on one side"

_OF_THE_CONTEXT: Mapping[type[Action], tuple[Case, ...]] = {
    Park: (Case("no position in the lot is free", connected(), plain(Park, position=None)),),
    UnPark: (Case(_NEW, parked(), plain(UnPark, send_call_to=ALICE)),),
    PickUp: (Case(_NEW, ringing(), plain(PickUp, send_call_to=ALICE)),),
    BargeIn: (Case(_NEW, connected(), plain(BargeIn, send_call_to=BOB)),),
    Whisper: (Case(_NEW, connected(), plain(Whisper, send_call_to=BOB)),),
    Monitor: (Case(_NEW, connected(), plain(Monitor, send_call_to=BOB)),),
    Transfer: (
        Case(_NEW, connected(), plain(Transfer, send_call_to=ALICE)),
        Case(_TOLD, connected(), plain(Transfer, view_id=None, transfer_number=CAROL)),
        Case(
            "`sendCallTo` is an outside number, and the call does not allow public transfers",
            replace(connected(), allow_public_transfer=False),
            plain(Transfer, send_call_to=OUTSIDE),
        ),
    ),
    TransferToVoicemail: (Case(_TOLD, connected(), plain(TransferToVoicemail, view_id=None, transfer_number=CAROL)),),
    StartRecording: (
        Case("the party is being recorded in another format", recorded(), plain(StartRecording, format="wav49")),
    ),
}


# Repeats --------------------------------------------------------------------------------------------------------------

_JOINED = "the phone has joined this party in that role, or rings to do so"

REPEATS: Mapping[type[Action], tuple[Case, ...]] = {
    OnHold: (Case("the party holds the call already", held(), plain(OnHold)),),
    OffHold: (Case("the party is connected and does not hold the call", connected(), plain(OffHold)),),
    Park: (
        Case("the party is parked already", parked(), plain(Park)),
        Case("the named view is that of the parker, who has left", parked(), plain(Park, view_id="01", extension=BOB)),
    ),
    UnPark: (Case("the phone rings to retrieve the party", retrieving(DAVE), plain(UnPark)),),
    PickUp: (Case("the phone rings on this side already", picked_up(), plain(PickUp)),),
    BargeIn: (
        Case(
            "the phone rings to barge in on this party",
            supervised(BARGE, RINGING),
            plain(BargeIn, view_id="01", send_call_to=CAROL),
        ),
        Case("the phone has barged in", conference(), plain(BargeIn, send_call_to=CAROL)),
    ),
    Whisper: (Case(_JOINED, supervised(WHISPER), plain(Whisper, view_id="01", send_call_to=CAROL)),),
    Monitor: (Case(_JOINED, supervised(MONITOR), plain(Monitor, view_id="01", send_call_to=CAROL)),),
    Transfer: (
        Case("the only party on the other side is that phone", transferred(), plain(Transfer)),
        Case(
            "the transferor has left, and the only party on its side is that phone",
            transferred(),
            plain(Transfer, view_id=None, transfer_from_number=BOB),
        ),
    ),
    TransferToVoicemail: (
        Case(
            "the only party on the other side is that mailbox",
            at_the_mailbox(),
            plain(TransferToVoicemail, send_call_to=BOB),
        ),
    ),
    StartRecording: (Case("the party is being recorded in that format", recorded(), plain(StartRecording)),),
    StopRecording: (
        Case("the party is not being recorded, in any live state except `UNKNOWN`", connected(), plain(StopRecording)),
    ),
    HangUp: (
        Case("the call is over", over(), plain(HangUp)),
        Case("the party of the view has left", transferred(), plain(HangUp, view_id="01")),
        Case("`phoneNumber` is not the number of a party of the call", connected(), plain(HangUp, phone_number=DAVE)),
    ),
}
"""What is accepted and changes nothing, because what it asks for is already so."""
