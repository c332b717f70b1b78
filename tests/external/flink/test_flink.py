"""The Flink program of the documentation beside the same stream without Flink."""

import os
import random
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from callstate import Action, Answered, CreateSimple, HungUp, OffHold, OnHold, Park, PhoneCall
from callstate.stream import step, tick

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALLS = 300
DISORDER_SECONDS = 4
"""Less than the program waits for."""


class Message(NamedTuple):
    """A message of one call, and its place among those of its time."""

    at: datetime
    seq: int
    request: Action | CreateSimple

    def line(self) -> bytes:
        """Write it as the program reads it."""
        name = "create" if isinstance(self.request, CreateSimple) else "action"
        return msgspec.json.encode({"at": self.at, "seq": self.seq, name: self.request})


class Event(msgspec.Struct):
    """What every line that is written has."""

    call_id: str


def call(number: int) -> Iterator[Message]:
    """Make a call that is never answered, one that is parked and forgotten, or one that is held and hung up."""
    call_id, alice, bob = f"c{number}", "0003*210", "0003*024"
    start = NINE + timedelta(seconds=number, microseconds=number * 37)
    create = CreateSimple(call_id=call_id, extension=alice, source=(alice,), destination=(bob,))
    yield Message(start, 0, create)
    if number % 3 == 0:
        return
    yield Message(start + timedelta(seconds=2), 0, Answered(call_id=call_id, view_id="00"))
    yield Message(start + timedelta(seconds=2), 1, Answered(call_id=call_id, view_id="01"))
    hold = OnHold(call_id=call_id, view_id="00")
    if number % 3 == 1:
        yield Message(start + timedelta(seconds=3), 0, Park(call_id=call_id, view_id="00", max_in_parking=10))
        yield Message(start + timedelta(seconds=47, microseconds=1), 0, hold)  # refused, after ring-backs
        return
    yield Message(start + timedelta(seconds=5), 0, hold)
    yield Message(start + timedelta(seconds=5), 1, OffHold(call_id=call_id, view_id="00"))
    yield Message(start + timedelta(seconds=9), 0, HungUp(call_id=call_id, view_id="01"))


def without_flink(messages: list[Message]) -> dict[str, list[bytes]]:
    """What happens to each call, in order, when its messages come in order and then all time passes."""
    calls: dict[str, PhoneCall | None] = defaultdict(lambda: None)
    happened: dict[str, list[bytes]] = defaultdict(list)
    for at, _, request in sorted(messages, key=lambda message: message[:2]):
        key = request.call_id
        calls[key], changes, _, refusal = step(calls[key], request, at)
        happened[key] += map(msgspec.json.encode, changes)
        if refusal is not None:
            happened[key].append(msgspec.json.encode({"call_id": key, "refusal": refusal}))
    for key, last in calls.items():
        happened[key] += map(msgspec.json.encode, tick(last, NINE + timedelta(days=1)).changes)
    return happened


def out_of_order(messages: list[Message]) -> list[Message]:
    """Put the messages into an order in which none is later than the program waits."""
    shuffled = random.Random(5)  # noqa: S311  # the same order each time
    late = [(one.at + timedelta(seconds=shuffled.uniform(0, DISORDER_SECONDS)), one) for one in messages]
    return [one for _, one in sorted(late, key=lambda pair: pair[0])]


def run(source: Path, target: Path, messages: int, failed: Path) -> None:
    """Run the program in a process of its own, as its page says."""
    path = os.pathsep.join([str(EXAMPLES), sysconfig.get_path("purelib")])
    environment = {**os.environ, "PYTHONPATH": path}
    job = Path(__file__).with_name("job.py")
    command = [sys.executable, str(job), str(source), str(target), str(messages), str(failed)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_every_event_is_written_once_and_in_order_although_it_fails_in_the_middle(tmp_path: Path) -> None:
    messages = [message for number in range(CALLS) for message in call(number)]
    source, target, failed = tmp_path / "in", tmp_path / "out", tmp_path / "failed"
    source.mkdir()
    (source / "messages.jsonl").write_bytes(b"\n".join(one.line() for one in out_of_order(messages)) + b"\n")
    run(source, target, len(messages) * 3 // 4, failed)
    assert failed.exists()
    written: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(target.rglob("part-*"), key=lambda path: path.stat().st_mtime_ns):
        for line in path.read_bytes().splitlines():
            written[msgspec.json.decode(line, type=Event).call_id].append(line)
    assert written == without_flink(messages)
