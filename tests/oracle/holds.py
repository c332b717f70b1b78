"""Hold and recording: the actions that touch the named leg alone.

One rule: each function makes the checks of an action and returns what it does, to be called with the instant.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from callstate.domain import ErrorCode, OffHold, OnHold, Recording, StartRecording, StopRecording
from tests.oracle.answers import Repeated, refuse
from tests.oracle.guards import TALKING, named, need, subject
from tests.oracle.state import Conversation

Effect: TypeAlias = Callable[[datetime], None]


def plan_hold(call: Conversation, request: OnHold | OffHold) -> Effect:
    name = type(request).__name__
    leg = subject(named(call, request.view_id), *TALKING)
    if leg.can(f"{name} again"):
        raise Repeated
    need(leg, name)
    return lambda at: leg.move(name, at)


def plan_start_recording(call: Conversation, request: StartRecording) -> Effect:
    leg = subject(named(call, request.view_id), *TALKING)
    if leg.recording is not None and leg.recording.format == request.format:
        raise Repeated
    need(leg, "StartRecording")
    if leg.recording is not None:
        refuse(ErrorCode.RECORDING_IN_PROGRESS)

    def start(at: datetime) -> None:
        leg.recording = Recording(since=at, format=request.format)

    return start


def plan_stop_recording(call: Conversation, request: StopRecording) -> Effect:
    leg = subject(named(call, request.view_id), *TALKING)
    if leg.recording is None:
        raise Repeated
    need(leg, "StopRecording")

    def stop(_at: datetime) -> None:
        leg.recording = None

    return stop
