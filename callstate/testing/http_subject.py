"""Any service that speaks the PhoneCalls API over HTTP, as a subject.

One rule: it asks for nothing that a client of the service could not ask for, except of a sandbox. Where there are no
`/sandbox/signals` and no `/sandbox/clock`, no signal is given and the service's clock is only read; all the rest is
judged.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import msgspec

from callstate import domain
from callstate.testing.subjects import NotJudgedError, Unable

SECONDS = 30
"""How long an answer may take."""

KINDS: Mapping[type[domain.Create], str] = {
    domain.CreateSimple: "simple",
    domain.CreateCallback: "callback",
    domain.CreateConferenceInvite: "conferenceInvite",
}
_IN_THE_PATH = ("phoneCallId", "extension", "position")
_OF_THE_SERVICE = ("ownerId", "ownerName", "nonce")
_BY_THE_ASKER = (domain.Park, domain.Transfer, domain.TransferToVoicemail)
"""Actions with a meaning that depends on the asker. The service knows what `@self` stands for; the core does not."""
_OK, _NOT_FOUND = range(200, 300), 404
_SHOWN = 60


class Answer(NamedTuple):
    """What a service answered to a `request`, such as `GET /uapi/phoneCalls/@me/@self`."""

    request: str
    status: int
    data: bytes
    date: str | None

    @property
    def body(self) -> Any:  # Any: JSON
        """What the answer holds; a `ValueError` if that is not JSON."""
        try:
            return msgspec.json.decode(self.data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self.foreign from None

    @property
    def refusal(self) -> str | None:
        """The code of the refusal, if it is one."""
        if self.status in _OK:
            return None
        try:
            return str(self.body["error"]["code"])
        except (LookupError, TypeError):
            raise self.foreign from None

    @property
    def foreign(self) -> ValueError:
        """The error for an answer that is none of the PhoneCalls API."""
        start = self.data[:_SHOWN]
        return ValueError(f"{self.request} is answered {self.status} {start!r}, which the PhoneCalls API does not have")

    @property
    def time(self) -> datetime:
        """The time at the service."""
        try:
            return parsedate_to_datetime(self.date or "")
        except ValueError:
            raise NotJudgedError(f"{self.request} is answered without a Date, so its time is not known") from None


class HttpSubject:
    """A service at `base_url`, such as `https://pbx.example.com`, asked in the name of a user.

    The user of the `token` owns the extensions of `callstate.testing.starts`, and no other program uses them at the
    same time.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._ids: dict[str, str] = {}
        self._now: datetime | None = None

    def start(self, new: domain.Create | domain.PhoneCall, *, at: datetime) -> None:  # noqa: ARG002  # its clock tells when
        """Create a call, and remember the id that the service gives it."""
        if isinstance(new, domain.PhoneCall):
            raise Unable("a service makes its calls itself")
        answer = self._ask("POST", f"@me/{KINDS[type(new)]}?{urlencode(_parameters(new))}", _created(new))
        self._ids[new.call_id] = _created_id(answer)

    def apply(self, action: domain.Action, *, at: datetime) -> str | None:  # noqa: ARG002  # likewise
        """Ask for an action, or have the sandbox hear a signal."""
        if isinstance(action, domain.Signal):
            return self._report(action).refusal
        if action.extension != domain.SELF and not domain.is_extension(action.extension):
            raise Unable("only extensions ask")
        if action.extension == domain.SELF and isinstance(action, _BY_THE_ASKER):
            raise Unable("the service finds out itself which extension asks")
        path = f"@me/{quote(action.extension)}/{quote(self._id(action.call_id))}"
        if isinstance(action, domain.HangUp):
            return self._hang_up(path, action).refusal
        if isinstance(action, domain.Park) and action.position is None:
            raise Unable("the service looks for a position itself")
        body = {name: value for name, value in _fields(action).items() if name not in _IN_THE_PATH}
        return self._ask("PUT", path, body).refusal

    def advance(self, *, at: datetime) -> datetime:
        """Move the clock of a sandbox on, and tell what time it is there. Other clocks are only read."""
        seconds = 0.0 if self._now is None else (at - self._now).total_seconds()
        answer = self._send("POST", "/sandbox/clock", {"advance": max(seconds, 0)})
        if answer.status not in _OK:
            return answer.time
        self._now = datetime.fromisoformat(answer.body["now"])
        return self._now

    def look(self, call_id: str) -> bytes | None:
        """List the call by the id under which it was started, without what only the service can know."""
        answer = self._ask("GET", f"@me/@self/{quote(self._id(call_id))}")
        entries = answer.body["entry"] if answer.refusal is None else ()
        for entry in entries:
            listed = {name: value for name, value in entry.items() if name not in _OF_THE_SERVICE}
            return msgspec.json.encode({**listed, "id": call_id})
        return None

    def close(self) -> None:
        """Hang up all calls that were started."""
        for call_id in self._ids.values():
            path = f"@me/@self/{quote(call_id)}"
            self._ask("DELETE", path)
            for number in self._numbers(path):
                self._ask("DELETE", f"{path}?{urlencode({'phoneNumber': number})}")
        self._ids = {}

    def _numbers(self, path: str) -> set[str]:
        """Return the numbers of a call that is still listed, such as one with a parked party."""
        answer = self._ask("GET", path)
        entries = answer.body["entry"] if answer.refusal is None else ()
        views = [view for entry in entries for view in entry["phoneCallView"]]
        fields = [view.get(name) for view in views for name in ("extension", "source", "destination")]
        return {str(number) for field in fields for number in (field if isinstance(field, list) else [field])}

    def _id(self, call_id: str) -> str:
        return self._ids.get(call_id, call_id)

    def _hang_up(self, path: str, action: domain.HangUp) -> Answer:
        if action.phone_number is not None:
            return self._ask("DELETE", f"{path}?{urlencode({'phoneNumber': action.phone_number})}")
        if action.view_id is not None:
            raise Unable("a service hangs up calls and numbers")
        if action.extension == domain.SELF:
            raise Unable("the service finds out itself which extension asks")
        return self._ask("DELETE", path)

    def _report(self, signal: domain.Signal) -> Answer:
        body: dict[str, object] = {"callId": self._id(signal.call_id), "viewId": signal.view_id}
        if isinstance(signal, domain.HungUp) and signal.disposition is not None:
            body["disposition"] = signal.disposition
        answer = self._send("POST", "/sandbox/signals", {"signal": type(signal).__name__, **body})
        if answer.status == _NOT_FOUND:
            raise Unable("the service takes no signals")
        return answer

    def _ask(self, method: str, path: str, body: object = None) -> Answer:
        return self._send(method, f"/uapi/phoneCalls/{path}", body)

    def _send(self, method: str, path: str, body: object) -> Answer:
        data = None if body is None else msgspec.json.encode(body)
        request = Request(self._base_url + path, data, self._headers, method=method)  # noqa: S310  # the user's own URL
        name = f"{method} {path}"
        try:
            with urlopen(request, timeout=SECONDS) as response:  # noqa: S310  # likewise
                return Answer(name, response.status, response.read(), response.headers["Date"])
        except HTTPError as error:
            with error:
                return Answer(name, error.code, error.read(), error.headers["Date"])
        except URLError as error:
            raise NotJudgedError(f"{self._base_url} cannot be reached: {error.reason}") from None


def _created_id(answer: Answer) -> str:
    try:
        if answer.refusal is None:
            return str(answer.body[0]["id"])
        raise NotJudgedError(f"no call is created: {answer.request} is refused, {answer.refusal}")
    except (LookupError, TypeError, ValueError):
        raise NotJudgedError(f"no call is created: {answer.foreign}") from None


def _fields(command: domain.Action) -> dict[str, Any]:  # Any: JSON
    """Return the fields of a command that are given, by their names on the wire."""
    plain: dict[str, Any] = msgspec.to_builtins(command)  # Any: likewise
    return {name: value for name, value in plain.items() if value is not None}


def _created(new: domain.Create) -> dict[str, object]:
    shown = {"callerId": new.caller_id, "callerDestination": getattr(new, "caller_destination", None)}
    view = {"source": new.source, "destination": new.destination, **shown}
    return {
        "extension": new.extension,
        "nonce": new.nonce,
        "phoneCallView": [{name: value for name, value in view.items() if value is not None}],
    }


def _parameters(new: domain.Create) -> dict[str, object]:
    parameters: dict[str, object] = {"waitForPickup": new.wait_for_pickup}
    if not isinstance(new, domain.CreateConferenceInvite) and new.call_duration is not None:
        parameters["callDuration"] = new.call_duration
    if isinstance(new, domain.CreateSimple) and new.allow_public_transfer:
        parameters["allowPublicTransfer"] = "true"
    return parameters
