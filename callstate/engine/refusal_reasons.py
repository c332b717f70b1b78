"""The sentences of refusals: each function says why an action is refused, with the values that are at fault.

One rule: a sentence names the view, the number or the field, says what was found and what it must be. It never tells
the state of a view that is not listed, because a request cannot see such a view.
"""

from collections.abc import Mapping

from callstate import domain
from callstate.engine.transition_table import ROLES, Rules, either

# The call, the asker, and the view ------------------------------------------------------------------------------------


def no_call(call_id: object) -> domain.Violation:
    """Say that there is no such call."""
    reason = f"there is no call {_id(call_id)}" if call_id else "phoneCallId is missing"
    return domain.Violation(domain.ErrorCode.PHONECALL_INVALID, reason, "call_id", domain.Check.CALL)


def ended_call(call_id: str) -> domain.Violation:
    """Say that the call is over."""
    reason = f"call {_id(call_id)} has ended"
    return domain.Violation(domain.ErrorCode.CALL_ENDED, reason, "call_id", domain.Check.CALL)


def not_a_party(extension: str) -> domain.Violation:
    """Say that the asker has nothing to do with the call."""
    reason = f"extension {domain.shown(extension)} takes no part in the call"
    return domain.Violation(domain.ErrorCode.EXTENSION_INVALID, reason, "extension", domain.Check.EXTENSION)


def no_view(view_id: str | None, view: domain.PhoneCallView | None) -> domain.Violation:
    """Say that a request cannot name this view; one that is not listed is answered like one that does not exist."""
    if not view_id:
        reason = "phoneCallViewId is missing"
    elif view is not None and view.listed:
        reason = f"view {view.id} has ended"
    else:
        reason = f"the call lists no view {_id(view_id)}"
    return domain.Violation(domain.ErrorCode.PHONECALLVIEW_INVALID, reason, "view_id", domain.Check.VIEW)


def unknown_view(view_id: str) -> domain.Violation:
    """Say that the call never had the view of which the network reports."""
    reason = f"the call has no view {_id(view_id)}" if view_id else "phoneCallViewId is missing"
    return domain.Violation(domain.ErrorCode.PHONECALLVIEW_INVALID, reason, "view_id", domain.Check.VIEW)


def _id(value: object) -> str:
    """Write an id as it is; in quotes if it is none, because then it may be any text."""
    return value if isinstance(value, str) and domain.CALL_ID.fullmatch(value) else domain.shown(value)


# Fields ---------------------------------------------------------------------------------------------------------------


def invalid_field(rule: domain.FieldRule, action: domain.Action) -> domain.Violation:
    """Say what a field must look like."""
    return domain.Violation(rule.code, rule.reason(getattr(action, rule.field)), rule.field, domain.Check.FIELDS)


def same_number(number: str) -> domain.Violation:
    """Say that one party cannot be both of a transfer."""
    reason = f"transferNumber {domain.shown(number)} is also transferFromNumber"
    return domain.Violation(domain.ErrorCode.TRANSFER_NUMBER_INVALID, reason, "transfer_number", domain.Check.FIELDS)


# Roles and sides ------------------------------------------------------------------------------------------------------


def wrong_role(action: domain.Action, view: domain.PhoneCallView) -> domain.Violation:
    """Say which role the party of the view must have."""
    roles = either(sorted(ROLES[type(action)], reverse=True))
    return _role(f"view {view.id} has the role {view.role}; it must be {roles}")


def wrong_sides(count: int) -> domain.Violation:
    """Say that the action needs a conversation of two."""
    return _role(f"the call has {count} sides; it must have exactly 2")


def not_calling(view: domain.PhoneCallView) -> domain.Violation:
    """Say that a view is not the caller that dials itself."""
    why = "is not on the calling side" if view.side != 0 else "is dialled by the service"
    return _role(f"view {view.id} {why}")


def not_rung(view: domain.PhoneCallView) -> domain.Violation:
    """Say that a caller that dials itself is not rung."""
    return _role(f"view {view.id} dials itself, so it cannot ring")


def _role(reason: str) -> domain.Violation:
    return domain.Violation(domain.ErrorCode.WRONG_STATE, reason, check=domain.Check.ROLE)


# States ---------------------------------------------------------------------------------------------------------------


def wrong_state(view: domain.PhoneCallView, needed: str) -> domain.Violation:
    """Say in which states the party of the view must be."""
    if not view.listed:
        return _state(f"the other party must be {needed}")
    return _state(f"view {view.id} is {view.state}; it must be {needed}")


def wrong_state_for(action: domain.Action, view: domain.PhoneCallView, rules: Rules) -> domain.Violation:
    """Say from which states the table takes the action."""
    return wrong_state(view, rules.needs[type(action)])


def destinations_wait(view: domain.PhoneCallView) -> domain.Violation:
    """Say that a source cannot be deflected while nobody has been called."""
    return _state(f"view {view.id} is a source, and its destinations wait for it to answer")


def nobody_leaves() -> domain.Violation:
    """Say that there is nobody who could send the party away; an outside party does not, unless a number says so."""
    return _state("no party of the call is an extension that can send the other away")


def nothing_to_do(action: domain.Request, view: domain.PhoneCallView | None) -> domain.Violation:
    """Say that a repeated action has nothing to change."""
    reason = _NOTHING_TO_DO[type(action)]
    number = getattr(action, "send_call_to", None)
    return _state(
        reason.format(view="the other party" if view is None or not view.listed else f"view {view.id}", number=number)
    )


_NOTHING_TO_DO: Mapping[type[domain.Action], str] = {
    **dict.fromkeys(
        (domain.UnPark, domain.PickUp, domain.BargeIn, domain.Whisper, domain.Monitor),
        "{number} already rings for {view}, or has answered",
    ),
    domain.Transfer: "{view} already faces {number}",
    domain.TransferToVoicemail: "{view} already faces the mailbox of {number}",
    domain.StartRecording: "{view} is already being recorded",
    domain.StopRecording: "{view} is not being recorded",
}


def has_ended(view_id: str) -> domain.Violation:
    """Say that a party has left already."""
    return _state(f"view {view_id} has ended")


def not_in_the_call(number: str) -> domain.Violation:
    """Say that there is nobody to hang up."""
    reason = f"phoneNumber {domain.shown(number)} is not in the call"
    return domain.Violation(domain.ErrorCode.WRONG_STATE, reason, "phone_number", domain.Check.STATE)


def has_left(extension: str) -> domain.Violation:
    """Say that an extension has no view left to hang up."""
    return _state(f"extension {domain.shown(extension)} has already left the call")


def _state(reason: str) -> domain.Violation:
    return domain.Violation(_WRONG_STATE, reason, check=_STATE)


# Bound once, as the states are.
_WRONG_STATE, _STATE = domain.ErrorCode.WRONG_STATE, domain.Check.STATE


# What needs the call --------------------------------------------------------------------------------------------------


def already_in_the_call(number: str) -> domain.Violation:
    """Say that a phone of the call cannot be rung for it."""
    reason = f"sendCallTo {domain.shown(number)} is already in the call"
    return domain.Violation(domain.ErrorCode.SEND_CALL_TO_INVALID, reason, "send_call_to")


def recorded_otherwise(view: domain.PhoneCallView, form: str) -> domain.Violation:
    """Say that a recording in the other format runs."""
    reason = f"view {view.id} is already being recorded in {form}; that recording must be stopped first"
    return domain.Violation(domain.ErrorCode.RECORDING_IN_PROGRESS, reason, "format")


def unknown_party(field: str, number: str | None) -> domain.Violation:
    """Say that a transfer does not tell two parties, one of each side."""
    name = domain.wire_name(field)
    wrong = f"{name} {domain.shown(number)} is not a party to be transferred"
    reason = f"{name} is missing" if number is None else wrong
    return domain.Violation(domain.ErrorCode.TRANSFER_NUMBER_INVALID, reason, field)


def several_ring() -> domain.Violation:
    """Say that the phone that is to be deflected must be told."""
    reason = "several phones ring; transferFromNumber must tell which of them transfers the call"
    return domain.Violation(domain.ErrorCode.TRANSFER_NUMBER_INVALID, reason, "transfer_from_number")


def public_transfer() -> domain.Violation:
    """Say that the call was created so that it cannot be transferred."""
    reason = "the call goes to an outside number and was created without allowPublicTransfer"
    return domain.Violation(domain.ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED, reason)


def no_free_position() -> domain.Violation:
    """Say that the parking lot is full."""
    return domain.Violation(domain.ErrorCode.PARKING_FULL, "no parking position is free")
