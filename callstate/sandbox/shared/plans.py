"""When phones do what they do, for all processes: a plan is carried out by the one that takes it.

One rule: the plans of a call change in the transaction of the call.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, update

from callstate.domain import PhoneCall, PhoneCallView, Signal
from callstate.sandbox.phones import Phones
from callstate.sandbox.plans import Key, Planned, Stage, planned, planned_after
from callstate.sandbox.shared.tables import plans

_DONE: Mapping[str, None] = {"at": None, "signal": None}


class _Row(NamedTuple):
    """A plan as it is stored; one that was carried out has no time any more."""

    number: int | None
    at: str | None
    signal: str | None


class SharedPlans:
    """The plans of the phones, in a database."""

    def __init__(self, engine: Engine, phones: Phones) -> None:
        self._engine = engine
        self._phones = phones

    def clear(self, connection: Connection) -> None:
        """Forget all plans."""
        connection.execute(delete(plans))

    def look(self, connection: Connection, call: PhoneCall, at: datetime) -> None:
        """Notice which phones of a call that changed ring now, and which do not ring any more."""
        before = _stored(connection, call.id)
        after = planned_after(call, before, lambda view, stage: self._plan(call.id, view, stage, at))
        gone = [row.number for key, row in before.items() if key not in after]
        over = [row.number for key, row in before.items() if key in after and after[key] is None and row.at is not None]
        if gone:
            connection.execute(delete(plans).where(plans.c.number.in_(gone)))
        if over:
            connection.execute(update(plans).where(plans.c.number.in_(over)).values(**_DONE))
        new = [(key, row or _Row(None, None, None)) for key, row in after.items() if key not in before]
        for (view_id, stage), row in new:
            values = {"call_id": call.id, "view_id": view_id, "stage": stage, "at": row.at, "signal": row.signal}
            connection.execute(insert(plans), values)

    def _plan(self, call_id: str, view: PhoneCallView, stage: Stage, at: datetime) -> _Row | None:
        found = planned(self._phones.phone(view.extension), call_id, view.id, stage)
        if found is None:
            return None
        return _Row(None, _text(at + found.after), msgspec.json.encode(found.signal).decode())

    def next(self) -> Planned | None:
        """Return the next plan."""
        with self._engine.begin() as connection:
            columns = select(plans.c.number, plans.c.at, plans.c.signal).where(plans.c.at.is_not(None))
            row = connection.execute(columns.order_by(plans.c.at, plans.c.number).limit(1)).first()
        if row is None:
            return None
        return Planned(datetime.fromisoformat(row.at), row.number, msgspec.json.decode(row.signal, type=Signal))

    def done(self, planned: Planned) -> bool:
        """Take a plan to carry it out, and tell whether nobody else has taken it."""
        with self._engine.begin() as connection:
            statement = update(plans).where(plans.c.number == planned.order, plans.c.at.is_not(None)).values(**_DONE)
            return connection.execute(statement).rowcount == 1


def _stored(connection: Connection, call_id: str) -> dict[Key, _Row]:
    columns = select(plans.c.view_id, plans.c.stage, plans.c.number, plans.c.at, plans.c.signal)
    rows = connection.execute(columns.where(plans.c.call_id == call_id))
    return {(row.view_id, row.stage): _Row(row.number, row.at, row.signal) for row in rows}


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
