"""The page of the wire: how requests are read, how they are answered, and how a call is listed.

One rule: every sentence is a fact.
"""

from collections.abc import Callable, Mapping

from tests.reference.facts import Fact, sentence, wire
from tests.reference.markdown import bullets, page


def wire_page() -> str:
    """Write the page."""
    return page(
        "The wire",
        "What is sent is read tolerantly, and what is answered is exact. The page of each action shows an exchange. "
        "[New calls](new-calls.md) says how calls are created, [Who may ask](who-may-ask.md) what the user and the "
        "extension of a path mean, and [Reading a listing](listings.md) how a listing is read back. The field "
        "names of a listing are those of [Values](values.md).",
        "## Requests",
        bullets(map(sentence, wire.REQUESTS)),
        "## Answers",
        bullets(map(sentence, wire.ANSWERS)),
        "## Listings",
        bullets(map(sentence, wire.LISTINGS)),
    )


FACTS: tuple[Fact, ...] = (*wire.REQUESTS, *wire.ANSWERS, *wire.LISTINGS)
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/wire.md": wire_page}
"""The pages of this module, by their path in the docs."""
