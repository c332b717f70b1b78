"""The command `callstate judge`: a service at a URL held against the reference.

One rule: it reads the options and files, tells how far it is and writes the reports; what is judged is for `testing`.
"""

import argparse
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from callstate.cli.judge_options import add_options
from callstate.cli.judge_page import as_html
from callstate.cli.judge_report import CONFORMS, NOT_JUDGED, Report, as_json, as_junit, as_text
from callstate.cli.terminal import FAILED, PASSED, UNABLE, CommandError, Commands, hint, quoted, write, write_file

EXAMPLES = """\
examples:
  callstate judge http://127.0.0.1:8080 --token secret
  callstate judge https://pbx.example --client-id 12 --client-secret s3cret --junit judge.xml
  callstate judge http://127.0.0.1:8080 --token secret --only OnHold,OffHold --starts "Alice and Bob talk"
  callstate judge http://127.0.0.1:8080 --token secret --scenarios --html judge.html

The user of the token owns the extensions 0003*210 to 0003*214, the conference
0003*500 and the callback 0003*600, and nobody else uses them meanwhile.
FILE of --known has one id a line, as the report prints them; # begins a comment.
exit codes: 0 the service conforms, 1 it differs, 2 it could not be judged.
"""


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "judge",
        help="compare a service with the reference, over HTTP",
        description="Send the same random inputs to a service and to the reference, and show where they differ.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    for name in _files(arguments):
        write_file(name, b"")  # what cannot be written is told before the work, not after it
    try:
        report = _judged(arguments)
    except ModuleNotFoundError as error:
        raise CommandError(f"judge needs {error.name}: pip install 'callstate[testing]'") from None
    for name, form in _files(arguments).items():
        write_file(name, form(report))
    if report.verdict == NOT_JUDGED:
        hint(f"callstate: {report.summary}")
        return UNABLE
    write(as_text(report))
    return PASSED if report.verdict == CONFORMS else FAILED


def _check(arguments: argparse.Namespace) -> None:
    """Raise an error for options that do not go together."""
    url = urlsplit(arguments.url)
    if url.scheme not in ("http", "https") or not url.netloc:
        raise CommandError(f"URL begins with http:// or https:// and a host, not {quoted(arguments.url)}")
    if (arguments.client_id is None) != (arguments.client_secret is None):
        raise CommandError("--client-id and --client-secret are given together")
    if (arguments.token is None) == (arguments.client_id is None):
        raise CommandError("either --token or --client-id and --client-secret tell which account asks")


def _files(arguments: argparse.Namespace) -> dict[str, Callable[[Report], bytes]]:
    named = ((arguments.junit, as_junit), (arguments.json, as_json), (arguments.html, as_html))
    return {name: form for name, form in named if name is not None}


def _judged(arguments: argparse.Namespace) -> Report:
    """Judge, and report what was found."""
    from callstate.cli.judging import Session  # noqa: PLC0415  # only this command pays for hypothesis and httpx
    from callstate.testing import NotJudgedError  # noqa: PLC0415  # likewise

    session = Session(arguments, _Progress())
    try:
        return session.report()
    except NotJudgedError as error:
        return Report(url=session.url, verdict=NOT_JUDGED, reason=str(error))
    finally:
        session.progress.clear()


class _Progress:
    """Tells on a terminal how far it is, in one line that is written over."""

    def __init__(self) -> None:
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def show(self, line: str) -> None:
        """Show the line in the place of the one before."""
        if self._shows:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave nothing."""
        self.show("")
