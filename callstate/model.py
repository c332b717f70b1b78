"""The values: a phone call, and the call as each of its parties sees it.

One rule: an impossible value cannot be built. The constructors raise `ValueError`, for only a programmer's mistake
builds one. This module knows nothing of requests or the table. Dates are aware datetimes, lengths of time seconds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec.structs import force_setattr

from callstate.numbering import CALL_ID, FIRST_VIEW_IDS, NUMBER, VIEW_ID, WITHHELD

PARKING_POSITIONS = range(1, 101)
MAX_IN_PARKING = range(10, 3601)
WAIT_FOR_PICKUP = range(1, 3601)
CALL_DURATION = range(1, 86401)
DEFAULT_WAIT = 25
RING_BACKS = 10  # how often a parker is rung back; then the party waits without a limit


class ViewState(StrEnum):
    """Where one party stands in the call. `UNKNOWN` is only ever read from the wire."""

    UNKNOWN = "UNKNOWN"
    OFF_HOOK = "OFF_HOOK"
    TRYING = "TRYING"
    RINGING = "RINGING"
    ANSWERED = "ANSWERED"
    CONNECTED = "CONNECTED"
    ON_HOLD = "ON_HOLD"
    PARKED = "PARKED"
    ENDED = "ENDED"


# Bound once: in Python 3.11 an attribute of an Enum class is read several times slower.
UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED, CONNECTED, ON_HOLD, PARKED, ENDED = ViewState

UP = frozenset({ANSWERED, CONNECTED, ON_HOLD, PARKED})
"""The states of a party that has answered and not left."""


class Role(StrEnum):
    """What a leg does in the call: `PARTY`, `BARGE` and `VOICEMAIL` are parties, the others supervise one."""

    PARTY = "PARTY"
    BARGE = "BARGE"
    VOICEMAIL = "VOICEMAIL"
    WHISPER = "WHISPER"
    MONITOR = "MONITOR"


PARTY, BARGE, VOICEMAIL, WHISPER, MONITOR = Role
SUPERVISORS = frozenset({WHISPER, MONITOR})


class Flow(IntEnum):
    """Between whom a leg runs, in the wire's own numbers."""

    LOCAL = 2
    OUTGOING = 4
    INCOMING = 8


class Disposition(IntEnum):
    """How a view ended, in the wire's own numbers."""

    ANSWERED = 0
    BUSY = 1
    FAILED = 2
    NO_ANSWER = 3
    UNKNOWN = 4
    NOT_ALLOWED = 5


class EndReason(StrEnum):
    """Why a view ended."""

    HUNG_UP = "HUNG_UP"
    REJECTED = "REJECTED"
    NO_ANSWER = "NO_ANSWER"
    ANSWERED_ELSEWHERE = "ANSWERED_ELSEWHERE"
    TRANSFERRED = "TRANSFERRED"
    DEFLECTED = "DEFLECTED"
    PARKED = "PARKED"
    TARGET_LEFT = "TARGET_LEFT"
    OTHER_LEFT = "OTHER_LEFT"
    LIMIT = "LIMIT"


Value = TypeVar("Value", bound=msgspec.Struct)
copy_of: Callable[[Value], Value] = msgspec.Struct.__copy__  # type: ignore[attr-defined]  # msgspec's stubs lack it


def evolve(value: Value, **changes: Any) -> Value:  # Any: the fields of any struct
    """Copy `value` with other fields, without the constructor's checks, which `msgspec.structs.replace` makes.

    For the engine alone: the exploration builds all that it reaches again through the constructor.
    """
    copy = copy_of(value)
    for name, field in changes.items():
        force_setattr(copy, name, field)
    return copy


def later(at: datetime, seconds: int) -> datetime | None:
    """Return the instant `seconds` after `at`; beyond the last datetime there is none, so no deadline either."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return None


class Recording(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A recording that runs: since when, and in which format (`wav` or `wav49`)."""

    since: datetime
    format: str = "wav"

    def __post_init__(self) -> None:
        _dates_are_aware(self.since)
        _check(self.format in ("wav", "wav49"), "a recording is wav or wav49, not", self.format)


class Parking(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A party's stay in the lot: who parked it, `by` and on which `side`, where whoever retrieves it will stand.

    Its `position` is 1 to 100. After `seconds` (10 to 3600), at `until`, the parker is rung; the wire tells neither.
    """

    since: datetime
    position: int
    by: str
    side: int
    seconds: int | None = None
    until: datetime | None = None
    ring_backs: int = 0

    def __post_init__(self) -> None:
        _dates_are_aware(self.since, self.until)
        _check(self.position in PARKING_POSITIONS, "a parking position is 1 to 100, not", self.position)
        _check(NUMBER.fullmatch(self.by) is not None, "the parker is a number, not", self.by)
        _check(self.side >= 0, "a side is 0 or more, not", self.side)
        _check(self.seconds is None or self.seconds in MAX_IN_PARKING, "parked for 10 to 3600 s, not", self.seconds)
        _check(0 <= self.ring_backs <= RING_BACKS, "ring-backs are 0 to 10, not", self.ring_backs)
        timed = self.seconds is not None and self.ring_backs < RING_BACKS
        _check(timed or self.until is None, "a deadline needs seconds and a ring-back to come, not", self.until)


class PhoneCallView(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The call as one party sees it.

    The fields of the wire carry Python names; `on_hold` is the date since when this party holds. What the wire lacks:
    `role`; `side` (0 calls, 1 is called; a supervising leg, and one that still rings to barge in, stands on none and
    has a `target` instead, the id of the view it joined); `listed` (an outside party is not); `until`, when its
    ringing runs out; `waits`, a destination that is not rung before a source is up; `ended`, when it left.
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
    ended: datetime | None = None
    disposition: Disposition | None = None
    outside: bool = False
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
        _dates_are_aware(self.ringing, self.answered, self.on_hold, self.until, self.ended)
        for fact, sentence in _view_facts(self):
            _check(fact, sentence, self)


def _view_facts(view: PhoneCallView) -> Iterator[tuple[bool, str]]:
    state, role = view.state, view.role
    yield VIEW_ID.fullmatch(view.id) is not None, "the id of a view is a number, not that of"
    # A party that withholds its number has none, so nobody can name it, unless it is parked and shown by its parker.
    unnamed = view.extension == WITHHELD and (not view.listed or state is PARKED)
    yield NUMBER.fullmatch(view.extension) is not None or unnamed, "a view has a number, not as in"
    yield (view.on_hold is not None) is (state is ON_HOLD), "a hold time goes exactly with ON_HOLD, not as in"
    yield (view.parking is not None) is (state is PARKED), "parking goes exactly with PARKED, not as in"
    yield (view.ended is not None) is (state is ENDED), "an end goes exactly with ENDED, not as in"
    yield (view.disposition is not None) is (state is ENDED), "a disposition goes exactly with ENDED, not as in"
    yield view.recording is None or view.up, "only who is up is recorded, not as in"
    yield view.until is None or state in (TRYING, RINGING), "only what is rung has a limit to ring, not as in"
    yield not view.waits or (state is TRYING and bool(view.side)), "only a TRYING destination waits, not as in"
    yield not view.private or role is WHISPER, "only a whisper is private, not as in"
    yield view.side is None or view.side >= 0, "a side is 0 or more, not as in"
    joining = role in SUPERVISORS or (role is BARGE and not view.up)
    yield (view.target is not None) is (joining and view.live), "a target goes exactly with who joins, not as in"
    yield (view.side is None) is joining or (role is BARGE and not view.live), "a party stands on a side, not as in"


class PhoneCall(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One call: who pays, when it came, and how each party sees it, in the order of their ids.

    What the wire lacks: `version` (one more for each applied input and each fired deadline), `updated` (the last
    change), `ends_by` (the limit of the whole call), `wait_for_pickup` (seconds that a created call rings its parties)
    and `allow_public_transfer`. `deadline`, when the call will change by itself, follows and is not to be given.
    """

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

    @property
    def over(self) -> bool:
        """Whether nobody is left. A call that is over stays a value: over is not unknown."""
        for view in self.views:  # noqa: SIM110  # all() with a generator takes three times as long
            if view.state is not ENDED:
                return False
        return True

    def view(self, view_id: str) -> PhoneCallView | None:
        """Return the view of that id, ended and unlisted ones included."""
        place = place_of(self.views, view_id)
        return None if place is None else self.views[place]

    def __post_init__(self) -> None:
        _dates_are_aware(self.published, self.answered, self.updated, self.ends_by)
        _check(CALL_ID.fullmatch(self.id) is not None, "a call id is 1 to 255 letters and digits, not", self.id)
        _check(NUMBER.fullmatch(self.extension) is not None, "the charged extension is a number, not", self.extension)
        _check(self.version >= 0, "a version is 0 or more, not", self.version)
        _check(self.wait_for_pickup in WAIT_FOR_PICKUP, "phones ring for 1 to 3600 s, not", self.wait_for_pickup)
        numbers = [int(view.id) for view in self.views]
        _check(numbers == sorted(set(numbers)), "views come once each, by the number of their id, not", numbers)
        live = {view.id for view in self.views if view.live}
        stray = {view.target for view in self.views if view.target is not None} - live
        _check(not stray, "a target is a live view of the call, not", stray)
        _check(self.ends_by is None or bool(live), "a call that is over has no limit, not", self.ends_by)
        force_setattr(self, "deadline", earliest_deadline(self.ends_by, self.views))


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


def earliest_deadline(due: datetime | None, views: Iterable[PhoneCallView]) -> datetime | None:
    """Return when a call will change by itself: `due`, its own limit, or that of a view that rings or is parked."""
    for view in views:
        limit = view.until if view.parking is None else view.parking.until
        if limit is not None and (due is None or limit < due):
            due = limit
    return due


def _dates_are_aware(*dates: datetime | None) -> None:
    naive = [date for date in dates if date is not None and date.utcoffset() is None]
    _check(not naive, "a date has an offset, not", naive)


def _check(fact: bool, sentence: str, value: object) -> None:  # noqa: FBT001  # the fact is what the call is about
    if not fact:
        raise ValueError(f"{sentence} {value!r}")
