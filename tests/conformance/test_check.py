"""`callstate check`: what it reads, what it prints, and how it ends."""

import io
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from callstate.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "trace.jsonl"
Printed = pytest.CaptureFixture[str]


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def lines(first: int, last: int) -> bytes:
    return b"".join(EXAMPLE.read_bytes().splitlines(keepends=True)[first - 1 : last])


def test_a_trace_that_conforms_ends_with_0(capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    begun = tmp_path / "begun.jsonl"
    begun.write_bytes(lines(1, 4))
    monkeypatch.setattr(sys, "stdin", Stdin(lines(5, 8)))
    assert main(["check", str(begun), "-"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split() == ["lines", "8"]
    assert err == ""


def test_a_trace_that_diverges_ends_with_1(capsys: Printed) -> None:
    assert main(["check", str(EXAMPLE)]) == 1
    assert capsys.readouterr().out.startswith(f"{EXAMPLE}, line 9: call c0ffee: ")


def test_the_strict_rules_are_taken_by_an_option(capsys: Printed) -> None:
    assert main(["check", str(EXAMPLE), "--strict"]) == 1
    assert capsys.readouterr().out.startswith(f"{EXAMPLE}, line 8: call c0ffee: OnHold on view 01\n")


def test_a_line_that_cannot_be_read_ends_with_2(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(lines(1, 2) + b"\n{]\n"))
    assert main(["check", "-"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("callstate: -, line 4: JSON is malformed")
    assert err.count("\n") == 1


def test_standard_input_is_read_once(capsys: Printed) -> None:
    assert main(["check", "-", str(EXAMPLE), "-"]) == 2
    assert capsys.readouterr().err == "callstate: only one TRACE can be -, standard input is read once\n"


@pytest.mark.parametrize("text", [b"", b"\n \n"])
def test_where_there_is_nothing_to_check_nothing_conforms(
    text: bytes, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(text))
    assert main(["check", "-"]) == 2
    assert capsys.readouterr() == ("", "callstate: there is no line, so nothing was checked\n")


@pytest.mark.parametrize("name", ["no-such-file", str(EXAMPLE.parent), "\0", "", "x" * 100_000])
def test_a_file_that_cannot_be_read_ends_with_2(name: str, capsys: Printed) -> None:
    assert main(["check", str(EXAMPLE), name]) == 2
    err = capsys.readouterr().err
    assert err.startswith("callstate: cannot read ")
    assert err.count("\n") == 1
    assert len(err) < 200


def test_the_name_of_a_trace_may_be_no_text(tmp_path: Path, capsys: Printed) -> None:
    trace = tmp_path / "\udcff.jsonl"
    trace.write_bytes(EXAMPLE.read_bytes())
    assert main(["check", str(trace)]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path}/\\udcff.jsonl, line 9: ")


def test_closed_standard_input_is_told(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["check", "-"]) == 2
    assert "standard input is closed" in capsys.readouterr().err


def test_a_long_check_says_how_far_it_has_come_on_standard_error(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", itertools.count(0, 3).__next__)
    monkeypatch.setattr(sys, "stdin", Stdin(b'{"at": "2026-03-02T09:00:00Z", "call": "a", "listed": null}\n' * 9000))
    assert main(["check", "-"]) == 0
    assert capsys.readouterr().err == "-: 8,192 lines\n"


def test_who_stops_reading_gets_no_traceback() -> None:
    command = [sys.executable, "-m", "callstate", "check", str(EXAMPLE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
