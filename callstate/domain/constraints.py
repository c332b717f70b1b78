"""Which values are impossible: what the constructors of a call, a view, a recording and a parking refuse.

One rule: a constraint looks at one value, with fields of the right types, and says which field is wrong and what would
be right. It is broken only by a mistake of the program, so it raises `ValueError`. The engine keeps the constraints by
itself and skips these checks. Bounds are the vendor's where it documents them; the rest is callstate's decision.
"""

from typing import TYPE_CHECKING, NoReturn

from callstate.domain.notation import shown
from callstate.domain.numbers import CALL_ID, NUMBER, VIEW_ID, WITHHELD
from callstate.domain.states import (
    BARGE,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    SUPERVISORS,
    TRYING,
    UP,
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


# A recording and a parking --------------------------------------------------------------------------------------------


def check_recording(recording: "Recording") -> None:
    """Refuse an impossible recording."""
    if recording.format not in _FORMATS:
        _refuse(recording, "format", "a recording is 'wav' or 'wav49'")


def check_parking(parking: "Parking") -> None:
    """Refuse an impossible stay in the parking lot."""
    if parking.position not in PARKING_POSITIONS:
        _refuse(parking, "position", "a parking position is a whole number from 1 to 100")
    if NUMBER.fullmatch(parking.by) is None:
        _refuse(parking, "by", "the parker is the number of an extension")
    if parking.side < 0:
        _refuse(parking, "side", "a side is 0 or more")
    if parking.seconds is not None and parking.seconds not in MAX_IN_PARKING:
        _refuse(parking, "seconds", "a party is parked for 10 to 3600 s")
    if not 0 <= parking.ring_backs <= RING_BACKS:
        _refuse(parking, "ring_backs", "a parker is rung back 0 to 10 times")
    if parking.until is not None and (parking.seconds is None or parking.ring_backs == RING_BACKS):
        _refuse(parking, "until", "only a parking with seconds and a ring-back to come has a deadline")


# A view ---------------------------------------------------------------------------------------------------------------


def check_view(view: "PhoneCallView") -> None:
    """Refuse an impossible view."""
    if VIEW_ID.fullmatch(view.id) is None:
        _refuse(view, "id", "the id of a view is a text of 1 to 9 digits")
    # A party that withholds its number has none, so nobody can name it, unless it is parked and shown by its parker.
    unnamed = view.extension == WITHHELD and (not view.listed or view.state is PARKED)
    if NUMBER.fullmatch(view.extension) is None and not unnamed:
        _refuse_view(view, "extension", "a listed view has a number, 1 to 64 digits and *, after + or not")
    _check_facets(view)
    _check_end(view)
    _check_place(view)


def _check_facets(view: "PhoneCallView") -> None:
    """Refuse what does not belong to the state of a view."""
    state = view.state
    if view.role in SUPERVISORS and (state is ON_HOLD or state is PARKED):
        _refuse_view(view, "state", "a supervisor never holds or is parked")
    if (view.on_hold is not None) is not (state is ON_HOLD):
        _refuse_view(view, "on_hold", "a view has a hold time exactly in ON_HOLD")
    if (view.parking is not None) is not (state is PARKED):
        _refuse_view(view, "parking", "a view has a parking exactly in PARKED")
    if view.parking is not None and view.parking.side == view.side:
        _refuse_view(view, "parking", "the parker stood on another side")
    if view.recording is not None and state not in UP:
        _refuse_view(view, "recording", "only a party that is up is recorded")
    if view.until is not None and state is not TRYING and state is not RINGING:
        _refuse_view(view, "until", "only a TRYING or RINGING view has a ringing limit")
    if view.waits and (state is not TRYING or not view.side):
        _refuse_view(view, "waits", "only a TRYING destination waits")


def _check_end(view: "PhoneCallView") -> None:
    """Refuse what does not belong to how a view ended, or to one that is live."""
    ended = view.state is ENDED
    if (view.ended is not None) is not ended:
        _refuse_view(view, "ended", "a view has a time of its end exactly in ENDED")
    if (view.disposition is not None) is not ended:
        _refuse_view(view, "disposition", "a view has a disposition exactly in ENDED")
    if (view.reason is not None) is not ended:
        _refuse_view(view, "reason", "a view has a reason exactly in ENDED")
    if view.successor is not None and view.reason not in _SUCCEEDED:
        _refuse_view(view, "successor", "only a view that ended TRANSFERRED or DEFLECTED has a successor")
    if view.successor is not None and not _is_later(view.successor, view.id):
        _refuse_view(view, "successor", "a successor has a later id")


def _check_place(view: "PhoneCallView") -> None:
    """Refuse a place in the call that the role of a view does not have."""
    role, live = view.role, view.state is not ENDED
    joining = role in SUPERVISORS or (role is BARGE and view.state not in UP)
    if (view.target is not None) is not (joining and live):
        needed = "exactly a live WHISPER or MONITOR leg, and a BARGE leg that still rings, has the id of its target"
        _refuse_view(view, "target", needed)
    if view.target == view.id:
        _refuse_view(view, "target", "a view is not its own target")
    if (view.side is None) is not joining and (live or role is not BARGE):
        needed = "a party stands on a side; a supervisor, and a BARGE leg that still rings, stands on none"
        _refuse_view(view, "side", needed)
    if view.side is not None and view.side < 0:
        _refuse_view(view, "side", "a side is 0 or more")
    if view.private and role is not WHISPER:
        _refuse_view(view, "private", "only a WHISPER leg is private")


# A call ---------------------------------------------------------------------------------------------------------------


def check_call(call: "PhoneCall") -> None:
    """Refuse an impossible call; its views have been checked by themselves."""
    if CALL_ID.fullmatch(call.id) is None:
        _refuse(call, "id", "the id of a call is 1 to 255 letters and digits")
    if NUMBER.fullmatch(call.extension) is None:
        _refuse(call, "extension", "the charged extension is a number")
    if call.version < 0:
        _refuse(call, "version", "a version is 0 or more")
    if call.forgotten < 0:
        _refuse(call, "forgotten", "the number of dropped views is 0 or more")
    if call.forgotten and not call.views:
        _refuse(call, "forgotten", "a call that has dropped views has a later one")
    if call.wait_for_pickup not in WAIT_FOR_PICKUP:
        _refuse(call, "wait_for_pickup", "phones ring for 1 to 3600 s")
    if call.ends_by is not None and call.over:
        _refuse(call, "ends_by", "a call that is over has no limit")
    _check_order(call)
    _check_targets(call)
    _check_up(call)
    _check_successors(call)


def _check_order(call: "PhoneCall") -> None:
    highest, last = -1, ""
    for view in call.views:
        number = int(view.id)
        if number <= highest:
            wrong = f"view {view.id!r} comes after view {last!r}; each number comes once, in rising order"
            _refuse_views(call, wrong)
        highest, last = number, view.id


def _check_targets(call: "PhoneCall") -> None:
    """Refuse legs that join nobody, or a leg that has joined another view itself and so is not a party."""
    joined = [view for view in call.views if view.target is not None]
    known: dict[str | None, PhoneCallView] = {view.id: view for view in call.views if view.live} if joined else {}
    for view in joined:
        target = known.get(view.target)
        if target is None:
            wrong = f"the target of view {view.id!r} is {view.target!r}, which is not a live view of the call"
            _refuse_views(call, wrong)
        if target.target is not None:
            _refuse_views(call, f"the target of view {view.id!r} is {view.target!r}, which is not a party itself")


def _check_up(call: "PhoneCall") -> None:
    """Refuse a side on which two are up."""
    first: dict[int, str] = {}
    for view in call.views:
        if view.up and view.side is not None and first.setdefault(view.side, view.id) != view.id:
            _refuse_views(
                call, f"{first[view.side]!r} and {view.id!r} are both up on side {view.side}; only one can be"
            )


def _check_successors(call: "PhoneCall") -> None:
    """Refuse successors that the call never had; a dropped one is before the highest id, which stays."""
    left = [(view.id, view.successor) for view in call.views if view.successor is not None]
    ids = {view.id for view in call.views} if left else set()
    for view_id, successor in left:
        if successor not in ids and (not call.forgotten or _is_later(successor, call.views[-1].id)):
            _refuse_views(call, f"the successor of view {view_id!r} is {successor!r}, which the call never had")


# The sentences --------------------------------------------------------------------------------------------------------


def _is_later(view_id: str, other: str) -> bool:
    return VIEW_ID.fullmatch(view_id) is not None and int(view_id) > int(other)


def _refuse(value: object, field: str, needed: str) -> NoReturn:
    raise ValueError(f"{field} is {shown(getattr(value, field))}; {needed}.")


def _refuse_view(view: "PhoneCallView", field: str, needed: str) -> NoReturn:
    where = f"View {view.id!r} is a {view.role} in state {view.state}."
    raise ValueError(f"{field} is {shown(getattr(view, field))}; {needed}. {where}")


def _refuse_views(call: "PhoneCall", wrong: str) -> NoReturn:
    raise ValueError(f"views of call {shown(call.id)}: {wrong}.")
