"""A call as text for people: what `print(call)` shows.

One rule: one line for the call and one for each party, in the order of their ids. The form is callstate-specific and is
not meant to be read by a program.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from callstate.domain.states import ENDED, ON_HOLD

if TYPE_CHECKING:
    from callstate.domain.model import PhoneCall, PhoneCallView


def summary(call: "PhoneCall") -> str:
    """Write a call and its parties."""
    head = f"call {call.id} of {call.extension}, version {call.version}"
    head += _time("updated", call.updated) + _time("ends by", call.ends_by)
    head += f", {call.forgotten} views dropped" if call.forgotten else ""
    rows = [(view.id, view.extension or "(no number)", view.role, _state(view)) for view in call.views]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = ["  ".join([*map(str.ljust, row[:3], widths), row[3]]) for row in rows]
    return "\n  ".join([head, *lines])


def _state(view: "PhoneCallView") -> str:
    """Write the state of a view, and the dates that matter in it."""
    text = str(view.state)
    if view.state is ENDED:
        text += f"{_time('at', view.ended)}, {view.reason}"
    elif view.state is ON_HOLD:
        text += _time("since", view.on_hold)
    elif view.parking is not None:
        text += f", position {view.parking.position}" + _time("since", view.parking.since)
    else:
        text += _time("answered", view.answered) or _time("since", view.ringing)
    text += _time("until", view.limit)
    text += _time("recorded since", None if view.recording is None else view.recording.since)
    return text + ("" if view.target is None else f", target {view.target}")


def _time(word: str, date: datetime | None) -> str:
    """Write a date for people; the offset of UTC as Z."""
    if date is None:
        return ""
    return f", {word} {date.isoformat(sep=' ', timespec='seconds').replace('+00:00', 'Z')}"
