"""Mistakes about the order of the checks."""

from tests.oracle_mutants.mutant import mutant

_MAY_ASK = """        if not may_ask(self, request):
            refuse(ErrorCode.EXTENSION_INVALID, "extension", request.extension, silent=True)
"""
_NAMES = """        if not names_a_view(self, request):
            refuse(ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId", request.view_id)
"""
_FORM = """        fault = fault_of_form(request, self.numbering)
        if fault is not None:
            refuse(*fault)
"""
_OVER = """        if self.over and (self.strict or not isinstance(request, HangUp)):
            refuse(ErrorCode.CALL_ENDED, "phoneCallId", request.call_id, silent=True)
"""
_PLAN = "            plan(self, action)(at)\n"
_FULL = "    if request.position is None:\n        refuse(ErrorCode.PARKING_FULL)\n"
_FREE_TO_SEND = "    if isinstance(request, Transfer):\n        need_free(call, request.send_call_to)\n"
_PUBLIC = "    if isinstance(request, Transfer) and not call.value.allow_public_transfer:\n        refuse(ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED)\n"
_PARTS = "    if not _somebody_can_part(call, parties):\n"

MUTANTS = (
    # The order of the checks.
    mutant(
        "a call that is over is an unknown call",
        "call",
        'ErrorCode.CALL_ENDED, "phoneCallId", request.call_id',
        'ErrorCode.PHONECALL_INVALID, "phoneCallId", request.call_id',
    ),
    mutant("the asker is checked before the end of the call", "call", _OVER + _MAY_ASK, _MAY_ASK + _OVER),
    mutant("the view is checked before the asker", "call", _MAY_ASK + _NAMES, _NAMES + _MAY_ASK),
    mutant("the fields are checked before the view", "call", _NAMES + _FORM, _FORM + _NAMES),
    mutant("the fields are checked before the asker", "call", _MAY_ASK + _NAMES + _FORM, _FORM + _MAY_ASK + _NAMES),
    mutant(
        "the state is checked before the fields",
        "call",
        _FORM,
        "",
        _PLAN,
        "            effect = plan(self, action)\n            fault = fault_of_form(action, self.numbering)\n"
        "            if fault is not None:\n                refuse(*fault)\n            effect(at)\n",
    ),
    mutant(
        "an unknown action is refused before the asker is checked",
        "call",
        '        if not known:\n            return Refusal(ErrorCode.EXTENSION_INVALID, "extension", extension, check=Check.EXTENSION)\n',
        "",
    ),
    mutant(
        "an unknown action is refused before the end of the call is looked at",
        "call",
        '        if over:\n            return Refusal(ErrorCode.CALL_ENDED, "phoneCallId", self.value.id, check=Check.CALL)\n',
        "",
    ),
    mutant(
        "a full lot is told before a repeat",
        "parking",
        '    if leg.can("Park again")',
        _FULL + '    if leg.can("Park again")',
    ),
    mutant(
        "a full lot is told before a wrong state",
        "parking",
        "    waiting, parker = _who_waits(request, leg, other)\n",
        _FULL + "    waiting, parker = _who_waits(request, leg, other)\n",
    ),
    mutant(
        "an unknown transfer number is told before a wrong state",
        "transfers",
        _PARTS,
        "    if sent is None or sender is None:\n        refuse(ErrorCode.TRANSFER_NUMBER_INVALID, parties.unknown, check=Check.CONTEXT)\n"
        + _PARTS,
    ),
    mutant(
        "a phone that is in the call already is told before a wrong state", "transfers", _PARTS, _FREE_TO_SEND + _PARTS
    ),
    mutant("a forbidden public transfer is told before a wrong state", "transfers", _PARTS, _PUBLIC + _PARTS),
    mutant(
        "an unknown transfer number is told before a phone that is in the call already",
        "transfers",
        _FREE_TO_SEND,
        "    if sent is None or sender is None:\n        refuse(ErrorCode.TRANSFER_NUMBER_INVALID, parties.unknown, check=Check.CONTEXT)\n"
        + _FREE_TO_SEND,
    ),
)
