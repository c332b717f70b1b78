"""From the body of a request to its answer, as the service and the command line answer it.

One rule: the checks of every request come in one order, whether or not its body can be read: the call, the extension,
the action, the view, the fields, and then what the state of the call says. Nothing is decided here.
"""

from datetime import datetime

from msgspec.structs import replace

from callstate.domain import SELF, DomainError, Park, PhoneCall, Request
from callstate.engine import (
    LENIENT,
    Explanation,
    Rules,
    apply_action,
    explain,
    explanation_of,
    fire,
    instant,
    refuse_unread,
)
from callstate.voipnow.wire.bodies import decode_action


def apply_body(  # noqa: PLR0913  # all that a request brings, and what it meets
    call: PhoneCall | None,
    body: bytes | str,
    *,
    call_id: str,
    extension: str = SELF,
    position: int | None = 1,
    at: datetime,
    rules: Rules = LENIENT,
) -> PhoneCall | DomainError:
    """Return the call as it is after a request, or why it is refused.

    `call` is the call that `call_id` names, `None` if there is no such call. The request comes on behalf of
    `extension`, and `position` is the place in the parking lot that a Park takes, `None` if no place is free. Any
    bytes at all have an answer; what `apply_action` raises for a mistake of the program, such as a naive `at`, this
    raises too.
    """
    action = read_request(call, body, call_id=call_id, extension=extension, at=at)
    return action if isinstance(action, DomainError) else apply_action(call, _at(position, action), at=at, rules=rules)


def read_request(
    call: PhoneCall | None, body: bytes | str, *, call_id: str, extension: str, at: datetime
) -> Request | DomainError:
    """Return the action that a body asks for, or the refusal of a body that cannot be read.

    It is the first half of `apply_body`. A service takes it if it has to look at the action before the core does, for
    instance to write short numbers in full. An unknown call, one that is over and a stranger are refused first.
    """
    action = decode_action(body, call_id=call_id, extension=extension)
    if isinstance(action, DomainError):
        return refuse_unread(call, action, call_id=call_id, extension=extension, at=at)
    return action


def explain_body(  # noqa: PLR0913  # likewise
    call: PhoneCall | None,
    body: bytes | str,
    *,
    call_id: str,
    extension: str = SELF,
    position: int | None = 1,
    at: datetime,
    rules: Rules = LENIENT,
) -> Explanation:
    """Tell how `apply_body` comes to its answer: each check with its verdict. Takes and raises what that does."""
    now = None if call is None else fire(call, instant(at), inclusive=False)
    action = read_request(now, body, call_id=call_id, extension=extension, at=at)
    if isinstance(action, DomainError):
        return explanation_of(now, action)
    return explain(now, _at(position, action), at=at, rules=rules)


def _at(position: int | None, action: Request) -> Request:
    """Give a Park its place in the parking lot."""
    return replace(action, position=position) if isinstance(action, Park) and position != action.position else action
