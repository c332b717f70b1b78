"""Lines written by a thread of their own, so that a reader that does not read never stops the server.

One rule: the log is bounded. Lines that do not fit in are counted, and the count is written when there is room again.
"""

import os
import threading
import time
from collections import deque

MOST = 10_000
"""So many lines wait to be written."""

PAUSE_SECONDS = 0.02
"""How long lines are gathered before they are written together: to wake a thread for each costs more than the line."""

LAST_SECONDS = 1
"""How long the end of the program waits for the last lines."""


class LineWriter:
    """Writes lines to a file descriptor. Where nobody reads any more, it writes nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: deque[str] = deque()
        self.lost: int = 0
        self._wanted = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Write a line soon."""
        if len(self._lines) >= MOST:
            self.lost += 1
            return
        if self.lost:
            self._lines.append(f"({self.lost} lines were lost because nobody read them)")
            self.lost = 0
        self._lines.append(line)
        if not self._wanted.is_set():
            self._wanted.set()

    def close(self) -> None:
        """Write what is left, if somebody reads it."""
        self._closed = True
        self._wanted.set()
        self._thread.join(LAST_SECONDS)

    def _run(self) -> None:
        while not self._closed:
            self._wanted.wait()
            time.sleep(PAUSE_SECONDS)
            self._wanted.clear()
            self._flush()
        self._flush()  # what was written between the last look and the end

    def _flush(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        data = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:  # nobody reads any more
            self._lines = deque(maxlen=0)
