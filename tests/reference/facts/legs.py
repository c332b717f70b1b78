"""What a leg has that an action or a ring-back adds."""

from collections.abc import Iterator

from callstate import (
    Answered,
    BargeIn,
    Flow,
    HungUp,
    Monitor,
    Park,
    PhoneCall,
    PhoneCallView,
    PickUp,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    advance,
)
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    OUTSIDE,
    at,
    changed,
    connected,
    done,
    incoming,
    on,
    parked,
    ringing,
    seen,
)

SENDS = (Transfer, TransferToVoicemail)
JOINS = (BargeIn, Whisper, Monitor)


def _legs(before: PhoneCall, named: str = "00", *, caller_id: str | None = None) -> Iterator[PhoneCallView]:
    """Yield the leg of each action that adds one between two connected parties."""
    for kind in JOINS:
        yield done(before, on(kind, named, caller_id=caller_id)).views[-1]
    for sends in SENDS:
        yield done(before, on(sends, named)).views[-1]


def its_id_and_number() -> None:
    """
    The id of a leg is one more than the highest id ever used in the call. Its `extension` is `sendCallTo`, or for a
    ring-back the number of the parker.
    """
    assert {(leg.id, leg.extension) for leg in _legs(connected())} == {("02", DAVE)}
    assert advance(parked(), at=at(190)).views[-1].extension == BOB


def its_source_and_destination() -> None:
    """
    Its `source` is the number of the party on the other side; for BargeIn, Whisper and Monitor that of the named view.
    It is empty if that number is withheld. Its `destination` is its own number. A leg of PickUp has the `source`, the
    `destination` and the `flow` of the ringing view.
    """
    assert {(leg.source, leg.destination) for leg in _legs(connected())} == {((ALICE,), (DAVE,))}
    back = advance(parked(), at=at(190)).views[-1]
    assert (back.source, back.destination) == ((ALICE,), (BOB,))
    withheld = changed(incoming(), "00", extension="")
    assert done(withheld, on(Transfer, None, extension=BOB)).views[-1].source == ()
    rings = changed(ringing(), "01", source=("1",), destination=("2",), flow=Flow.INCOMING)
    leg = done(rings, on(PickUp, "01")).views[-1]
    assert (leg.source, leg.destination, leg.flow) == (("1",), ("2",), Flow.INCOMING)


def its_flow() -> None:
    """
    Its `flow` is OUTGOING for an outside number, INCOMING for an extension if the party that gives the `source` is
    outside, and otherwise LOCAL.
    """
    assert {leg.flow for leg in _legs(connected())} == {Flow.LOCAL}
    assert done(connected(), on(Transfer, send_call_to=OUTSIDE)).views[-1].flow is Flow.OUTGOING
    assert done(incoming(), on(Transfer, None, extension=BOB)).views[-1].flow is Flow.INCOMING
    lot = done(incoming(), on(Park, "01"))
    assert done(lot, on(UnPark, "00")).views[-1].flow is Flow.INCOMING


def its_caller_id() -> None:
    """
    Its `caller_id` is that of the request. Without it, a leg that takes the place of another view has the caller id of
    that view: of the ringing view for PickUp, of the transferor for Transfer and TransferToVoicemail, and of the newest
    view of the parker that has ended for UnPark and a ring-back, even while a later one rings. A leg of BargeIn,
    Whisper and Monitor then has none.
    """
    shown = changed(changed(connected(), "00", caller_id="A"), "01", caller_id="B")
    assert [leg.caller_id for leg in _legs(shown, "00")] == [None, None, None, "B", "B"]
    assert [leg.caller_id for leg in _legs(shown, caller_id="C")] == ["C", "C", "C", "B", "B"]
    lot = changed(parked(), "01", caller_id="P")
    assert done(lot, on(UnPark)).views[-1].caller_id == "P"
    assert advance(lot, at=at(190)).views[-1].caller_id == "P"
    rung = done(lot, on(UnPark, send_call_to=BOB, caller_id="Q"))
    assert [done(rung, on(UnPark)).views[number].caller_id for number in (2, 3)] == ["Q", "P"]
    assert done(changed(ringing(), "01", caller_id="R"), on(PickUp, "01")).views[-1].caller_id == "R"


def its_dates() -> None:
    """
    A leg that rings has the time as `ringing`. A mailbox has it as `answered` and no date of ringing. An outside leg
    has neither.
    """
    joins, mailbox = done(connected(), on(BargeIn)).views[-1], done(connected(), on(TransferToVoicemail)).views[-1]
    assert [(leg.ringing, leg.answered) for leg in (joins, mailbox)] == [(at(20), None), (None, at(20))]
    outside = done(connected(), on(Transfer, send_call_to=OUTSIDE)).views[-1]
    assert (outside.ringing, outside.answered) == (None, None)


def if_it_does_not_answer() -> None:
    """
    When its limit passes, or when the network reports that it could not be reached, it ends like every other view. The
    other views do not change, unless fewer than two sides are left.
    """
    for kind in JOINS:
        call = done(connected(), on(kind))
        for after in (advance(call, at=at(45)), done(call, on(HungUp, "02"))):
            assert after.views[:2] == call.views[:2]
            assert not seen(after, "02").live
    answered = done(connected(), on(BargeIn, send_call_to=CAROL), on(Answered, "02"))
    assert len(answered.views) == 3


ALL = (its_id_and_number, its_source_and_destination, its_flow, its_caller_id, its_dates, if_it_does_not_answer)
