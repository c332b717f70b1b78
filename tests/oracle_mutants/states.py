"""Mistakes about what the roles and the states of the parties allow."""

from tests.oracle_mutants.mutant import mutant

_TALKS = "leg = subject(named(call, request.view_id), *TALKING)"
_START = f"def plan_start_recording(call: Conversation, request: StartRecording) -> Effect:\n    {_TALKS}"
_STOP = f"def plan_stop_recording(call: Conversation, request: StopRecording) -> Effect:\n    {_TALKS}"
_HOLD = f"    name = type(request).__name__\n    {_TALKS}"
_PARTY = "rung = subject(named(call, request.view_id), Role.PARTY)"
_FREE_TO_SEND = "    if isinstance(request, Transfer):\n        need_free(call, request.send_call_to)\n"
_PUBLIC = "    if isinstance(request, Transfer) and not call.value.allow_public_transfer:\n        refuse(ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED)\n"
_CALLER = "        return leg.side == 0 and leg.until is None and leg.state != RINGING"

MUTANTS = (
    # Roles.
    mutant("a transfer is possible in a conference", "transfers", "    need_two_sides(call)\n", ""),
    mutant("a party is parked in a conference", "parking", "    need_two_sides(call)\n    other =", "    other ="),
    mutant(
        "a guest that still rings makes no conference",
        "guards",
        "len(call.sides()) != 2",
        "len(call.sides_up() | {lot.side for lot in call.lots()}) > 2",
    ),
    mutant(
        "a phone that rings to retrieve is not picked up",
        "rings",
        _PARTY,
        _PARTY + "\n    subject(rung, *([] if any(lot.side == rung.side for lot in call.lots()) else [Role.PARTY]))",
    ),
    mutant("a phone that rings to supervise is picked up", "rings", _PARTY, "rung = named(call, request.view_id)"),
    mutant("a party that has barged in cannot hold", "holds", _HOLD, _HOLD.replace("*TALKING", "TALKING[0]")),
    mutant("a party that has barged in is not recorded", "holds", _START, _START.replace("*TALKING", "TALKING[0]")),
    mutant(
        "a party that has barged in is not supervised",
        "rings",
        "target = subject(named(call, request.view_id), *TALKING)",
        "target = subject(named(call, request.view_id), TALKING[0])",
    ),
    mutant(
        "a party that has barged in is not parked",
        "parking",
        "    leg = subject(named(call, request.view_id), *TALKING)\n    need_two_sides",
        "    leg = subject(named(call, request.view_id), TALKING[0])\n    need_two_sides",
    ),
    mutant(
        "a party that has barged in is not transferred",
        "transfers",
        "subject(sent, *TALKING)",
        "subject(sent, TALKING[0])",
    ),
    mutant(
        "a supervisor is supervised",
        "rings",
        "target = subject(named(call, request.view_id), *TALKING)",
        "target = subject(named(call, request.view_id), *Role)",
    ),
    mutant("a supervisor is recorded", "holds", _START, _START.replace("*TALKING", "*TALKING, *type(TALKING[0])")),
    mutant(
        "a hold is reported of a mailbox",
        "signals",
        "        return leg.talks\n",
        "        return not leg.supervises\n",
    ),
    mutant(
        "a party is parked away from its mailbox",
        "parking",
        "    if other is not None and not other.talks:\n        refuse(ErrorCode.WRONG_STATE, check=Check.ROLE)\n",
        "",
        "if not both_on_call(waiting, parker) or waiting is None or parker is None or parker.outside:",
        "if waiting is None or parker is None or parker.outside or not (waiting.on_call and parker.on_call):",
    ),
    mutant(
        "a party is transferred away from its mailbox",
        "transfers",
        "(both_on_call(sent, sender) or",
        "((sent.on_call and sender.on_call) or",
    ),
    # States.
    mutant(
        "StopRecording of a party in an unknown state is a repeat",
        "holds",
        _STOP,
        _STOP.replace(_TALKS, "leg = named(call, request.view_id)"),
    ),
    mutant(
        "a party that holds is barged into",
        "table",
        '("BargeIn", (CONNECTED,), None)',
        '("BargeIn", (CONNECTED, ON_HOLD), None)',
    ),
    mutant(
        "a party that holds is whispered to",
        "table",
        '("Whisper", (CONNECTED,), None)',
        '("Whisper", (CONNECTED, ON_HOLD), None)',
    ),
    mutant(
        "a party that holds is not monitored",
        "table",
        '("Monitor", (CONNECTED, ON_HOLD), None)',
        '("Monitor", (CONNECTED,), None)',
    ),
    mutant(
        "a phone that is off the hook is answered",
        "table",
        '("Answered", (TRYING, RINGING, UNKNOWN), ANSWERED)',
        '("Answered", (OFF_HOOK, TRYING, RINGING, UNKNOWN), ANSWERED)',
    ),
    mutant(
        "a phone that is tried does not answer before it rings",
        "table",
        '("Answered", (TRYING, RINGING, UNKNOWN), ANSWERED)',
        '("Answered", (RINGING, UNKNOWN), ANSWERED)',
    ),
    mutant(
        "a party of which nothing is known does not answer",
        "table",
        '("Answered", (TRYING, RINGING, UNKNOWN), ANSWERED)',
        '("Answered", (TRYING, RINGING), ANSWERED)',
    ),
    mutant(
        "a party of which nothing is known is not hung up",
        "hangups",
        "    if leg is None or leg.can",
        "    subject(leg or call.live[0], *Role)\n    if leg is None or leg.can",
    ).also(
        "hangups",
        "from tests.oracle.legs import Leg",
        "from tests.oracle.guards import subject\nfrom tests.oracle.legs import Leg",
    ),
    mutant(
        "a party that is up alone can hold",
        "table",
        '("OnHold", (CONNECTED,), ON_HOLD)',
        '("OnHold", (CONNECTED, ANSWERED), ON_HOLD)',
    ),
    mutant(
        "a party that waits in the lot is not recorded on",
        "table",
        '("StopRecording", UP_STATES, None)',
        '("StopRecording", (ANSWERED, CONNECTED, ON_HOLD), None)',
    ),
    mutant(
        "a party that waits for the other end is recorded",
        "table",
        '("StartRecording", (CONNECTED, ON_HOLD), None)',
        '("StartRecording", (ANSWERED, CONNECTED, ON_HOLD), None)',
    ),
    mutant(
        "a party that holds is not recorded",
        "table",
        '("StartRecording", (CONNECTED, ON_HOLD), None)',
        '("StartRecording", (CONNECTED,), None)',
    ),
    mutant(
        "a caller that dials rings",
        "signals",
        "    return not (isinstance(signal, Rang) and leg.side == 0 and dials_itself(leg))",
        "    return True",
    ),
    mutant("a called phone dials", "signals", _CALLER, "        return leg.until is None and leg.state != RINGING"),
    mutant("a phone that the service rings dials", "signals", _CALLER, "        return leg.side == 0"),
    mutant(
        "a phone that is off the hook hears no ringing",
        "table",
        '("FarEndRang", (OFF_HOOK, TRYING, UNKNOWN)',
        '("FarEndRang", (TRYING, UNKNOWN)',
    ),
    # What is in the call already.
    mutant(
        "UnPark rings a phone that is in the call already",
        "parking",
        '    need(waiting, "UnPark")\n    need_free(call, request.send_call_to)\n',
        '    need(waiting, "UnPark")\n',
    ),
    mutant(
        "PickUp rings a phone that is in the call already",
        "rings",
        '    need(rung, "PickUp")\n    need_free(call, request.send_call_to)\n',
        '    need(rung, "PickUp")\n',
    ),
    mutant("a supervisor is rung although it is in the call already", "rings", "    need_free(call, number)\n", ""),
    mutant("a transfer goes to a phone that is in the call already", "transfers", _FREE_TO_SEND, ""),
    mutant(
        "a phone that supervises is not in the call",
        "guards",
        "leg.extension == number for leg in call.live",
        "leg.extension == number and not leg.supervises for leg in call.live",
    ),
    mutant(
        "a phone that rings is not in the call",
        "guards",
        "leg.extension == number for leg in call.live",
        "leg.extension == number and leg.up for leg in call.live",
    ),
    mutant(
        "the mailbox of a phone that is in the call is refused",
        "transfers",
        _FREE_TO_SEND,
        "    need_free(call, request.send_call_to)\n",
    ),
    # Public transfers.
    mutant(
        "a forbidden public transfer lets a party go to an extension",
        "transfers",
        "isinstance(request, Transfer) and not call.value.allow_public_transfer:",
        "isinstance(request, Transfer) and not (call.value.allow_public_transfer or call.numbering.is_extension(request.send_call_to)):",
    ),
    mutant(
        "a forbidden public transfer refuses a mailbox too",
        "transfers",
        "isinstance(request, Transfer) and not call.value.allow_public_transfer:",
        "not call.value.allow_public_transfer:",
    ),
    mutant(
        "a forbidden public transfer lets a phone that rings send the call on",
        "transfers",
        "isinstance(request, Transfer) and not call.value.allow_public_transfer:",
        "isinstance(request, Transfer) and sender.state != RINGING and not call.value.allow_public_transfer:",
    ),
    mutant("a public transfer is never forbidden", "transfers", _PUBLIC, ""),
)
