"""The command `callstate explore`: explore from every kind of call, tell how far it is, and show what was found.

One rule: it is the shell around `survey`, as `__main__` is around the other commands: it prints and looks at the clock.
Exit codes: 0 every invariant holds, 1 one does not.
"""

import argparse
import sys
import time
from typing import TextIO

from callstate.table import LENIENT, STRICT

HOLDS, BROKEN = 0, 1

SECONDS = 2
"""So often it is told how far a long exploration has come."""


def add_explore(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "explore",
        help="visit every call that can be reached, and hold the invariants against it",
        description="Visit every call that can be reached from every kind of call; print the figures as Markdown.",
        epilog="exit codes: 0 every invariant holds, 1 one does not: then the shortest way there is printed.",
    )
    command.add_argument("--views", type=int, default=4, help="live views of a call, at most (default: %(default)s)")
    command.add_argument("--strict", action="store_true", help="refuse an action whose goal already holds")
    command.set_defaults(run=_explore)


def _explore(arguments: argparse.Namespace) -> int:
    from callstate.survey import report, story, survey  # noqa: PLC0415  # only this command pays for it

    rules = STRICT if arguments.strict else LENIENT
    begin = time.monotonic()
    found = survey(rules=rules, max_views=arguments.views, progress=_Progress(begin))
    seconds = time.monotonic() - begin
    _write(sys.stdout, report(found) if found.broken is None else story(found.broken, rules))
    _write(
        sys.stderr, f"{seconds:.1f} s, {found.edges / seconds:.0f} edges and {found.tried / seconds:.0f} steps a second"
    )
    return HOLDS if found.broken is None else BROKEN


class _Progress:
    """Tells on standard error, every two seconds, how far it is."""

    def __init__(self, begin: float) -> None:
        self.told = begin

    def __call__(self, looked_at: int, found: int) -> None:
        now = time.monotonic()
        if now - self.told >= SECONDS:
            self.told = now
            _write(sys.stderr, f"{looked_at} of {found} calls")


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()
