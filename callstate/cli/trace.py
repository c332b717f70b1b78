"""The command `callstate trace`: recordings of other programs turned into traces.

One rule: it opens the recording and writes the lines; what they are is for `callstate.recording`.
"""

import argparse

from callstate.cli.terminal import PASSED, CommandError, Commands, quoted, read, write


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "trace",
        help="turn the recording of a browser or a proxy into a trace",
        description="Write the PhoneCalls requests of a HAR file as a trace for `callstate check`.",
        epilog="exit codes: 0 the trace is written, 2 the file cannot be read or has no PhoneCalls request.",
    )
    command.add_argument("--from-har", metavar="FILE", required=True, help="a HAR file, - for standard input")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from callstate.recording import UnreadableHarError, trace_of_har  # noqa: PLC0415  # only this command needs it

    name = quoted(arguments.from_har)
    try:
        lines = list(trace_of_har(read(arguments.from_har)))
    except UnreadableHarError as error:
        raise CommandError(f"{name} is not a HAR file: {error}") from None
    if not lines:
        raise CommandError(f"{name} has no PhoneCalls request that a trace could show")
    write(b"".join(lines).decode(errors="replace").removesuffix("\n"))
    return PASSED
