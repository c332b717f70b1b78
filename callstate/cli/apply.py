"""The command `callstate apply`: one action on one call, and the call that follows or the refusal.

One rule: the instant is given, or it is now; all else is for the engine.
"""

import argparse
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from callstate.cli.terminal import FAILED, PASSED, CommandError, Commands, add_rules, hint, quoted, read, write
from callstate.domain import SELF, DomainError, ErrorCode, PhoneCall
from callstate.engine import apply_action
from callstate.voipnow.wire import Listed, decode_action, decode_call, encode_call, encode_error

EXAMPLES = """\
examples:
  callstate apply call.json '{"action": "OffHold", "phoneCallViewId": "01"}'
  callstate apply call.json offhold.json --at 2012-06-27T16:20:00+02:00
  curl -s https://pbx.example/call.json | callstate apply - offhold.json --strict

CALL and ACTION are a file, - for standard input, or JSON that begins with {.
exit codes: 0 the action is accepted, 1 it is refused, 2 the input cannot be read.
"""


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "apply",
        help="apply one action to one call",
        description="Apply one action to one call and print the call that follows, or the refusal.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("call", metavar="CALL", help="the call, as the service lists it, alone or in a list of one")
    command.add_argument("action", metavar="ACTION", help="the body of the request")
    command.add_argument("--at", metavar="TIME", help="when the action comes, ISO 8601 with offset (default: now)")
    add_rules(command)
    command.add_argument(
        "--extension",
        metavar="N",
        default=SELF,
        help="who asks; a Park or a Transfer may turn on it (default: %(default)s)",
    )
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.call == arguments.action == "-":
        raise CommandError("CALL and ACTION cannot both be -, standard input is read once")
    at = _instant(arguments.at)
    call = decode_call(_alone(read(arguments.call)))
    if isinstance(call, DomainError):
        _unreadable("CALL", call)
    action = decode_action(read(arguments.action), call_id=call.id, extension=arguments.extension)
    if isinstance(action, DomainError):
        if action.code is ErrorCode.BODY_INVALID:
            _unreadable("ACTION", action)
        return _show(action)
    return _show(apply_action(call, action, at=at, rules=arguments.rules))


def _alone(data: bytes) -> bytes:
    """Take the call out of a list of one, as which a service answers who asks for a call."""
    try:
        entry = msgspec.json.decode(data, type=Listed).entry
    except (ValueError, RecursionError):  # it is no list
        return data
    if len(entry) != 1:
        raise CommandError(f"CALL is a list of {len(entry)} calls, not of one")
    return bytes(entry[0])


def _show(result: PhoneCall | DomainError) -> int:
    if isinstance(result, PhoneCall):
        write(msgspec.json.format(encode_call(result)).decode())
        return PASSED
    write(msgspec.json.format(encode_error(result)).decode())
    # Where no view stood in the way there is none to speak of.
    allowed = "" if result.state is None else f" Allowed now: {', '.join(result.allowed) or 'nothing'}."
    hint(f"{result.message}{allowed}")
    return FAILED


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)  # the wire's dates are in whole seconds
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at is no ISO 8601 time: {quoted(text)}") from None
    if at.utcoffset() is None:
        raise CommandError(f"--at has no offset from UTC: {text!r}; add one, as in {at.isoformat() + '+00:00'!r}")
    return at


def _unreadable(name: str, error: DomainError) -> NoReturn:
    raise CommandError(f"{name} cannot be read: {error.message}")
