"""Lines written by a thread of their own, so that a reader that does not read never stops the server.

One rule: the log is bounded. Lines that do not fit in are counted, and the count is written when there is room again.
"""

import os
import queue
import threading

MOST = 10_000
"""So many lines wait to be written."""

LAST_SECONDS = 1
"""How long the end of the program waits for the last lines."""


class LineWriter:
    """Writes lines to a file descriptor. Where nobody reads any more, it writes nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: queue.Queue[str | None] = queue.Queue(MOST)
        self._lost = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Write a line soon."""
        try:
            if self._lost:
                self._lines.put_nowait(f"({self._lost} lines were lost because nobody read them)")
                self._lost = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Write what is left, if somebody reads it."""
        try:
            self._lines.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(LAST_SECONDS)

    def _run(self) -> None:
        lines = iter(self._next_lines, [])
        try:
            for some in lines:
                _write(self._descriptor, "".join(f"{line}\n" for line in some).encode(errors="backslashreplace"))
        except OSError:  # nobody reads any more
            while self._lines.get() is not None:
                pass

    def _next_lines(self) -> list[str]:
        """Wait for a line, and take all that are there with it; none after the last."""
        some = [self._lines.get()]
        while not self._lines.empty():
            some.append(self._lines.get())
        if some[-1] is None and len(some) > 1:
            self._lines.put(None)
        return [line for line in some if line is not None]


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
