"""What a service that knows users and organizations adds to the checks of the core."""

from collections.abc import Iterator

import msgspec

from callstate import Action, DomainError, ErrorCode, HangUp, Transfer, allowed_actions
from callstate.domain import ACTIONS
from callstate.engine import BY_A_COLLEAGUE
from callstate.voipnow.service.apply import WITHIN
from callstate.voipnow.wire import apply_body
from tests.calls import BOB, DAVE, at, connected
from tests.reference.exchanges import ASKED, PATH, Json, Service, call_of

FOREIGN = (
    (b"accounts = [", b'{ id = "9", name = "Other", kind = "organization" },'),
    (b"accounts = [", b'{ id = "99", name = "Eve", kind = "user", organization = "9" },'),
    (b"extensions = [", b'{ number = "0009*999", user = "99" },'),
)
"""Entries of the directory for a user of another organization."""


def _code(kind: type[Action], account: str = "12", path: str = PATH, **fields: str) -> str | None:
    """Ask for an action as its page does, and return the code of the refusal, if there is one."""
    asked = ASKED[kind]
    service = Service(call_of(asked.view), account=account, entries=FOREIGN)
    answer: Json = msgspec.json.decode(service.ask("PUT", path, msgspec.json.encode(asked.body | fields)).body)
    error: Json | None = answer.get("error")
    return None if error is None else str(error["code"])


def _rings() -> Iterator[type[Action]]:
    """Yield the actions that name a phone."""
    return (kind for kind in ACTIONS if "send_call_to" in kind.__struct_fields__)


def only_colleagues() -> None:
    """A service accepts only extensions of the same organization."""
    foreign = PATH.replace("0003*210", "0009*999")
    for kind in BY_A_COLLEAGUE:
        assert _code(kind, account="99", path=foreign) == "extension_invalid"
        assert _code(kind, path=PATH.replace("0003*210", "0003*500")) is None


def only_phone_terminals() -> None:
    """
    After these checks a service looks `sendCallTo` up in its directory, if it is an extension. It refuses with
    `send_call_to_invalid` if the extension is not a phone terminal.
    """
    for kind in _rings():
        assert _code(kind) is None
        assert _code(kind, sendCallTo="0003*500") == "pc_sendcallto_invalid"
        assert _code(kind, sendCallTo="0003*999") == "pc_sendcallto_invalid"


def of_the_organization() -> None:
    """It also refuses a phone terminal of another organization."""
    for kind in WITHIN:
        assert _code(kind, sendCallTo="0009*999") == "pc_sendcallto_invalid"


def of_any_organization() -> None:
    """The phone terminal can belong to another organization."""
    assert set(_rings()) - WITHIN == {Transfer}
    assert _code(Transfer, sendCallTo="0009*999") is None


def an_unknown_action() -> None:
    """
    An unknown action can be requested by those who can request OnHold: a colleague who takes no part in the call is
    refused with `extension_invalid`. For everybody else it is refused with `action_invalid`. Such a refusal states no
    view, and nothing that is allowed, even if the body has the id of a view.
    """
    for asker, code in ((BOB, ErrorCode.ACTION_INVALID), (DAVE, ErrorCode.EXTENSION_INVALID)):
        body = b'{"action": "Sing", "phoneCallViewId": "00"}'
        error = apply_body(connected(), body, call_id=connected().id, extension=asker, at=at(20))
        assert isinstance(error, DomainError)
        assert (error.code, error.view_id, error.state, error.allowed) == (code, None, None, ())
    assert allowed_actions(connected(), "00")


def the_user_comes_first() -> None:
    """
    A service checks the user together with the extension. It refuses with `user_invalid` first, then with
    `access_denied` and `extension_invalid`. An unknown action is refused after both.
    """
    for kind in set(ACTIONS) - {HangUp}:
        nobody, other = PATH.replace("@me", "77"), PATH.replace("@me", "13")
        outsider = PATH.replace("0003*210", "0003*500")
        assert _code(kind, path=nobody.replace("0003*210", "0003*998"), action="Sing") == "user_invalid"
        assert _code(kind, path=other.replace("0003*210", "0003*998"), action="Sing") == "access_denied"
        assert _code(kind, path=outsider, action="Sing") == "extension_invalid"
        assert _code(kind, action="Sing") == "pc_action_invalid"
