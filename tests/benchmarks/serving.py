"""The sandbox on a socket, beside a bare ASGI application on the same server that answers the same bytes.

Each of the two is a process of its own, started as `python -m tests.benchmarks.serving NAME`; they are asked in turn,
on one connection each.
"""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from callstate.sandbox import PhoneSystem, Setup, directory_of, listening, server_for
from callstate.sandbox.demo import calls
from callstate.voipnow.http import HttpRequest, HttpResponse
from tests.benchmarks.rows import Row
from tests.benchmarks.timing import ratio, spread
from tests.sandbox.running import AT, TALK

REQUESTS, ROUNDS = 400, 9

TOKEN = "benchmark"  # noqa: S105  # of a sandbox of its own
PATH = "/uapi/phoneCalls/@me/@self"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Host": "localhost"}
HOLDS = tuple(f'{{"action":"{action}","phoneCallViewId":"01"}}' for action in ("OnHold", "OffHold"))


def system() -> PhoneSystem:
    """Make a phone system with two calls."""
    return PhoneSystem(Setup(directory=directory_of(None), calls=tuple(calls(AT)), tokens={TOKEN: "12"}))


def answers() -> Mapping[str, HttpResponse]:
    """Answer a list and a hold as the sandbox does, by method."""
    asked = system()
    headers = tuple(HEADERS.items())
    requests = (
        HttpRequest(method="GET", target=PATH, headers=headers, base="http://localhost"),
        HttpRequest(method="PUT", target=f"{PATH}/{TALK}", headers=headers, body=HOLDS[0].encode()),
    )
    return {request.method: asked.answer(request).response for request in requests}


def bare() -> Any:  # Any: as the ASGI specification has it
    """Make an application that only reads a body and writes an answer that is there."""
    ready = {
        method: (response.status, [(name.encode(), value.encode()) for name, value in response.headers], response.body)
        for method, response in answers().items()
    }

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            more = (await receive()).get("more_body", False)
        status, headers, body = ready[scope["method"]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return serve


def run(name: str) -> None:
    """Serve one of the two, and print the port."""
    listener = listening("127.0.0.1", 0)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    if name == "sandbox":
        server_for(system(), print).run([listener])
    else:
        settings = {
            "http": "h11",
            "lifespan": "off",
            "log_config": None,
            "access_log": False,
            "timeout_keep_alive": 600,
        }
        uvicorn.Server(uvicorn.Config(bare(), **settings)).run([listener])  # type: ignore[arg-type]  # settings by name


@contextmanager
def served(name: str) -> Iterator[http.client.HTTPConnection]:
    """Connect to one of the two."""
    command = [sys.executable, "-m", "tests.benchmarks.serving", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield http.client.HTTPConnection("127.0.0.1", int(process.stdout.readline()))
        process.terminate()


def lists(connection: http.client.HTTPConnection) -> None:
    """Ask for lists."""
    for _ in range(REQUESTS):
        connection.request("GET", PATH, headers=HEADERS)
        connection.getresponse().read()


def holds(connection: http.client.HTTPConnection) -> None:
    """Hold and resume."""
    for number in range(REQUESTS):
        connection.request("PUT", f"{PATH}/{TALK}", HOLDS[number % 2], HEADERS)
        connection.getresponse().read()


def serving() -> Iterator[Row]:
    """Measure how many requests are answered in a second, on one connection."""
    with served("sandbox") as sandbox, served("bare") as other:
        for work, task in (("a list over HTTP: sandbox", lists), ("a hold over HTTP: sandbox", holds)):
            rates = _in_turn(task, sandbox, other)
            share = ratio(rates[0], rates[1])
            measured = f"{spread(rates[0])} a second"
            yield Row(work, measured, f"{share} times a bare application", "≥ 0.5 times", share.median >= 0.5)
            yield Row("the same bytes: bare ASGI application", f"{statistics.median(rates[1]):,.0f} a second")


def _in_turn(
    task: Callable[[http.client.HTTPConnection], None], *connections: http.client.HTTPConnection
) -> list[list[float]]:
    rates: list[list[float]] = [[] for _ in connections]
    for connection in connections:
        task(connection)  # to warm up
    for _ in range(ROUNDS):
        for found, connection in zip(rates, connections, strict=True):
            begin = time.perf_counter()
            task(connection)
            found.append(REQUESTS / (time.perf_counter() - begin))
    return rates


if __name__ == "__main__":
    run(sys.argv[1])
