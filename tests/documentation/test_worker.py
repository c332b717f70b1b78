"""The worker of the documentation: whatever the queue does, each message has its effect once."""

import sqlite3
from pathlib import Path

import msgspec

from callstate import PhoneCall
from tests.documentation.programs import EXAMPLES, start

CALL = "b817d2618fe6f1804333"
WORKERS = 3
TOGGLES = 20


def messages() -> list[bytes]:
    """Hold the call and take it back, again and again."""
    words = ("OnHold", "OffHold")
    return [
        msgspec.json.encode(
            {
                "id": f"m{number}",
                "at": f"2026-03-02T09:00:{number:02d}Z",
                "action": {"action": words[number % 2], "phoneCallId": CALL, "phoneCallViewId": "01"},
            }
        )
        for number in range(TOGGLES)
    ]


def deliver(database: Path, *queues: list[bytes]) -> list[list[str]]:
    """Give each queue to a worker of its own, all at the same time, and tell what they said."""
    listed = str(EXAMPLES / "listed.json")
    workers = [start("worker.py", str(database), listed) for _ in queues]
    for worker, queue in zip(workers, queues, strict=True):
        assert worker.stdin is not None
        worker.stdin.write(b"\n".join(queue) + b"\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=60)[0].decode().splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * len(workers), said
    return said


def stored(database: Path) -> tuple[PhoneCall, list[dict[str, object]]]:
    connection = sqlite3.connect(database)
    (call,) = connection.execute("SELECT call FROM callstate_calls").fetchone()
    entries = [body for (body,) in connection.execute("SELECT body FROM callstate_outbox ORDER BY number")]
    connection.close()
    return msgspec.json.decode(call, type=PhoneCall), [event for body in entries for event in msgspec.json.decode(body)]


ACTION = b'{"action": "OnHold", "phoneCallId": "' + CALL.encode() + b'", "phoneCallViewId": "01"}'


def message(at: bytes = b"2026-03-02T09:00:10Z", action: bytes = ACTION, more: bytes = b"0") -> bytes:
    return b'{"id": "poison", "at": "' + at + b'", "action": ' + action + b', "more": ' + more + b"}"


POISON = [
    b"",
    b"hold the call",
    b"\xff\xfe",
    b"null",
    b"[" * 100_000,
    message(at=b"2026-03-02T09:00:10"),
    message(at=b"yesterday"),
    message(more=b"[" * 5000 + b"]" * 5000),
    message(action=ACTION.replace(b"OnHold", b"Sing")),
    message(action=b'{"action": "HungUp", "phoneCallId": "\\ud800", "phoneCallViewId": "01"}'),
]


def test_what_can_never_be_read_is_put_aside_and_the_worker_goes_on(tmp_path: Path) -> None:
    database = tmp_path / "calls.db"
    (said,) = deliver(database, [*POISON, messages()[0]])
    assert [line.partition(":")[0] for line in said] == ["unreadable"] * len(POISON) + ["version 1"]
    connection = sqlite3.connect(database)
    aside = connection.execute("SELECT body, reason FROM unreadable").fetchall()
    connection.close()
    assert [body.rstrip(b"\n") for body, _ in aside] == POISON
    assert all(reason for _, reason in aside)


def test_a_call_id_or_a_view_id_of_any_length_is_refused_like_any_unknown_one(tmp_path: Path) -> None:
    long = [ACTION.replace(CALL.encode(), b"c" * 5000), ACTION.replace(b'"01"', b'"' + b"1" * 5000 + b'"')]
    bodies = [message(action=action).replace(b"poison", b"m%d" % number) for number, action in enumerate(long)]
    (said,) = deliver(tmp_path / "calls.db", bodies)
    assert said == ["refused: pc_phonecall_invalid", "refused: pc_phonecallview_invalid"]


def test_messages_that_come_again_change_nothing(tmp_path: Path) -> None:
    database, twice = tmp_path / "calls.db", [body for body in messages() for _ in range(2)]
    (said,) = deliver(database, [*twice, *messages()])
    call, events = stored(database)
    assert call.version == TOGGLES
    assert said.count("seen before") == 2 * TOGGLES
    assert [event["version"] for event in events if event["change"] == "StateEntered"] == list(range(1, TOGGLES + 1))


def test_deadlines_before_a_message_are_told_one_by_one_even_if_it_is_refused(tmp_path: Path) -> None:
    """The parker is rung back each minute, for 25 seconds; nobody answers, and then comes a request that is refused."""
    park = {"action": "Park", "phoneCallId": CALL, "phoneCallViewId": "01", "maxInParking": 60}
    hold = {"action": "OnHold", "phoneCallId": CALL, "phoneCallViewId": "00"}
    asked = [("m1", "2026-03-02T09:00:00Z", park), ("m2", "2026-03-02T09:03:00Z", hold)]
    bodies = [msgspec.json.encode({"id": number, "at": at, "action": action}) for number, at, action in asked]
    (said,) = deliver(tmp_path / "calls.db", bodies)
    assert [line.partition(":")[0] for line in said] == ["version 1", "refused"]
    call, events = stored(tmp_path / "calls.db")
    times = [event["at"] for event in events if event.get("change") in ("ParkerRungBack", "ViewEnded")]
    # Parked at 9:00: the parker leaves; rung back at 9:01 and 9:02 (what is due at 9:03 comes after the request).
    seconds = ("09:00:00", "09:01:00", "09:01:25", "09:02:00", "09:02:25")
    assert times == [f"2026-03-02T{time}Z" for time in seconds]
    assert call.version == len(seconds)


def test_workers_at_the_same_time_do_each_message_once(tmp_path: Path) -> None:
    database = tmp_path / "calls.db"
    said = [line for lines in deliver(database, *[messages()] * WORKERS) for line in lines]
    call, events = stored(database)
    assert len(said) == WORKERS * TOGGLES
    assert said.count("seen before") == (WORKERS - 1) * TOGGLES
    assert {f"version {number}" for number in range(1, call.version + 1)} < set(said)
    assert [event["version"] for event in events if event["change"] == "StateEntered"] == [*range(1, call.version + 1)]


def test_a_worker_that_stops_before_the_end_of_a_message_has_done_nothing_of_it(tmp_path: Path) -> None:
    database, first = tmp_path / "calls.db", messages()[0]
    deliver(database, [])
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON callstate_outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    worker = start("worker.py", str(database), str(EXAMPLES / "listed.json"))
    assert b"disk full" in worker.communicate(first, timeout=60)[0]
    assert worker.returncode == 1
    connection.execute("DROP TRIGGER full")
    connection.close()
    assert deliver(database, [first]) == [["version 1"]]
