"""Frozen dataclasses, copied with `dataclasses.replace`: immutable values as the standard library has them.

One rule: it is the floor but for the change, which makes a new view and a new call.
"""

from collections.abc import Mapping
from dataclasses import make_dataclass, replace
from datetime import datetime
from typing import Any

from callstate import LENIENT, Action, ErrorCode, OffHold, OnHold, PhoneCall, PhoneCallView
from callstate.engine.transition_table import MOVE
from tests.benchmarks.contenders.checks import checked, fields_of, moment

# Any: what `make_dataclass` builds has no type that mypy knows.
FrozenCall: Any = make_dataclass("FrozenCall", PhoneCall.__struct_fields__, frozen=True, slots=True)
FrozenView: Any = make_dataclass("FrozenView", PhoneCallView.__struct_fields__, frozen=True, slots=True)

HOLDS: Mapping[type[Action], bool] = {OnHold: True, OffHold: False}


def build(call: PhoneCall) -> Any:
    """Build the call anew, of frozen dataclasses."""
    return FrozenCall(**(fields_of(call) | {"views": tuple(FrozenView(**fields_of(view)) for view in call.views)}))


def apply(call: Any, action: Action, at: datetime) -> Any:
    """Return a new call, the same one for a repeat, or the code of the refusal."""
    view = checked(call, action)
    if type(view) is ErrorCode:
        return view
    at = moment(call, at)
    move = LENIENT.moves[type(action)].get(view.state)
    if move is None:
        return ErrorCode.WRONG_STATE
    if move.kind is not MOVE:
        return call
    held = replace(view, state=move.to, on_hold=at if HOLDS[type(action)] else None)
    views = tuple(held if old is view else old for old in call.views)
    return replace(call, views=views, version=call.version + 1, updated=at)
