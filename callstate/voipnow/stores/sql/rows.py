"""The rows that follow from a call: what it is found by, where its parties are parked, and what is published of it.

One rule: this module is pure; it knows the columns and no database.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import msgspec

from callstate.domain import PhoneCall
from callstate.engine import steps
from callstate.voipnow.service import participants
from callstate.voipnow.stores.sql.schema import microseconds

Publish: TypeAlias = Callable[[PhoneCall | None, PhoneCall], Iterable[object]]
"""What to put into the outbox when a call has changed from one value to another, or is new."""


class Participant(NamedTuple):
    """A number that a call is found by."""

    number: str
    call_id: str


class Parked(NamedTuple):
    """A party in the lot of an organization; that of no organization has an empty name."""

    organization: str
    position: int
    call_id: str
    view_id: str


def call_row(call: PhoneCall) -> dict[str, object]:
    """Return the columns of a call."""
    return {
        "id": call.id,
        "version": call.version,
        "published": microseconds(call.published),
        "deadline": microseconds(call.deadline),
        "ended": microseconds(_ended(call)) if call.over else None,
        "call": msgspec.json.encode(call).decode(),
    }


def _ended(call: PhoneCall) -> datetime | None:
    return max((view.ended for view in call.views if view.ended is not None), default=call.updated)


def participant_rows(call: PhoneCall | None) -> set[Participant]:
    """Return the numbers that a call is found by; one that is over is found by its id alone."""
    return set() if call is None or call.over else {Participant(number, call.id) for number in participants(call)}


def parked_rows(call: PhoneCall | None, organization_of: Callable[[str], str | None]) -> set[Parked]:
    """Return the parties that are parked, each in the lot of the organization of its parker."""
    return {
        Parked(organization_of(view.parking.by) or "", view.parking.position, call.id, view.id)
        for view in (() if call is None else call.views)
        if call is not None and view.parking is not None
    }


def outbox_rows(before: PhoneCall | None, after: PhoneCall, publish: Publish) -> Iterator[dict[str, object]]:
    """Yield an entry for each version from which something is published."""
    for earlier, later in pairwise((before, *_versions(before, after))):
        assert later is not None  # only the first one may be
        published = list(publish(earlier, later))
        if published:
            body = msgspec.json.encode(published).decode()
            yield {"call_id": later.id, "version": later.version, "body": body}


def _versions(before: PhoneCall | None, after: PhoneCall) -> list[PhoneCall]:
    """Return the values from the one that was stored to the one that is, as far as deadlines made them.

    A request that comes late lets the deadlines that have passed fire first: each is a version of its own.
    """
    if before is None or after.updated is None or after.version <= before.version + 1:
        return [after]
    fired = [value for value in steps(before, at=after.updated) if value.version <= after.version]
    if fired and fired[-1] == after:
        return fired
    # An input at the time of a deadline comes before it.
    due = (value.deadline for value in (before, *fired))
    return [*(value for value, at in zip(fired, due, strict=False) if at and at < after.updated), after]
