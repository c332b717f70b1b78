"""The command `callstate check`: recorded traces held against the reference.

One rule: it opens the traces, each when its turn comes, and reads the clock; what is found is for `checking`.
"""

import argparse
import time

from callstate.cli.terminal import FAILED, PASSED, CommandError, Commands, add_rules, hint, read_lines, write


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "check",
        help="check a recorded trace against the reference",
        description="Replay recorded traces and show where each call first diverges from the reference.",
        epilog="exit codes: 0 all calls conform, 1 some diverge, 2 a trace cannot be read or there is none.",
    )
    command.add_argument("traces", metavar="TRACE", nargs="+", help="a file of JSON lines, - for standard input")
    add_rules(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from callstate.conformance import UnreadableLineError, check  # noqa: PLC0415  # only this command replays

    if arguments.traces.count("-") > 1:
        raise CommandError("only one TRACE can be -, standard input is read once")
    traces = ((name, read_lines(name)) for name in arguments.traces)
    try:
        conforms = check(traces, say=write, hint=hint, clock=time.monotonic, rules=arguments.rules)
    except UnreadableLineError as error:
        raise CommandError(str(error)) from None
    return PASSED if conforms else FAILED
