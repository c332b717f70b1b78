"""Requests and new calls as JSON says them, read a second time.

One rule: a body is read tolerantly and judged elsewhere; a field of the wrong type is handed on as its JSON text, so
that the check of the field finds it. The call is not known here.
"""

import json
from typing import Any

from callstate.domain import ACTIONS, CreateCallback, CreateConferenceInvite, CreateSimple, Park, Request
from tests.oracle.create import Create

KINDS = {kind.__name__: kind for kind in ACTIONS}
CREATES = {"simple": CreateSimple, "callback": CreateCallback, "conferenceInvite": CreateConferenceInvite}

NAMES = {
    "view_id": ("phoneCallViewId",),
    "send_call_to": ("sendCallTo",),
    "caller_id": ("callerId", "callerID"),
    "wait_for_pickup": ("waitForPickup", "waitForPickUp"),
    "private": ("private",),
    "max_in_parking": ("maxInParking",),
    "format": ("format",),
    "transfer_number": ("transferNumber",),
    "transfer_from_number": ("transferFromNumber",),
    "phone_number": ("phoneNumber",),
}
"""The fields of all actions, with the names that a client may give them; the first one counts first."""

DEFAULTS: dict[str, object] = {
    "wait_for_pickup": 25,
    "private": 0,
    "max_in_parking": 180,
    "format": "wav",
}
NUMBERS = ("wait_for_pickup", "private", "max_in_parking")

OF_A_CREATE = {
    "source": "source",
    "destination": "destination",
    "caller_id": "callerId",
    "caller_destination": "callerDestination",
    "wait_for_pickup": "waitForPickup",
    "call_duration": "callDuration",
    "allow_public_transfer": "allowPublicTransfer",
    "nonce": "nonce",
}

Body = dict[str, Any]  # Any: JSON


def read_request(body: Body, *, call_id: str, extension: str, position: int | None) -> Request | None:
    """Read a request; none if its action is unknown."""
    kind = KINDS.get(body.get("action", ""))
    if kind is None:
        return None
    held = set(kind.__struct_fields__) & NAMES.keys()
    fields: Body = {"call_id": call_id, "extension": extension}
    fields |= {name: value for name in held if (value := _given(body, name)) is not None}
    fields |= {name: _absent(kind, name) for name in held - fields.keys()}
    if kind is Park:
        fields["position"] = position
    return kind(**fields)


def _given(body: Body, name: str) -> int | str | None:
    usual, *others = (body.get(key) for key in NAMES[name])
    value = next((other for other in others if other is not None), usual) if usual in (None, "") else usual
    if value is None or isinstance(value, str) or (name in NUMBERS and type(value) is int):
        return value
    return json.dumps(value)


def _absent(kind: type[Request], name: str) -> object:
    """Return what a field is that is not there: one that must be there is empty."""
    must = name == "send_call_to" or (
        name == "view_id" and kind.__name__ not in ("HangUp", "Transfer", "TransferToVoicemail")
    )
    return "" if must else DEFAULTS.get(name)


def read_create(body: Body, *, call_id: str) -> Create:
    """Read a new call; a field that is not there or null has its default."""
    kind = CREATES[body["kind"]]
    held = {name: body.get(key) for name, key in OF_A_CREATE.items() if name in kind.__struct_fields__}
    given: Body = {"wait_for_pickup": 25} | {name: value for name, value in held.items() if value is not None}
    given |= {name: tuple(given[name]) for name in ("source", "destination")}
    made: Create = kind(call_id=call_id, extension=body["extension"], **given)
    return made
