"""Views as models of one machine of `transitions`, which knows the states and the moves; the call around them by hand.

One rule: it is used in its fastest way: one machine for all views, without automatic transitions or queue, states that
are plain texts (its states of an Enum take half as long again), and a date that is set beside it, not by a callback.
"""

from datetime import datetime
from typing import Any

from transitions import Machine, MachineError

from callstate import LENIENT, Action, ErrorCode, OffHold, OnHold, PhoneCall, ViewState
from tests.benchmarks.contenders.checks import Call, View, checked, fields_of, moment


class Model(View):  # type: ignore[misc]  # made by `make_dataclass`
    """A view with room for the triggers that the machine gives it."""


def _machine() -> Machine:
    machine = Machine(model=None, states=[state.value for state in ViewState], initial=None, auto_transitions=False)
    for kind in (OnHold, OffHold):
        for state, move in LENIENT.moves[kind].items():
            to = None if move.to is state else move.to.value  # none: an internal transition
            machine.add_transition(kind.__name__, state.value, to)
    return machine


def build(call: PhoneCall) -> Any:
    """Build the call anew, of models of one machine."""
    machine, models = _machine(), [Model(**fields_of(view)) for view in call.views]
    for model in models:
        machine.add_model(model, initial=model.state.value)
    return Call(**(fields_of(call) | {"views": models}))


def apply(call: Any, action: Action, at: datetime) -> Any:
    """Change the call in place and return it, or the code of the refusal."""
    view = checked(call, action)
    if type(view) is ErrorCode:
        return view
    at = moment(call, at)
    before = view.state
    try:
        view.OnHold() if type(action) is OnHold else view.OffHold()
    except MachineError:
        return ErrorCode.WRONG_STATE
    if view.state == before:
        return call
    view.on_hold = at if type(action) is OnHold else None
    call.version += 1
    call.updated = at
    return call
