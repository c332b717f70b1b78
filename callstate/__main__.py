"""The command line: `callstate`, or `python -m callstate`.

One rule: it is a thin shell. It reads files and the clock, hands values to the core and prints what comes back; it
decides nothing about calls. Exit codes: 0 accepted, 1 refused, 2 unreadable. Nothing that is read ends in a traceback.
"""

import argparse
import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from callstate.actions import SELF
from callstate.errors import DomainError, ErrorCode
from callstate.exploring import add_explore
from callstate.machine import apply_action
from callstate.model import PhoneCall
from callstate.rendering import table_as_markdown, table_as_text
from callstate.table import LENIENT, STRICT
from callstate.voipnow.wire import decode_action, decode_call, encode_call, encode_error

ACCEPTED, REFUSED, UNREADABLE = 0, 1, 2
# As a shell reports a program that the signal has ended.
INTERRUPTED, NO_READER = 128 + 2, 128 + 13

MOST_SECONDS = 86400
_SHOWN = 80
"""Characters of an argument in a message; a file's whole text, given for its name, would hide what is wrong."""

EXAMPLES = """\
examples:
  callstate apply call.json '{"action": "OffHold", "phoneCallViewId": "01"}'
  callstate apply call.json offhold.json --at 2012-06-27T16:20:00+02:00
  curl -s https://pbx.example/call.json | callstate apply - offhold.json --strict
  callstate check trace.jsonl --strict
  callstate table --markdown
  callstate diagram > states.mmd

CALL and ACTION are a file, - for standard input, or JSON that begins with {.
exit codes: 0 the action is accepted, 1 it is refused, 2 the input cannot be read.
"""


class _UnreadableError(Exception):
    """The input cannot be read; the message is the line to print."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except _UnreadableError as unreadable:
        print(f"callstate: {unreadable}", file=sys.stderr)
        return UNREADABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return NO_READER
    except OSError as error:
        _drop_output()
        print(f"callstate: cannot write: {error.strerror}", file=sys.stderr)
        return UNREADABLE
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
    _add_apply(commands)
    _add_serve(commands)
    _add_check(commands)
    add_explore(commands)
    table = commands.add_parser("table", help="show which input leads from which state where")
    table.add_argument("--markdown", action="store_true", help="as a Markdown table")
    table.set_defaults(run=_table)
    diagram = commands.add_parser("diagram", help="draw the states of a view, in Mermaid")
    diagram.set_defaults(run=_diagram)
    return parser


def _add_apply(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    apply = commands.add_parser(
        "apply",
        help="apply one action to one call",
        description="Apply one action to one call and print the call that follows, or the refusal.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    apply.add_argument("call", metavar="CALL", help="the call, as the service lists it")
    apply.add_argument("action", metavar="ACTION", help="the body of the request")
    apply.add_argument("--at", metavar="TIME", help="when the action comes, ISO 8601 with offset (default: now)")
    apply.add_argument("--strict", action="store_true", help="refuse an action whose goal already holds")
    apply.add_argument("--extension", metavar="N", default=SELF, help="who asks (default: %(default)s)")
    apply.set_defaults(run=_apply)


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser(
        "serve",
        help="serve a sandbox to try clients against",
        description="Serve a sandbox to try clients against, until Ctrl-C.",
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8080, help="0 for a free one (default: %(default)s)")
    serve.add_argument("--directory", metavar="FILE", help="who is who, in TOML or JSON (default: a demo)")
    serve.add_argument("--calls", metavar="FILE", help="the calls, as the service lists them (default: a demo)")
    serve.add_argument("--answer-after", metavar="SECONDS", type=_seconds, help="when phones answer (default: never)")
    serve.add_argument("--strict", action="store_true", help="refuse an action whose goal already holds")
    serve.set_defaults(run=_serve)


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="check a recorded trace against the reference",
        description="Replay recorded traces and show where each call first diverges from the reference.",
        epilog="exit codes: 0 all calls conform, 1 some diverge, 2 a trace cannot be read.",
    )
    check.add_argument("traces", metavar="TRACE", nargs="+", help="a file of JSON lines, - for standard input")
    check.add_argument("--strict", action="store_true", help="refuse an action whose goal already holds")
    check.set_defaults(run=_check)


def _version() -> str:
    try:
        return version("callstate")
    except PackageNotFoundError:  # run from a checkout
        return "(not installed)"


def _apply(arguments: argparse.Namespace) -> int:
    if arguments.call == arguments.action == "-":
        raise _UnreadableError("CALL and ACTION cannot both be -, standard input is read once")
    at = _instant(arguments.at)
    call = decode_call(_read(arguments.call))
    if isinstance(call, DomainError):
        _unreadable("CALL", call)
    action = decode_action(_read(arguments.action), call_id=call.id, extension=arguments.extension)
    if isinstance(action, DomainError):
        if action.code is ErrorCode.BODY_INVALID:
            _unreadable("ACTION", action)
        return _print_result(action)
    return _print_result(apply_action(call, action, at=at, rules=STRICT if arguments.strict else LENIENT))


def _print_result(result: PhoneCall | DomainError) -> int:
    if isinstance(result, PhoneCall):
        _print(msgspec.json.format(encode_call(result)))
        return ACCEPTED
    _print(msgspec.json.format(encode_error(result)))
    # Where no view stood in the way there is none to speak of.
    allowed = "" if result.state is None else f" Allowed now: {', '.join(result.allowed) or 'nothing'}."
    print(f"{result.message}{allowed}", file=sys.stderr)
    return REFUSED


def _serve(arguments: argparse.Namespace) -> int:
    from callstate.sandbox.serve import Settings, SetupError, serve  # noqa: PLC0415  # only this command opens a socket

    settings = Settings(
        host=arguments.host,
        port=arguments.port,
        directory=None if arguments.directory is None else _read(arguments.directory),
        calls=None if arguments.calls is None else _read(arguments.calls),
        answer_after=arguments.answer_after,
        rules=STRICT if arguments.strict else LENIENT,
    )
    try:
        serve(settings, _say)
    except SetupError as error:
        raise _UnreadableError(str(error)) from None
    return ACCEPTED


def _seconds(text: str) -> timedelta:
    seconds = float(text)
    if not 0 <= seconds <= MOST_SECONDS:  # neither is it for what is no number
        raise ValueError(text)
    return timedelta(seconds=seconds)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the service goes on when nobody reads its lines any more
        print(line, flush=True)


def _check(arguments: argparse.Namespace) -> int:
    from callstate.checking import check  # noqa: PLC0415  # only this command replays
    from callstate.trace import UnreadableLineError  # noqa: PLC0415  # likewise

    traces = ((name, _lines(name)) for name in arguments.traces)
    try:
        conforms = check(
            traces,
            say=lambda line: _print(line.encode()),
            hint=lambda line: print(line, file=sys.stderr),
            clock=time.monotonic,
            rules=STRICT if arguments.strict else LENIENT,
        )
    except UnreadableLineError as error:
        raise _UnreadableError(str(error)) from None
    return ACCEPTED if conforms else REFUSED


def _lines(name: str) -> Iterator[bytes]:
    try:
        if name == "-":
            yield from _standard_input()
            return
        with Path(name).open("rb") as file:
            yield from file
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        reason = error.strerror if isinstance(error, OSError) else "no path"
        raise _UnreadableError(f"cannot read {_quoted(name)}: {reason}") from None


def _table(arguments: argparse.Namespace) -> int:
    _print((table_as_markdown() if arguments.markdown else table_as_text()).encode())
    return ACCEPTED


def _diagram(_arguments: argparse.Namespace) -> int:
    from callstate.lifecycle import diagram  # noqa: PLC0415  # only this command pays for importing transitions

    _print(diagram().encode())
    return ACCEPTED


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)  # the wire's dates are in whole seconds
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _UnreadableError(f"--at is no ISO 8601 time: {_quoted(text)}") from None
    if at.utcoffset() is None:
        raise _UnreadableError(f"--at has no offset from UTC: {text!r}, not {at.isoformat() + '+00:00'!r}")
    return at


def _read(argument: str) -> bytes:
    """Return the bytes that an argument stands for: itself, standard input or a file."""
    try:
        if argument.lstrip().startswith("{"):
            return os.fsencode(argument)  # undoes what Python did to bytes that were no text
        return _standard_input().read() if argument == "-" else Path(argument).read_bytes()
    except OSError as error:
        raise _UnreadableError(f"cannot read {_quoted(argument)}: {error.strerror}") from None
    except ValueError:  # a NUL in a path, half a surrogate pair in JSON
        raise _UnreadableError(f"cannot read {_quoted(argument)}: no path and no JSON") from None


def _quoted(argument: str) -> str:
    return repr(argument if len(argument) <= _SHOWN else f"{argument[:_SHOWN]}…")


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


def _unreadable(name: str, error: DomainError) -> NoReturn:
    raise _UnreadableError(f"{name} cannot be read: {error.message}")


def _drop_output() -> None:
    """Send what could not be written nowhere; else Python tries again at its end, and fails with a traceback."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(text: bytes) -> None:
    """Write UTF-8, whatever the terminal's locale, and notice at once if nobody reads."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
