"""Let time pass over calls in memory: sleep until the next deadline of any of them, then let it happen.

One rule: whoever stores a call wakes the alarm, for that call's deadline may now be the next one.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from callstate import CreateSimple, PhoneCall, advance, changes, create_call, unwrap
from callstate.voipnow.stores import Book

LONGEST_SLEEP = 60.0
"""In seconds. The system's clock may be set while we sleep; then we are late by this much at most."""


class Alarm:
    """Advances each call of a book when it is due, and tells `listen` how it was and how it is."""

    def __init__(
        self, book: Book, *, clock: Callable[[], datetime], listen: Callable[[PhoneCall, PhoneCall], None]
    ) -> None:
        self._book = book
        self._clock = clock
        self._listen = listen
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that a call was stored."""
        self._woken.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            self._woken.clear()
            self._ring()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds()):
                    await self._woken.wait()

    def _ring(self) -> None:
        now = self._clock()
        while (due := self._book.next_deadline()) is not None and due[0] <= now:
            before = self._book.by_id(due[1])
            assert before is not None  # the book has just named it
            after = advance(before, at=now)
            self._book.put(after)
            self._listen(before, after)

    def _seconds(self) -> float:
        due = self._book.next_deadline()
        return LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, (due[0] - self._clock()).total_seconds())


async def main() -> None:
    """Call somebody who does not answer for a second."""
    over = asyncio.Event()

    def listen(before: PhoneCall, after: PhoneCall) -> None:
        print(*(type(change).__name__ for change in changes(before, after)))
        if after.over:
            over.set()

    book = Book(lambda _number: None)
    alarm = Alarm(book, clock=lambda: datetime.now(UTC), listen=listen)
    running = asyncio.create_task(alarm.run())
    wanted = CreateSimple(
        call_id="c0ffee", extension="0003*210", source=("0003*210",), destination=("0003*024",), wait_for_pickup=1
    )
    book.put(unwrap(create_call(wanted, at=datetime.now(UTC))))
    alarm.wake()
    await over.wait()
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
