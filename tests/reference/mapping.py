"""How a view reads in other models of call control: total functions from a view to the words of each.

One rule: what a view is in another model follows from the view alone; what its party cannot see, such as a hold by the
other end, is told by the view of the other end. Words that were not found in a text are marked, by `Trust`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from callstate import Disposition, PhoneCallView, Role, ViewState


class Situation(StrEnum):
    """What of a view makes a difference to others; the value says it in words."""

    UNKNOWN = "nothing is known"
    OFF_HOOK = "off hook"
    WAITS = "a destination that is not dialled yet"
    TRYING = "dials, or is dialled"
    RINGING = "rings"
    HEARS_RINGING = "up, hears the far end ring, never answered itself"
    ALONE = "up and has answered, the other end is not (or no more)"
    ON_CALL = "on call"
    HOLDS = "on call, holds"
    MAILBOX = "a mailbox that takes the call"
    SUPERVISES = "whispers or monitors"
    PARKED = "waits in the lot"
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
    """Tell which of the situations a view is in. Every view is in one."""
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
    """How far a word can be relied on; the value is its mark on the page."""

    READ = ""
    MEMORY = "†"
    OURS = "°"


class Word(NamedTuple):
    """A state of another model; the empty one says that it has none."""

    word: str
    trust: Trust = Trust.READ

    def __str__(self) -> str:
        return (f"{self.word}" if self.word else "none") + self.trust


def ours(word: str) -> Word:
    """Make the nearest word, by our own choice, where the texts that were read have none."""
    return Word(word, Trust.OURS)


def memory(word: str) -> Word:
    """Make a word that is from memory and was not checked."""
    return Word(word, Trust.MEMORY)


Words: TypeAlias = Mapping[Situation, Word]


class Model(NamedTuple):
    """Another model: its name, what of it was read, its word for each situation, and what is lost on the way."""

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
    "Local connection states, as guides of vendors who implement it name them. The standard itself was not at hand.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word("initiated"),
        S.WAITS: ours("null"),
        S.TRYING: Word("initiated"),
        S.RINGING: Word("alerting"),
        S.HEARS_RINGING: memory("connected"),
        S.ALONE: ours("connected"),
        S.ON_CALL: Word("connected"),
        S.HOLDS: Word("hold"),
        S.MAILBOX: ours("connected"),
        S.SUPERVISES: Word(""),
        S.PARKED: Word("connected"),
        S.FAILED: Word("fail"),
        S.UNANSWERED: Word("null"),
        S.LEFT: Word("null"),
    },
    (
        "Whether the other end is through: it must be read from the other connection, `alerting` there.",
        (
            "That a party is parked: it stays connected, and the lot is a connection of its own that is queued. "
            "Position, parker and deadline have no place."
        ),
        (
            "Whispering, monitoring and barging in: there are no connection states for them. One that has barged in is "
            "connected."
        ),
        "Recording, which is a flag beside the call.",
        "After the network has accepted the dialling the caller may be connected already†; here it is TRYING.",
    ),
    ("queued",),
)

JTAPI = Model(
    "JTAPI",
    "The connection of the call-control package, and its terminal connection after the stroke.",
    {
        S.UNKNOWN: Word("UNKNOWN / UNKNOWN"),
        S.OFF_HOOK: memory("INITIATED / TALKING"),
        S.WAITS: Word(""),
        S.TRYING: Word("DIALING / TALKING"),
        S.RINGING: Word("ALERTING / RINGING"),
        S.HEARS_RINGING: Word("ESTABLISHED / TALKING"),
        S.ALONE: ours("ESTABLISHED / TALKING"),
        S.ON_CALL: Word("ESTABLISHED / TALKING"),
        S.HOLDS: Word("ESTABLISHED / HELD"),
        S.MAILBOX: ours("ESTABLISHED / TALKING"),
        S.SUPERVISES: ours("ESTABLISHED / BRIDGED"),
        S.PARKED: Word("ESTABLISHED / TALKING"),
        S.FAILED: Word("FAILED"),
        S.UNANSWERED: Word("DISCONNECTED / DROPPED"),
        S.LEFT: Word("DISCONNECTED / DROPPED"),
    },
    (
        "Nothing of holds: there a terminal connection holds, here a party, and both ends can in both.",
        "Whether the other end is through: its connection is ALERTING or NETWORK_ALERTING.",
        "That a party is parked: the parker's connection is dropped, and a new one, to the lot, is QUEUED.",
        "The difference between whispering, monitoring and a bridged phone.",
        "Its second hold is an error. Here it is a repeat, unless the strict rules are asked for.",
    ),
    ("OFFERED", "NETWORK_REACHED", "NETWORK_ALERTING", "QUEUED"),
)

RFC_4235 = Model(
    "RFC 4235 (dialog-info)",
    "An erratum to it and code that implements it; not the text. The event of a terminated dialog stands after the "
    "colon.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word(""),
        S.WAITS: Word(""),
        S.TRYING: Word("trying"),
        S.RINGING: Word("early, recipient"),
        S.HEARS_RINGING: Word("early, initiator"),
        S.ALONE: ours("confirmed"),
        S.ON_CALL: Word("confirmed"),
        S.HOLDS: Word("confirmed"),
        S.MAILBOX: ours("confirmed"),
        S.SUPERVISES: Word("confirmed"),
        S.PARKED: Word("confirmed"),
        S.FAILED: Word("terminated: rejected"),
        S.UNANSWERED: ours("terminated: cancelled"),
        S.LEFT: Word("terminated: local-bye, remote-bye"),
    },
    (
        (
            "Hold: the dialog stays confirmed, and only the direction of the media tells: `sendonly` for who holds, "
            "`recvonly` for who is held, `inactive` if both hold."
        ),
        "Parking: it is a dialog with the park server like any other.",
        "Recording, and every role: a supervisor has a dialog of its own.",
        (
            "Who of the two hung up, which callstate does not keep, and the events `timeout`† and `replaced`†: what a "
            "ring-out and a transfer are here."
        ),
        "A phone that is off the hook, for there is no dialog yet.",
    ),
    ("proceeding", "terminated: timeout†", "terminated: replaced†"),
)

ANDROID = Model(
    "Android Telecom",
    "The source of its call states.",
    {
        S.UNKNOWN: Word(""),
        S.OFF_HOOK: Word("CONNECTING"),
        S.WAITS: ours("NEW"),
        S.TRYING: Word("DIALING"),
        S.RINGING: Word("RINGING"),
        S.HEARS_RINGING: Word("DIALING"),
        S.ALONE: Word("ANSWERED"),
        S.ON_CALL: Word("ACTIVE"),
        S.HOLDS: Word("ON_HOLD"),
        S.MAILBOX: ours("ACTIVE"),
        S.SUPERVISES: Word(""),
        S.PARKED: Word("ACTIVE"),
        S.FAILED: Word("DISCONNECTED"),
        S.UNANSWERED: Word("DISCONNECTED"),
        S.LEFT: Word("DISCONNECTED"),
    },
    (
        "It is one phone's view of its call. A hold by the other end, parking and supervision cannot be seen.",
        "Dialling and hearing the other end ring are one state.",
        "ANSWERED is passed through by an incoming call there; here a transferred party waits in it, too.",
        "A call that failed is disconnected like any other.",
    ),
    ("ABORTED", "DISCONNECTING", "PULLING", "AUDIO_PROCESSING", "SIMULATED_RINGING"),
)

FREESWITCH = Model(
    "FreeSWITCH",
    "The call state of a channel, in its source.",
    {
        S.UNKNOWN: ours("DOWN"),
        S.OFF_HOOK: Word("DOWN"),
        S.WAITS: ours("DOWN"),
        S.TRYING: Word("DIALING"),
        S.RINGING: Word("RINGING"),
        S.HEARS_RINGING: Word("RING_WAIT"),
        S.ALONE: ours("ACTIVE"),
        S.ON_CALL: Word("ACTIVE"),
        S.HOLDS: Word("HELD"),
        S.MAILBOX: ours("ACTIVE"),
        S.SUPERVISES: Word("ACTIVE"),
        S.PARKED: Word("ACTIVE"),
        S.FAILED: Word("HANGUP"),
        S.UNANSWERED: Word("HANGUP"),
        S.LEFT: Word("HANGUP"),
    },
    (
        "Parking, the mailbox and supervision are applications that the channel runs, not states of it.",
        'A recording is a "media bug", as it calls it, of the channel.',
        "Whether the caller hears a tone or media of the far end while it rings: RING_WAIT or EARLY.",
        "UNHELD says that a hold was just released; here that is CONNECTED like any other.",
        "A call that failed is hung up like any other.",
        "Its second hold is an error. Here it is a repeat, unless the strict rules are asked for.",
    ),
    ("EARLY", "UNHELD"),
)

MODELS = (CSTA, JTAPI, RFC_4235, ANDROID, FREESWITCH)
