"""The outbox: what was published, stored in the transaction of its change, until somebody acknowledges it.

One rule: of each call only the oldest entry can be claimed, so nobody gets a later one before that is acknowledged. An
entry that was claimed and not acknowledged can be claimed again later, so none is lost, and one can come twice.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, and_, bindparam, delete, exists, or_, select, update

from callstate.voipnow.stores.sql.binding import Binding
from callstate.voipnow.stores.sql.schema import microseconds, outbox

_earlier = outbox.alias()
_FREE = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= bindparam("at"))
_OLDEST = (
    select(outbox.c.number)
    .where(_FREE, ~exists().where(and_(_earlier.c.call_id == outbox.c.call_id, _earlier.c.number < outbox.c.number)))
    .order_by(outbox.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.number.in_(bindparam("numbers", expanding=True)), _FREE)
    .values(claimed_until=bindparam("until"))
    .returning(outbox.c.number, outbox.c.call_id, outbox.c.version, outbox.c.body)
)
_FORGET = delete(outbox).where(outbox.c.number.in_(bindparam("numbers", expanding=True)))


class Entry(NamedTuple):
    """What was published of one version of a call: `body` is a JSON array of the values that `publish` returned.

    The id of the call and the version are the same if the entry comes twice.
    """

    number: int
    call_id: str
    version: int
    body: bytes


class Outbox:
    """The outbox of a `SqlStore`, for any number of readers. With a connection it is part of the open transaction."""

    def __init__(self, bind: Engine | Connection) -> None:
        self._database = Binding(bind)

    def claim(self, at: datetime, *, until: datetime, limit: int = 100) -> list[Entry]:
        """Claim entries of different calls, the oldest first: until that time nobody else gets them."""
        now = microseconds(at)
        with self._database.writing() as connection:
            numbers = connection.scalars(_OLDEST, {"at": now, "most": limit}).all()
            # Where nothing was locked, another reader may have been faster.
            claimed = {"at": now, "numbers": numbers, "until": microseconds(until)}
            rows = connection.execute(_CLAIM, claimed).all() if numbers else ()
            return sorted(Entry(number, call_id, version, body.encode()) for number, call_id, version, body in rows)

    def acknowledge(self, entries: Iterable[Entry]) -> None:
        """Forget entries, because they were sent."""
        with self._database.writing() as connection:
            connection.execute(_FORGET, {"numbers": [entry.number for entry in entries]})
