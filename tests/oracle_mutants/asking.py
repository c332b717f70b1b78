"""Mistakes about who may ask, and which views a request can name."""

from tests.oracle_mutants.mutant import mutant

_COLLEAGUES = "isinstance(request, PickUp | UnPark | BargeIn | Whisper | Monitor)"

MUTANTS = (
    # Who may ask.
    mutant(
        "a colleague who takes no part may not pick up, retrieve or supervise", "authorization", _COLLEAGUES, "False"
    ),
    mutant(
        "a colleague who takes no part may not pick up",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("PickUp | ", ""),
    ),
    mutant(
        "a colleague who takes no part may not retrieve",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("UnPark | ", ""),
    ),
    mutant(
        "a colleague who takes no part may not barge in",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("BargeIn | ", ""),
    ),
    mutant(
        "a colleague who takes no part may not whisper",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("Whisper | ", ""),
    ),
    mutant(
        "a colleague who takes no part may not monitor",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace(" | Monitor", ""),
    ),
    mutant(
        "a colleague who takes no part may hang up",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("Monitor", "Monitor | HangUp"),
    ),
    mutant(
        "a colleague who takes no part may park",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("Monitor", "Monitor | Park"),
    ),
    mutant(
        "a colleague who takes no part may transfer",
        "authorization",
        _COLLEAGUES,
        _COLLEAGUES.replace("Monitor", "Monitor | Transfer"),
    ),
    mutant("anybody may ask for anything", "authorization", _COLLEAGUES, "True"),
    mutant(
        "an outside number may pick up, retrieve and supervise",
        "authorization",
        _COLLEAGUES + " and call.numbering.is_extension(extension):",
        _COLLEAGUES + ":",
    ),
    mutant(
        "the extension that pays may not ask",
        "authorization",
        "extension in known | {call.value.extension}",
        "extension in known",
    ),
    mutant("the parker may not ask any more", "authorization", " | {lot.by for lot in call.lots()}", ""),
    mutant("@self is nobody", "authorization", "    if extension == SELF:\n        return True\n", ""),
    mutant(
        "a party that has left may ask for anything",
        "authorization",
        "(call.legs if call.over else call.live)",
        "call.legs",
    ),
    mutant(
        "nobody may ask about a call that is over",
        "authorization",
        "(call.legs if call.over else call.live)",
        "call.live",
    ),
    mutant(
        "a party that has left may not hang up again",
        "authorization",
        "return bool(left) and request.view_id in (None, *(leg.id for leg in left))",
        "return False",
    ),
    mutant(
        "a party that has left may hang up any view",
        "authorization",
        "return bool(left) and request.view_id in (None, *(leg.id for leg in left))",
        "return bool(left)",
    ),
    mutant(
        "a party that has left may not hang up its own number again",
        "authorization",
        "return request.phone_number == request.extension and bool(left)",
        "return False",
    ),
    mutant(
        "a party that has left may hang up any number",
        "authorization",
        "return request.phone_number == request.extension and bool(left)",
        "return bool(left)",
    ),
    mutant(
        "a transferor that has left may not ask again",
        "authorization",
        "    return isinstance(request, Transfer | TransferToVoicemail) and _sends_again(call, request)",
        "    return False",
    ),
    mutant(
        "a phone that rang and did not answer counts as a transferor that has left",
        "parties",
        "and has_sent(call, leg)]",
        "and (has_sent(call, leg) or leg.reason is EndReason.NO_ANSWER)]",
    ),
    mutant(
        "every party that has left counts as a transferor that has left",
        "parties",
        "leg.extension == number and has_sent(call, leg)]",
        "leg.extension == number and leg.side is not None]",
    ),
    mutant(
        "a stranger is told what is allowed",
        "call",
        "request.extension, silent=True)",
        "request.extension)",
    ),
    # Which views can be named.
    mutant(
        "a view that is not listed can be named",
        "authorization",
        "        return leg.listed\n",
        "        return leg.listed or leg.live\n",
    ),
    mutant(
        "a view that is not listed can be hung up",
        "authorization",
        "        return leg.listed\n",
        "        return leg.listed or isinstance(request, HangUp)\n",
    ),
    mutant(
        "a hang-up by number looks at the view too",
        "authorization",
        "(request.phone_number is not None or request.view_id is None)",
        "request.view_id is None",
    ),
    mutant(
        "a hang-up needs a view or a number",
        "authorization",
        "(request.phone_number is not None or request.view_id is None)",
        "request.phone_number is not None",
    ),
    mutant(
        "a transfer needs a view",
        "authorization",
        "    if isinstance(request, Transfer | TransferToVoicemail) and request.view_id is None:\n        return True\n",
        "",
    ),
    mutant(
        "a hang-up of a view that is carried no longer is refused",
        "authorization",
        "return isinstance(request, HangUp) and call.names_one_forgotten(request.view_id)",
        "return False",
    ),
    mutant(
        "a hang-up of a view that never was is a repeat",
        "authorization",
        "return isinstance(request, HangUp) and call.names_one_forgotten(request.view_id)",
        "return isinstance(request, HangUp)",
    ),
    mutant(
        "a signal for a view that is carried no longer is refused",
        "signals",
        "    if leg is None and call.names_one_forgotten(view_id):\n        raise Repeated\n",
        "",
    ),
    mutant(
        "a hang-up of a view that has ended is refused",
        "authorization",
        "if leg.live or isinstance(request, HangUp) or not leg.listed:",
        "if leg.live or not leg.listed:",
    ),
)
