"""The kinds of change of a call: for events, for driving media, and for a call detail record.

One rule: each change says all that a reader needs, so that nobody has to look at the calls again. The kinds are
callstate-specific.
"""

from datetime import datetime
from typing import TypeAlias

from callstate.domain.model import Parking, PhoneCallView, Recording
from callstate.domain.notation import Value
from callstate.domain.states import Disposition, EndReason, Role, ViewState


class _Change(Value, frozen=True, gc=False, kw_only=True, tag_field="change", tag=True):
    """What every change names: the call, the version of it that came of the change, and the time of the change."""

    call_id: str
    version: int
    at: datetime | None


class _ViewChange(_Change, frozen=True, gc=False, kw_only=True):
    view_id: str
    extension: str


class ViewAppeared(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A party came in: `view` is how it is now. A leg that rings or is tried and does not wait is to be dialled."""

    view: PhoneCallView


class DestinationDialled(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A destination that waited is to be dialled now, until `until` (`None`: without a limit)."""

    until: datetime | None


class ListingChanged(_ViewChange, frozen=True, gc=False, kw_only=True):
    """Requests can name the view from now on, or cannot any more."""

    listed: bool


class RoleChanged(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A leg that has joined a conversation has taken another role in it, or has become `private` or no longer is."""

    left: Role
    entered: Role
    private: bool


class SideTaken(_ViewChange, frozen=True, gc=False, kw_only=True):
    """A leg that joined has become a party of its own, or a party that came too late for its side has taken another."""

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
    """The party's time in the lot was up, so its parker is rung; `until` is when that time is up again."""

    ring_backs: int
    until: datetime | None


class ParkingExtended(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party's time in the lot was up while a phone rang for it already, so it waits on, until `until`."""

    until: datetime | None


class ParkingEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party waited in the lot until `until`; its position is free."""

    parking: Parking
    until: datetime | None


class ViewEnded(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The party left. With its dates this is the party's line of the call detail record.

    `successor` is the id of the leg that came in its place, if it transferred or deflected the call.
    """

    ringing: datetime | None
    answered: datetime | None
    ended: datetime
    disposition: Disposition
    reason: EndReason | None
    successor: str | None


class ViewForgotten(_ViewChange, frozen=True, gc=False, kw_only=True):
    """The call no longer carries the view of a party that has left.

    The end of the party was told before, unless the two values are more than one version apart.
    """


class CallAnswered(_Change, frozen=True, gc=False, kw_only=True):
    """Two sides were connected for the first time."""

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
    | RoleChanged
    | SideTaken
    | StateEntered
    | HoldStarted
    | HoldEnded
    | RecordingStarted
    | RecordingEnded
    | ParkingStarted
    | ParkerRungBack
    | ParkingExtended
    | ParkingEnded
    | ViewEnded
    | ViewForgotten
    | CallAnswered
    | CallEnded
)
