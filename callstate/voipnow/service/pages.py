"""One page of a list: which entries are on it, and the addresses of the pages before and after.

One rule: a page is the same for every kind of list. What is listed, and how an entry is written, is told by the caller.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from callstate.voipnow.service.query import STARTS, Item, Query


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The body of an answer to a list: some of the entries, and where the other pages are."""

    entry: list[msgspec.Raw]
    total_results: int
    items_per_page: int
    start_index: int
    paging: Mapping[str, str] | None = None


def on_page(shown: Sequence[Item], query: Query[Any]) -> Sequence[Item]:  # Any: an item may carry its address
    """Return what is on the page that is asked for, of all that the filter shows."""
    ordered = shown[::-1] if query.descending else shown
    return ordered[query.start : query.start + query.size]


def page_of(
    entries: list[msgspec.Raw],
    total: int,
    query: Query[Any],  # Any: entries are written already
    parameters: Mapping[str, str],
    where: str,
) -> Page:
    """Make the page of some entries out of a total; `where` is the address of the list without its parameters."""
    return Page(
        entry=entries,
        total_results=total,
        items_per_page=query.size,
        start_index=query.start,
        paging=dict(_paging(parameters, query, total, where)) or None,
    )


def _paging(parameters: Mapping[str, str], query: Query[Any], total: int, where: str) -> Iterator[tuple[str, str]]:
    """Yield where the pages before and after are; none begins beyond the highest start index."""

    def at(start: int) -> str:
        asked = {**parameters, "count": query.size, "startIndex": start}
        return f"{where}?{urlencode(asked, quote_via=quote)}"

    after = query.start + query.size
    if after < total and after in STARTS:
        yield "next", at(after)
    if query.start > 0:
        yield "prev", at(max(0, query.start - query.size))
