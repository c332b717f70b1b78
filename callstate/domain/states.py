"""The states, roles and flows of a view, and how a view ends: the words that calls and the table share.

One rule: only names are defined here; what follows from a state is in the table and the rules.
"""

from enum import IntEnum, StrEnum


class ViewState(StrEnum):
    """Where one party stands in the call. `UNKNOWN` is only ever read from the wire."""

    UNKNOWN = "UNKNOWN"
    OFF_HOOK = "OFF_HOOK"
    TRYING = "TRYING"
    RINGING = "RINGING"
    ANSWERED = "ANSWERED"
    CONNECTED = "CONNECTED"
    ON_HOLD = "ON_HOLD"
    PARKED = "PARKED"
    ENDED = "ENDED"


# Bound once: in Python 3.11 an attribute of an Enum class is read several times slower.
UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED, CONNECTED, ON_HOLD, PARKED, ENDED = ViewState

UP = frozenset({ANSWERED, CONNECTED, ON_HOLD, PARKED})
"""The states of a party that has answered and not left."""


class Role(StrEnum):
    """What a leg does in the call: `PARTY`, `BARGE` and `VOICEMAIL` are parties, the others supervise one."""

    PARTY = "PARTY"
    BARGE = "BARGE"
    VOICEMAIL = "VOICEMAIL"
    WHISPER = "WHISPER"
    MONITOR = "MONITOR"


PARTY, BARGE, VOICEMAIL, WHISPER, MONITOR = Role
SUPERVISORS = frozenset({WHISPER, MONITOR})


class Flow(IntEnum):
    """Between whom a leg runs, in the wire's own numbers."""

    LOCAL = 2
    OUTGOING = 4
    INCOMING = 8


class Disposition(IntEnum):
    """How a view ended, in the wire's own numbers."""

    ANSWERED = 0
    BUSY = 1
    FAILED = 2
    NO_ANSWER = 3
    UNKNOWN = 4
    NOT_ALLOWED = 5


class EndReason(StrEnum):
    """Why a view ended. The wire does not tell it."""

    HUNG_UP = "HUNG_UP"
    REJECTED = "REJECTED"
    NO_ANSWER = "NO_ANSWER"
    ANSWERED_ELSEWHERE = "ANSWERED_ELSEWHERE"
    TRANSFERRED = "TRANSFERRED"
    DEFLECTED = "DEFLECTED"
    PARKED = "PARKED"
    TARGET_LEFT = "TARGET_LEFT"
    OTHER_LEFT = "OTHER_LEFT"
    LIMIT = "LIMIT"
