"""The oracle's legs: one mutable object for each party, moved by a `transitions` machine that was typed in by hand.

One rule: nothing here comes from the engine. The rows below were written down from the description of the behaviour,
in another form than the engine's table, so that a slip in one shows as a difference between the two. What follows
from a move alone (dates, the end of a hold) hangs on the states as callbacks. The other legs are not known here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from transitions import Machine, State

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    UNKNOWN,
    Disposition,
    Flow,
    Parking,
    PhoneCallView,
    Recording,
    Role,
    ViewState,
)
from callstate.domain.numbers import EXTENSION

UP_STATES = (ANSWERED, CONNECTED, ON_HOLD, PARKED)
LIVE_STATES = (UNKNOWN, OFF_HOOK, TRYING, RINGING, *UP_STATES)


def is_inside(number: str) -> bool:
    """Tell an extension from the number of an outside party."""
    return EXTENSION.fullmatch(number) is not None


def after(at: datetime, seconds: int) -> datetime | None:
    """Return the instant that many seconds later, if the calendar has one."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return None


@dataclass(eq=False, kw_only=True)
class Leg:
    """One party's leg; the fields are those of a view, by the same names."""

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
    def inside(self) -> bool:
        return is_inside(self.extension)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its number as a source; who withholds the number has none."""
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

    @property
    def was_there(self) -> bool:
        """Whether it was ever answered; a listing may show a party on call and no date of that."""
        return self.answered is not None or self.state in (CONNECTED, ON_HOLD, PARKED)

    def can(self, trigger: str) -> bool:
        """Whether the table has a row for this trigger here."""
        return self.state.name in MACHINE.events[trigger].transitions

    def move(self, trigger: str, at: datetime) -> None:
        """Follow the row of the table; a missing row is a mistake of the oracle and raises."""
        MACHINE.events[trigger].trigger(self, at)

    def end(self, trigger: str, at: datetime, disposition: Disposition | None = None) -> None:
        """Leave the call; without a word why, by whether the party was ever there."""
        self.disposition = disposition
        if disposition is None:
            self.disposition = Disposition.ANSWERED if self.was_there else Disposition.NO_ANSWER
        self.move(trigger, at)

    # What the states do when they are entered or left.

    def starts_to_ring(self, at: datetime) -> None:
        self.ringing = self.ringing or at

    def is_there(self, _at: datetime) -> None:
        self.until = None

    def is_answered(self, at: datetime) -> None:
        self.answered = self.answered or at

    def starts_to_hold(self, at: datetime) -> None:
        self.on_hold = at

    def ends_its_hold(self, _at: datetime) -> None:
        self.on_hold = None

    def leaves_the_lot(self, _at: datetime) -> None:
        self.parking = None
        self.listed = self.inside

    def leaves(self, at: datetime) -> None:
        self.ended = at
        self.recording = self.until = self.target = None
        self.waits = False


Row: TypeAlias = tuple[str, tuple[ViewState, ...], ViewState | None]

STATES = [
    State(UNKNOWN),
    State(OFF_HOOK),
    State(TRYING),
    State(RINGING, on_enter="starts_to_ring"),
    State(ANSWERED, on_enter="is_there"),
    State(CONNECTED, on_enter="is_there"),
    State(ON_HOLD, on_enter="starts_to_hold", on_exit="ends_its_hold"),
    State(PARKED, on_exit="leaves_the_lot"),
    State(ENDED, on_enter="leaves", final=True),
]

SIGNALS: tuple[Row, ...] = (
    ("Dialled", (OFF_HOOK, UNKNOWN), TRYING),
    ("Rang", (TRYING, UNKNOWN), RINGING),
    ("FarEndRang", (OFF_HOOK, TRYING, UNKNOWN), ANSWERED),
    ("Answered", (TRYING, RINGING, UNKNOWN), ANSWERED),
    ("HungUp", LIVE_STATES, ENDED),
)

LATE_NEWS: tuple[Row, ...] = (
    ("Dialled again", (TRYING, RINGING, *UP_STATES, ENDED), None),
    ("Rang again", (RINGING, *UP_STATES, ENDED), None),
    ("FarEndRang again", (*UP_STATES, ENDED), None),
    ("Answered again", (*UP_STATES, ENDED), None),
    ("HungUp again", (ENDED,), None),
)

ACTIONS: tuple[Row, ...] = (
    ("OnHold", (CONNECTED,), ON_HOLD),
    ("OnHold again", (ON_HOLD,), None),
    ("OffHold", (ON_HOLD,), CONNECTED),
    ("OffHold again", (CONNECTED,), None),
    ("Park", (CONNECTED, ON_HOLD), PARKED),
    ("UnPark", (PARKED,), None),
    ("PickUp", (RINGING,), None),
    ("BargeIn", (CONNECTED,), None),
    ("Whisper", (CONNECTED,), None),
    ("Monitor", (CONNECTED, ON_HOLD), None),
    ("Transfer", (CONNECTED, ON_HOLD), ANSWERED),
    ("TransferToVoicemail", (ON_HOLD, CONNECTED), CONNECTED),
    ("StartRecording", (CONNECTED, ON_HOLD), None),
    ("StopRecording", UP_STATES, None),
    ("HangUp", LIVE_STATES, ENDED),
    ("HangUp again", (ENDED,), None),
)

BY_THE_RULES: tuple[Row, ...] = (
    ("is rung", (TRYING,), RINGING),
    ("gets through", (ANSWERED,), CONNECTED),
    ("is retrieved", (PARKED,), CONNECTED),
    ("is alone", (CONNECTED, ON_HOLD), ANSWERED),
    ("is let go", LIVE_STATES, ENDED),
)


ANSWERING = ("Answered", "gets through", "is retrieved", "OffHold", "Transfer", "TransferToVoicemail")
"""The moves that date the answer of a party that has no such date yet."""


def _machine() -> Machine:
    machine = Machine(model=None, states=STATES, initial=None, auto_transitions=False)
    for trigger, sources, target in (*SIGNALS, *LATE_NEWS, *ACTIONS, *BY_THE_RULES):
        before = "is_answered" if trigger in ANSWERING else None
        machine.add_transition(trigger, list(sources), target, before=before)
    return machine


MACHINE = _machine()
