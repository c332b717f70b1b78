"""Any service that speaks the PhoneCalls API over HTTP, as a subject.

One rule: it asks for nothing that a client of the service could not ask for, except of a sandbox. Where there are no
`/sandbox/signals` and no `/sandbox/clock`, no signal is given and the service's clock is only read; all the rest is
judged. What those two answer is never judged.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec

from callstate import domain
from callstate.testing.exchanges import HttpExchange
from callstate.testing.http_connection import HttpConnection, Token
from callstate.testing.subjects import UNTOLD, NotJudgedError, Unable, UnreadableAnswerError, Untold
from callstate.voipnow.service import CREATES

if TYPE_CHECKING:
    import httpx

KINDS: Mapping[type[domain.Create], str] = {create: kind for kind, create in CREATES.items()}
_IN_THE_PATH = ("phoneCallId", "extension", "position")
_OF_THE_SERVICE = frozenset({"ownerId", "ownerName"})
_PLAIN = "@*"
"""What stands in a path as it is, as clients write it."""
_BY_THE_ASKER = (domain.Park, domain.Transfer, domain.TransferToVoicemail)
"""Actions with a meaning that depends on the asker. The service knows what `@self` stands for; the core does not."""


class HttpSubject:
    """A service at `base_url`, such as `https://pbx.example.com`, asked in the name of a user.

    The user of the `token` owns the extensions of `callstate.testing.starts`, and no other program uses them at the
    same time. The token is a text or, if it can expire, a function that gets one. `transport` is one of httpx, for a
    service in the same process. With `replaces_calls` a sandbox is given calls as they are by `PUT /sandbox/calls`, in
    the place of all that it holds.
    """

    def __init__(
        self,
        base_url: str,
        token: Token,
        *,
        transport: "httpx.BaseTransport | None" = None,
        replaces_calls: bool = False,
    ) -> None:
        self._connection = HttpConnection(base_url, token, transport)
        self._replaces_calls = replaces_calls
        self._ids: dict[str, str] = {}
        self._with_nonce: set[str] = set()
        self._now: datetime | None = None

    @property
    def exchanges(self) -> tuple[HttpExchange, ...]:
        """All that was asked and answered, but for what `close` asks."""
        return tuple(self._connection.exchanges)

    def start(self, new: domain.Create | domain.PhoneCall, *, at: datetime) -> None:  # noqa: ARG002  # its clock tells when
        """Create a call, and remember the id that the service gives it."""
        if isinstance(new, domain.PhoneCall):
            self._hold(new)
            return
        try:
            exchange = self._ask("POST", f"@me/{KINDS[type(new)]}?{urlencode(_parameters(new))}", _created(new))
            if exchange.refusal is not None:
                raise Unable(f"no call is created: {exchange.unreadable}")
            self._ids[new.call_id] = exchange.created
            self._with_nonce |= set() if new.nonce is None else {new.call_id}
        except UnreadableAnswerError as error:
            raise Unable(f"no call is created: {error}, which the PhoneCalls API does not have") from None

    def _hold(self, call: domain.PhoneCall) -> None:
        if not self._replaces_calls:
            raise Unable("a service makes its calls itself")
        exchange = self._connection.send("PUT", "/sandbox/calls", {"calls": [call]})
        if not exchange.accepted:
            raise Unable(f"PUT /sandbox/calls is answered {exchange.status}")
        self._ids[call.id] = call.id

    def apply(self, action: domain.Action, *, at: datetime) -> str | Untold | None:  # noqa: ARG002  # the service has its own clock
        """Ask for an action, or have the sandbox hear a signal."""
        if isinstance(action, domain.Signal):
            return self._report(action)
        if action.extension != domain.SELF and not domain.is_extension(action.extension):
            raise Unable("only extensions ask")
        if action.extension == domain.SELF and isinstance(action, _BY_THE_ASKER):
            raise Unable("the service finds out itself which extension asks")
        path = f"@me/{quote(action.extension, safe=_PLAIN)}/{quote(self._id(action.call_id))}"
        if isinstance(action, domain.HangUp):
            return self._hang_up(path, action).refusal
        if isinstance(action, domain.Park) and action.position is None:
            raise Unable("the service looks for a position itself")
        body = {name: value for name, value in _fields(action).items() if name not in _IN_THE_PATH}
        return self._ask("PUT", path, body).refusal

    def advance(self, *, at: datetime) -> datetime:
        """Move the clock of a sandbox on, and tell what time it is there. Other clocks are only read."""
        seconds = 0.0 if self._now is None else (at - self._now).total_seconds()
        exchange = self._moved(max(seconds, 0))
        if not exchange.accepted:
            return exchange.time
        try:
            self._now = datetime.fromisoformat(exchange.json["now"])
        except (UnreadableAnswerError, LookupError, TypeError, ValueError):
            raise NotJudgedError(f"{exchange.unreadable}, which is not the time") from None
        return self._now

    def _moved(self, seconds: float) -> HttpExchange:
        try:
            return self._connection.send("POST", "/sandbox/clock", {"advance": seconds})
        except UnreadableAnswerError as error:
            raise NotJudgedError(str(error)) from None

    def look(self, call_id: str) -> bytes | None:
        """List the call by the id under which it was started, without what only the service can know."""
        for entry in self._ask("GET", f"@me/@self/{quote(self._id(call_id))}").entries:
            unknown = _OF_THE_SERVICE if call_id in self._with_nonce else _OF_THE_SERVICE | {"nonce"}
            listed = {name: value for name, value in entry.items() if name not in unknown}
            return msgspec.json.encode({**listed, "id": call_id})
        return None

    def close(self) -> None:
        """Hang up all calls that were started, if the service still takes requests."""
        asked = len(self._connection.exchanges)
        with suppress(UnreadableAnswerError, NotJudgedError):
            for call_id in self._ids.values():
                self._end(f"@me/@self/{quote(call_id)}")
        del self._connection.exchanges[asked:]
        self._connection.close()

    def _end(self, path: str) -> None:
        """Hang up a call, and the numbers in it if it is still listed, as one with a parked party is."""
        self._ask("DELETE", path)
        entries = tuple(self._ask("GET", path).entries)
        for number in sorted({number for entry in entries for number in _numbers(entry)}):
            self._ask("DELETE", f"{path}?{urlencode({'phoneNumber': number})}")

    def _id(self, call_id: str) -> str:
        return self._ids.get(call_id, call_id)

    def _hang_up(self, path: str, action: domain.HangUp) -> HttpExchange:
        if action.phone_number is not None:
            return self._ask("DELETE", f"{path}?{urlencode({'phoneNumber': action.phone_number})}")
        if action.view_id is not None:
            raise Unable("a service hangs up calls and numbers")
        if action.extension == domain.SELF:
            raise Unable("the service finds out itself which extension asks")
        return self._ask("DELETE", path)

    def _report(self, signal: domain.Signal) -> Untold:
        body: dict[str, object] = {"callId": self._id(signal.call_id), "viewId": signal.view_id}
        if isinstance(signal, domain.HungUp) and signal.disposition is not None:
            body["disposition"] = signal.disposition
        exchange = self._connection.send("POST", "/sandbox/signals", {"signal": type(signal).__name__, **body})
        if not exchange.accepted:
            raise Unable(f"POST /sandbox/signals is answered {exchange.status}")
        return UNTOLD

    def _ask(self, method: str, path: str, body: object = None) -> HttpExchange:
        return self._connection.send(method, f"/uapi/phoneCalls/{path}", body)


def _numbers(entry: Mapping[str, Any]) -> Iterable[str]:  # Any: JSON
    """Return the numbers of a call that is listed."""
    views = entry.get("phoneCallView", ())
    fields = [view.get(name, ()) for view in views for name in ("extension", "source", "destination")]
    return (str(number) for field in fields for number in (field if isinstance(field, list) else [field]))


def _fields(command: domain.Action) -> dict[str, Any]:  # Any: JSON
    """Return the fields of a command that are given, by their names on the wire."""
    plain: dict[str, Any] = msgspec.to_builtins(command)  # Any: likewise
    return {name: value for name, value in plain.items() if value is not None}


def _created(new: domain.Create) -> dict[str, object]:
    shown = {"callerId": new.caller_id, "callerDestination": getattr(new, "caller_destination", None)}
    view = {"source": new.source, "destination": new.destination, **shown}
    nonce = {} if new.nonce is None else {"nonce": new.nonce}
    return {
        "extension": new.extension,
        **nonce,
        "phoneCallView": [{name: value for name, value in view.items() if value is not None}],
    }


def _parameters(new: domain.Create) -> dict[str, object]:
    parameters: dict[str, object] = {"waitForPickup": new.wait_for_pickup}
    if not isinstance(new, domain.CreateConferenceInvite) and new.call_duration is not None:
        parameters["callDuration"] = new.call_duration
    if isinstance(new, domain.CreateSimple) and new.allow_public_transfer:
        parameters["allowPublicTransfer"] = "true"
    return parameters
