"""Call events that are sent by any of the processes, each by one of them.

One rule: an event is put into the outbox in the transaction of its change, and forgotten after it was sent.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from sqlalchemy import Engine, delete

from callstate.domain import PhoneCall
from callstate.sandbox.event_deliveries import DeliveryEntry, entry_of
from callstate.sandbox.event_requests import send
from callstate.sandbox.event_targets import may_be_sent
from callstate.sandbox.log import delivery_line
from callstate.voipnow.service import Delivery, Directory, deliveries, events
from callstate.voipnow.stores.sql import Entry, Outbox, SqlSubscriptions, metadata

CLAIM = timedelta(minutes=1)
"""How long the others leave an event to the process that sends it; a request takes some seconds at most."""

AT_A_TIME = 50
"""So many entries are sent at the same time by a process."""

PAUSE = 0.1
"""After so many seconds a process looks for events again."""


class SharedDeliveries:
    """The subscriptions, and the events that they are sent."""

    def __init__(self, engine: Engine, directory: Directory, hosts: frozenset[str], say: Callable[[str], None]) -> None:
        self._engine = engine
        self._directory = directory
        self._hosts = hosts
        self._say = say
        self.revision: int = 0
        self.changed: Callable[[], None] = lambda: None
        self.subscriptions: SqlSubscriptions = SqlSubscriptions(engine)
        self.may_call: Callable[[str], bool] = partial(may_be_sent, hosts=hosts)

    def publish(self, before: PhoneCall | None, after: PhoneCall) -> Iterable[Delivery]:
        """Return the requests that tell subscribers what happened between two values of a call."""
        found = events(before, after, directory=self._directory)
        return deliveries(found, self.subscriptions, may_call=self.may_call)

    def notice(self, before: PhoneCall | None, after: PhoneCall) -> None:
        """Do nothing: what happened is in the outbox already."""

    def reset(self) -> None:
        """Be as at the start: without subscriptions, and with nothing to send."""
        with self._engine.begin() as connection:
            for name in ("callstate_subscriptions", "callstate_outbox"):
                connection.execute(delete(metadata.tables[name]))

    def wait(self) -> None:
        """Do nothing: others may be sending."""

    def entries(self, wanted: Mapping[str, str]) -> tuple[DeliveryEntry, ...]:  # noqa: ARG002  # none has any text
        """Return no deliveries: the process that has sent one has only logged it."""
        return ()

    def after(self, revision: int, most: int) -> tuple[DeliveryEntry, ...]:  # noqa: ARG002  # none is new
        """Return no deliveries."""
        return ()

    def sender(self) -> "Sender":
        """Return what sends in the loop of a server."""
        return Sender(Outbox(self._engine), self._hosts, self._say)


class Sender:
    """Sends what is in the outbox for the length of a `with` statement."""

    def __init__(self, outbox: Outbox, hosts: frozenset[str], say: Callable[[str], None]) -> None:
        self._outbox = outbox
        self._hosts = hosts
        self._say = say
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> None:
        self._keep(asyncio.get_running_loop().create_task(self._run()))

    def __exit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        while True:
            room, now = AT_A_TIME - len(self._tasks) + 1, datetime.now(UTC)
            for entry in self._outbox.claim(now, until=now + CLAIM, limit=room) if room else ():
                self._keep(asyncio.create_task(self._send(entry)))
            await asyncio.sleep(PAUSE)

    async def _send(self, entry: Entry) -> None:
        for delivery in msgspec.json.decode(entry.body, type=list[Delivery]):
            outcome = await send(delivery, self._hosts)
            told = entry_of(entry.number, delivery, datetime.now(UTC))
            self._say(delivery_line(msgspec.structs.replace(told, status=outcome.status, failure=outcome.failure)))
        self._outbox.acknowledge([entry])
