"""The clock of a sandbox: it runs like the machine's clock, and can be frozen and moved forward.

One rule: it never goes back, whatever happens to the clock of the machine; only a reset of the sandbox starts it again.
"""

import time
from datetime import UTC, datetime, timedelta

END = datetime(9000, 1, 1, tzinfo=UTC)


class Clock:
    """The time of a sandbox."""

    def __init__(self) -> None:
        self._zero = datetime.now(UTC)
        self._started = time.monotonic()
        self._frozen = False

    @property
    def frozen(self) -> bool:
        """Whether time passes only when the clock is moved."""
        return self._frozen

    @property
    def setting(self) -> tuple[datetime, float, bool]:
        """What it is set to: this changes when it is moved, frozen, resumed or reset, and not while it runs."""
        return self._zero, self._started, self._frozen

    def now(self) -> datetime:
        """Return the time."""
        return self._zero if self._frozen else self._zero + timedelta(seconds=time.monotonic() - self._started)

    def move(self, by: timedelta) -> None:
        """Move the clock forward. A `ValueError` refuses to move it back, or so far that no later date exists."""
        if by < timedelta(0):
            raise ValueError("the clock cannot be moved back")
        if self.now() > END - by:
            raise ValueError(f"the clock cannot be moved beyond {END.isoformat()}")
        self._zero += by

    def freeze(self, frozen: bool) -> None:  # noqa: FBT001  # the state is what the method is about
        """Stop the clock, or let it run on from where it stands."""
        self._zero = self.now()
        self._started = time.monotonic()
        self._frozen = frozen

    def reset(self) -> None:
        """Show the machine's time again, running."""
        self.__init__()  # type: ignore[misc]  # the same start as that of a new clock
