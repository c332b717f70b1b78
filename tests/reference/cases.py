"""What each action refuses, in the order of its checks, and what counts as a repeat: cases that are run.

One rule: a case is a call and an input; its sentence says why the case exists, never what the answer is. The engine is
asked for the answer when a page is written. Cases that every action has are made from the field rules and the table.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from callstate import (
    Action,
    Answered,
    BargeIn,
    EndReason,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Role,
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
    FieldRule,
    Request,
    wire_name,
)
from callstate.engine import BY_A_COLLEAGUE
from callstate.engine.transition_table import BETWEEN_TWO
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
    dialling,
    done,
    held,
    incoming,
    on,
    over,
    parked,
    retrieving,
    ringing,
    supervised,
    two_sources,
    unknown,
    view,
)
from tests.reference.facts.recording import recorded
from tests.reference.facts.transferring import fork
from tests.reference.markdown import literal

Asked: TypeAlias = tuple[PhoneCall | None, Action]


class Case(NamedTuple):
    """An input to a call, and a sentence that says what is wrong with it, or why there is nothing to do.

    A sentence of several clauses has an input for each of them; `also` has those after the first.
    """

    why: str
    call: PhoneCall | None
    action: Action
    also: tuple[Asked, ...] = ()

    def asked(self) -> Iterator[Asked]:
        """Yield every input of the case with its call; all are answered in the same way."""
        yield self.call, self.action
        yield from self.also


# Calls that only these pages need -------------------------------------------------------------------------------------


def at_the_mailbox() -> PhoneCall:
    """Alice (00) is connected to Bob's mailbox (01)."""
    return changed(connected(), "01", role=VOICEMAIL, listed=False)


def outside_only() -> PhoneCall:
    """Two outside parties talk; the first (00) can be named."""
    return call_of(
        view("00", OUTSIDE, CONNECTED, side=0, outside=True),
        view("01", ELSEWHERE, CONNECTED, side=1, listed=False, outside=True),
    )


def after_three() -> PhoneCall:
    """Alice (00) talks to Bob (01); Carol (02), who had barged in, has left."""
    return call_of(*connected().views, view("02", CAROL, ENDED, side=2, role=BARGE))


def transferred() -> PhoneCall:
    """Bob (01) has transferred Alice (00) to Dave (02), and the two are connected."""
    alice, dave = view("00", ALICE, CONNECTED, side=0), view("02", DAVE, CONNECTED, side=1)
    return call_of(alice, view("01", BOB, ENDED, side=1, reason=EndReason.TRANSFERRED, successor="02"), dave)


def deflected() -> PhoneCall:
    """Alice (00) hears Carol's phone (02) ring and Dave's (03), to which Bob (01) has sent the call on."""
    return done(fork(), on(Transfer, None, transfer_from_number=BOB))


def deflected_to_the_mailbox() -> PhoneCall:
    """Bob (01) has sent the call that rang at his phone to Dave's mailbox (02)."""
    return done(ringing(), on(TransferToVoicemail, None, transfer_from_number=BOB))


def picked_up() -> PhoneCall:
    """Dave's phone (02) rings to pick up what rings at Bob's (01)."""
    return call_of(*ringing().views, view("02", DAVE, RINGING, side=1, until=at(35)))


# Refusals -------------------------------------------------------------------------------------------------------------

_STARTS: Mapping[type[Action], Any] = {PickUp: ringing, UnPark: parked, OffHold: held, StopRecording: recorded}
OPTIONAL_VIEW = frozenset({Transfer, TransferToVoicemail, HangUp})
_NAMED: Mapping[type[Action], str | None] = {PickUp: "01", HangUp: None}
_TRANSFERS = (Transfer, TransferToVoicemail)


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
    if kind is not HangUp:
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
        yield Case("the asker is none of those that can ask", start(kind), plain(kind, extension=DAVE))


def _of_the_view(kind: type[Request]) -> Iterator[Case]:
    wrong = "`phoneCallViewId` names no view of the call"
    unknown_id = plain(kind, view_id="99")
    if kind in OPTIONAL_VIEW:
        yield Case(wrong + _UNLISTED_UNLESS.get(kind, ""), start(kind), unknown_id)
    else:
        yield Case(f"{wrong}, or it is missing", start(kind), unknown_id, ((start(kind), plain(kind, view_id="")),))
    unless = _UNLISTED_UNLESS.get(kind, "")
    yield Case(f"the view is unlisted: it is that of an outside party{unless}", incoming(), plain(kind, view_id="00"))
    if kind is not HangUp:  # which is a repeat then
        unless = _UNLESS.get(kind, "")
        yield Case(f"the party of the view has left{unless}", after_three(), plain(kind, view_id="02"))


_UNLISTED_UNLESS: Mapping[type[Action], str] = {
    UnPark: ", and the request is not a repeat",
    HangUp: ", and the request has no `phoneNumber`",
}
_UNLESS: Mapping[type[Action], str] = {
    UnPark: ", and did not park the other party",
    **dict.fromkeys((Park, PickUp, Transfer, TransferToVoicemail), ", and the request is not a repeat"),
}


def _of_the_fields(kind: type[Request]) -> Iterator[Case]:
    for form in kind.field_rules:
        why, value = malformed(form)
        case = Case(f"`{wire_name(form.field)}` {why}", start(kind), plain(kind, **{form.field: value}))
        if form.field == "send_call_to":
            missing = (start(kind), plain(kind, send_call_to=""))
            case = case._replace(why=f"{case.why}, or it is missing", also=(missing,))
        yield case
    if kind in _TRANSFERS:
        numbers = {"transfer_number": ALICE, "transfer_from_number": ALICE}
        yield Case("both transfer numbers are the same", connected(), plain(kind, view_id=None, **numbers))


def malformed(form: FieldRule) -> tuple[str, str]:
    """Say what is wrong with a value of a field, and give such a value."""
    needed = literal(form.needed)
    if form.verb == "may have":
        return f"has more than {needed.removeprefix('at most ')}", "a" * 256
    return f"has other characters than {needed}" if form.verb == "may contain only" else f"is not {needed}", ";"


def _of_the_role(kind: type[Request]) -> Iterator[Case]:
    if kind in BETWEEN_TWO:
        yield Case("the call does not have exactly two sides (a conference)", conference(), plain(kind))
    supervisor = plain(kind, view_id="02")
    roles = (MONITOR, WHISPER)
    if kind is PickUp:
        calls = [supervised(role, RINGING) for role in (BARGE, *roles)]
        why = "the view is that of a leg that rings to barge in, whisper or monitor"
    else:
        calls, why = [supervised(role) for role in roles], "the view is that of a leg that whispers or monitors"
    yield Case(why, calls[0], supervisor, tuple((call, supervisor) for call in calls[1:]))
    if kind in (Park, Transfer, TransferToVoicemail):
        yield Case("the other party is a mailbox", at_the_mailbox(), plain(kind))


def _of_the_state(kind: type[Request]) -> Iterator[Case]:
    yield Case("the state of the view is unknown", unknown(), plain(kind))
    if kind is UnPark:
        yield Case("the party is not parked", connected(), plain(kind))
    elif kind is PickUp:
        yield Case("the phone does not ring", connected(), plain(kind), ((dialling(), plain(kind)),))
    elif kind in _TRANSFERS:
        yield from _of_the_two_states(kind)
    elif kind is not StopRecording:
        yield _not_connected(kind)
    if kind in (BargeIn, Whisper):
        yield Case("the party holds the call", held(), plain(kind))
    if kind is Park:
        yield Case("both parties are outside parties", outside_only(), plain(kind))


def _not_connected(kind: type[Request]) -> Case:
    rings, waits = plain(kind, view_id="01"), plain(kind)
    if kind is Park:  # a parked party is a repeat then
        why = "one of the parties is not connected: its phone rings, or nobody has answered yet"
        return Case(why, ringing(), rings, ((ringing(), waits),))
    why = "the party is not connected: its phone rings, nobody has answered yet, or it is parked"
    return Case(why, ringing(), rings, ((ringing(), waits), (parked(), waits)))


def _of_the_two_states(kind: type[Request]) -> Iterator[Case]:
    yield Case(
        "the transferred party rings or is parked",
        ringing(),
        plain(kind, view_id="01"),
        ((parked(), plain(kind)),),
    )
    yield Case(
        "the transferor is not connected, and its phone does not ring either",
        dialling(),
        plain(kind),
    )
    yield Case(
        "the transferor is a source that rings, and the destinations wait until it answers",
        two_sources(),
        plain(kind, view_id=None, extension=ALICE),
    )


_NEW = "`sendCallTo` is the number of a live view of the call"
_TOLD = "a transfer number is not the number of a party, or both numbers are on one side"
_WHICH = "several phones ring on the transferor's side, and the request does not say which of them is the transferor"


def _of_both_transfers(kind: type[Request]) -> tuple[Case, ...]:
    one_side = plain(kind, view_id=None, transfer_from_number=BOB, transfer_number=CAROL)
    nobody = plain(kind, view_id=None, transfer_from_number=CAROL)
    also = ((fork(), one_side), (connected(), nobody))
    return (
        Case(_TOLD, connected(), plain(kind, view_id=None, transfer_number=CAROL), also),
        Case(_WHICH, fork(), plain(kind, view_id=None, transfer_number=ALICE)),
    )


_OF_THE_CONTEXT: Mapping[type[Action], tuple[Case, ...]] = {
    Park: (Case("no position in the lot is free", connected(), plain(Park, position=None)),),
    UnPark: (Case(_NEW, parked(), plain(UnPark, send_call_to=ALICE)),),
    PickUp: (Case(_NEW, ringing(), plain(PickUp, send_call_to=ALICE)),),
    BargeIn: (Case(_NEW, connected(), plain(BargeIn, send_call_to=BOB)),),
    Whisper: (Case(_NEW, connected(), plain(Whisper, send_call_to=BOB)),),
    Monitor: (Case(_NEW, connected(), plain(Monitor, send_call_to=BOB)),),
    Transfer: (
        Case(_NEW, connected(), plain(Transfer, send_call_to=ALICE)),
        *_of_both_transfers(Transfer),
        Case(
            "the call was made to an outside number and was created without `allowPublicTransfer`",
            replace(connected(), allow_public_transfer=False),
            plain(Transfer, send_call_to=OUTSIDE),
            ((replace(connected(), allow_public_transfer=False), plain(Transfer)),),
        ),
    ),
    TransferToVoicemail: _of_both_transfers(TransferToVoicemail),
    StartRecording: (
        Case("the party is being recorded in another format", recorded(), plain(StartRecording, format="wav49")),
    ),
}


# Repeats --------------------------------------------------------------------------------------------------------------

_JOINED = "the phone has joined this party in that role, or rings to do so"


def _again(kind: type[Action]) -> Action:
    return plain(kind, view_id="01", send_call_to=CAROL)


def _joined(kind: type[Action], role: Role) -> tuple[PhoneCall, Action, tuple[Asked, ...]]:
    return supervised(role), _again(kind), ((supervised(role, RINGING), _again(kind)),)


REPEATS: Mapping[type[Action], tuple[Case, ...]] = {
    OnHold: (Case("the party holds the call already", held(), plain(OnHold)),),
    OffHold: (Case("the party is connected and does not hold the call", connected(), plain(OffHold)),),
    Park: (
        Case("the party is parked already", parked(), plain(Park)),
        Case(
            "the named view is that of the parker, who has left; it does not matter who asks",
            parked(),
            plain(Park, view_id="01", extension=BOB),
            tuple((parked(), plain(Park, view_id="01", extension=asker)) for asker in ("@self", ALICE)),
        ),
    ),
    UnPark: (
        Case("the phone rings to retrieve the party", retrieving(DAVE), plain(UnPark)),
        Case(
            "the phone has retrieved the party, and nobody else faces it",
            done(retrieving(DAVE), on(Answered, "02")),
            plain(UnPark),
        ),
    ),
    PickUp: (
        Case(
            "a view of `sendCallTo`, a mailbox included, rings or is up on the side of the named view, even if that "
            "view has ended",
            picked_up(),
            plain(PickUp),
            ((done(picked_up(), on(Answered, "02")), plain(PickUp)), (deflected_to_the_mailbox(), plain(PickUp))),
        ),
    ),
    BargeIn: (
        Case("the phone rings to barge in on this party", supervised(BARGE, RINGING), _again(BargeIn)),
        Case("the phone has barged in", conference(), plain(BargeIn, send_call_to=CAROL)),
    ),
    Whisper: (Case(f"{_JOINED}, with the same `private`", *_joined(Whisper, WHISPER)),),
    Monitor: (Case(_JOINED, *_joined(Monitor, MONITOR)),),
    Transfer: (
        Case("the only party on the other side is that phone", transferred(), plain(Transfer)),
        Case(
            "the transferor has left, and the live leg that came in its place is that phone",
            transferred(),
            plain(Transfer, view_id=None, transfer_from_number=BOB),
            (
                (transferred(), plain(Transfer, view_id="01")),
                (transferred(), plain(Transfer, view_id=None, extension=BOB)),
                (deflected(), plain(Transfer, view_id=None, transfer_from_number=BOB)),
            ),
        ),
    ),
    TransferToVoicemail: (
        Case(
            "the only party on the other side is that mailbox",
            at_the_mailbox(),
            plain(TransferToVoicemail, send_call_to=BOB),
        ),
        Case(
            "the transferor has left, and the live mailbox that came in its place is that mailbox",
            done(connected(), on(TransferToVoicemail)),
            plain(TransferToVoicemail, view_id=None, transfer_from_number=BOB),
        ),
    ),
    StartRecording: (Case("the party is being recorded in that format", recorded(), plain(StartRecording)),),
    StopRecording: (
        Case(
            "the party is not being recorded, in any live state except `UNKNOWN`",
            connected(),
            plain(StopRecording),
            tuple((call, plain(StopRecording)) for call in (dialling(), ringing(), held(), parked(), two_sources())),
        ),
    ),
    HangUp: (
        Case("the call is over", over(), plain(HangUp)),
        Case("the party of the view has left", transferred(), plain(HangUp, view_id="01")),
        Case("the asker has left, and names nobody", transferred(), plain(HangUp, extension=BOB)),
        Case("`phoneNumber` is not the number of a party of the call", connected(), plain(HangUp, phone_number=DAVE)),
    ),
}
"""What is accepted and changes nothing, because what it asks for is already so."""
