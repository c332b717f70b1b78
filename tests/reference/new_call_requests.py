"""Requests for new calls, one of each kind."""

from collections.abc import Mapping
from typing import Any

from callstate import CreateCallback, CreateConferenceInvite, CreateSimple
from callstate.domain import Create
from tests.calls import ALICE, BOB, ELSEWHERE, OUTSIDE

KINDS: Mapping[str, type[Create]] = {
    "simple": CreateSimple,
    "callback": CreateCallback,
    "conferenceInvite": CreateConferenceInvite,
}


def request(kind: type[Create], **fields: Any) -> Create:  # Any: fields of a request
    """Build the plainest request of a kind, with other fields."""
    ends: Mapping[type[Create], dict[str, Any]] = {  # Any: likewise
        CreateSimple: {"source": (ALICE,), "destination": (BOB,)},
        CreateCallback: {"source": (OUTSIDE,), "destination": (ELSEWHERE,)},
        CreateConferenceInvite: {"source": (ALICE,), "destination": (BOB, OUTSIDE)},
    }
    made: Create = kind(**({"call_id": "c1", "extension": ALICE} | ends[kind] | fields))
    return made
