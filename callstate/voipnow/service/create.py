"""New calls: the three ways in which users make them, charged to an extension of the kind that each needs.

One rule: whether the numbers make a call is judged by the core; this module finds the extension that pays, writes
short numbers in full, and asks the directory whether the phones that are rung first are of the payer's organization.
Its answer has `links`, which clients that create calls read, where the other answers have `link`; the vendor writes
both.

The parameter `video` is about media, and `number` and `pin` are about conferences, which are not modelled here; so they
are ignored.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from callstate import domain
from callstate.engine import create_call
from callstate.voipnow.service.directory import Account, Directory, Extension, ExtensionKind
from callstate.voipnow.service.query import read_flag
from callstate.voipnow.service.requests import Outcome, Response, Step
from callstate.voipnow.service.scope import RequestContext, foreign, organization, path, refusal, refused, user_of
from callstate.voipnow.wire import TEXT, TEXTS, Fields, decode, encode_call

OK = 200


class _Wanted(NamedTuple):
    """What the body of a create says."""

    extension: str
    source: tuple[str, ...]
    destination: tuple[str, ...]
    caller_id: str | None
    caller_destination: str | None
    nonce: str | None


class _Way(NamedTuple):
    """A way to make a call: the kind of extension that pays, what is created, and its own parameters."""

    pays: ExtensionKind
    command: type[domain.Create]
    parameters: Mapping[str, str]


_WAIT: Mapping[str, str] = {"waitForPickup": "wait_for_pickup"}
_WAIT_AND_DURATION: Mapping[str, str] = {**_WAIT, "callDuration": "call_duration"}

_WAYS: Mapping[str, _Way] = {
    "simple": _Way(ExtensionKind.PHONE_TERMINAL, domain.CreateSimple, _WAIT_AND_DURATION),
    "callback": _Way(ExtensionKind.CALLBACK, domain.CreateCallback, _WAIT_AND_DURATION),
    "conferenceInvite": _Way(ExtensionKind.CONFERENCE, domain.CreateConferenceInvite, _WAIT),
}


CREATES: Mapping[str, type[domain.Create]] = {kind: way.command for kind, way in _WAYS.items()}
"""The last word of the path of a create, and what it makes."""


def create(context: RequestContext) -> Outcome:
    """Answer with an array of the one new call."""
    asked = _asked(context)
    if isinstance(asked, domain.DomainError):
        return refused(asked)
    command, payer = asked
    step = Step(command, context.at, _new_call(context, command))
    call = step.result
    if isinstance(call, domain.DomainError):
        return refused(call, steps=(step,))
    fields = msgspec.json.decode(encode_call(call), type=dict[str, msgspec.Raw])
    link = path(context.request, payer.user, payer.number, call.id)
    body = msgspec.json.encode([{**fields, "links": {"self": link}}])
    return Outcome(Response(status=OK, body=body, version=call.version), (call,), (step,))


def _asked(context: RequestContext) -> tuple[domain.Create, Extension] | domain.DomainError:
    """Tell which call is to be made and who pays, or why that is not even tried."""
    request = context.request
    way = _WAYS.get(request.kind or "")
    if way is None:
        reason = f"a call is created by {', '.join(_WAYS)}, not by {domain.shown(request.kind)}"
        return refusal(domain.ErrorCode.ACTION_INVALID, domain.Check.ACTION, reason, "kind", request.kind)
    wanted = decode(request.body, "PhoneCall", _wanted)
    user = user_of(context, None if isinstance(wanted, domain.DomainError) else wanted.extension)
    if isinstance(user, domain.DomainError):
        return user
    if isinstance(wanted, domain.DomainError):
        return wanted
    payer = _payer(context, user, way.pays, wanted.extension)
    if isinstance(payer, domain.DomainError):
        return payer
    command = _command(context, way, wanted, payer)
    return command if isinstance(command, domain.DomainError) else (command, payer)


def _wanted(fields: Fields) -> _Wanted:
    views = fields.objects("phoneCallView")
    if len(views) != 1:
        raise fields.wrong("phoneCallView", "an array of one view")
    return _Wanted(
        extension=fields.get("extension", TEXT) or "",
        source=views[0].get("source", TEXTS) or (),
        destination=views[0].get("destination", TEXTS) or (),
        caller_id=views[0].get("callerId", TEXT),
        caller_destination=views[0].get("callerDestination", TEXT),
        nonce=fields.get("nonce", TEXT),
    )


# Who pays -------------------------------------------------------------------------------------------------------------


def _payer(context: RequestContext, user: Account, kind: ExtensionKind, named: str) -> Extension | domain.DomainError:
    """Find the extension that pays; `@self` is the only one of the user's that could, but not for a callback."""
    directory = context.directory
    if named == domain.SELF:
        found = None if kind is ExtensionKind.CALLBACK else _only_one(directory, user, kind)
    else:
        number = directory.full_number(named, organization(user))
        if number not in directory.numbers_of(user):
            return foreign(context, number)
        found = directory.extension(number)
    if found is not None and found.kind is kind:
        return found
    reason = f"extension must be a {kind} of the user, to which the call is charged, not {domain.shown(named)}"
    return refusal(domain.ErrorCode.EXTENSION_INVALID, domain.Check.EXTENSION, reason, "extension", named)


def _only_one(directory: Directory, user: Account, kind: ExtensionKind) -> Extension | None:
    able = [e for e in map(directory.extension, directory.numbers_of(user)) if e is not None and e.kind is kind]
    return able[0] if len(able) == 1 else None


# The call -------------------------------------------------------------------------------------------------------------


def _command(
    context: RequestContext, way: _Way, wanted: _Wanted, payer: Extension
) -> domain.Create | domain.DomainError:
    call_id = context.request.new_call_id
    if context.calls.by_id(call_id) is not None:
        reason = f"call {call_id} exists already"
        return refusal(domain.ErrorCode.PHONECALL_INVALID, domain.Check.CALL, reason, "phoneCallId", call_id)
    options = _options(context, way, wanted)
    if isinstance(options, domain.DomainError):
        return options
    directory = context.directory
    home = directory.organization_of(payer.number)
    return way.command(
        call_id=call_id,
        extension=payer.number,
        source=tuple(directory.full_number(number, home) for number in wanted.source),
        destination=tuple(directory.full_number(number, home) for number in wanted.destination),
        owner_id=home,
        owner_name=directory.name_of(home),
        caller_id=wanted.caller_id,
        nonce=wanted.nonce,
        **options,
    )


def _new_call(context: RequestContext, command: domain.Create) -> domain.PhoneCall | domain.DomainError:
    """Make the call; the directory is asked last, as for actions."""
    call = create_call(command, at=context.at, rules=context.rules)
    if isinstance(call, domain.DomainError):
        return call
    return _foreign_source(context.directory, command) or call


def _options(context: RequestContext, way: _Way, wanted: _Wanted) -> dict[str, Any] | domain.DomainError:
    """Read what only some ways to make a call know."""
    parameters = context.request.parameters
    options: dict[str, Any] = {
        field: parameters[name] for name, field in way.parameters.items() if parameters.get(name)
    }
    if way.command is not domain.CreateSimple:
        return options
    allow = read_flag(parameters, "allowPublicTransfer")
    if isinstance(allow, domain.DomainError):
        return allow
    return {**options, "allow_public_transfer": allow, "caller_destination": wanted.caller_destination}


def _foreign_source(directory: Directory, command: domain.Create) -> domain.DomainError | None:
    """Refuse to ring an extension of another organization first; destinations and outside numbers are anybody's."""
    for number in command.source:
        if directory.organization_of(number) not in (command.owner_id, None):
            reason = f"source {domain.shown(number)} belongs to another organization"
            return refusal(domain.ErrorCode.SOURCE_INVALID, domain.Check.CONTEXT, reason, "source", number)
    return None
