"""A trace of a sandbox: the calls that it starts with, and each input with its result, as it comes.

One rule: a line is written whole or not at all. A trace that cannot be written any further ends, and that is said once;
the sandbox goes on.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

from callstate.conformance import record, record_start
from callstate.domain import Numbering, PhoneCall
from callstate.voipnow.service import Step


class Recorder:
    """Writes a trace to a file without a buffer, so that each line is there before its answer is sent.

    Its lines are numbered from 1, and say which numbers are extensions where that is not seen from how they look.
    """

    def __init__(self, file: BinaryIO, numbering: Numbering) -> None:
        self._file = file
        self._numbering = numbering
        self._written = 0
        self._say: Callable[[str], None] | None = None

    def go_on(self, say: Callable[[str], None]) -> None:
        """Say it once from now on when the trace cannot be written; until now an `OSError` is raised instead."""
        self._say = say

    def start(self, call: PhoneCall, at: datetime) -> None:
        """Write down a call that no request has made."""
        self._write(record_start(call, at=at, seq=self._next()))

    def record(self, step: Step) -> None:
        """Write down an input."""
        self._write(record(step.asked, step.result, at=step.at, seq=self._next(), numbering=self._numbering))

    def _next(self) -> int:
        self._written += 1
        return self._written

    def _write(self, line: bytes) -> None:
        if self._file.closed:
            return
        begin = self._file.tell()
        try:
            left = memoryview(line)
            while left:
                left = left[self._file.write(left) :]  # a full disk takes a part first, and refuses the rest
        except OSError as error:
            if self._say is None:
                raise
            with suppress(OSError):  # a device has no length
                self._file.truncate(begin)
            self._file.close()
            self._say(f"The trace ends here: {error.strerror}.")
