"""The oracle's legs: one mutable object for each party of a call, moved by the machine of `tests.oracle.table`.

One rule: what follows from a move alone (dates, the end of a hold, the disposition) is decided here. The other legs of
the call are not known here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callstate.domain import (
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    Disposition,
    EndReason,
    Flow,
    Parking,
    PhoneCallView,
    Recording,
    Role,
    ViewState,
)
from tests.oracle.table import MACHINE, UP_STATES

REJECTIONS = (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED)


def after(at: datetime, seconds: int) -> datetime | None:
    """Return the instant that many seconds later, if the calendar has one."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return None


@dataclass(eq=False, kw_only=True)
class Leg:
    """One party's leg; the fields are those of a view, with the same names."""

    id: str
    extension: str
    state: ViewState
    role: Role = Role.PARTY
    side: int | None = None
    target: str | None = None
    listed: bool = True
    source: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    flow: Flow | None = None
    caller_id: str | None = None
    ringing: datetime | None = None
    answered: datetime | None = None
    on_hold: datetime | None = None
    parking: Parking | None = None
    recording: Recording | None = None
    until: datetime | None = None
    waits: bool = False
    private: bool = False
    ended: datetime | None = None
    disposition: Disposition | None = None
    outside: bool = False
    reason: EndReason | None = None
    successor: str | None = None

    @classmethod
    def from_view(cls, view: PhoneCallView) -> "Leg":
        return cls(**{name: getattr(view, name) for name in view.__struct_fields__})

    def view(self) -> PhoneCallView:
        return PhoneCallView(**vars(self))

    @property
    def number(self) -> int:
        return int(self.id)

    @property
    def live(self) -> bool:
        return self.state != ENDED

    @property
    def up(self) -> bool:
        return self.state in UP_STATES

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its number as a source; a party that withholds its number has none."""
        return (self.extension,) if self.extension else ()

    @property
    def supervises(self) -> bool:
        return self.role in (Role.WHISPER, Role.MONITOR)

    @property
    def talks(self) -> bool:
        """Whether its role is that of a party that can be held, parked or transferred."""
        return self.role in (Role.PARTY, Role.BARGE)

    @property
    def on_call(self) -> bool:
        return self.state in (CONNECTED, ON_HOLD)

    def can(self, trigger: str) -> bool:
        """Whether the table has a row for this trigger in the state of the leg."""
        return self.state.name in MACHINE.events[trigger].transitions

    def move(self, trigger: str, at: datetime) -> None:
        """Follow the row of the table; a missing row is a mistake of the oracle and raises."""
        MACHINE.events[trigger].trigger(self, at)

    def end(self, trigger: str, at: datetime, reason: EndReason, told: Disposition | None = None) -> None:
        """Leave the call. The date of answer decides the disposition before `told` does."""
        self.move(trigger, at)
        self.reason, self.disposition = reason, told
        if self.answered is not None:
            self.disposition = Disposition.ANSWERED
        elif told in (None, Disposition.ANSWERED):
            self.disposition = Disposition.NO_ANSWER

    def hang_up(self, at: datetime, told: Disposition | None) -> None:
        """Leave the call because the network says so; what it says is the reason if the leg was never answered."""
        self.end("HungUp", at, EndReason.HUNG_UP, told)
        if self.answered is None and told in REJECTIONS:
            self.reason = EndReason.REJECTED
        elif self.answered is None and told is Disposition.NO_ANSWER:
            self.reason = EndReason.NO_ANSWER

    # What the states do when they are entered or left, and the moves before they are made.

    def starts_to_ring(self, at: datetime) -> None:
        self.ringing = self.ringing or at

    def stops_ringing(self, _at: datetime) -> None:
        self.until = None

    def is_answered(self, at: datetime) -> None:
        self.answered = self.answered or at

    def is_answered_at_the_end(self, at: datetime) -> None:
        if self.on_call or self.state == PARKED:
            self.is_answered(at)

    def starts_to_hold(self, at: datetime) -> None:
        self.on_hold = at

    def ends_its_hold(self, _at: datetime) -> None:
        self.on_hold = None

    def leaves_the_lot(self, _at: datetime) -> None:
        self.parking = None
        self.listed = not self.outside

    def leaves(self, at: datetime) -> None:
        self.ended = at
        self.recording = self.until = self.target = None
        self.waits = False
