"""The options of `callstate judge`, and what they stand for.

One rule: a name that is not known is an error that lists those that are.
"""

import argparse
from collections.abc import Collection

from callstate.cli.terminal import CommandError, add_rules, quoted, read
from callstate.domain import ACTIONS, SIGNALS

EXAMPLES, DIFFERENCES = 100, 10
"""Trials, and the differences after which there are no more trials."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Let the command take a URL and its options."""
    command.add_argument("url", metavar="URL", help="the address of the service, without /uapi")
    asker = command.add_argument_group("the account that asks")
    asker.add_argument("--token", metavar="TOKEN", help="an access token")
    asker.add_argument("--client-id", metavar="ID", help="get tokens for this application, also when one expires")
    asker.add_argument("--client-secret", metavar="SECRET", help="its secret")
    judged = command.add_argument_group("what is judged")
    some = judged.add_mutually_exclusive_group()
    some.add_argument("--only", metavar="NAMES", help="only these actions and signals, such as OnHold,OffHold")
    some.add_argument("--except", metavar="NAMES", dest="but", help="all but these actions and signals")
    judged.add_argument(
        "--starts", metavar="TEXT", action="append", help="only calls that start in a way with this in its name"
    )
    judged.add_argument("--known", metavar="FILE", help="the ids of differences that are accepted")
    judged.add_argument("--scenarios", action="store_true", help="do the scenarios of the documentation too")
    add_rules(judged)
    length = command.add_argument_group("how long")
    length.add_argument("--examples", metavar="N", type=_count, default=EXAMPLES, help="trials (default: %(default)s)")
    length.add_argument("--seed", metavar="N", type=int, help="do the trials of the run that had this seed")
    length.add_argument("--time-budget", metavar="SECONDS", type=_count, help="begin nothing after so long")
    told = command.add_argument_group("what is written, beside the report on standard output")
    for form in ("junit", "json", "html"):
        told.add_argument(f"--{form}", metavar="FILE", help=f"the report as {form.upper().replace('JUNIT', 'JUnit')}")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"a whole number, not {quoted(text)}")
    return int(text)


def kinds(arguments: argparse.Namespace) -> "Collection[type[object]] | None":
    """Return the classes of the actions and signals that are judged; `None` for all."""
    named = {kind.__name__: kind for kind in (*ACTIONS, *SIGNALS)}
    given = arguments.only or arguments.but
    if given is None:
        return None
    names = [name.strip() for name in given.split(",")]
    unknown = [name for name in names if name not in named]
    if unknown:
        raise CommandError(f"there is no action or signal {quoted(unknown[0])}; there are {', '.join(named)}")
    return [kind for name, kind in named.items() if (name in names) == (arguments.only is not None)]


def named_starts(arguments: argparse.Namespace, starts: Collection[str]) -> Collection[str] | None:
    """Return the starts that the options name; `None` for all."""
    if arguments.starts is None:
        return None
    texts = [text.lower() for text in arguments.starts]
    missing = [text for text in texts if not any(text in start.lower() for start in starts)]
    if missing:
        raise CommandError(f"no start has {quoted(missing[0])} in its name; there are: {'; '.join(starts)}")
    return [start for start in starts if any(text in start.lower() for text in texts)]


def known(arguments: argparse.Namespace) -> frozenset[str]:
    """Read the ids of known differences."""
    if arguments.known is None:
        return frozenset()
    lines = read(arguments.known).decode(errors="replace").splitlines()
    ids = (line.partition("#")[0].strip() for line in lines)
    return frozenset(found for found in ids if found)
