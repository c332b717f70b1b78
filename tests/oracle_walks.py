"""Random walks for the oracle's test: calls to start from, and inputs that are mostly sensible and sometimes wrong.

One rule: a walk is a value (where it starts, and its inputs with their times), so that a failing one can be shown,
made shorter and run again. Which answer is right is not known here.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple, TypeAlias

from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    OFF_HOOK,
    PARKED,
    RINGING,
    TRYING,
    UNKNOWN,
    VOICEMAIL,
    Action,
    Answered,
    BargeIn,
    Dialled,
    Disposition,
    FarEndRang,
    Flow,
    HangUp,
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
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)

CALL = "b817d2618fe6f1804333"
T0 = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
ALICE, BOB, CAROL, DAVE, ERIN = (f"0003*{short}" for short in range(201, 206))
OUTSIDE, ABROAD = "0441234567", "+15551234"
EXTENSIONS = (ALICE, BOB, CAROL, DAVE, ERIN, "206")


class Step(NamedTuple):
    """One input and its time; no input means that only time passes."""

    action: Action | None
    at: datetime


class Walk(NamedTuple):
    """Where a walk starts, by which rules it goes, and its steps."""

    start: str
    strict: bool
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        rules = "strict" if self.strict else "lenient"
        lines = (f"  {step.at.isoformat()} {step.action or 'time passes'}" for step in self.steps)
        return "\n".join((f"start {self.start!r}, {rules} rules", *lines))


def seconds(count: float, *, since: datetime = T0) -> datetime:
    return since + timedelta(seconds=count)


def caller(number: str, **fields: object) -> PhoneCallView:
    return PhoneCallView(**{"id": "00", "extension": number, "side": 0, "state": CONNECTED} | fields)  # type: ignore[arg-type]  # the constructor checks


def callee(number: str, **fields: object) -> PhoneCallView:
    return caller(number, **{"id": "01", "side": 1} | fields)


def call(*views: PhoneCallView, **fields: object) -> PhoneCall:
    return PhoneCall(**{"id": CALL, "extension": ALICE, "views": views, "updated": T0} | fields)  # type: ignore[arg-type]  # the constructor checks


def on_call(one: str, other: str, **fields: object) -> PhoneCall:
    views = [
        maker(number, answered=T0, listed="*" in number, source=(one,), destination=(other,), flow=Flow.LOCAL)
        for maker, number in ((caller, one), (callee, other))
    ]
    return call(*views, **{"answered": T0} | fields)


def _parking(**fields: object) -> Parking:
    known = {"since": T0, "position": 7, "by": ALICE, "side": 0}
    return Parking(**known | fields)  # type: ignore[arg-type]  # the constructor checks


def _lot(party: str, **fields: object) -> PhoneCall:
    left = {"state": ENDED, "answered": T0, "ended": T0, "disposition": Disposition.ANSWERED}
    parking = _parking(seconds=30, until=seconds(30))
    waiting = callee(party, state=PARKED, parking=parking, answered=T0)
    return call(caller(ALICE, **left), waiting, **{"answered": T0} | fields)


def _two_sources() -> PhoneCall:
    rung = {"state": RINGING, "ringing": T0, "until": seconds(30), "source": (ALICE,)}
    waiting = {"state": TRYING, "waits": True, "listed": False, "side": 1}
    return call(
        caller(ALICE, **rung),
        caller(BOB, **rung, id="01"),
        caller(CAROL, **waiting, id="02"),
        caller(OUTSIDE, **waiting, id="03"),
        ends_by=seconds(300),
        wait_for_pickup=30,
        extension=ERIN,
    )


def _outside_source() -> PhoneCall:
    dialled = {"state": TRYING, "listed": False, "until": seconds(40)}
    waiting = callee(BOB, state=TRYING, waits=True, listed=False)
    return call(caller(ABROAD, **dialled), waiting, wait_for_pickup=40, allow_public_transfer=False)


def _conference() -> PhoneCall:
    barged = caller(CAROL, id="02", side=2, role=BARGE, answered=T0)
    listens = caller(DAVE, id="3", side=None, role=MONITOR, target="01", answered=T0)
    two = on_call(ALICE, BOB)
    return call(*two.views, barged, listens, answered=T0)


def _near_the_end_of_time() -> PhoneCall:
    last = datetime.max.replace(tzinfo=UTC, microsecond=0) - timedelta(seconds=60)
    return on_call(ALICE, BOB, answered=last, updated=last)


def _starts() -> Iterator[tuple[str, PhoneCall]]:
    rings = {"state": RINGING, "ringing": T0}
    yield "local, on call", on_call(ALICE, BOB)
    yield "local, off hook", call(caller(ALICE, state=OFF_HOOK), callee(BOB, state=TRYING))
    yield "local, ringing", call(caller(ALICE, state=ANSWERED), callee(BOB, **rings, until=seconds(25)))
    yield "outgoing, dialling", call(caller(ALICE, state=TRYING), callee(OUTSIDE, state=TRYING, listed=False))
    yield "outgoing, on call", on_call(ALICE, OUTSIDE, allow_public_transfer=False)
    yield "incoming, ringing", call(caller(ABROAD, state=ANSWERED, listed=False), callee(BOB, **rings))
    yield "incoming, on call", on_call(OUTSIDE, BOB, ends_by=seconds(200), extension=BOB)
    yield "incoming, withheld", on_call("", BOB)
    yield (
        "two phones rung",
        call(
            caller(OUTSIDE, state=ANSWERED, listed=False),
            callee(BOB, **rings, until=seconds(20)),
            callee(CAROL, **rings, until=seconds(20), id="02"),
        ),
    )
    yield "two sources", _two_sources()
    yield "outside source", _outside_source()
    yield "both outside", on_call(OUTSIDE, ABROAD)
    yield "parked", _lot(BOB)
    yield "parked outside", _lot(OUTSIDE, ends_by=seconds(500))
    yield "parked, from the wire", call(callee(BOB, state=PARKED, parking=_parking()))
    yield "conference", _conference()
    yield "mailbox", call(caller(ALICE, answered=T0), callee(BOB, role=VOICEMAIL, answered=T0), answered=T0)
    yield "unknown", call(caller(ALICE, state=UNKNOWN), callee(BOB, state=UNKNOWN))
    yield "on call, undated", call(caller(ALICE), callee(BOB), updated=None)
    yield (
        "recorded",
        call(caller(ALICE, answered=T0, recording=Recording(since=T0)), callee(BOB, answered=T0), answered=T0),
    )
    yield "last minute", _near_the_end_of_time()


STARTS = dict(_starts())


class Inputs:
    """Draws inputs for a call as it stands; `random` decides everything."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def draw(self, call: PhoneCall) -> Action:
        """Draw an input; the network speaks in one of three."""
        makers = SIGNALS if self.chance(0.33) else REQUESTS
        return self.random.choice(makers)(self, call)

    def common(self, call: PhoneCall) -> dict[str, str]:
        call_id = call.id if not self.chance(0.01) else self.random.choice(("", "other", CALL + "é"))
        return {"call_id": call_id}

    def asker(self, call: PhoneCall) -> dict[str, str]:
        if self.chance(0.6):
            return self.common(call)
        return self.common(call) | {"extension": self.random.choice((*self.numbers(call), call.extension, ERIN))}

    def numbers(self, call: PhoneCall) -> tuple[str, ...]:
        """Draw from the numbers that mean something in the call; there is always one."""
        return tuple(view.extension for view in call.views if view.extension) or (ALICE,)

    def view_id(self, call: PhoneCall) -> str:
        named = [view.id for view in call.views if view.live and view.listed]
        if named and self.chance(0.85):
            return self.random.choice(named)
        return self.random.choice((*(view.id for view in call.views), "77"))

    def on_view(self, call: PhoneCall) -> dict[str, str]:
        return self.asker(call) | {"view_id": self.view_id(call)}

    def send_call_to(self, call: PhoneCall, wrong: tuple[str, ...]) -> str:
        if self.chance(0.06):
            return self.random.choice(wrong)
        return self.random.choice(EXTENSIONS if self.chance(0.8) else self.numbers(call))

    def rings(self, call: PhoneCall) -> dict[str, object]:
        fields: dict[str, object] = {**self.on_view(call)}
        fields["send_call_to"] = self.send_call_to(call, ("", "@self", OUTSIDE, "0003*20"))
        if self.chance(0.3):
            fields["wait_for_pickup"] = self.random.choice((1, "10", 20, 3600, "3600"))
        if self.chance(0.03):
            fields["wait_for_pickup"] = self.random.choice((0, 3601, "", "x", True, "-1"))
        if self.chance(0.2):
            fields["caller_id"] = self.random.choice(("John Doe <0003*201>", "", "Bad;Id", "Ärger <1>"))
        return fields

    def whisper(self, call: PhoneCall) -> Action:
        private = self.random.choice((0, 1, "1", "0") if self.chance(0.9) else (2, "x", True))
        return Whisper(**self.rings(call), private=private)  # type: ignore[arg-type]  # wrong values belong here

    def sends(self, call: PhoneCall, wrong: tuple[str, ...]) -> dict[str, str]:
        fields = self.asker(call) | {"send_call_to": self.send_call_to(call, wrong)}
        numbers = (*self.numbers(call), OUTSIDE) if self.chance(0.95) else ("x", "@self", "")
        for name in ("transfer_number", "transfer_from_number"):
            if self.chance(0.35):
                fields[name] = self.random.choice(numbers)
        if self.chance(0.4):
            fields["view_id"] = self.view_id(call)
        return fields

    def transfer(self, call: PhoneCall) -> Action:
        fields = self.sends(call, ("", "@self", "12*34", "+1x"))
        if self.chance(0.2):
            fields["send_call_to"] = self.random.choice((OUTSIDE, ABROAD))
        return Transfer(**fields)

    def park(self, call: PhoneCall) -> Action:
        limit = self.random.choice((10, "30", 180, 3600) if self.chance(0.95) else (9, 3601, "x", True))
        position = None if self.chance(0.05) else self.random.choice((1, 2, 100))
        return Park(**self.on_view(call), max_in_parking=limit, position=position)

    def hang_up(self, call: PhoneCall) -> Action:
        fields = self.asker(call)
        if self.chance(0.85):
            fields["view_id"] = self.view_id(call)
        if self.chance(0.3):
            fields["phone_number"] = self.random.choice((*self.numbers(call), OUTSIDE, ERIN))
        return HangUp(**fields)

    def record(self, call: PhoneCall) -> Action:
        formats = ("wav", "wav49") if self.chance(0.95) else ("mp3", "")
        return StartRecording(**self.on_view(call), format=self.random.choice(formats))

    def reported(self, call: PhoneCall) -> dict[str, str]:
        ids = [view.id for view in call.views if view.state in (OFF_HOOK, TRYING, RINGING, UNKNOWN)]
        if not ids or self.chance(0.2):
            ids = [view.id for view in call.views] + ["77"]
        return self.common(call) | {"view_id": self.random.choice(ids)}

    def hung_up(self, call: PhoneCall) -> Action:
        why = None if self.chance(0.4) else self.random.choice(tuple(Disposition))
        return HungUp(**self.reported(call), disposition=why)

    def later(self, now: datetime) -> datetime:
        """Draw the time of the next step: often the same instant, seldom long after, at times before."""
        step = self.random.choice((0, 0, 1, 2, 2, 5, 5, 10, 20, 25, 30, -3, 0.5))
        if self.chance(0.04):
            step = self.random.choice((180, 400, 4000))
        try:
            return seconds(step, since=now)
        except OverflowError:
            return now


Maker: TypeAlias = Callable[[Inputs, PhoneCall], Action]

SIGNALS: tuple[Maker, ...] = (
    lambda draw, call: Dialled(**draw.reported(call)),
    lambda draw, call: Rang(**draw.reported(call)),
    lambda draw, call: FarEndRang(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    Inputs.hung_up,
)

REQUESTS: tuple[Maker, ...] = (
    lambda draw, call: OnHold(**draw.on_view(call)),
    lambda draw, call: OffHold(**draw.on_view(call)),
    Inputs.park,
    Inputs.park,
    lambda draw, call: UnPark(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    lambda draw, call: PickUp(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    lambda draw, call: BargeIn(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    Inputs.whisper,
    lambda draw, call: Monitor(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    Inputs.transfer,
    Inputs.transfer,
    lambda draw, call: TransferToVoicemail(**draw.sends(call, ("", "@self", OUTSIDE))),
    Inputs.record,
    lambda draw, call: StopRecording(**draw.on_view(call)),
    Inputs.hang_up,
)
