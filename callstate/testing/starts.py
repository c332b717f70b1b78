"""How a trial's calls start: created by a request, read from a listing or given as values, and the first signals.

One rule: a start has a name, so that a failing trial can be written down and run again. Every number is one of
`PHONES`, `CONFERENCE`, `CALLBACK` and `OUTSIDE`; a service that is judged must know those of this system.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from callstate import domain
from callstate.testing.subjects import START
from callstate.voipnow.wire import decode_call

PHONES = ("0003*210", "0003*211", "0003*212", "0003*213", "0003*214")
"""Phone terminals of one organization: Alice, Bob, Carol, Dave and Erin."""

CONFERENCE, CALLBACK = "0003*500", "0003*600"
OUTSIDE = ("+40215550100", "+40215550199")

ALICE, BOB, CAROL, DAVE, ERIN = PHONES


class TrialStart(NamedTuple):
    """What a call is made of, and the views that the network then reports as answered."""

    new: Callable[[str], domain.Create | domain.PhoneCall]
    answered: tuple[str, ...] = ()

    def signals(self, call_id: str) -> tuple[domain.Signal, ...]:
        """Return what the network reports first."""
        return tuple(domain.Answered(call_id=call_id, view_id=view_id) for view_id in self.answered)


Maker: TypeAlias = Callable[[str], domain.Create | domain.PhoneCall]


def _simple(
    source: tuple[str, ...],
    destination: tuple[str, ...],
    *,
    lasts: int | None = None,
    wait: int = domain.DEFAULT_WAIT,
    public: bool = False,
) -> Maker:
    """Return what makes the request for a call, which the first number of this system pays."""
    payer = next(number for number in (*source, *destination) if number in PHONES)
    return lambda call_id: domain.CreateSimple(
        call_id=call_id,
        extension=payer,
        source=source,
        destination=destination,
        call_duration=lasts,
        wait_for_pickup=wait,
        allow_public_transfer=public,
    )


def _callback(call_id: str) -> domain.Create:
    return domain.CreateCallback(call_id=call_id, extension=CALLBACK, source=OUTSIDE[:1], destination=OUTSIDE[1:])


def _invite(*guests: str) -> Maker:
    return lambda call_id: domain.CreateConferenceInvite(
        call_id=call_id, extension=CONFERENCE, source=(CONFERENCE,), destination=guests, wait_for_pickup=30
    )


def _as_is(caller: domain.ViewState, callee: domain.ViewState) -> Maker:
    """Return what makes a call of Alice and Bob as no request creates it."""
    ends = {"source": (ALICE,), "destination": (BOB,), "flow": domain.Flow.LOCAL}

    def make(call_id: str) -> domain.PhoneCall:
        views = (
            domain.PhoneCallView(id="00", extension=ALICE, state=caller, side=0, **ends),  # type: ignore[arg-type]  # three types in one dict
            domain.PhoneCallView(id="01", extension=BOB, state=callee, side=1, **ends),  # type: ignore[arg-type]  # likewise
        )
        return domain.PhoneCall(id=call_id, extension=ALICE, views=views, published=START, updated=START)

    return make


def _listed(*views: Mapping[str, object]) -> Maker:
    """Return what reads a call that lists only these views."""

    def make(call_id: str) -> domain.PhoneCall:
        listing = {"id": call_id, "extension": BOB, "published": str(START), "phoneCallView": views}
        return domain.unwrap(decode_call(msgspec.json.encode(listing), at=START))

    return make


def _view(view_id: str, extension: str, **fields: object) -> dict[str, object]:
    """Return a view of a call from outside to Bob, as it is listed."""
    known = {"id": view_id, "extension": extension, "source": OUTSIDE[0], "destination": BOB, "flow": "8"}
    return {**known, "status": "5", **fields}


_ON_CALL = _view("01", BOB, answered=str(START))
_PARKED = _view("00", BOB, parked=str(START), parkedPos="7", parkedBy=BOB)

STARTS: Mapping[str, TrialStart] = {
    "Alice and Bob talk": TrialStart(_simple((ALICE,), (BOB,), public=True), ("00", "01")),
    "Bob's phone rings for Alice": TrialStart(_simple((ALICE,), (BOB,)), ("00",)),
    "somebody outside talks to Bob": TrialStart(_simple(OUTSIDE[:1], (BOB,)), ("00", "01")),
    "Bob's and Carol's phones ring for somebody outside": TrialStart(_simple(OUTSIDE[:1], (BOB, CAROL)), ("00",)),
    "Alice talks to somebody outside, for 60 s at most": TrialStart(
        _simple((ALICE,), OUTSIDE[:1], lasts=60), ("00", "01")
    ),
    "Alice's and Carol's phones ring for a call to Bob and Dave": TrialStart(
        _simple((ALICE, CAROL), (BOB, DAVE), wait=30)
    ),
    "a conference calls Bob and Carol": TrialStart(_invite(BOB, CAROL)),
    "Bob and somebody outside are in a conference, and Carol's phone rings for it": TrialStart(
        _invite(BOB, OUTSIDE[0], CAROL), ("01", "02")
    ),
    "a callback to somebody outside": TrialStart(_callback),
    "two outside parties talk, called back": TrialStart(_callback, ("00", "01")),
    "Alice dials Bob": TrialStart(_as_is(domain.OFF_HOOK, domain.TRYING)),
    "Alice dials, and Bob's phone rings": TrialStart(_as_is(domain.OFF_HOOK, domain.RINGING)),
    "nothing is known of Alice and Bob": TrialStart(_as_is(domain.UNKNOWN, domain.UNKNOWN)),
    "only Bob is listed, connected to an outside party": TrialStart(_listed(_ON_CALL)),
    "only a party is listed that Bob has parked": TrialStart(_listed(_PARKED)),
}
"""The ways in which calls start, by name. The last ones are values, which not every subject can take."""


def trial_start(start: str | domain.Create | domain.PhoneCall) -> TrialStart:
    """Return how a call starts: by the name of one of `STARTS`, or as it is given."""
    return STARTS[start] if isinstance(start, str) else TrialStart(lambda _: start)
