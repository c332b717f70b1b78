"""What holds for every call that the engine can make, as named functions: each returns what is wrong, or nothing.

One rule: an invariant looks at a call from the outside and says in its own words what `rules` and `effects` bring
about; it has no part in how they do it. `explore` asks them of each call that can be reached; a service may ask them of
the calls that it keeps. The invariants know nothing of the wire.
"""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from callstate import domain
from callstate.engine import apply_action, next_deadline, settle, sides

OfACall: TypeAlias = Callable[[domain.PhoneCall], str | None]
OfAChange: TypeAlias = Callable[[domain.PhoneCall, domain.PhoneCall], str | None]
"""Looks at a call before and after one input, or one wait for the next deadline."""

TWO = 2
"""The sides of a conversation."""


# Of every call --------------------------------------------------------------------------------------------------------


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
    """With two sides up nobody is ANSWERED or PARKED any more; one side alone is nothing else."""
    up = [view for view in call.views if view.side is not None and view.state in domain.UP]
    waiting = len({view.side for view in up}) < TWO
    for view in up:
        if (view.state is domain.ANSWERED or view.state is domain.PARKED) is not waiting:
            return f"view {view.id} is {view.state} while {', '.join(v.id for v in up)} are up"
    return None


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
    """Who supervises, or rings to barge in, has a target: a live view that is not parked."""
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
    at = call.updated
    if at is None or settle(call, call.views, at).views is call.views:
        return None
    return "the rules have more to say"


def the_end_can_be_reached(call: domain.PhoneCall) -> str | None:
    """Hanging up is accepted, and the call is over then."""
    if call.over or call.updated is None:
        return None
    end = apply_action(call, domain.HangUp(call_id=call.id), at=call.updated)
    return None if isinstance(end, domain.PhoneCall) and end.over else f"hanging up gives {end}"


def over_is_final(call: domain.PhoneCall) -> str | None:
    """Once over, a call has no deadline, news of it is late, hanging up is a repeat, and all else is refused."""
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
    deadlines_have_a_cause,
    supervisors_have_a_target,
    nobody_is_alone,
    rules_are_settled,
    the_end_can_be_reached,
    over_is_final,
)


# Of every change ------------------------------------------------------------------------------------------------------


def can_be_built(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """All that a change brings passes the constructors, whose checks the engine skips, and comes out the same."""
    known = set(map(id, before.views))
    try:
        built = replace(after, views=tuple(view if id(view) in known else _built(view) for view in after.views))
    except ValueError as error:
        return str(error)
    return None if built == after else f"its constructor makes it {built}"


def _built(view: domain.PhoneCallView) -> domain.PhoneCallView:
    """Build a view and its facets again; `replace` asks the constructors."""
    parking = None if view.parking is None else replace(view.parking)
    recording = None if view.recording is None else replace(view.recording)
    return replace(view, parking=parking, recording=recording)


def version_counts_changes(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """With each input that changes the call, and each deadline that fires, the version grows by one."""
    limits = [before.ends_by, *(view.limit for view in before.views)]
    most = max(1, limits.count(after.updated))
    grown = after.version - before.version
    return None if 1 <= grown <= most else f"version {before.version} has become {after.version}"


def an_over_call_stays(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """No input and no deadline changes a call that is over."""
    return f"the call was over and became {after}" if before.over else None


def who_left_stays_gone(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Every view stays in the call under its id; once ended it is what it was."""
    for old, new in zip(before.views, after.views, strict=False):
        if old.id != new.id or (old.state is domain.ENDED and old != new):
            return f"view {old.id} has become {new}"
    lost = len(before.views) - len(after.views)
    return f"{lost} views are missing" if lost > 0 else None


def dates_stay(before: domain.PhoneCall, after: domain.PhoneCall) -> str | None:
    """Time does not go back, and when the call was answered stays."""
    if before.updated is not None and (after.updated is None or after.updated < before.updated):
        return f"{before.updated} was followed by {after.updated}"
    if before.answered is not None and before.answered != after.answered:
        return f"answered at {before.answered} has become {after.answered}"
    return None


CHANGE_INVARIANTS: tuple[OfAChange, ...] = (
    can_be_built,
    version_counts_changes,
    an_over_call_stays,
    who_left_stays_gone,
    dates_stay,
)
