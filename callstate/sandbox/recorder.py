"""A trace of a sandbox: the calls that it starts with, and each input with what came of it, as it comes.

One rule: a trace that cannot be written any further ends, and that is said once; the sandbox goes on.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import BinaryIO

from callstate.conformance import record, record_start
from callstate.domain import PhoneCall
from callstate.voipnow.service import Step


class Recorder:
    """Writes a trace to a file, which is to be without a buffer: so each line is there before its answer is."""

    def __init__(self, file: BinaryIO, say: Callable[[str], None]) -> None:
        self._file = file
        self._say = say

    def begin(self, calls: Iterable[PhoneCall], at: datetime) -> None:
        """Write down the calls that are there at the start; an `OSError` tells that it cannot be done."""
        for call in calls:
            self._file.write(record_start(call, at=at))

    def record(self, step: Step) -> None:
        """Write down an input."""
        if self._file.closed:
            return
        try:
            self._file.write(record(step.asked, step.result, at=step.at))
        except OSError as error:
            self._file.close()
            self._say(f"The trace ends here: {error.strerror}.")
