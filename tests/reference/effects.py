"""Which cause sets, clears or changes which field of which view: counted over the steps that were observed.

One rule: nothing is said here about what an input does; it is all read off the steps.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from callstate import EndReason, Park, PhoneCall, PhoneCallView, Transfer, TransferToVoicemail
from callstate.domain import ENDED, PARKED
from callstate.engine.transfer_roles import transfer_parties
from tests.reference.observed import DEADLINES, Observed

SET, CLEARED, CHANGED = "set", "cleared", "changed"
NAMED, SENT, LEAVER, DUE, OTHER = "named", "sent", "leaver", "due", "other"

WHO: Mapping[str, str] = {
    NAMED: "the view that the input names",
    SENT: "the party that is parked or transferred",
    LEAVER: "the party that parks or transfers and leaves",
    DUE: "the view that has the limit",
    OTHER: "every other view",
}

Change: TypeAlias = tuple[str, str, str, str]
"""A cause, the view or the call, a field, and what happens to it."""


def changes_of(steps: Iterable[Observed]) -> Iterator[Change]:
    """Yield each change of a field, as often as it was observed; new views are left out."""
    for step in steps:
        if step.before is not None:
            for old, new in step.pairs:
                if old is not None and old != new:
                    who = who_is(step, step.before, old, new)
                    yield from ((step.cause, who, field, kind) for field, kind in _differences(old, new))
            for field, kind in _differences(step.before, step.after):
                if field not in ("views", "forgotten", "deadline", "ended_views"):
                    yield step.cause, "call", field, kind


def states_of(steps: Iterable[Observed]) -> Iterator[tuple[str, str, str, str]]:
    """Yield each change of a state: the cause, the view, the state before and the state afterwards."""
    for step in steps:
        for old, new in step.pairs if step.before is not None else ():
            if old is not None and step.before is not None and old.state is not new.state:
                yield step.cause, who_is(step, step.before, old, new), old.state, new.state


def _differences(old: PhoneCall | PhoneCallView, new: PhoneCall | PhoneCallView) -> Iterator[tuple[str, str]]:
    for field in old.__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        if before != after and field != "state":
            yield field, SET if before in (None, False) else CLEARED if after in (None, False) else CHANGED


def who_is(step: Observed, before: PhoneCall, old: PhoneCallView, new: PhoneCallView) -> str:
    """Say which view a step changes, by its part in the step."""
    if step.cause in DEADLINES:
        return DUE if old.limit == before.deadline else OTHER
    if isinstance(step.input, Park | Transfer | TransferToVoicemail):
        if new.state is ENDED is not old.state and new.reason in _LEFT:
            return LEAVER
        return SENT if _is_sent(step.input, before, old, new) else OTHER
    return NAMED if getattr(step.input, "view_id", None) == old.id else OTHER


_LEFT = (EndReason.PARKED, EndReason.TRANSFERRED, EndReason.DEFLECTED)


def _is_sent(
    action: Park | Transfer | TransferToVoicemail, before: PhoneCall, old: PhoneCallView, new: PhoneCallView
) -> bool:
    if isinstance(action, Park):
        return new.state is PARKED is not old.state
    view = None if action.view_id is None else before.view(action.view_id)
    return transfer_parties(before, action, view).subject.id == old.id
