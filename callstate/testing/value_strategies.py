"""Strategies for values that are merely well typed: every field fits by itself and the constructors take them.

One rule: nothing here asks whether a call could ever come to be. That is what makes these good for tests of what reads
calls that somebody else wrote.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec.structs import replace

from callstate import domain
from callstate.testing.starts import OUTSIDE, PHONES

EARLIEST, LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  # the zone is drawn beside

CALL_IDS = st.text("0123456789abcdefABCDEF", min_size=1, max_size=20)
VIEW_IDS = st.integers(0, 99).map("{:02d}".format)
NUMBERS = st.sampled_from((*PHONES, *OUTSIDE, "210", "3334444"))
EXTENSIONS = st.sampled_from(PHONES)
DATES = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)).map(lambda date: date.replace(microsecond=0))
TEXTS = st.text("Aa <>+*0123", max_size=12)
MOST_VIEWS = 4

T = TypeVar("T")


def _maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


RECORDINGS = st.builds(domain.Recording, since=DATES, format=st.sampled_from(("wav", "wav49")))


@st.composite
def _parkings(draw: st.DrawFn, side: int) -> domain.Parking:
    """Draw the parking of a party that stands on a side; its parker stood on another one."""
    seconds, ring_backs = draw(_maybe(st.integers(10, 3600))), draw(st.integers(0, domain.RING_BACKS))
    timed = seconds is not None and ring_backs < domain.RING_BACKS
    return domain.Parking(
        since=draw(DATES),
        position=draw(st.integers(1, 100)),
        by=draw(EXTENSIONS),
        side=draw(st.integers(0, MOST_VIEWS).filter(lambda other: other != side)),
        seconds=seconds,
        until=draw(_maybe(DATES)) if timed else None,
        ring_backs=ring_backs,
    )


_SUPERVISING = tuple(state for state in domain.ViewState if state not in (domain.ON_HOLD, domain.PARKED))
"""The states of a supervisor."""


@st.composite
def _views(draw: st.DrawFn, before: tuple[domain.PhoneCallView, ...]) -> domain.PhoneCallView:
    """Draw the view that comes after the others; it may have joined one of them, and is not up beside one."""
    targets = [view.id for view in before if view.live and view.target is None]
    role = draw(st.sampled_from(tuple(domain.Role) if targets else (domain.PARTY, domain.VOICEMAIL)))
    supervises = role in domain.SUPERVISORS
    state = draw(st.sampled_from(_SUPERVISING if supervises else tuple(domain.ViewState)))
    joins = supervises or (role is domain.BARGE and state not in domain.UP)
    ended = state is domain.ENDED
    taken = {view.side for view in before if view.up} if state in domain.UP else set()
    side = None if joins else draw(st.sampled_from([side for side in range(len(before) + 2) if side not in taken]))
    return domain.PhoneCallView(
        id=f"{len(before):02d}",
        extension=draw(NUMBERS),
        state=state,
        role=role,
        side=side,
        target=draw(st.sampled_from(targets)) if joins and not ended else None,
        listed=draw(st.booleans()),
        source=tuple(draw(st.lists(NUMBERS, max_size=2))),
        destination=tuple(draw(st.lists(NUMBERS, max_size=2))),
        flow=draw(_maybe(st.sampled_from(domain.Flow))),
        caller_id=draw(_maybe(TEXTS)),
        ringing=draw(_maybe(DATES)),
        answered=draw(_maybe(DATES)),
        on_hold=draw(DATES) if state is domain.ON_HOLD else None,
        parking=draw(_parkings(side or 0)) if state is domain.PARKED else None,
        recording=draw(_maybe(RECORDINGS)) if state in domain.UP else None,
        until=draw(_maybe(DATES)) if state in (domain.TRYING, domain.RINGING) else None,
        private=role is domain.WHISPER and draw(st.booleans()),
        outside=draw(st.booleans()),
        ended=draw(DATES) if ended else None,
        disposition=draw(st.sampled_from(domain.Disposition)) if ended else None,
        reason=draw(st.sampled_from(domain.EndReason)) if ended else None,
    )


def _with_successor(
    view: domain.PhoneCallView, views: tuple[domain.PhoneCallView, ...]
) -> st.SearchStrategy[domain.PhoneCallView]:
    """Draw the view, with a successor or not if it is that of a transferor and others came after it."""
    later = [other.id for other in views if other.id > view.id]
    if not later or view.reason not in (domain.EndReason.TRANSFERRED, domain.EndReason.DEFLECTED):
        return st.just(view)
    return _maybe(st.sampled_from(later)).map(lambda successor: replace(view, successor=successor))


@st.composite
def _calls(draw: st.DrawFn, min_views: int, max_views: int) -> domain.PhoneCall:
    views: tuple[domain.PhoneCallView, ...] = ()
    for _ in range(draw(st.integers(min_views, max_views))):
        views = (*views, draw(_views(views)))
    views = tuple(draw(_with_successor(view, views)) for view in views)
    live = any(view.live for view in views)
    return domain.PhoneCall(
        id=draw(CALL_IDS),
        extension=draw(EXTENSIONS),
        views=views,
        owner_id=draw(_maybe(CALL_IDS)),
        owner_name=draw(_maybe(TEXTS)),
        published=draw(_maybe(DATES)),
        answered=draw(_maybe(DATES)),
        nonce=draw(_maybe(CALL_IDS)),
        version=draw(st.integers(0, 1000)),
        updated=draw(_maybe(DATES)),
        ends_by=draw(_maybe(DATES)) if live else None,
        wait_for_pickup=draw(st.integers(1, 3600)),
        allow_public_transfer=draw(st.booleans()),
        forgotten=draw(st.integers(0, 20)) if views else 0,
    )


def any_calls(*, min_views: int = 0, max_views: int = MOST_VIEWS) -> st.SearchStrategy[domain.PhoneCall]:
    """Draw a call that its constructor takes, whether anything leads to it or not, of so many views."""
    if not 0 <= min_views <= max_views <= 100:  # noqa: PLR2004  # the ids of views have two digits here
        sizes = f"min_views={min_views!r}, max_views={max_views!r}"
        raise InvalidArgument(f"{sizes}: a call is drawn with 0 to 100 views, and min_views is the smaller one")
    return _calls(min_views, max_views)


_FIELDS: dict[str, st.SearchStrategy[Any]] = {  # Any: fields of any input
    "call_id": CALL_IDS,
    "view_id": VIEW_IDS,
    "extension": st.just(domain.SELF) | EXTENSIONS,
    "send_call_to": NUMBERS,
    "caller_id": _maybe(TEXTS),
    "wait_for_pickup": st.integers(1, 3600) | st.integers(1, 3600).map(str),
    "max_in_parking": st.integers(10, 3600) | st.integers(10, 3600).map(str),
    "position": _maybe(st.integers(1, 100)),
    "private": st.sampled_from((0, 1, "0", "1")),
    "format": st.sampled_from(("wav", "wav49")),
    "transfer_from_number": _maybe(NUMBERS),
    "transfer_number": _maybe(NUMBERS),
    "phone_number": _maybe(NUMBERS),
    "disposition": _maybe(st.sampled_from(domain.Disposition)),
}

Kind = TypeVar("Kind", bound=domain.Action)


def of_kind(kind: type[Kind]) -> st.SearchStrategy[Kind]:
    """Draw an input of one kind, well typed; it is for no call in particular."""
    if kind not in (*domain.ACTIONS, *domain.SIGNALS):
        raise InvalidArgument(f"kind={kind!r}: the class of an action or a signal, such as OnHold")
    return st.builds(kind, **{field.name: _FIELDS[field.name] for field in msgspec.structs.fields(kind)})
