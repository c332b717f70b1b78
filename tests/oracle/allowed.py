"""What is allowed on a view: each action of which some request that names the view would change the call.

One rule: nothing is decided here. Requests are made up, and their own checks say whether they would be accepted. A
Transfer names its parties by the view alone.
"""

from collections.abc import Iterator
from itertools import chain, product
from typing import Any

from callstate.domain import (
    ACTIONS,
    SELF,
    BargeIn,
    Monitor,
    Numbering,
    Park,
    PickUp,
    Request,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.oracle.answers import Refused, Repeated
from tests.oracle.plans import plan
from tests.oracle.state import Conversation

RINGING = (UnPark, PickUp, BargeIn, Whisper, Monitor)
SENDING = (Transfer, TransferToVoicemail)


def allowed(call: Conversation, view_id: str | None) -> tuple[str, ...]:
    leg = call.leg(view_id)
    if leg is None or not leg.live or not leg.listed:
        return ()
    return tuple(kind.__name__ for kind in ACTIONS if any(_changes(call, one) for one in _requests(call, kind, leg.id)))


def _changes(call: Conversation, request: Request) -> bool:
    try:
        plan(call, request)
    except (Refused, Repeated):
        return False
    return True


def _requests(call: Conversation, kind: type[Request], view_id: str) -> Iterator[Request]:
    """Make up requests of a kind that differ in what decides whether they are accepted."""
    own: dict[str, Any] = {"call_id": call.value.id, "view_id": view_id}  # Any: fields of any request
    askers = (SELF, *dict.fromkeys(leg.extension for leg in call.live if leg.extension))
    if issubclass(kind, RINGING):
        yield from (kind(**own, send_call_to=number) for number in _phones(call))
    elif issubclass(kind, SENDING):
        numbers = [*_phones(call), *(_outside_numbers(call) if kind is Transfer else ())]
        pairs = product(numbers, askers)
        yield from (kind(**own, send_call_to=number, extension=asker) for number, asker in pairs)
    elif kind is Park:
        yield from (Park(**own, extension=asker) for asker in askers)
    elif kind is StartRecording:
        yield from (StartRecording(**own, format=name) for name in ("wav", "wav49"))
    else:
        yield kind(**own)


def _phones(call: Conversation) -> list[str]:
    """An extension that is not in the call, then those that are."""
    there = list(dict.fromkeys(leg.extension for leg in call.live if call.numbering.is_extension(leg.extension)))
    free = (number for number in _extensions(call.numbering) if number not in there)
    return [*(number for number in (next(free, None),) if number is not None), *there]


def _extensions(numbering: Numbering) -> Iterator[str]:
    if numbering.numbers is not None:
        yield from sorted(numbering.numbers)
        return
    known = (f"{number:04}*{number:03}" for number in range(900, 999))
    yield from filter(numbering.is_extension, chain(known, (f"{number:03}" for number in range(900, 999))))


def _outside_numbers(call: Conversation) -> list[str]:
    there = {leg.extension for leg in call.live}
    free = (number for number in (f"+99{number:05}" for number in range(999)) if number not in there)
    return [next(free)]
