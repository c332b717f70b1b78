"""The command `callstate apply`: one action on one call, and the call that follows or the refusal.

One rule: what is printed is JSON that a program can read; a sentence for people stands beside it.
"""

import argparse

import msgspec

from callstate.cli.inputs import EXIT_CODES, FORMS, add_request, read_request, unreadable
from callstate.cli.terminal import FAILED, PASSED, Commands, hint, write
from callstate.domain import DomainError, ErrorCode
from callstate.voipnow.wire import apply_body, encode_call, encode_error

EXAMPLES = f"""\
examples:
  callstate apply call.json '{{"action": "OffHold", "phoneCallViewId": "01"}}'
  callstate apply call.json offhold.json --at 2012-06-27T16:20:00+02:00
  curl -s https://pbx.example/c1 | callstate apply - offhold.json --strict

{FORMS}
A refusal is printed as the service answers it, and beside it the actions that
are allowed now on the view that the request names.
{EXIT_CODES}
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
    add_request(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    call, body, at, extension, rules = read_request(arguments)
    answer = apply_body(call, body, call_id=call.id, extension=extension, at=at, rules=rules)
    if isinstance(answer, DomainError):
        return _refused(answer)
    write(msgspec.json.format(encode_call(answer)).decode())
    return PASSED


def _refused(refusal: DomainError) -> int:
    if refusal.code is ErrorCode.BODY_INVALID:
        raise unreadable("ACTION", refusal)
    error = msgspec.json.decode(encode_error(refusal))["error"] | {"allowed": refusal.allowed}
    write(msgspec.json.format(msgspec.json.encode({"error": error})).decode())
    # Where no view stood in the way there is none to speak of.
    allowed = "" if refusal.state is None else f" Allowed now: {', '.join(refusal.allowed) or 'nothing'}."
    hint(f"{refusal.message}{allowed}")
    return FAILED
