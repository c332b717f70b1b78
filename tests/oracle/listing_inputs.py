"""Listings for random timelines to begin with: calls of two parties as a service may list them, in any state.

One rule: a listing is one that a service can give; its spelling is as loose as that of the vendor. How it is read is
not known here.
"""

from random import Random
from typing import Any

from tests.oracle.starts import ABROAD, ALICE, BOB, CAROL, EMERGENCY, OUTSIDE, T0, seconds
from tests.oracle.steps import CALL

Json = dict[str, Any]  # Any: JSON

PAIRS = (("5", "5"), ("5", "5"), ("4", "3"), ("4", "3"), ("3", "2"), ("2", "2"), ("1", "2"), ("4", "2"), ("0", "0"))
"""The status of the calling and of the called end; each end can be listed alone."""

ENDS = {"2": (ALICE, BOB), "4": (ALICE, OUTSIDE), "8": (OUTSIDE, BOB)}
OTHER_OUTSIDE = (OUTSIDE, ABROAD, "+40215550100")


class Listings:
    """Draws listings; `random` decides everything."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def draw(self) -> Json:
        flow, pair = self.random.choice(tuple(ENDS)), self.random.choice(PAIRS)
        outside = (*OTHER_OUTSIDE, EMERGENCY) if pair == ("5", "5") else OTHER_OUTSIDE
        ends = [self.random.choice(outside) if end == OUTSIDE else end for end in ENDS[flow]]
        sides = [side for side in (0, 1) if ENDS[flow][side] != OUTSIDE and (side == 0 or pair != ("3", "2"))]
        if len(sides) == 2 and self._chance(0.5):
            sides = [self.random.choice(sides)]
        views = [self._view(side, pair[side], ends, flow) for side in sides or [0]]
        if pair == ("5", "5"):
            self._on_call(views, sides)
        listing = {"id": CALL, "extension": self.random.choice((ALICE, BOB, CAROL)), "phoneCallView": views}
        if self._chance(0.7):
            listing["published"] = self._date(-60)
        return listing

    def _view(self, side: int, status: str, ends: list[str], flow: str) -> Json:
        known = self._chance(0.95)
        view: Json = {"id": f"{side + self.random.choice((0, 0, 0, 4)):02}", "extension": ends[side], "status": status}
        view["source"] = self._numbers(ends[0] if known or side == 0 else "", shown=side == 0)
        view["destination"] = self._numbers(ends[1] if known or side == 1 else "", shown=side == 1)
        if self._chance(0.9):
            view["flow"] = flow
        if status in ("3", "5") and self._chance(0.8):
            view["ringing"] = self._date(-20)
        if status in ("4", "5") and self._chance(0.8):
            view["answered"] = self._date(-10)
        if self._chance(0.2):
            view["callerId"] = self.random.choice(("A <201>", ""))
        return view

    def _numbers(self, number: str, *, shown: bool) -> str | list[str]:
        """Write a number as a text or a list; that of the listed party at times in its short form."""
        if shown and self._chance(0.2):
            number = number.rpartition("*")[2]
        return number if self._chance(0.2) else [number] if number else []

    def _on_call(self, views: list[Json], sides: list[int]) -> None:
        """Let parties that talk hold, be recorded, or, if only one is listed, wait in the lot."""
        for view in views:
            if self._chance(0.2):
                view["recording"] = self._date(-4)
        if len(sides) == 1 and self._chance(0.3):
            other = BOB if views[0]["extension"] == ALICE else ALICE
            by = views[0]["extension"] if self._is_from_outside(views[0]) else other
            views[0] |= {"parked": self._date(-3), "parkedPos": self.random.choice(("7", 100)), "parkedBy": by}
            return
        held = [view for view in views if self._chance(0.4)]
        for place, view in enumerate(held):
            view["onHold"] = self._date(-2)
            if len(views) == 2:
                view["holder"] = "1" if place == 0 or self._chance(0.3) else "0"

    def _is_from_outside(self, view: Json) -> bool:
        return view.get("flow") in ("4", "8")

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _date(self, count: int) -> str:
        return seconds(count if self._chance(0.95) else 900, since=T0).isoformat().replace("+00:00", "Z")
