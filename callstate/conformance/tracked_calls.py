"""The calls of a trace, each in the ways in which it may stand.

One rule: memory is bounded by the calls that live. Of those that are over, and of those that are not judged any more,
only the last are remembered, and of one call only a few ways.
"""

from collections import OrderedDict
from datetime import datetime
from typing import TypeAlias, TypeVar

from callstate.domain import PhoneCall
from callstate.engine import advance

REMEMBERED = 10_000
"""So many calls that are over, or not judged any more, are remembered, to tell late inputs from unknown calls."""

ROOM = 10_000
"""So many calls are kept before those are looked for that have ended by a deadline, of which no line tells."""

MOST_WAYS = 32
"""So many ways of one call are followed; each answer that does not tell what happened may double them."""

Ways: TypeAlias = tuple[PhoneCall | None, ...]
"""How a call may stand, mostly one way; `None`: there is no such call."""

UNKNOWN: Ways = (None,)

DIVERGED, UNCLEAR = "diverged", "unclear"
"""Why a call is not judged: until it starts again, or, after too many unclear answers, until it is listed."""

Value = TypeVar("Value")


class Calls:
    """The calls that live, and the last of those that are over and of those that are not judged any more."""

    def __init__(self) -> None:
        self._live: dict[str, Ways] = {}
        self._over: OrderedDict[str, Ways] = OrderedDict()
        self._skipped: OrderedDict[str, str] = OrderedDict()
        self._room = ROOM

    def ways(self, call_id: str) -> Ways:
        """Return how a call may stand; one that is over and not remembered any more is unknown.

        There is no way if the call is not judged.
        """
        return self._live.get(call_id) or (() if call_id in self._skipped else self._over.get(call_id, UNKNOWN))

    def ways_when_listed(self, call_id: str) -> Ways:
        """Return how a call that is not judged may have stood before it is listed."""
        return UNKNOWN if self._skipped[call_id] == UNCLEAR else ()

    def keep(self, call_id: str, ways: Ways, at: datetime) -> None:
        """Keep a call as it may stand now; judge it again, if it was skipped."""
        if self._skipped:
            self._skipped.pop(call_id, None)
        if len(ways) > 1:
            ways = tuple(way for place, way in enumerate(ways) if way not in ways[:place])
        if len(ways) > MOST_WAYS:
            self._skip(call_id, UNCLEAR)
        elif _are_over(ways):
            self._live.pop(call_id, None)
            if ways != UNKNOWN:
                _remember(self._over, call_id, ways)
        else:
            self._live[call_id] = ways
            if len(self._live) > self._room:
                self._sweep(at)

    def drop(self, call_id: str) -> None:
        """Stop judging a call, because it has diverged."""
        self._skip(call_id, DIVERGED)

    def _skip(self, call_id: str, why: str) -> None:
        self._live.pop(call_id, None)
        self._over.pop(call_id, None)
        _remember(self._skipped, call_id, why)

    def _sweep(self, at: datetime) -> None:
        """Find the calls that have ended by a deadline; kept as they were, they are judged by their own times."""
        over = [call_id for call_id, ways in self._live.items() if _have_ended(ways, at)]
        for call_id in over:
            _remember(self._over, call_id, self._live.pop(call_id))
        self._room = ROOM + 2 * len(self._live)


def _are_over(ways: Ways) -> bool:
    for way in ways:  # noqa: SIM110  # all() of a generator takes three times as long, once a line
        if way is not None and not way.over:
            return False
    return True


def _have_ended(ways: Ways, at: datetime) -> bool:
    return all(way is None or advance(way, at=at).over for way in ways)


def _remember(known: OrderedDict[str, Value], call_id: str, value: Value) -> None:
    known[call_id] = value
    known.move_to_end(call_id)
    if len(known) > REMEMBERED:
        known.popitem(last=False)
