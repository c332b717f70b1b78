"""The JSON that the controls of a sandbox take and answer.

One rule: a name that is not known is an error, so that no mistyped control passes for one that works.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from callstate.domain import Disposition, PhoneCall
from callstate.sandbox.event_deliveries import DeliveryEntry
from callstate.sandbox.faults import Fault
from callstate.sandbox.journal import Entry
from callstate.sandbox.phones import Phone


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What the network reports of a party. Only HungUp has a disposition."""

    call_id: str
    view_id: str
    signal: Literal["Dialled", "Rang", "FarEndRang", "Answered", "Held", "Resumed", "HungUp"]
    disposition: Disposition | None = None


class Move(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Where the clock goes, one of three: some seconds forward, to a time, or to when something happens by itself.

    `frozen` stops it or lets it run, with or without a move.
    """

    advance: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    to_next: bool = False
    frozen: bool | None = None

    def __post_init__(self) -> None:
        moves = (self.advance is not None) + (self.at is not None) + self.to_next
        if moves > 1 or (not moves and self.frozen is None):
            raise ValueError("the clock takes one of advance, at and toNext, or frozen alone")


class ClockShown(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The time, whether it is frozen, and when something will happen by itself, if anything will."""

    now: datetime
    frozen: bool
    next_due: datetime | None


class CallsShown(msgspec.Struct, frozen=True, kw_only=True):
    """All calls whole, with the parties that are not listed, and those that are over."""

    now: datetime
    calls: tuple[PhoneCall, ...]


class CallsGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The calls to hold, one of three: whole, as they are shown; as the service lists them; or a state by its name."""

    calls: tuple[PhoneCall, ...] | None = None
    entry: list[msgspec.Raw] | None = None
    state: str | None = None
    now: datetime | None = None

    def __post_init__(self) -> None:
        if (self.calls is not None) + (self.entry is not None) + (self.state is not None) != 1:
            raise ValueError("one of calls, entry and state tells which calls to hold")


class StatesShown(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the states, each with what the situation is."""

    states: dict[str, str]


class PhonesShown(msgspec.Struct, frozen=True, kw_only=True):
    """What phones do by number; `others` is what all other phones do."""

    others: Phone
    phones: dict[str, Phone]


class RequestsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The last requests of clients, the oldest first."""

    requests: tuple[Entry, ...]


class DeliveriesShown(msgspec.Struct, frozen=True, kw_only=True):
    """The last call events that were sent, the oldest first."""

    deliveries: tuple[DeliveryEntry, ...]


class FaultsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The faults that have yet to strike."""

    faults: tuple[Fault, ...]


class Expired(msgspec.Struct, frozen=True, kw_only=True):
    """How many tokens have been expired."""

    expired: int


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a control refuses."""

    code: str
    message: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal."""

    error: Problem
