"""The bytes of a request to those of its answer, by the wire of the package and by pydantic around the same core."""

from collections.abc import Callable, Iterator

import msgspec
from pydantic import ValidationError

from callstate import Action, DomainError, PhoneCall, apply_action
from callstate.voipnow import wire as ours
from callstate.voipnow.wire import encode_error
from tests.benchmarks import work
from tests.benchmarks.contenders import with_pydantic as theirs
from tests.benchmarks.rows import Row, at_most, faster, target, timed
from tests.benchmarks.timing import Task, in_turn, ratio, spread
from tests.benchmarks.work import AT, CALL_ID, CALLED

HOLD, RESUME = (f'{{\n  "action": "{word}",\n  "phoneCallViewId": "01"\n}}'.encode() for word in ("OnHold", "OffHold"))
LINK = f"https://x.x.x.x//uapi/phoneCalls/12/{CALLED}/{CALL_ID}"

SMALL, LARGE = "1 MB", "10 MB"
LISTINGS = {"1,000 views of many numbers": (1000, 55), "one view of many numbers": (1, 55_000)}
"""Calls whose listing takes 1 MB: their views, and the numbers that each view shows at each end."""

MOST_TIMES = 12
"""What ten times as many bytes may take, against one: no more than in proportion, and a little for the memory."""

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
    yield faster("request bytes to response bytes: pydantic", spread(taken["pydantic"]), times, target(4, 5))


def reading() -> Iterator[Row]:
    """Read listings of 1 MB and of 10 MB, in which views of every kind look for one another by their numbers."""
    for what, (views, numbers) in LISTINGS.items():
        bodies = {SMALL: listing(views, numbers), LARGE: listing(views, 10 * numbers)}
        taken = in_turn({name: _reads(body) for name, body in bodies.items()}, rounds=5)
        yield timed(f"read a listing of {SMALL}: {what}", spread(taken[SMALL]))
        times = ratio(taken[LARGE], taken[SMALL])
        yield at_most(f"read a listing of {LARGE}: {what}", spread(taken[LARGE]), times, MOST_TIMES, of=SMALL)


def listing(views: int, numbers: int) -> bytes:
    """Write a listing in which half of the views wait, half are on call, and each number may be that of another."""
    shown = [f"{number:05d}" for number in range(numbers)]
    listed = [
        {"id": str(number), "extension": shown[number % numbers], "status": 4 + number % 2}
        | {"source": shown, "destination": shown}
        for number in range(views)
    ]
    return msgspec.json.encode({"id": CALL_ID, "extension": CALLED, "phoneCallView": listed})


def _reads(body: bytes) -> Task:
    def task(times: int) -> None:
        for _ in range(times):
            ours.decode_call(body)

    return task


def _task(respond: Respond) -> Task:
    call = work.connected()

    def task(times: int) -> None:
        for _ in range((times + 1) // 2):
            _, held = respond(call, HOLD)
            respond(held, RESUME)

    return task
