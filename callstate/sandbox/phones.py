"""What phones do by themselves after they began to ring, each by its number.

One rule: this module looks at calls and changes none. It plans signals; the simulation that keeps the calls asks for
the next one and applies it.
"""

import heapq
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta

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

Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86400)]


class Phone(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What a phone does when it rings.

    `answers` after so many seconds; `holds` answers, and puts the other party on hold `hold_after` seconds after they
    are connected; `rejects` rings for so many seconds and then declines; `busy` and `unreachable` end the attempt
    immediately; `ringsOut` is never answered.
    """

    does: Literal["answers", "holds", "rejects", "busy", "unreachable", "ringsOut"]
    after: Seconds = 0
    hold_after: Seconds = 2


RINGS_OUT = Phone(does="ringsOut")

MAGIC: Mapping[str, Phone] = {
    "5550100": Phone(does="answers"),
    "5550101": Phone(does="answers", after=5),
    "5550102": Phone(does="busy"),
    "5550103": RINGS_OUT,
    "5550104": Phone(does="rejects", after=2),
    "5550105": Phone(does="unreachable"),
    "5550106": Phone(does="holds"),
}
"""What the phones of some outside numbers do, unless a test gives them something else to do."""

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


_Stage: TypeAlias = Literal["rung", "connected"]
_Key: TypeAlias = tuple[str, _Stage]
"""The id of a view, and the stage in which its phone may do something."""

ROOM = 64
"""So many plans are kept before those that do not hold any more are looked for."""


class Phones:
    """All phones of a sandbox: those in `configured`, the magic ones, and all others, which do what `others` says."""

    def __init__(self, others: Phone, configured: Mapping[str, Phone]) -> None:
        self.others = others
        self._configured = dict(configured)
        self._numbers = dict(configured)
        self._order = count()
        self._plans: dict[str, dict[_Key, Planned | None]] = {}
        self._queue: list[Planned] = []
        self._room = ROOM

    def __len__(self) -> int:
        """Return how many plans are kept, those included that do not hold any more."""
        return len(self._queue)

    def reset(self) -> None:
        """Forget all plans, and what phones were told to do since the start."""
        self._numbers = dict(self._configured)
        self.forget_calls()

    def forget_calls(self) -> None:
        """Forget all plans."""
        self._plans.clear()
        self._queue.clear()

    # What they do --------------------------------------------------------------------------------------------------

    @property
    def numbers(self) -> Mapping[str, Phone]:
        """Return the phones that differ from the others, by number."""
        return {**MAGIC, **self._numbers}

    def phone(self, number: str) -> Phone:
        """Return what the phone of a number does."""
        return self._numbers.get(number) or MAGIC.get(number) or self.others

    def set(self, number: str, phone: Phone | None) -> None:
        """Tell what a phone does from its next ring on; `None`: what it would do by itself."""
        if phone is None:
            self._numbers.pop(number, None)
        else:
            self._numbers[number] = phone

    # When they do it -----------------------------------------------------------------------------------------------

    def look(self, call: PhoneCall, at: datetime) -> None:
        """Notice which phones of a call that changed ring now, and which do not ring any more."""
        before = self._plans.pop(call.id, {})
        # What a phone did once connected it does not do again, after a hold for example.
        plans = dict.fromkeys(key for key in before if key[1] == "connected") if before else {}
        for view in call.views:
            stage = _stage(view)
            if stage is not None:
                key = (view.id, stage)
                plans[key] = before[key] if key in before else self._plan(call.id, view, stage, at)
        if plans and not call.over:
            self._plans[call.id] = plans

    def _plan(self, call_id: str, view: PhoneCallView, stage: _Stage, at: datetime) -> Planned | None:
        phone = self.phone(view.extension)
        found = _signal(phone, call_id, view.id, stage)
        if found is None:
            return None
        planned = Planned(at + timedelta(seconds=_seconds(phone, stage)), next(self._order), found)
        heapq.heappush(self._queue, planned)
        if len(self._queue) > self._room:
            self._queue = [plan for plan in self._queue if self._holds(plan)] + [planned]
            heapq.heapify(self._queue)
            self._room = 2 * len(self._queue) + ROOM
        return planned

    def next(self) -> Planned | None:
        """Return the next plan that still holds."""
        while self._queue and not self._holds(self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0] if self._queue else None

    def _holds(self, planned: Planned) -> bool:
        return any(planned is plan for plan in self._plans.get(planned.signal.call_id, {}).values())

    def done(self, planned: Planned) -> None:
        """Drop a plan that has been carried out, whatever came of it."""
        heapq.heappop(self._queue)
        plans = self._plans.get(planned.signal.call_id, {})
        for key in [key for key, plan in plans.items() if plan is planned]:
            plans[key] = None


def _stage(view: PhoneCallView) -> _Stage | None:
    """Return what a phone may react to. An outside one that is dialled by the service is TRYING and has a limit."""
    if view.state is RINGING or (view.state is TRYING and view.until is not None):
        return "rung"
    return "connected" if view.state is CONNECTED else None


def _seconds(phone: Phone, stage: _Stage) -> float:
    if phone.does in ("busy", "unreachable"):
        return 0
    return phone.hold_after if stage == "connected" else phone.after


def _signal(phone: Phone, call_id: str, view_id: str, stage: _Stage) -> Signal | None:
    if stage == "connected":
        return Held(call_id=call_id, view_id=view_id) if phone.does == "holds" else None
    if phone.does in ("answers", "holds"):
        return Answered(call_id=call_id, view_id=view_id)
    disposition = _ENDS.get(phone.does)
    return None if disposition is None else HungUp(call_id=call_id, view_id=view_id, disposition=disposition)
