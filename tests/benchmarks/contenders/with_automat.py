"""A machine of Automat for each view, built with its `TypeMachineBuilder`; the call around them by hand.

One rule: as Automat wants it, nobody reads the machine's state: its outputs tell the view what it has become. They set
the state and the date, and return whether anything has changed.
"""

from datetime import datetime
from typing import Any, Protocol

from automat import NoTransition, TypeMachineBuilder, pep614

from callstate import Action, ErrorCode, OnHold, PhoneCall, ViewState
from tests.benchmarks.contenders.checks import Call, View, checked, fields_of, moment


class Phone(Protocol):
    """The inputs."""

    def hold(self, at: datetime) -> bool:
        """Put on hold."""

    def resume(self, at: datetime) -> bool:
        """Take back."""


class Model(View):  # type: ignore[misc]  # made by `make_dataclass`
    """A view with its machine, whose core it is."""

    phone: Phone


BUILDER = TypeMachineBuilder(Phone, Model)
STATES = {state: BUILDER.state(state.value) for state in ViewState}
CONNECTED, ON_HOLD = STATES[ViewState.CONNECTED], STATES[ViewState.ON_HOLD]


@pep614(CONNECTED.upon(Phone.hold).to(ON_HOLD))
def _hold(_phone: Phone, view: Model, at: datetime) -> bool:
    view.state, view.on_hold = ViewState.ON_HOLD, at
    return True


@pep614(ON_HOLD.upon(Phone.resume).to(CONNECTED))
def _resume(_phone: Phone, view: Model, at: datetime) -> bool:  # noqa: ARG001  # Automat hands it to each output
    view.state, view.on_hold = ViewState.CONNECTED, None
    return True


@pep614(ON_HOLD.upon(Phone.hold).loop())
def _hold_again(_phone: Phone, _view: Model, at: datetime) -> bool:  # noqa: ARG001  # likewise
    return False


@pep614(CONNECTED.upon(Phone.resume).loop())
def _resume_again(_phone: Phone, _view: Model, at: datetime) -> bool:  # noqa: ARG001  # likewise
    return False


MACHINE = BUILDER.build()


def build(call: PhoneCall) -> Any:
    """Build the call anew, of models that have a machine each."""
    models = [Model(**fields_of(view)) for view in call.views]
    for model in models:
        model.phone = MACHINE(model, STATES[model.state])
    return Call(**(fields_of(call) | {"views": models}))


def apply(call: Any, action: Action, at: datetime) -> Any:
    """Change the call in place and return it, or the code of the refusal."""
    view = checked(call, action)
    if type(view) is ErrorCode:
        return view
    at = moment(call, at)
    try:
        changed = view.phone.hold(at) if type(action) is OnHold else view.phone.resume(at)
    except NoTransition:
        return ErrorCode.WRONG_STATE
    if changed:
        call.version += 1
        call.updated = at
    return call
