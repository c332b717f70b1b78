"""What holds for every view that a change touches, as named functions: each returns what is wrong, or nothing.

One rule: an invariant looks at one view before and after one input, or one wait for the next deadline, and at nothing
else. So of views that are equal before and equal after it need be asked once only. A new view was never any different:
before and after it are the same.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from callstate.domain import ENDED, PARKED, Disposition, PhoneCallView
from callstate.engine import ON_CALL

OfAView: TypeAlias = Callable[[PhoneCallView, PhoneCallView], str | None]


def a_view_can_be_built(_old: PhoneCallView, new: PhoneCallView) -> str | None:
    """Each new or changed view passes the constructors, which the engine skips, and comes out the same."""
    try:
        parking = None if new.parking is None else replace(new.parking)
        recording = None if new.recording is None else replace(new.recording)
        built = replace(new, parking=parking, recording=recording)
    except (TypeError, ValueError) as error:
        return str(error)
    return None if built == new else f"its constructor makes it {built}"


def who_left_stays_gone(old: PhoneCallView, new: PhoneCallView) -> str | None:
    """Once a view has ended it is what it was."""
    return f"view {old.id} has become {new}" if old.state is ENDED and old != new else None


def parties_stay(old: PhoneCallView, new: PhoneCallView) -> str | None:
    """No party changes its number, or whether it is outside of the system."""
    if old.extension != new.extension or old.outside is not new.outside:
        return f"view {old.id} has become {new}"
    return None


def who_was_on_call_was_answered(old: PhoneCallView, new: PhoneCallView) -> str | None:
    """Let a party that has been answered, connected or parked end as ANSWERED."""
    answered = old.answered is not None or old.state in ON_CALL or old.state is PARKED
    if answered and new.state is ENDED and new.disposition is not Disposition.ANSWERED:
        return f"view {new.id} was {old.state}, and ended as {new.disposition}"
    return None


VIEW_INVARIANTS: tuple[OfAView, ...] = (
    a_view_can_be_built,
    who_left_stays_gone,
    parties_stay,
    who_was_on_call_was_answered,
)
