"""The service over a store that others write to as well: read, answer, and store only what nobody has changed since.

One rule: a call is stored only if it is still at the version from which the change was made; otherwise the request is
answered again from the call as it is now. The clock, the ids and the store come from outside.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol

from callstate.domain import PhoneCall
from callstate.voipnow.http import Exchange, HttpRequest, HttpResponse, Site, problem, respond
from callstate.voipnow.service import Calls

ATTEMPTS = 10
"""How often a request is answered before it is given up because others keep changing its calls."""


class Store(Calls, Protocol):
    """Where the calls are kept, for all who change them."""

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        """Store the changed calls and return true, if each is still at the version known; one that is not is new.

        Otherwise store none. Where several processes share a store, two parties at one position of a lot are also a
        reason to store none.
        """


class Host:
    """The service over a store. `clock` returns the time, `new_call_id` an id that no call and no subscription has."""

    def __init__(
        self, store: Store, site: Site, *, clock: Callable[[], datetime], new_call_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._site = site
        self._clock = clock
        self._new_call_id = new_call_id

    def exchange(self, request: HttpRequest) -> Exchange:
        """Answer a request and store what it changed, without awaiting anything in between."""
        for _ in range(ATTEMPTS):
            look = _Look(self._store)
            exchange = respond(look, self._site, request, at=self._clock(), new_call_id=self._new_call_id())
            if self._store.swap(look.seen.values(), exchange.changed):
                if self._site.subscriptions is not None and any(exchange.subscribed):
                    self._site.subscriptions.store(exchange.subscribed)
                return exchange
        return Exchange(problem(503, "busy", "Others change the same calls all the time; try again."))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Do the same, and return the answer alone."""
        return self.exchange(request).response


class _Look:
    """A look at the calls that remembers how they were."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.seen: dict[str, PhoneCall] = {}

    def by_id(self, call_id: str) -> PhoneCall | None:
        call = self._calls.by_id(call_id)
        return None if call is None else self._remembered(call)

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        return [self._remembered(call) for call in self._calls.by_extensions(numbers)]

    def taken_positions(self, organization: str | None) -> Collection[int]:
        return self._calls.taken_positions(organization)

    def _remembered(self, call: PhoneCall) -> PhoneCall:
        return self.seen.setdefault(call.id, call)
