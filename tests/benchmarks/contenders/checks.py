"""The checks that every hold has, for calls of any make that have the fields of a `PhoneCall`.

One rule: they are the engine's, in its order, written as plainly as they can be. What a view's state allows is left to
each contender, for that is what it brings.
"""

from collections.abc import Mapping
from dataclasses import make_dataclass
from datetime import datetime
from typing import Any

from callstate import Action, ErrorCode, OffHold, OnHold, PhoneCall, PhoneCallView, Role, ViewState
from callstate.domain import SELF

ENDED, UNKNOWN = ViewState.ENDED, ViewState.UNKNOWN
SPEAKERS = frozenset({Role.PARTY, Role.BARGE})
ROLES: Mapping[type[Action], frozenset[Role]] = {OnHold: SPEAKERS, OffHold: SPEAKERS}

# Any: what `make_dataclass` builds has no type that mypy knows.
Call: Any = make_dataclass("Call", PhoneCall.__struct_fields__, slots=True)
View: Any = make_dataclass("View", PhoneCallView.__struct_fields__, slots=True)


def fields_of(value: PhoneCall | PhoneCallView) -> dict[str, Any]:
    """Return the fields of a value, to build another of the same fields."""
    return {name: getattr(value, name) for name in value.__struct_fields__}


def checked(call: Any, action: Any) -> Any:
    """Return the view that the action names, or the code of the first check that fails."""
    if type(action) not in ROLES:
        raise TypeError(f"{action!r} is no action")
    if call is None or action.call_id != call.id:
        return ErrorCode.PHONECALL_INVALID
    for view in call.views:
        if view.state != ENDED:
            break
    else:
        return ErrorCode.CALL_ENDED
    extension = action.extension
    if extension not in (call.extension, SELF) and not takes_part(call, extension):
        return ErrorCode.EXTENSION_INVALID
    view = find(call.views, action.view_id)
    if view is None or view.state == ENDED or not view.listed:
        return ErrorCode.PHONECALLVIEW_INVALID
    if view.role not in ROLES[type(action)] or view.state == UNKNOWN:
        return ErrorCode.WRONG_STATE
    return view


def takes_part(call: Any, number: str) -> bool:
    """Tell whether a number is that of a live view, or of who parked one."""
    for view in call.views:
        if view.extension == number and view.state != ENDED:
            return True
        if view.parking is not None and view.parking.by == number:
            return True
    return False


def find(views: Any, view_id: str) -> Any:
    """Return the view of that id, mostly at the place of its number."""
    if view_id.isdecimal() and int(view_id) < len(views) and views[int(view_id)].id == view_id:
        return views[int(view_id)]
    for view in views:
        if view.id == view_id:
            return view
    return None


def moment(call: Any, at: datetime) -> datetime:
    """Return the instant of an input, which is no earlier than the call's last change."""
    if at.tzinfo is None:
        raise ValueError(f"at is an aware datetime, not {at!r}")
    if call.updated is not None and at < call.updated:
        at = call.updated
    if call.deadline is not None and call.deadline < at:
        raise ValueError("no deadline passes in the measured work")
    return at
