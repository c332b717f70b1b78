"""Who is who in Park, Transfer and TransferToVoicemail: which party is sent away, and which one leaves."""

from typing import NamedTuple

from callstate import Park, PhoneCall, PhoneCallView, Transfer, TransferToVoicemail

TALKING = ("CONNECTED", "ON_HOLD")
UP = ("ANSWERED", "CONNECTED", "ON_HOLD", "PARKED")
SUPERVISORS = ("WHISPER", "MONITOR")


class Parties(NamedTuple):
    """The party that is parked or transferred, and the one that parks or transfers and leaves.

    `told` is false if the request names somebody who cannot be meant. `one` is false if several phones ring and
    nothing says which of them transfers.
    """

    sent: PhoneCallView
    leaver: PhoneCallView | None
    told: bool = True
    one: bool = True


# The parties of a call.


def facing(call: PhoneCall, view: PhoneCallView) -> list[PhoneCallView]:
    """Return the live views on other sides than this one."""
    return [v for v in call.views if v.state != "ENDED" and v.side is not None and v.side != view.side]


def main(views: list[PhoneCallView]) -> PhoneCallView | None:
    """Return the view of a side that is up, or else the first that rings, or else the first."""
    up = [v for v in views if v.state in UP]
    ringing = [v for v in views if v.state == "RINGING"]
    return next(iter(up + ringing + views), None)


def sides(call: PhoneCall) -> set[int]:
    """Return the sides that have a live view, and that of a parker as long as the other party is parked."""
    found = {v.side for v in call.views if v.state != "ENDED"} | {v.parking.side for v in call.views if v.parking}
    return {side for side in found if side is not None}


def opposite(call: PhoneCall, view: PhoneCallView) -> PhoneCallView | None:
    """Return the party on the other side, if there is just one other side."""
    return main(facing(call, view)) if len(sides(call) - {view.side}) == 1 else None


def party(call: PhoneCall, number: str) -> PhoneCallView | None:
    """Return the live party of a number: not a supervisor, and a mailbox only if nobody else has the number."""
    found = [v for v in call.views if v.extension == number != "" and v.state != "ENDED" and v.role not in SUPERVISORS]
    return next(iter([v for v in found if v.role != "VOICEMAIL"] + found), None)


def successor(call: PhoneCall, left: PhoneCallView | None) -> PhoneCallView | None:
    """Return the live leg that took the place of a party that has transferred or deflected the call."""
    return next((v for v in call.views if left is not None and v.id == left.successor and v.state != "ENDED"), None)


def former(call: PhoneCall, number: str) -> PhoneCallView | None:
    """Return the newest view of a transferor that has left, while its successor is live."""
    left = [v for v in call.views if v.extension == number != "" and v.state == "ENDED"]
    return next((v for v in reversed(left) if successor(call, v)), None)


# Park.


def park(call: PhoneCall, request: Park, view: PhoneCallView) -> Parties:
    """Park the party of the view, or the other one if the view is the asker's own or the parker would be outside."""
    if view.state == "PARKED":
        return Parties(view, None)
    if view.state == "ENDED":  # the parker asks again
        place = (view.side, view.extension)
        parked = (v for v in call.views if v.parking and (v.parking.side, v.parking.by) == place)
        return Parties(next(parked, view), None)
    other = opposite(call, view)
    if other is None or other.state == "PARKED":
        return Parties(view, None)
    waits, parks = (other, view) if view.extension == request.extension else (view, other)
    return Parties(parks, waits) if parks.outside else Parties(waits, parks)


# Transfer and TransferToVoicemail.


def transfer(call: PhoneCall, request: Transfer | TransferToVoicemail, view: PhoneCallView | None) -> Parties:
    """Tell the parties by the request, or else by the call."""
    parties = told(call, request, view)
    return two_parties(call) if parties is None else parties


def told(call: PhoneCall, request: Transfer | TransferToVoicemail, view: PhoneCallView | None) -> Parties | None:
    """Ask the numbers first, then the view, then the asker."""
    if request.transfer_from_number is not None:
        leaver = party(call, request.transfer_from_number) or former(call, request.transfer_from_number)
        return by_leaver(call, request, leaver)
    if request.transfer_number is not None:
        sent = party(call, request.transfer_number)
        return None if sent is None else by_sent(call, request, sent, view)
    if view is not None:
        return by_view(call, request, view)
    return by_leaver(call, request, party(call, request.extension) or former(call, request.extension))


def by_leaver(call: PhoneCall, request: Transfer | TransferToVoicemail, leaver: PhoneCallView | None) -> Parties | None:
    """Take the transferor as known; the other party is transferred, or that of `transferNumber`."""
    if leaver is None:
        return None
    if leaver.state != "ENDED" and leaver.side is None:  # it still rings to barge in
        return Parties(leaver, None)
    number = request.transfer_number
    sent = opposite(call, leaver) if number is None else party(call, number)
    if sent is None or sent.side == leaver.side:
        return None
    if leaver.state != "ENDED" or is_repeat(call, request, Parties(sent, leaver)):
        return Parties(sent, leaver)
    return Parties(sent, opposite(call, sent), told=False)  # a party that has left can only repeat its request


def by_sent(
    call: PhoneCall, request: Transfer | TransferToVoicemail, sent: PhoneCallView, view: PhoneCallView | None
) -> Parties:
    """Take the transferred party as known; the other one transfers, of several phones that ring the named one."""
    left = view if successor(call, view) else former(call, request.extension)
    if left is not None and left.side != sent.side and is_repeat(call, request, Parties(sent, left)):
        return Parties(sent, left)
    other = opposite(call, sent)
    if other is None or other.state != "RINGING":
        return Parties(sent, other)
    ringing = [v for v in facing(call, sent) if v.state == "RINGING"]
    named = [v for v in ringing if view is not None and v.id == view.id]
    own = [v for v in ringing if v.extension == request.extension]
    return Parties(sent, next(iter(named + own), other), one=len(ringing) == 1 or bool(named + own))


def by_view(call: PhoneCall, request: Transfer | TransferToVoicemail, view: PhoneCallView) -> Parties | None:
    """Transfer the party of the view, unless it is the asker, or the other party is outside."""
    if view.state == "ENDED":  # the transferor asks again
        return by_leaver(call, request, view if successor(call, view) else None)
    if view.extension == request.extension:
        return by_leaver(call, request, view) or Parties(view, None)
    parties = by_sent(call, request, view, None)
    other = parties.leaver
    if other is None or other.state == "ENDED" or not other.outside or other.extension == request.send_call_to:
        return parties
    return Parties(view, None) if view.outside else Parties(other, view)


def two_parties(call: PhoneCall) -> Parties:
    """Return two parties whom the request does not mean; their states are checked before the numbers are refused."""
    live = [v for v in call.views if v.state != "ENDED"]
    found = [main([v for v in live if v.side == side]) for side in sorted(sides(call))]
    parties = [v for v in found if v is not None]
    first, last = parties[0], parties[-1]
    if first.state == "RINGING" and last.state != "RINGING":
        first, last = last, first
    return Parties(first, last, told=False)


def is_repeat(call: PhoneCall, request: Transfer | TransferToVoicemail, parties: Parties) -> bool:
    """Tell whether the destination is there: alone on the other side, or in the place of a phone that deflected."""
    there = facing(call, parties.sent)
    leg = there[0] if len(there) == 1 else None
    if leg is None or not is_destination(request, leg):
        left = parties.leaver
        leg = successor(call, left) if left is not None and left.reason == "DEFLECTED" else None
    return leg is not None and is_destination(request, leg)


def is_destination(request: Transfer | TransferToVoicemail, leg: PhoneCallView) -> bool:
    """Tell whether a leg is the phone, or for TransferToVoicemail the mailbox, of `sendCallTo`."""
    mailbox = isinstance(request, TransferToVoicemail)
    return leg.extension == request.send_call_to and (leg.role == "VOICEMAIL") == mailbox


# The checks from the role on, in their order. Those before, and that the call has two sides, are on the page of each
# action.


def answer(call: PhoneCall, request: Park | Transfer | TransferToVoicemail, parties: Parties) -> tuple[str, str | None]:
    """Return "accepted", "repeat" or the code of the refusal; and the check that fails, if one does."""
    sent, leaver = parties.sent, parties.leaver
    if not can_take_part(sent):
        return "wrong_state", failed_by(sent)
    if sent.state == "PARKED" if isinstance(request, Park) else parties.told and is_repeat(call, request, parties):
        return "repeat", None
    if leaver is not None and not can_take_part(leaver):
        return "wrong_state", failed_by(leaver)
    if leaver is None or not states_fit(call, request, sent, leaver):
        return "wrong_state", "state"
    code = context(call, request, parties)
    return code, None if code == "accepted" else "context"


def can_take_part(view: PhoneCallView) -> bool:
    """Tell whether a view has the right role, and its state is known."""
    return view.role in ("PARTY", "BARGE") and view.state != "UNKNOWN"


def failed_by(view: PhoneCallView) -> str:
    """Return the check that fails because a view cannot take part."""
    return "state" if view.role in ("PARTY", "BARGE") else "role"


def states_fit(
    call: PhoneCall, request: Park | Transfer | TransferToVoicemail, sent: PhoneCallView, leaver: PhoneCallView
) -> bool:
    """Tell whether both are in conversation, or a call that still rings can be sent on (a deflection)."""
    if sent.state in TALKING:
        return leaver.state in TALKING and not (isinstance(request, Park) and leaver.outside)
    rings = sent.state in ("OFF_HOOK", "TRYING", "ANSWERED") and not sent.waits and leaver.state == "RINGING"
    up = [v for v in call.views if v.side == leaver.side and v.state in UP]
    return rings and not up and not isinstance(request, Park)


def context(call: PhoneCall, request: Park | Transfer | TransferToVoicemail, parties: Parties) -> str:
    """Make the checks that come after those of the states."""
    if isinstance(request, Park):
        return "parking_full" if request.position is None else "accepted"
    live = [v.extension for v in call.views if v.state != "ENDED"]
    if isinstance(request, Transfer) and request.send_call_to in live:
        return "send_call_to_invalid"
    if not parties.told or not (parties.one or parties.sent.state in TALKING):
        return "transfer_number_invalid"
    if isinstance(request, Transfer) and not call.allow_public_transfer:
        return "public_transfer_not_allowed"
    return "accepted"
