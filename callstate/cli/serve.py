"""The command `callstate serve`: a sandbox on a socket, until somebody stops it.

One rule: it reads the files that the sandbox is started with, and opens the one that it writes; all else is for
`callstate.sandbox`.
"""

import argparse
import math
import os
import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from callstate.cli.terminal import PASSED, CommandError, Commands, add_rules, drop_output, open_new, quoted, read

if TYPE_CHECKING:
    from callstate.sandbox import Given, Settings

MOST_SECONDS = 86400

STANDARD_ERROR = 2


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "serve",
        help="serve a sandbox to try clients against",
        description="Serve a sandbox to try clients against, until Ctrl-C.",
    )
    place = command.add_argument_group("where it listens")
    place.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    place.add_argument("--port", type=int, default=8080, help="0 for a free one (default: %(default)s)")
    place.add_argument("--tls", action="store_true", help="serve https with a throw-away certificate")
    place.add_argument("--certfile", metavar="FILE", help="serve https with the certificate in this PEM file")
    place.add_argument("--keyfile", metavar="FILE", help="its private key (default: in the certfile)")
    place.add_argument(
        "--allow-host", metavar="NAME", action="append", default=[], help="a host name by which clients reach it"
    )
    held = command.add_argument_group("what it holds")
    held.add_argument("--directory", metavar="FILE", help="who is who, in TOML or JSON (default: a demo)")
    held.add_argument("--calls", metavar="FILE", help='calls as they are listed, {"entry": [...]} (default: a demo)')
    held.add_argument("--phones", metavar="FILE", help="what phones do, by number, in TOML or JSON")
    held.add_argument(
        "--answer-after", metavar="SECONDS", type=_seconds, help="when all others answer (default: never)"
    )
    held.add_argument("--store", metavar="URL", help="keep it in this database, shared with others that serve it")
    held.add_argument("--seed", metavar="N", type=int, help="make the same ids and tokens in each run")
    held.add_argument(
        "--token", metavar="ACCOUNT=TOKEN", type=_token, action="append", default=[], help="a token that is valid"
    )
    add_rules(held)
    told = command.add_argument_group("what it tells")
    told.add_argument(
        "--event-host", metavar="HOST", action="append", default=[], help="another machine that may get call events"
    )
    told.add_argument("--record", metavar="FILE", help="write a trace for `callstate check` (replaces the file)")
    told.add_argument("--verbose", action="store_true", help="show the bodies of requests and answers")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from callstate.sandbox import LineWriter, SetupError, serve  # noqa: PLC0415  # only this command opens a socket

    if arguments.record == "-":
        raise CommandError("--record takes a file; standard output has the address")
    if arguments.store is not None and (arguments.record is not None or arguments.seed is not None):
        raise CommandError("--store goes with neither --record nor --seed: other processes change the same calls")
    if arguments.keyfile is not None and arguments.certfile is None:
        raise CommandError("--keyfile needs --certfile")
    settings = _settings(arguments)
    log = LineWriter(STANDARD_ERROR if sys.stderr is not None else os.open(os.devnull, os.O_WRONLY))
    try:
        serve(settings, _say, log.write)
    except SetupError as error:
        raise CommandError(str(error)) from None
    finally:
        log.close()
    return PASSED


def _settings(arguments: argparse.Namespace) -> "Settings":
    from callstate.sandbox import CertificateFiles, Settings, Style  # noqa: PLC0415  # as above

    files = None if arguments.certfile is None else CertificateFiles(arguments.certfile, arguments.keyfile)
    return Settings(
        host=arguments.host,
        port=arguments.port,
        tls=files or arguments.tls,
        hosts=frozenset(name.lower() for name in arguments.allow_host),
        event_hosts=frozenset(host.lower() for host in arguments.event_host),
        directory=_given(arguments.directory),
        calls=_given(arguments.calls),
        phones=_given(arguments.phones),
        answer_after=arguments.answer_after,
        record=None if arguments.record is None else partial(open_new, arguments.record),
        rules=arguments.rules,
        seed=arguments.seed,
        tokens=dict(arguments.token),
        store=arguments.store,
        style=Style(colour=sys.stderr.isatty() and "NO_COLOR" not in os.environ, verbose=arguments.verbose),
    )


def _given(argument: str | None) -> "Given | None":
    from callstate.sandbox import Given  # noqa: PLC0415  # as above

    return None if argument is None else Given(quoted(argument), read(argument))


def _seconds(text: str) -> timedelta:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MOST_SECONDS:  # nor is NaN in the range
        raise argparse.ArgumentTypeError(f"seconds from 0 to {MOST_SECONDS}, not {quoted(text)}")
    return timedelta(seconds=seconds)


def _token(text: str) -> tuple[str, str]:
    account, _, token = text.partition("=")
    if not account or not token or not (token.isascii() and token.isprintable()) or " " in token:
        raise argparse.ArgumentTypeError(f"an account, = and a token without spaces, not {quoted(text)}")
    return token, account


def _say(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError:  # the service goes on when nobody reads its lines any more
        drop_output(sys.stdout)
