"""The rules across the views of a call: what an input or a deadline means for the other views.

A view is a dictionary with the names of the fields. `before` has the views as they were before the input, by their ids.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

View: TypeAlias = dict[str, Any]
Views: TypeAlias = list[View]
Rule: TypeAlias = Callable[[Views, dict[str, View], datetime, int], bool]

UP = ("ANSWERED", "CONNECTED", "ON_HOLD", "PARKED")
TALKING = ("CONNECTED", "ON_HOLD")
RUNG = ("OFF_HOOK", "TRYING", "RINGING")
SUPERVISORS = ("WHISPER", "MONITOR")
REJECTIONS = ("BUSY", "FAILED", "NOT_ALLOWED")


def settle(views: Views, before: dict[str, View], at: datetime, wait: int) -> None:
    """Apply the rules in their order, again and again, until none of them changes anything.

    `wait` is the `wait_for_pickup` of the call.
    """
    changed = True
    while changed:
        changed = sum(rule(views, before, at, wait) for rule in RULES) > 0


# How a view changes.


def enter(view: View, state: str, at: datetime) -> None:
    """Move a view to another state; what belonged to the old one goes, and the dates are set."""
    talked = view["state"] in (*TALKING, "PARKED")
    talks = state in (*TALKING, "PARKED")
    view["state"], view["on_hold"] = state, None
    if view["parking"] is not None:
        view["parking"], view["listed"] = None, not view["outside"]
    if state not in ("TRYING", "RINGING"):
        view["until"], view["waits"] = None, False
    if state == "RINGING":
        view["ringing"] = at
    elif view["answered"] is None and (state == "CONNECTED" or (talked and not talks)):
        view["answered"] = at


def end(view: View, at: datetime, reason: str, disposition: str | None = None) -> None:
    """End a view. One that was answered ends as ANSWERED, whatever the given disposition says."""
    enter(view, "ENDED", at)
    view.update(ended=at, reason=reason, recording=None, target=None)
    told = disposition if disposition not in (None, "ANSWERED") else "NO_ANSWER"
    view["disposition"] = told if view["answered"] is None else "ANSWERED"


# Questions about the views.


def live(views: Views) -> Views:
    """Return the views that have not ended."""
    return [v for v in views if v["state"] != "ENDED"]


def up_on_a_side(views: Views) -> Views:
    """Return the views that are up and stand on a side."""
    return [v for v in views if v["state"] in UP and v["side"] is not None]


def sides(views: Views) -> set[int]:
    """Return the sides that have a live view, and that of a parker as long as the other party is parked."""
    found = {v["side"] for v in live(views)} | {v["parking"]["side"] for v in views if v["parking"] is not None}
    return found - {None}


def next_side(views: Views) -> int:
    """Return the side after the highest one that was ever used in the call."""
    used = [v["side"] for v in views] + [v["parking"]["side"] for v in views if v["parking"] is not None]
    return max((side for side in used if side is not None), default=-1) + 1


# The rules. Each says whether it has changed something.


def first_answer_wins(views: Views, _before: dict[str, View], at: datetime, _wait: int) -> bool:
    """End the views that dial or ring on a side where another view is up."""
    taken = {v["side"] for v in up_on_a_side(views)}
    lost = [v for v in views if v["state"] in RUNG and v["side"] in taken]
    for view in lost:
        end(view, at, "ANSWERED_ELSEWHERE")
    return bool(lost)


def a_late_answer_opens_a_side(views: Views, before: dict[str, View], _at: datetime, _wait: int) -> bool:
    """Move a view that was not up before, on a side where another one was, to the next side."""
    were_up = [v for v in up_on_a_side(views) if v["id"] in before and before[v["id"]]["state"] in UP]
    taken = {v["side"] for v in were_up}
    late = [v for v in up_on_a_side(views) if v not in were_up and v["side"] in taken]
    for side, view in enumerate(late, next_side(views)):
        view["side"] = side
    return bool(late)


def source_first(views: Views, _before: dict[str, View], at: datetime, wait: int) -> bool:
    """Ring the waiting destinations when side 0 is up; an outside number is dialled and stays as it is."""
    waiting = [v for v in views if v["waits"]] if 0 in [v["side"] for v in up_on_a_side(views)] else []
    for view in waiting:
        view["waits"] = False
        if not view["outside"]:
            enter(view, "RINGING", at)
            view["listed"] = True
        view["until"] = at + timedelta(seconds=wait)
    return bool(waiting)


def an_answer_reaches_the_caller(views: Views, _before: dict[str, View], at: datetime, _wait: int) -> bool:
    """Let the only view of side 0, if it dials itself, be ANSWERED when another side is up."""
    callers = [v for v in live(views) if v["side"] == 0]
    if len(callers) != 1 or callers[0]["state"] not in ("OFF_HOOK", "TRYING") or callers[0]["until"] is not None:
        return False
    if up_on_a_side(views):
        enter(callers[0], "ANSWERED", at)
    return bool(up_on_a_side(views))


def barge_opens_a_side(views: Views, _before: dict[str, View], _at: datetime, _wait: int) -> bool:
    """Give a BARGE leg that is up the next side."""
    joined = [v for v in views if v["role"] == "BARGE" and v["side"] is None and v["state"] in UP]
    for side, view in enumerate(joined, next_side(views)):
        view.update(side=side, target=None)
    return bool(joined)


def two_sides_are_connected(views: Views, _before: dict[str, View], at: datetime, _wait: int) -> bool:
    """Connect the parties when two sides are up; when only one is, nobody is connected. A supervisor hears."""
    up = {v["side"] for v in up_on_a_side(views)}
    unknown = [v for v in views if v["state"] == "UNKNOWN" and v["side"] is not None and v["side"] not in up]
    if len(up) > 1:
        moved, state = [v for v in views if v["state"] in ("ANSWERED", "PARKED")], "CONNECTED"
    else:
        moved, state = [v for v in views if v["state"] in TALKING and not unknown], "ANSWERED"
    moved = [v for v in moved if v["role"] not in SUPERVISORS]
    heard = [v for v in views if v["state"] == "ANSWERED" and v["role"] in SUPERVISORS]
    for view in moved:
        enter(view, state, at)
    for view in heard:
        enter(view, "CONNECTED", at)
    return bool(moved or heard)


def supervision_ends_with_its_target(views: Views, _before: dict[str, View], at: datetime, _wait: int) -> bool:
    """End the legs that have joined a view, or ring to, when it has ended or is parked."""
    gone = {v["id"] for v in views if v["state"] in ("ENDED", "PARKED")}
    alone = [v for v in views if v["target"] in gone]
    for view in alone:
        end(view, at, "TARGET_LEFT")
    return bool(alone)


def a_call_needs_two_sides(views: Views, before: dict[str, View], at: datetime, _wait: int) -> bool:
    """End every view when a view has ended in this step and fewer than two sides are left."""
    left = [v for v in views if v["state"] == "ENDED" and v["id"] in before and before[v["id"]]["state"] != "ENDED"]
    if not left or len(sides(views)) > 1:
        return False
    cause = next((v["disposition"] for v in left if v["disposition"] in REJECTIONS), None)
    rest = live(views)
    for view in rest:
        end(view, at, "OTHER_LEFT", cause)
    return bool(rest)


RULES: tuple[Rule, ...] = (
    first_answer_wins,
    a_late_answer_opens_a_side,
    source_first,
    an_answer_reaches_the_caller,
    barge_opens_a_side,
    two_sides_are_connected,
    supervision_ends_with_its_target,
    a_call_needs_two_sides,
)
