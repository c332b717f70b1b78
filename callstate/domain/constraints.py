"""Which values are impossible: what the constructors of a call, a view, a recording and a parking refuse.

One rule: a constraint looks at one value, with fields of the right types, and says which field is wrong and what would
be right. It is broken only by a mistake of the program, so it raises `ValueError`. The engine keeps the constraints by
itself and skips these checks. Bounds are the vendor's where it documents them; the rest is callstate's decision.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from callstate.domain.notation import shown
from callstate.domain.numbers import CALL_ID, NUMBER, VIEW_ID, WITHHELD
from callstate.domain.states import (
    BARGE,
    ON_HOLD,
    PARKED,
    RINGING,
    SUPERVISORS,
    TRYING,
    WHISPER,
    EndReason,
)

if TYPE_CHECKING:
    from callstate.domain.model import Parking, PhoneCall, PhoneCallView, Recording

PARKING_POSITIONS = range(1, 101)
"""The positions of the parking lot (callstate's decision)."""

MAX_IN_PARKING = range(10, 3601)
"""How many seconds a party may be parked (the limits of the vendor's client)."""

WAIT_FOR_PICKUP = range(1, 3601)
"""How many seconds a phone may ring (callstate's decision)."""

CALL_DURATION = range(1, 86401)
"""How many seconds the limit of a call may be (callstate's decision)."""

RING_BACKS = 10
"""How often a parker is rung back; then the party waits without a limit (callstate's decision)."""

_FORMATS = ("wav", "wav49")
_SUCCEEDED = (EndReason.TRANSFERRED, EndReason.DEFLECTED)

Constraint: TypeAlias = tuple[bool, str, str]
"""Whether it is kept, the field that it is about, and a clause that says what would be right."""


def check_recording(recording: "Recording") -> None:
    """Refuse an impossible recording."""
    if recording.format not in _FORMATS:
        raise ValueError(_sentence("format", recording.format, "a recording is 'wav' or 'wav49'"))


def check_parking(parking: "Parking") -> None:
    """Refuse an impossible stay in the parking lot."""
    for kept, field, needed in _parking_constraints(parking):
        if not kept:
            raise ValueError(_sentence(field, getattr(parking, field), needed))


def _parking_constraints(parking: "Parking") -> Iterator[Constraint]:
    yield parking.position in PARKING_POSITIONS, "position", "a parking position is a whole number from 1 to 100"
    yield NUMBER.fullmatch(parking.by) is not None, "by", "the parker is the number of an extension"
    yield parking.side >= 0, "side", "a side is 0 or more"
    yield parking.seconds is None or parking.seconds in MAX_IN_PARKING, "seconds", "a party is parked for 10 to 3600 s"
    yield 0 <= parking.ring_backs <= RING_BACKS, "ring_backs", "a parker is rung back 0 to 10 times"
    timed = parking.seconds is not None and parking.ring_backs < RING_BACKS
    yield timed or parking.until is None, "until", "only a parking with seconds and a ring-back to come has a deadline"


def check_view(view: "PhoneCallView") -> None:
    """Refuse an impossible view."""
    for kept, field, needed in _view_constraints(view):
        if not kept:
            where = "" if field == "id" else f" View {view.id!r} is a {view.role} in state {view.state}."
            raise ValueError(_sentence(field, getattr(view, field), needed) + where)


def _view_constraints(view: "PhoneCallView") -> Iterator[Constraint]:
    state, role, live = view.state, view.role, view.live
    # A party that withholds its number has none, so nobody can name it, unless it is parked and shown by its parker.
    unnamed = view.extension == WITHHELD and (not view.listed or state is PARKED)
    joining = role in SUPERVISORS or (role is BARGE and not view.up)
    yield VIEW_ID.fullmatch(view.id) is not None, "id", "the id of a view is a text of 1 to 9 digits"
    yield NUMBER.fullmatch(view.extension) is not None or unnamed, "extension", _NUMBER
    yield role not in SUPERVISORS or state not in (ON_HOLD, PARKED), "state", "a supervisor never holds or is parked"
    yield (view.on_hold is not None) is (state is ON_HOLD), "on_hold", "a view has a hold time exactly in ON_HOLD"
    yield (view.parking is not None) is (state is PARKED), "parking", "a view has a parking exactly in PARKED"
    yield (view.ended is not None) is not live, "ended", "a view has a time of its end exactly in ENDED"
    yield (view.disposition is not None) is not live, "disposition", "a view has a disposition exactly in ENDED"
    yield (view.reason is not None) is not live, "reason", "a view has a reason exactly in ENDED"
    yield (view.target is not None) is (joining and live), "target", _TARGET
    yield view.target != view.id, "target", "a view is not its own target"
    yield (view.side is None) is joining or (role is BARGE and not live), "side", _SIDE
    yield view.side is None or view.side >= 0, "side", "a side is 0 or more"
    yield view.parking is None or view.parking.side != view.side, "parking", "the parker stood on another side"
    yield view.recording is None or view.up, "recording", "only a party that is up is recorded"
    yield view.until is None or state in (TRYING, RINGING), "until", "only a TRYING or RINGING view has a ringing limit"
    yield not view.waits or (state is TRYING and bool(view.side)), "waits", "only a TRYING destination waits"
    yield not view.private or role is WHISPER, "private", "only a WHISPER leg is private"
    yield view.successor is None or view.reason in _SUCCEEDED, "successor", _SUCCESSOR
    yield view.successor is None or _is_later(view.successor, view.id), "successor", "a successor has a later id"


_NUMBER = "a listed view has a number, 1 to 64 digits and *, after + or not"
_TARGET = "exactly a live WHISPER or MONITOR leg, and a BARGE leg that still rings, has the id of its target"
_SIDE = "a party stands on a side; a supervisor, and a BARGE leg that still rings, stands on none"
_SUCCESSOR = "only a view that ended TRANSFERRED or DEFLECTED has a successor"


def check_call(call: "PhoneCall") -> None:
    """Refuse an impossible call; its views have been checked by themselves."""
    for kept, field, needed in _call_constraints(call):
        if not kept:
            raise ValueError(_sentence(field, getattr(call, field), needed))
    for wrong in (*_order(call), *_targets(call), *_up(call), *_successors(call)):
        raise ValueError(f"views of call {shown(call.id)}: {wrong}.")


def _call_constraints(call: "PhoneCall") -> Iterator[Constraint]:
    yield CALL_ID.fullmatch(call.id) is not None, "id", "the id of a call is 1 to 255 letters and digits"
    yield NUMBER.fullmatch(call.extension) is not None, "extension", "the charged extension is a number"
    yield call.version >= 0, "version", "a version is 0 or more"
    yield call.forgotten >= 0, "forgotten", "the number of dropped views is 0 or more"
    yield not call.forgotten or bool(call.views), "forgotten", "a call that has dropped views has a later one"
    yield call.wait_for_pickup in WAIT_FOR_PICKUP, "wait_for_pickup", "phones ring for 1 to 3600 s"
    yield call.ends_by is None or not call.over, "ends_by", "a call that is over has no limit"


def _order(call: "PhoneCall") -> Iterator[str]:
    numbers = [int(view.id) for view in call.views]
    for last, view, before, number in zip(call.views, call.views[1:], numbers, numbers[1:], strict=False):
        if number <= before:
            yield f"view {view.id!r} comes after view {last.id!r}; each number comes once, in rising order"


def _targets(call: "PhoneCall") -> Iterator[str]:
    """Name the legs that join nobody, or a leg that has joined another view itself and so is not a party."""
    joined = [view for view in call.views if view.target is not None]
    known: dict[str | None, PhoneCallView] = {view.id: view for view in call.views if view.live} if joined else {}
    for view in joined:
        target = known.get(view.target)
        if target is None:
            yield f"the target of view {view.id!r} is {view.target!r}, which is not a live view of the call"
        elif target.target is not None:
            yield f"the target of view {view.id!r} is {view.target!r}, which is not a party itself"


def _up(call: "PhoneCall") -> Iterator[str]:
    """Tell the sides on which two are up."""
    first: dict[int, str] = {}
    for view in call.views:
        if view.up and view.side is not None and first.setdefault(view.side, view.id) != view.id:
            yield f"{first[view.side]!r} and {view.id!r} are both up on side {view.side}; only one can be"


def _successors(call: "PhoneCall") -> Iterator[str]:
    """Tell the successors that the call never had; a dropped one is before the highest id, which stays."""
    left = [(view.id, view.successor) for view in call.views if view.successor is not None]
    ids = {view.id for view in call.views} if left else set()
    for view_id, successor in left:
        if successor not in ids and (not call.forgotten or _is_later(successor, call.views[-1].id)):
            yield f"the successor of view {view_id!r} is {successor!r}, which the call never had"


def _is_later(view_id: str, other: str) -> bool:
    return VIEW_ID.fullmatch(view_id) is not None and int(view_id) > int(other)


def _sentence(field: str, value: object, needed: str) -> str:
    return f"{field} is {shown(value)}; {needed}."
