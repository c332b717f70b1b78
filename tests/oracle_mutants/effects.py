"""Mistakes about what an action or a report does to the parties of the call."""

from tests.oracle_mutants.mutant import mutant

_RUNG = "        leg.listed = not leg.outside\n        if not leg.outside:\n"
_SENDS = "        call.ring(leg, other=sent, at=at, wait=call.value.wait_for_pickup)\n"
_MAILBOX = "leg.role, leg.state, leg.listed, leg.answered = Role.VOICEMAIL, CONNECTED, False, at"
_OF_TRANSFER = "side=sender.side, caller_id=sender.caller_id)"
_LEAVES = '    sender.end("is let go", at, EndReason.DEFLECTED if deflected else EndReason.TRANSFERRED)\n'
_DEFLECT = '    return rings and sender.side not in call.sides_up() and sent.talks and sent.can("Deflection") and not sent.waits'
_HELD = "    return lambda at: leg.move(name, at)"
_LIMIT = "    elif isinstance(signal, Rang) and leg.outside and leg.until is not None:"
_WAITED = "        ring_waiting(call, leg, at)\n        leg.listed = not leg.outside\n"

MUTANTS = (
    # What a transfer does.
    mutant(
        "the transferred party is no longer recorded", "transfers", _LEAVES, _LEAVES + "    sent.recording = None\n"
    ),
    mutant(
        "the transferred party stays connected",
        "table",
        '("Transfer", (CONNECTED, ON_HOLD), ANSWERED)',
        '("Transfer", (CONNECTED, ON_HOLD), CONNECTED)',
    ).also(
        "rules",
        "    alone = [leg for leg in call.live if leg.side is not None",
        "    alone = [leg for leg in call.live if leg.side is not None and not any(other.successor for other in call.legs)",
    ),
    mutant(
        "an outside phone that a party is sent to rings and is listed",
        "state",
        _RUNG,
        "        leg.listed = True\n        if True:\n",
    ),
    mutant(
        "an outside phone that a party is sent to is listed",
        "state",
        _RUNG,
        _RUNG.replace("not leg.outside\n", "True\n", 1),
    ),
    mutant(
        "a phone that a party is sent to rings for 25 s",
        "transfers",
        _SENDS,
        _SENDS.replace("call.value.wait_for_pickup", "25"),
    ),
    mutant(
        "an outside phone that a party is sent to has no limit",
        "transfers",
        _SENDS,
        _SENDS + "        leg.until = None if leg.outside else leg.until\n",
    ),
    mutant(
        "the view of a transferor does not tell who came in its place",
        "transfers",
        "    sender.successor = leg.id\n",
        "",
    ),
    mutant(
        "a phone that a party is sent to stands on a side of its own",
        "transfers",
        _OF_TRANSFER,
        _OF_TRANSFER.replace("sender.side,", "call.next_side(),"),
    ),
    mutant("a phone that rings does not send the call on", "transfers", _DEFLECT, "    return False"),
    mutant(
        "a phone that sends the call on ends the other phones that ring",
        "transfers",
        _LEAVES,
        _LEAVES
        + '    for other in call.on_side(sender.side) if deflected else []:\n        other.end("is let go", at, EndReason.OTHER_LEFT)\n',
    ),
    mutant("a source that rings sends the call on", "transfers", _DEFLECT, _DEFLECT.replace(" and not sent.waits", "")),
    mutant(
        "a phone that rings beside one that is up sends the call on",
        "transfers",
        _DEFLECT,
        _DEFLECT.replace(" and sender.side not in call.sides_up()", ""),
    ),
    mutant(
        "a phone sends the call on only if the caller is up",
        "transfers",
        _DEFLECT,
        _DEFLECT.replace('sent.can("Deflection")', "sent.up"),
    ),
    mutant("a mailbox has no date of answer", "transfers", _MAILBOX, _MAILBOX.replace(", at", ", None")),
    mutant("a mailbox is listed", "transfers", _MAILBOX, _MAILBOX.replace("False", "True")),
    mutant("a mailbox is a party like any other", "transfers", _MAILBOX, _MAILBOX.replace("VOICEMAIL", "PARTY")),
    mutant(
        "a mailbox does not connect the call",
        "transfers",
        "        call.answered = call.answered or at\n",
        "        pass\n",
    ),
    # Hold and recording.
    mutant(
        "OnHold holds the other party",
        "holds",
        _HELD,
        "    return lambda at: (call.main(call.opposite(leg.side)) or leg if name == 'OnHold' else leg).move(name, at)",
    ),
    mutant(
        "OnHold holds both parties",
        "holds",
        _HELD,
        "    return lambda at: [one.move(name, at) for one in call.live if one is leg or (name == 'OnHold' and one.talks and one.can(name))][0]",
    ),
    mutant(
        "OffHold ends the holds of both parties",
        "holds",
        _HELD,
        "    return lambda at: [one.move(name, at) for one in call.live if one is leg or (name == 'OffHold' and one.talks and one.can(name))][0]",
    ),
    mutant(
        "a party that holds is no longer recorded",
        "legs",
        "        self.on_hold = at\n",
        "        self.on_hold = at\n        self.recording = None\n",
    ),
    mutant(
        "StopRecording ends the recordings of all parties",
        "holds",
        "        leg.recording = None\n",
        "        for one in call.legs:\n            one.recording = None\n",
    ),
    # Reports.
    mutant(
        "ringing sets a new limit for every phone",
        "signals",
        _LIMIT,
        _LIMIT.replace(" and leg.outside and leg.until is not None", ""),
    ),
    mutant(
        "ringing sets a new limit for every phone that has one",
        "signals",
        _LIMIT,
        _LIMIT.replace(" and leg.outside", ""),
    ),
    mutant("ringing sets no new limit for an outside phone", "signals", _LIMIT, "    elif False:"),
    mutant(
        "ringing sets a new limit of 25 s",
        "signals",
        "        leg.until = after(at, call.value.wait_for_pickup)",
        "        leg.until = after(at, 25)",
    ),
    mutant(
        "a destination that waits and answers is not listed",
        "signals",
        _WAITED,
        "        ring_waiting(call, leg, at)\n",
    ),
    mutant(
        "an outside destination that waits and answers is listed",
        "signals",
        _WAITED,
        _WAITED.replace("not leg.outside", "True"),
    ),
    mutant(
        "a destination that waits and rings has no limit",
        "signals",
        _WAITED,
        "        leg.waits = False\n        leg.listed = not leg.outside\n",
    ),
    mutant(
        "a report of a hold is not a hold", "table", '("Held", (CONNECTED,), ON_HOLD)', '("Held", (CONNECTED,), None)'
    ),
    mutant(
        "a report of the end of a hold ends no hold",
        "table",
        '("Resumed", (ON_HOLD,), CONNECTED)',
        '("Resumed", (ON_HOLD,), None)',
    ),
)
