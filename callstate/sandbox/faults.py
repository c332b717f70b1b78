"""Faults on purpose: requests that are refused, answered late, dropped, or done without an answer.

One rule: a fault strikes the next requests that it fits, as often as it was told, and never by chance.
"""

from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from callstate.sandbox.request_summary import Asked
from callstate.voipnow.http import HttpResponse, problem


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happens to which requests of the service.

    `method`, `action` and `call` tell which requests: all of those given must fit. `status` answers with that status
    instead of doing what was asked; `drop` closes the connection, before the `request` is done or instead of the
    `answer` to what is done; `delay` holds the answer back for so many seconds. It strikes `times` requests.
    """

    method: str | None = None
    action: str | None = None
    call: str | None = None
    status: Annotated[int, Meta(ge=400, le=599)] | None = None
    drop: Literal["request", "answer"] | None = None
    delay: Annotated[float, Meta(ge=0, le=3600)] = 0
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1

    def __post_init__(self) -> None:
        if self.status is not None and self.drop is not None:
            raise ValueError("a fault has a status or drops the connection, not both")
        if self.status is None and self.drop is None and not self.delay:
            raise ValueError("a fault has a status, a delay, or drops the connection")

    def fits(self, asked: Asked) -> bool:
        """Tell whether it strikes a request."""
        return (
            self.method in (None, asked.method)
            and self.action in (None, asked.action)
            and self.call in (None, asked.call)
        )

    @property
    def answer(self) -> HttpResponse | None:
        """The answer to a request that is not done; `None` if it is done. That of a dropped request is not sent."""
        if self.status is None and self.drop != "request":
            return None
        return problem(self.status or 503, "fault", "The sandbox was told to refuse this request.")

    @property
    def words(self) -> str | None:
        """What it does besides the answer, for a line of the log."""
        words = [f"fault: {self.drop} dropped"] if self.drop is not None else []
        words += [f"fault: {self.delay:g} s late"] if self.delay else []
        return "  ".join(words) or None


class Delivery(NamedTuple):
    """An answer and how it travels: after so many seconds, or not at all because the connection is closed.

    One that `streams` is only the beginning: what happens follows, for as long as the client listens.
    """

    response: HttpResponse
    delay: float = 0
    drop: bool = False
    streams: bool = False


class Faults:
    """The faults that have yet to strike, in the order in which they were added."""

    def __init__(self) -> None:
        self._left: list[Fault] = []

    def __len__(self) -> int:
        return len(self._left)

    @property
    def left(self) -> tuple[Fault, ...]:
        """The faults, each with how often it will still strike."""
        return tuple(self._left)

    def add(self, fault: Fault) -> None:
        """Let a fault strike from the next request on."""
        self._left.append(fault)

    def clear(self) -> None:
        """Let no fault strike any more."""
        self._left.clear()

    def strike(self, asked: Asked) -> Fault | None:
        """Return the first fault that fits a request, and count it."""
        place = next((place for place, fault in enumerate(self._left) if fault.fits(asked)), None)
        if place is None:
            return None
        fault = self._left.pop(place)
        if fault.times > 1:
            self._left.insert(place, msgspec.structs.replace(fault, times=fault.times - 1))
        return fault
