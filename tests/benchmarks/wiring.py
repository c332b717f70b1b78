"""The bytes of a request to those of its answer, by the wire of the package and by pydantic around the same core."""

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from callstate import Action, DomainError, PhoneCall, apply_action
from callstate.voipnow.wire import codec as ours
from callstate.voipnow.wire import encode_error
from tests.benchmarks import work
from tests.benchmarks.contenders import with_pydantic as theirs
from tests.benchmarks.rows import Row, faster, timed
from tests.benchmarks.timing import Task, in_turn, ratio, spread
from tests.benchmarks.work import AT, CALL_ID, CALLED

HOLD, RESUME = (f'{{\n  "action": "{word}",\n  "phoneCallViewId": "01"\n}}'.encode() for word in ("OnHold", "OffHold"))
LINK = f"https://x.x.x.x//uapi/phoneCalls/12/{CALLED}/{CALL_ID}"

Respond = Callable[[PhoneCall, bytes], tuple[bytes, PhoneCall]]
"""Answers the body of a request; with the call as it is then."""


def by_msgspec(call: PhoneCall, body: bytes) -> tuple[bytes, PhoneCall]:
    """Answer with the package's own wire."""
    action = ours.decode_action(body, call_id=CALL_ID, extension=CALLED)
    if isinstance(action, DomainError):
        return encode_error(action), call
    return _answered(call, action, ours.encode_accepted)


def by_pydantic(call: PhoneCall, body: bytes) -> tuple[bytes, PhoneCall]:
    """Answer with pydantic's models; what it refuses it says itself."""
    try:
        action = theirs.decode_action(body, call_id=CALL_ID, extension=CALLED)
    except ValidationError as error:
        return error.json().encode(), call
    return _answered(call, action, theirs.encode_accepted)


def _answered(call: PhoneCall, action: Action, encode: Callable[..., bytes]) -> tuple[bytes, PhoneCall]:
    after = apply_action(call, action, at=AT)
    if isinstance(after, DomainError):
        return encode_error(after), call
    return encode(after, extension=CALLED, link=LINK), after


def wire() -> Iterator[Row]:
    """The vendor's own example: a call is held, and taken back."""
    taken = in_turn({"msgspec": _task(by_msgspec), "pydantic": _task(by_pydantic)})
    yield timed("request bytes to response bytes: core", spread(taken["msgspec"]))
    times = ratio(taken["pydantic"], taken["msgspec"])
    yield faster("request bytes to response bytes: pydantic", spread(taken["pydantic"]), times, 5)


def _task(respond: Respond) -> Task:
    call = work.connected()

    def task(times: int) -> None:
        for _ in range((times + 1) // 2):
            _, held = respond(call, HOLD)
            respond(held, RESUME)

    return task
