"""Calls in a SQL database.

One rule: a call is stored together with all that follows from it, its participants, its places in the parking lots and
what is published, in one transaction, and only if nobody has changed it since it was read. The store changes no call
and reads no clock.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Delete, Engine, Insert, Select
from sqlalchemy.exc import DBAPIError

from callstate.domain import CALL_ID, PhoneCall
from callstate.voipnow.stores.sql import statements
from callstate.voipnow.stores.sql.binding import Binding
from callstate.voipnow.stores.sql.rows import Publish, call_row, outbox_rows, parked_rows, participant_rows
from callstate.voipnow.stores.sql.schema import microseconds

FASTER = frozenset({"23505", "40001", "40P01", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"})
"""What PostgreSQL and SQLite report if another transaction was faster: it has created the call, has taken the position,
or else could not go on beside this one."""


class _ChangedError(Exception):
    """A call is not at the version that is known."""


class _Change(NamedTuple):
    """A call as it is stored, if it is, and as it will be."""

    before: PhoneCall | None
    after: PhoneCall


def _nothing(_before: PhoneCall | None, _after: PhoneCall) -> Iterable[object]:
    return ()


class SqlStore:
    """A `Store` in a SQL database.

    With an engine each method is a transaction. With a connection all of them are part of the transaction that is open
    there, which has to be rolled back if `swap` returns false. `organization_of` tells the organization of a number, as
    a `Directory` does. What `publish` returns for a change is put into the outbox, as JSON.
    """

    def __init__(
        self, bind: Engine | Connection, organization_of: Callable[[str], str | None], publish: Publish = _nothing
    ) -> None:
        self._database = Binding(bind)
        self._organization_of = organization_of
        self._publish = publish

    def __iter__(self) -> Iterator[PhoneCall]:
        return iter(self._calls(statements.ALL, {}))

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id, one that is over included until it is pruned."""
        if CALL_ID.fullmatch(call_id) is None:
            return None  # a text that no call has as its id can be one that a database does not take
        return next(iter(self._calls(statements.BY_ID, {"call_id": call_id})), None)

    def by_extensions(self, numbers: Collection[str]) -> list[PhoneCall]:
        """Return the calls that are not over and that one of the numbers has to do with, each once.

        They come in the order of publishing, then of creation.
        """
        return self._calls(statements.BY_NUMBERS, {"numbers": sorted(numbers)})

    def taken_positions(self, organization: str | None) -> frozenset[int]:
        """Return the parking positions that are taken in the lot of an organization."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(statements.TAKEN, {"lot": organization or ""}))

    def next_deadline(self) -> tuple[datetime, str] | None:
        """Return when a call will change by itself, and the id of that call; `None` if no call will."""
        found = self._calls(statements.NEXT, {})
        return next(((call.deadline, call.id) for call in found if call.deadline is not None), None)

    def due(self, at: datetime, *, limit: int = 100) -> list[PhoneCall]:
        """Return calls that will have changed by themselves at that time, the most urgent first.

        On a connection they are locked until the end of the transaction, and those that another transaction has locked
        are left out, if the database can do that.
        """
        return self._calls(statements.DUE, {"at": microseconds(at), "most": limit})

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        """Store the changed calls and return true, if each is still at the version known; one that is not is new.

        Otherwise, and if two parties would be parked at one position, store none.
        """
        stored = {call.id: call for call in known}
        # All transactions write in the order of the ids, so that no two wait for each other.
        changes = [_Change(stored.get(call.id), call) for call in sorted(changed, key=attrgetter("id"))]
        # `publish` may look into the database, so it is called before this transaction begins.
        published = [row for change in changes for row in outbox_rows(*change, self._publish)]
        try:
            with self._database.writing() as connection:
                self._store(connection, changes)
                _all(connection, statements.PUBLISH, published)
        except _ChangedError:
            return False
        except DBAPIError as error:
            if _reported(error) in FASTER:
                return False
            raise
        return True

    def prune(self, before: datetime) -> int:
        """Forget the calls that were over before that time, and return how many they were."""
        with self._database.writing() as connection:
            return connection.execute(statements.PRUNE, {"before": microseconds(before)}).rowcount

    def _calls(self, statement: Select[str], values: Mapping[str, object]) -> list[PhoneCall]:
        with self._database.reading() as connection:
            return [msgspec.json.decode(call, type=PhoneCall) for (call,) in connection.execute(statement, values)]

    def _store(self, connection: Connection, changes: Iterable[_Change]) -> None:
        """Write the calls first: each is locked by that, or in a database without such locks, all are."""
        for before, after in changes:
            if before is not None:
                values = {"of_call": after.id, "known": before.version, **call_row(after)}
                if connection.execute(statements.CHANGE, values).rowcount != 1:
                    raise _ChangedError
        _all(connection, statements.CREATE, [call_row(after) for before, after in changes if before is None])
        parked = [[parked_rows(call, self._organization_of) for call in change] for change in changes]
        _all(connection, statements.UNPARK, _dicts(row for old, new in parked for row in old - new))
        _all(connection, statements.PARK, _dicts(sorted(row for old, new in parked for row in new - old)))
        involved = [[participant_rows(call) for call in change] for change in changes]
        _all(connection, statements.LEAVE, _dicts(row for old, new in involved for row in old - new))
        _all(connection, statements.JOIN, _dicts(row for old, new in involved for row in new - old))


def _reported(error: DBAPIError) -> str | None:
    """Return the state of SQL that the driver tells, or the name that SQLite has for the error."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)


_Row = dict[str, Any]  # Any: values of columns


def _dicts(rows: Iterable[Any]) -> list[_Row]:  # Any: named tuples of any kind
    return [row._asdict() for row in rows]


def _all(connection: Connection, statement: Insert | Delete, rows: list[_Row]) -> None:
    if rows:
        connection.execute(statement, rows if len(rows) > 1 else rows[0])
