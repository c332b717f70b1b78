"""What was asked of a service over HTTP and what it answered, one exchange after the other.

One rule: an answer is what the PhoneCalls API has, or it is shown as it came: method, URL, status and its first bytes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import msgspec

from callstate.testing.subjects import NotJudgedError, UnreadableAnswerError

OK = range(200, 300)
_SHOWN = 200


class HttpExchange(NamedTuple):
    """A request, with its body if it has one, and the answer to it."""

    method: str
    url: str
    path: str
    body: bytes | None
    status: int
    answer: bytes
    date: str | None

    @property
    def accepted(self) -> bool:
        """Whether the status is one of success; services differ in which one."""
        return self.status in OK

    @property
    def json(self) -> Any:  # Any: JSON
        """What the answer holds."""
        try:
            return msgspec.json.decode(self.answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self.unreadable from None

    @property
    def refusal(self) -> str | None:
        """The code of the refusal, if it is one."""
        if self.accepted:
            return None
        try:
            return str(self.json["error"]["code"])
        except (LookupError, TypeError):
            raise self.unreadable from None

    @property
    def entries(self) -> Iterator[dict[str, Any]]:  # Any: JSON
        """The calls that the answer lists; none if the request is refused."""
        if self.refusal is not None:
            return
        try:
            for entry in self.json["entry"]:
                yield {**entry}
        except (LookupError, TypeError):
            raise self.unreadable from None

    @property
    def created(self) -> str:
        """The id of the call that the request has created."""
        try:
            created = self.json
            return str((created if isinstance(created, dict) else created[0])["id"])
        except (LookupError, TypeError):
            raise self.unreadable from None

    @property
    def time(self) -> datetime:
        """The time at the service."""
        try:
            date = parsedate_to_datetime(self.date or "")
        except ValueError:
            raise NotJudgedError(
                f"{self.method} {self.url} is answered without a Date, so the time there is not known"
            ) from None
        return date if date.tzinfo else date.replace(tzinfo=UTC)

    @property
    def unreadable(self) -> UnreadableAnswerError:
        """The error for an answer that is none of the PhoneCalls API."""
        shown = f"{self.answer[:_SHOWN]!r}" if self.answer else "without a body"
        return UnreadableAnswerError(f"{self.method} {self.url} is answered {self.status} {shown}")
