"""The command `callstate allowed`: which actions would change a call now, on one of its views or on each.

One rule: it prints what the engine allows, and nothing is asked of the call.
"""

import argparse

from callstate.cli.inputs import add_call, read_call
from callstate.cli.terminal import PASSED, CommandError, Commands, hint, quoted, write
from callstate.domain import PhoneCall, PhoneCallView
from callstate.engine import allowed_actions

EXAMPLES = """\
examples:
  callstate allowed call.json
  callstate allowed call.json 01
  curl -s https://pbx.example/c1 | callstate allowed -

CALL is a file, - for standard input, or JSON that begins with {.
exit codes: 0 the call can be read, 2 it cannot, or it lists no such view.
"""


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "allowed",
        help="show the actions that are allowed now on a view of a call",
        description="Show the actions that are allowed now, for VIEW or for each listed view.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_call(command)
    command.add_argument("view", metavar="VIEW", nargs="?", help="the id of a view (default: each that is listed)")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    call = read_call(arguments.call)
    listed = [view for view in call.views if view.listed]
    if arguments.view is not None:
        _show_one(call, listed, arguments.view)
        return PASSED
    for view in listed:
        actions = ", ".join(allowed_actions(call, view.id)) or "nothing"
        write(f"view {view.id}, {view.extension or 'no number'}, {view.state}: {actions}")
    if not listed:
        hint("the call lists no view, so no action can name one")
    return PASSED


def _show_one(call: PhoneCall, listed: list[PhoneCallView], view_id: str) -> None:
    if all(view.id != view_id for view in listed):
        known = ", ".join(view.id for view in listed) or "none"
        raise CommandError(f"CALL lists no view {quoted(view_id)}; it lists {known}")
    for action in allowed_actions(call, view_id):
        write(action)
