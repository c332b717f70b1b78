"""A call as plain mutable data: its legs, who is where, who joins, and which legs that have left are dropped.

One rule: this is the state that the other modules change; none of the rules across legs and no request is known here.
"""

from datetime import datetime
from typing import ClassVar

from callstate.domain import RINGING, TRYING, Flow, Numbering, Parking, PhoneCall, Role
from tests.oracle.legs import Leg, after

KEPT = 10
"""How many legs that have left a call carries."""


class Conversation:
    """The legs of a call and what the call itself has; `value` gives what no input changes."""

    leg_type: ClassVar[type[Leg]] = Leg
    """What its legs are; the benchmarks have calls whose legs are moved or kept in another way."""

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None:
        self.strict = strict
        self.numbering = Numbering() if numbering is None else numbering
        self.load(call)

    def load(self, call: PhoneCall) -> None:
        self.value = call
        self.legs = [self.leg_type.from_view(view) for view in call.views]
        self.version = call.version
        self.updated = call.updated
        self.ends_by = call.ends_by
        self.answered = call.answered
        self.forgotten = call.forgotten

    def snapshot(self) -> PhoneCall:
        fields = {name: getattr(self.value, name) for name in self.value.__struct_fields__}
        own = ("version", "updated", "ends_by", "answered", "forgotten")
        fields |= {name: getattr(self, name) for name in own}
        return PhoneCall(**fields | {"views": tuple(leg.view() for leg in self.legs)})

    # Who is there.

    @property
    def live(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.live]

    @property
    def ended(self) -> list[Leg]:
        """Those who have left, in the order of their leaving."""
        return sorted((leg for leg in self.legs if not leg.live), key=lambda leg: (leg.ended, leg.number))

    @property
    def over(self) -> bool:
        return not self.live

    def leg(self, view_id: str | None) -> Leg | None:
        return next((leg for leg in self.legs if leg.id == view_id), None)

    def on_side(self, side: int | None) -> list[Leg]:
        return [leg for leg in self.live if side is not None and leg.side == side]

    def parked(self) -> Leg | None:
        return next((leg for leg in self.legs if leg.parking is not None), None)

    def lots(self) -> list[Parking]:
        return [leg.parking for leg in self.legs if leg.parking is not None]

    def sides(self) -> set[int]:
        """The ends of the conversation; the lot stands for the one that a parked party waits for."""
        return {lot.side for lot in self.lots()} | {leg.side for leg in self.live if leg.side is not None}

    def sides_up(self) -> set[int]:
        return {leg.side for leg in self.live if leg.up and leg.side is not None}

    def opposite(self, side: int | None) -> int | None:
        """The other one of two sides; a leg that stands on none has none opposite."""
        return next((other for other in self.sides() if other != side), None) if side in self.sides() else None

    def main(self, side: int | None) -> Leg | None:
        """The party that stands for a side: the one that is up, else the first that rings, else the first."""
        return min(self.on_side(side), key=lambda leg: (not leg.up, leg.state != RINGING, leg.number), default=None)

    def bearer(self, number: str) -> Leg | None:
        """The party that a number means: one that is no mailbox, then the lowest id."""
        found = [leg for leg in self.live if not leg.supervises and leg.extension == number != ""]
        return min(found, key=lambda leg: (leg.role == Role.VOICEMAIL, leg.number), default=None)

    def parker(self, lot: Parking) -> Leg | None:
        """The leg by which the parker of a party has left; the newest one if there are several."""
        left = [leg for leg in self.ended if leg.extension == lot.by and leg.side == lot.side]
        return left[-1] if left else None

    def names_one_forgotten(self, view_id: str | None) -> bool:
        """Whether an id is that of a leg that was dropped."""
        if view_id is None or self.forgotten == 0 or self.leg(view_id) is not None:
            return False
        shaped = view_id.isascii() and view_id.isdigit() and len(view_id) <= len("999999999")
        return shaped and int(view_id) < max(leg.number for leg in self.legs)

    # Who joins.

    def next_side(self) -> int:
        used = [leg.side for leg in self.legs if leg.side is not None]
        return max(used + [lot.side for lot in self.lots()], default=-1) + 1

    def new_leg(
        self, number: str, *, role: Role = Role.PARTY, side: int | None = None, caller_id: str | None = None
    ) -> Leg:
        """Make a leg that is tried and has not joined, so that it has no id yet."""
        return self.leg_type(id="", extension=number, state=TRYING, role=role, side=side, caller_id=caller_id)

    def join(self, leg: Leg) -> Leg:
        """Take in a new leg; its id is the next number."""
        leg.id = f"{max((known.number for known in self.legs), default=-1) + 1:02}"
        self.legs.append(leg)
        return leg

    def ring(self, leg: Leg, *, other: Leg, at: datetime, wait: int) -> Leg:
        """Dial a new leg that will speak to (or about) `other`."""
        leg.until = after(at, wait)
        leg.source, leg.destination = other.numbers, (leg.extension,)
        leg.flow = flow_between(leg, other)
        leg.listed = not leg.outside
        if not leg.outside:
            leg.move("is rung", at)
        return self.join(leg)

    # Who is dropped.

    def forget(self, gone: set[str]) -> None:
        """Drop legs that left first until few are left. `gone` are those that had left before this step."""
        kept = self._not_to_be_dropped()
        for leg in self.ended:
            if len(self.ended) > KEPT and leg.id in gone and leg.id not in kept:
                self.legs.remove(leg)
                self.forgotten += 1

    def _not_to_be_dropped(self) -> set[str]:
        placed = [leg for leg in self.legs if leg.side is not None]
        legs = {max(self.legs, key=lambda leg: leg.number, default=None)}
        legs |= {max(placed, key=lambda leg: (leg.side, leg.number), default=None)}
        legs |= {self.parker(lot) for lot in self.lots()}
        alive = {leg.id for leg in self.live}
        return {leg.id for leg in legs if leg is not None} | {leg.id for leg in self.legs if leg.successor in alive}


def flow_between(leg: Leg, other: Leg) -> Flow:
    if leg.outside:
        return Flow.OUTGOING
    return Flow.INCOMING if other.outside else Flow.LOCAL
