"""A small telephone system to ask: a directory of two organizations, and calls in a store.

One rule: a world stores what a request changed, as any shell does, and says what that was. It can be asked with the
values of the service, or as a client asks: over HTTP, with the id of an account as its token.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from callstate import LENIENT, Action, PhoneCall, apply_action, unwrap
from callstate.engine import Rules
from callstate.voipnow.http import Grant, HttpRequest, Site, respond
from callstate.voipnow.service import Account, AccountKind, Directory, Extension, Request, Steps, Verb, handle
from callstate.voipnow.service.directory import ExtensionKind
from callstate.voipnow.stores import MemoryStore
from tests.calls import ALICE, BOB, CALL, CAROL, DAVE, ERIN, at

ADMIN, ORGANIZATION, OTHER_ORGANIZATION = "1", "3", "4"
ALICE_ID, BOB_ID, CAROL_ID, DAVE_ID, ERIN_ID, FAR_ID = "12", "13", "14", "15", "16", "20"
WITHOUT_ID = "17"
"""A user without an extension."""

DAVES_OTHER, CONFERENCE, CALLBACK, QUEUE, FAR = "0003*216", "0003*300", "0003*301", "0003*302", "0004*210"
BASE = "https://host/uapi"
FOREVER = datetime.max.replace(tzinfo=UTC)

DIRECTORY = Directory(
    [
        Account(id=ADMIN, name="Admin", kind=AccountKind.ADMINISTRATOR),
        Account(id=ORGANIZATION, name="Default Organization", kind=AccountKind.ORGANIZATION),
        Account(id=OTHER_ORGANIZATION, name="Other", kind=AccountKind.ORGANIZATION),
        *(
            Account(id=user, name=user, kind=AccountKind.USER, organization=ORGANIZATION)
            for user in (ALICE_ID, BOB_ID, CAROL_ID, DAVE_ID, ERIN_ID, WITHOUT_ID)
        ),
        Account(id=FAR_ID, name="Far", kind=AccountKind.USER, organization=OTHER_ORGANIZATION),
    ],
    [
        Extension(number=ALICE, user=ALICE_ID),
        Extension(number=BOB, user=BOB_ID),
        Extension(number=CAROL, user=CAROL_ID),
        Extension(number=DAVE, user=DAVE_ID),
        Extension(number=DAVES_OTHER, user=DAVE_ID),
        Extension(number=ERIN, user=ERIN_ID),
        Extension(number=CONFERENCE, user=ALICE_ID, kind=ExtensionKind.CONFERENCE),
        Extension(number=CALLBACK, user=ALICE_ID, kind=ExtensionKind.CALLBACK),
        Extension(number=QUEUE, user=ERIN_ID, kind=ExtensionKind.QUEUE),
        Extension(number=FAR, user=FAR_ID),
    ],
)


def another(call: PhoneCall, call_id: str, seconds: float = 0) -> PhoneCall:
    """Build the call again, as one of another id that was published so many seconds after the first."""
    return replace(call, id=call_id, published=at(seconds))


class Answer(NamedTuple):
    """What came of a request; `data` is its body read as JSON."""

    status: int
    data: Any  # JSON
    version: int | None
    changed: tuple[PhoneCall, ...]
    steps: Steps = ()

    @property
    def code(self) -> str:
        """The code of a refusal."""
        code: str = self.data["error"]["code"]
        return code


class Simulation:
    """Calls that can be asked for, and change."""

    def __init__(self, *calls: PhoneCall, directory: Directory = DIRECTORY) -> None:
        self.directory = directory
        self.store = MemoryStore(directory.organization_of)
        for call in calls:
            self.store.put(call)

    def ask(
        self,
        verb: Verb,
        *,
        body: object = b"",
        now: datetime | None = None,
        rules: Rules = LENIENT,
        query: Mapping[str, str] | None = None,
        **path: Any,  # Any: fields of a request
    ) -> Answer:
        """Ask, on behalf of Alice at second 20 if nothing else is said, and store what changed."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        known = {"viewer": ALICE_ID, "base": BASE, "new_call_id": "new0"}
        request = Request(verb=verb, body=data, parameters=query or {}, **(known | path))
        response, changed, _ = handle(self.store, self.directory, request, at=now or at(20), rules=rules)
        for call in changed:
            self.store.put(call)
        return Answer(response.status, msgspec.json.decode(response.body), response.version, changed)

    def http(  # noqa: PLR0913  # the parts of a request
        self,
        account: str,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        now: datetime | None = None,
        new_call_id: str = "new0",
    ) -> Answer:
        """Ask over HTTP at a path below `/uapi/phoneCalls`, or at the whole address of a link; store what changed."""
        request = HttpRequest(
            method=method,
            target=path if path.startswith("https:") else f"/uapi/phoneCalls/{path}",
            headers=(("Authorization", f"Bearer {account}"), *(headers or {}).items()),
            body=b"" if body is None else msgspec.json.encode(body),
            base="https://host",
        )
        tokens = {known.id: Grant(account=known.id, until=FOREVER) for known in self.directory.accounts}
        site = Site(self.directory, tokens)
        exchange = respond(self.store, site, request, at=now or at(20), new_call_id=new_call_id)
        for call in exchange.changed:
            self.store.put(call)
        etag = dict(exchange.response.headers).get("ETag")
        data = msgspec.json.decode(exchange.response.body)
        return Answer(
            exchange.response.status,
            data,
            None if etag is None else int(etag.strip('"')),
            exchange.changed,
            exchange.steps,
        )

    def report(self, signal: Action, now: datetime | None = None) -> PhoneCall:
        """Let the network report something that is accepted."""
        call = unwrap(apply_action(self.store.by_id(signal.call_id), signal, at=now or at(20)))
        self.store.put(call)
        return call

    def list(self, **asked: Any) -> Answer:  # Any: as for `ask`
        """List; all calls of the user, if nothing else is said."""
        return self.ask(Verb.LIST, **asked)

    def put(self, action: str, *, call_id: str | None = CALL, **asked: Any) -> Answer:  # Any: fields of the body too
        """Ask for an action; what is not of the path is a field of the body."""
        of_request = {"viewer", "user", "extension", "now", "rules"}
        fields = {name: value for name, value in asked.items() if name not in of_request}
        rest = {name: value for name, value in asked.items() if name in of_request}
        return self.ask(Verb.UPDATE, call_id=call_id, body={"action": action, **fields}, **rest)

    def delete(self, *, call_id: str | None = CALL, **asked: Any) -> Answer:  # Any: as for `ask`
        """Hang up the call, or the calls of the user if `call_id` is none."""
        return self.ask(Verb.DELETE, call_id=call_id, **asked)

    def create(self, kind: str, extension: str | None, source: object, destination: object, **asked: Any) -> Answer:
        """Create a call."""  # Any: as for `ask`
        body = {"extension": extension, "phoneCallView": [{"source": source, "destination": destination}]}
        return self.ask(Verb.CREATE, kind=kind, body=body, **asked)

    def call(self, call_id: str = CALL) -> PhoneCall:
        """Return a call that must be there."""
        found = self.store.by_id(call_id)
        assert found is not None
        return found
