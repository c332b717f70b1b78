"""The command `callstate explore`: explore from every kind of call, tell how far it is, and show what was found.

One rule: it prints and looks at the clock; what is explored, and what it says, is for `survey`.
"""

import argparse
import time

from callstate.cli.terminal import FAILED, PASSED, Commands, add_rules, hint, quoted, write

FEWEST, MOST = 2, 99
"""The views of a call of two parties, and more than anybody waits for."""

SECONDS = 2
"""So often it is told how far a long exploration has come."""


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "explore",
        help="visit every call that can be reached, and hold the invariants against it",
        description="Visit every call that can be reached from every kind of call; print the figures as Markdown.",
        epilog="exit codes: 0 every invariant holds, 1 one does not: then the shortest way there is printed.",
    )
    views = f"no input adds a view to a call of so many live ones; {FEWEST} or more (default: %(default)s)"
    command.add_argument("--views", metavar="N", type=_views, default=4, help=views)
    processes = "visit the calls in so many processes; the result is the same (default: %(default)s)"
    command.add_argument("--processes", metavar="N", type=_processes, default=1, help=processes)
    add_rules(command)
    command.set_defaults(run=_run)


def _views(text: str) -> int:
    return _number(text, FEWEST)


def _processes(text: str) -> int:
    return _number(text, 1)


def _number(text: str, fewest: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(f"{MOST}") else 0
    if not fewest <= number <= MOST:
        raise argparse.ArgumentTypeError(f"a whole number from {fewest} to {MOST}, not {quoted(text)}")
    return number


def _run(arguments: argparse.Namespace) -> int:
    from callstate.exploration import report, story, survey  # noqa: PLC0415  # only this command pays for it

    begin = time.monotonic()
    found = survey(
        rules=arguments.rules,
        max_views=arguments.views,
        progress=_Progress(begin),
        processes=arguments.processes,
    )
    seconds = time.monotonic() - begin
    write(report(found) if found.broken is None else story(found.broken, arguments.rules))
    hint(f"{seconds:.1f} s, {found.edges / seconds:.0f} edges and {found.tried / seconds:.0f} steps a second")
    return PASSED if found.broken is None else FAILED


class _Progress:
    """Tells on standard error, every two seconds, how far it is."""

    def __init__(self, begin: float) -> None:
        self.told = begin

    def __call__(self, looked_at: int, found: int) -> None:
        now = time.monotonic()
        if now - self.told >= SECONDS:
            self.told = now
            hint(f"{looked_at} of {found} calls")
