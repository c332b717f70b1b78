"""Every step that changes a call, of many: what the facts about fields are tested on.

One rule: the steps are the same each time. They are all those of the exploration of small calls, and those of walks
from every start, whose inputs are drawn with a fixed seed. Nothing is said here about what a step does.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from random import Random
from typing import Any, NamedTuple

from callstate import (
    Action,
    DomainError,
    PhoneCall,
    PhoneCallView,
    Rang,
    advance,
    apply_action,
    create_call,
    next_deadline,
)
from callstate.domain import TRYING, Create
from callstate.exploration.abstraction import inputs
from tests import reached
from tests.calls import STARTS, STEPS, Walk, at, callback, changed, done, on, ringing
from tests.reference.new_call_requests import KINDS, request

RINGING_ENDS, PARKING_ENDS, CALL_ENDS = "ringing limit", "parking limit", "call limit"
DEADLINES = (RINGING_ENDS, PARKING_ENDS, CALL_ENDS)
CREATE = "create"

WALKS, LENGTH = 60, 40


MORE_STARTS: tuple[Callable[[], PhoneCall], ...] = (
    lambda: changed(ringing(), "00", state=TRYING),
    lambda: done(callback(), on(Rang, "02")),
)
"""A caller that still dials, and a destination that was reached before its source: both can be sent on."""


class Observed(NamedTuple):
    """A step that changed a call: what caused it, by name, and the input, if there was one.

    `before` is `None` for a call that was created.
    """

    cause: str
    input: Action | Create | None
    before: PhoneCall | None
    after: PhoneCall
    at: datetime

    @property
    def pairs(self) -> Iterator[tuple[PhoneCallView | None, PhoneCallView]]:
        """Each view of the call afterwards, with what it was before."""
        for view in self.after.views:
            yield (None if self.before is None else self.before.view(view.id)), view


@cache
def observed() -> tuple[Observed, ...]:
    """Return all steps."""
    return tuple({step: None for steps in (_created(), _small(), walked()) for step in steps})


def _created() -> Iterator[Observed]:
    for kind in KINDS.values():
        for fields in ({}, {"call_duration": 60} if "call_duration" in kind.__struct_fields__ else {"nonce": "n"}):
            asked = request(kind, **fields)
            call = create_call(asked, at=at(0))
            assert isinstance(call, PhoneCall)
            yield Observed(CREATE, asked, None, call, at(0))


def _small() -> Iterator[Observed]:
    for call in reached.small().calls[::3]:
        now = call.updated or at(0)
        yield from expired(call)
        for action in inputs(call, full=False):
            yield from _applied(call, action, now)


def walked(seed: int = 0, walks: int = WALKS) -> Iterator[Observed]:
    """Yield the steps of walks from every start; each seed has walks of its own."""
    random = Random(seed)  # noqa: S311  # a fixed seed, for the same steps each time
    for start in (*STARTS, *MORE_STARTS):
        for _ in range(walks):
            walk = Walk(start(), random.choices(STEPS, k=LENGTH))
            for moment in walk.moments():
                call = moment.call
                while (due := next_deadline(call)) is not None and due < moment.at:
                    yield from expired(call)
                    call = advance(call, at=due)
                yield from _applied(call, moment.action, moment.at)


def expired(call: PhoneCall) -> Iterator[Observed]:
    """Yield the step of the next deadline, if it is the only one at its time."""
    due = next_deadline(call)
    limits = [view for view in call.views if view.limit == due]
    if due is None or len(limits) + (call.ends_by == due) > 1:
        return
    parked = any(view.parking is not None for view in limits)
    cause = CALL_ENDS if not limits else PARKING_ENDS if parked else RINGING_ENDS
    yield Observed(cause, None, call, advance(call, at=due), max(due, call.updated or due))


def _applied(call: PhoneCall, action: Action, now: datetime) -> Iterator[Observed]:
    now = max(now, call.updated or now)
    after = apply_action(call, action, at=now)
    if not isinstance(after, DomainError) and after is not call:
        yield Observed(type(action).__name__, action, call, after, now)


def seen_views() -> Iterator[tuple[Observed, PhoneCallView, PhoneCallView]]:
    """Yield each view that was there before a step, with itself after the step."""
    return ((step, old, new) for step in observed() for old, new in step.pairs if old is not None)


def added_views() -> Iterator[tuple[Observed, PhoneCallView]]:
    """Yield each view that a step adds."""
    return ((step, new) for step in observed() for old, new in step.pairs if old is None)


def never_change(values: Iterable[tuple[Observed, Any, Any]], *names: str) -> None:  # Any: of any value
    """Show that fields stay as they are."""
    for _, old, new in values:
        assert [getattr(old, name) for name in names] == [getattr(new, name) for name in names]
