"""What Park and UnPark do."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from callstate import (
    Answered,
    DomainError,
    EndReason,
    HangUp,
    HungUp,
    Park,
    PhoneCall,
    UnPark,
    advance,
    apply_action,
    next_deadline,
)
from callstate.domain import (
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    PARKED,
    RING_BACKS,
    RINGING,
    TRYING,
    VOICEMAIL,
    WHISPER,
    Disposition,
    Parking,
)
from callstate.voipnow.wire import encode_call
from tests.calls import (
    BOB,
    CAROL,
    DAVE,
    at,
    changed,
    connected,
    done,
    held,
    incoming,
    on,
    outgoing,
    parked,
    retrieving,
    seen,
    states,
    supervised,
)
from tests.reference.facts.fact import only_adds
from tests.voipnow.world import BOB_ID, Simulation, another

THERE = "20"


def who_waits() -> None:
    """
    The party of the named view waits. If the named view is the asker's own, the other party waits instead. An outside
    party cannot be the parker: if one of the two is outside, it is the one that waits, whichever view is named.
    """
    assert states(done(connected(), on(Park, "01"))) == (ENDED, PARKED)
    assert states(done(connected(), on(Park, "01", extension=BOB))) == (PARKED, ENDED)
    assert states(done(outgoing(), on(Park, "00"))) == (ENDED, PARKED)
    for asker in (BOB, "@self"):
        assert states(done(incoming(), on(Park, "01", extension=asker))) == (PARKED, ENDED)


def what_the_view_records() -> None:
    """
    The waiting view is `PARKED`. It records the time, the position, the parker and when the parking time runs out. Its
    own hold ends.
    """
    waiting = seen(done(held("00"), on(Park, "00", position=7, max_in_parking=60)), "00")
    assert (waiting.state, waiting.on_hold) == (PARKED, None)
    assert waiting.parking == Parking(since=at(20), position=7, by=BOB, side=1, seconds=60, until=at(80))


def who_gives_the_position() -> None:
    """The position in the lot is given by the caller of `apply_action`; a request on the wire has no field for it."""
    assert seen(done(connected(), on(Park, "00", position=9)), "00").parking is not None
    assert isinstance(apply_action(connected(), on(Park, "00", position=None), at=at(20)), DomainError)


def the_lot_of_a_service() -> None:
    """
    A service gives the first free position from 1 to 100 in the lot of the parker's organization, or refuses with
    `parking_full`.
    """
    world = Simulation(connected(), another(connected(), "c2"))
    body = {"action": "Park", "phoneCallViewId": "00"}
    positions = []
    for call_id in (connected().id, "c2"):
        (call,) = world.http(BOB_ID, "PUT", f"@me/{BOB}/{call_id}", body).changed
        positions.append(seen(call, "00").parking)
    assert [place.position for place in positions if place is not None] == [1, 2]


def _rung_back(call: PhoneCall, times: int) -> tuple[PhoneCall, datetime | None]:
    """Let the parking time run out so many times; nobody answers."""
    rung = 0
    while rung < times:
        due = next_deadline(call)
        assert due is not None
        views = len(call.views)
        call = advance(call, at=due)
        rung += any(leg.state is RINGING for leg in call.views[-1:]) and len(call.views) >= views
    return call, next_deadline(call)


def when_the_time_runs_out() -> None:
    """
    When `maxInParking` runs out, the parker's phone is rung for the call's own `waitForPickup` (25 s unless the call
    was created with another value), and the parking time starts again. If a view on the parker's side is `RINGING`
    already, no phone is rung and this does not count as a ring-back; one in `TRYING` does not prevent it. After the
    tenth ring-back the parking time does not start again, and the party stays parked.
    """
    for wait in (25, 40):
        rung = advance(replace(parked(), wait_for_pickup=wait), at=at(190))
        leg = rung.views[-1]
        assert (leg.extension, leg.state, leg.until) == (BOB, RINGING, at(190 + wait))
        assert (_lot(rung).until, _lot(rung).ring_backs) == (at(190 + 180), 1)
    busy = replace(retrieving(DAVE), updated=at(180))
    late = advance(_with_limit(busy, at(200)), at=at(190))
    assert (len(late.views), _lot(late).ring_backs, _lot(late).until) == (3, 0, at(190 + 180))
    dialled = advance(changed(busy, "02", state=TRYING, ringing=None, until=None), at=at(190))
    assert (len(dialled.views), _lot(dialled).ring_backs) == (4, 1)
    last = advance(parked(ring_backs=RING_BACKS - 1), at=at(190))
    assert (_lot(last).ring_backs, _lot(last).until) == (RING_BACKS, None)
    assert seen(advance(last, at=at(10_000)), "00").state is PARKED


def _lot(call: PhoneCall) -> Parking:
    lot = seen(call, "00").parking
    assert lot is not None
    return lot


def _with_limit(call: PhoneCall, until: datetime) -> PhoneCall:
    """Let the phone that retrieves the party ring until another time."""
    *others, leg = call.views
    return replace(call, views=(*others, replace(leg, until=until)))


def which_state_counts() -> None:
    """The state of the view is that of the party that waits. The parker must be `CONNECTED` or `ON_HOLD` as well."""
    for parker in (connected(), held("01")):
        done(parker, on(Park))
    alone = changed(connected(), "01", state=RINGING, answered=None)
    assert isinstance(apply_action(alone, on(Park), at=at(20)), DomainError)


def the_parker_leaves() -> None:
    """The parker's view is `ENDED` (reason PARKED, disposition ANSWERED)."""
    parker = seen(done(connected(), on(Park, "00")), "01")
    assert (parker.state, parker.reason, parker.disposition) == (ENDED, EndReason.PARKED, Disposition.ANSWERED)


def how_an_outside_party_is_listed() -> None:
    """A parked outside party is listed while it is parked, under its parker's number."""
    call = done(incoming(), on(Park, "01"))
    (shown,) = msgspec.json.decode(encode_call(call))["phoneCallView"]
    assert (shown["extension"], shown["parkedBy"]) == (BOB, BOB)
    back = done(call, on(UnPark, "00", send_call_to=CAROL), on(Answered, "02"))
    assert not seen(back, "00").listed


def supervisors_of_both_leave() -> None:
    """Legs that whisper to, monitor or ring to join either of the two parties end as well."""
    for role, state in ((WHISPER, CONNECTED), (MONITOR, CONNECTED), (BARGE, RINGING)):
        for waits in ("00", "01"):
            left = seen(done(supervised(role, state), on(Park, waits)), "02")
            assert (left.state, left.reason) == (ENDED, EndReason.TARGET_LEFT)


def when_the_parked_party_leaves() -> None:
    """If the parked party leaves, the call is over. Phones that ring to retrieve it stop ringing."""
    assert done(parked(), on(HungUp)).over
    assert done(retrieving(CAROL, DAVE), on(HangUp, "00")).over


# UnPark ---------------------------------------------------------------------------------------------------------------


def the_leg_rings() -> None:
    """
    A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the highest
    id ever used in the call. The leg stands on the side that the parker had.
    """
    leg = only_adds(parked(), done(parked(), on(UnPark, wait_for_pickup=THERE)))
    assert (leg.id, leg.extension, leg.state, leg.until, leg.side) == ("02", DAVE, RINGING, at(40), 1)


def it_stays_parked_until_then() -> None:
    """The named view stays `PARKED`. When the leg answers, both are `CONNECTED` and the position is free again."""
    call = done(parked(), on(UnPark))
    assert call.view("00") == parked().view("00")
    back = done(call, on(Answered, "02"))
    assert (states(back), seen(back, "00").parking) == ((CONNECTED, ENDED, CONNECTED), None)


def nobody_answers() -> None:
    """If the leg does not answer, only the leg ends (NO ANSWER). The party stays parked."""
    late = advance(retrieving(DAVE), at=at(35))
    assert states(late) == (PARKED, ENDED, ENDED)
    assert (seen(late, "02").reason, seen(late, "02").disposition) == (EndReason.NO_ANSWER, Disposition.NO_ANSWER)


def by_the_view_of_the_parker() -> None:
    """The named view can also be the ended view of the parker; it then stands for the party that was parked."""
    assert done(parked(), on(UnPark, "01")) == done(parked(), on(UnPark, "00"))


def who_was_retrieved() -> None:
    """
    That a party was retrieved is told by the ended view of its parker: the party is up, that view has the reason PARKED
    and stands on another side, and the party had answered by the time at which that view ended, or it has no date of
    ringing and is not the successor of a transferor. A mailbox of `sendCallTo` has not retrieved it.
    """
    at_the_mailbox = changed(done(parked(), on(UnPark), on(Answered, "02")), "02", role=VOICEMAIL, listed=False)
    assert isinstance(apply_action(at_the_mailbox, on(UnPark), at=at(30)), DomainError)
    back = done(parked(), on(UnPark), on(Answered, "02"))
    assert done(back, on(UnPark)) is back
    for told in ({"answered": None}, {"answered": at(15)}):
        undated = changed(back, "00", **told)
        assert apply_action(undated, on(UnPark), at=at(30)) is undated
        assert isinstance(apply_action(changed(undated, "00", ringing=at(1)), on(UnPark), at=at(30)), DomainError)


def several_may_ring() -> None:
    """Several phones can ring for one parked party. The first to answer gets it; the others end (NO ANSWER)."""
    call = done(retrieving(CAROL, DAVE), on(Answered, "03"))
    assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
    assert (seen(call, "02").reason, seen(call, "02").disposition) == (
        EndReason.ANSWERED_ELSEWHERE,
        Disposition.NO_ANSWER,
    )
