"""Mistakes about new calls: the checks of each kind, and the parties that it makes."""

from tests.oracle_mutants.mutant import mutant

_ONE_KIND = "return kinds == {False} or (kinds == {True} and not isinstance(request, CreateCallback))"
_SOURCE = "return _numbers_fit(request.source, numbering) and not (inside and isinstance(request, CreateCallback))"
_DIFFERENT = " and not set(request.source) & set(request.destination)"
_MANY = "1 <= len(numbers) <= MOST_NUMBERS and len(set(numbers)) == len(numbers)"
_LASTS = "lasts is not None and not is_number_in(lasts, 1, 86400)"
_WAIT = "not is_number_in(request.wait_for_pickup, 1, 3600)"
_MAY = "return not (isinstance(request, CreateSimple) and outside) or request.allow_public_transfer"
_CONFERENCE = "        return request.source == (request.extension,)\n"
_FLOW = "    if not any(map(numbering.is_extension, request.destination)):\n        return Flow.OUTGOING\n    return Flow.LOCAL if any(map(numbering.is_extension, request.source)) else Flow.INCOMING\n"
_STATE = "state = ANSWERED if is_up else TRYING if outside else RINGING"
_ASKS = '    if not numbering.is_extension(request.extension):\n        yield Fault(ErrorCode.EXTENSION_INVALID, "extension", request.extension)\n'
_FITS = '    if not _sources_fit(request, numbering):\n        yield Fault(ErrorCode.SOURCE_INVALID, "source", None)\n'
_TO_FITS = '    if not _destinations_fit(request, numbering):\n        yield Fault(ErrorCode.DESTINATION_INVALID, "destination", None)\n'
_SHOWN = '    if not is_caller_id(request.caller_id):\n        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerId", request.caller_id)\n'
_TO_SHOWN = (
    '    if not is_caller_id(shown):\n        yield Fault(ErrorCode.CALLER_ID_INVALID, "callerDestination", shown)\n'
)
_WAITS = f'    if {_WAIT}:\n        yield Fault(ErrorCode.WAIT_FOR_PICKUP_INVALID, "waitForPickup", request.wait_for_pickup)\n'
_ENDS = f'    if {_LASTS}:\n        yield Fault(ErrorCode.CALL_DURATION_INVALID, "callDuration", lasts)\n'
_NONCE = "request.nonce is not None and len(request.nonce) > LONGEST_NONCE"

MUTANTS = (
    # The checks.
    mutant("the destinations of a callback can be extensions", "create", _ONE_KIND, "return len(kinds) == 1"),
    mutant(
        "the sources of a callback can be extensions",
        "create",
        _SOURCE,
        "return _numbers_fit(request.source, numbering)",
    ),
    mutant(
        "the destinations of a simple call can be of both kinds",
        "create",
        _ONE_KIND,
        "return kinds == {False} or not isinstance(request, CreateCallback)",
    ),
    mutant(
        "the guests of a conference are all of one kind",
        "create",
        "        return others\n",
        "        return others and len(set(map(numbering.is_extension, request.destination))) == 1\n",
    ),
    mutant(
        "a conference has no outside guests",
        "create",
        "        return others\n",
        "        return others and all(map(numbering.is_extension, request.destination))\n",
    ),
    mutant(
        "a conference can be called by any source",
        "create",
        _CONFERENCE,
        "        return _numbers_fit(request.source, numbering)\n",
    ),
    mutant("a source can be a destination too", "create", _DIFFERENT, ""),
    mutant("a number can be named twice", "create", _MANY, "1 <= len(numbers) <= MOST_NUMBERS"),
    mutant("a call needs no number at an end", "create", _MANY, _MANY.replace("1 <= ", "")),
    mutant(
        "a call has as many numbers as are named",
        "create",
        _MANY,
        "1 <= len(numbers) and len(set(numbers)) == len(numbers)",
    ),
    mutant(
        "a call has at most 99 numbers at an end", "create", _MANY, _MANY.replace("<= MOST_NUMBERS", "< MOST_NUMBERS")
    ),
    mutant(
        "a call has one source",
        "create",
        _SOURCE,
        "return len(request.source) == 1 and " + _SOURCE.removeprefix("return "),
    ),
    mutant(
        "what is a number is not asked of a new call",
        "create",
        "known = all(is_number(number, numbering) for number in numbers)",
        "known = True",
    ),
    mutant("the extension of a new call can be any number", "create", _ASKS, ""),
    mutant(
        "a callback is asked for by any number",
        "create",
        _ASKS,
        _ASKS.replace("if not", "if not isinstance(request, CreateCallback) and not"),
    ),
    mutant("callDuration of a new call is not checked", "create", _LASTS, "False"),
    mutant("callDuration can be 0", "create", _LASTS, _LASTS.replace("1, 86400", "0, 86400")),
    mutant("callDuration has no upper bound", "create", _LASTS, _LASTS.replace("86400", "10**9")),
    mutant("waitForPickup of a new call is not checked", "create", _WAIT, "False"),
    mutant("waitForPickup of a new call can be 0", "create", _WAIT, _WAIT.replace("1, 3600", "0, 3600")),
    mutant("waitForPickup of a new call has no upper bound", "create", _WAIT, _WAIT.replace("3600", "10**9")),
    mutant("callerId of a new call is not checked", "create", _SHOWN, ""),
    mutant("callerDestination of a new call is not checked", "create", _TO_SHOWN, ""),
    mutant("nonce of a new call is not checked", "create", _NONCE, "False"),
    mutant("nonce has at most 254 characters", "create", "LONGEST_NONCE = 255", "LONGEST_NONCE = 254"),
    mutant(
        "a new call is checked by the usual numbering",
        "create",
        "numbering = Numbering() if numbering is None else numbering",
        "numbering = Numbering()",
    ),
    mutant("the sources are checked before the extension", "create", _ASKS + _FITS, _FITS + _ASKS),
    mutant("the destinations are checked before the sources", "create", _FITS + _TO_FITS, _TO_FITS + _FITS),
    mutant("waitForPickup of a new call is checked first", "create", _SHOWN, _WAITS + _SHOWN),
    mutant("callDuration is checked before waitForPickup", "create", _WAITS + _ENDS, _ENDS + _WAITS),
    mutant("callerDestination is checked before callerId", "create", _SHOWN + _TO_SHOWN, _TO_SHOWN + _SHOWN),
    # The call.
    mutant("a new call has no longest duration", "create", "None if lasts is None else after(at, int(lasts))", "None"),
    mutant(
        "the phones of a new call ring for 25 s",
        "create",
        "wait_for_pickup=int(request.wait_for_pickup),",
        "wait_for_pickup=25,",
    ),
    mutant(
        "a source rings for 25 s",
        "create",
        "until=None if is_up else after(at, int(request.wait_for_pickup))",
        "until=None if is_up else after(at, 25)",
    ),
    mutant(
        "a source rings without a limit",
        "create",
        "until=None if is_up else after(at, int(request.wait_for_pickup))",
        "until=None",
    ),
    mutant(
        "waitForPickup of a new call is 30 if it misses", "bodies", '{"wait_for_pickup": 25}', '{"wait_for_pickup": 30}'
    ),
    mutant("a new call keeps no nonce", "create", "        nonce=request.nonce,\n", ""),
    mutant("a new call was not published", "create", "        published=at,\n", ""),
    mutant("a new call has version 1", "create", "        updated=at,\n", "        updated=at,\n        version=1,\n"),
    mutant("allowPublicTransfer of a new call is ignored", "create", _MAY, "return True"),
    mutant(
        "allowPublicTransfer is asked of calls to extensions too",
        "create",
        _MAY,
        "return not isinstance(request, CreateSimple) or request.allow_public_transfer",
    ),
    mutant(
        "allowPublicTransfer is true if it misses",
        "bodies",
        '{"wait_for_pickup": 25} |',
        '{"wait_for_pickup": 25} | ({"allow_public_transfer": True} if kind is CreateSimple else {}) |',
    ),
    mutant(
        "a callback allows no public transfer",
        "create",
        _MAY,
        "return not outside or getattr(request, 'allow_public_transfer', False)",
    ),
    mutant("the flow of a new call to outside numbers is local", "create", _FLOW, _FLOW.replace("OUTGOING", "LOCAL")),
    mutant(
        "the flow of a new call from an outside number is local",
        "create",
        _FLOW,
        _FLOW.replace("else Flow.INCOMING", "else Flow.LOCAL"),
    ),
    mutant(
        "the flow of a new call is incoming if any source is outside",
        "create",
        _FLOW,
        _FLOW.replace(
            "any(map(numbering.is_extension, request.source))", "all(map(numbering.is_extension, request.source))"
        ),
    ),
    mutant(
        "the flow of a callback is incoming",
        "create",
        _FLOW,
        "    if not any(map(numbering.is_extension, request.source)):\n        return Flow.INCOMING\n" + _FLOW,
    ),
    mutant(
        "the flow of a guest is that of the conference",
        "create",
        "flow=_flow_to(number, numbering) if apart else",
        "flow=",
    ),
    mutant("a conference has no date of answer", "create", "answered=at if is_up else None", "answered=None"),
    mutant(
        "a conference rings before its guests are rung",
        "create",
        "    is_up = isinstance(request, CreateConferenceInvite)\n",
        "    is_up = False\n",
    ),
    mutant("all guests of a conference stand on one side", "create", "side=1 + place if apart else 1", "side=1"),
    mutant(
        "each destination of a simple call stands on a side of its own",
        "create",
        "side=1 + place if apart else 1",
        "side=1 + place",
    ),
    mutant(
        "each source stands on a side of its own",
        "create",
        "            side=0,\n",
        "            side=-place if place < 1 else 100 + place,\n",
    ),
    mutant(
        "an outside source rings and is listed",
        "create",
        _STATE,
        "state = ANSWERED if is_up else RINGING",
        "listed=not outside,",
        "listed=True,",
    ),
    mutant("an outside source is listed", "create", "listed=not outside,", "listed=True,"),
    mutant(
        "a destination that waits is listed",
        "create",
        "            listed=False,\n",
        "            listed=numbering.is_extension(number),\n",
    ),
    mutant(
        "a destination does not wait for its source",
        "create",
        "            waits=True,\n",
        "            waits=False,\n",
    ),
    mutant("the source does not see callerId", "create", "            caller_id=request.caller_id,\n", ""),
    mutant(
        "the destination sees callerId",
        "create",
        'caller_id=getattr(request, "caller_destination", None)',
        'caller_id=getattr(request, "caller_destination", None) or request.caller_id',
    ),
    mutant(
        "the destination does not see callerDestination",
        "create",
        '            caller_id=getattr(request, "caller_destination", None),\n',
        "",
    ),
    mutant(
        "a source shows only its own number as source",
        "create",
        "            source=request.source,\n            destination=request.destination,\n            flow=_flow(request, numbering),\n            caller_id=request.caller_id",
        "            source=(number,),\n            destination=request.destination,\n            flow=_flow(request, numbering),\n            caller_id=request.caller_id",
    ),
    mutant(
        "a destination shows only its own number as destination",
        "create",
        "            source=request.source,\n            destination=request.destination,\n            flow=_flow_to",
        "            source=request.source,\n            destination=(number,),\n            flow=_flow_to",
    ),
    mutant(
        "the ids of a new call begin with 01",
        "create",
        'id=f"{place:02}"',
        'id=f"{place + 1:02}"',
        'id=f"{len(request.source) + place:02}"',
        'id=f"{len(request.source) + place + 1:02}"',
    ),
)
