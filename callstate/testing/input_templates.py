"""Inputs before it is known which call they are for: a kind, some fields, and the place of a view.

One rule: a template fits any call, so that a sequence of templates can be made shorter and still be one. Most are
sensible; of those that are wrong, each breaks one thing. Which answer is right is not known here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from callstate import domain
from callstate.engine import LENIENT, Rules, apply_action
from callstate.testing.starts import ALICE, BOB, CAROL, CONFERENCE, DAVE, ERIN, OUTSIDE

OWN = "own"
"""Stands for the number of the view's own party."""

PAYER = "payer"
"""Stands for the extension that the call is charged to."""

PLACES = 6
"""Places at which a view is drawn; the last of them are for views that have ended too."""

_ANY_VIEW = 4


class InputTemplate(NamedTuple):
    """An input of a kind, with these fields, for the view at a place."""

    kind: type[domain.Action]
    fields: Mapping[str, Any] = {}  # Any: fields of any input

    def on(self, call: domain.PhoneCall, place: int, *, position: int | None = 1) -> domain.Action:
        """Make the input for a call; a party that is parked by it waits at `position`."""
        live = [view for view in call.views if view.live]
        views = live if live and place < _ANY_VIEW else call.views
        view = views[place % len(views)]
        fields: dict[str, Any] = {"call_id": call.id, "view_id": view.id, **self.fields}  # Any: likewise
        if self.kind is domain.Park:
            fields.setdefault("position", position)
        askers = {OWN: view.extension, PAYER: call.extension}
        if "extension" in fields:
            fields["extension"] = askers.get(fields["extension"], fields["extension"])
        return self.kind(**fields)


def promising(
    call: domain.PhoneCall, actions: Iterable[domain.Action], *, at: datetime, rules: Rules = LENIENT
) -> domain.Action:
    """Return the first input that is accepted, changes something and does not end the call; else the last."""
    for action in actions:
        after = apply_action(call, action, at=at, rules=rules)
        if isinstance(after, domain.PhoneCall) and after is not call and not after.over:
            break
    return action


def _to_colleagues(kind: type[domain.Action]) -> tuple[InputTemplate, ...]:
    return tuple(InputTemplate(kind, {"send_call_to": number}) for number in (CAROL, DAVE))


SIGNALS = (
    *[InputTemplate(domain.Answered)] * 3,
    InputTemplate(domain.HungUp),
    InputTemplate(domain.Rang),
    InputTemplate(domain.FarEndRang),
    InputTemplate(domain.Dialled),
    InputTemplate(domain.Held),
    InputTemplate(domain.Resumed),
    InputTemplate(domain.HungUp, {"disposition": domain.Disposition.BUSY}),
    InputTemplate(domain.HungUp, {"disposition": domain.Disposition.ANSWERED}),
)
REQUESTS = (
    *[InputTemplate(domain.OnHold)] * 6,
    *[InputTemplate(domain.OffHold)] * 4,
    *[InputTemplate(domain.Park)] * 2,
    InputTemplate(domain.HangUp),
    InputTemplate(domain.HangUp, {"view_id": None}),
    InputTemplate(domain.HangUp, {"view_id": None, "extension": PAYER}),
    InputTemplate(domain.HangUp, {"view_id": None, "extension": OWN}),
    InputTemplate(domain.HangUp, {"view_id": None, "phone_number": BOB}),
    *_to_colleagues(domain.UnPark),
    *_to_colleagues(domain.PickUp),
    *_to_colleagues(domain.BargeIn),
    *_to_colleagues(domain.Whisper),
    *_to_colleagues(domain.Monitor),
    *[InputTemplate(domain.StartRecording)] * 2,
    *[InputTemplate(domain.StopRecording)] * 3,
    InputTemplate(domain.Transfer, {"send_call_to": CAROL}),
    InputTemplate(domain.Transfer, {"send_call_to": CAROL, "extension": PAYER}),
    InputTemplate(domain.Transfer, {"send_call_to": OUTSIDE[1], "extension": PAYER}),
    *[InputTemplate(domain.Transfer, {"send_call_to": number, "extension": OWN}) for number in (CAROL, DAVE)],
    InputTemplate(domain.Transfer, {"send_call_to": DAVE, "view_id": None, "extension": OWN}),
    InputTemplate(domain.Transfer, {"send_call_to": DAVE, "view_id": None, "transfer_from_number": CAROL}),
    InputTemplate(domain.Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_from_number": BOB}),
    InputTemplate(domain.Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_number": ALICE}),
    *[InputTemplate(domain.TransferToVoicemail, {"send_call_to": number}) for number in (BOB, CAROL)],
    *[InputTemplate(domain.TransferToVoicemail, {"send_call_to": BOB, "extension": asker}) for asker in (OWN, PAYER)],
    *[InputTemplate(domain.Park, {"extension": asker}) for asker in (OWN, PAYER)],
    InputTemplate(domain.Park, {"max_in_parking": "10"}),
    InputTemplate(domain.UnPark, {"send_call_to": BOB}),
    InputTemplate(domain.UnPark, {"send_call_to": CAROL, "wait_for_pickup": "5"}),
    InputTemplate(domain.UnPark, {"send_call_to": ERIN, "extension": ERIN}),
    InputTemplate(domain.PickUp, {"send_call_to": DAVE, "wait_for_pickup": 5, "extension": DAVE}),
    InputTemplate(domain.BargeIn, {"send_call_to": ERIN, "caller_id": "Erin <214>"}),
    InputTemplate(domain.Whisper, {"send_call_to": ERIN, "private": "1"}),
    *[InputTemplate(kind, {"send_call_to": ERIN}) for kind in (domain.Monitor, domain.Whisper, domain.BargeIn)],
    InputTemplate(domain.StartRecording, {"format": "wav49"}),
)
WRONG = (
    InputTemplate(domain.OnHold, {"view_id": "99"}),
    InputTemplate(domain.OffHold, {"call_id": "0"}),
    InputTemplate(domain.Answered, {"view_id": "99"}),
    InputTemplate(domain.OnHold, {"extension": CONFERENCE}),
    InputTemplate(domain.UnPark, {"send_call_to": "nobody"}),
    InputTemplate(domain.PickUp, {"send_call_to": CAROL, "wait_for_pickup": 0}),
    InputTemplate(domain.Whisper, {"send_call_to": CAROL, "private": 2}),
    *[InputTemplate(domain.BargeIn, {"send_call_to": CAROL, "caller_id": shown}) for shown in (";", "9" * 256)],
    InputTemplate(domain.Monitor, {"send_call_to": ALICE}),
    InputTemplate(domain.Park, {"max_in_parking": 9}),
    InputTemplate(domain.Park, {"position": None}),
    InputTemplate(domain.StartRecording, {"format": "mp3"}),
    InputTemplate(domain.Transfer, {"send_call_to": CAROL, "view_id": None, "transfer_number": "999"}),
    InputTemplate(domain.TransferToVoicemail, {"send_call_to": OUTSIDE[1]}),
    InputTemplate(domain.HangUp, {"view_id": None, "phone_number": "999"}),
)
LEADING = tuple(template for template in (*SIGNALS, *REQUESTS) if template.kind not in (domain.HangUp, domain.HungUp))
"""Those that do not end what goes on."""

ALL = (*SIGNALS, *REQUESTS, *WRONG)
