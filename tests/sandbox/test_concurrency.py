"""Many clients at once on the same calls: every answer is one that the core gives, and none is lost."""

import asyncio
import random
from typing import NamedTuple

import httpx
import msgspec
from msgspec.structs import replace

from callstate.domain import HangUp, OffHold, OnHold, PhoneCall
from callstate.engine import apply_action
from callstate.sandbox import demo
from tests.sandbox.running import AT, Running, Start

CLIENTS, EACH = 50, 16
ALICE = "0003*210"
CALLS = [replace(next(demo.calls(AT)), id=f"call{number}") for number in range(20)]


class Accepted(NamedTuple):
    """A request that was accepted, and the version of the call that the answer told."""

    action: OnHold | OffHold | HangUp
    version: int


async def traffic(running: Running) -> list[Accepted]:
    """Let all clients send at once what chance tells them, each over a connection of its own."""
    token = f"Bearer {running.system.tokens.issue('12')}"
    chances = [random.Random(seed) for seed in range(CLIENTS)]  # noqa: S311  # the same traffic each time
    answers = await asyncio.gather(*(one_client(running.url, token, chance) for chance in chances))
    return [accepted for answer in answers for accepted in answer]


async def one_client(url: str, token: str, chance: random.Random) -> list[Accepted]:
    accepted = []
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": token}, trust_env=False, timeout=30) as client:
        for _ in range(EACH):
            call_id = chance.choice(CALLS).id
            path = f"/uapi/phoneCalls/@me/{ALICE}/{call_id}"
            kind = chance.choices([OnHold, OffHold, HangUp], [30, 30, 1])[0]
            if kind is HangUp:
                answer = await client.delete(path)
                action: OnHold | OffHold | HangUp = HangUp(call_id=call_id, extension=ALICE)
            else:
                answer = await client.put(path, json={"action": kind.__name__, "phoneCallViewId": "01"})
                action = kind(call_id=call_id, extension=ALICE, view_id="01")
            assert answer.status_code in (200, 202, 400), answer.text
            if answer.is_success:
                accepted.append(Accepted(action, int(answer.headers["etag"].strip('"'))))
    return accepted


def test_fifty_clients_on_twenty_calls_leave_what_some_order_of_their_requests_leaves(start: Start) -> None:
    running = start(CALLS)
    accepted = asyncio.run(traffic(running))
    ended = running.calls()
    for call in CALLS:
        history = [after for _, after in running.stored if after.id == call.id]
        assert [after.version for after in history] == list(range(len(history))), "each change built on the one before"
        requests = [request for request in accepted if request.action.call_id == call.id]
        made = {request.version for request in requests if makes(request, history)}
        assert made == set(range(1, len(history))), "every change was asked for"
        assert all(makes(request, history) or repeats(request, history) for request in requests), "none was lost"
        assert msgspec.convert(ended[call.id], PhoneCall) == history[-1]
    assert {view["state"] for call in ended.values() for view in call["views"]} >= {"CONNECTED", "ENDED"}


def makes(request: Accepted, history: list[PhoneCall]) -> bool:
    """Tell whether the core makes the version that was answered from the one before."""
    if request.version == 0:
        return False
    before, after = history[request.version - 1 : request.version + 1]
    assert after.updated is not None
    return apply_action(before, request.action, at=after.updated) == after


def repeats(request: Accepted, history: list[PhoneCall]) -> bool:
    """Tell whether what was asked for held already at the version that was answered."""
    call = history[request.version]
    assert call.updated is not None
    return apply_action(call, request.action, at=call.updated) is call
