"""The oracle and the engine behind one face, so that the same examples and walks ask both.

One rule: an answer is compared by what `answer_of` takes from it. Which answer is right is not known here.
"""

from datetime import datetime
from typing import Any, Protocol

from msgspec.structs import replace

from callstate import LENIENT, STRICT, advance, allowed_actions, apply_action, create_call
from callstate.domain import (
    SIGNALS,
    Action,
    DomainError,
    ErrorCode,
    Numbering,
    Park,
    PhoneCall,
    Transfer,
    TransferToVoicemail,
    UnPark,
)
from tests.oracle.allowed import allowed
from tests.oracle.answers import Refusal
from tests.oracle.call import OracleCall
from tests.oracle.create import Create, create

ENGINE_IS_ASKED = True
"""Whether the engine is asked too. It is not before it has the numbering and the reasons of an end."""


class Subject(Protocol):
    """An implementation that holds one call."""

    call: PhoneCall

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None: ...

    def apply(self, action: Action, at: datetime) -> Refusal | None:
        """Take one input; `None` says that it was accepted."""

    def advance(self, at: datetime) -> None:
        """Let the time pass until `at`, that instant included."""

    def allowed(self, view_id: str) -> tuple[str, ...]:
        """Return the names of the actions that are allowed on a view."""

    @staticmethod
    def create(request: Create, at: datetime, numbering: Numbering | None = None) -> PhoneCall | Refusal:
        """Create a call, or refuse the request."""


class OracleSubject:
    """The second implementation. The very same object comes back when nothing has changed."""

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None:
        self.call = call
        self._oracle = OracleCall.from_value(call, strict=strict, numbering=numbering)

    def apply(self, action: Action, at: datetime) -> Refusal | None:
        refusal = self._oracle.apply(action, at)
        self._look()
        return refusal

    def advance(self, at: datetime) -> None:
        self._oracle.advance(at)
        self._look()

    def allowed(self, view_id: str) -> tuple[str, ...]:
        return allowed(self._oracle, view_id)

    @staticmethod
    def create(request: Create, at: datetime, numbering: Numbering | None = None) -> PhoneCall | Refusal:
        return create(request, at, numbering)

    def _look(self) -> None:
        found = self._oracle.snapshot()
        self.call = self.call if found == self.call else found


class EngineSubject:
    """The package itself."""

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None:
        self.call = call
        self._rules = rules_of(strict=strict, numbering=numbering)

    def apply(self, action: Action, at: datetime) -> Refusal | None:
        answer = apply_action(self.call, action, at=at, rules=self._rules)
        if isinstance(answer, DomainError):
            return _refusal(answer)
        self.call = answer
        return None

    def advance(self, at: datetime) -> None:
        self.call = advance(self.call, at=at)

    def allowed(self, view_id: str) -> tuple[str, ...]:
        return tuple(allowed_actions(self.call, view_id, rules=self._rules))

    @staticmethod
    def create(request: Create, at: datetime, numbering: Numbering | None = None) -> PhoneCall | Refusal:
        made: Any = create_call  # Any: until the rules can be given to it
        answer = made(request, at=at, rules=rules_of(strict=False, numbering=numbering))
        return _refusal(answer) if isinstance(answer, DomainError) else answer


SUBJECTS: dict[str, type[Subject]] = {"oracle": OracleSubject}
if ENGINE_IS_ASKED:
    SUBJECTS["engine"] = EngineSubject


def rules_of(*, strict: bool, numbering: Numbering | None) -> Any:  # Any: the rule set of the engine
    rules = STRICT if strict else LENIENT
    return rules if numbering is None else replace(rules, numbering=numbering)


def _refusal(error: DomainError) -> Refusal:
    return Refusal(error.code, error.parameter, error.value, error.view_id, error.state, error.allowed, error.check)


OF_A_PAIR = (Park, Transfer, TransferToVoicemail, UnPark)
SILENT = (ErrorCode.PHONECALL_INVALID, ErrorCode.CALL_ENDED, ErrorCode.EXTENSION_INVALID)
FOR_THE_STATE = (
    ErrorCode.WRONG_STATE,
    ErrorCode.RECORDING_IN_PROGRESS,
    ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED,
    ErrorCode.PARKING_FULL,
)


def answer_of(refusal: Refusal | None, action: Action | None) -> tuple[object, ...]:
    """Tell what of a refusal both implementations must say alike.

    Which field a state or a pair of parties is at fault with is a matter of words, and so are whether the role or the
    state of a pair or of what a signal reports is at fault, which of the two views of a pair stands in the way, which
    view a request is about that names none, and the id of a view that does not exist.
    """
    if refusal is None:
        return ()
    told: list[object] = [refusal.code]
    if refusal.code is not ErrorCode.WRONG_STATE or not isinstance(action, (*OF_A_PAIR, *SIGNALS)):
        told.append(refusal.check)
    if action is None or getattr(action, "view_id", None) is not None:
        told.append(tuple(sorted(refusal.allowed)))
    if refusal.code not in FOR_THE_STATE:
        told.append(refusal.parameter)
    if refusal.code in SILENT:
        told += (refusal.view_id, refusal.state)
    elif refusal.code is ErrorCode.PHONECALLVIEW_INVALID or not isinstance(action, OF_A_PAIR):
        told.append(refusal.state)
    return tuple(told)
