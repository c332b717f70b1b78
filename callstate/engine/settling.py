"""What follows from an input or a deadline: the rules across the views are applied until none has anything to add.

One rule: a rule is asked only if some view has changed in a way that can set it off, and if a view is there that it may
change. Both are looked up in the table of the rules, as sets that are sums of bits.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import force_setattr

from callstate.domain import CONNECTED, PhoneCall, Role, ViewState, copy_of, ended_and_due
from callstate.engine.cross_view_rules import NEW, RULES, Row, Rule
from callstate.engine.ended_views import CARRIED, carried
from callstate.engine.transition_table import ON_CALL
from callstate.engine.views import Views

RULE_OF: Mapping[int, Rule] = {1 << place: row.rule for place, row in enumerate(RULES)}
"""Each rule by a bit of its own, so that sums of them are sets."""

_ALL = sum(RULE_OF)


def _bits(rows: Callable[[Row], bool]) -> int:
    return sum(bit for bit, row in zip(RULE_OF, RULES, strict=True) if rows(row))


def _set_off_by(left: ViewState | None, entered: ViewState) -> int:
    """Return the rules that a change can set off, as a sum of their bits."""
    return _bits(lambda row: any(left in lefts and entered in entries for lefts, entries in row.triggers))


_SET_OFF: Mapping[ViewState, Mapping[ViewState | None, int]] = {
    entered: {left: _set_off_by(left, entered) for left in (NEW, *ViewState)} for entered in ViewState
}


def _about(role: Role, state: ViewState) -> int:
    """Return the rules that may change a view of a role and a state, as a sum of their bits."""
    return _bits(lambda row: role in row.roles and state in row.states)


_ABOUT: Mapping[Role, Mapping[ViewState, int]] = {
    role: {state: _about(role, state) for state in ViewState} for role in Role
}


def _set_off(old: Views, new: Views) -> int:
    """Return the rules that the changes of all views can set off.

    A view keeps its place; new ones come last.
    """
    due, known = 0, len(old)
    for place, view in enumerate(new):
        if place >= known:
            due |= _SET_OFF[view.state][NEW]
        elif view is not old[place]:
            before = old[place]
            due |= _SET_OFF[view.state][before.state if view.side == before.side else NEW]
    return due


def _may_change(views: Views) -> int:
    """Return the rules that may change a view of these; none if nobody is left."""
    found = 0
    for view in views:
        found |= _ABOUT[view.role][view.state]
    return found


def settle(before: PhoneCall, views: Views, at: datetime) -> PhoneCall:
    """Apply the rules to the views as an input left them, and return the call one version on.

    A call of version 0 may never have gone through the rules, so all of them are asked; one of a later version has.
    After each change the rules are asked from the first one on, which leaves the views as whole rounds of all rules do.
    """
    due = _set_off(before.views, views) if before.version else _ALL
    due &= _may_change(views)
    while due:
        first = due & -due
        due ^= first  # what a rule has changed never sets off the same rule
        changed = RULE_OF[first](views, before, at)
        if changed is not views:
            due = (due | _set_off(views, changed) & ~first) & _may_change(changed)
            views = changed
    return _settled(before, views, at)


def _settled(before: PhoneCall, views: Views, at: datetime) -> PhoneCall:
    """Return the call with other views, on which no rule has anything to add, and what follows from them."""
    ended, due = ended_and_due(views, before.ends_by)
    call = copy_of(before)
    if before.answered is None and _is_first_connected(before, views):
        force_setattr(call, "answered", at)
    if ended == len(views):
        due = None
        force_setattr(call, "ends_by", None)
    if ended > CARRIED:
        kept = carried(before, views)
        dropped = len(views) - len(kept)
        force_setattr(call, "forgotten", before.forgotten + dropped)
        views, ended = kept, ended - dropped
    force_setattr(call, "views", views)
    force_setattr(call, "version", before.version + 1)
    force_setattr(call, "updated", at)
    force_setattr(call, "deadline", due)
    force_setattr(call, "ended_views", ended)
    return call


def _is_first_connected(before: PhoneCall, views: Views) -> bool:
    """Tell whether a party has become connected in this step."""
    known = len(before.views)
    for place, view in enumerate(views):
        if view.state is CONNECTED and view.side is not None:
            was = before.views[place].state if place < known else None
            if was not in ON_CALL:
                return True
    return False
