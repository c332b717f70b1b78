"""What is allowed on a view: the actions by which some request that names it would change the call."""

from who_is_who import TALKING, UP, can_take_part, facing, main, sides

from callstate import PhoneCall, PhoneCallView

ORDER = (
    *("OnHold", "OffHold", "Park", "UnPark", "PickUp", "BargeIn", "Whisper", "Monitor"),
    *("Transfer", "TransferToVoicemail", "StartRecording", "StopRecording", "HangUp"),
)
TWO_SIDES = 2


def allowed(call: PhoneCall, view_id: str) -> list[str]:
    """Return the names of the actions, in the order of the table."""
    view = call.view(view_id)
    if view is None or not view.listed or view.state == "ENDED":
        return []
    found = {"HangUp"}
    if view.role == "PARTY" and view.state == "RINGING":
        found.add("PickUp")
    if can_take_part(view):
        found |= of_one_party(view)
        if len(sides(call)) == TWO_SIDES and view.side is not None:
            found |= of_two_parties(call, view)
    return [name for name in ORDER if name in found]


def of_one_party(view: PhoneCallView) -> set[str]:
    """Return what depends on the view alone."""
    found = set()
    if view.state == "CONNECTED":
        found |= {"OnHold", "BargeIn", "Whisper", "Monitor"}
    if view.state == "ON_HOLD":
        found |= {"OffHold", "Monitor"}
    if view.state in TALKING and view.recording is None:
        found.add("StartRecording")
    if view.state in UP and view.recording is not None:
        found.add("StopRecording")
    return found


def of_two_parties(call: PhoneCall, view: PhoneCallView) -> set[str]:
    """Return what depends on the other party, in a call that has just two sides."""
    if view.state == "PARKED":
        return {"UnPark"}
    there = facing(call, view)
    other = main(there)
    if other is None or not can_take_part(other) or not can_send(call, view, other, there):
        return set()
    found = {"Transfer", "TransferToVoicemail"} if call.allow_public_transfer else {"TransferToVoicemail"}
    if view.state in TALKING and not (view.outside and other.outside):
        found.add("Park")
    return found


def can_send(call: PhoneCall, view: PhoneCallView, other: PhoneCallView, there: list[PhoneCallView]) -> bool:
    """Tell whether one of the two can send the other away, or a call that rings can be sent on."""
    if view.state in TALKING or other.state in TALKING:
        return view.state in TALKING and other.state in TALKING
    if view.state == "RINGING":
        here = [v for v in call.views if v.side == view.side and v.state in UP]
        return other.state in ("OFF_HOOK", "TRYING", "ANSWERED") and not other.waits and not here
    rings = any(v.state == "RINGING" and can_take_part(v) and not v.outside for v in there)
    return rings and view.state in ("OFF_HOOK", "TRYING", "ANSWERED") and not view.waits and other.state not in UP
