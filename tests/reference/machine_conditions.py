"""What the named view alone decides beside the table, as data: which views can be named, and what is a repeat.

One rule: a condition is about fields of one view. A test runs each of them against the engine.
"""

from callstate import Dialled, ErrorCode, FarEndRang, HangUp, Rang, StartRecording, StopRecording
from callstate.domain import ENDED, RINGING, SIGNALS, TRYING, UNKNOWN, Action
from tests.reference.machine_form import Condition, Test

REPEAT = "repeat"


def _refused(check: str, code: ErrorCode, *tests: Test) -> Condition:
    return Condition(check=check, tests=list(tests), result=code)


_UNLISTED = _refused("view", ErrorCode.PHONECALLVIEW_INVALID, Test(field="listed", value=False))
_ENDED = _refused("view", ErrorCode.PHONECALLVIEW_INVALID, Test(field="state", value=ENDED))
_UNKNOWN = _refused("state", ErrorCode.WRONG_STATE, Test(field="state", value=UNKNOWN))
_OF_THE_CALLER = [
    _refused("role", ErrorCode.WRONG_STATE, Test(field="side", value=0, equal=False)),
    _refused("role", ErrorCode.WRONG_STATE, Test(field="until", value=None, equal=False)),
    _refused("role", ErrorCode.WRONG_STATE, Test(field="state", value=RINGING)),
]
_NOT_OF_THE_CALLER = _refused(
    "role",
    ErrorCode.WRONG_STATE,
    Test(field="side", value=0),
    Test(field="state", value=TRYING),
    Test(field="until", value=None),
)
_NOT_RECORDED = Condition(check="state", tests=[Test(field="recording", value=None)], result=REPEAT)
_RECORDED = Condition(
    check="state",
    tests=[Test(field="recording", value=None, equal=False), Test(field="recording.format", value="$format")],
    result=REPEAT,
)
_RECORDED_OTHERWISE = _refused(
    "context", ErrorCode.RECORDING_IN_PROGRESS, Test(field="recording", value=None, equal=False)
)


def conditions_of(kind: type[Action]) -> list[Condition]:
    """Return the conditions of an input, in the order in which they are asked."""
    if kind in SIGNALS:
        of_signals = {Dialled: _OF_THE_CALLER, FarEndRang: _OF_THE_CALLER, Rang: [_NOT_OF_THE_CALLER]}
        return of_signals.get(kind, [])
    if kind is HangUp:
        return [_UNLISTED]
    of_recordings = {StopRecording: [_NOT_RECORDED], StartRecording: [_RECORDED, _RECORDED_OTHERWISE]}
    return [_UNLISTED, _ENDED, _UNKNOWN, *of_recordings.get(kind, [])]
