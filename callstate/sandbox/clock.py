"""A clock that runs as ours does and can be moved on.

One rule: it never goes back, whatever happens to the clock of the machine.
"""

import time
from datetime import UTC, datetime, timedelta

END = datetime(9000, 1, 1, tzinfo=UTC)


class Clock:
    """The time of a sandbox."""

    def __init__(self) -> None:
        self._zero = datetime.now(UTC)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """Tell the time."""
        return self._zero + timedelta(seconds=time.monotonic() - self._started)

    def move(self, by: timedelta) -> None:
        """Move the clock on. A `ValueError` refuses to move it back, or to where no dates are left for deadlines."""
        if by < timedelta(0):
            raise ValueError("the clock only moves on")
        if self.now() > END - by:
            raise ValueError(f"the clock moves no further than {END.isoformat()}")
        self._zero += by
