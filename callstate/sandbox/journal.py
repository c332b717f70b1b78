"""What was asked and answered, for a test to verify: the last requests of clients, in their order.

One rule: it holds no secret, and it is bounded; of a long body only the beginning is kept. What a test asks of the
sandbox itself is not in it.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from callstate.sandbox.faults import Fault
from callstate.sandbox.request_summary import Asked, refusal_of
from callstate.voipnow.http import HttpRequest, HttpResponse

MOST = 1000
"""So many requests are kept."""

MOST_BYTES = 16_384
"""So much of a body is kept."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A request and its answer.

    Bodies are JSON, or text where they are none or long. `fault` is the one that struck, so that the client got no
    answer, or a late one, or another one than that of the service.
    """

    number: int
    at: datetime
    account: str | None = None
    method: str
    path: str
    query: dict[str, str] | None = None
    action: str | None = None
    call: str | None = None
    body: Any = None
    status: int
    code: str | None = None
    answer: Any = None
    fault: Fault | None = None


class Journal:
    """The last requests."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, datetime, str | None, Asked, bytes, HttpResponse, Fault | None]] = deque(
            maxlen=MOST
        )
        self._number = 0

    def clear(self) -> None:
        """Forget all requests; the next one is number 1 again."""
        self._kept.clear()
        self._number = 0

    def keep(  # noqa: PLR0913  # the parts of an exchange, each by its name
        self,
        at: datetime,
        asked: Asked,
        request: HttpRequest,
        response: HttpResponse,
        *,
        account: str | None,
        fault: Fault | None,
    ) -> None:
        """Keep a request and its answer."""
        self._number += 1
        if len(response.body) > MOST_BYTES:
            response = msgspec.structs.replace(response, body=response.body[:MOST_BYTES])
        self._kept.append((self._number, at, account, asked, request.body[:MOST_BYTES], response, fault))

    def entries(self, wanted: Mapping[str, str]) -> tuple[Entry, ...]:
        """Return the requests that have the wanted texts in their fields, the oldest first."""
        return chosen(map(_entry, tuple(self._kept)), wanted)

    @property
    def last(self) -> int:
        """The number of the last request."""
        return self._number

    def after(self, number: int, most: int) -> tuple[Entry, ...]:
        """Return the requests after the one of a number, the last `most` of them."""
        count = min(self._number - number, most, len(self._kept))
        return tuple(_entry(self._kept[place]) for place in range(-count, 0))


FILTERS = ("method", "path", "action", "call", "account", "status", "code")
"""The fields of an entry by which entries can be chosen."""


_Kept = TypeVar("_Kept")


def chosen(entries: Iterable[_Kept], wanted: Mapping[str, str]) -> tuple[_Kept, ...]:
    """Return the entries that have the wanted texts in their fields."""
    return tuple(entry for entry in entries if all(_text(entry, name) == text for name, text in wanted.items()))


def _text(entry: object, name: str) -> str | None:
    value = getattr(entry, name)
    return None if value is None else str(value)


def _entry(kept: tuple[int, datetime, str | None, Asked, bytes, HttpResponse, Fault | None]) -> Entry:
    number, at, account, asked, body, response, fault = kept
    return Entry(
        number=number,
        at=at,
        account=account,
        method=asked.method,
        path=asked.path,
        query=dict(asked.query) or None,
        action=asked.action,
        call=asked.call,
        body=None if asked.of_tokens else _readable(body),
        status=response.status,
        code=refusal_of(response)[0],
        answer=None if asked.of_tokens else _readable(response.body),
        fault=fault,
    )


def _readable(body: bytes) -> Any:  # Any: JSON
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
