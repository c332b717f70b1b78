"""The receivers of the documentation hear what the service sends, in both ways of sending."""

import asyncio
import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import TypeAlias

import httpx
import pytest

from callstate import Answered, Dialled
from callstate.voipnow.service import (
    FORM,
    Delivery,
    EventMethod,
    EventType,
    Subscription,
    SubscriptionChanges,
    deliveries,
)
from callstate.voipnow.stores import MemorySubscriptions
from tests.calls import ALICE, BOB, CALL, at
from tests.documentation.programs import EXAMPLES
from tests.voipnow.line import Line, dialled

Receive: TypeAlias = Callable[[Delivery], int]
"""Sends a request to a receiver, and returns the status of the answer."""


def program(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fastapi() -> Receive:
    pytest.importorskip("fastapi")
    app = program("events_fastapi").app

    async def receive(sent: Delivery) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            answer = await client.request(sent.method, sent.url, content=sent.body, headers={"Content-Type": FORM})
            return answer.status_code

    return lambda sent: asyncio.run(receive(sent))


def flask() -> Receive:
    pytest.importorskip("flask")
    client = program("events_flask").app.test_client()

    def receive(sent: Delivery) -> int:
        answer = client.open(sent.url, method=sent.method, data=sent.body, content_type=FORM)
        status: int = answer.status_code
        return status

    return receive


@pytest.mark.parametrize("method", EventMethod)
@pytest.mark.parametrize("receiver", [fastapi, flask])
def test_a_receiver_hears_each_event(
    receiver: Callable[[], Receive], method: EventMethod, capsys: pytest.CaptureFixture[str]
) -> None:
    receive = receiver()
    line = Line(dialled(ALICE, BOB))
    line.on(Dialled, "00")
    line.on(Answered, "01")
    store = MemorySubscriptions()
    wanted = [
        Subscription(
            extension=BOB,
            type=kind,
            id="1",
            method=method,
            url=f"http://localhost/events/{kind.name}?mine=1",
            modified=at(0),
        )
        for kind in EventType
    ]
    store.store(SubscriptionChanges(stored=tuple(wanted)))
    assert [receive(sent) for sent in deliveries(line.told, store)] == [200, 200]
    assert capsys.readouterr().out.splitlines() == [
        f"DIAL_IN {CALL} CALLING {ALICE} -> {BOB}",
        f"ANSWER_IN {CALL} ANSWER {ALICE} -> {BOB}",
    ]
