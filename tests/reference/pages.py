"""All generated pages, by their path in the docs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.reference import actions, errors, laws, listings, mapping_page, new_calls, states, values
from tests.reference.facts import Fact, serving

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    **states.PAGES,
    **actions.PAGES,
    **errors.PAGES,
    **new_calls.PAGES,
    **listings.PAGES,
    **values.PAGES,
    **laws.PAGES,
    **mapping_page.PAGES,
}

FACTS: tuple[Fact, ...] = (
    *actions.FACTS,
    serving.the_user_comes_first,
    *new_calls.FACTS,
    *listings.FACTS,
    *values.FACTS,
)
"""Every fact that a page says, once."""


def write() -> None:
    """Write every page."""
    for name, made in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made(), "utf-8")
