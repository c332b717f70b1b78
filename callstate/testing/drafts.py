"""Inputs before it is known which call they are for: a kind, some fields, and the place of a view.

One rule: a draft fits any call, so that a sequence of drafts can be made shorter and still be one. Most are sensible;
of those that are wrong, each breaks one thing. Which answer is right is not known here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from callstate.actions import (
    Action,
    Answered,
    BargeIn,
    Dialled,
    FarEndRang,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Rang,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.machine import apply_action
from callstate.model import Disposition, PhoneCall
from callstate.table import LENIENT, Rules
from callstate.testing.beginnings import ALICE, BOB, CAROL, CONFERENCE, DAVE, ERIN, OUTSIDE

OWN = "own"
"""Stands for the number of the view's own party."""

PLACES = 6
"""Places at which a view is drawn; the last of them are for views that have ended too."""

_ANY_VIEW = 4


class Draft(NamedTuple):
    """An input of a kind, with these fields, for the view at a place."""

    kind: type[Action]
    fields: Mapping[str, Any] = {}  # Any: fields of any input

    def on(self, call: PhoneCall, place: int, *, position: int | None = 1) -> Action:
        """Make the input for a call; a party that is parked by it waits at `position`."""
        live = [view for view in call.views if view.live]
        views = live if live and place < _ANY_VIEW else call.views
        view = views[place % len(views)]
        fields: dict[str, Any] = {"call_id": call.id, "view_id": view.id, **self.fields}  # Any: likewise
        if self.kind is Park:
            fields.setdefault("position", position)
        if fields.get("extension") == OWN:
            fields["extension"] = view.extension
        return self.kind(**fields)


def promising(call: PhoneCall, actions: Iterable[Action], *, at: datetime, rules: Rules = LENIENT) -> Action:
    """Return the first input that is accepted, changes something and does not end the call; else the last."""
    for action in actions:
        after = apply_action(call, action, at=at, rules=rules)
        if isinstance(after, PhoneCall) and after is not call and not after.over:
            break
    return action


def _rings(kind: type[Action]) -> tuple[Draft, ...]:
    return tuple(Draft(kind, {"send_call_to": number}) for number in (CAROL, DAVE))


SIGNALS = (
    *[Draft(Answered)] * 3,
    Draft(HungUp),
    Draft(Rang),
    Draft(FarEndRang),
    Draft(Dialled),
    Draft(HungUp, {"disposition": Disposition.BUSY}),
)
REQUESTS = (
    *[Draft(OnHold)] * 6,
    *[Draft(OffHold)] * 4,
    *[Draft(Park)] * 2,
    Draft(HangUp),
    Draft(HangUp, {"view_id": None}),
    Draft(HangUp, {"view_id": None, "phone_number": BOB}),
    *_rings(UnPark),
    *_rings(PickUp),
    *_rings(BargeIn),
    *_rings(Whisper),
    *_rings(Monitor),
    *[Draft(StartRecording)] * 2,
    *[Draft(StopRecording)] * 3,
    Draft(Transfer, {"send_call_to": CAROL}),
    Draft(Transfer, {"send_call_to": OUTSIDE[1]}),
    Draft(Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_from_number": BOB}),
    Draft(Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_number": ALICE}),
    *[Draft(TransferToVoicemail, {"send_call_to": number}) for number in (BOB, CAROL)],
    Draft(Park, {"extension": OWN}),
    Draft(Park, {"max_in_parking": "10"}),
    Draft(UnPark, {"send_call_to": BOB}),
    Draft(UnPark, {"send_call_to": CAROL, "wait_for_pickup": "5"}),
    Draft(PickUp, {"send_call_to": DAVE, "wait_for_pickup": 5, "extension": DAVE}),
    Draft(BargeIn, {"send_call_to": ERIN, "caller_id": "Erin <214>"}),
    Draft(Whisper, {"send_call_to": ERIN, "private": "1"}),
    Draft(StartRecording, {"format": "wav49"}),
)
WRONG = (
    Draft(OnHold, {"view_id": "99"}),
    Draft(OffHold, {"call_id": "0"}),
    Draft(Answered, {"view_id": "99"}),
    Draft(OnHold, {"extension": CONFERENCE}),
    Draft(UnPark, {"send_call_to": "nobody"}),
    Draft(PickUp, {"send_call_to": CAROL, "wait_for_pickup": 0}),
    Draft(Whisper, {"send_call_to": CAROL, "private": 2}),
    Draft(BargeIn, {"send_call_to": CAROL, "caller_id": ";"}),
    Draft(Monitor, {"send_call_to": ALICE}),
    Draft(Park, {"max_in_parking": 9}),
    Draft(Park, {"position": None}),
    Draft(StartRecording, {"format": "mp3"}),
    Draft(Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_number": "999"}),
    Draft(TransferToVoicemail, {"send_call_to": OUTSIDE[1]}),
    Draft(HangUp, {"view_id": None, "phone_number": "999"}),
)
LEADING = tuple(draft for draft in (*SIGNALS, *REQUESTS) if draft.kind not in (HangUp, HungUp))
"""Those that do not end what goes on."""

ALL = (*SIGNALS, *REQUESTS, *WRONG)
