"""The statements of the store, each compiled by SQLAlchemy once.

One rule: a call is changed on condition that it is still at the version that is known, so nothing depends on what was
locked before.
"""

from sqlalchemy import bindparam, delete, insert, select, update

from callstate.voipnow.stores.sql.schema import calls, outbox, parkings, participants

ALL = select(calls.c.call).order_by(calls.c.created)

BY_ID = select(calls.c.call).where(calls.c.id == bindparam("call_id"))

_INVOLVED = select(participants.c.call_id).where(participants.c.number.in_(bindparam("numbers", expanding=True)))
BY_NUMBERS = (
    select(calls.c.call)
    .where(calls.c.id.in_(_INVOLVED))
    .order_by(calls.c.published.asc().nulls_first(), calls.c.created)
)

TAKEN = select(parkings.c.position).where(parkings.c.organization == bindparam("lot"))

NEXT = select(calls.c.call).where(calls.c.deadline.is_not(None)).order_by(calls.c.deadline, calls.c.created).limit(1)

DUE = (
    select(calls.c.call)
    .where(calls.c.deadline <= bindparam("at"))
    .order_by(calls.c.deadline, calls.c.created)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

CREATE = insert(calls).inline()

CHANGE = update(calls).where(calls.c.id == bindparam("of_call"), calls.c.version == bindparam("known"))

JOIN = insert(participants).inline()

LEAVE = delete(participants).where(
    participants.c.number == bindparam("number"), participants.c.call_id == bindparam("call_id")
)

PARK = insert(parkings).inline()

UNPARK = delete(parkings).where(
    parkings.c.organization == bindparam("organization"),
    parkings.c.position == bindparam("position"),
    parkings.c.call_id == bindparam("call_id"),
)

PUBLISH = insert(outbox).inline()

PRUNE = delete(calls).where(calls.c.ended < bindparam("before"))
