"""What goes into the service and what comes out: requests, outcomes, and a read-only look at the calls.

One rule: these are values, and the look at the calls changes nothing; the program that calls the service stores
what it returns. This module knows nothing of HTTP beyond the status of a response, and nothing of tokens.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeAlias

import msgspec

from callstate.domain import Action, Create, DomainError, PhoneCall

ME, VIEWER, OWNER = "@me", "@viewer", "@owner"
"""The words for a user: twice the account that asks, and the user that owns the charged extension."""


class Verb(StrEnum):
    """What is asked of the service."""

    CREATE = "create"
    LIST = "list"
    UPDATE = "update"
    DELETE = "delete"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as its path, query and body tell it, decoded but not judged.

    `viewer` is the id of the account that the token belongs to. `user` and `extension` are those of the path; the path
    of a create has no extension, because the body names it, but a `kind`: `simple`, `callback` or `conferenceInvite`. A
    parameter that came more than once is a list with commas. `new_call_id` is the id that a created call gets, made up
    by the shell. `base` begins the links: `https://host/uapi`, without a last slash.
    """

    verb: Verb
    viewer: str
    user: str = ME
    extension: str | None = None
    call_id: str | None = None
    kind: str | None = None
    parameters: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    new_call_id: str = ""
    base: str = ""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: a status and a JSON body.

    If it is about exactly one call, `version` is the version of that call, and `found` the one that the request found.
    Neither is given for a call that the account does not see, so that no condition can be tried on it.
    """

    status: int
    body: bytes
    version: int | None = None
    found: int | None = None


Changed: TypeAlias = tuple[PhoneCall, ...]
"""The calls that a request changed, a created one included, to be stored before the response is sent."""


class Step(NamedTuple):
    """An input that a call was given: what was asked when, numbers in full, and the call then or why it is refused.

    It has not `reached` the call if the answer turns on who may see or name a leg, which the call alone cannot tell.
    """

    asked: Action | Create
    at: datetime
    result: PhoneCall | DomainError
    reached: bool = True


Steps: TypeAlias = tuple[Step, ...]
"""What a request asked of calls, in its order. What never reached a call is not among it."""


class Outcome(NamedTuple):
    """What came of a request."""

    response: Response
    changed: Changed = ()
    steps: Steps = ()


class Calls(Protocol):
    """A read-only look at the calls of a system, in whatever store they are."""

    def by_id(self, call_id: str) -> PhoneCall | None:
        """Return the call of that id, one that is over included as long as it is remembered."""

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        """Return the calls that are not over and that one of the numbers, in extended form, has to do with.

        It does if it is the number of a live view, the charged one, or that of the parker of a party. Each call comes
        once, in the order of publishing, then of creation.
        """
        ...  # pyright takes a body of a docstring alone for one that returns None

    def taken_positions(self, organization: str | None) -> Collection[int]:
        """Return the parking positions that are taken in the lot of an organization.

        A party stands in the lot of the organization that parked it. The lot of `None` is that of all numbers that
        belong to no organization.
        """
        ...  # as above
