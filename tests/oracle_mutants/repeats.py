"""Mistakes about repeats: what is accepted and changes nothing."""

from tests.oracle_mutants.mutant import mutant

_RETRIEVED = "_rings_already(call, waiting, request.send_call_to) or _retrieved(call, waiting, request.send_call_to)"
_THERE = "leg.state == RINGING or leg.up for leg in there"
_JOINED = "(leg.role, leg.private) == (role, private) and _has_joined(leg, target) for leg in own"
_HAS_JOINED = "return leg.target == target.id or (leg.role == Role.BARGE and leg.up)"
_SENT = "        if sent_already(call, request, parties):"
_ALONE = "    if there == [wanted]:\n"
_WHOSE = "    there = [(leg.extension, leg.role == Role.VOICEMAIL) for leg in call.on_side(call.opposite(sent.side))]"
_LATER = "former is None or former.reason is not EndReason.DEFLECTED or"
_PARKED = '    if leg.can("Park again") or (not leg.live and is_parker(call, leg)):\n'
_START = "leg.recording is not None and leg.recording.format == request.format"
_OTHERWISE = "    if leg.recording is not None:\n        refuse(ErrorCode.RECORDING_IN_PROGRESS)\n"
_STOPPED = "    if leg.recording is None:\n        raise Repeated\n"
_HELD = '    if leg.can(f"{name} again"):\n        raise Repeated\n    need(leg, name)'
_TAKES = "    if joined is not None:\n"
_NEED = "    need(target, name)\n"

MUTANTS = (
    mutant(
        "a repeated UnPark is refused while the phone rings",
        "parking",
        _RETRIEVED,
        "_retrieved(call, waiting, request.send_call_to)",
    ),
    mutant(
        "a repeated UnPark is refused after the answer",
        "parking",
        _RETRIEVED,
        "_rings_already(call, waiting, request.send_call_to)",
    ),
    mutant(
        "UnPark of a party that was never parked is a repeat",
        "parking",
        "party.state != PARKED and was_parked(call, party) and there",
        "party.state != PARKED and there",
    ),
    mutant(
        "UnPark by the view of the parker that has left is refused",
        "authorization",
        "            return meant_by(call, leg) is not None\n",
        "            return False\n",
    ),
    mutant(
        "UnPark by the view of the parker is refused after the answer",
        "parking",
        "return next((party for party in call.live if _was_parked_by(call, party, leg)), None)",
        "return None",
    ),
    mutant(
        "a repeated UnPark of a party that is no longer listed is refused",
        "authorization",
        "return leg.live and _is_repeat(plan_unpark, call, request)",
        "return False",
    ),
    mutant(
        "UnPark of a party that is not listed is accepted",
        "authorization",
        "return leg.live and _is_repeat(plan_unpark, call, request)",
        "return leg.live",
    ),
    mutant("a repeated PickUp is refused while the phone rings", "rings", _THERE, "leg.up for leg in there"),
    mutant("a repeated PickUp is refused after the answer", "rings", _THERE, "leg.state == RINGING for leg in there"),
    mutant(
        "a PickUp by the view that was picked up is refused",
        "authorization",
        "return _is_repeat(plan_pick_up, call, request)",
        "return False",
    ),
    mutant(
        "a PickUp by any view that has ended is a repeat",
        "authorization",
        "return _is_repeat(plan_pick_up, call, request)",
        "return True",
    ).also(
        "rings",
        '    need(rung, "PickUp")\n',
        '    if not rung.live:\n        raise Repeated\n    need(rung, "PickUp")\n',
    ),
    mutant("a repeated supervision is refused while the phone rings", "rings", _JOINED, f"leg.up and {_JOINED}"),
    mutant("a repeated supervision is refused after the answer", "rings", _JOINED, f"not leg.up and {_JOINED}"),
    mutant(
        "a repeated BargeIn is refused once the phone has joined",
        "rings",
        _HAS_JOINED,
        "return leg.target == target.id",
    ),
    mutant(
        "a Whisper with another private is a repeat",
        "rings",
        "(leg.role, leg.private) == (role, private)",
        "leg.role == role",
    ),
    mutant("a supervision of one party is a repeat for the other one", "rings", _HAS_JOINED, "return True"),
    mutant(
        "a repeated supervision is refused once its target holds",
        "rings",
        "    if any((leg.role",
        "    need(target, name)\n    if any((leg.role",
    ),
    mutant(
        "a supervisor does not change its role",
        "rings",
        _TAKES,
        "    if joined is not None and joined.private is None:\n",
    ),
    mutant(
        "a supervisor is rung again to change its role",
        "rings",
        _TAKES,
        "    if joined is not None:\n        return lambda at: (joined.end('is let go', at, EndReason.TARGET_LEFT), _ring_to_join(call, call.new_leg(number, role=role), target, request, at))[0]\n    if joined is not None:\n",
    ).also("rings", "import RINGING, PickUp", "import RINGING, EndReason, PickUp"),
    mutant("another role of a supervisor is a repeat", "rings", "(leg.role, leg.private) == (role, private) and", ""),
    mutant(
        "a supervisor changes its role in any state of its target",
        "rings",
        _NEED,
        "",
        "    need_free(call, number)\n",
        "    need(target, name)\n    need_free(call, number)\n",
    ),
    mutant(
        "a supervisor that rings does not change its role",
        "rings",
        "if leg.target == target.id), None)",
        "if leg.target == target.id and leg.up), None)",
    ),
    mutant(
        "a repeated Transfer is refused",
        "transfers",
        _SENT,
        "        if not isinstance(request, Transfer) and sent_already(call, request, parties):",
    ),
    mutant(
        "a repeated TransferToVoicemail is refused",
        "transfers",
        _SENT,
        "        if isinstance(request, Transfer) and sent_already(call, request, parties):",
    ),
    mutant(
        "TransferToVoicemail to a phone that is there is a repeat",
        "transfers",
        _WHOSE,
        _WHOSE.replace("leg.role == Role.VOICEMAIL", "wanted[1]"),
    ),
    mutant("Transfer is a repeat while other phones ring there too", "transfers", _ALONE, "    if wanted in there:\n"),
    mutant(
        "a repeated deflection is refused while other phones ring there",
        "transfers",
        _LATER,
        "former is None or former.reason is not None or",
    ),
    mutant("a repeated Transfer is accepted while other phones ring there", "transfers", _LATER, "former is None or"),
    mutant(
        "a transferor that has left asks again although its successor has left", "parties", " and successor.live", ""
    ),
    mutant(
        "a party that has sent a call on while it rang does not ask again",
        "parties",
        "(EndReason.TRANSFERRED, EndReason.DEFLECTED)",
        "(EndReason.TRANSFERRED,)",
    ),
    mutant(
        "a transferor that has left does not name its own view again",
        "authorization",
        "return has_sent(call, leg) and _is_repeat(plan_send, call, request)",
        "return False",
    ),
    mutant(
        "a repeated Park of the party that is parked is refused",
        "parking",
        _PARKED,
        _PARKED.replace('leg.can("Park again") or ', ""),
    ),
    mutant(
        "a repeated Park by the own view of the parker is refused",
        "authorization",
        "return is_parker(call, leg) and _is_repeat(plan_park, call, request)",
        "return False",
    ),
    mutant(
        "any view of the side of the parker repeats its Park",
        "parking",
        "(lot.by, lot.side) == (leg.extension, leg.side)",
        "lot.side == leg.side",
    ),
    mutant(
        "the view of the phone that is rung back repeats a Park",
        "parking",
        "(not leg.live and is_parker(call, leg))",
        "is_parker(call, leg)",
    ),
    mutant(
        "a repeated StartRecording is refused in the lot",
        "holds",
        f"    if {_START}",
        f'    need(leg, "StartRecording")\n    if {_START}',
    ),
    mutant("StartRecording in another format is a repeat", "holds", _START, "leg.recording is not None"),
    mutant("StartRecording in another format records again", "holds", _OTHERWISE, ""),
    mutant("a repeated StartRecording is refused", "holds", f"    if {_START}:\n        raise Repeated\n", ""),
    mutant(
        "a repeated StartRecording records again",
        "holds",
        f"    if {_START}:\n        raise Repeated\n",
        "",
        _OTHERWISE,
        f"    if leg.recording is not None and not ({_START}):\n        refuse(ErrorCode.RECORDING_IN_PROGRESS)\n",
    ),
    mutant(
        "StopRecording is refused if nothing is recorded",
        "holds",
        _STOPPED,
        "    if leg.recording is None:\n        refuse(ErrorCode.WRONG_STATE)\n",
    ),
    mutant(
        "StopRecording of a phone that rings is refused",
        "holds",
        _STOPPED,
        '    need(leg, "StopRecording")\n' + _STOPPED,
    ),
    mutant("a repeated OnHold is refused", "holds", _HELD, _HELD.replace("if leg", 'if name == "OffHold" and leg')),
    mutant("a repeated OffHold is refused", "holds", _HELD, _HELD.replace("if leg", 'if name == "OnHold" and leg')),
    mutant(
        "a repeated OnHold holds again",
        "table",
        '("OnHold again", (ON_HOLD,), None)',
        '("OnHold again", (ENDED,), None)',
        '("OnHold", (CONNECTED,), ON_HOLD)',
        '("OnHold", (CONNECTED, ON_HOLD), ON_HOLD)',
    ),
    mutant(
        "a repeated report of a hold holds again",
        "table",
        '("Held again", (ON_HOLD, PARKED, ENDED), None)',
        '("Held again", (PARKED, ENDED), None)',
        '("Held", (CONNECTED,), ON_HOLD)',
        '("Held", (CONNECTED, ON_HOLD), ON_HOLD)',
    ),
    mutant(
        "a hang-up of a number that is not there is refused",
        "hangups",
        '        raise Repeated("phoneNumber", number)',
        "        refuse(ErrorCode.WRONG_STATE)",
    ).also(
        "hangups",
        "import SELF, EndReason, HangUp, Role",
        "import SELF, EndReason, ErrorCode, HangUp, Role",
        "import Repeated\n",
        "import Repeated, refuse\n",
    ),
    mutant(
        "a hang-up of a number that is not there hangs up the view",
        "hangups",
        "    if request.phone_number is not None:\n",
        "    if request.phone_number in {leg.extension for leg in call.live}:\n",
    ),
    mutant(
        "a hang-up of a call that is over is refused",
        "call",
        "if self.over and (self.strict or not isinstance(request, HangUp)):",
        "if self.over:",
    ),
)
