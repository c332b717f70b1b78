"""The values: a phone call, and the call as each of its parties sees it.

One rule: an impossible value cannot be built. The constructors raise `ValueError` for an impossible value and
`TypeError` for a field of a wrong type, because only a mistake of the program builds one. This module knows nothing of
requests or the table. Dates are aware datetimes with a fixed offset of whole minutes, lengths of time are seconds.

Fields that the wire has are described as the vendor documents them (`PhoneCall` and `PhoneCallView` of its pages); all
others are callstate's decision, as are the names of states and roles.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec.structs import force_setattr

from callstate.domain.constraints import check_call, check_parking, check_recording, check_view
from callstate.domain.field_types import adapt_types
from callstate.domain.notation import Value
from callstate.domain.numbers import FIRST_VIEW_IDS
from callstate.domain.states import ENDED, PARTY, UP, Disposition, EndReason, Flow, Role, ViewState
from callstate.domain.summary import summary

DEFAULT_WAIT = 25
"""How many seconds a phone rings unless a request says otherwise (the vendor's default)."""

AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)
copy_of: Callable[[AnyStruct], AnyStruct] = msgspec.Struct.__copy__  # type: ignore[attr-defined]  # msgspec's stubs lack it


def evolve(value: AnyStruct, **changes: Any) -> AnyStruct:  # Any: the fields of any struct
    """Copy `value` with other fields, without the constructor's checks, which `msgspec.structs.replace` makes.

    For the engine alone: the exploration builds all that it reaches again through the constructor.
    """
    copy = copy_of(value)
    for name, field in changes.items():
        force_setattr(copy, name, field)
    return copy


class Recording(Value, frozen=True, gc=False, kw_only=True):
    """A recording that runs: `since` when, and in which `format` (`wav` or `wav49`, the vendor's two)."""

    since: datetime
    format: str = "wav"

    def __post_init__(self) -> None:
        adapt_types(self)
        check_recording(self)


class Parking(Value, frozen=True, gc=False, kw_only=True):
    """A party's stay in the parking lot.

    `since`: when it was parked. `position`: 1 to 100 (the bounds are callstate's decision). `by`: the number of the
    parker, the wire's `parkedBy`. `side`: where the parker stood, and where the phone that retrieves the party will
    stand. `seconds`: how long the party waits before the parker is rung back, 10 to 3600 (the limits of the vendor's
    client); `None` if it is not known, because the wire does not tell. `until`: when the parker is rung back next.
    `ring_backs`: how often that has happened, at most 10; then there is no `until` any more.
    """

    since: datetime
    position: int
    by: str
    side: int
    seconds: int | None = None
    until: datetime | None = None
    ring_backs: int = 0

    def __post_init__(self) -> None:
        adapt_types(self)
        check_parking(self)


class PhoneCallView(Value, frozen=True, gc=False, kw_only=True):
    """The call as one party sees it.

    The wire's fields, with Python names: `id`, 1 to 9 digits; `extension`, the party's number; `source` and
    `destination`, tuples of numbers; `flow`; `caller_id`, what its phone shows; `ringing` and `answered`, when its
    phone rang and was answered; `on_hold`, since when this party holds the call (exactly in `ON_HOLD`); `parking`
    (exactly in `PARKED`); `recording`, while it is recorded.

    What the wire lacks: `state`; `role`; `side`, the end of the conversation on which it stands (0 calls, 1 is called,
    a party that joins opens the next); `target`, the id of the view that it has joined (exactly a live supervisor, and
    a `BARGE` leg that still rings: those stand on no side); `listed`, whether a request can name it (an outside party
    is not listed); `until`, when its ringing runs out; `waits`: a destination that is not rung before a source is up;
    `private`, for a `WHISPER` leg that does not hear the others; `outside`, whether the party is not an extension of
    this system, told once when it comes in; `ended`, `disposition` and `reason`, when, how and why it left (exactly in
    `ENDED`); `successor`, the id of the leg that came in its place when it transferred or deflected the call.
    """

    id: str
    extension: str
    state: ViewState
    role: Role = PARTY
    side: int | None = None
    target: str | None = None
    listed: bool = True
    source: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    flow: Flow | None = None
    caller_id: str | None = None
    ringing: datetime | None = None
    answered: datetime | None = None
    on_hold: datetime | None = None
    parking: Parking | None = None
    recording: Recording | None = None
    until: datetime | None = None
    waits: bool = False
    private: bool = False
    outside: bool = False
    ended: datetime | None = None
    disposition: Disposition | None = None
    reason: EndReason | None = None
    successor: str | None = None

    @property
    def live(self) -> bool:
        """Whether this party has not left."""
        return self.state is not ENDED

    @property
    def limit(self) -> datetime | None:
        """When this view changes by itself: it stops ringing, or its parker is rung back."""
        return self.until if self.parking is None else self.parking.until

    @property
    def up(self) -> bool:
        """Whether this party has answered and not left."""
        return self.state in UP

    def __post_init__(self) -> None:
        adapt_types(self)
        check_view(self)


class PhoneCall(Value, frozen=True, gc=False, kw_only=True):
    """One call: the extension that it is charged to, when it came, and how each party sees it.

    The wire's fields, with Python names: `id`, 1 to 255 letters and digits; `extension`; `views`, in the order of the
    numbers of their ids; `owner_id` and `owner_name`, the user of the extension; `published`, when the call came;
    `answered`, when two sides were first connected; `nonce`, an optional text that the creator of the call gave.

    What the wire lacks: `version`, one more for each applied input and each fired deadline; `updated`, the time of the
    last change; `ends_by`, the limit of the whole call; `wait_for_pickup`, the seconds (1 to 3600) that a created call
    rings its parties; `allow_public_transfer`, whether it may be transferred to an outside number; `forgotten`, how
    many views of parties that have left the call no longer carries. `deadline`, when the call will change by itself,
    and `ended_views`, how many of its views have ended, follow from the others and are not to be given.
    """

    derived: ClassVar[frozenset[str]] = frozenset({"deadline", "ended_views"})

    id: str
    extension: str
    views: tuple[PhoneCallView, ...]
    owner_id: str | None = None
    owner_name: str | None = None
    published: datetime | None = None
    answered: datetime | None = None
    nonce: str | None = None
    version: int = 0
    updated: datetime | None = None
    ends_by: datetime | None = None
    wait_for_pickup: int = DEFAULT_WAIT
    allow_public_transfer: bool = True
    forgotten: int = 0
    deadline: datetime | None = None
    ended_views: int = 0

    @property
    def over(self) -> bool:
        """Whether nobody is left. A call that is over stays a value: over is not unknown."""
        return self.ended_views == len(self.views)

    def view(self, view_id: str) -> PhoneCallView | None:
        """Return the view of that id, ended and unlisted ones included."""
        place = place_of(self.views, view_id)
        return None if place is None else self.views[place]

    def __str__(self) -> str:
        return summary(self)

    def __post_init__(self) -> None:
        adapt_types(self)
        ended, deadline = ended_and_due(self.views, self.ends_by)
        force_setattr(self, "ended_views", ended)
        force_setattr(self, "deadline", deadline)
        check_call(self)


_PLACES: Mapping[str, int] = {view_id: place for place, view_id in enumerate(FIRST_VIEW_IDS)}


def place_of(views: tuple[PhoneCallView, ...], view_id: str) -> int | None:
    """Return where the view of that id stands: mostly at the place of its number, for ids count up from 00."""
    try:
        place = _PLACES.get(view_id)
        if place is None:
            place = int(view_id)
        if views[place].id == view_id:
            return place
    except (ValueError, IndexError):  # no number, or none of this call, unless ids have gaps
        pass
    return next((place for place, view in enumerate(views) if view.id == view_id), None)


def ended_and_due(views: Iterable[PhoneCallView], due: datetime | None) -> tuple[int, datetime | None]:
    """Return how many views have ended, and when a call will change by itself.

    That is `due`, its own limit, or that of a view that rings or is parked.
    """
    ended = 0
    for view in views:
        if view.state is ENDED:
            ended += 1
            continue
        limit = view.until if view.parking is None else view.parking.until
        if limit is not None and (due is None or limit < due):
            due = limit
    return ended, due
