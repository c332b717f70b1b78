"""What a simulation keeps, for all processes: the calls, and what their phones will do.

One rule: a call, the plans of its phones and the events that are sent change in one transaction.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, delete

from callstate.domain import PhoneCall
from callstate.sandbox.memory_state import first_of
from callstate.sandbox.plans import Planned
from callstate.sandbox.shared.plans import SharedPlans
from callstate.voipnow.stores.sql import SqlStore, metadata

CALLS = ("callstate_calls", "callstate_participants", "callstate_parkings")

Publish = Callable[[PhoneCall | None, PhoneCall], Iterable[object]]


class SharedState:
    """The calls and the plans of all processes."""

    def __init__(
        self, engine: Engine, organization_of: Callable[[str], str | None], plans: SharedPlans, publish: Publish
    ) -> None:
        self._engine = engine
        self._organization_of = organization_of
        self._plans = plans
        self._publish = publish
        self._calls = self._on(engine)

    def _on(self, bind: Engine | Connection) -> SqlStore:
        return SqlStore(bind, self._organization_of, self._publish)

    def __iter__(self) -> Iterator[PhoneCall]:
        return iter(self._calls)

    def clear(self) -> None:
        """Forget everything."""
        with self._engine.begin() as connection:
            for name in CALLS:
                connection.execute(delete(metadata.tables[name]))
            self._plans.clear(connection)

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
        """Store the calls, if each is still at the version that is known, and plan what their phones do then."""
        if not changed:
            return True
        with self._engine.connect() as connection:  # what is not committed is rolled back at the end
            if not self._on(connection).swap(known, changed):
                return False
            for call in changed:
                self._plans.look(connection, call, time_of(call))
            connection.commit()
        return True

    def next(self) -> tuple[datetime, Planned | str] | None:
        """Return what comes next and when: what a phone does, or the deadline of a call. The phone comes first."""
        return first_of(self._plans.next(), self._calls.next_deadline())

    def done(self, planned: Planned) -> bool:
        """Take a plan to carry it out, and tell whether nobody else has taken it."""
        return self._plans.done(planned)
