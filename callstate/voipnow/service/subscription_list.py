"""Lists of subscriptions: which are shown, in the order of their URLs, page by page.

One rule: a filter compares a field with a value for equality; there is no other comparison. A list that finds nothing
is an empty page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, urlencode

import msgspec

from callstate.domain import DomainError
from callstate.voipnow.service.list import Page
from callstate.voipnow.service.query import COUNT, ORDER, PAGE, START, STARTS, names_from, read_parameters, word
from callstate.voipnow.service.subscription_bodies import EventBody
from callstate.voipnow.wire import DATE, TEXT, Fields

EVENT_FIELDS = tuple(EventBody.__struct_fields__)
FILTERED_BY = tuple(name for name in EVENT_FIELDS if name != "links")

_NAMES = names_from(*EVENT_FIELDS)
_BY = word(*FILTERED_BY)

_Filter: TypeAlias = Callable[[EventBody], bool]


class _Query(NamedTuple):
    size: int
    start: int
    descending: bool
    shows: _Filter
    fields: frozenset[str] | None


def event_page(parameters: Mapping[str, str], found: Iterable[EventBody], where: str) -> Page | DomainError:
    """Make the page that is asked for; `found` comes in the order of creation, and `where` is the address of all."""
    query = read_parameters(parameters, _query)
    if isinstance(query, DomainError):
        return query
    ordered = sorted(filter(query.shows, found), key=lambda body: body.url)
    shown = ordered[::-1] if query.descending else ordered
    return Page(
        entry=[_entry(body, query.fields) for body in shown[query.start : query.start + query.size]],
        total_results=len(shown),
        items_per_page=query.size,
        start_index=query.start,
        paging=dict(_paging(parameters, query, len(shown), where)) or None,
    )


def _query(fields: Fields) -> _Query:
    return _Query(
        size=fields.get("count", COUNT) or PAGE,
        start=fields.get("startIndex", START) or 0,
        descending=fields.get("sortOrder", ORDER) == "descending",
        shows=_filter(fields),
        fields=fields.get("fields", _NAMES),
    )


def _filter(fields: Fields) -> _Filter:
    if fields.raw("filterBy") is None and fields.raw("filterValue") is None:
        return lambda _body: True
    by = fields.need("filterBy", _BY)
    if by == "modified":
        date = fields.need("filterValue", DATE)
        return lambda body: body.modified == date
    text = fields.need("filterValue", TEXT)
    return lambda body: bool(getattr(body, by) == text)


def _entry(body: EventBody, names: frozenset[str] | None) -> msgspec.Raw:
    fields = msgspec.structs.asdict(body)
    shown = fields if names is None else {name: field for name, field in fields.items() if name in names}
    return msgspec.Raw(msgspec.json.encode(shown))


def _paging(parameters: Mapping[str, str], query: _Query, total: int, where: str) -> Iterator[tuple[str, str]]:
    def at(start: int) -> str:
        asked = {**parameters, "count": query.size, "startIndex": start}
        return f"{where}?{urlencode(asked, quote_via=quote)}"

    after = query.start + query.size
    if after < total and after in STARTS:
        yield "next", at(after)
    if query.start > 0:
        yield "prev", at(max(0, query.start - query.size))
