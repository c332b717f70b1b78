"""The oracle's rules across the legs of one call, and the call as plain mutable data.

One rule: this is the text of the behaviour, told once more in another style; it shares no line with the engine. The
rules change legs in place, one after another, until a whole round changes nothing. Requests are not known here.
"""

from collections.abc import Iterable
from datetime import datetime

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    Disposition,
    Flow,
    PhoneCall,
    Role,
)
from tests.oracle_legs import Leg, after, is_inside

REASONS = (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED)


class Conversation:
    """The legs of a call and what the call itself has; `value` gives what no input changes."""

    def __init__(self, call: PhoneCall) -> None:
        self.load(call)

    def load(self, call: PhoneCall) -> None:
        self.value = call
        self.legs = [Leg.from_view(view) for view in call.views]
        self.version = call.version
        self.updated = call.updated
        self.ends_by = call.ends_by
        self.answered = call.answered
        self.alone: set[str] = set()

    def snapshot(self) -> PhoneCall:
        fields = {name: getattr(self.value, name) for name in self.value.__struct_fields__}
        fields |= {name: getattr(self, name) for name in ("version", "updated", "ends_by", "answered")}
        return PhoneCall(**fields | {"views": tuple(leg.view() for leg in self.legs)})

    # Who is there.

    @property
    def live(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.live]

    @property
    def over(self) -> bool:
        return not self.live

    def leg(self, view_id: str | None) -> Leg | None:
        return next((leg for leg in self.legs if leg.id == view_id), None)

    def on_side(self, side: int | None) -> list[Leg]:
        return [leg for leg in self.live if side is not None and leg.side == side]

    def parked(self) -> Leg | None:
        return next((leg for leg in self.legs if leg.parking is not None), None)

    def sides(self) -> set[int]:
        """The ends of the conversation; the lot stands for the one that a parked party waits for."""
        lots = {leg.parking.side for leg in self.legs if leg.parking is not None}
        return lots | {leg.side for leg in self.live if leg.side is not None}

    def sides_up(self) -> set[int]:
        return {leg.side for leg in self.live if leg.up and leg.side is not None}

    def gone(self) -> set[str]:
        return {leg.id for leg in self.legs if not leg.live}

    # What happens to it.

    def join(self, leg: Leg) -> Leg:
        """Take in a new leg; its id is the next free number."""
        leg.id = f"{max((known.number for known in self.legs), default=-1) + 1:02}"
        self.legs.append(leg)
        return leg

    def ring(self, leg: Leg, *, other: Leg, at: datetime, wait: int) -> Leg:
        """Dial a new leg that will speak to (or about) `other`."""
        leg.until = after(at, wait)
        leg.source, leg.destination = other.numbers, (leg.extension,)
        leg.flow = flow_between(leg.extension, other.extension)
        leg.listed = leg.inside
        if leg.inside:
            leg.move("is rung", at)
        return self.join(leg)

    def end_all(self, trigger: str, at: datetime) -> None:
        for leg in self.live:
            leg.end(trigger, at)

    def finish(self, at: datetime, gone: set[str]) -> None:
        """Close a step: the rules, the version, the time. `gone` are those who had left before it."""
        changed = True
        while changed:
            changed = sum(rule(self, at) for rule in RULES) > 0
        a_call_needs_two_sides(self, at, gone)
        self.alone.clear()
        self.version += 1
        self.updated = at
        if self.over:
            self.ends_by = None


def flow_between(number: str, other: str) -> Flow:
    if not is_inside(number):
        return Flow.OUTGOING
    return Flow.LOCAL if is_inside(other) else Flow.INCOMING


def ring_waiting(call: Conversation, leg: Leg, at: datetime) -> None:
    """A destination that waited is rung from now on."""
    leg.waits = False
    leg.until = after(at, call.value.wait_for_pickup)


def _let_go(legs: Iterable[Leg], at: datetime) -> bool:
    chosen = list(legs)
    for leg in chosen:
        leg.end("is let go", at)
    return bool(chosen)


def first_answer_wins(call: Conversation, at: datetime) -> bool:
    won = call.sides_up()
    return _let_go([leg for leg in call.live if leg.side in won and not leg.up], at)


def the_source_first(call: Conversation, at: datetime) -> bool:
    if 0 not in call.sides_up():
        return False
    waiting = [leg for leg in call.live if leg.waits]
    for leg in waiting:
        ring_waiting(call, leg, at)
        if leg.inside:
            leg.listed = True
            leg.move("is rung", at)
    return bool(waiting)


def a_barge_leg_opens_a_side(call: Conversation, _at: datetime) -> bool:
    joined = [leg for leg in call.live if leg.role == Role.BARGE and leg.up and leg.side is None]
    for leg in joined:
        leg.side = max(other.side for other in call.legs if other.side is not None) + 1
        leg.target = None
    return bool(joined)


def two_sides_up_are_connected(call: Conversation, at: datetime) -> bool:
    joined = [leg for leg in call.live if leg.supervises and leg.state == ANSWERED]
    for leg in joined:
        leg.move("gets through", at)
    up = call.sides_up()
    if len(up) >= 2:
        return _connect(call, at) or bool(joined)
    return _disconnect(call, at) or bool(joined)


def _connect(call: Conversation, at: datetime) -> bool:
    through = [leg for leg in call.live if leg.state == ANSWERED]
    retrieved = [leg for leg in call.live if leg.state == PARKED]
    for leg in through:
        leg.move("gets through", at)
    for leg in retrieved:
        leg.move("is retrieved", at)
    if through or retrieved:
        call.answered = call.answered or at
    return bool(through or retrieved)


def _disconnect(call: Conversation, at: datetime) -> bool:
    alone = [leg for leg in call.live if leg.side is not None and leg.state in (CONNECTED, ON_HOLD)]
    for leg in alone:
        leg.move("is alone", at)
        call.alone.add(leg.id)
    return bool(alone)


def supervision_ends_with_its_target(call: Conversation, at: datetime) -> bool:
    off = {leg.id for leg in call.legs if leg.state in (ENDED, PARKED)}
    return _let_go([leg for leg in call.live if leg.target in off], at)


def a_call_needs_two_sides(call: Conversation, at: datetime, gone: set[str]) -> None:
    left = [leg for leg in call.legs if not leg.live and leg.id not in gone]
    if not left or len(call.sides()) >= 2:
        return
    reason = next((leg.disposition for leg in left if leg.disposition in REASONS), None)
    for leg in call.live:
        talked = leg.was_there or leg.id in call.alone
        leg.end("is let go", at, Disposition.ANSWERED if talked else reason)


def ring_the_parker_back(call: Conversation, waiting: Leg, at: datetime, wait: int) -> None:
    lot = waiting.parking
    assert lot is not None
    assert lot.seconds is not None
    count = lot.ring_backs + 1
    until = after(at, lot.seconds) if count < 10 else None
    waiting.parking = type(lot)(
        since=lot.since,
        position=lot.position,
        by=lot.by,
        side=lot.side,
        seconds=lot.seconds,
        until=until,
        ring_backs=count,
    )
    if not any(leg.state == RINGING for leg in call.on_side(lot.side)):
        call.ring(Leg(id="", extension=lot.by, state=TRYING, side=lot.side), other=waiting, at=at, wait=wait)


RULES = (
    first_answer_wins,
    the_source_first,
    a_barge_leg_opens_a_side,
    two_sides_up_are_connected,
    supervision_ends_with_its_target,
)
"""The rules in their order; the last one, that a call needs two sides, is asked when these have come to rest."""
