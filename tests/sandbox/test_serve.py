"""`callstate serve` as a person starts it: what it prints works, and it stops when it is asked to."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import msgspec
import pytest

from callstate.cli import main
from callstate.sandbox import demo
from callstate.sandbox.loading import Given, calls_of
from callstate.voipnow.service import Directory, load_directory
from callstate.voipnow.wire import encode_call
from tests.sandbox.running import AT, TALK, Running
from tests.sandbox.started import announced, command, stopped

OFF_HOLD = {"action": "OffHold", "phoneCallViewId": "01"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_printed_works_until_a_signal_stops_it(number: signal.Signals) -> None:
    with command("--answer-after", "60") as process:
        url, client = announced(process)
        with client:
            assert url.startswith("http://127.0.0.1:")
            assert [entry["id"] for entry in client.get(url).json()["entry"]] == [TALK]
            link = client.get(url).json()["entry"][0]["link"]["self"]
            client.put(link, json={"action": "OnHold", "phoneCallViewId": "01"})
        lines = stopped(process, number)
    assert lines[-1] == "Stopped."
    path = f"/uapi/phoneCalls/12/0003\\*210/{TALK}"
    line = rf"\d\d:\d\d:\d\d 12 +PUT {path} OnHold 202  {TALK}: 01 CONNECTED -> ON_HOLD, 01 HoldStarted"
    assert re.fullmatch(line, lines[-2])


def test_it_serves_the_directory_and_the_calls_that_it_is_given(tmp_path: Path) -> None:
    directory, calls = tmp_path / "directory.toml", tmp_path / "calls.json"
    directory.write_bytes(demo.DIRECTORY.replace(b'"12"', b'"99"'))
    talk, _ = demo.calls(AT)
    calls.write_bytes(b'{"entry":[' + encode_call(talk) + b"]}")
    with command("--directory", str(directory), "--calls", str(calls), "--strict") as process:
        url, client = announced(process)
        with client:
            (entry,) = client.get(url).json()["entry"]
            assert entry["link"]["self"].endswith(f"/uapi/phoneCalls/99/0003*210/{TALK}")
            repeated = client.put(entry["link"]["self"], json=OFF_HOLD)
        assert repeated.json()["error"]["code"] == "pc_wrong_state"
        stopped(process, signal.SIGTERM)


@pytest.mark.parametrize("given", [["--calls", '{"entry": []}'], ["--directory", demo.DIRECTORY.decode()]])
def test_without_calls_it_shows_the_token_of_the_first_user(given: list[str], tmp_path: Path) -> None:
    """The calls of the demo are for its own directory."""
    if given[0] == "--directory":
        file = tmp_path / "directory.toml"
        file.write_text(given[1], "utf-8")
        given[1] = str(file)
    with command(*given) as process:
        url, client = announced(process)
        with client:
            assert client.get(url).json()["entry"] == []
            form = {"grant_type": "client_credentials", "client_id": "12", "client_secret": "sandbox"}
            assert client.post(httpx.URL(url).join("/oauth/token.php"), data=form).status_code == 200
        stopped(process, signal.SIGINT)


def test_without_users_it_still_says_how_to_get_a_token() -> None:
    with command("--directory", '{"accounts": [], "extensions": []}') as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("Serving on ").split()[0]
        assert "/oauth/token.php" in process.stdout.readline()
        assert process.stdout.readline() == f"The console, in a browser: {address}/\n"
        stopped(process, signal.SIGINT)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--directory", "{}"], "the directory '{}' cannot be read: Object missing required field `accounts`"),
        (["--directory", "no/such/file"], "cannot read 'no/such/file': No such file or directory"),
        (
            ["--calls", '{"entry": 1}'],
            """the calls '{"entry": 1}' cannot be read as {"entry": [CALL, ...]}: Expected `array`, got `int`""",
        ),
        (["--calls", '{"entry": [{"id": "a"}]}'], """the calls '{"entry": [{"id": "a"}]}' cannot be read: entry 0: """),
        (["--record", "-"], "--record takes a file; standard output has the address"),
        (["--record", "", "--port", "0"], "cannot write '': no path"),
        (["--port", "70000"], "cannot listen on port 70000: a port is 0 to 65535"),
        (["--host", "::2"], "cannot listen on ::2 port 8080: "),
    ],
)
def test_what_it_cannot_start_with_is_told_in_a_line(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"callstate: {sentence}")


SHORT = """{"entry": [{"id": "a1", "extension": "210", "ownerId": "3", "phoneCallView": [
    {"id": "00", "extension": "210", "status": "5", "source": ["210"], "destination": ["024"]},
    {"id": "01", "extension": "024", "status": "5", "parked": "2012-06-27T16:00:00Z", "parkedPos": "1",
     "parkedBy": "210", "source": ["210"], "destination": ["024"]}]}]}"""


def test_short_numbers_in_calls_that_are_given_are_those_of_the_owner() -> None:
    with command("--calls", SHORT) as process:
        url, client = announced(process)
        with client:
            (entry,) = client.get(url).json()["entry"]
        stopped(process, signal.SIGTERM)
    assert (entry["extension"], [view["extension"] for view in entry["phoneCallView"]]) == (
        "0003*210",
        ["0003*210", "0003*024"],
    )
    assert entry["phoneCallView"][1]["parkedBy"] == "0003*210"
    assert entry["phoneCallView"][0]["destination"] == ["0003*024"]


TWICE = '{"entry": [' + '{"id": "a1", "extension": "0003*210", "phoneCallView": []},' * 2 + "{}]}"


def test_null_in_calls_that_are_given_is_absent() -> None:
    view = '{"id": "00", "extension": "210", "status": "5", "source": ["210"], "destination": null, "parkedBy": null}'
    listed = f'{{"entry": [{{"id": "a1", "extension": "210", "ownerId": "3", "phoneCallView": [{view}]}}]}}'
    directory = load_directory(demo.DIRECTORY)
    assert isinstance(directory, Directory)
    (call,) = calls_of(Given("here", listed.encode()), directory, AT)
    assert (call.views[0].destination, call.views[0].parking) == ((), None)


@pytest.mark.parametrize(
    ("extension", "source", "destination", "parties"),
    [
        ("210", '["0003*210"]', '["0003*024"]', [("0003*210", 0), ("0003*024", 1)]),
        ("0003*210", '["210"]', '"024"', [("0003*210", 0), ("0003*024", 1)]),
        ("210", "[210]", '["3334444"]', [("0003*210", 0), ("3334444", 1)]),
    ],
)
def test_numbers_are_in_full_before_it_is_worked_out_who_stands_where(
    extension: str, source: str, destination: str, parties: list[tuple[str, int]]
) -> None:
    view = f'{{"id": "00", "extension": "{extension}", "status": 5, "source": {source}, "destination": {destination}}}'
    listed = f'{{"entry": [{{"id": "a1", "extension": "210", "ownerId": 3, "phoneCallView": [{view}]}}]}}'
    directory = load_directory(demo.DIRECTORY)
    assert isinstance(directory, Directory)
    (call,) = calls_of(Given("here", listed.encode()), directory, AT)
    assert [(party.extension, party.side) for party in call.views] == parties


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (SHORT.replace('"3"', '"4"'), "entry 0: 210 is nobody's short number in the organization "),
        (SHORT.replace('"parkedBy": "210"', '"parkedBy": "999"'), "entry 0: 999 is nobody's short number "),
        (TWICE, "entry 1: call 'a1' comes twice"),
        ('{"entry": [5]}', "entry 0: PhoneCall refused: "),
        (
            '{"entry": [{"id": "a1", "extension": "210", "phoneCallView": 5}]}',
            "phoneCallView must be an array, not '5'.",
        ),
        (
            '{"entry": [{"id": "a1", "extension": "210", "phoneCallView": [5]}]}',
            "phoneCallView[0] must be a JSON object, not '5'.",
        ),
        ('{"entry": [' + "[" * 100_000, "maximum recursion depth"),
    ],
    ids=["short", "parker", "twice", "no call", "no views", "no view", "deep"],
)
def test_calls_that_it_cannot_start_with(entries: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--calls", entries]) == 2
    err = capsys.readouterr().err
    assert err.startswith("callstate: the calls '")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_body_that_still_comes_does_not_hinder_the_end() -> None:
    with command() as process:
        url, client = announced(process)
        with client, socket.create_connection(("127.0.0.1", httpx.URL(url).port or 80)) as slow:
            slow.sendall(b"PUT /uapi/phoneCalls/@me/@self HTTP/1.1\r\nHost: x\r\nContent-Length: 42\r\n\r\nhalf")
            client.get(url)
            lines = stopped(process, signal.SIGTERM)
            answer = slow.recv(65536)
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"\r\nConnection: close\r\n" in answer
    assert any("PUT /uapi/phoneCalls/@me/@self 503 stopping  The service stops." in line for line in lines)


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in capsys.readouterr().err


def test_without_the_server_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve", "--port", "0"]) == 2
    assert capsys.readouterr().err == "callstate: serve needs a server: pip install uvicorn\n"


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "1e9"])
def test_phones_answer_after_some_seconds_of_a_day(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["serve", f"--answer-after={seconds}"])
    assert f"argument --answer-after: seconds from 0 to 86400, not {seconds!r}" in capsys.readouterr().err


def test_it_goes_on_when_nobody_reads_its_lines() -> None:
    reading, writing = os.pipe()
    start = [sys.executable, "-m", "callstate", "serve", "--port", "0"]
    with subprocess.Popen(start, stdout=writing, stderr=writing, text=True) as process:
        os.close(writing)
        with os.fdopen(reading) as lines:
            address = lines.readline().split()[2]
            lines.readline()
        for _ in range(3):
            assert httpx.get(f"{address}/openapi.json", trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_the_address_of_ipv6_has_brackets() -> None:
    if not socket.has_ipv6 or not _has_loopback():
        pytest.skip("this machine has no IPv6")
    with command("--host", "::1") as process:
        url, client = announced(process)
        with client:
            assert url.startswith("http://[::1]:")
            assert client.get(url).status_code == 200
        stopped(process, signal.SIGTERM)


def _has_loopback() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
@pytest.mark.parametrize("name", ["sandbox", "call-events"])
def test_the_commands_of_the_page_work_in_their_order(running: Running, name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / f"{name}.md").read_text("utf-8")
    lines = [line.strip() for line in page.splitlines() if re.match(r"    (curl|TOKEN|API|CALL)\b", line)]
    commands = "\n".join(lines).replace("http://127.0.0.1:8080", running.url)
    script = f'set -eu; curl() {{ command curl --silent --show-error --fail "$@"; }}\n{commands}'
    script = script.replace("TOKEN=...", f"TOKEN={running.system.tokens.issue('12')}")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)  # noqa: S607  # whichever bash is there
    assert (done.returncode, done.stderr) == (0, "")
    called = [line for line in running.lines if " 20" in line]
    assert len(called) == sum(line.startswith("curl") for line in lines)


def test_the_demo_is_in_the_form_in_which_calls_are_given() -> None:
    """So that what a sandbox shows can be kept, changed and given to the next one."""
    for call in demo.calls(AT):
        assert msgspec.json.decode(encode_call(call))["phoneCallView"]
