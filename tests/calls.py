"""Calls, instants and random walks for the tests of the core.

One rule: every call is typed by hand as a value, so that a test starts where it says, whatever the engine does. The
walks at the end are the only ones that ask the engine, because they are made to find out what it can reach.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st
from msgspec.structs import asdict

from callstate import (
    LENIENT,
    Action,
    Answered,
    BargeIn,
    Dialled,
    Disposition,
    DomainError,
    EndReason,
    FarEndRang,
    Flow,
    HangUp,
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    Parking,
    PhoneCall,
    PhoneCallView,
    PickUp,
    Rang,
    Resumed,
    Role,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    Whisper,
    advance,
    apply_action,
    next_deadline,
)
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    UNKNOWN,
)
from callstate.engine import Rules

CALL = "b817d2618fe6f1804333"
ALICE, BOB, CAROL, DAVE, ERIN = "0003*210", "0003*211", "0003*212", "0003*213", "0003*214"
OUTSIDE, ELSEWHERE = "+40215550100", "+40215550199"

_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return the instant so many seconds after the calls of these tests began."""
    return _START + timedelta(seconds=seconds)


def view(view_id: str, extension: str, state: ViewState, **fields: Any) -> PhoneCallView:  # Any: fields of a view
    """Build a view with the dates and facets that its state needs, unless they are given."""
    needed: dict[str, Any] = {"source": (ALICE,), "destination": (BOB,), "flow": Flow.LOCAL}  # Any: likewise
    if state in (CONNECTED, ON_HOLD, PARKED, ENDED):
        needed["answered"] = at(5)
    if state is RINGING:
        needed["ringing"] = at(1)
    if state is ON_HOLD:
        needed["on_hold"] = at(8)
    if state is ENDED:
        needed |= {"ended": at(9), "disposition": Disposition.ANSWERED, "reason": EndReason.HUNG_UP}
    return PhoneCallView(id=view_id, extension=extension, state=state, **(needed | fields))


def call_of(*views: PhoneCallView, **fields: Any) -> PhoneCall:  # Any: fields of a call
    """Build a call that last changed at second 10, for the charge of Alice."""
    known: dict[str, Any] = {"published": at(0), "updated": at(10), "extension": ALICE, "version": 3}  # Any: likewise
    if any(v.up and v.state is not ANSWERED for v in views):
        known["answered"] = at(5)
    return PhoneCall(id=CALL, views=views, **(known | fields))


def changed(call: PhoneCall, view_id: str, **fields: Any) -> PhoneCall:  # Any: fields of a view
    """Build the call again with other fields of one view."""
    old = seen(call, view_id)
    new = PhoneCallView(**({name: getattr(old, name) for name in old.__struct_fields__} | fields))
    views = tuple(new if v.id == view_id else v for v in call.views)
    return PhoneCall(**({name: getattr(call, name) for name in call.__struct_fields__} | {"views": views}))


def connected() -> PhoneCall:
    """Alice (00) has called Bob (01); they talk."""
    return call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1))


def dialling() -> PhoneCall:
    """Alice's phone (00) is off hook; nothing of Bob's (01) is known yet."""
    return call_of(view("00", ALICE, OFF_HOOK, side=0), view("01", BOB, TRYING, side=1))


def ringing() -> PhoneCall:
    """Alice (00) hears Bob's phone (01) ring."""
    return call_of(view("00", ALICE, ANSWERED, side=0), view("01", BOB, RINGING, side=1))


def held(by: str = "00") -> PhoneCall:
    """Build the call of Alice and Bob, held by the view `by` since second 8."""
    return changed(connected(), by, state=ON_HOLD, on_hold=at(8))


def held_by_both() -> PhoneCall:
    """Alice and Bob hold one another."""
    return changed(held("00"), "01", state=ON_HOLD, on_hold=at(8))


def incoming(state: ViewState = CONNECTED) -> PhoneCall:
    """Somebody outside (00, not listed) has called Bob (01)."""
    ends = {"source": (OUTSIDE,), "flow": Flow.INCOMING}
    caller = CONNECTED if state is CONNECTED else ANSWERED
    return call_of(
        view("00", OUTSIDE, caller, side=0, listed=False, outside=True, **ends),
        view("01", BOB, state, side=1, **ends),
        extension=BOB,
    )


def outgoing() -> PhoneCall:
    """Alice (00) has called somebody outside (01, not listed)."""
    ends = {"destination": (OUTSIDE,), "flow": Flow.OUTGOING}
    return call_of(
        view("00", ALICE, CONNECTED, side=0, **ends),
        view("01", OUTSIDE, CONNECTED, side=1, listed=False, outside=True, **ends),
    )


def lot(**fields: Any) -> Parking:  # Any: fields of a parking
    """Build a place in the lot: Bob parked at second 10, for 180 s."""
    place: dict[str, Any] = {"since": at(10), "position": 1, "by": BOB, "side": 1}  # Any: likewise
    return Parking(**(place | {"seconds": 180, "until": at(190)} | fields))


def parked(**fields: Any) -> PhoneCall:  # Any: fields of a parking
    """Alice (00) waits in the lot, where Bob (01, ended) has parked her."""
    return call_of(
        view("00", ALICE, PARKED, side=0, parking=lot(**fields)),
        view("01", BOB, ENDED, side=1, ended=at(10), reason=EndReason.PARKED),
    )


def retrieving(*numbers: str) -> PhoneCall:
    """Alice (00) is parked, and phones (02 …) ring until second 35 to retrieve her."""
    ends = {"source": (ALICE,), "side": 1, "until": at(35), "ringing": at(10)}
    legs = [view(f"{n:02d}", number, RINGING, destination=(number,), **ends) for n, number in enumerate(numbers, 2)]
    return call_of(*parked().views, *legs)


def conference() -> PhoneCall:
    """Alice (00) and Bob (01) talk with Carol (02), who has barged in."""
    return call_of(*connected().views, view("02", CAROL, CONNECTED, side=2, role=BARGE))


def supervised(role: Role = MONITOR, state: ViewState = CONNECTED) -> PhoneCall:
    """Alice (00) talks to Bob (01), whom Carol (02) has joined in a role, or rings to join."""
    until = at(35) if state is RINGING else None
    return call_of(*connected().views, view("02", CAROL, state, role=role, target="01", until=until))


def two_sources() -> PhoneCall:
    """The service rings Alice (00) and Carol (01) until second 35; Bob (02) waits for the first to answer."""
    rings = {"side": 0, "until": at(35), "ringing": at(10), "source": (ALICE, CAROL)}
    return call_of(
        view("00", ALICE, RINGING, **rings),
        view("01", CAROL, RINGING, **rings),
        view("02", BOB, TRYING, side=1, listed=False, waits=True),
        wait_for_pickup=30,
    )


def callback() -> PhoneCall:
    """The service dials an outside number (00); another outside number (01) and Bob (02) wait for it to answer."""
    return call_of(
        view("00", OUTSIDE, TRYING, side=0, listed=False, outside=True, until=at(40)),
        view("01", ELSEWHERE, TRYING, side=1, listed=False, outside=True, waits=True),
        view("02", BOB, TRYING, side=1, listed=False, waits=True),
        wait_for_pickup=30,
    )


def unknown() -> PhoneCall:
    """Build a call whose status the wire did not tell."""
    return call_of(view("00", ALICE, UNKNOWN, side=0), view("01", BOB, UNKNOWN, side=1))


def over() -> PhoneCall:
    """Alice and Bob have hung up."""
    return call_of(view("00", ALICE, ENDED, side=0), view("01", BOB, ENDED, side=1))


STARTS: tuple[Callable[[], PhoneCall], ...] = (
    connected, dialling, ringing, held, held_by_both, incoming, lambda: incoming(RINGING), outgoing, parked,
    lambda: parked(seconds=None, until=None), lambda: retrieving(CAROL, DAVE), conference, supervised,
    lambda: supervised(BARGE, RINGING), two_sources, callback, unknown,
)  # fmt: skip


# Asking ---------------------------------------------------------------------------------------------------------------


def seen(call: PhoneCall, view_id: str) -> PhoneCallView:
    """Return a view that must be there."""
    found = call.view(view_id)
    assert found is not None
    return found


def states(call: PhoneCall) -> tuple[ViewState, ...]:
    """Return the states of all views, in order."""
    return tuple(v.state for v in call.views)


def done(call: PhoneCall, *inputs: Action, now: datetime | None = None, rules: Rules = LENIENT) -> PhoneCall:
    """Apply inputs that must be accepted, at second 20 if no other instant is given."""
    for action in inputs:
        result = apply_action(call, action, at=now or at(20), rules=rules)
        assert isinstance(result, PhoneCall), result
        call = result
    return call


def refused(call: PhoneCall | None, action: Action, *, rules: Rules = LENIENT) -> DomainError:
    """Apply an input that must be refused, at second 20."""
    result = apply_action(call, action, at=at(20), rules=rules)
    assert isinstance(result, DomainError), result
    return result


def on(kind: type[Action], view_id: str | None = "00", **fields: Any) -> Action:  # Any: fields of any input
    """Build an input for a view of the call, with a phone to ring if its kind needs one."""
    if "send_call_to" in kind.__struct_fields__:
        fields = {"send_call_to": DAVE} | fields
    return kind(**({"call_id": CALL, "view_id": view_id} | fields))


# Random walks ---------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One step of a walk: an input of a kind, for the view at a place, so many seconds after the last."""

    kind: type[Action]
    fields: dict[str, Any]  # Any: fields of any input
    place: int
    pause: float


class Moment(NamedTuple):
    """A call that was reached, and the input that comes next."""

    call: PhoneCall
    action: Action
    at: datetime


_SENSIBLE: tuple[tuple[type[Action], dict[str, Any]], ...] = (  # Any: fields of any input
    (Dialled, {}), (Rang, {}), (FarEndRang, {}), *[(Answered, {})] * 5, (Held, {}), (Resumed, {}),
    (OnHold, {}), (OnHold, {}), (OffHold, {}), (OffHold, {}), (Park, {}), (Park, {"extension": BOB}),
    (Park, {"max_in_parking": "10", "position": 7}), (UnPark, {"send_call_to": CAROL}), (UnPark, {"send_call_to": BOB}),
    (PickUp, {"send_call_to": CAROL}), (PickUp, {"send_call_to": DAVE, "wait_for_pickup": "5"}),
    (BargeIn, {"send_call_to": CAROL}), (BargeIn, {"send_call_to": ERIN}), (Whisper, {"send_call_to": DAVE}),
    (Whisper, {"send_call_to": ERIN, "private": "1"}), (Monitor, {"send_call_to": ERIN}),
    (Monitor, {"send_call_to": DAVE}), (BargeIn, {"send_call_to": DAVE}),
    (UnPark, {"send_call_to": ERIN, "extension": ERIN}), (Transfer, {"send_call_to": ERIN, "extension": BOB}),
    (TransferToVoicemail, {"send_call_to": BOB, "extension": BOB}),
    (Transfer, {"send_call_to": CAROL}), (Transfer, {"send_call_to": OUTSIDE}),
    (Transfer, {"send_call_to": DAVE, "extension": BOB}), (TransferToVoicemail, {"extension": ALICE, "view_id": None}),
    (Transfer, {"send_call_to": ERIN, "view_id": None, "transfer_from_number": BOB}),
    (Transfer, {"send_call_to": ERIN, "view_id": None, "transfer_number": ALICE}),
    (TransferToVoicemail, {"send_call_to": DAVE}), (TransferToVoicemail, {"send_call_to": BOB}),
    (StartRecording, {}), (StartRecording, {"format": "wav49"}), (StopRecording, {}),
)  # fmt: skip
_LEAVING: tuple[tuple[type[Action], dict[str, Any]], ...] = (  # Any: likewise
    (HungUp, {}), (HungUp, {"disposition": Disposition.BUSY}), (HangUp, {}), (HangUp, {"phone_number": CAROL}),
    (HangUp, {"view_id": None}),
)  # fmt: skip
_WRONG: tuple[tuple[type[Action], dict[str, Any]], ...] = (  # Any: likewise
    (OnHold, {"view_id": "99"}), (OffHold, {"call_id": "0"}), (OnHold, {"extension": "0003*999"}),
    (UnPark, {"send_call_to": "nobody"}), (PickUp, {"send_call_to": CAROL, "wait_for_pickup": 0}),
    (Whisper, {"send_call_to": CAROL, "private": 2}), (BargeIn, {"send_call_to": CAROL, "caller_id": ";"}),
    (Park, {"position": None}), (Park, {"max_in_parking": 9}), (StartRecording, {"format": "mp3"}),
    (Transfer, {"send_call_to": DAVE, "view_id": None, "transfer_number": "999"}), (Answered, {"view_id": ""}),
)  # fmt: skip
_PAUSES = (*[0] * 8, 1, 3, 5, 25, 200)
STEPS = tuple(
    Step(kind, fields, place, pause)
    for kind, fields in (*_SENSIBLE * 4, *_LEAVING, *_WRONG)
    for place in range(8)
    for pause in _PAUSES
)


class Walk(NamedTuple):
    """A way through a call: where it starts and the steps that are tried, refused ones included."""

    start: PhoneCall
    steps: list[Step]

    def moments(self, rules: Rules = LENIENT) -> Iterator[Moment]:
        """Walk, and yield each call that is reached with the input that comes next and its time."""
        call, now = self.start, at(10)
        for step in self.steps:
            now += timedelta(seconds=step.pause)
            action = _input(call, step)
            yield Moment(call, action, now)
            result = apply_action(call, action, at=now, rules=rules)
            call = call if isinstance(result, DomainError) else result


def _input(call: PhoneCall, step: Step) -> Action:
    live = [v for v in call.views if v.live] or call.views
    # One place in four is any view, an ended one too; the others are live views, so that walks come far.
    views = call.views if step.place > 5 else live
    return on(step.kind, **({"view_id": views[step.place % len(views)].id} | step.fields))


def walks(length: int = 50) -> st.SearchStrategy[Walk]:
    """Draw walks of at least 50 steps from any start; mostly sensible inputs, some that are wrong, time going on."""
    starts = st.sampled_from(STARTS).map(lambda start: start())
    steps = st.lists(st.sampled_from(STEPS), min_size=length, max_size=length + 10)
    return st.builds(Walk, starts, steps)


def settled(moment: Moment) -> PhoneCall:
    """Return the call of a moment after its deadlines that have passed, so that none fires with the next input."""
    call, due = moment.call, next_deadline(moment.call)
    while due is not None and due < moment.at:
        call = advance(call, at=due)
        due = next_deadline(call)
    return call


def fields_but(value: msgspec.Struct, *names: str) -> dict[str, Any]:  # Any: fields of any struct
    """Return the fields of a value, save some."""
    return {name: field for name, field in asdict(value).items() if name not in names}
