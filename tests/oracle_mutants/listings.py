"""Mistakes about calls as a service lists them: who is read from a listing, and how a view is shown."""

from tests.oracle_mutants.mutant import mutant

_SIDE = "side = 0 if calls or (flow is Flow.OUTGOING and not called and state is not PARKED) else 1"
_HOLDS = '    if view.get("onHold") and (not told or str(view.get("holder")) == "1"):\n'
_PARKED = '    if state is PARKED and _same(number, view["parkedBy"]):\n'
_FACING = "FACING = {\n    UNKNOWN: UNKNOWN,\n    OFF_HOOK: TRYING,\n    TRYING: TRYING,\n    RINGING: ANSWERED,\n    ANSWERED: RINGING,\n    CONNECTED: CONNECTED,\n    ON_HOLD: CONNECTED,\n}"
_SAME = '    return one == other or (short == other_short and ("*" not in one or "*" not in other))'
_UPDATED = "updated=max((date for date in dates if date is not None and date <= at), default=at),"
_OUTSIDE = "            yield number, outside or not numbering.is_extension(number)\n"

MUTANTS = (
    mutant("a listed view of an outgoing call is the called end", "listings", _SIDE, "side = 0 if calls else 1"),
    mutant("a listed view is always the calling end", "listings", _SIDE, "side = 0"),
    mutant("a listed view is always the called end", "listings", _SIDE, "side = 1"),
    mutant("the short and the extended form of a number are two", "listings", _SAME, "    return one == other"),
    mutant(
        "onHold is the hold of the other party",
        "listings",
        _HOLDS,
        '    if view.get("onHold") and str(view.get("holder")) == "1":\n',
    ),
    mutant(
        "onHold is the own hold, even if holder names the other party",
        "listings",
        _HOLDS,
        '    if view.get("onHold"):\n',
    ),
    mutant("a parked view of its parker is the parker", "listings", _PARKED, "    if False:\n"),
    mutant(
        "opposite a phone that rings nothing rings yet",
        "listings",
        _FACING,
        _FACING.replace("RINGING: ANSWERED,\n    A", "RINGING: TRYING,\n    A"),
    ),
    mutant(
        "opposite a party that is up the phone is tried",
        "listings",
        _FACING,
        _FACING.replace("ANSWERED: RINGING", "ANSWERED: TRYING"),
    ),
    mutant(
        "opposite a party that holds the other one is held",
        "listings",
        _FACING,
        _FACING.replace("ON_HOLD: CONNECTED", "ON_HOLD: ANSWERED"),
    ),
    mutant(
        "opposite a party of which nothing is known the other one is tried",
        "listings",
        _FACING,
        _FACING.replace("UNKNOWN: UNKNOWN", "UNKNOWN: TRYING"),
    ),
    mutant(
        "a source that rings has called its destination already",
        "listings",
        "waits = near.state is RINGING and side == 1",
        "waits = False",
    ),
    mutant(
        "the end that is not listed is told outside by its number alone",
        "listings",
        _OUTSIDE,
        "            yield number, not numbering.is_extension(number)\n",
    ),
    mutant(
        "the end that is not listed is told outside by the usual numbering",
        "listings",
        _OUTSIDE,
        _OUTSIDE.replace("numbering.is", "Numbering().is"),
    ),
    mutant("the end that is not listed is listed", "listings", "        listed=False,\n", "        listed=True,\n"),
    mutant(
        "the end that is not listed has no date of answer",
        "listings",
        "answered=near.answered if state is CONNECTED else None",
        "answered=None",
    ),
    mutant(
        "the end that is not listed has the flow of the other one",
        "listings",
        "        source=near.source,\n",
        "        source=near.source,\n        flow=near.flow,\n",
    ),
    mutant(
        "the end that is not listed has the lowest id that is free",
        "listings",
        'id=f"{int(views[-1].id) + 1:02}"',
        'id=next(f"{number:02}" for number in range(9) if all(int(view.id) != number for view in views))',
    ),
    mutant(
        "only one end is there if only one is listed",
        "listings",
        "    views += [_far(views, side, numbering) for side in (0, 1) if not _is_there(views, side)]\n",
        "",
    ),
    mutant("a call is changed last at the time of reading", "listings", _UPDATED, "updated=at,"),
    mutant(
        "a date later than the time of reading is that of the last change",
        "listings",
        _UPDATED,
        _UPDATED.replace(" and date <= at", ""),
    ),
    mutant(
        "the last change of a call is its publishing",
        "listings",
        _UPDATED,
        'updated=_date(listing.get("published")) or at,',
    ),
    mutant(
        "a call that is read without a date of answer has none",
        "listings",
        '_date(listing.get("answered")) or earliest',
        '_date(listing.get("answered"))',
    ),
    mutant(
        "an empty text in a listing is a number",
        "listings",
        "return tuple(text for text in values if text)",
        "return tuple(values)",
    ),
    mutant(
        "source and destination are lists",
        "listings",
        "values = [value] if isinstance(value, str) else value or []",
        "values = [] if isinstance(value, str) else value or []",
    ),
    mutant(
        "a call that is read is recorded in wav49",
        "listings",
        "Recording(since=since)",
        'Recording(since=since, format="wav49")',
    ),
    # Showing.
    mutant(
        "a party that holds is shown without holder",
        "listings",
        '        "holder": None if view.on_hold is None else "1",\n',
        "",
    ),
    mutant(
        "an outside party that is parked is shown by its own number",
        "listings",
        "lot.by if lot is not None and by_the_parker else view.extension",
        "view.extension",
    ),
    mutant(
        "a parked party is shown by its parker",
        "listings",
        "lot.by if lot is not None and by_the_parker else view.extension",
        "view.extension if lot is None else lot.by",
    ),
    mutant(
        "a party that holds is shown with a status of its own",
        "listings",
        "5 if view.state in (ON_HOLD, PARKED) else STATES.index(view.state)",
        "6 if view.state == ON_HOLD else 5 if view.state == PARKED else STATES.index(view.state)",
    ),
    mutant("views that are not listed are shown", "listings", "for leg in legs if leg.listed}", "for leg in legs}"),
)
