"""The oracle with one mistake in it: what an implementer can get wrong, and how the source of the oracle says so.

One rule: a mutant is one misunderstanding of the behaviour, not one line; it changes as many places as that takes. A
change that does not fit the source any more is an error, never a mutant that changes nothing.
"""

from tests.oracle_mutants import (
    allowed,
    asking,
    creates,
    dates,
    effects,
    ends,
    fields,
    late_reports,
    listings,
    new_legs,
    order,
    parties,
    repeats,
    rules,
    states,
    strict,
    time,
)
from tests.oracle_mutants.mutant import Mutant

GROUPS: dict[str, tuple[Mutant, ...]] = {
    "time": time.MUTANTS,
    "who may ask": asking.MUTANTS,
    "the order of the checks": order.MUTANTS,
    "roles and states": states.MUTANTS,
    "fields": fields.MUTANTS,
    "repeats": repeats.MUTANTS,
    "strict rules": strict.MUTANTS,
    "late reports": late_reports.MUTANTS,
    "who is who": parties.MUTANTS,
    "effects": effects.MUTANTS,
    "new legs": new_legs.MUTANTS,
    "ends": ends.MUTANTS,
    "dates": dates.MUTANTS,
    "rules": rules.MUTANTS,
    "allowed": allowed.MUTANTS,
    "new calls": creates.MUTANTS,
    "listings": listings.MUTANTS,
}
"""All mutants by what they are about."""

__all__ = ["GROUPS", "Mutant"]
