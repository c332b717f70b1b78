"""What has changed in a sandbox since somebody looked, which all are told who watch it live.

One rule: all that is kept of a watcher is up to where it has seen the changes. A slow one misses what lay between, and
is told how things are now; so it costs no memory, and delays nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from callstate.engine import Rules
from callstate.sandbox.call_histories import Histories, History
from callstate.sandbox.call_pictures import HistoryShown, history_shown, picture
from callstate.sandbox.event_deliveries import DeliveryEntry
from callstate.sandbox.journal import Entry
from callstate.voipnow.service import Directory, ExtensionKind, Subscription

if TYPE_CHECKING:
    from callstate.sandbox.phone_system import PhoneSystem

MOST_CALLS = 50
"""So many calls are in one update; the others follow in the next."""

MOST = 100
"""So many requests, deliveries and subscriptions are in one update; of more the last are shown."""


class Seen(NamedTuple):
    """How much somebody has seen.

    The changes of calls, the requests, the deliveries and the subscriptions, and what the clock is set to.
    """

    epoch: int = -1
    revision: int = 0
    request: int = 0
    delivery: int = 0
    subscriptions: tuple[Subscription, ...] = ()
    clock: tuple[datetime, float, bool] | None = None


class ExtensionShown(msgspec.Struct, frozen=True, kw_only=True):
    """An extension of the directory, and its owner."""

    number: str
    kind: ExtensionKind
    user: str
    name: str


class Update(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is new. One that has a `directory` begins: nothing that was shown before counts any more."""

    now: datetime
    frozen: bool
    next_due: datetime | None
    directory: tuple[ExtensionShown, ...] | None = None
    calls: tuple[msgspec.Raw, ...] = ()
    requests: tuple[Entry, ...] = ()
    deliveries: tuple[DeliveryEntry, ...] = ()
    subscriptions: tuple[Subscription, ...] | None = None


class Updates:
    """What a phone system tells those who watch it."""

    def __init__(self, system: "PhoneSystem", histories: Histories, rules: Rules) -> None:
        self._system = system
        self._histories = histories
        self._rules = msgspec.structs.replace(rules, numbering=system.directory.numbering)
        self._extensions = tuple(_extensions(system.directory))
        self._watchers: dict[Callable[[], None], None] = {}

    # Who watches ---------------------------------------------------------------------------------------------------

    @property
    def watched(self) -> int:
        """How many watch."""
        return len(self._watchers)

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function, from any thread, when something may have changed."""
        self._watchers[call] = None

    def leave(self, call: Callable[[], None]) -> None:
        """Do not call it any more."""
        del self._watchers[call]

    def tell(self) -> None:
        """Call all who watch."""
        for call in tuple(self._watchers):
            with suppress(RuntimeError):  # its event loop has ended
                call()

    # What they are told --------------------------------------------------------------------------------------------

    def since(self, seen: Seen) -> tuple[Update | None, Seen]:
        """Return what has changed, if anything has, and how much has been seen with it."""
        begins = seen.epoch != self._histories.epoch
        seen = Seen(epoch=self._histories.epoch) if begins else seen
        changed = tuple(islice(self._histories.after(seen.revision), MOST_CALLS))
        now_seen = self._seen_with(seen, changed)
        if now_seen == seen:
            return None, seen
        return self._update(seen, now_seen, changed, begins=begins), now_seen

    def history(self, call_id: str) -> HistoryShown:
        """Return what has happened to a call; a `ValueError` says that nothing is known of it."""
        history = self._histories.of(call_id)
        if history is None:
            raise ValueError(f"there is no call {call_id!r}, or it has been over for a while")
        return history_shown(history, self._system.directory, self._rules)

    def _seen_with(self, seen: Seen, changed: tuple[History, ...]) -> Seen:
        revision = changed[-1].revision if changed else seen.revision
        system = self._system
        return Seen(
            epoch=seen.epoch,
            revision=revision,
            request=system.journal.last,
            delivery=system.deliveries.revision,
            subscriptions=tuple(system.deliveries.subscriptions)[-MOST:],
            clock=system.clock.setting,
        )

    def _update(self, seen: Seen, now_seen: Seen, changed: tuple[History, ...], *, begins: bool) -> Update:
        system = self._system
        return Update(
            now=system.clock.now(),
            frozen=system.clock.frozen,
            next_due=system.world.next_due(),
            directory=self._extensions if begins else None,
            calls=tuple(msgspec.Raw(picture(history, system.directory, self._rules)) for history in changed),
            requests=system.journal.after(seen.request, MOST),
            deliveries=system.deliveries.after(seen.delivery, MOST),
            subscriptions=None if now_seen.subscriptions == seen.subscriptions else now_seen.subscriptions,
        )


def _extensions(directory: Directory) -> Iterator[ExtensionShown]:
    for extension in directory.extensions:
        name = directory.name_of(extension.user) or extension.user
        yield ExtensionShown(number=extension.number, kind=extension.kind, user=extension.user, name=name)
