"""What is the call now, or why not: call control as a pure function."""

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
from callstate.allowed import allowed_actions
from callstate.changes import Change, changes
from callstate.create import CreateCallback, CreateConferenceInvite, CreateSimple, create_call
from callstate.deadlines import advance, next_deadline
from callstate.errors import CallStateError, DomainError, ErrorCode, unwrap
from callstate.explain import explain
from callstate.machine import apply_action
from callstate.model import Disposition, Flow, Parking, PhoneCall, PhoneCallView, Recording, Role, ViewState
from callstate.table import LENIENT, STRICT

__all__ = [
    "LENIENT",
    "STRICT",
    "Action",
    "Answered",
    "BargeIn",
    "CallStateError",
    "Change",
    "CreateCallback",
    "CreateConferenceInvite",
    "CreateSimple",
    "Dialled",
    "Disposition",
    "DomainError",
    "ErrorCode",
    "FarEndRang",
    "Flow",
    "HangUp",
    "HungUp",
    "Monitor",
    "OffHold",
    "OnHold",
    "Park",
    "Parking",
    "PhoneCall",
    "PhoneCallView",
    "PickUp",
    "Rang",
    "Recording",
    "Role",
    "StartRecording",
    "StopRecording",
    "Transfer",
    "TransferToVoicemail",
    "UnPark",
    "ViewState",
    "Whisper",
    "advance",
    "allowed_actions",
    "apply_action",
    "changes",
    "create_call",
    "explain",
    "next_deadline",
    "unwrap",
]
