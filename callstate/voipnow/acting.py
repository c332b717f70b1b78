"""One action on one call, with what the core cannot know: the directory's numbers, and the places in the parking lot.

One rule: a call is changed by the core alone, and the directory is asked once the core has no objection, for it is the
last of the refusals that need to know more than the request. This module does not know how a request came.
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from callstate.actions import BargeIn, Monitor, Park, Request, TransferToVoicemail, Whisper
from callstate.errors import DomainError, ErrorCode, Objection
from callstate.machine import apply_action
from callstate.model import PARKING_POSITIONS, Parking, PhoneCall
from callstate.numbering import is_extension
from callstate.refusals import refuse
from callstate.voipnow.directory import Directory, ExtensionKind
from callstate.voipnow.exchange import Step
from callstate.voipnow.scope import Question, Scope, organization, participants

WITHIN = frozenset({BargeIn, Whisper, Monitor, TransferToVoicemail})
"""Actions that stay within an organization."""

NUMBERS = ("send_call_to", "transfer_from_number", "transfer_number", "phone_number")
"""The fields of actions that hold the number of a party, which may be a short one."""

NO_PHONE = Objection(ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be the number of a phone terminal", "send_call_to")
NOT_OURS = Objection(
    ErrorCode.SEND_CALL_TO_INVALID, "sendCallTo to be an extension of the same organization", "send_call_to"
)

Asked = TypeVar("Asked", bound=Request)


def act(question: Question, scope: Scope, call: PhoneCall, action: Request, done: Iterable[PhoneCall] = ()) -> Step:
    """Act on a call; `done` are calls that the same request has changed already."""
    home = _home(question.directory, scope, call, action.extension)
    asked = _with_full_numbers(question.directory, action, home)
    after = apply_action(call, asked, at=question.at, rules=question.rules)
    if isinstance(after, DomainError):
        return Step(asked, question.at, after)
    objection = _objection(question.directory, asked, home)
    if objection is not None:
        return Step(asked, question.at, refuse(call, asked, question.rules, objection))
    return _parked(question, call, asked, after, done) if isinstance(asked, Park) else Step(asked, question.at, after)


def is_colleague(question: Question, scope: Scope, call: PhoneCall) -> bool:
    """Tell whether who asks is of the organization of somebody in the call."""
    home = _home(question.directory, scope, call, scope.asker(call))
    return home is not None and home in map(question.directory.organization_of, participants(call))


def _home(directory: Directory, scope: Scope, call: PhoneCall, asker: str) -> str | None:
    """Return the organization for which is asked: the asker's, or for an administrator that of who pays."""
    return directory.organization_of(asker) or organization(scope.user) or directory.organization_of(call.extension)


def _with_full_numbers(directory: Directory, action: Asked, home: str | None) -> Asked:
    given = {name: getattr(action, name, None) for name in NUMBERS}
    full = {name: directory.full_number(number, home) for name, number in given.items() if number is not None}
    return replace(action, **full)


def _objection(directory: Directory, action: Request, home: str | None) -> Objection | None:
    number = getattr(action, "send_call_to", None)
    if number is None or not is_extension(number):
        return None
    extension = directory.extension(number)
    if extension is None or extension.kind is not ExtensionKind.PHONE_TERMINAL:
        return NO_PHONE
    return NOT_OURS if type(action) in WITHIN and directory.organization_of(number) != home else None


# The parking lot ------------------------------------------------------------------------------------------------------


def _parked(question: Question, call: PhoneCall, action: Park, trial: PhoneCall, done: Iterable[PhoneCall]) -> Step:
    """Park at the first free place of the parker's organization; who parks is known once it was tried."""
    stay = _new_stay(call, trial)
    if stay is None:  # a repeat
        return Step(action, question.at, trial)
    taken = _taken(question, question.directory.organization_of(stay.by), done)
    free = next((position for position in PARKING_POSITIONS if position not in taken), None)
    placed = replace(action, position=free)
    return Step(placed, question.at, apply_action(call, placed, at=question.at, rules=question.rules))


def _new_stay(before: PhoneCall, after: PhoneCall) -> Parking | None:
    pairs = zip(before.views, after.views, strict=True)  # parking brings nobody in
    return next((new.parking for old, new in pairs if old.parking is None and new.parking is not None), None)


def _taken(question: Question, home: str | None, done: Iterable[PhoneCall]) -> set[int]:
    lots = (view.parking for call in done for view in call.views)
    by_us = (lot for lot in lots if lot is not None and question.directory.organization_of(lot.by) == home)
    return {*question.calls.taken_positions(home), *(lot.position for lot in by_us)}
