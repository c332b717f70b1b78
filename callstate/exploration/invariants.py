"""What holds for every call that the engine can make, as named functions: each returns what is wrong, or nothing.

One rule: an invariant looks at a call from the outside and says in its own words what `rules` and `effects` bring
about; it has no part in how they do it. `explore` asks them of each call that can be reached; a service may ask them of
the calls that it keeps. The invariants know nothing of the wire. Those of a change are in `change_invariants`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from callstate import domain
from callstate.engine import ON_CALL, apply_action, next_deadline, settle, sides

OfACall: TypeAlias = Callable[[domain.PhoneCall], str | None]

TWO = 2
"""The sides of a conversation."""


def held_since(call: domain.PhoneCall) -> str | None:
    """Each view has a hold time exactly while it holds, and a time of its own: no earlier than it was answered."""
    for view in call.views:
        if (view.on_hold is not None) is not (view.state is domain.ON_HOLD):
            return f"view {view.id} is {view.state}, its hold time {view.on_hold}"
        if view.on_hold is not None and view.answered is not None and view.on_hold < view.answered:
            return f"view {view.id} holds since {view.on_hold}, before it was answered"
    return None


def parked_in_one_place(call: domain.PhoneCall) -> str | None:
    """Each parked view has one position and one deadline, none after the last ring-back or if the wire told no time."""
    for view in call.views:
        lot = view.parking
        if (lot is not None) is not (view.state is domain.PARKED):
            return f"view {view.id} is {view.state}, its parking {lot}"
        if lot is None:
            continue
        timed = lot.seconds is not None and lot.ring_backs < domain.RING_BACKS
        if timed is not (lot.until is not None) or view.until is not None:
            return f"view {view.id}, rung back {lot.ring_backs} times, waits until {lot.until} and {view.until}"
        if lot.position not in domain.PARKING_POSITIONS:
            return f"view {view.id} is parked at {lot.position}"
    return None


def recorded_while_up(call: domain.PhoneCall) -> str | None:
    """Only who has answered and not left is recorded."""
    for view in call.views:
        if view.recording is not None and view.state not in domain.UP:
            return f"view {view.id} is {view.state} and recorded"
    return None


def one_up_on_a_side(call: domain.PhoneCall) -> str | None:
    """Of the views of a side, when one is up, it has won and the others have left."""
    winners: dict[int, str] = {}
    for view in call.views:
        if view.side is None or view.state not in domain.UP:
            continue
        if view.side in winners:
            return f"views {winners[view.side]} and {view.id} are both up on side {view.side}"
        winners[view.side] = view.id
    for view in call.views:
        if view.side in winners and view.state is not domain.ENDED and view.state not in domain.UP:
            return f"view {view.id} is {view.state} although view {winners[view.side]} of its side is up"
    return None


def together_on_call(call: domain.PhoneCall) -> str | None:
    """With two sides up nobody is ANSWERED or PARKED any more."""
    up = [view for view in call.views if view.side is not None and view.state in domain.UP]
    if len({view.side for view in up}) < TWO:
        return None
    for view in up:
        if view.state is domain.ANSWERED or view.state is domain.PARKED:
            return f"view {view.id} is {view.state} while {', '.join(v.id for v in up)} are up"
    return None


def nobody_is_connected_alone(call: domain.PhoneCall) -> str | None:
    """Each party that is CONNECTED or holds faces one that is up, or one of which nothing is known."""
    there = {view.side for view in call.views if view.state in domain.UP or view.state is domain.UNKNOWN} - {None}
    for view in call.views:
        if view.side is not None and view.state in ON_CALL and there == {view.side}:
            return f"view {view.id} is {view.state}, and faces nobody"
    return None


def the_caller_is_through(call: domain.PhoneCall) -> str | None:
    """When the called party is up, a caller that dials itself is through."""
    callers = [view for view in call.views if view.side == 0 and view.state is not domain.ENDED]
    if len(callers) > 1 or all(view.until is not None or view.state not in _DIALLING for view in callers):
        return None
    up = [view.id for view in call.views if view.side not in (0, None) and view.state in domain.UP]
    return f"view {callers[0].id} is {callers[0].state} while view {up[0]} is up" if up else None


_DIALLING = (domain.OFF_HOOK, domain.TRYING)


def ends_agree(call: domain.PhoneCall) -> str | None:
    """Each ended view has a reason; it ends as ANSWERED exactly if it was answered, else as its reason has it."""
    for view in call.views:
        if view.state is not domain.ENDED:
            continue
        if view.reason is None or view.disposition not in _DISPOSITIONS[view.reason]:
            return f"view {view.id} has ended, {view.reason} and {view.disposition}"
        if (view.disposition is domain.Disposition.ANSWERED) is not (view.answered is not None):
            return f"view {view.id} ended as {view.disposition}, answered at {view.answered}"
    return None


_ANSWERED, _NO_ANSWER = frozenset({domain.Disposition.ANSWERED}), frozenset({domain.Disposition.NO_ANSWER})
_REJECTED = frozenset(domain.Disposition) - _ANSWERED - _NO_ANSWER
_DISPOSITIONS: Mapping[domain.EndReason, frozenset[domain.Disposition]] = {
    domain.EndReason.HUNG_UP: _ANSWERED | _NO_ANSWER,
    domain.EndReason.REJECTED: _REJECTED,
    domain.EndReason.NO_ANSWER: _NO_ANSWER,
    domain.EndReason.ANSWERED_ELSEWHERE: _NO_ANSWER,
    domain.EndReason.TRANSFERRED: _ANSWERED,
    domain.EndReason.DEFLECTED: _NO_ANSWER,
    domain.EndReason.PARKED: _ANSWERED,
    domain.EndReason.TARGET_LEFT: _ANSWERED | _NO_ANSWER,
    domain.EndReason.OTHER_LEFT: frozenset(domain.Disposition),
    domain.EndReason.LIMIT: _ANSWERED | _NO_ANSWER,
}


def successors_take_a_place(call: domain.PhoneCall) -> str | None:
    """Exactly who transferred or deflected the call has a successor: a later leg that came on the same side."""
    for view in call.views:
        if (view.successor is not None) is not (view.reason in _SUCCEEDED):
            return f"view {view.id} has ended, {view.reason}, with the successor {view.successor}"
        leg = None if view.successor is None else call.view(view.successor)
        if leg is not None and (leg.side != view.side or int(leg.id) <= int(view.id)):
            return f"view {leg.id} on side {leg.side} has come in the place of view {view.id} on side {view.side}"
    return None


_SUCCEEDED = (domain.EndReason.TRANSFERRED, domain.EndReason.DEFLECTED)


def deadlines_have_a_cause(call: domain.PhoneCall) -> str | None:
    """Only what is rung, is parked or lives has a limit, and no limit has passed."""
    for view in call.views:
        if view.until is not None and view.state is not domain.TRYING and view.state is not domain.RINGING:
            return f"view {view.id} is {view.state} and rings until {view.until}"
    if call.ends_by is not None and call.over:
        return f"the call is over and ends by {call.ends_by}"
    due = next_deadline(call)
    if due is not None and call.updated is not None and due < call.updated:
        return f"a deadline of {due} has not fired at {call.updated}"
    return None


def supervisors_have_a_target(call: domain.PhoneCall) -> str | None:
    """Each leg that supervises, or rings to barge in, has a target: a live view that is not parked."""
    for view in call.views:
        joins = view.state is not domain.ENDED and (
            view.role in domain.SUPERVISORS or (view.role is domain.BARGE and view.side is None)
        )
        target = None if view.target is None else call.view(view.target)
        if joins is not (target is not None):
            return f"view {view.id} is a {view.role} that is {view.state}, its target {view.target}"
        if target is not None and target.state in (domain.ENDED, domain.PARKED):
            return f"view {view.id} has joined view {target.id}, which is {target.state}"
    return None


def nobody_is_alone(call: domain.PhoneCall) -> str | None:
    """Every call that is not over has two sides; while a party is parked, the lot is one of them."""
    found = sides(call.views)
    return None if len(found) >= TWO or call.over else f"of the sides only {sorted(found)} have somebody left"


def rules_are_settled(call: domain.PhoneCall) -> str | None:
    """Nothing changes when the rules are applied once more."""
    at, never_settled = call.updated, domain.evolve(call, version=0)  # of which all rules are asked
    if at is None or settle(never_settled, call.views, at).views is call.views:
        return None
    return "the rules have more to say"


def the_end_can_be_reached(call: domain.PhoneCall) -> str | None:
    """Hanging up is accepted, and the call is over then."""
    if call.over or call.updated is None:
        return None
    end = apply_action(call, domain.HangUp(call_id=call.id), at=call.updated)
    return None if isinstance(end, domain.PhoneCall) and end.over else f"hanging up gives {end}"


def over_is_final(call: domain.PhoneCall) -> str | None:
    """Once over, a call has no deadline, reports are late, hanging up is a repeat, and all else is refused."""
    if not call.over or call.updated is None or not call.views:
        return None
    view_id, at = call.views[-1].id, call.updated
    for kept in (domain.HangUp(call_id=call.id), domain.Answered(call_id=call.id, view_id=view_id)):
        if apply_action(call, kept, at=at) is not call:
            return f"{type(kept).__name__} changes a call that is over"
    held = apply_action(call, domain.OnHold(call_id=call.id, view_id=view_id), at=at)
    if not isinstance(held, domain.DomainError) or next_deadline(call) is not None:
        return "a call that is over can be held, or has a deadline"
    return None


INVARIANTS: tuple[OfACall, ...] = (
    held_since,
    parked_in_one_place,
    recorded_while_up,
    one_up_on_a_side,
    together_on_call,
    nobody_is_connected_alone,
    the_caller_is_through,
    ends_agree,
    successors_take_a_place,
    deadlines_have_a_cause,
    supervisors_have_a_target,
    nobody_is_alone,
    rules_are_settled,
    the_end_can_be_reached,
    over_is_final,
)
