"""One call in a keyed stream: what an input or a timer makes of the call that is kept under its id.

One rule: a stream processor keeps the call as the state of its key, sends the changes on, and sets its one timer for
the deadline. Nothing here keeps anything, and every deadline fires by itself, so no change is lost between two inputs.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from callstate.domain import Action, Change, Create, DomainError, PhoneCall, changes
from callstate.engine import LENIENT, Rules, apply_action, create_call, refuse_in_use, steps, steps_before

__all__ = ["Step", "step", "tick"]

_Answer: TypeAlias = PhoneCall | DomainError


class Step(NamedTuple):
    """What to keep, what to send on and when to come back.

    `call` is the call from now on; `None` if there is none, because the input named a call that was never created.
    `changes` are in the order in which they happened, those of deadlines included. `deadline` is the aware datetime to
    give to `tick`; `None` if the call does not change by itself. `refusal` says why the input was refused; what had
    been due before the input has happened all the same.
    """

    call: PhoneCall | None
    changes: tuple[Change, ...]
    deadline: datetime | None
    refusal: DomainError | None = None


def step(call: PhoneCall | None, request: Action | Create, at: datetime, *, rules: Rules = LENIENT) -> Step:
    """Apply an input to the call of its key, after the deadlines before `at`, one by one.

    At the time of a deadline the input comes first. If the id of a new call is in use, the request is refused with
    `pc_phonecall_invalid`, as by the service; everything else is what `apply_action` and `create_call` answer.
    `at` is an aware datetime, and one before the last change counts as that; a naive one raises `ValueError`.
    """
    fired = () if call is None else tuple(steps_before(call, at=at))
    answer = _answer(fired[-1] if fired else call, request, at, rules)
    if isinstance(answer, DomainError):
        return _step(call, fired, answer)
    return _step(call, (*fired, answer))


def tick(call: PhoneCall | None, at: datetime) -> Step:
    """Let time pass up to and including `at`: for the timer of the key. Too early, too late or twice does no harm."""
    return _step(call, () if call is None else steps(call, at=at))


def _answer(call: PhoneCall | None, request: Action | Create, at: datetime, rules: Rules) -> _Answer:
    if not isinstance(request, Create):
        return apply_action(call, request, at=at, rules=rules)
    return create_call(request, at=at, rules=rules) if call is None else refuse_in_use(request)


def _step(before: PhoneCall | None, versions: Iterable[PhoneCall], refusal: DomainError | None = None) -> Step:
    """Compare each version with the one before, because a party that comes and goes between two is seen only so."""
    happened: list[Change] = []
    for after in versions:
        happened += changes(before, after)
        before = after
    return Step(before, tuple(happened), None if before is None else before.deadline, refusal)
