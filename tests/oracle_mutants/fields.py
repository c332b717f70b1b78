"""Mistakes about the fields of a request: how they are spelled, what they must be, and what they are if they miss."""

from tests.oracle_mutants.mutant import mutant

_RING = "    if not is_number_in(request.wait_for_pickup, 1, 3600):"
_ID = "    if not is_caller_id(request.caller_id):"
_GRAMMAR = 'r"[A-Za-z0-9<>+* ]{0,255}"'
_TO = "    if not numbering.is_extension(request.send_call_to):"
_PARK = "is_number_in(request.max_in_parking, 10, 3600)"
_FORMAT = 'case StartRecording() if request.format not in ("wav", "wav49"):'
_PRIVATE = "isinstance(request, Whisper) and not is_number_in(request.private, 0, 1)"
_KNOWN = "known = is_number(to, numbering) if isinstance(request, Transfer) else numbering.is_extension(to)"
_TEXT = '        return re.fullmatch("[0-9]{1,9}", value) is not None and low <= int(value) <= high'

MUTANTS = (
    mutant("maxInParking has no upper bound", "fields", _PARK, "is_number_in(request.max_in_parking, 10, 10**9)"),
    mutant("maxInParking has no lower bound but 1", "fields", _PARK, "is_number_in(request.max_in_parking, 1, 3600)"),
    mutant("maxInParking is at least 11", "fields", _PARK, "is_number_in(request.max_in_parking, 11, 3600)"),
    mutant("maxInParking is not checked", "fields", f"not {_PARK}", "False"),
    mutant("maxInParking is 60 if it misses", "bodies", '"max_in_parking": 180', '"max_in_parking": 60'),
    mutant("maxInParking is not read", "bodies", '("maxInParking",)', '("maxParking",)'),
    mutant("waitForPickup can be 0", "fields", _RING, _RING.replace("1, 3600", "0, 3600")),
    mutant("waitForPickup has no upper bound", "fields", _RING, _RING.replace("3600", "10**9")),
    mutant("waitForPickup is less than 3600", "fields", _RING, _RING.replace("3600", "3599")),
    mutant(
        "waitForPickup is 30 if it misses",
        "bodies",
        '"wait_for_pickup": 25,\n    "private"',
        '"wait_for_pickup": 30,\n    "private"',
    ),
    mutant("waitForPickup of UnPark is not read", "parking", "wait=int(request.wait_for_pickup)", "wait=25"),
    mutant(
        "waitForPickup of PickUp is not read",
        "rings",
        "call.ring(leg, other=rung, at=at, wait=int(request.wait_for_pickup))",
        "call.ring(leg, other=rung, at=at, wait=25)",
    ),
    mutant(
        "waitForPickup of a supervision is not read",
        "rings",
        "call.ring(leg, other=target, at=at, wait=int(request.wait_for_pickup))",
        "call.ring(leg, other=target, at=at, wait=25)",
    ),
    mutant("a number as text is refused", "fields", _TEXT, "        return False"),
    mutant("a number as text can have a sign", "fields", _TEXT, _TEXT.replace("[0-9]{1,9}", "[+-]?[0-9]{1,9}")),
    mutant("a boolean is a number", "bodies", "type(value) is int", "isinstance(value, int)").also(
        "fields", "return not isinstance(value, bool) and low", "return low"
    ),
    mutant(
        "an empty text is a number that misses",
        "bodies",
        "if value is None or isinstance(value, str)",
        'if value == "" and name in NUMBERS:\n        return None\n    if value is None or isinstance(value, str)',
    ),
    mutant("callerId is not checked", "fields", _ID, "    if False:"),
    mutant("callerId has no longest length", "fields", _GRAMMAR, _GRAMMAR.replace("{0,255}", "*")),
    mutant("callerId has no spaces", "fields", _GRAMMAR, _GRAMMAR.replace(" ]", "]")),
    mutant("callerId has no * and no +", "fields", _GRAMMAR, _GRAMMAR.replace("+* ]", " ]")),
    mutant("callerId can have letters of all languages", "fields", _GRAMMAR, _GRAMMAR.replace("A-Za-z0-9", r"\w")),
    mutant("callerId must not be empty", "fields", _GRAMMAR, _GRAMMAR.replace("{0,", "{1,")),
    mutant("callerID is not read", "bodies", '("callerId", "callerID")', '("callerId",)'),
    mutant("waitForPickUp is not read", "bodies", '("waitForPickup", "waitForPickUp")', '("waitForPickup",)'),
    mutant(
        "callerID and waitForPickUp count before the usual names",
        "bodies",
        '("callerId", "callerID")',
        '("callerID", "callerId")',
        '("waitForPickup", "waitForPickUp")',
        '("waitForPickUp", "waitForPickup")',
    ),
    mutant("private is not checked", "fields", _PRIVATE, "False"),
    mutant("private can be any number", "fields", _PRIVATE, _PRIVATE.replace("0, 1", "0, 10**9")),
    mutant("private is not read", "bodies", '"private": ("private",)', '"private": ("isPrivate",)'),
    mutant("private is 1 if it misses", "bodies", '"private": 0', '"private": 1'),
    mutant("format is not checked", "fields", _FORMAT, "case StartRecording() if False:"),
    mutant("format can only be wav", "fields", _FORMAT, _FORMAT.replace(', "wav49"', ",")),
    mutant("format can be mp3", "fields", _FORMAT, _FORMAT.replace('"wav49"', '"wav49", "mp3"')),
    mutant("format is wav49 if it misses", "bodies", '"format": "wav"', '"format": "wav49"'),
    mutant(
        "a number with + is not a number",
        "fields",
        "or PHONE.fullmatch(value) is not None",
        'or re.fullmatch("[0-9]{1,64}", value) is not None',
    ),
    mutant("any text is a number", "fields", "or PHONE.fullmatch(value) is not None", "or value != ''"),
    mutant(
        "sendCallTo of a ringing can be an outside number",
        "fields",
        _TO,
        "    if not is_number(request.send_call_to, numbering):",
    ),
    mutant("sendCallTo of a ringing is not checked", "fields", _TO, "    if False:"),
    mutant(
        "sendCallTo of a ringing can be @self", "fields", _TO, _TO.replace(":", ' and request.send_call_to != "@self":')
    ),
    mutant("a mailbox can have an outside number", "fields", _KNOWN, "known = is_number(to, numbering)"),
    mutant("a transfer goes to extensions only", "fields", _KNOWN, "known = numbering.is_extension(to)"),
    mutant("sendCallTo of a transfer is not checked", "fields", _KNOWN, "known = True"),
    mutant(
        "the transferor and the transferred can have one number",
        "fields",
        "(other == one or not is_number",
        "(not is_number",
    ),
    mutant(
        "transferNumber is not checked by its form",
        "fields",
        "(other == one or not is_number(other, numbering))",
        "other == one",
    ),
    mutant(
        "transferFromNumber is not checked by its form",
        "fields",
        "one is not None and not is_number(one, numbering)",
        "False",
    ),
    mutant(
        "a phone number is not a transferNumber",
        "fields",
        "(other == one or not is_number(other, numbering))",
        "(other == one or not numbering.is_extension(other))",
    ),
    mutant(
        "a phone number is not a transferFromNumber",
        "fields",
        "one is not None and not is_number(one, numbering)",
        "one is not None and not numbering.is_extension(one)",
    ),
    mutant(
        "the fields are checked by the usual numbering",
        "call",
        "fault_of_form(request, self.numbering)",
        "fault_of_form(request, Numbering())",
    ),
    mutant(
        "a transfer is dialled by the usual numbering",
        "transfers",
        "not call.numbering.is_extension(leg.extension)",
        "not type(call.numbering)().is_extension(leg.extension)",
    ),
    mutant(
        "transferNumber is checked first",
        "fields",
        "    if one is not None and not",
        '    if other is not None and (other == one or not is_number(other, numbering)):\n        yield Fault(ErrorCode.TRANSFER_NUMBER_INVALID, "transferNumber", other)\n    if one is not None and not',
    ),
    mutant(
        "waitForPickup is checked before callerId",
        "fields",
        _ID,
        f'{_RING}\n        yield Fault(ErrorCode.WAIT_FOR_PICKUP_INVALID, "waitForPickup", request.wait_for_pickup)\n{_ID}',
    ),
    mutant(
        "callerId is checked before sendCallTo",
        "fields",
        _TO,
        f'{_ID}\n        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerId", request.caller_id)\n{_TO}',
    ),
    mutant(
        "HangUp is an unknown action",
        "bodies",
        'KINDS.get(body.get("action", ""))',
        'KINDS.get(body.get("action", "").replace("HangUp", ""))',
    ),
    mutant(
        "an action can be written in small letters",
        "bodies",
        'KINDS.get(body.get("action", ""))',
        '{name.lower(): kind for name, kind in KINDS.items()}.get(body.get("action", "").lower())',
    ),
)
