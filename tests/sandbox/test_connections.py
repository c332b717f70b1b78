"""What connections may hold for how long, and that answers travel without a delay."""

import signal
import socket
import time

import httpx
import pytest

from callstate.sandbox import connections, listening
from tests.sandbox.running import Running, Start
from tests.sandbox.started import announced, command, stopped

PATH = "/uapi/phoneCalls/@me/@self"


def connected(running: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=10)


def ended(connection: socket.socket) -> bool:
    """Tell whether the server closes the connection."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_what_is_accepted_sends_small_packets_without_waiting() -> None:
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP, "then asyncio sets TCP_NODELAY"


def test_head_and_body_of_an_answer_come_in_one_piece(running: Running) -> None:
    with connected(running) as connection:
        for _ in range(20):
            connection.sendall(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(65536).endswith(b'"There is nothing at this path."}}')


def test_the_longest_idle_connection_gives_its_place_up(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 5)
    idle = [connected(running) for _ in range(20)]
    with running.client("12") as alice:
        assert alice.get(PATH).status_code == 200
        assert [ended(connection) for connection in idle[:15]] == [True] * 15
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("data", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(
    start: Start, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with connected(start([])) as connection:
        connection.sendall(data)
        assert ended(connection)


def test_a_head_that_comes_byte_by_byte_ends_the_connection(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with connected(start([])) as connection, pytest.raises(OSError):  # noqa: PT012  # whichever write meets the end
        for _ in range(500):
            connection.sendall(b"G")
            time.sleep(0.01)


def test_an_idle_connection_is_closed_after_its_answer(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.2)
    with connected(start([])) as connection:
        connection.sendall(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 404")
        assert ended(connection)


def test_a_second_head_that_does_not_come_ends_the_connection(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with connected(start([])) as connection:
        connection.sendall(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 404")
        connection.sendall(b"GET /none")
        assert ended(connection)


def test_what_is_no_http_is_told_in_a_line(running: Running) -> None:
    with connected(running) as connection:
        connection.sendall(b"\x00\x01\x02\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")
    assert running.lines == ["Invalid HTTP request received."]


def test_nobody_reads_the_log_and_the_sandbox_goes_on_and_stops() -> None:
    with command() as process:
        url, client = announced(process)
        with client:
            for _ in range(3000):
                assert client.get(httpx.URL(url).join("/nothing")).status_code == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_verbose_shows_bodies_and_no_secrets() -> None:
    with command("--verbose", "--token", "12=alice") as process:
        url, client = announced(process)
        with client:
            client.put(f"{url}/b817d2618fe6f1804333", json={"action": "OnHold", "phoneCallViewId": "01"})
            form = {"grant_type": "client_credentials", "client_id": "12", "client_secret": "sandbox"}
            client.post(httpx.URL(url).join("/oauth/token.php"), data=form)
            client.get(f"{url}?accessRequestToken=alice")
        lines = stopped(process, signal.SIGTERM)
    assert '  asked {"action":"OnHold","phoneCallViewId":"01"}  answered {"id":"b817d2618fe6f1804333"' in lines[0]
    assert lines[1].endswith("POST /oauth/token.php 200  asked ***  answered ***")
    assert "?accessRequestToken=*** 200" in lines[2]
    assert "alice" not in "".join(lines)
