"""How a refusal is made: from the check that failed, what would have been needed, and the call as it is.

One rule: every refusal is built here, so each says the same things: the field at fault with its value, the view that
stood in the way with its state, and what is allowed now on the view that was asked for.
"""

from callstate.actions import Action
from callstate.allowed import allowed_on
from callstate.errors import Check, DomainError, ErrorCode, Objection, as_value
from callstate.forms import Form, wire_name
from callstate.model import PhoneCall, PhoneCallView
from callstate.table import ROLES, Rules

NO_CALL = Objection(ErrorCode.PHONECALL_INVALID, "phoneCallId to name an existing call", "call_id", Check.CALL)
ENDED_CALL = Objection(ErrorCode.CALL_ENDED, "a call that is not over", "call_id", Check.CALL)
NOT_A_PARTY = Objection(
    ErrorCode.EXTENSION_INVALID,
    "extension to be @self or an extension that takes part in the call",
    "extension",
    Check.EXTENSION,
)
NO_VIEW = Objection(
    ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId to name a live view of the call", "view_id", Check.VIEW
)
UNKNOWN_VIEW = Objection(
    ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId to name a view of the call", "view_id", Check.VIEW
)
SAME_NUMBER = Objection(
    ErrorCode.TRANSFER_NUMBER_INVALID,
    "transferNumber to differ from transferFromNumber",
    "transfer_number",
    Check.FIELDS,
)
NOT_CALLING = Objection(ErrorCode.WRONG_STATE, "a view of the calling side", check=Check.ROLE)
NOTHING_TO_DO = Objection(ErrorCode.WRONG_STATE, "something to do, for its goal holds already", check=Check.STATE)
GONE = Objection(
    ErrorCode.WRONG_STATE, "phoneNumber to be the number of a party in the call", "phone_number", Check.STATE
)


def out_of_form(form: Form) -> Objection:
    """Say what a field would have to look like."""
    return Objection(form.code, f"{wire_name(form.field)} to be {form.needed}", form.field, Check.FIELDS)


def wrong_role(action: Action, view: PhoneCallView) -> Objection:
    """Say whose view the action would need."""
    roles = " or ".join(sorted(ROLES[type(action)], reverse=True))
    return Objection(ErrorCode.WRONG_STATE, f"the view of a {roles}, not of a {view.role}", check=Check.ROLE)


def wrong_sides(count: int) -> Objection:
    """Say that the action would need a conversation of two."""
    return Objection(ErrorCode.WRONG_STATE, f"a call of exactly two sides, not of {count}", check=Check.ROLE)


def refuse(
    call: PhoneCall | None, action: Action, rules: Rules, objection: Objection, view: PhoneCallView | None = None
) -> DomainError:
    """Build the refusal; `view` is the one that stood in the way. If none did it tells of the one that is named."""
    code, needed, field, check = objection
    named = action.view_id if view is None or action.view_id is not None else view.id
    asked = view if view is not None and view.id == named else _found(call, named)
    shown = view or asked
    return DomainError(
        code=code,
        check=check,
        action=type(action).__name__,
        needed=needed,
        parameter=None if field is None else wire_name(field),
        value=None if field is None else as_value(getattr(action, field)),
        view_id=named if shown is None else shown.id,
        state=None if shown is None else shown.state,
        allowed=() if call is None or asked is None else allowed_on(call, asked, rules),
    )


def _found(call: PhoneCall | None, view_id: str | None) -> PhoneCallView | None:
    return None if call is None or view_id is None else call.view(view_id)
