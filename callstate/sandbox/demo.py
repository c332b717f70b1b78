"""What a sandbox holds if it is given nothing: a small company, a call that goes on, and one that rings.

One rule: it is data, in the forms in which users give their own.
"""

from collections.abc import Iterator
from datetime import datetime

from callstate.domain import ANSWERED, CONNECTED, RINGING, Flow, PhoneCall, PhoneCallView, ViewState, is_extension

DIRECTORY = b"""\
accounts = [
    { id = "admin", name = "Administrator", kind = "administrator" },
    { id = "3", name = "Default Organization", kind = "organization" },
    { id = "12", name = "Alice", kind = "user", organization = "3" },
    { id = "13", name = "Bob", kind = "user", organization = "3" },
    { id = "14", name = "Carol", kind = "user", organization = "3" },
    { id = "15", name = "Dave", kind = "user", organization = "3" },
]
extensions = [
    { number = "0003*210", user = "12" },
    { number = "0003*024", user = "13" },
    { number = "0003*211", user = "14" },
    { number = "0003*212", user = "15" },
    { number = "0003*500", user = "12", kind = "conference" },
    { number = "0003*600", user = "12", kind = "callback" },
]
"""


def calls(at: datetime) -> Iterator[PhoneCall]:
    """Make the calls: Bob talks to Alice, and somebody from outside rings at Carol."""
    yield _call("b817d2618fe6f1804333", at, ("0003*024", "0003*210"), CONNECTED)
    yield _call("7d280cc4feae3255a497", at, ("3334444", "0003*211"), RINGING)


def _call(call_id: str, at: datetime, numbers: tuple[str, str], state: ViewState) -> PhoneCall:
    rings = state is RINGING
    flow = Flow.LOCAL if all(map(is_extension, numbers)) else Flow.INCOMING
    answered = None if rings else at
    views = tuple(
        PhoneCallView(
            id=f"{side:02d}",
            extension=number,
            state=ANSWERED if rings and side == 0 else state,
            side=side,
            listed=is_extension(number),
            outside=not is_extension(number),
            source=numbers[:1],
            destination=numbers[1:],
            flow=flow,
            ringing=at if rings and side == 1 else None,
            answered=answered,
        )
        for side, number in enumerate(numbers)
    )
    return PhoneCall(
        id=call_id,
        extension=numbers[1],
        views=views,
        owner_id="3",
        owner_name="Default Organization",
        published=at,
        answered=answered,
        updated=at,
    )
