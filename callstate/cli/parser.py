"""The command line: `callstate`, or `python -m callstate`.

One rule: it finds the command and says how that ended, by the exit code. Nothing that is read ends in a traceback.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from callstate.cli import allowed, apply, check, explain, explore, judge, serve, show, trace
from callstate.cli.terminal import UNABLE, CommandError, drop_output, hint

EXAMPLES = """\
examples:
  callstate apply call.json '{"action": "OffHold", "phoneCallViewId": "01"}'
  callstate explain call.json '{"action": "Park", "phoneCallViewId": "01"}'
  callstate allowed call.json
  callstate serve --answer-after 2
  callstate check trace.jsonl --strict
  callstate trace --from-har recording.har > trace.jsonl
  callstate judge https://pbx.example --token secret
  callstate explore --views 3
  callstate table --markdown
  callstate diagram > states.mmd

exit codes: 0 accepted, or all that was checked holds; 1 refused, or something does not hold; 2 unable to tell.
"callstate COMMAND --help" says more.
"""

# As a shell reports a program that the signal has ended.
INTERRUPTED, NO_READER = 128 + 2, 128 + 13


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except CommandError as error:
        hint(f"callstate: {error}")
        return UNABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        drop_output(sys.stdout)
        return NO_READER
    except OSError as error:
        drop_output(sys.stdout)
        hint(f"callstate: cannot write: {error.strerror}")
        return UNABLE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="callstate",
        description="A reference model of a phone system's call control.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"callstate {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (apply, explain, allowed, serve, check, trace, judge, explore, show):
        command.add(commands)
    return parser


def _version() -> str:
    try:
        return version("callstate")
    except PackageNotFoundError:  # run from a checkout
        return "(not installed)"
