"""Let time pass over calls in memory: sleep until the next deadline of any of them, then let it happen.

One rule: code that stores a call wakes the alarm, because the deadline of that call may now be the next one.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from callstate import CreateSimple, PhoneCall, changes, create_call, steps, unwrap
from callstate.voipnow.stores import MemoryStore

LONGEST_SLEEP = 60.0
"""In seconds. If the system's clock is set during a sleep, deadlines are late by this much at most."""


class Alarm:
    """Advances each call of a store when it is due, and tells `listen` each step: how the call was and how it is."""

    def __init__(
        self, store: MemoryStore, *, clock: Callable[[], datetime], listen: Callable[[PhoneCall, PhoneCall], None]
    ) -> None:
        self._store = store
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
        while (due := self._store.next_deadline()) is not None and due[0] <= now:
            call = self._store.by_id(due[1])
            assert call is not None  # the store has just named it
            for after in steps(call, at=now):  # one deadline after the other, so that no event is lost
                self._store.put(after)
                self._listen(call, after)
                call = after

    def _seconds(self) -> float:
        due = self._store.next_deadline()
        return LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, (due[0] - self._clock()).total_seconds())


async def main() -> None:
    """Call somebody who does not answer for a second."""
    over = asyncio.Event()

    def listen(before: PhoneCall, after: PhoneCall) -> None:
        print(*(type(change).__name__ for change in changes(before, after)))
        if after.over:
            over.set()

    store = MemoryStore(lambda _number: None)
    alarm = Alarm(store, clock=lambda: datetime.now(UTC), listen=listen)
    running = asyncio.create_task(alarm.run())
    wanted = CreateSimple(
        call_id="c0ffee", extension="0003*210", source=("0003*210",), destination=("0003*024",), wait_for_pickup=1
    )
    store.put(unwrap(create_call(wanted, at=datetime.now(UTC))))
    alarm.wake()
    await over.wait()
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
