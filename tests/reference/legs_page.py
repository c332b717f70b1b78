"""The page of the legs: what has a leg that an action or a ring-back adds.

One rule: the table is made by adding legs to plain calls; everything else is a fact.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from callstate import (
    BargeIn,
    Monitor,
    PhoneCall,
    PhoneCallView,
    PickUp,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
    advance,
)
from tests.calls import ELSEWHERE, at, connected, done, on, parked, ringing
from tests.reference.facts import Fact, legs, sentence
from tests.reference.markdown import bullets, page, table

OF_THE_REQUEST, OF_THE_CALL = 30, 40


def _added() -> Iterator[tuple[str, PhoneCallView]]:
    """Yield the leg of each cause, in calls that ring longer than the requests say."""
    yield "`UnPark`", _leg(parked(), UnPark, "00")
    yield "`PickUp`", _leg(ringing(), PickUp, "01")
    for kind in (BargeIn, Whisper, Monitor):
        yield f"`{kind.__name__}`", _leg(connected(), kind, "01")
    yield "`Transfer` to an extension", done(_long(connected()), on(Transfer, "00")).views[-1]
    yield "`Transfer` to an outside number", done(_long(connected()), on(Transfer, send_call_to=ELSEWHERE)).views[-1]
    yield "`TransferToVoicemail`", done(_long(connected()), on(TransferToVoicemail, "00")).views[-1]
    yield "a ring-back", advance(_long(parked()), at=at(190)).views[-1]


def _leg(call: PhoneCall, kind: type[UnPark | PickUp | BargeIn | Whisper | Monitor], view_id: str) -> PhoneCallView:
    return done(_long(call), on(kind, view_id, wait_for_pickup=OF_THE_REQUEST)).views[-1]


def _long(call: PhoneCall) -> PhoneCall:
    return replace(call, wait_for_pickup=OF_THE_CALL)


def legs_page() -> str:
    """Write the page."""
    return page(
        "Legs",
        "A leg is a view that an action, or a deadline, adds to a call. The [Glossary](glossary.md) defines *view*, "
        "*side*, *target* and *up*; [Values](values.md) explains the fields.",
        table(("Added by", "Role", "State", "Side", "Listed", "Limit"), map(_row, _added())),
        "The *limit* (`until`) is the time plus `waitForPickup` of the request or, where the request has none, of the "
        "call. The side of an UnPark, of a ring-back and of the transfers is the one that the parker or the transferor "
        "had, that of a PickUp the one of the ringing view.",
        bullets(map(sentence, legs.ALL)),
    )


def _row(added: tuple[str, PhoneCallView]) -> tuple[str, ...]:
    words, leg = added
    side = "none, with a target" if leg.side is None else str(leg.side)
    since = leg.ringing or at(20)
    seconds = None if leg.until is None else int((leg.until - since).total_seconds())
    limit = {None: "none", OF_THE_REQUEST: "of the request", OF_THE_CALL: "of the call"}[seconds]
    return words, f"`{leg.role}`", f"`{leg.state}`", side, "yes" if leg.listed else "no", limit


FACTS: tuple[Fact, ...] = legs.ALL
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/legs.md": legs_page}
"""The pages of this module, by their path in the docs."""
