"""What a simulation keeps, in memory: the calls, and what their phones will do.

One rule: a call and the plans of its phones change together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from callstate.domain import PhoneCall
from callstate.sandbox.plans import Planned, Plans
from callstate.voipnow.stores import MemoryStore


class MemoryState:
    """The calls and the plans of one process."""

    def __init__(self, organization_of: Callable[[str], str | None], plans: Plans) -> None:
        self._organization_of = organization_of
        self._plans = plans
        self._calls = MemoryStore(organization_of)

    def __iter__(self) -> Iterator[PhoneCall]:
        return iter(self._calls)

    def clear(self) -> None:
        """Forget everything."""
        self._calls = MemoryStore(self._organization_of)
        self._plans.clear()

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id."""
        return self._calls.by_id(call_id)

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that one of the numbers has to do with."""
        return self._calls.by_extensions(numbers)

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken."""
        return self._calls.taken_positions(organization)

    def swap(
        self, known: Iterable[PhoneCall], changed: Collection[PhoneCall], time_of: Callable[[PhoneCall], datetime]
    ) -> bool:
        """Store the calls, if each is still at the version that is known, and plan what their phones do."""
        if not self._calls.swap(known, changed):
            return False
        for call in changed:
            self._plans.look(call, time_of(call))
        return True

    def next(self) -> tuple[datetime, Planned | str] | None:
        """Return what comes next and when: what a phone does, or the deadline of a call. The phone comes first."""
        return first_of(self._plans.next(), self._calls.next_deadline())

    def done(self, planned: Planned) -> bool:
        """Drop a plan that is carried out now, and tell whether nobody else carries it out."""
        return self._plans.done(planned)


def first_of(planned: Planned | None, deadline: tuple[datetime, str] | None) -> tuple[datetime, Planned | str] | None:
    """Return what comes first; at the same time that is what a phone does."""
    if planned is None or (deadline is not None and deadline[0] < planned.at):
        return deadline
    return planned.at, planned
