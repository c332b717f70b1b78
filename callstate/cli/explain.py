"""The command `callstate explain`: every check of a request, in order, and which one fails.

One rule: the answer is that of `callstate apply` for the same arguments; here it is told how it comes about.
"""

import argparse

from callstate.cli.inputs import EXIT_CODES, FORMS, add_request, read_request, unreadable
from callstate.cli.terminal import FAILED, PASSED, Commands, write
from callstate.domain import DomainError, ErrorCode
from callstate.voipnow.wire import explain_body

EXAMPLES = f"""\
examples:
  callstate explain call.json '{{"action": "Park", "phoneCallViewId": "01"}}'
  callstate explain call.json offhold.json --strict

{FORMS}
A check that passed is marked yes, the one that failed NO; a dash is before
those that were not made.
{EXIT_CODES}
"""


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "explain",
        help="show each check of an action, and which one refuses it",
        description="Show each check that is made of an action, in order, and how it ends.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_request(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    call, body, at, extension, rules = read_request(arguments)
    explanation = explain_body(call, body, call_id=call.id, extension=extension, at=at, rules=rules)
    answer = explanation.answer
    if isinstance(answer, DomainError) and answer.code is ErrorCode.BODY_INVALID:
        raise unreadable("ACTION", answer)
    write(str(explanation))
    return FAILED if isinstance(answer, DomainError) else PASSED
