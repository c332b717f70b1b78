"""The states, roles and flows of a view, and how a view ends: the words that calls and the table share.

One rule: only names are defined here; what follows from a state is in the table and the rules.
"""

from enum import IntEnum, StrEnum


class ViewState(StrEnum):
    """Where one party stands in the call. The names are callstate-specific.

    In parentheses is the status number that the wire has for it (the vendor's).
    `OFF_HOOK`: the phone is off hook, nothing is dialled (1). `TRYING`: it dials or is dialled, nothing rings yet (2).
    `RINGING`: this phone rings (3). `ANSWERED`: the party is up, the other end is not (4). `CONNECTED`: both are (5).
    `ON_HOLD`: connected, and this party holds the call (5 with `onHold`). `PARKED`: the party waits in the parking lot
    (5 with `parked`). `ENDED`: the party has left; such a view is never listed. `UNKNOWN`: nothing is known about it
    (0); it is only ever read from the wire.
    """

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
    """What a leg does in the call: `PARTY`, `BARGE` and `VOICEMAIL` are parties, the others supervise one.

    `PARTY` speaks and hears. `BARGE` has joined a conversation, or rings to. `VOICEMAIL` is a mailbox. `WHISPER` speaks
    to one party only. `MONITOR` listens in silence. The vendor has the actions that make them, the wire tells no role.
    """

    PARTY = "PARTY"
    BARGE = "BARGE"
    VOICEMAIL = "VOICEMAIL"
    WHISPER = "WHISPER"
    MONITOR = "MONITOR"


PARTY, BARGE, VOICEMAIL, WHISPER, MONITOR = Role
SUPERVISORS = frozenset({WHISPER, MONITOR})
"""The roles of legs that stand on no side and end with their target."""


class Flow(IntEnum):
    """Between whom a leg runs, in the wire's own numbers (the vendor's).

    `LOCAL`: between extensions. `OUTGOING`: to a number outside of the system. `INCOMING`: from one.
    """

    LOCAL = 2
    OUTGOING = 4
    INCOMING = 8


class Disposition(IntEnum):
    """How a view ended, in the vendor's numbers.

    A party that was ever answered ends `ANSWERED`; the others end `NO_ANSWER` unless the network tells another one.
    """

    ANSWERED = 0
    BUSY = 1
    FAILED = 2
    NO_ANSWER = 3
    UNKNOWN = 4
    NOT_ALLOWED = 5


class EndReason(StrEnum):
    """Why a view ended (callstate-specific; the wire does not tell it).

    `HUNG_UP`: the party hung up, or the whole call was hung up. `REJECTED`: the network reported busy, failed or not
    allowed. `NO_ANSWER`: the phone rang in vain. `ANSWERED_ELSEWHERE`: another phone of its side was up first.
    `TRANSFERRED`: the party transferred the call. `DEFLECTED`: the party sent the call on while its phone rang.
    `PARKED`: the party parked the other one. `TARGET_LEFT`: the party that the leg had joined left or was parked.
    `OTHER_LEFT`: too few sides were left. `LIMIT`: the call has reached its longest duration.
    """

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
