"""The command `callstate serve`: a sandbox on a socket, until somebody stops it.

One rule: it reads the files that the sandbox is started with, and opens the one that it writes; all else is for
`sandbox.serve`.
"""

import argparse
import math
import sys
from datetime import timedelta
from functools import partial
from typing import TextIO

from callstate.cli.terminal import PASSED, CommandError, Commands, add_rules, drop_output, open_new, quoted, read

MOST_SECONDS = 86400


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "serve",
        help="serve a sandbox to try clients against",
        description="Serve a sandbox to try clients against, until Ctrl-C.",
    )
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    command.add_argument("--port", type=int, default=8080, help="0 for a free one (default: %(default)s)")
    command.add_argument("--directory", metavar="FILE", help="who is who, in TOML or JSON (default: a demo)")
    command.add_argument("--calls", metavar="FILE", help='calls as they are listed, {"entry": [...]} (default: a demo)')
    command.add_argument("--answer-after", metavar="SECONDS", type=_seconds, help="when phones answer (default: never)")
    command.add_argument("--record", metavar="FILE", help="write a trace for `callstate check` (replaces the file)")
    add_rules(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from callstate.sandbox import Given, Settings, SetupError, serve  # noqa: PLC0415  # only this command opens a socket

    if arguments.record == "-":
        raise CommandError("--record takes a file; standard output has the address")

    def given(argument: str | None) -> Given | None:
        return None if argument is None else Given(quoted(argument), read(argument))

    settings = Settings(
        host=arguments.host,
        port=arguments.port,
        directory=given(arguments.directory),
        calls=given(arguments.calls),
        answer_after=arguments.answer_after,
        record=None if arguments.record is None else partial(open_new, arguments.record),
        rules=arguments.rules,
    )
    try:
        serve(settings, _say, _log)
    except SetupError as error:
        raise CommandError(str(error)) from None
    return PASSED


def _seconds(text: str) -> timedelta:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MOST_SECONDS:  # neither is it for what is no number
        raise argparse.ArgumentTypeError(f"seconds from 0 to {MOST_SECONDS}, not {quoted(text)}")
    return timedelta(seconds=seconds)


def _say(line: str) -> None:
    _print(line, sys.stdout)


def _log(line: str) -> None:
    # Not where the address is read: a program that reads no further would make the service wait for it.
    _print(line, sys.stderr)


def _print(line: str, stream: TextIO) -> None:
    try:
        print(line, file=stream, flush=True)
    except OSError:  # the service goes on when nobody reads its lines any more
        drop_output(stream)
