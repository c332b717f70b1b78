"""What several commands are given: a call, the body of a request, who asks, and when.

One rule: whatever cannot be read is one line that names the argument. The clock is read here, and only if no time is
given; nothing is decided.
"""

import argparse
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from callstate.cli.terminal import CommandError, add_rules, quoted, read
from callstate.domain import SELF, DomainError, PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.voipnow.wire import Listed, decode_call

EXIT_CODES = "exit codes: 0 the action is accepted, 1 it is refused, 2 unable to tell."
FORMS = "CALL and ACTION are a file, - for standard input, or JSON that begins with {."


class Asked(NamedTuple):
    """A request for a call: the call, the body, when it comes, who asks, and by which rules it is judged."""

    call: PhoneCall
    body: bytes
    at: datetime
    extension: str
    rules: Rules


def add_call(command: argparse.ArgumentParser) -> None:
    """Let a command take a call."""
    command.add_argument("call", metavar="CALL", help="the call, as the service lists it, alone or in a list of one")


def add_request(command: argparse.ArgumentParser) -> None:
    """Let a command take a call and a request for it."""
    add_call(command)
    command.add_argument("action", metavar="ACTION", help="the body of the request")
    command.add_argument("--at", metavar="TIME", help="when the action comes, ISO 8601 with offset (default: now)")
    add_rules(command)
    command.add_argument(
        "--extension",
        metavar="N",
        default=SELF,
        help="the extension that asks; it can decide who is parked or transferred (default: %(default)s)",
    )


def read_request(arguments: argparse.Namespace) -> Asked:
    """Read what `add_request` lets a command take."""
    if arguments.call == arguments.action == "-":
        raise CommandError("CALL and ACTION cannot both be -, standard input is read once")
    at = _time(arguments.at)
    call = read_call(arguments.call, at=at, rules=arguments.rules)
    return Asked(call, read(arguments.action), at, arguments.extension, arguments.rules)


def read_call(argument: str, *, at: datetime | None = None, rules: Rules = LENIENT) -> PhoneCall:
    """Read a call, alone or in a list of one, as a service answers a request for one call."""
    call = decode_call(_alone(read(argument)), at=at, rules=rules)
    if isinstance(call, DomainError):
        raise unreadable("CALL", call)
    return call


def unreadable(name: str, error: DomainError) -> CommandError:
    """Say that an argument cannot be read, and why."""
    return CommandError(f"{name} cannot be read: {error.reason}")


def _alone(data: bytes) -> bytes:
    try:
        entry = msgspec.json.decode(data, type=Listed).entry
    except (ValueError, RecursionError):  # it is no list
        return data
    if len(entry) != 1:
        raise CommandError(f"CALL is a list of {len(entry)} calls, not of one")
    return bytes(entry[0])


def _time(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)  # the wire's dates are in whole seconds
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at must be an ISO 8601 time, not {quoted(text)}") from None
    offset = at.utcoffset()
    if offset is None:
        raise CommandError(f"--at has no offset from UTC: {text!r}; add one, as in {at.isoformat() + '+00:00'!r}")
    if offset.total_seconds() % 60:
        raise CommandError(f"--at has an offset with seconds: {text!r}; an offset is whole minutes")
    return at
