"""Calls for the oracle's walks and examples to start from, each typed by hand as a value.

One rule: every call is one that the behaviour allows. Inputs and answers are not known here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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
    WHISPER,
    Disposition,
    EndReason,
    Flow,
    Numbering,
    Parking,
    PhoneCall,
    PhoneCallView,
    Recording,
)

CALL = "b817d2618fe6f1804333"
T0 = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
_BEFORE = T0 - timedelta(seconds=100)
ALICE, BOB, CAROL, DAVE, ERIN = (f"0003*{short}" for short in range(201, 206))
OUTSIDE, ABROAD = "0441234567", "+15551234"
FRANK, EMERGENCY = "206", "112"
"""A short number, and a public number that has the form of one."""
EXTENSIONS = (ALICE, BOB, CAROL, DAVE, ERIN, FRANK)
GUESTS = tuple(f"0003*{short}" for short in range(301, 320))

NUMBERINGS = {"pattern": Numbering(), "directory": Numbering(numbers=frozenset((*EXTENSIONS, *GUESTS)))}
"""The default numbering, and one that knows its extensions."""


def seconds(count: float, *, since: datetime = T0) -> datetime:
    return since + timedelta(seconds=count)


def caller(number: str, **fields: object) -> PhoneCallView:
    known = {"id": "00", "extension": number, "side": 0, "state": CONNECTED, "outside": number not in EXTENSIONS}
    return PhoneCallView(**known | fields)  # type: ignore[arg-type]  # the constructor checks


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


def left(**fields: object) -> dict[str, object]:
    """Fields of a view that has ended."""
    known = {"state": ENDED, "answered": T0, "ended": T0, "disposition": Disposition.ANSWERED}
    return known | {"reason": EndReason.HUNG_UP} | fields


def parking(**fields: object) -> Parking:
    known = {"since": T0, "position": 7, "by": ALICE, "side": 0}
    return Parking(**known | fields)  # type: ignore[arg-type]  # the constructor checks


def lot(party: str, **fields: object) -> PhoneCall:
    place = parking(seconds=30, until=seconds(30))
    waiting = callee(party, state=PARKED, parking=place, answered=T0)
    return call(caller(ALICE, **left(reason=EndReason.PARKED)), waiting, **{"answered": T0} | fields)


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


def _guests() -> PhoneCall:
    """A conference that rings its guests, one of them outside."""
    rung = {"until": seconds(30), "destination": (BOB, CAROL, OUTSIDE)}
    return call(
        caller(ERIN, state=ANSWERED, answered=T0),
        callee(BOB, state=RINGING, ringing=T0, **rung),
        callee(CAROL, state=RINGING, ringing=T0, id="02", **rung | {"side": 2}),
        callee(OUTSIDE, state=TRYING, listed=False, id="03", **rung | {"side": 3}),
        extension=ERIN,
        wait_for_pickup=30,
    )


def _supervised() -> PhoneCall:
    """Two talk; Carol rings to listen, Dave whispers, Frank rings to barge in."""
    return call(
        *on_call(ALICE, BOB).views,
        caller(CAROL, id="02", side=None, role=MONITOR, target="01", state=RINGING, until=seconds(25)),
        caller(DAVE, id="03", side=None, role=WHISPER, target="00", private=True, answered=T0),
        caller(FRANK, id="04", side=None, role=BARGE, target="01", state=RINGING, until=seconds(25), caller_id="F"),
        answered=T0,
    )


def long_call(**fields: object) -> PhoneCall:
    """A call with ten views that have left already, and two that others have left behind."""
    past = [
        caller(
            number,
            id=f"{place + 2:02}",
            side=None,
            role=MONITOR,
            **left(answered=_BEFORE, ended=seconds(place, since=_BEFORE)),
        )
        for place, number in enumerate(GUESTS[:10])
    ]
    return call(*on_call(ALICE, BOB).views, *past, **{"answered": T0} | fields)


def _transferred() -> PhoneCall:
    """Bob was sent from Alice to Carol, whose phone rings, and David's beside it."""
    rung = {"state": RINGING, "ringing": T0, "until": seconds(25), "caller_id": "A"}
    return call(
        caller(ALICE, **left(reason=EndReason.TRANSFERRED, successor="02")),
        callee(BOB, state=ANSWERED, answered=T0),
        caller(CAROL, id="02", **rung),
        caller(DAVE, id="03", **rung),
        answered=T0,
    )


def _retrieved() -> PhoneCall:
    """Alice has parked somebody outside, and Carol has retrieved the party."""
    return call(
        caller(ALICE, **left(reason=EndReason.PARKED)),
        callee(OUTSIDE, answered=T0, listed=False),
        caller(CAROL, id="02", answered=T0),
        answered=T0,
    )


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
    yield "parked", lot(BOB)
    yield "parked outside", lot(OUTSIDE, ends_by=seconds(500))
    yield "parked, from the wire", call(callee(BOB, state=PARKED, parking=parking()))
    yield "conference", _conference()
    yield (
        "mailbox",
        call(caller(ALICE, answered=T0), callee(BOB, role=VOICEMAIL, answered=T0, listed=False), answered=T0),
    )
    yield "unknown", call(caller(ALICE, state=UNKNOWN), callee(BOB, state=UNKNOWN))
    yield "on call, undated", call(caller(ALICE), callee(BOB), updated=None)
    yield (
        "recorded",
        call(caller(ALICE, answered=T0, recording=Recording(since=T0)), callee(BOB, answered=T0), answered=T0),
    )
    yield "guests rung", _guests()
    yield "supervised", _supervised()
    yield "long", long_call()
    yield "long, forgotten", long_call(forgotten=3, extension=ERIN)
    yield "transferred", _transferred()
    yield "retrieved", _retrieved()
    yield "emergency call", on_call(ALICE, EMERGENCY)
    yield "local, nothing rings", call(caller(ALICE, state=TRYING), callee(BOB, state=TRYING))
    yield "on call, one unknown", call(caller(ALICE), callee(BOB, state=UNKNOWN))
    yield (
        "fork, two unknown",
        call(
            caller(ALICE, state=ANSWERED, answered=T0),
            callee(BOB, state=UNKNOWN),
            callee(CAROL, **rings, until=seconds(25), id="02"),
            callee(DAVE, state=UNKNOWN, id="03"),
        ),
    )
    yield "last minute", _near_the_end_of_time()


STARTS = dict(_starts())
