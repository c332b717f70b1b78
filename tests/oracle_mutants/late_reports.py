"""Mistakes about late reports: reports of something that is past."""

from tests.oracle_mutants.mutant import mutant

_LATE = '    if leg.can(f"{name} again"):\n        raise Repeated\n'

MUTANTS = (
    mutant("a late report is refused", "signals", _LATE, ""),
    mutant(
        "a report of a call that is over is judged like any other",
        "signals",
        "    if call.over:\n        raise Repeated\n",
        "",
    ),
    mutant(
        "a hold of a party that is parked is refused if it is reported",
        "table",
        '("Held again", (ON_HOLD, PARKED, ENDED), None)',
        '("Held again", (ON_HOLD, ENDED), None)',
    ),
    mutant(
        "the end of a hold of a party that is parked is refused if it is reported",
        "table",
        '("Resumed again", (CONNECTED, PARKED, ENDED), None)',
        '("Resumed again", (CONNECTED, ENDED), None)',
    ),
    mutant(
        "a late report of dialling is refused once the phone is up",
        "table",
        '("Dialled again", (TRYING, RINGING, *UP_STATES, ENDED), None)',
        '("Dialled again", (TRYING, RINGING, ENDED), None)',
    ),
    mutant(
        "a late report of ringing is refused once the phone is up",
        "table",
        '("Rang again", (RINGING, *UP_STATES, ENDED), None)',
        '("Rang again", (RINGING, ENDED), None)',
    ),
    mutant(
        "a late report of a party that has left is refused",
        "table",
        '("HungUp again", (ENDED,), None)',
        '("HungUp again", (), None)',
        '("Answered again", (*UP_STATES, ENDED), None)',
        '("Answered again", UP_STATES, None)',
    ),
)
