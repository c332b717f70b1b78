"""Calls in memory, with what a service asks for at hand: by id, by extension, the parking lots, the next deadline.

One rule: to keep one more call, or to look one up, costs about the same in a store of a million calls as in one of a
thousand. The store changes no call and reads no clock. It is for one thread; several have to take turns.
"""

import heapq
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from callstate.domain import PhoneCall
from callstate.engine import next_deadline
from callstate.voipnow.service import by_publishing, participants

Place = tuple[str, str]
"""A parked party: the id of its call and the id of its view."""


class MemoryStore:
    """An in-memory `Store`.

    `organization_of` tells the organization of a number, as a `Directory` does. Of the calls that are over the last
    `remembered` are kept, so that over is told from unknown; the oldest are forgotten.
    """

    def __init__(self, organization_of: Callable[[str], str | None], *, remembered: int = 10_000) -> None:
        self._organization_of = organization_of
        self._remembered = remembered
        self._calls: dict[str, PhoneCall] = {}
        self._created: dict[str, int] = {}
        self._last = 0
        self._over: OrderedDict[str, None] = OrderedDict()
        self._by_number: defaultdict[str, set[str]] = defaultdict(set)
        self._lots: defaultdict[str | None, dict[Place, int]] = defaultdict(dict)
        self._due: dict[str, datetime] = {}
        self._queue: list[tuple[datetime, str]] = []

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[PhoneCall]:
        return iter(self._calls.values())

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id, one that is over included while it is remembered."""
        return self._calls.get(call_id)

    def by_extensions(self, numbers: Iterable[str]) -> list[PhoneCall]:
        """Return the calls that are not over and that one of the numbers has to do with, each once.

        They come in the order of publishing, then of creation.
        """
        ids = {call_id for number in numbers for call_id in self._by_number.get(number, ())}
        return sorted(map(self._calls.__getitem__, ids), key=lambda call: (by_publishing(call), self._created[call.id]))

    def taken_positions(self, organization: str | None) -> frozenset[int]:
        """Return the parking positions that are taken in the lot of an organization."""
        return frozenset(self._lots.get(organization, {}).values())

    def next_deadline(self) -> tuple[datetime, str] | None:
        """Return when a call will change by itself, and the id of that call; `None` if no call will."""
        while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
            heapq.heappop(self._queue)
        return self._queue[0] if self._queue else None

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        """Keep the changed calls and return true, if each is still at the version known; one that is not is new.

        Otherwise keep none.
        """
        versions, calls = {call.id: call.version for call in known}, tuple(changed)
        if any(versions.get(call.id) != self._version(call.id) for call in calls):
            return False
        for call in calls:
            self.put(call)
        return True

    def put(self, call: PhoneCall) -> None:
        """Store a call, in place of an older value if there is one."""
        before = self._calls.get(call.id)
        if before is None:
            self._last += 1
            self._created[call.id] = self._last
        else:
            self._unlist(before)
        self._calls[call.id] = call
        self._list(call)
        self._schedule(call)
        self._remember(call)

    def _version(self, call_id: str) -> int | None:
        call = self._calls.get(call_id)
        return None if call is None else call.version

    def _unlist(self, call: PhoneCall) -> None:
        for number in participants(call) if not call.over else ():
            self._by_number[number].discard(call.id)
            if not self._by_number[number]:
                del self._by_number[number]
        for organization, place, _ in self._parked(call):
            self._lots[organization].pop(place)

    def _list(self, call: PhoneCall) -> None:
        for number in participants(call) if not call.over else ():
            self._by_number[number].add(call.id)
        for organization, place, position in self._parked(call):
            self._lots[organization][place] = position

    def _parked(self, call: PhoneCall) -> Iterator[tuple[str | None, Place, int]]:
        for view in call.views:
            if view.parking is not None:
                yield self._organization_of(view.parking.by), (call.id, view.id), view.parking.position

    def _schedule(self, call: PhoneCall) -> None:
        deadline = next_deadline(call)
        if deadline is None:
            self._due.pop(call.id, None)
        elif self._due.get(call.id) != deadline:
            self._due[call.id] = deadline
            heapq.heappush(self._queue, (deadline, call.id))
        # An entry that is out of date is dropped when it comes up. If such entries are the most, all are dropped.
        if len(self._queue) > 2 * len(self._due) + 64:
            self._queue = [(due, call_id) for call_id, due in self._due.items()]
            heapq.heapify(self._queue)

    def _remember(self, call: PhoneCall) -> None:
        self._over.pop(call.id, None)
        if call.over:
            self._over[call.id] = None
        if len(self._over) > self._remembered:
            oldest, _ = self._over.popitem(last=False)
            del self._calls[oldest], self._created[oldest]
