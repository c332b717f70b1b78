"""Every call that two live views can come to: found once, for all tests and pages that ask about each of them."""

from functools import cache

from callstate.exploration import Exploration, survey


@cache
def small() -> Exploration:
    """Find every call of two live views."""
    return survey(max_views=2)
