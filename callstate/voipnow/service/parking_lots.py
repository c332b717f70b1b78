"""The parking lots of the organizations while one request is answered: which positions are still free.

One rule: a position that a request has given away is taken for the rest of that request, although nothing is stored
yet. This module knows nothing of calls.
"""

from callstate.domain import PARKING_POSITIONS
from callstate.voipnow.service.requests import Calls


class Lots:
    """The positions that are taken, by organization; each lot is looked up once."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._taken: dict[str | None, set[int]] = {}

    def take(self, organization: str | None) -> int | None:
        """Give away the first free position in the lot of an organization; `None` if the lot is full."""
        if organization not in self._taken:
            self._taken[organization] = set(self._calls.taken_positions(organization))
        taken = self._taken[organization]
        free = next((position for position in PARKING_POSITIONS if position not in taken), None)
        if free is not None:
            taken.add(free)
        return free
