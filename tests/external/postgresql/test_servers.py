"""Four servers behind one PostgreSQL are one service: the judge of the kit asks them in turn."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle

import httpx
import pytest
from hypothesis import settings
from sqlalchemy import Engine

from callstate.testing import HttpSubject, check_implementation
from tests.documentation.programs import EXAMPLES
from tests.external.postgresql.conftest import empty
from tests.sandbox.listening import listening
from tests.sandbox.started import command

SERVERS = 4
ALICE, CAROL = "0003*210", "0003*211"


@pytest.fixture
def addresses(url: str, server: Engine) -> Iterator[list[str]]:
    """Start servers at the same time, and yield where they are."""
    empty(server)
    arguments = ("--store", url, "--directory", str(EXAMPLES / "judged.toml"), "--token", "12=judge")
    with ExitStack() as stack:
        processes = [stack.enter_context(command(*arguments)) for _ in range(SERVERS)]
        yield [_address(process) for process in processes]
        for process in processes:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
            assert process.returncode == 0


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None, process.communicate()
    return found[0]


class EachInTurn(httpx.HTTPTransport):
    """The way to a service at several addresses: each request goes to the next one."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__()
        self._addresses = cycle(httpx.URL(address) for address in addresses)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        at = next(self._addresses)
        request.url = request.url.copy_with(host=at.host, port=at.port)
        request.headers["Host"] = f"{at.host}:{at.port}"
        return super().handle_request(request)


def test_the_judge_finds_no_difference_whichever_server_answers(addresses: list[str]) -> None:
    asked = list[HttpSubject]()

    def subject() -> HttpSubject:
        asked.append(HttpSubject(addresses[0], "judge", transport=EachInTurn(addresses)))
        return asked[-1]

    check_implementation(subject, settings=settings(max_examples=15, deadline=None))
    assert sum(exchange.accepted for one in asked for exchange in one.exchanges) > 10 * SERVERS


def test_time_passes_once_and_subscribers_are_told_once(addresses: list[str]) -> None:
    """Ten calls ring for a second, created by all servers; a subscriber is told when each begins and when it ends."""
    header = {"Authorization": "Bearer judge"}
    clients = [httpx.Client(base_url=address, headers=header, trust_env=False, timeout=30) for address in addresses]
    with listening() as listener:
        for kind in ("1", "2"):
            body = {"type": kind, "method": "1", "url": f"{listener.url}/{kind}"}
            path = f"/uapi/extensions/@me/{ALICE}/phoneCallEvents"
            clients[0].post(path, json=body).raise_for_status()
        wanted = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [CAROL]}]}
        made = [
            client.post("/uapi/phoneCalls/@me/simple", params={"waitForPickup": 2}, json=wanted).json()[0]["id"]
            for client in (clients * 3)[:10]
        ]
        for call, client in zip(made, clients * 3, strict=False):
            signalled = {"callId": call, "viewId": "00", "signal": "Answered"}
            client.post("/sandbox/signals", json=signalled).raise_for_status()
        listener.wait_for(lambda: len(listener.of("/2")) >= len(made))
        time.sleep(0.5)
        told = [[heard.parameters["CallID"] for heard in listener.of(f"/{kind}")] for kind in (1, 2)]
    assert sorted(told[0]) == sorted(told[1]) == sorted(made)
    ended = {call["id"]: call for call in clients[1].get("/sandbox/calls").json()["calls"]}
    # One version for the answer, one for each phone that stops ringing or is left.
    assert {ended[call]["version"] for call in made} == {2}
    assert clients[2].get(f"/uapi/phoneCalls/@me/{ALICE}").json()["entry"] == []
    for client in clients:
        client.close()
