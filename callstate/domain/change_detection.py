"""What has happened between two values of a call.

One rule: the order is fixed, view by view in the order of their ids and the call last, and equal calls give nothing.
Each change has the time at which it happened. If the two values are one version apart, that is always the time of the
later one. If they are further apart, it is the date that the change has left in the call, such as the start of a hold;
a change that has left none gets the time of the last change.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from callstate.domain.changes import (
    CallAnswered,
    CallEnded,
    Change,
    DestinationDialled,
    HoldEnded,
    HoldStarted,
    ListingChanged,
    ParkerRungBack,
    ParkingEnded,
    ParkingExtended,
    ParkingStarted,
    RecordingEnded,
    RecordingStarted,
    RoleChanged,
    SideTaken,
    StateEntered,
    ViewAppeared,
    ViewEnded,
    ViewForgotten,
)
from callstate.domain.field_types import later
from callstate.domain.model import Parking, PhoneCall, PhoneCallView
from callstate.domain.states import ENDED, ON_HOLD, RINGING, TRYING


def changes(before: PhoneCall | None, after: PhoneCall) -> tuple[Change, ...]:
    """Return what happened from one value of a call to a later one; `None` before is a call that is new.

    Equal values, such as before and after a repeat, give nothing; another version gives at least one change. Compare
    version by version (`steps` yields the deadlines one by one) to miss nothing: a party that came and left between
    the two values, with a view that was dropped, is not reported. A `ValueError` is a mistake of the program: two
    different calls.
    """
    if before is not None and before.id != after.id:
        raise ValueError(f"before is call {before.id!r} and after is call {after.id!r}; both must be one call.")
    return (*_all_view_changes(before, after), *_call_changes(before, after))


class _Compared(NamedTuple):
    """One view in two values of its call."""

    old: PhoneCallView
    new: PhoneCallView
    call: PhoneCall

    def told(self, at: datetime | None = None) -> dict[str, Any]:  # Any: fields of a change
        return _told(self.call, self.new, at)

    @property
    def answered(self) -> datetime | None:
        """When the party was answered, if that is new."""
        return self.new.answered if self.old.answered is None else None


def _told(call: PhoneCall, view: PhoneCallView, at: datetime | None) -> dict[str, Any]:  # Any: fields of a change
    """Name what every change of a view names; without a time of its own, that of the last change."""
    time = call.updated if at is None else at
    return {"call_id": call.id, "version": call.version, "at": time, "view_id": view.id, "extension": view.extension}


def _all_view_changes(before: PhoneCall | None, after: PhoneCall) -> Iterator[Change]:
    known = {} if before is None else {view.id: view for view in before.views}
    for view in after.views:
        old = known.pop(view.id, None)
        if old is view:
            continue
        if old is None:
            yield ViewAppeared(**_told(after, view, _came(before, view, after)), view=view)
        else:
            compared = _Compared(old, view, after)
            yield from (*_standing(compared), *_facets(compared))
        if old is None or old.live:
            yield from _end(view, after)
    for gone in known.values():
        yield ViewForgotten(**_told(after, gone, None))


def _came(before: PhoneCall | None, view: PhoneCallView, call: PhoneCall) -> datetime | None:
    """Return the earliest date that a new view tells; the views of a new call came with it."""
    dates = [date for date in (view.ringing, view.answered, view.ended) if date is not None]
    return min(dates, default=call.published if before is None else None)


def _end(view: PhoneCallView, call: PhoneCall) -> Iterator[Change]:
    if view.ended is not None and view.disposition is not None:
        yield ViewEnded(
            **_told(call, view, view.ended),
            ringing=view.ringing,
            answered=view.answered,
            ended=view.ended,
            disposition=view.disposition,
            reason=view.reason,
            successor=view.successor,
        )


# How the view stands in the call --------------------------------------------------------------------------------------


def _standing(compared: _Compared) -> Iterator[Change]:
    old, new, _ = compared
    if old.listed is not new.listed:
        yield ListingChanged(**compared.told(), listed=new.listed)
    if (old.role, old.private) != (new.role, new.private):
        yield RoleChanged(**compared.told(), left=old.role, entered=new.role, private=new.private)
    if old.side != new.side and new.side is not None:
        yield SideTaken(**compared.told(compared.answered), side=new.side)
    if old.waits and new.state in (TRYING, RINGING) and not new.waits:
        yield DestinationDialled(**compared.told(new.ringing), until=new.until)
    if old.state is not new.state:
        yield StateEntered(**compared.told(_entered(compared)), left=old.state, entered=new.state)


def _entered(compared: _Compared) -> datetime | None:
    """Return the date that tells when a view has entered its state."""
    new = compared.new
    if new.parking is not None:
        return new.parking.since
    dates = {ENDED: new.ended, ON_HOLD: new.on_hold, RINGING: new.ringing}
    return dates.get(new.state, compared.answered)


# What has begun and what is over beside the state ---------------------------------------------------------------------


def _facets(compared: _Compared) -> Iterator[Change]:
    old, new, call = compared
    until = new.ended or call.updated
    if old.on_hold is not None and old.on_hold != new.on_hold:
        yield HoldEnded(**compared.told(until), since=old.on_hold, until=until)
    if new.on_hold is not None and old.on_hold != new.on_hold:
        yield HoldStarted(**compared.told(new.on_hold), since=new.on_hold)
    yield from _parking(compared, old.parking, new.parking, until)
    if old.recording is not None and old.recording != new.recording:
        yield RecordingEnded(**compared.told(until), recording=old.recording, until=until)
    if new.recording is not None and old.recording != new.recording:
        yield RecordingStarted(**compared.told(new.recording.since), recording=new.recording)


def _parking(compared: _Compared, old: Parking | None, new: Parking | None, until: datetime | None) -> Iterator[Change]:
    if old is not None and new is not None and (old.since, old.position) == (new.since, new.position):
        yield from _time_in_the_lot(compared, old, new)
        return
    if old is not None:
        yield ParkingEnded(**compared.told(until), parking=old, until=until)
    if new is not None:
        yield ParkingStarted(**compared.told(new.since), parking=new)


def _time_in_the_lot(compared: _Compared, old: Parking, new: Parking) -> Iterator[Change]:
    """Tell that the time of one stay was up; it starts again when that happens."""
    began = None if new.until is None or new.seconds is None else later(new.until, -new.seconds)
    if old.ring_backs != new.ring_backs:
        yield ParkerRungBack(**compared.told(began), ring_backs=new.ring_backs, until=new.until)
    elif old.until != new.until:
        yield ParkingExtended(**compared.told(began), until=new.until)


# The call -------------------------------------------------------------------------------------------------------------


def _call_changes(before: PhoneCall | None, after: PhoneCall) -> Iterator[Change]:
    told: dict[str, Any] = {"call_id": after.id, "version": after.version}  # Any: fields of a change
    if after.answered is not None and (before is None or before.answered is None):
        yield CallAnswered(**told, at=after.answered, answered=after.answered)
    ended = max((view.ended for view in after.views if view.ended is not None), default=None)
    if after.over and ended is not None and (before is None or not before.over):
        yield CallEnded(**told, at=ended, published=after.published, answered=after.answered, ended=ended)
