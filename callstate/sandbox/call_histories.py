"""What has happened to each call of a sandbox, for people who watch: its values in order, and what was asked of it.

One rule: it is bounded. A call keeps its last events, and of the calls that are over only the last are kept. It works
nothing out before somebody asks, so that a sandbox that nobody watches is not slowed down.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from datetime import datetime

from callstate.domain import ENDED, ON_HOLD, PARKED, RINGING, PhoneCall, PhoneCallView
from callstate.voipnow.service import Step

MOST_EVENTS = 100
"""So many events of a call are kept."""

MOST_OVER = 50
"""So many calls that are over are kept."""


class Event:
    """What a call was, what it is then, and the inputs that did it; nothing changes by an input that is refused."""

    def __init__(self, before: PhoneCall | None, after: PhoneCall, *steps: Step) -> None:
        self.before: PhoneCall | None = before
        self.after: PhoneCall = after
        self.steps: list[Step] = [*steps]
        self.explained: int = -1 if before is None else before.version
        """Up to this version it is known which inputs made it."""

    def take(self, step: Step) -> bool:
        """Note an input, if it made a version of the call that no other one is known to have made."""
        version = step.result.version if isinstance(step.result, PhoneCall) else self.explained
        if not self.explained < version <= self.after.version:
            return False
        self.steps.append(step)
        self.explained = version
        return True


class History:
    """One call: how it is, since when each view has its state, and its last events."""

    def __init__(self, call: PhoneCall) -> None:
        self.call: PhoneCall = call
        self.revision: int = 0
        self.since: dict[str, datetime | None] = {view.id: _began(call, view) for view in call.views}
        self.events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self.shown: bytes | None = None
        """What the console shows of it, written once for all who watch."""

    def follow(self, before: PhoneCall | None, call: PhoneCall) -> None:
        """Note how the call is now."""
        self.events.append(Event(before, call))
        if before is not None:
            for view in call.views:
                known = self.call.view(view.id)
                if known is None or known.state is not view.state:
                    self.since[view.id] = call.updated
        self.call = call
        self.shown = None

    def explain(self, step: Step) -> None:
        """Note an input, beside what came of it if it changed the call."""
        if not self.events[-1].take(step):
            self.events.append(Event(self.call, self.call, step))


class Histories:
    """All calls that are followed, in the order of their last changes.

    Each change makes the next revision. After a new `epoch` there are other calls, and nothing before it counts.
    """

    def __init__(self) -> None:
        self.epoch: int = 0
        self.revision: int = 0
        self._kept: OrderedDict[str, History] = OrderedDict()
        self._over: deque[str] = deque()

    def forget(self) -> None:
        """Begin with no calls."""
        self.epoch += 1
        self._kept.clear()
        self._over.clear()

    def follow(self, before: PhoneCall | None, call: PhoneCall) -> None:
        """Note that a call is new, or has changed."""
        history = self._kept.get(call.id)
        if history is None or before is None:
            history = self._kept[call.id] = History(call)
        history.follow(before, call)
        self._kept.move_to_end(call.id)
        self.revision += 1
        history.revision = self.revision
        if call.over and call.id not in self._over:
            self._over.append(call.id)
            if len(self._over) > MOST_OVER:
                self._kept.pop(self._over.popleft())

    def came(self, call: PhoneCall) -> None:
        """Note that no input has made a call."""
        self._kept[call.id].events[-1].explained = call.version

    def explain(self, step: Step) -> None:
        """Note an input to a call; one that made no call, or is of a call that is not kept, is not noted."""
        history = self._kept.get(step.asked.call_id)
        if history is not None:
            history.explain(step)

    def of(self, call_id: str) -> History | None:
        """Return what has happened to a call."""
        return self._kept.get(call_id)

    def after(self, revision: int) -> Iterator[History]:
        """Yield the calls that have changed since a revision, in the order of their changes."""
        changed: list[History] = []
        for history in reversed(self._kept.values()):
            if history.revision <= revision:
                break
            changed.append(history)
        return reversed(changed)


def _began(call: PhoneCall, view: PhoneCallView) -> datetime | None:
    """Return since when a view that has just come in has its state, as far as its dates tell."""
    parked = None if view.parking is None else view.parking.since
    dates = {RINGING: view.ringing, ON_HOLD: view.on_hold, PARKED: parked, ENDED: view.ended}
    return dates.get(view.state) or view.answered or call.updated or call.published
