"""What has happened between two values of a call.

One rule: the order is fixed, view by view in the order of their ids and the call last, and equal calls give nothing.
Each change has the time at which it happened. If the two values are one version apart, that is always the time of the
later one. If they are further apart, it is the date that the change has left in the call, such as the start of a hold;
a change that has left none gets the time of the last change.
"""

from datetime import datetime
from typing import Any

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
    told: list[Change] = []
    known = {} if before is None else {view.id: view for view in before.views}
    for view in after.views:
        old = known.pop(view.id, None)
        if old is view:
            continue
        if old is None:
            told.append(ViewAppeared(**_named(after, view, _came(before, view, after)), view=view))
        else:
            _tell_standing(told, after, old, view)
            _tell_facets(told, after, old, view)
        if old is None or old.live:
            _tell_end(told, after, view)
    told += [ViewForgotten(**_named(after, gone)) for gone in known.values()]
    _tell_call(told, before, after)
    return tuple(told)


def _named(
    call: PhoneCall, view: PhoneCallView, at: datetime | None = None
) -> dict[str, Any]:  # Any: fields of a change
    """Name what every change of a view names; without a time of its own, that of the last change."""
    time = call.updated if at is None else at
    return {"call_id": call.id, "version": call.version, "at": time, "view_id": view.id, "extension": view.extension}


def _came(before: PhoneCall | None, view: PhoneCallView, call: PhoneCall) -> datetime | None:
    """Return the earliest date that a new view tells; the views of a new call came with it."""
    dates = [date for date in (view.ringing, view.answered, view.ended) if date is not None]
    return min(dates, default=call.published if before is None else None)


# How a view stands in the call ----------------------------------------------------------------------------------------


def _tell_standing(told: list[Change], call: PhoneCall, old: PhoneCallView, new: PhoneCallView) -> None:
    if old.listed is not new.listed:
        told.append(ListingChanged(**_named(call, new), listed=new.listed))
    if old.role is not new.role or old.private is not new.private:
        told.append(RoleChanged(**_named(call, new), left=old.role, entered=new.role, private=new.private))
    if old.side != new.side and new.side is not None:
        told.append(SideTaken(**_named(call, new, _answered(old, new)), side=new.side))
    if old.waits and not new.waits and (new.state is TRYING or new.state is RINGING):
        told.append(DestinationDialled(**_named(call, new, new.ringing), until=new.until))
    if old.state is not new.state:
        told.append(StateEntered(**_named(call, new, _entered(old, new)), left=old.state, entered=new.state))


def _answered(old: PhoneCallView, new: PhoneCallView) -> datetime | None:
    """Return when the party was answered, if that is new."""
    return new.answered if old.answered is None else None


def _entered(old: PhoneCallView, new: PhoneCallView) -> datetime | None:
    """Return the date that tells when a view has entered its state."""
    if new.parking is not None:
        return new.parking.since
    if new.state is ENDED:
        return new.ended
    if new.state is ON_HOLD:
        return new.on_hold
    return new.ringing if new.state is RINGING else _answered(old, new)


def _tell_end(told: list[Change], call: PhoneCall, view: PhoneCallView) -> None:
    ended, disposition = view.ended, view.disposition
    if ended is not None and disposition is not None:
        told.append(
            ViewEnded(
                **_named(call, view, ended),
                ringing=view.ringing,
                answered=view.answered,
                ended=ended,
                disposition=disposition,
                reason=view.reason,
                successor=view.successor,
            )
        )


# What has begun and what is over beside the state ---------------------------------------------------------------------


def _tell_facets(told: list[Change], call: PhoneCall, old: PhoneCallView, new: PhoneCallView) -> None:
    until = new.ended or call.updated
    if old.on_hold != new.on_hold:
        if old.on_hold is not None:
            told.append(HoldEnded(**_named(call, new, until), since=old.on_hold, until=until))
        if new.on_hold is not None:
            told.append(HoldStarted(**_named(call, new, new.on_hold), since=new.on_hold))
    if old.parking is not None or new.parking is not None:
        _tell_parking(told, call, old, new, until)
    if old.recording != new.recording:
        if old.recording is not None:
            told.append(RecordingEnded(**_named(call, new, until), recording=old.recording, until=until))
        if new.recording is not None:
            told.append(RecordingStarted(**_named(call, new, new.recording.since), recording=new.recording))


def _tell_parking(
    told: list[Change], call: PhoneCall, old: PhoneCallView, new: PhoneCallView, until: datetime | None
) -> None:
    left, entered = old.parking, new.parking
    if left is not None and entered is not None and (left.since, left.position) == (entered.since, entered.position):
        _tell_time_in_the_lot(told, call, new, left, entered)
        return
    if left is not None:
        told.append(ParkingEnded(**_named(call, new, until), parking=left, until=until))
    if entered is not None:
        told.append(ParkingStarted(**_named(call, new, entered.since), parking=entered))


def _tell_time_in_the_lot(told: list[Change], call: PhoneCall, view: PhoneCallView, old: Parking, new: Parking) -> None:
    """Tell that the time of one stay was up; it starts again when that happens."""
    began = None if new.until is None or new.seconds is None else later(new.until, -new.seconds)
    if old.ring_backs != new.ring_backs:
        told.append(ParkerRungBack(**_named(call, view, began), ring_backs=new.ring_backs, until=new.until))
    elif old.until != new.until:
        told.append(ParkingExtended(**_named(call, view, began), until=new.until))


# The call -------------------------------------------------------------------------------------------------------------


def _tell_call(told: list[Change], before: PhoneCall | None, after: PhoneCall) -> None:
    answered = after.answered
    if answered is not None and (before is None or before.answered is None):
        told.append(CallAnswered(call_id=after.id, version=after.version, at=answered, answered=answered))
    if not after.over or (before is not None and before.over):
        return
    ended = max((view.ended for view in after.views if view.ended is not None), default=None)
    if ended is not None:
        told.append(
            CallEnded(
                call_id=after.id,
                version=after.version,
                at=ended,
                published=after.published,
                answered=answered,
                ended=ended,
            )
        )
