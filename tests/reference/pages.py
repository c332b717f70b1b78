"""All generated pages, by their path in the docs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.reference import actions, errors, laws, mapping_page, states

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    **states.PAGES,
    **actions.PAGES,
    **errors.PAGES,
    **laws.PAGES,
    **mapping_page.PAGES,
}


def write() -> None:
    """Write every page."""
    for name, made in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made(), "utf-8")
