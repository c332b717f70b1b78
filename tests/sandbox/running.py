"""A sandbox on a socket of its own, in a thread, so that what runs in it is measured too."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import httpx

from callstate.domain import PhoneCall
from callstate.sandbox import demo
from callstate.sandbox.phone_system import PhoneSystem, Setup
from callstate.sandbox.phones import RINGS_OUT, Phone
from callstate.sandbox.server import listening, server_for
from callstate.sandbox.simulation import Observers
from callstate.voipnow.service import Directory, load_directory

AT = datetime.now(UTC).replace(microsecond=0)
TALK, RING = (call.id for call in demo.calls(AT))
"""The demo's calls: Bob (view 00) talks to Alice (01), and somebody from outside (00) rings at Carol (01)."""

Answer = Any
"""Whatever JSON an answer is."""


class Running(NamedTuple):
    system: PhoneSystem
    port: int
    lines: list[str]
    stored: list[tuple[PhoneCall | None, PhoneCall]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, account: str) -> httpx.Client:
        """Make a client that is a user, or an administrator: 12 is Alice, 13 Bob, 14 Carol."""
        token = f"Bearer {self.system.tokens.issue(account)}"
        return httpx.Client(base_url=self.url, headers={"Authorization": token}, trust_env=False, timeout=10)

    def calls(self) -> dict[str, Answer]:
        """Return all calls, whole, by their ids."""
        return {call["id"]: call for call in self.control("GET", "calls")["calls"]}

    def control(self, method: str, what: str, /, **body: object) -> Answer:
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            answer = client.request(method, f"/sandbox/{what}", json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signal(self, call_id: str, view_id: str, signal: str) -> Answer:
        return self.control("POST", "signals", callId=call_id, viewId=view_id, signal=signal)


Start = Callable[..., Running]


@cache
def directory() -> Directory:
    """Read the directory of the demo."""
    found = load_directory(demo.DIRECTORY)
    assert isinstance(found, Directory)
    return found


@contextmanager
def served(calls: Iterable[PhoneCall], answer_after: timedelta | None = None, **more: Any) -> Iterator[Running]:
    lines: list[str] = []
    stored: list[tuple[PhoneCall | None, PhoneCall]] = []
    others = RINGS_OUT if answer_after is None else Phone(does="answers", after=answer_after.total_seconds())
    system = PhoneSystem(
        Setup(directory=directory(), calls=calls, others=others, **more),
        say=lines.append,
        observers=Observers(stored=lambda before, after: stored.append((before, after))),
    )
    server = server_for(system, lines.append)
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield Running(system, listener.getsockname()[1], lines, stored)
        server.should_exit = True
        thread.join()
