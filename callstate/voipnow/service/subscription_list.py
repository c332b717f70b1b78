"""Lists of subscriptions: which are shown, in the order of their URLs, page by page.

One rule: a filter compares a field with a value for equality; there is no other comparison. A list that finds nothing
is an empty page.
"""

from collections.abc import Iterable, Mapping

import msgspec

from callstate.domain import DomainError
from callstate.voipnow.service.pages import Page, on_page, page_of
from callstate.voipnow.service.query import Filter, names_from, read_list_query, word
from callstate.voipnow.service.subscription_bodies import EventBody
from callstate.voipnow.wire import DATE, TEXT, Fields

EVENT_FIELDS = tuple(EventBody.__struct_fields__)
FILTERED_BY = tuple(name for name in EVENT_FIELDS if name != "links")

_NAMES = names_from(*EVENT_FIELDS)
_BY = word(*FILTERED_BY)


def event_page(parameters: Mapping[str, str], found: Iterable[EventBody], where: str) -> Page | DomainError:
    """Make the page that is asked for; `found` comes in the order of creation, and `where` is the address of all."""
    query = read_list_query(parameters, _filter, _NAMES)
    if isinstance(query, DomainError):
        return query
    shown = sorted(filter(query.shows, found), key=lambda body: body.url)
    entries = [_entry(body, query.fields) for body in on_page(shown, query)]
    return page_of(entries, len(shown), query, parameters, where)


def _filter(fields: Fields) -> Filter[EventBody]:
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
