"""Calls by name: the call with which each scenario of the documentation begins, to begin a test with.

One rule: the calls are data, kept beside this module. Their dates are moved so that the last change has happened now,
which keeps all lengths of time, and with them what is still to come.
"""

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import msgspec

from callstate.domain import PhoneCall

FILE = "named_states.json"


class NamedState(msgspec.Struct, frozen=True, kw_only=True):
    """A call to begin with, and what the situation is."""

    title: str
    call: PhoneCall


def named_states() -> dict[str, NamedState]:
    """Return all of them by name."""
    data = files(__package__).joinpath(FILE).read_bytes()
    return msgspec.json.decode(data, type=dict[str, NamedState])


def call_of(name: str, at: datetime) -> PhoneCall:
    """Return the call of a state as if it had changed last at `at`; a `ValueError` tells that no state has the name."""
    state = named_states().get(name)
    if state is None:
        raise ValueError(f"there is no state {name!r}; GET /sandbox/states lists them")
    call = state.call
    assert call.updated is not None  # the test of the file holds that
    return moved(call, at - call.updated)


def moved(call: PhoneCall, by: timedelta) -> PhoneCall:
    """Return a call with all its dates moved, so that as much time is left as before."""

    def shift(value: Any) -> Any:  # Any: the plain form of a call
        if isinstance(value, datetime):
            return value + by
        if isinstance(value, dict):
            return {name: shift(one) for name, one in value.items() if name not in PhoneCall.derived}
        return [shift(one) for one in value] if isinstance(value, list | tuple) else value

    plain = shift(msgspec.to_builtins(call, builtin_types=(datetime,)))
    return msgspec.convert(plain, PhoneCall)
