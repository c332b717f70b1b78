"""When phones do what they do: signals that are planned when a call changes, and reported when their time comes.

One rule: this module looks at calls and changes none. The simulation that keeps the calls asks for the next signal and
applies it.
"""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from callstate.domain import (
    CONNECTED,
    RINGING,
    TRYING,
    Answered,
    Disposition,
    Held,
    HungUp,
    PhoneCall,
    PhoneCallView,
    Signal,
)
from callstate.sandbox.phones import Phone, Phones

_ENDS: Mapping[str, Disposition] = {
    "rejects": Disposition.NOT_ALLOWED,
    "busy": Disposition.BUSY,
    "unreachable": Disposition.FAILED,
}


class Planned(NamedTuple):
    """What a phone will report, and when. `order` tells plans of the same time apart."""

    at: datetime
    order: int
    signal: Signal


Stage: TypeAlias = Literal["rung", "connected"]
Key: TypeAlias = tuple[str, Stage]
"""The id of a view, and the stage in which its phone may do something."""

Plan = TypeVar("Plan")

ROOM = 64
"""So many plans are kept before those that do not hold any more are looked for."""


class Plans:
    """The plans of the phones, in memory."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._order = count()
        self._plans: dict[str, dict[Key, Planned | None]] = {}
        self._queue: list[Planned] = []
        self._room = ROOM

    def __len__(self) -> int:
        """Return how many plans are kept, those included that do not hold any more."""
        return len(self._queue)

    def clear(self) -> None:
        """Forget all plans."""
        self._plans.clear()
        self._queue.clear()

    def look(self, call: PhoneCall, at: datetime) -> None:
        """Notice which phones of a call that changed ring now, and which do not ring any more."""
        before = self._plans.pop(call.id, {})
        plans = planned_after(call, before, lambda view, stage: self._plan(call.id, view, stage, at))
        if plans:
            self._plans[call.id] = plans

    def _plan(self, call_id: str, view: PhoneCallView, stage: Stage, at: datetime) -> Planned | None:
        found = planned(self._phones.phone(view.extension), call_id, view.id, stage)
        if found is None:
            return None
        plan = Planned(at + found.after, next(self._order), found.signal)
        heapq.heappush(self._queue, plan)
        if len(self._queue) > self._room:
            self._queue = [one for one in self._queue if self._holds(one)] + [plan]
            heapq.heapify(self._queue)
            self._room = 2 * len(self._queue) + ROOM
        return plan

    def next(self) -> Planned | None:
        """Return the next plan that still holds."""
        while self._queue and not self._holds(self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0] if self._queue else None

    def _holds(self, planned: Planned) -> bool:
        return any(planned is plan for plan in self._plans.get(planned.signal.call_id, {}).values())

    def done(self, planned: Planned) -> bool:
        """Drop a plan that is carried out now, no matter what results, and tell so: nobody else carries it out."""
        heapq.heappop(self._queue)
        plans = self._plans.get(planned.signal.call_id, {})
        for key in [key for key, plan in plans.items() if plan is planned]:
            plans[key] = None
        return True


# What follows from a call ---------------------------------------------------------------------------------------------


def planned_after(
    call: PhoneCall, before: Mapping[Key, Plan | None], plan: Callable[[PhoneCallView, Stage], Plan | None]
) -> dict[Key, Plan | None]:
    """Return the plans for a call that has changed: those that still hold, and those that `plan` makes."""
    if call.over:
        return {}
    # What a phone did once connected it does not do again, after a hold for example.
    plans: dict[Key, Plan | None] = dict.fromkeys(key for key in before if key[1] == "connected") if before else {}
    for view in call.views:
        stage = _stage(view)
        if stage is not None:
            key = (view.id, stage)
            plans[key] = before[key] if key in before else plan(view, stage)
    return plans


class Reaction(NamedTuple):
    """What a phone reports, so long after it began to ring or was connected."""

    after: timedelta
    signal: Signal


def planned(phone: Phone, call_id: str, view_id: str, stage: Stage) -> Reaction | None:
    """Return what a phone does in a stage."""
    found = _signal(phone, call_id, view_id, stage)
    return None if found is None else Reaction(timedelta(seconds=_seconds(phone, stage)), found)


def _stage(view: PhoneCallView) -> Stage | None:
    """Return what a phone may react to. An outside one that is dialled by the service is TRYING and has a limit."""
    if view.state is RINGING or (view.state is TRYING and view.until is not None):
        return "rung"
    return "connected" if view.state is CONNECTED else None


def _seconds(phone: Phone, stage: Stage) -> float:
    if phone.does in ("busy", "unreachable"):
        return 0
    return phone.hold_after if stage == "connected" else phone.after


def _signal(phone: Phone, call_id: str, view_id: str, stage: Stage) -> Signal | None:
    if stage == "connected":
        return Held(call_id=call_id, view_id=view_id) if phone.does == "holds" else None
    if phone.does in ("answers", "holds"):
        return Answered(call_id=call_id, view_id=view_id)
    disposition = _ENDS.get(phone.does)
    return None if disposition is None else HungUp(call_id=call_id, view_id=view_id, disposition=disposition)
