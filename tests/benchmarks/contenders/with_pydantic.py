"""The wire with pydantic, as FastAPI drives it: `json.loads` and a validated body, a validated answer and `json.dumps`.

One rule: only the reading and the writing differ; the core between them is the same. The models hold what the bodies
may hold, in the wire's spelling; the forms of the fields are left to the core, as `callstate.voipnow.wire` leaves them.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from callstate import (
    BargeIn,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from callstate.domain import Request


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class _OnView(_Model):
    view_id: str = Field(alias="phoneCallViewId")


class _Rings(_OnView):
    send_call_to: str
    caller_id: str | None = None
    wait_for_pickup: int | str = 25


class _Sends(_Model):
    send_call_to: str
    transfer_from_number: str | None = None
    transfer_number: str | None = None
    view_id: str | None = Field(None, alias="phoneCallViewId")


class OnHoldBody(_OnView):
    action: Literal["OnHold"]


class OffHoldBody(_OnView):
    action: Literal["OffHold"]


class ParkBody(_OnView):
    action: Literal["Park"]
    max_in_parking: int | str = 180


class UnParkBody(_Rings):
    action: Literal["UnPark"]


class PickUpBody(_Rings):
    action: Literal["PickUp"]


class BargeInBody(_Rings):
    action: Literal["BargeIn"]


class WhisperBody(_Rings):
    action: Literal["Whisper"]
    private: int | str = 0


class MonitorBody(_Rings):
    action: Literal["Monitor"]


class TransferBody(_Sends):
    action: Literal["Transfer"]


class TransferToVoicemailBody(_Sends):
    action: Literal["TransferToVoicemail"]


class StartRecordingBody(_OnView):
    action: Literal["StartRecording"]
    format: str = "wav"


class StopRecordingBody(_OnView):
    action: Literal["StopRecording"]


class HangUpBody(_Model):
    action: Literal["HangUp"]
    view_id: str | None = Field(None, alias="phoneCallViewId")
    phone_number: str | None = None


Body = Annotated[
    OnHoldBody
    | OffHoldBody
    | ParkBody
    | UnParkBody
    | PickUpBody
    | BargeInBody
    | WhisperBody
    | MonitorBody
    | TransferBody
    | TransferToVoicemailBody
    | StartRecordingBody
    | StopRecordingBody
    | HangUpBody,
    Field(discriminator="action"),
]

BODY: TypeAdapter[Any] = TypeAdapter(Body)  # Any: one of the models above
KINDS: dict[str, type[Request]] = {
    kind.__name__: kind
    for kind in (
        OnHold, OffHold, Park, UnPark, PickUp, BargeIn, Whisper, Monitor, Transfer, TransferToVoicemail,
        StartRecording, StopRecording, HangUp,
    )
}  # fmt: skip


class Accepted(_Model):
    """The answer to an action that was accepted."""

    id: str
    extension: str
    link: dict[str, str]


ACCEPTED = TypeAdapter(Accepted)


def decode_action(data: bytes, *, call_id: str, extension: str) -> Request:
    """Read the body of a request."""
    body = BODY.validate_python(json.loads(data))
    fields = body.model_dump(exclude={"action"}, by_alias=False)
    return KINDS[body.action](call_id=call_id, extension=extension, **fields)


def encode_accepted(call: PhoneCall, *, extension: str, link: str) -> bytes:
    """Write the answer, which FastAPI validates as well."""
    answer = ACCEPTED.validate_python({"id": call.id, "extension": extension, "link": {"self": link}})
    content = ACCEPTED.dump_python(answer, mode="json", by_alias=True)
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
