"""How a refusal is built: from the check that failed and the call as it is.

One rule: every refusal of an action is built here, so each carries the same facts: the field at fault with its value,
the view that stood in the way with its state, and what is allowed now on the view that was asked for.
"""

from typing import TypeAlias

from callstate import domain
from callstate.domain import DomainError, PhoneCall, as_value, wire_name
from callstate.engine.allowed import allowed_on
from callstate.engine.transition_table import Rules

Answer: TypeAlias = domain.PhoneCall | domain.DomainError
"""What an action makes of a call: the changed call, or a refusal."""

_TELL_NOTHING = frozenset({domain.Check.CALL, domain.Check.EXTENSION})
"""Checks with refusals that reveal nothing about the call, because the asker may be a stranger."""


def refuse(
    call: domain.PhoneCall | None,
    action: domain.Action,
    rules: Rules,
    violation: domain.Violation,
    view: domain.PhoneCallView | None = None,
) -> domain.DomainError:
    """Build the refusal; `view` is the one that stood in the way. Otherwise the named view is reported."""
    field, check = violation.field, violation.check
    shown, asked, named = None, None, None
    if call is not None and check not in _TELL_NOTHING:
        named = action.view_id if view is None or action.view_id is not None else view.id
        asked = view if view is not None and view.id == named else _found(call, named)
        shown = view or asked
    return DomainError(
        code=violation.code,
        check=check,
        action=type(action).__name__,
        reason=violation.reason,
        parameter=None if field is None else wire_name(field),
        value=None if field is None else as_value(getattr(action, field)),
        view_id=named if shown is None else shown.id,
        state=shown.state if shown is not None and shown.listed else None,
        allowed=() if call is None or asked is None else allowed_on(call, asked, rules),
    )


def must_be_a_call(function: str, call: object) -> None:
    """Raise a `TypeError` unless a value is a call; a refusal that was not looked at is the usual mistake."""
    if isinstance(call, PhoneCall):
        return
    if isinstance(call, DomainError):
        raise TypeError(
            f"{function} needs a PhoneCall, and got the refusal {call.message!r}; check each result, or use unwrap()"
        )
    raise TypeError(f"{function} needs a PhoneCall, and got {call!r}")


def _found(call: domain.PhoneCall, view_id: str | None) -> domain.PhoneCallView | None:
    return None if view_id is None else call.view(view_id)
