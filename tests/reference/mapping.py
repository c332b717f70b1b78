"""How a view reads in other models of call control: total functions from a view to the words of each.

One rule: the word follows from the view alone. What its party cannot see, such as a hold by the other side, is shown by
the views of the other side. Words that were not found in a text are marked, by `Trust`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from callstate import Disposition, PhoneCallView, Role, ViewState


class Situation(StrEnum):
    """What other models distinguish about a view; the value describes it."""

    UNKNOWN = "state unknown"
    OFF_HOOK = "off hook"
    WAITS = "a destination that is not dialled yet"
    TRYING = "dialling, or being dialled"
    RINGING = "ringing"
    HEARS_RINGING = "up, hears the other side ring, never answered itself"
    ALONE = "up and has answered, the other side is not up (or no longer)"
    ON_CALL = "connected"
    HOLDS = "connected, holds the call"
    MAILBOX = "a mailbox that has the call"
    SUPERVISES = "whispers or monitors"
    PARKED = "parked"
    FAILED = "ended: busy, failed or not allowed"
    UNANSWERED = "ended: never answered"
    LEFT = "ended: left the call"


_OF_STATE: Mapping[ViewState, Situation] = {
    ViewState.UNKNOWN: Situation.UNKNOWN,
    ViewState.OFF_HOOK: Situation.OFF_HOOK,
    ViewState.RINGING: Situation.RINGING,
    ViewState.ON_HOLD: Situation.HOLDS,
    ViewState.PARKED: Situation.PARKED,
}

_FAILURES = frozenset({Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED})


def situation(view: PhoneCallView) -> Situation:
    """Return the situation that a view is in. Every view is in exactly one."""
    match view.state:
        case ViewState.TRYING:
            return Situation.WAITS if view.waits else Situation.TRYING
        case ViewState.ANSWERED:
            return Situation.HEARS_RINGING if view.answered is None else Situation.ALONE
        case ViewState.CONNECTED:
            return _connected(view.role)
        case ViewState.ENDED:
            return _ended(view.disposition)
        case state:
            return _OF_STATE[state]


def _connected(role: Role) -> Situation:
    match role:
        case Role.PARTY | Role.BARGE:
            return Situation.ON_CALL
        case Role.VOICEMAIL:
            return Situation.MAILBOX
        case Role.WHISPER | Role.MONITOR:
            return Situation.SUPERVISES


def _ended(disposition: Disposition | None) -> Situation:
    if disposition in _FAILURES:
        return Situation.FAILED
    return Situation.UNANSWERED if disposition is Disposition.NO_ANSWER else Situation.LEFT


class Trust(StrEnum):
    """How reliable a word is; the value is its mark on the page."""

    READ = ""
    MEMORY = "†"
    NEAREST = "°"


class Word(NamedTuple):
    """A state of another model; the empty word means that the model has none."""

    word: str
    trust: Trust = Trust.READ

    def __str__(self) -> str:
        return (f"{self.word}" if self.word else "none") + self.trust


def nearest(word: str) -> Word:
    """Make a word that callstate chose as the nearest one, because the texts have none."""
    return Word(word, Trust.NEAREST)


def memory(word: str) -> Word:
    """Make a word that is from memory and was not checked."""
    return Word(word, Trust.MEMORY)


Words: TypeAlias = Mapping[Situation, Word]


class Model(NamedTuple):
    """Another model: its name, the source, its word for each situation, and what is lost in the translation."""

    name: str
    read: str
    words: Words
    losses: tuple[str, ...]
    never: tuple[str, ...] = ()

    def word(self, view: PhoneCallView) -> Word:
        """Return the model's word for a view."""
        return self.words[situation(view)]


S = Situation

CSTA = Model(
    "ECMA-269 (CSTA)",
    "The local connection states, as named in guides by vendors that implement the standard. The standard itself was "
    "not available.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word("initiated"),
        S.WAITS: nearest("null"),
        S.TRYING: Word("initiated"),
        S.RINGING: Word("alerting"),
        S.HEARS_RINGING: memory("connected"),
        S.ALONE: nearest("connected"),
        S.ON_CALL: Word("connected"),
        S.HOLDS: Word("hold"),
        S.MAILBOX: nearest("connected"),
        S.SUPERVISES: Word(""),
        S.PARKED: Word("connected"),
        S.FAILED: Word("fail"),
        S.UNANSWERED: Word("null"),
        S.LEFT: Word("null"),
    },
    (
        "Whether the other side has answered. It has to be read from the other connection, which is then `alerting`.",
        (
            "That a party is parked. It stays connected, and the lot is a separate connection that is queued. There is "
            "no place for the position, the parker and the deadline."
        ),
        (
            "Whispering, monitoring and barging in. There are no connection states for them. A party that has barged "
            "in is connected."
        ),
        "Recording, which is a separate flag of the call.",
        "The caller can be connected as soon as the network has accepted the dialling†. In callstate it is TRYING.",
    ),
    ("queued",),
)

JTAPI = Model(
    "JTAPI",
    "The connection of the call-control package and, after the slash, its terminal connection.",
    {
        S.UNKNOWN: Word("UNKNOWN / UNKNOWN"),
        S.OFF_HOOK: memory("INITIATED / TALKING"),
        S.WAITS: Word(""),
        S.TRYING: Word("DIALING / TALKING"),
        S.RINGING: Word("ALERTING / RINGING"),
        S.HEARS_RINGING: Word("ESTABLISHED / TALKING"),
        S.ALONE: nearest("ESTABLISHED / TALKING"),
        S.ON_CALL: Word("ESTABLISHED / TALKING"),
        S.HOLDS: Word("ESTABLISHED / HELD"),
        S.MAILBOX: nearest("ESTABLISHED / TALKING"),
        S.SUPERVISES: nearest("ESTABLISHED / BRIDGED"),
        S.PARKED: Word("ESTABLISHED / TALKING"),
        S.FAILED: Word("FAILED"),
        S.UNANSWERED: Word("DISCONNECTED / DROPPED"),
        S.LEFT: Word("DISCONNECTED / DROPPED"),
    },
    (
        "Nothing about holds. In JTAPI a terminal connection holds, in callstate a party; both sides can hold in both.",
        "Whether the other side has answered. Its connection is ALERTING or NETWORK_ALERTING until then.",
        "That a party is parked. The connection of the parker is dropped, and a new one to the lot is QUEUED.",
        "The difference between whispering, monitoring and a bridged phone.",
        "A second hold is an error in this model. In callstate it is a repeat, unless the strict rules are used.",
    ),
    ("OFFERED", "NETWORK_REACHED", "NETWORK_ALERTING", "QUEUED"),
)

RFC_4235 = Model(
    "RFC 4235 (dialog-info)",
    "An erratum to the RFC and code that implements it; not the RFC itself. After the colon is the event of a "
    "terminated dialog.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word(""),
        S.WAITS: Word(""),
        S.TRYING: Word("trying"),
        S.RINGING: Word("early, recipient"),
        S.HEARS_RINGING: Word("early, initiator"),
        S.ALONE: nearest("confirmed"),
        S.ON_CALL: Word("confirmed"),
        S.HOLDS: Word("confirmed"),
        S.MAILBOX: nearest("confirmed"),
        S.SUPERVISES: Word("confirmed"),
        S.PARKED: Word("confirmed"),
        S.FAILED: Word("terminated: rejected"),
        S.UNANSWERED: nearest("terminated: cancelled"),
        S.LEFT: Word("terminated: local-bye, remote-bye"),
    },
    (
        (
            "Hold. The dialog stays confirmed; only the direction of the media shows it: `sendonly` for the party that "
            "holds, `recvonly` for the party that is held, `inactive` if both hold."
        ),
        "Parking. It is a dialog with the park server, like any other dialog.",
        "Recording and roles. A supervisor has a separate dialog.",
        (
            "Which of the two hung up, and the events `timeout`† and `replaced`†, which correspond to an unanswered "
            "phone and a transfer. The view's reason for ending would tell, but this table does not use it."
        ),
        "A phone that is off the hook, because there is no dialog yet.",
    ),
    ("proceeding", "terminated: timeout†", "terminated: replaced†"),
)

ANDROID = Model(
    "Android Telecom",
    "The source code of its call states.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word("CONNECTING"),
        S.WAITS: nearest("NEW"),
        S.TRYING: Word("DIALING"),
        S.RINGING: Word("RINGING"),
        S.HEARS_RINGING: Word("DIALING"),
        S.ALONE: Word("ANSWERED"),
        S.ON_CALL: Word("ACTIVE"),
        S.HOLDS: Word("ON_HOLD"),
        S.MAILBOX: nearest("ACTIVE"),
        S.SUPERVISES: Word(""),
        S.PARKED: Word("ACTIVE"),
        S.FAILED: Word("DISCONNECTED"),
        S.UNANSWERED: Word("DISCONNECTED"),
        S.LEFT: Word("DISCONNECTED"),
    },
    (
        "It shows the call of one phone. A hold by the other side, parking and supervision are not visible.",
        "The difference between dialling and hearing the other side ring. Both are one state.",
        "In Android an incoming call passes through ANSWERED. In callstate a transferred party also waits in it.",
        "That a call failed. It is disconnected like any other.",
    ),
    ("ABORTED", "DISCONNECTING", "PULLING", "AUDIO_PROCESSING", "SIMULATED_RINGING"),
)

FREESWITCH = Model(
    "FreeSWITCH",
    "The call state of a channel, in the source code.",
    {
        S.UNKNOWN: nearest("DOWN"),
        S.OFF_HOOK: Word("DOWN"),
        S.WAITS: nearest("DOWN"),
        S.TRYING: Word("DIALING"),
        S.RINGING: Word("RINGING"),
        S.HEARS_RINGING: Word("RING_WAIT"),
        S.ALONE: nearest("ACTIVE"),
        S.ON_CALL: Word("ACTIVE"),
        S.HOLDS: Word("HELD"),
        S.MAILBOX: nearest("ACTIVE"),
        S.SUPERVISES: Word("ACTIVE"),
        S.PARKED: Word("ACTIVE"),
        S.FAILED: Word("HANGUP"),
        S.UNANSWERED: Word("HANGUP"),
        S.LEFT: Word("HANGUP"),
    },
    (
        "Parking, the mailbox and supervision. They are applications that the channel runs, not states of the channel.",
        'Recording. FreeSWITCH calls it a "media bug" of the channel.',
        "Whether the caller hears a tone (RING_WAIT) or media of the far end (EARLY) while it rings.",
        "UNHELD means that a hold was just released. In callstate such a party is CONNECTED like any other.",
        "That a call failed. It is hung up like any other.",
        "A second hold is an error in this model. In callstate it is a repeat, unless the strict rules are used.",
    ),
    ("EARLY", "UNHELD"),
)

MODELS = (CSTA, JTAPI, RFC_4235, ANDROID, FREESWITCH)
