"""Which views a HangUp ends by itself; what follows for the others is said by the rules across the views."""

from callstate import HangUp, PhoneCall, PhoneCallView


def leaving(call: PhoneCall, request: HangUp) -> list[PhoneCallView]:
    """Return the views that end with the reason HUNG_UP. Without any the request is a repeat."""
    live = [v for v in call.views if v.state != "ENDED"]
    if request.phone_number is not None:  # an unlisted party too; a withheld number names nobody
        numbered = [v for v in live if v.extension == request.phone_number != "" and v.role != "VOICEMAIL"]
        return numbered[:1]
    if request.view_id is not None:
        return [v for v in live if v.id == request.view_id]
    return live if ends_the_call(call, request.extension) else [v for v in live if v.extension == request.extension]


def ends_the_call(call: PhoneCall, asker: str) -> bool:
    """Tell whether the asker ends the whole call, or only its own views."""
    own = [v for v in call.views if v.extension == asker and v.state != "ENDED"]
    if asker == "@self" or any(v.state in UP and v.role in ("PARTY", "VOICEMAIL") for v in own):
        return True
    reasons = [v.reason for v in reversed(call.views) if v.extension == asker and v.state == "ENDED"]
    if any(v.parking is not None and v.parking.by == asker for v in call.views):
        return not own and reasons[:1] == ["PARKED"]  # the last that it did was to park the party
    has_left_again = "PARKED" in reasons[1:] and reasons[0] != "PARKED"
    return asker == call.extension and not has_left_again


UP = ("ANSWERED", "CONNECTED", "ON_HOLD", "PARKED")
