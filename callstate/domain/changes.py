"""What has happened between two values of a call: for events, for driving media, and for a call detail record.

One rule: the order is fixed, view by view in the order of their ids and the call last, and equal calls give nothing.
Each change says all that a reader needs, so that nobody has to look at the calls again. Dates are those of the call;
where two values are more than one version apart, what ended without a date of its own ended at the last change.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

from callstate.domain.model import Parking, PhoneCall, PhoneCallView, Recording
from callstate.domain.notation import Value
from callstate.domain.states import RINGING, TRYING, Disposition, ViewState


class _Change(Value, frozen=True, gc=False, kw_only=True, tag_field="change", tag=True):
    """What every change names: the call, and which version of it came of the change."""

    call_id: str
    version: int


class _ViewChange(_Change, frozen=True, gc=False, kw_only=True):
    view_id: str
    extension: str


class ViewAppeared(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A party came in: `view` is how it came. A leg that rings or is tried and does not wait is to be dialled."""

    view: PhoneCallView


class DestinationDialled(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A destination that waited is to be dialled now, until `until` (`None`: without a limit)."""

    until: datetime | None


class ListingChanged(_ViewChange, frozen=True, gc=False, kw_only=True):
    """Requests can name the view from now on, or cannot any more."""

    listed: bool


class SideTaken(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A leg that joined has become a party of its own, on a new side."""

    side: int


class StateEntered(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The view has moved from one state to another."""

    left: ViewState
    entered: ViewState


class HoldStarted(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party holds the call."""

    since: datetime


class HoldEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party held the call from `since` to `until`."""

    since: datetime
    until: datetime | None


class RecordingStarted(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party is recorded."""

    recording: Recording


class RecordingEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party was recorded until `until`."""

    recording: Recording
    until: datetime | None


class ParkingStarted(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party waits in the lot."""

    parking: Parking


class ParkerRungBack(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party's time in the lot was up, so its parker is rung; `until` is when it is up again."""

    ring_backs: int
    until: datetime | None


class ParkingEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party waited in the lot until `until`; its position is free."""

    parking: Parking
    until: datetime | None


class ViewEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party left. With its dates this is the party's line of the call detail record."""

    ringing: datetime | None
    answered: datetime | None
    ended: datetime
    disposition: Disposition


class CallAnswered(_Change, frozen=True, gc=False, kw_only=True):
    """Two sides were on call for the first time."""

    answered: datetime


class CallEnded(_Change, frozen=True, gc=False, kw_only=True):
    """Nobody is left; `published` is when the call came."""

    published: datetime | None
    answered: datetime | None
    ended: datetime


Change: TypeAlias = (
    ViewAppeared
    | DestinationDialled
    | ListingChanged
    | SideTaken
    | StateEntered
    | HoldStarted
    | HoldEnded
    | RecordingStarted
    | RecordingEnded
    | ParkingStarted
    | ParkerRungBack
    | ParkingEnded
    | ViewEnded
    | CallAnswered
    | CallEnded
)


def changes(before: PhoneCall | None, after: PhoneCall) -> tuple[Change, ...]:
    """Return what happened from one value of a call to a later one; `None` before is a call that is new.

    Equal values, such as before and after a repeat, give nothing. A `ValueError` tells of a bug of the caller: two
    different calls. The kinds of change are ours.
    """
    if before is not None and before.id != after.id:
        raise ValueError(f"{before.id!r} and {after.id!r} are two calls")
    return (*_all_view_changes(before, after), *_call_changes(before, after))


def _all_view_changes(before: PhoneCall | None, after: PhoneCall) -> Iterator[Change]:
    known = {} if before is None else {view.id: view for view in before.views}
    for view in after.views:
        old = known.get(view.id)
        if old is None:
            yield ViewAppeared(**_named(after, view), view=view)
        elif old is not view:
            yield from _standing(old, view, after)
            yield from _facets(old, view, after)
        if view.ended is not None and view.disposition is not None and (old is None or old.live):
            yield ViewEnded(
                **_named(after, view),
                ringing=view.ringing,
                answered=view.answered,
                ended=view.ended,
                disposition=view.disposition,
            )


def _named(call: PhoneCall, view: PhoneCallView) -> dict[str, Any]:  # Any: fields of a change
    return {"call_id": call.id, "version": call.version, "view_id": view.id, "extension": view.extension}


def _standing(old: PhoneCallView, new: PhoneCallView, call: PhoneCall) -> Iterator[Change]:
    """Tell how the view stands in the call."""
    if old.listed is not new.listed:
        yield ListingChanged(**_named(call, new), listed=new.listed)
    if old.side is None and new.side is not None:
        yield SideTaken(**_named(call, new), side=new.side)
    if old.waits and new.state in (TRYING, RINGING) and not new.waits:
        yield DestinationDialled(**_named(call, new), until=new.until)
    if old.state is not new.state:
        yield StateEntered(**_named(call, new), left=old.state, entered=new.state)


def _facets(old: PhoneCallView, new: PhoneCallView, call: PhoneCall) -> Iterator[Change]:
    """Tell what has begun and what is over beside the state."""
    until = new.ended or call.updated
    if old.on_hold is not None and old.on_hold != new.on_hold:
        yield HoldEnded(**_named(call, new), since=old.on_hold, until=until)
    if new.on_hold is not None and old.on_hold != new.on_hold:
        yield HoldStarted(**_named(call, new), since=new.on_hold)
    yield from _lot(old.parking, new.parking, _named(call, new), until)
    if old.recording is not None and old.recording != new.recording:
        yield RecordingEnded(**_named(call, new), recording=old.recording, until=until)
    if new.recording is not None and old.recording != new.recording:
        yield RecordingStarted(**_named(call, new), recording=new.recording)


def _lot(
    old: Parking | None, new: Parking | None, named: dict[str, Any], until: datetime | None
) -> Iterator[Change]:  # Any: fields of a change
    same_stay = old is not None and new is not None and (old.since, old.position) == (new.since, new.position)
    if old is not None and not same_stay:
        yield ParkingEnded(**named, parking=old, until=until)
    if new is not None and not same_stay:
        yield ParkingStarted(**named, parking=new)
    if old is not None and new is not None and same_stay and old.ring_backs < new.ring_backs:
        yield ParkerRungBack(**named, ring_backs=new.ring_backs, until=new.until)


def _call_changes(before: PhoneCall | None, after: PhoneCall) -> Iterator[Change]:
    if after.answered is not None and (before is None or before.answered is None):
        yield CallAnswered(call_id=after.id, version=after.version, answered=after.answered)
    ended = max((view.ended for view in after.views if view.ended is not None), default=None)
    if after.over and ended is not None and (before is None or not before.over):
        yield CallEnded(
            call_id=after.id, version=after.version, published=after.published, answered=after.answered, ended=ended
        )
