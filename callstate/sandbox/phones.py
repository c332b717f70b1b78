"""Phones that answer by themselves, some time after they began to ring.

One rule: they look at calls and change none; who keeps the calls asks them who answers next.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from callstate.domain import RINGING, TRYING, PhoneCall, PhoneCallView


class Pickup(NamedTuple):
    """A phone that will answer: when, and which view of which call it is."""

    at: datetime
    call_id: str
    view_id: str


class Phones:
    """All phones of a sandbox; if `after` is `None` nobody is there to answer."""

    def __init__(self, after: timedelta | None) -> None:
        self._after = after
        self._rung: dict[str, dict[str, Pickup]] = {}

    def look(self, call: PhoneCall, at: datetime) -> None:
        """Notice who is rung by a call that changed, and who is not any more."""
        if self._after is None:
            return
        before = self._rung.pop(call.id, {})
        rung = {
            view.id: before.get(view.id) or Pickup(at + self._after, call.id, view.id)
            for view in call.views
            if _is_rung(view)
        }
        if rung:
            self._rung[call.id] = rung

    def next(self) -> Pickup | None:
        """Tell who answers next."""
        return min((pickup for rung in self._rung.values() for pickup in rung.values()), default=None)


def _is_rung(view: PhoneCallView) -> bool:
    """Tell whether a phone is rung; an outside one is tried with a limit, where who dials a number has none."""
    return view.state is RINGING or (view.state is TRYING and view.until is not None)
