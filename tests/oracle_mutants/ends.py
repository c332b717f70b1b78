"""Mistakes about ends: whom a hang-up ends, with which disposition and which reason, and which views are carried on."""

from tests.oracle_mutants.mutant import mutant

_ALL = "return call.live if _may_end_all(call, request.extension) else _own(call, request.extension)"
_PAYS = (
    "return extension == call.value.extension and not _parks(call, extension) and not _parked_and_left(call, extension)"
)
_TALKS = "if any(leg.up and leg.role in (Role.PARTY, Role.VOICEMAIL) for leg in own):"
_PARKER = "    if left and left[-1].reason is EndReason.PARKED and _parks(call, extension):\n        return call.live\n"
_BY_NUMBER = '    found = [leg for leg in call.live if leg.extension == number != "" and leg.role != Role.VOICEMAIL]'
_VIEW = "    if request.view_id is not None:\n        return [_viewed(call, request.view_id)]\n"
_NUMBER = "    if request.phone_number is not None:\n        return [_numbered(call, request.phone_number)]\n"
_DATES = "        if self.answered is not None:\n            self.disposition = Disposition.ANSWERED\n        elif told in (None, Disposition.ANSWERED):\n            self.disposition = Disposition.NO_ANSWER\n"
_REJECTED = "        if self.answered is None and told in REJECTIONS:\n            self.reason = EndReason.REJECTED\n        elif"
_CAUSE = "    cause = next((leg.disposition for leg in left if leg.disposition in REJECTIONS), None)\n"
_OTHERS = '        leg.end("is let go", at, EndReason.OTHER_LEFT, cause)\n'

MUTANTS = (
    # Whom a hang-up ends.
    mutant(
        "a hang-up without a view ends only the phones of the asker",
        "hangups",
        _ALL,
        "return _own(call, request.extension) if request.extension != SELF else call.live",
    ),
    mutant("a hang-up without a view ends the whole call, even for a supervisor", "hangups", _ALL, "return call.live"),
    mutant("the extension that pays does not end the whole call", "hangups", _PAYS, "return False"),
    mutant(
        "the extension that pays ends the whole call although it has parked a party",
        "hangups",
        _PAYS,
        "return extension == call.value.extension",
    ),
    mutant(
        "the extension that pays ends the whole call although it has parked a party and is rung back",
        "hangups",
        _PAYS,
        _PAYS.replace(" and not _parks(call, extension)", ""),
    ),
    mutant("a phone that rings and hangs up ends the whole call", "hangups", _TALKS, _TALKS.replace("leg.up and ", "")),
    mutant(
        "a supervisor that hangs up ends the whole call",
        "hangups",
        _TALKS,
        _TALKS.replace(" and leg.role in (Role.PARTY, Role.VOICEMAIL)", " and leg.role != Role.BARGE"),
    ),
    mutant(
        "a party that has barged in and hangs up ends the whole call",
        "hangups",
        _TALKS,
        _TALKS.replace("Role.VOICEMAIL)", "Role.VOICEMAIL, Role.BARGE)"),
    ),
    mutant("a parker that has left does not end the call", "hangups", _PARKER, ""),
    mutant(
        "anybody who has left ends the call of a parked party",
        "hangups",
        _PARKER,
        "    if left and call.lots():\n        return call.live\n",
    ),
    mutant(
        "a parker that declined the ring-back ends the call",
        "hangups",
        "left[-1].reason is EndReason.PARKED and _parks",
        "_parks",
    ),
    mutant("@self ends nothing", "hangups", "    if extension == SELF:\n        return True\n", ""),
    mutant(
        "a hang-up by number hangs up a mailbox",
        "hangups",
        _BY_NUMBER,
        _BY_NUMBER.replace(" and leg.role != Role.VOICEMAIL", ""),
    ),
    mutant(
        "a hang-up by number hangs up no supervisor",
        "hangups",
        _BY_NUMBER,
        _BY_NUMBER.replace("leg.role != Role.VOICEMAIL", "leg.role in (Role.PARTY, Role.BARGE)"),
    ),
    mutant(
        "a hang-up by number ends the whole call",
        "hangups",
        "    return found[0]\n",
        "    return found[0] if found[0].supervises else call.live[0]\n",
    ),
    mutant("the view of a hang-up counts before its number", "hangups", _NUMBER + _VIEW, _VIEW + _NUMBER),
    mutant(
        "a hang-up by view ends the whole call",
        "hangups",
        "return [_viewed(call, request.view_id)]",
        "return [_viewed(call, request.view_id)] and call.live",
    ),
    # Dispositions.
    mutant(
        "what a hang-up tells is ignored",
        "legs",
        'self.end("HungUp", at, EndReason.HUNG_UP, told)',
        'self.end("HungUp", at, EndReason.HUNG_UP)',
    ),
    mutant(
        "what a hang-up tells counts before the date of answer",
        "legs",
        "        if self.answered is not None:\n            self.disposition = Disposition.ANSWERED\n        elif told",
        "        if self.answered is not None and told is None:\n            self.disposition = Disposition.ANSWERED\n        elif told",
    ),
    mutant(
        "a phone that was not answered ends as answered if that is told",
        "legs",
        "told in (None, Disposition.ANSWERED)",
        "told is None",
    ),
    mutant(
        "a caller that hears it ring ends as answered",
        "legs",
        "        self.move(trigger, at)\n        self.reason",
        "        was_up = self.up\n        self.move(trigger, at)\n        self.reason",
        _DATES,
        _DATES.replace("if self.answered is not None:", "if self.answered is not None or was_up:", 1),
    ),
    mutant(
        "everybody ends as answered once the call was",
        "rules",
        '    for leg in call.live:\n        leg.end("is let go", at, EndReason.OTHER_LEFT, cause)\n',
        '    for leg in call.live:\n        leg.end("is let go", at, EndReason.OTHER_LEFT, cause)\n        leg.disposition = 0 if call.answered else leg.disposition\n',
    ).also(
        "rules",
        "leg.disposition = 0 if",
        "leg.disposition = Disposition.ANSWERED if",
        "    ANSWERED,\n    CONNECTED,\n    ENDED,",
        "    ANSWERED,\n    CONNECTED,\n    ENDED,\n    Disposition,",
    ),
    mutant(
        "only a busy phone ends its caller in the same way",
        "rules",
        _CAUSE,
        _CAUSE.replace("REJECTIONS), None", "REJECTIONS[:1]), None"),
    ),
    mutant(
        "a phone that is not allowed does not end its caller in the same way",
        "rules",
        _CAUSE,
        _CAUSE.replace("REJECTIONS), None", "REJECTIONS[:2]), None"),
    ),
    mutant(
        "a phone that failed does not end its caller in the same way",
        "rules",
        _CAUSE,
        _CAUSE.replace("REJECTIONS), None", "REJECTIONS[::2]), None"),
    ),
    mutant("a busy phone does not end its caller in the same way", "rules", _CAUSE, "    cause = None\n"),
    mutant(
        "a busy phone ends a party that was answered as busy",
        "rules",
        _OTHERS,
        _OTHERS + "        leg.disposition = cause or leg.disposition\n",
    ),
    # Reasons.
    mutant("a phone that rejects the call has hung up", "legs", _REJECTED, "        if"),
    mutant(
        "a phone that was not answered in time has hung up",
        "legs",
        "            self.reason = EndReason.NO_ANSWER\n",
        "            pass\n",
    ),
    mutant(
        "a party that was answered is rejected if that is told",
        "legs",
        "if self.answered is None and told in REJECTIONS:",
        "if told in REJECTIONS:",
    ),
    mutant(
        "a phone that rings out has hung up",
        "call",
        'leg.end("is let go", at, EndReason.NO_ANSWER)',
        'leg.end("is let go", at, EndReason.HUNG_UP)',
    ),
    mutant("a party that reaches the longest duration has hung up", "call", "EndReason.LIMIT", "EndReason.HUNG_UP"),
    mutant(
        "a parker has hung up",
        "parking",
        'parker.end("is let go", at, EndReason.PARKED)',
        'parker.end("is let go", at, EndReason.HUNG_UP)',
    ),
    mutant(
        "a transferor has hung up",
        "transfers",
        "EndReason.DEFLECTED if deflected else EndReason.TRANSFERRED",
        "EndReason.DEFLECTED if deflected else EndReason.HUNG_UP",
    ),
    mutant(
        "a phone that sends the call on while it rings has transferred it",
        "transfers",
        "EndReason.DEFLECTED if deflected else EndReason.TRANSFERRED",
        "EndReason.TRANSFERRED",
    ),
    mutant(
        "a supervisor that loses its target has the reason that the other party left",
        "rules",
        "EndReason.TARGET_LEFT",
        "EndReason.OTHER_LEFT",
    ),
    mutant(
        "a phone that is answered elsewhere was not answered",
        "rules",
        "EndReason.ANSWERED_ELSEWHERE",
        "EndReason.NO_ANSWER",
    ),
    mutant("a party that is left alone has hung up", "rules", _OTHERS, _OTHERS.replace("OTHER_LEFT", "HUNG_UP")),
    mutant(
        "of a whole call that is hung up only one has hung up",
        "hangups",
        '            leg.end("HangUp", at, EndReason.HUNG_UP)',
        '            leg.end("HangUp", at, EndReason.HUNG_UP if leg is chosen[0] else EndReason.OTHER_LEFT)',
    ),
    # Who is carried on.
    mutant("nine views that have ended are carried", "state", "KEPT = 10", "KEPT = 9"),
    mutant("eleven views that have ended are carried", "state", "KEPT = 10", "KEPT = 11"),
    mutant("all views that have ended are carried", "state", "KEPT = 10", "KEPT = 10**9"),
    mutant("views that are carried no longer are not counted", "state", "                self.forgotten += 1\n", ""),
    mutant(
        "the view of a parker is carried no longer",
        "state",
        "        legs |= {self.parker(lot) for lot in self.lots()}\n",
        "",
    ),
    mutant(
        "the view of a transferor is carried no longer",
        "state",
        " | {leg.id for leg in self.legs if leg.successor in alive}",
        "",
    ),
    mutant(
        "the last views that have ended are dropped first",
        "state",
        "        for leg in self.ended:\n",
        "        for leg in reversed(self.ended):\n",
    ),
    mutant(
        "a party that has just left is carried no longer",
        "state",
        "len(self.ended) > KEPT and leg.id in gone and",
        "len(self.ended) > KEPT and",
    ),
)
