"""The command `callstate check`: recorded traces held against the reference.

One rule: it opens the traces, each when its turn comes, reads the clock, prints, and writes the reports; what is found
is for `callstate.conformance`.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from callstate.cli.junit import Result, junit
from callstate.cli.terminal import (
    FAILED,
    PASSED,
    CommandError,
    Commands,
    add_rules,
    hint,
    read_lines,
    write,
    write_file,
)

if TYPE_CHECKING:
    from callstate.conformance import Found


def add(commands: Commands) -> None:
    """Add the command to those of a parser."""
    command = commands.add_parser(
        "check",
        help="check a recorded trace against the reference",
        description="Replay recorded traces and show where each call first diverges from the reference.",
        epilog="exit codes: 0 all calls conform, 1 some diverge, 2 a trace cannot be read or has no readable line.",
    )
    command.add_argument("traces", metavar="TRACE", nargs="+", help="a file of JSON lines, - for standard input")
    add_rules(command)
    command.add_argument(
        "--merge", action="store_true", help="merge the traces by time; else one is read after the other"
    )
    command.add_argument("--strict-input", action="store_true", help="end with 2 at a line that cannot be read")
    command.add_argument("--json", metavar="FILE", help="write the verdict as JSON")
    command.add_argument("--junit", metavar="FILE", help="write a JUnit report")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from callstate.conformance import check, merged, one_by_one, summary  # noqa: PLC0415  # only this command replays

    if arguments.traces.count("-") > 1:
        raise CommandError("only one TRACE can be -, standard input is read once")
    traces = [(name, read_lines(name)) for name in arguments.traces]
    findings = _Findings(strict=arguments.strict_input, keep=bool(arguments.json or arguments.junit))
    lines = merged(traces, hint) if arguments.merge else one_by_one(traces)
    tally = check(lines, found=findings.add, hint=hint, clock=time.monotonic, rules=arguments.rules)
    if tally["lines"] == tally["unreadable"]:
        raise CommandError("there is no readable line, so nothing was checked")
    for counted in summary(tally):
        write(counted)
    _report(arguments, tally, findings.kept)
    return PASSED if tally["divergences"] == 0 else FAILED


class _Findings:
    """Prints what is found, and keeps it if reports are wanted."""

    def __init__(self, *, strict: bool, keep: bool) -> None:
        self.kept: list[Found] = []
        self._strict = strict
        self._keep = keep

    def add(self, found: "Found") -> None:
        from callstate.conformance import Unreadable  # noqa: PLC0415  # as above

        if self._strict and isinstance(found.what, Unreadable):
            raise CommandError(str(found))
        if self._keep:
            self.kept.append(found)
        write(f"{found}\n")


# Reports --------------------------------------------------------------------------------------------------------------


def _report(arguments: argparse.Namespace, tally: Mapping[str, int], findings: "list[Found]") -> None:
    from callstate.conformance import Verdict  # noqa: PLC0415  # as above

    if arguments.json is not None:
        verdict = Verdict.of(tally, (found.what for found in findings))
        write_file(arguments.json, msgspec.json.format(msgspec.json.encode(verdict)) + b"\n")
    if arguments.junit is not None:
        write_file(arguments.junit, junit("callstate check", _results(arguments.traces, findings)))


def _results(names: Iterable[str], findings: "Iterable[Found]") -> Iterator[Result]:
    """Return a result for each finding, and one for each trace without any."""
    findings = tuple(findings)
    with_findings = {found.name for found in findings}
    for name in names:
        if name not in with_findings:
            yield Result(name, "all calls conform")
    for found in findings:
        yield _result(found)


def _result(found: "Found") -> Result:
    from callstate.conformance import Unreadable  # noqa: PLC0415  # as above

    first, *rest = str(found.what).splitlines()
    place = f"line {found.number}"
    if isinstance(found.what, Unreadable):
        return Result(found.name, place, "skipped", first)
    return Result(found.name, f"{place}: {first}", "failure", " ".join(rest[1:2]).strip(), str(found.what))
