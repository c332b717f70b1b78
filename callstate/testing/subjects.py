"""What can be judged: anything that keeps calls, takes inputs at given times, and shows a call as it is.

One rule: a subject is asked for what it did, never for how. This module knows nothing of what is right; `CoreSubject`
is the core itself in this form, both the reference and the shortest example of a subject.
"""

from datetime import UTC, datetime
from enum import Enum
from typing import Final, Protocol, TypeAlias

from callstate.domain import Action, Create, DomainError, PhoneCall, unwrap
from callstate.engine import LENIENT, Rules, advance, apply_action, create_call
from callstate.voipnow.wire import wire_code

START = datetime(2000, 1, 1, tzinfo=UTC)
"""When a trial starts. It lies in the past, where no clock is that runs by itself."""

Shown: TypeAlias = PhoneCall | bytes | None
"""A whole call, to be compared whole; or the JSON that lists it; or `None` if it is over and no longer listed."""


class Untold(Enum):
    """A subject gives this answer if nobody tells whether it has accepted an input; only what it shows is compared."""

    UNTOLD = "untold"


UNTOLD: Final = Untold.UNTOLD


class Unable(Exception):  # noqa: N818  # an answer, not an error
    """A subject raises this for an input that it cannot get: a signal to a service that takes none, a call as a value.

    The step is then left out on both sides; only the time before it passes.
    """


class NotJudgedError(Exception):
    """There was nothing to judge: the subject is able to do nothing, or is not a service of the PhoneCalls API."""


class UnreadableAnswerError(Exception):
    """A subject raises this for an answer that it cannot understand; the message tells which."""


class Subject(Protocol):
    """One implementation with calls of its own: made for one trial, and closed after it."""

    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        """Start a call: as a request creates it, or as it is. The call is known by its id from then on."""

    def apply(self, action: Action, *, at: datetime) -> str | Untold | None:
        """Take an action or a signal; return `None` if it is accepted, else the code of the refusal on the wire."""

    def advance(self, *, at: datetime) -> datetime:
        """Let time pass up to and including `at`, and tell what time it is: `at`, unless a clock of its own runs."""

    def look(self, call_id: str) -> Shown:
        """Show the call as it is."""

    def close(self) -> None:
        """Forget all calls; nothing is asked any more."""


class CoreSubject:
    """The core as a subject."""

    def __init__(self, *, rules: Rules = LENIENT) -> None:
        self.rules = rules
        self.calls: dict[str, PhoneCall] = {}

    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        """Start a call; a `CallStateError` is raised for a request that creates none."""
        call = new if isinstance(new, PhoneCall) else unwrap(create_call(new, at=at, rules=self.rules))
        self.calls[call.id] = call

    def apply(self, action: Action, *, at: datetime) -> str | None:
        """Store the call as it is after the input, or return the code of the refusal."""
        result = apply_action(self.calls.get(action.call_id), action, at=at, rules=self.rules)
        if isinstance(result, DomainError):
            return wire_code(result.code)
        self.calls[result.id] = result
        return None

    def advance(self, *, at: datetime) -> datetime:
        """Fire the deadlines of all calls."""
        self.calls = {call_id: advance(call, at=at) for call_id, call in self.calls.items()}
        return at

    def look(self, call_id: str) -> PhoneCall | None:
        """Show the whole call."""
        return self.calls.get(call_id)

    def close(self) -> None:
        """Forget all calls."""
        self.calls = {}
