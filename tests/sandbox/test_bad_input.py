"""What no client should send: each time a well-formed answer, a server that lives on, and no call changed."""

import random
import socket
import time
from collections.abc import Iterator

import h11
import httpx
import pytest

from tests.sandbox.running import RING, TALK, Answer, Running

MEGABYTE = 1 << 20
ALICE_S_CALL = f"/uapi/phoneCalls/@me/0003*210/{TALK}"
HOLD = b'{"action":"OnHold","phoneCallViewId":"01"}'


@pytest.fixture
def alice(untouched: Running) -> Iterator[httpx.Client]:
    """A client of a sandbox that afterwards is as it was before."""
    before = untouched.calls()
    with untouched.client("12") as client:
        yield client
    assert untouched.calls() == before


def error(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/json"
    body: Answer = answer.json()
    assert (answer.status_code, body["error"]["code"]) == (status, code)
    assert body["error"]["message"]


def raw(running: Running, data: bytes) -> bytes:
    """Send bytes and no more, and return all that is answered."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def statuses(answer: bytes) -> list[int]:
    """Read all answers on a connection as HTTP, strictly."""
    found = []
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(answer)
    client.receive_data(b"")
    while not isinstance(event := client.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
        if isinstance(event, h11.Response):
            found.append(event.status_code)
    return found


def requests_of_chance() -> Iterator[bytes]:
    chance = random.Random(20)  # noqa: S311  # the same bytes each time
    for _ in range(60):
        yield chance.randbytes(chance.randrange(1, 200)) + b"\r\n\r\n"
    good = f"PUT {ALICE_S_CALL} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(HOLD)}\r\n\r\n".encode() + HOLD
    for _ in range(120):
        bad = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        yield bytes(bad) + b"\r\n\r\n"


@pytest.mark.usefixtures("alice")
def test_random_bytes(untouched: Running) -> None:
    for data in requests_of_chance():
        answer = raw(untouched, data)
        # What promises more of a body than comes is never whole, so there is nothing to answer.
        assert not answer or statuses(answer)[0] in range(400, 500), (data, answer)
        assert answer or b"content-length" in data.lower(), data


BODIES = {
    "empty": b"",
    "no JSON": b"action=OnHold",
    "cut off": HOLD[:-1],
    "no object": b'["OnHold"]',
    "bad UTF-8": b'{"action":"OnHold","phoneCallViewId":"\xff\xfe"}',
    "half a surrogate pair": b'{"action":"OnHold","phoneCallViewId":"\\ud800"}',
    "deep": b"[" * (MEGABYTE - 1),
    "deep and closed": b'{"action":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a long number": b'{"action":"OnHold","phoneCallViewId":' + b"9" * 10_000 + b"}",
    "NULs": b"\0" * 1000,
    "wrong types": b'{"action":{"a":[]},"phoneCallViewId":[null]}',
    "an unknown action": b'{"action":"Dance","phoneCallViewId":"01"}',
    "an unknown view": b'{"action":"OnHold","phoneCallViewId":"77"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_bad_bodies(alice: httpx.Client, body: bytes) -> None:
    answer = alice.put(ALICE_S_CALL, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"].startswith("pc_")


@pytest.mark.parametrize("size", [MEGABYTE + 1, 10 * MEGABYTE])
@pytest.mark.parametrize("in_chunks", [False, True])
def test_bodies_that_are_too_long(alice: httpx.Client, *, size: int, in_chunks: bool) -> None:
    body = b"[" * size
    error(alice.put(ALICE_S_CALL, content=iter([body]) if in_chunks else body), 413, "request_too_large")


def test_a_slow_body_keeps_nobody_waiting(alice: httpx.Client, untouched: Running) -> None:
    with socket.create_connection(("127.0.0.1", untouched.port), timeout=10) as slow:
        slow.sendall(f"PUT {ALICE_S_CALL} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n".encode())
        for _ in range(20):
            slow.sendall(b"[")
            begin = time.monotonic()
            assert alice.get(ALICE_S_CALL).status_code == 200
            assert time.monotonic() - begin < 1
        assert slow.recv(65536).startswith(b"HTTP/1.1 401 ")


@pytest.mark.usefixtures("alice")
def test_clients_that_leave_in_the_middle(untouched: Running) -> None:
    for cut in range(10, 200, 10):
        data = f"PUT {ALICE_S_CALL} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n".encode() + HOLD
        with socket.create_connection(("127.0.0.1", untouched.port), timeout=10) as leaver:
            leaver.sendall(data[:cut])


@pytest.mark.parametrize(
    "path", ["/none", "/uapi", "/uapi/phoneCalls/@me", "/uapi/phoneCalls//0003*210", "/%00", "/favicon.ico"]
)
def test_paths_that_are_none(alice: httpx.Client, path: str) -> None:
    error(alice.get(path), 404, "not_found")


@pytest.mark.parametrize("call_id", ["%00", "%FF", "..%2F..", "a%20b", "x" * 256, "%F0%9F%93%9E", "nothing"])
def test_ids_that_are_none(alice: httpx.Client, call_id: str) -> None:
    error(alice.put(f"/uapi/phoneCalls/@me/@self/{call_id}", content=HOLD), 400, "pc_phonecall_invalid")


@pytest.mark.parametrize("method", ["POST", "PATCH", "TRACE", "BREW"])
def test_wrong_methods(alice: httpx.Client, method: str) -> None:
    answer = alice.request(method, ALICE_S_CALL, content=HOLD)
    error(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, PUT, DELETE, HEAD, OPTIONS"


def test_another_content_type(alice: httpx.Client) -> None:
    answer = alice.put(ALICE_S_CALL, content=HOLD, headers={"Content-Type": "application/x-www-form-urlencoded"})
    error(answer, 415, "media_type_invalid")


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic MTI6c2FuZGJveA==", "\xff"])
def test_bad_tokens(alice: httpx.Client, token: str) -> None:
    headers = httpx.Headers([(b"Authorization", token.encode("latin-1"))])
    error(alice.put(ALICE_S_CALL, content=HOLD, headers=headers), 401, "access_denied")


def test_a_stale_token(running: Running) -> None:
    with running.client("12") as alice:
        before = running.calls()
        assert alice.get(ALICE_S_CALL).status_code == 200
        running.control("DELETE", "tokens")
        error(alice.put(ALICE_S_CALL, content=HOLD), 401, "access_denied")
        assert running.calls() == before


@pytest.mark.parametrize("user", ["@me", "14", "@owner"])
@pytest.mark.parametrize("extension", ["0003*211", "@self", "0003*024"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_another_user_s_call(alice: httpx.Client, user: str, extension: str, method: str) -> None:
    """The call that rings at Carol is nothing to Alice, whatever she calls herself."""
    answer = alice.request(method, f"/uapi/phoneCalls/{user}/{extension}/{RING}", content=HOLD)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"]["code"] in ("access_denied", "extension_invalid")
