"""What the commands share: how they are given things, where they print, and how they end.

One rule: whatever cannot be read or written is one line for a person, never a traceback. This module knows no command
and nothing of calls.
"""

import argparse
import codecs
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, TypeAlias

from callstate.engine import LENIENT, STRICT

PASSED, FAILED, UNABLE = 0, 1, 2
"""How a command ends: what was asked holds, it does not, or nothing can be said."""

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # it has no public name
"""What a command is added to."""

_JSON = ("{", "[")
"""How an argument begins that is JSON itself and no path."""

_SHOWN = 80
"""Characters of an argument in a message; a file's whole text, given for its name, would hide what is wrong."""


class CommandError(Exception):
    """The command cannot do its work; the message is the line to print."""


def add_rules(command: argparse._ActionsContainer) -> None:
    """Let a command take the rules by which calls are judged."""
    command.add_argument(
        "--strict",
        dest="rules",
        action="store_const",
        const=STRICT,
        default=LENIENT,
        help="refuse an action that asks for something that is already so",
    )


# Reading --------------------------------------------------------------------------------------------------------------


def read(argument: str) -> bytes:
    """Return the bytes that an argument stands for: itself, standard input or a file."""
    try:
        if argument.lstrip().startswith(_JSON):
            return os.fsencode(argument)  # undoes what Python did to bytes that were no text
        data = _standard_input().read() if argument == "-" else _path(argument).read_bytes()
        return data.removeprefix(codecs.BOM_UTF8)  # some editors write it
    except OSError as error:
        raise CommandError(f"cannot read {quoted(argument)}: {error.strerror}") from None
    except ValueError:  # nothing, a NUL in a path, half a surrogate pair in JSON
        raise CommandError(f"cannot read {quoted(argument)}: no path and no JSON") from None


def _path(argument: str) -> Path:
    if not argument:  # to Path it is the folder where we are
        raise ValueError("no path is empty")
    return Path(argument)


def read_lines(name: str) -> Iterator[bytes]:
    """Return the lines of a file or of standard input, one after the other."""
    try:
        if name == "-":
            yield from _standard_input()
            return
        with _path(name).open("rb") as file:
            yield from file
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot read {quoted(name)}: {_reason(error)}") from None


def quoted(argument: str) -> str:
    """Show an argument, or its beginning if it is long."""
    return repr(argument if len(argument) <= _SHOWN else f"{argument[:_SHOWN]}…")


def _reason(error: OSError | ValueError) -> str | None:
    return error.strerror if isinstance(error, OSError) else "no path"  # a NUL, or nothing


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


# Writing --------------------------------------------------------------------------------------------------------------


def write(text: str) -> None:
    """Write one or more lines of UTF-8, with any locale of the terminal, and notice immediately if nobody reads."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    # The name of a file may be no text.
    sys.stdout.buffer.write(f"{text}\n".encode(errors="backslashreplace"))
    sys.stdout.buffer.flush()


def hint(line: str) -> None:
    """Write a line beside the output: a reason, or how far it is."""
    print(line, file=sys.stderr)


def drop_output(stream: TextIO | None) -> None:
    """Send what could not be written nowhere; else Python tries again at its end, and fails with a traceback."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def open_new(name: str) -> BinaryIO:
    """Open a file to be written from its beginning, without a buffer."""
    try:
        return _path(name).open("wb", buffering=0)
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot write {quoted(name)}: {_reason(error)}") from None


def write_file(name: str, data: bytes) -> None:
    """Write a whole file, over what it was before."""
    try:
        _path(name).write_bytes(data)
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot write {quoted(name)}: {_reason(error)}") from None
