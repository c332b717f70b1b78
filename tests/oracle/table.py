"""The oracle's transition table, for a `transitions` machine, typed in by hand from the description of the behaviour.

One rule: nothing here comes from the engine. The rows have another form than the engine's table, so that a slip in one
shows as a difference between the two. What a move does to a leg is in `tests.oracle.legs`, under the names used here.
"""

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
    ViewState,
)

Row: TypeAlias = tuple[str, tuple[ViewState, ...], ViewState | None]

UP_STATES = (ANSWERED, CONNECTED, ON_HOLD, PARKED)
LIVE_STATES = (UNKNOWN, OFF_HOOK, TRYING, RINGING, *UP_STATES)

STATES = [
    State(UNKNOWN),
    State(OFF_HOOK),
    State(TRYING),
    State(RINGING, on_enter="starts_to_ring"),
    State(ANSWERED, on_enter="stops_ringing"),
    State(CONNECTED, on_enter="stops_ringing"),
    State(ON_HOLD, on_enter="starts_to_hold", on_exit="ends_its_hold"),
    State(PARKED, on_exit="leaves_the_lot"),
    State(ENDED, on_enter="leaves", final=True),
]

SIGNALS: tuple[Row, ...] = (
    ("Dialled", (OFF_HOOK, UNKNOWN), TRYING),
    ("Rang", (TRYING, UNKNOWN), RINGING),
    ("FarEndRang", (OFF_HOOK, TRYING, UNKNOWN), ANSWERED),
    ("Answered", (TRYING, RINGING, UNKNOWN), ANSWERED),
    ("Held", (CONNECTED,), ON_HOLD),
    ("Resumed", (ON_HOLD,), CONNECTED),
    ("HungUp", LIVE_STATES, ENDED),
)

LATE_SIGNALS: tuple[Row, ...] = (
    ("Dialled again", (TRYING, RINGING, *UP_STATES, ENDED), None),
    ("Rang again", (RINGING, *UP_STATES, ENDED), None),
    ("FarEndRang again", (*UP_STATES, ENDED), None),
    ("Answered again", (*UP_STATES, ENDED), None),
    ("Held again", (ON_HOLD, PARKED, ENDED), None),
    ("Resumed again", (CONNECTED, PARKED, ENDED), None),
    ("HungUp again", (ENDED,), None),
)

ACTIONS: tuple[Row, ...] = (
    ("OnHold", (CONNECTED,), ON_HOLD),
    ("OnHold again", (ON_HOLD,), None),
    ("OffHold", (ON_HOLD,), CONNECTED),
    ("OffHold again", (CONNECTED,), None),
    ("Park", (CONNECTED, ON_HOLD), PARKED),
    ("Park again", (PARKED,), None),
    ("UnPark", (PARKED,), None),
    ("PickUp", (RINGING,), None),
    ("BargeIn", (CONNECTED,), None),
    ("Whisper", (CONNECTED,), None),
    ("Monitor", (CONNECTED, ON_HOLD), None),
    ("Transfer", (CONNECTED, ON_HOLD), ANSWERED),
    ("TransferToVoicemail", (ON_HOLD, CONNECTED), CONNECTED),
    ("Deflection", (OFF_HOOK, TRYING, ANSWERED), None),
    ("StartRecording", (CONNECTED, ON_HOLD), None),
    ("StopRecording", UP_STATES, None),
    ("HangUp", LIVE_STATES, ENDED),
    ("HangUp again", (ENDED,), None),
)

BY_THE_RULES: tuple[Row, ...] = (
    ("is rung", (TRYING,), RINGING),
    ("hears the answer", (OFF_HOOK, TRYING), ANSWERED),
    ("gets through", (ANSWERED,), CONNECTED),
    ("is retrieved", (PARKED,), CONNECTED),
    ("is alone", (CONNECTED, ON_HOLD), ANSWERED),
    ("is let go", LIVE_STATES, ENDED),
)

DATED = (
    *("Answered", "gets through", "is retrieved", "OffHold", "Resumed"),
    *("Transfer", "TransferToVoicemail", "is alone"),
)
"""The moves that date the answer of a party that has no such date yet; so does the end of a connected party."""


def _machine() -> Machine:
    machine = Machine(model=None, states=STATES, initial=None, auto_transitions=False)
    for trigger, sources, target in (*SIGNALS, *LATE_SIGNALS, *ACTIONS, *BY_THE_RULES):
        before = "is_answered" if trigger in DATED else "is_answered_at_the_end" if target is ENDED else None
        machine.add_transition(trigger, list(sources), target, before=before)
    return machine


MACHINE = _machine()
