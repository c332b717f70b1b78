"""Mistakes about dates: when a view or the call has rung, was answered, held, and how long a phone rings."""

from tests.oracle_mutants.mutant import mutant

_DATED = '    *("Answered", "gets through", "is retrieved", "OffHold", "Resumed"),\n'
_KEPT = "        self.answered = self.answered or at\n"
_CONNECTED = "        call.answered = call.answered or at\n"
_HEARD = "    leg.move(name, at)\n    _stand_alone"

MUTANTS = (
    mutant(
        "a phone that rings has no date of ringing",
        "legs",
        "        self.ringing = self.ringing or at\n",
        "        self.ringing = None\n",
    ),
    mutant(
        "a phone that is answered has no date of ringing",
        "legs",
        "    def stops_ringing(self, _at: datetime) -> None:\n",
        "    def stops_ringing(self, _at: datetime) -> None:\n        self.ringing = None\n",
    ),
    mutant("a party is answered again with each connection", "legs", _KEPT, "        self.answered = at\n"),
    mutant(
        "a party that is retrieved is answered again",
        "rules",
        '        leg.move("is retrieved", at)\n',
        '        leg.answered = None\n        leg.move("is retrieved", at)\n',
    ),
    mutant(
        "a party is answered again when its hold ends",
        "holds",
        "    return lambda at: leg.move(name, at)",
        "    def move(at: datetime) -> None:\n        leg.answered = None if name == 'OffHold' else leg.answered\n        leg.move(name, at)\n\n    return move",
    ),
    mutant(
        "a caller is answered when it hears the far end ring",
        "table",
        _DATED,
        _DATED.replace('"Answered", ', '"Answered", "FarEndRang", '),
    ),
    mutant("a phone is answered when it is connected", "table", _DATED, _DATED.replace('"Answered", ', "")),
    mutant("a caller is not answered when it is connected", "table", _DATED, _DATED.replace('"gets through", ', "")),
    mutant(
        "a caller is answered when the answer reaches it",
        "table",
        _DATED,
        _DATED.replace('"Answered", ', '"Answered", "hears the answer", '),
    ),
    mutant(
        "a connected party without a date of answer ends as not answered",
        "legs",
        "        if self.on_call or self.state == PARKED:\n            self.is_answered(at)\n",
        "        return\n",
    ),
    mutant(
        "a parked party without a date of answer ends as not answered",
        "legs",
        "        if self.on_call or self.state == PARKED:\n",
        "        if self.on_call:\n",
    ),
    mutant(
        "a party that is left alone without a date of answer was not answered",
        "table",
        '    *("Transfer", "TransferToVoicemail", "is alone"),',
        '    *("Transfer", "TransferToVoicemail"),',
    ),
    mutant(
        "a party that is transferred without a date of answer was not answered",
        "table",
        '    *("Transfer", "TransferToVoicemail", "is alone"),',
        '    *("is alone",),',
    ),
    mutant(
        "a party that was up ends as answered with a date",
        "legs",
        "        if self.on_call or self.state == PARKED:\n",
        "        if self.up:\n",
    ),
    mutant("a call is answered again with each connection", "rules", _CONNECTED, "        call.answered = at\n"),
    mutant(
        "a call is answered when the first phone is",
        "signals",
        _HEARD,
        "    if isinstance(signal, Answered):\n        call.answered = call.answered or at\n" + _HEARD,
    ),
    mutant(
        "a call that is read as connected is not answered again",
        "rules",
        _CONNECTED,
        "        call.answered = call.answered or (at if call.value.version or call.value.published else None)\n",
    ),
    mutant("a call has no date of answer", "rules", _CONNECTED, "        pass\n"),
    mutant(
        "the limit of a phone stays when it is answered",
        "table",
        '    State(ANSWERED, on_enter="stops_ringing"),\n    State(CONNECTED, on_enter="stops_ringing"),',
        "    State(ANSWERED),\n    State(CONNECTED),",
    ),
    mutant(
        "the limit of a phone goes when it rings",
        "legs",
        "    def starts_to_ring(self, at: datetime) -> None:\n",
        "    def starts_to_ring(self, at: datetime) -> None:\n        self.until = self.until if self.side != 0 else None\n",
    ),
    mutant(
        "a phone that is rung has no limit",
        "state",
        "        leg.until = after(at, wait)\n",
        "        leg.until = None\n",
    ),
    mutant(
        "the longest duration stays when the call is over",
        "rules",
        "    if call.over:\n        call.ends_by = None\n",
        "",
    ),
    mutant(
        "the longest duration goes when the call is answered",
        "rules",
        _CONNECTED,
        _CONNECTED + "        call.ends_by = None\n",
    ),
    mutant(
        "the date of a hold is that of the answer",
        "legs",
        "        self.on_hold = at\n",
        "        self.on_hold = self.answered or at\n",
    ),
    mutant(
        "the date of parking is that of the answer",
        "parking",
        "        since=at,\n",
        "        since=waiting.answered or at,\n",
    ),
    mutant(
        "a new view has ended when its limit was",
        "call",
        'leg.end("is let go", at, EndReason.NO_ANSWER)',
        'leg.end("is let go", at, EndReason.NO_ANSWER)\n            leg.until = due[0]',
    ),
)
