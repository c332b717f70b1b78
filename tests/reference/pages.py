"""All generated pages, by their path in the docs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.reference import (
    actions,
    allowed_page,
    errors,
    laws,
    legs_page,
    listings,
    mapping_page,
    new_calls,
    states,
    values,
    who_may_ask,
    wire_page,
)
from tests.reference.facts import Fact, serving

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    **states.PAGES,
    **actions.PAGES,
    **errors.PAGES,
    **new_calls.PAGES,
    **listings.PAGES,
    **values.PAGES,
    **who_may_ask.PAGES,
    **allowed_page.PAGES,
    **legs_page.PAGES,
    **wire_page.PAGES,
    **laws.PAGES,
    **mapping_page.PAGES,
}

_SAID: tuple[Fact, ...] = (
    *actions.FACTS,
    serving.the_user_comes_first,
    *new_calls.FACTS,
    *listings.FACTS,
    *values.FACTS,
    *who_may_ask.FACTS,
    *allowed_page.FACTS,
    *legs_page.FACTS,
    *wire_page.FACTS,
)

FACTS: tuple[Fact, ...] = tuple(dict.fromkeys(_SAID))
"""Every fact that a page says, once."""


def write() -> None:
    """Write every page."""
    for name, made in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made(), "utf-8")
