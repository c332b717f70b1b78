"""The scope of a request: the user in its path, the extensions that it may speak for, and what it may see.

One rule: a scope is only made for an account that may act for its user, so nothing asks for that a second time. This
module reads the path of a request and looks at calls, and changes none.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from msgspec.structs import replace

from callstate.domain import (
    CALL_ID,
    SELF,
    SUPERVISORS,
    Check,
    DomainError,
    ErrorCode,
    PhoneCall,
    PhoneCallView,
    Violation,
    shown,
)
from callstate.engine import Rules, ended_call, fire, no_call, not_a_party
from callstate.voipnow.service.directory import Account, AccountKind, Directory
from callstate.voipnow.service.parking_lots import Lots
from callstate.voipnow.service.requests import ME, OWNER, VIEWER, Calls, Changed, Outcome, Request, Response, Steps
from callstate.voipnow.wire import encode_error, http_status


class RequestContext(NamedTuple):
    """A request with all that it takes to answer it."""

    calls: Calls
    directory: Directory
    request: Request
    at: datetime
    rules: Rules
    lots: Lots


class Scope(NamedTuple):
    """The user for whom a request is made, and the extensions: the one it names, or for `@self` all of the user's."""

    user: Account
    numbers: frozenset[str]
    number: str | None = None

    def own(self, call: PhoneCall) -> tuple[str, ...]:
        """Return the scope's numbers that a call has to do with; who only pays comes in where no other one does."""
        parties = tuple(number for number in _parties(call) if number in self.numbers)
        return parties or ((call.extension,) if call.extension in self.numbers else ())

    def hangs_up(self, call: PhoneCall) -> tuple[str, ...]:
        """Return the extensions for which a call is hung up, one after the other: the payer is one of them."""
        if self.number is not None:
            return (self.number,)
        numbers = (call.extension, *self.own(call)) if call.extension in self.numbers else self.own(call)
        return tuple(dict.fromkeys(numbers)) or (self.asker(call),)

    def sees(self, call: PhoneCall) -> bool:
        """Tell whether a call is listed for the scope: it is not over, and one of the numbers has to do with it."""
        return not call.over and bool(self.own(call))

    def left(self, call: PhoneCall) -> str | None:
        """Return which of the scope's numbers left a call last; the core knows what it may ask for again."""
        gone = (view.extension for view in reversed(call.views) if not view.live)
        return next((number for number in gone if number in self.numbers), None)

    def asker(self, call: PhoneCall) -> str:
        """Return the extension that asks: the one that is named, the only one that takes part, or one that has left."""
        if self.number is not None:
            return self.number
        own = self.own(call)
        return own[0] if len(own) == 1 else (not own and self.left(call)) or SELF


def participants(call: PhoneCall) -> frozenset[str]:
    """Return the numbers that take part in a call: of live views, of those who parked a party, and the charged one.

    If the call is over, these are all numbers that took part in it.
    """
    return frozenset((*_parties(call), call.extension))


def _parties(call: PhoneCall) -> Iterator[str]:
    over = call.over
    numbers = [view.extension for view in call.views if view.live or over]
    numbers += [view.parking.by for view in call.views if view.parking is not None]
    yield from dict.fromkeys(numbers)


def organization(account: Account) -> str | None:
    """Return the organization of the short numbers that an account dials: its own, or itself."""
    return account.id if account.kind is AccountKind.ORGANIZATION else account.organization


# Refusals that need no action -----------------------------------------------------------------------------------------


def refusal(code: ErrorCode, check: Check, reason: str, parameter: str, value: str | None) -> DomainError:
    """Refuse a request for what its path or query says."""
    return DomainError(code=code, check=check, action="Request", reason=reason, parameter=parameter, value=value)


def refused(error: DomainError, changed: Changed = (), steps: Steps = ()) -> Outcome:
    """Answer with a refusal; calls with deadlines that fired have changed all the same."""
    return Outcome(Response(status=http_status(error.code), body=encode_error(error)), changed, steps)


def refuse_stranger(request: Request) -> DomainError:
    """Say that the call has to do with none of the request's extensions."""
    extension = request.extension or SELF
    return _refusal_of(not_a_party(extension), "extension", extension)


def refuse_unknown_call(request: Request) -> DomainError:
    """Say that there is no such call, or that the request names none."""
    return _refusal_of(no_call(request.call_id), "phoneCallId", request.call_id)


def refuse_ended_call(call: PhoneCall) -> DomainError:
    """Say that the call is over."""
    return _refusal_of(ended_call(call.id), "phoneCallId", call.id)


def _refusal_of(violation: Violation, parameter: str, value: str | None) -> DomainError:
    return refusal(violation.code, violation.check, violation.reason, parameter, value)


# Calls ----------------------------------------------------------------------------------------------------------------


def found(context: RequestContext) -> tuple[PhoneCall | None, Changed]:
    """Find the call that the request names, as it is now; and hand it back if a deadline fired."""
    call_id = context.request.call_id
    known = call_id is not None and CALL_ID.fullmatch(call_id) is not None
    stored = context.calls.by_id(call_id) if call_id is not None and known else None
    if stored is None:
        return None, ()
    call = fire(stored, context.at, inclusive=False)
    return call, () if call is stored else (call,)


def involved(context: RequestContext, scope: Scope) -> tuple[list[PhoneCall], Changed]:
    """Find the calls that have to do with the scope's extensions, as they are now, in the order of the store."""
    stored = context.calls.by_extensions(scope.numbers)
    calls = [(call, fire(call, context.at, inclusive=False)) for call in stored]
    changed = tuple(now for before, now in calls if now is not before)
    return [call for _, call in calls if scope.sees(call)], changed


def path(request: Request, *segments: str) -> str:
    """Write the address of a resource; the characters of numbers and reserved words stay as they are."""
    return "/".join((request.base, "phoneCalls", *(quote(segment, safe="@*+") for segment in segments)))


def link(context: RequestContext, scope: Scope, call: PhoneCall) -> str:
    """Write where a call can be read: by the user's extension that it has to do with, and its owner."""
    return link_by(context, scope.number or next(iter(scope.own(call)), None) or scope.left(call) or SELF, call)


def link_by(context: RequestContext, extension: str, call: PhoneCall) -> str:
    """Write where a call can be read by an extension that has to do with it."""
    owner = context.directory.owner(extension)
    return path(context.request, context.request.user if owner is None else owner.id, extension, call.id)


def by_publishing(call: PhoneCall) -> tuple[bool, datetime | None]:
    """Sort by the date of publishing; calls without one come first."""
    return call.published is not None, call.published


def visible(context: RequestContext, call: PhoneCall) -> PhoneCall:
    """Return the call without the supervising legs that the account may not see; the same object if it sees all."""
    views = tuple(view for view in call.views if _sees(context, view))
    return call if len(views) == len(call.views) else replace(call, views=views)


def _sees(context: RequestContext, view: PhoneCallView) -> bool:
    if view.role not in SUPERVISORS or not view.live:
        return True
    viewer = context.directory.account(context.request.viewer)
    return viewer is not None and context.directory.sees_supervision(viewer, view.extension)


# Who asks -------------------------------------------------------------------------------------------------------------


def scope_of(context: RequestContext, call: PhoneCall | None) -> Scope | DomainError:
    """Return the scope of a request about one call or about all calls, or why it is refused."""
    directory, request = context.directory, context.request
    named = None if request.extension in (None, SELF) else request.extension
    user = user_of(context, named if call is None else call.extension)
    if isinstance(user, DomainError):
        return user
    numbers = directory.numbers_of(user)
    if named is None:
        return Scope(user, numbers)
    number = directory.full_number(named, organization(user))
    if number in numbers:
        return Scope(user, frozenset({number}), number)
    return foreign(context, number)


def user_of(context: RequestContext, charged: str | None) -> Account | DomainError:
    """Return the user of the path, if the account that asks may act for it; `charged` tells who `@owner` is."""
    return acting_user(context.directory, context.request.viewer, context.request.user, charged)


def acting_user(directory: Directory, asks: str, word: str, owned: str | None) -> Account | DomainError:
    """Return the user that a word means, if the account that asks may act for it; `@owner` is the owner of `owned`."""
    viewer = directory.account(asks)
    if viewer is None:
        return _denied(word, "userId")
    user = _named_user(directory, word, viewer, owned)
    if user is None:
        reason = f"userId must be the id of a user, @me, @viewer or @owner, not {shown(word)}"
        return refusal(ErrorCode.USER_INVALID, Check.EXTENSION, reason, "userId", word)
    return user if directory.may(viewer, user) else _denied(word, "userId")


def _named_user(directory: Directory, word: str, viewer: Account, charged: str | None) -> Account | None:
    if word in (ME, VIEWER):
        return viewer
    if word != OWNER:
        return directory.user(word)
    return None if charged is None else directory.owner(directory.full_number(charged, organization(viewer)))


def foreign(context: RequestContext, number: str) -> DomainError:
    """Refuse an extension that is not the user's: somebody else's, or nobody's at all."""
    return not_owned(context.directory, context.request.viewer, number, "@self or an extension of the user")


def not_owned(directory: Directory, asks: str, number: str, needed: str) -> DomainError:
    """Refuse an extension that is not the user's, for the account that asks."""
    viewer, owner = directory.account(asks), directory.owner(number)
    if viewer is not None and owner is not None and not directory.may(viewer, owner):
        return _denied(number, "extension")
    reason = f"extension must be {needed}, not {shown(number)}"
    return refusal(ErrorCode.EXTENSION_INVALID, Check.EXTENSION, reason, "extension", number)


def _denied(value: str, parameter: str) -> DomainError:
    reason = f"the account may not act for {parameter} {shown(value)}"
    return refusal(ErrorCode.ACCESS_DENIED, Check.EXTENSION, reason, parameter, value)
