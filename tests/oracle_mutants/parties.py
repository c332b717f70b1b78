"""Mistakes about who is parked, and who is who in a transfer."""

from tests.oracle_mutants.mutant import mutant

_WAITS = "    waiting, parker = (other, leg) if leg.extension == request.extension else (leg, other)\n"
_OUTSIDE = "return (parker, waiting) if parker is not None and parker.outside else (waiting, parker)"
_BY_ASKER = "        return _sent_by(call, call.bearer(request.extension), former(call, request.extension), None)\n"
_NUMBERS = "    to, sender = request.transfer_number, request.transfer_from_number\n"
_OWN = "    if view.extension == request.extension:\n        return _sent_by(call, view, None, None)\n"
_FACED = (
    "    if sender is None or not sender.outside or sender.extension == request.send_call_to:\n        return parties\n"
)
_TOLD = "    told += [leg for leg in ringing if leg.extension == request.extension]\n"
_BEARER = "key=lambda leg: (leg.role == Role.VOICEMAIL, leg.number), default=None)"
_MAIN = "key=lambda leg: (not leg.up, leg.state != RINGING, leg.number), default=None)"
_PARKS = '    waiting.move("Park", at)\n'

MUTANTS = (
    # Park.
    mutant(
        "the party that is named is parked, even by its own view",
        "parking",
        _WAITS,
        "    waiting, parker = leg, other\n",
    ),
    mutant("the party that is named is always the parker", "parking", _WAITS, "    waiting, parker = other, leg\n"),
    mutant(
        "an outside party parks an extension",
        "parking",
        _OUTSIDE,
        "return waiting, parker",
        " or parker is None or parker.outside:",
        " or parker is None:",
    ),
    mutant("nobody is parked if the parker would be outside", "parking", _OUTSIDE, "return waiting, parker"),
    mutant("an outside party that is parked is not listed", "parking", "    waiting.listed = True\n", ""),
    mutant(
        "an outside party stays listed once it is retrieved", "legs", "        self.listed = not self.outside\n", ""
    ),
    mutant(
        "a party that was parked is no longer recorded", "parking", _PARKS, _PARKS + "    waiting.recording = None\n"
    ),
    mutant("parkedBy is the extension that asks", "parking", "by=parker.extension,", "by=request.extension,"),
    mutant(
        "a party can be parked while the other end rings",
        "parking",
        "if not both_on_call(waiting, parker) or waiting",
        "if not both_on_call(waiting) or waiting",
    ),
    # Who is who in a transfer.
    mutant(
        "without numbers and a view the asker is transferred",
        "parties",
        _BY_ASKER,
        "        return _sent(call, request, call.bearer(request.extension))\n",
    ),
    mutant(
        "the view counts before the transfer numbers",
        "parties",
        "    if sender is not None:\n        return _sent_by(call, call.bearer(sender)",
        "    if request.view_id is not None and call.leg(request.view_id) is not None:\n        return _by_view(call, request, call.leg(request.view_id))\n    if sender is not None:\n        return _sent_by(call, call.bearer(sender)",
    ),
    mutant("transferNumber is not read", "parties", _NUMBERS, _NUMBERS.replace("request.transfer_number,", "None,")),
    mutant(
        "transferFromNumber is not read", "parties", _NUMBERS, _NUMBERS.replace("request.transfer_from_number", "None")
    ),
    mutant(
        "transferNumber is the transferor and transferFromNumber the transferred",
        "parties",
        _NUMBERS,
        "    sender, to = request.transfer_number, request.transfer_from_number\n",
    ),
    mutant("the party of the own view is transferred", "parties", _OWN, ""),
    mutant(
        "the party of the view is the transferor",
        "parties",
        _OWN,
        _OWN.replace("view.extension == request.extension", "True"),
    ),
    mutant("an outside party is the transferor of the party of the view", "parties", _FACED, "    return parties\n"),
    mutant(
        "a retry by the view does not find the outside phone that the party was sent to",
        "parties",
        _FACED,
        _FACED.replace(" or sender.extension == request.send_call_to", ""),
    ),
    mutant(
        "the first of several phones that ring sends the call on",
        "parties",
        "return told[0] if told else None",
        "return told[0] if told else ringing[0]",
    ),
    mutant("of several phones that ring the one that asks does not send the call on", "parties", _TOLD, ""),
    mutant(
        "of several phones that ring the one that is named does not send the call on",
        "parties",
        "told = [leg for leg in ringing if leg.id == request.view_id]",
        "told: list[Leg] = []",
    ),
    mutant(
        "a number means the mailbox before the phone", "state", _BEARER, _BEARER.replace("leg.role ==", "leg.role !=")
    ),
    mutant(
        "a number means a supervisor too",
        "state",
        "if not leg.supervises and leg.extension == number",
        "if leg.extension == number",
    ),
    mutant(
        "the first phone of the other end is the other party, even if it does not ring",
        "state",
        _MAIN,
        _MAIN.replace("leg.state != RINGING, ", ""),
    ),
    mutant(
        "the last phone that rings at the other end is the other party",
        "state",
        _MAIN,
        _MAIN.replace("leg.number)", "-leg.number)"),
    ),
)
