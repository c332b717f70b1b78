"""The floor: objects with slots, changed in place. It looks its moves up in the table that the engine has.

One rule: nothing is copied and nothing is built, so nobody who checks the same can be much faster in Python. What that
costs its user: the call as it was is gone, and everybody who holds the call sees it change.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from callstate import LENIENT, Action, ErrorCode, OffHold, OnHold, PhoneCall, ViewState
from callstate.engine.transition_table import MOVE
from tests.benchmarks.contenders.checks import Call, View, checked, fields_of, moment


def build(call: PhoneCall) -> Any:
    """Build the call anew, of mutable objects."""
    return Call(**(fields_of(call) | {"views": [View(**fields_of(view)) for view in call.views]}))


def apply(call: Any, action: Action, at: datetime) -> Any:
    """Change the call in place and return it, or the code of the refusal."""
    view = checked(call, action)
    if type(view) is ErrorCode:
        return view
    at = moment(call, at)
    move = LENIENT.moves[type(action)].get(view.state)
    if move is None:
        return ErrorCode.WRONG_STATE
    if move.kind is not MOVE:
        return call
    VIEW_EFFECTS[type(action)](view, move.to, at)
    call.version += 1
    call.updated = at
    return call


def _hold(view: Any, to: ViewState, at: datetime) -> None:
    view.state = to
    view.on_hold = at


def _off_hold(view: Any, to: ViewState, _at: datetime) -> None:
    view.state = to
    view.on_hold = None


VIEW_EFFECTS: Mapping[type[Action], Callable[[Any, ViewState, datetime], None]] = {OnHold: _hold, OffHold: _off_hold}
