"""Mistakes about a new leg: its id, its place, and what it shows."""

from tests.oracle_mutants.mutant import mutant

_JOIN = 'leg.id = f"{max((known.number for known in self.legs), default=-1) + 1:02}"'
_RETRIEVES = "    call.ring(leg, other=waiting, at=at, wait=int(request.wait_for_pickup))\n"
_SENDS = "        call.ring(leg, other=sent, at=at, wait=call.value.wait_for_pickup)\n"
_BESIDE = "    leg.source, leg.destination, leg.flow = rung.source, rung.destination, rung.flow\n"
_FLOW = "    if leg.outside:\n        return Flow.OUTGOING\n    return Flow.INCOMING if other.outside else Flow.LOCAL\n"
_SIDE_OF_LEG = "leg = call.new_leg(request.send_call_to, side=lot.side, caller_id=request.caller_id)"
_OF_RING_BACK = "side=lot.side, caller_id=caller_id_in_the_lot(call, lot))"
_OF_TRANSFER = "side=sender.side, caller_id=sender.caller_id)"

MUTANTS = (
    # What a new leg shows.
    mutant("the id of a new view is the number of views", "state", _JOIN, 'leg.id = f"{len(self.legs):02}"'),
    mutant(
        "the id of a new view is the number of views that live",
        "state",
        _JOIN,
        'leg.id = f"{max([known.number for known in self.live], default=-1) + 1:02}"',
    ),
    mutant("the id of a new view has no leading zero", "state", _JOIN, _JOIN.replace(":02", "")),
    mutant("the id of a new view has three digits", "state", _JOIN, _JOIN.replace(":02", ":03")),
    mutant(
        "a phone that retrieves stands on the side of the parked party",
        "parking",
        _SIDE_OF_LEG,
        _SIDE_OF_LEG.replace("lot.side", "waiting.side"),
    ),
    mutant(
        "the source of a phone that retrieves is the parker",
        "parking",
        _RETRIEVES,
        _RETRIEVES + "    leg.source = (lot.by,)\n",
    ),
    mutant(
        "the source of a phone that a party is sent to is the transferor",
        "transfers",
        _SENDS,
        _SENDS + "        leg.source = sender.numbers\n",
    ),
    mutant(
        "the source of a supervisor is the other party",
        "rings",
        "    call.ring(leg, other=target, at=at",
        "    call.ring(leg, other=call.main(call.opposite(target.side)) or target, at=at",
    ),
    mutant("a phone that picks up shows a source, a destination and a flow of its own", "rings", _BESIDE, ""),
    mutant(
        "a phone that picks up shows a destination of its own",
        "rings",
        _BESIDE,
        "    leg.source, leg.flow = rung.source, rung.flow\n",
    ),
    mutant(
        "a phone that picks up does not show who calls",
        "rings",
        "    if leg.caller_id is None:\n        leg.caller_id = rung.caller_id\n",
        "",
    ),
    mutant(
        "a phone that picks up always shows who calls",
        "rings",
        "    if leg.caller_id is None:\n        leg.caller_id = rung.caller_id\n",
        "    leg.caller_id = rung.caller_id or leg.caller_id\n",
    ),
    mutant(
        "a phone that retrieves does not show who calls",
        "parking",
        "        leg.caller_id = caller_id_in_the_lot(call, lot)\n",
        "        pass\n",
    ),
    mutant(
        "a phone that retrieves shows what the parked party shows",
        "parking",
        "        leg.caller_id = caller_id_in_the_lot(call, lot)\n",
        "        leg.caller_id = waiting.caller_id\n",
    ),
    mutant("a parker that is rung back does not see who waits", "parking", _OF_RING_BACK, "side=lot.side)"),
    mutant("a phone that a party is sent to does not show who calls", "transfers", _OF_TRANSFER, "side=sender.side)"),
    mutant(
        "a phone that a party is sent to shows what that party shows",
        "transfers",
        _OF_TRANSFER,
        _OF_TRANSFER.replace("sender.caller_id", "sent.caller_id"),
    ),
    mutant(
        "a supervisor shows what its target shows",
        "rings",
        "leg.target, leg.caller_id = target.id, request.caller_id",
        "leg.target, leg.caller_id = target.id, request.caller_id or target.caller_id",
    ),
    mutant(
        "a supervisor does not show the callerId of the request",
        "rings",
        "leg.target, leg.caller_id = target.id, request.caller_id",
        "leg.target = target.id",
    ),
    mutant(
        "a phone that picks up does not show the callerId of the request",
        "rings",
        "side=rung.side, caller_id=request.caller_id)",
        "side=rung.side)",
    ),
    mutant(
        "a call from outside to outside is incoming",
        "state",
        _FLOW,
        "    if other.outside:\n        return Flow.INCOMING\n    return Flow.OUTGOING if leg.outside else Flow.LOCAL\n",
    ),
    mutant(
        "a phone that a call from outside is sent to is local",
        "state",
        _FLOW,
        _FLOW.replace("Flow.INCOMING if other.outside else Flow.LOCAL", "Flow.LOCAL"),
    ),
    mutant("an outside phone that a party is sent to is local", "state", _FLOW, _FLOW.replace("OUTGOING", "LOCAL")),
    mutant(
        "a supervisor is not whispering in private",
        "rings",
        "    leg.private = isinstance(request, Whisper) and int(request.private) == 1\n",
        "",
    ),
    mutant(
        "a supervisor that changes its role keeps private",
        "rings",
        "leg.role, leg.private = role, private",
        "leg.role = role",
    ),
)
