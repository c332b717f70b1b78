"""A machine of `python-statemachine` for each view, which is its model; the call around them by hand.

One rule: events are called as methods, which is faster than `send`, and the date is set beside the machine, not by a
callback.
"""

from datetime import datetime
from typing import Any

from statemachine import StateMachine
from statemachine.exceptions import TransitionNotAllowed
from statemachine.states import States

from callstate import Action, ErrorCode, OnHold, PhoneCall, ViewState
from tests.benchmarks.contenders.checks import Call, View, checked, fields_of, moment


class Phone(StateMachine):
    """The states of a view, and the moves of holding and resuming."""

    # Of a whole machine these say what is wrong; here only two of its inputs are measured.
    validate_disconnected_states = False
    validate_trap_states = False
    validate_final_reachability = False

    states_of_a_view = States.from_enum(ViewState, initial=ViewState.OFF_HOOK, final=ViewState.ENDED)
    CONNECTED, ON_HOLD = states_of_a_view.CONNECTED, states_of_a_view.ON_HOLD

    on_hold = CONNECTED.to(ON_HOLD) | ON_HOLD.to.itself(internal=True)
    off_hold = ON_HOLD.to(CONNECTED) | CONNECTED.to.itself(internal=True)


class Model(View):  # type: ignore[misc]  # made by `make_dataclass`
    """A view with its machine."""

    phone: Phone


def build(call: PhoneCall) -> Any:
    """Build the call anew, of models that have a machine each."""
    models = [Model(**fields_of(view)) for view in call.views]
    for model in models:
        model.phone = Phone(model)
    return Call(**(fields_of(call) | {"views": models}))


def apply(call: Any, action: Action, at: datetime) -> Any:
    """Change the call in place and return it, or the code of the refusal."""
    view = checked(call, action)
    if type(view) is ErrorCode:
        return view
    at = moment(call, at)
    before = view.state
    try:
        view.phone.on_hold() if type(action) is OnHold else view.phone.off_hold()
    except TransitionNotAllowed:
        return ErrorCode.WRONG_STATE
    if view.state is before:
        return call
    view.on_hold = at if type(action) is OnHold else None
    call.version += 1
    call.updated = at
    return call
