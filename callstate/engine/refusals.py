"""How a refusal is made: from the check that failed, what would have been needed, and the call as it is.

One rule: every refusal is built here, so each says the same things: the field at fault with its value, the view that
stood in the way with its state, and what is allowed now on the view that was asked for.
"""

from callstate import domain
from callstate.engine.allowed import allowed_on
from callstate.engine.table import ROLES, Rules

NO_CALL = domain.Violation(
    domain.ErrorCode.PHONECALL_INVALID, "phoneCallId to name an existing call", "call_id", domain.Check.CALL
)
ENDED_CALL = domain.Violation(domain.ErrorCode.CALL_ENDED, "a call that is not over", "call_id", domain.Check.CALL)
NOT_A_PARTY = domain.Violation(
    domain.ErrorCode.EXTENSION_INVALID,
    "extension to be @self or an extension that takes part in the call",
    "extension",
    domain.Check.EXTENSION,
)
NO_VIEW = domain.Violation(
    domain.ErrorCode.PHONECALLVIEW_INVALID,
    "phoneCallViewId to name a live view of the call",
    "view_id",
    domain.Check.VIEW,
)
UNKNOWN_VIEW = domain.Violation(
    domain.ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId to name a view of the call", "view_id", domain.Check.VIEW
)
SAME_NUMBER = domain.Violation(
    domain.ErrorCode.TRANSFER_NUMBER_INVALID,
    "transferNumber to differ from transferFromNumber",
    "transfer_number",
    domain.Check.FIELDS,
)
NOT_CALLING = domain.Violation(domain.ErrorCode.WRONG_STATE, "a view of the calling side", check=domain.Check.ROLE)
NOTHING_TO_DO = domain.Violation(
    domain.ErrorCode.WRONG_STATE, "something to do, for its goal holds already", check=domain.Check.STATE
)
GONE = domain.Violation(
    domain.ErrorCode.WRONG_STATE,
    "phoneNumber to be the number of a party in the call",
    "phone_number",
    domain.Check.STATE,
)


def invalid_field(form: domain.FieldRule) -> domain.Violation:
    """Say what a field would have to look like."""
    return domain.Violation(
        form.code, f"{domain.wire_name(form.field)} to be {form.needed}", form.field, domain.Check.FIELDS
    )


def wrong_role(action: domain.Action, view: domain.PhoneCallView) -> domain.Violation:
    """Say whose view the action would need."""
    roles = " or ".join(sorted(ROLES[type(action)], reverse=True))
    return domain.Violation(
        domain.ErrorCode.WRONG_STATE, f"the view of a {roles}, not of a {view.role}", check=domain.Check.ROLE
    )


def wrong_sides(count: int) -> domain.Violation:
    """Say that the action would need a conversation of two."""
    return domain.Violation(
        domain.ErrorCode.WRONG_STATE, f"a call of exactly two sides, not of {count}", check=domain.Check.ROLE
    )


def refuse(
    call: domain.PhoneCall | None,
    action: domain.Action,
    rules: Rules,
    violation: domain.Violation,
    view: domain.PhoneCallView | None = None,
) -> domain.DomainError:
    """Build the refusal; `view` is the one that stood in the way. If none did it tells of the one that is named."""
    code, needed, field, check = violation
    named = action.view_id if view is None or action.view_id is not None else view.id
    asked = view if view is not None and view.id == named else _found(call, named)
    shown = view or asked
    return domain.DomainError(
        code=code,
        check=check,
        action=type(action).__name__,
        needed=needed,
        parameter=None if field is None else domain.wire_name(field),
        value=None if field is None else domain.as_value(getattr(action, field)),
        view_id=named if shown is None else shown.id,
        state=None if shown is None else shown.state,
        allowed=() if call is None or asked is None else allowed_on(call, asked, rules),
    )


def _found(call: domain.PhoneCall | None, view_id: str | None) -> domain.PhoneCallView | None:
    return None if call is None or view_id is None else call.view(view_id)
