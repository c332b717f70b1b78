"""Which plan belongs to which action.

One rule: a plan makes all checks from the role on and returns what the action does, to be called with the instant.
"""

from callstate.domain import (
    BargeIn,
    HangUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Request,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.oracle.hangups import plan_hang_up
from tests.oracle.holds import Effect, plan_hold, plan_start_recording, plan_stop_recording
from tests.oracle.parking import plan_park, plan_unpark
from tests.oracle.rings import plan_join, plan_pick_up
from tests.oracle.state import Conversation
from tests.oracle.transfers import plan_send


def plan(call: Conversation, request: Request) -> Effect:  # noqa: PLR0911  # one return for each action
    match request:
        case OnHold() | OffHold():
            return plan_hold(call, request)
        case StartRecording():
            return plan_start_recording(call, request)
        case StopRecording():
            return plan_stop_recording(call, request)
        case Park():
            return plan_park(call, request)
        case UnPark():
            return plan_unpark(call, request)
        case PickUp():
            return plan_pick_up(call, request)
        case BargeIn() | Whisper() | Monitor():
            return plan_join(call, request)
        case Transfer() | TransferToVoicemail():
            return plan_send(call, request)
        case HangUp():
            return plan_hang_up(call, request)
