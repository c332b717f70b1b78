"""The worker that sends call events: those of one URL one after the other, those of different URLs at the same time.

One rule: nobody waits for a subscriber but the events of its own URL, and those only while there is room. It runs in
the loop of the server, on events from any thread.
"""

import asyncio
from collections import deque

from callstate.sandbox.event_deliveries import Attempt, Deliveries
from callstate.sandbox.event_requests import Outcome, send

MOST_OF_ONE = 1000
"""So many events wait for one URL."""

MOST = 20_000
"""So many events wait in all."""

AT_A_TIME = 200
"""To so many URLs events are sent at the same time, so that the connections of clients still find room."""

_FULL = Outcome(failure="too many events wait to be sent")


class EventWorker:
    """Sends the events of deliveries for the length of a `with` statement, and then lets go of those on their way."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._loop = asyncio.get_running_loop()
        self._queues: dict[str, deque[Attempt]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0

    def __enter__(self) -> None:
        self._deliveries.worker = self

    def __exit__(self, *_: object) -> None:
        self._deliveries.worker = None
        for task in self._tasks:
            task.cancel()

    # From any thread -----------------------------------------------------------------------------------------------

    def take(self, attempt: Attempt) -> None:
        """Send an event in its turn."""
        self._loop.call_soon_threadsafe(self._queue, attempt)

    def clear(self) -> None:
        """Forget what waits; what is being sent still arrives."""
        self._loop.call_soon_threadsafe(self._forget)

    def wait(self) -> None:
        """Wait until all that was taken has been sent. The loop of the worker has to run in another thread."""
        asyncio.run_coroutine_threadsafe(self._idle(), self._loop).result()

    # In the loop ---------------------------------------------------------------------------------------------------

    def _queue(self, attempt: Attempt) -> None:
        url = attempt.delivery.subscription.url.partition("#")[0]
        if url not in self._queues:
            self._queues[url] = deque()
            task = self._loop.create_task(self._send_all(url))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if len(self._queues[url]) >= MOST_OF_ONE or self._waiting >= MOST:
            attempt.end(_FULL)
            return
        self._queues[url].append(attempt)
        self._waiting += 1

    async def _send_all(self, url: str) -> None:
        queue = self._queues[url]
        while queue:
            attempt = queue.popleft()
            self._waiting -= 1
            async with self._room:
                attempt.end(await send(attempt.delivery, self._deliveries.hosts))
        del self._queues[url]

    def _forget(self) -> None:
        for queue in self._queues.values():
            queue.clear()
        self._waiting = 0

    async def _idle(self) -> None:
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))
