"""`callstate check`: what it reads, what it prints, and how it ends."""

import io
import itertools
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from callstate.cli import main
from callstate.conformance import Verdict, judge_lines

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


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_checked(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(lines(1, 2) + b"\n{]\n" + lines(3, 4)))
    assert main(["check", "-"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("-, line 4: cannot be read: JSON is malformed")
    assert [line.split() for line in out.splitlines() if line.startswith(("lines", "unreadable"))] == [
        ["lines", "5"],
        ["unreadable", "1"],
    ]
    assert err == ""


def test_with_strict_input_a_line_that_cannot_be_read_ends_with_2(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(lines(1, 2) + b"\n{]\n"))
    assert main(["check", "-", "--strict-input"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("callstate: -, line 4: cannot be read: JSON is malformed")
    assert err.count("\n") == 1


def test_standard_input_is_read_once(capsys: Printed) -> None:
    assert main(["check", "-", str(EXAMPLE), "-"]) == 2
    assert capsys.readouterr().err == "callstate: only one TRACE can be -, standard input is read once\n"


@pytest.mark.parametrize("text", [b"", b"\n \n", b"\xef\xbb\xbf", b"no trace\n"])
def test_where_there_is_nothing_to_check_nothing_conforms(
    text: bytes, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(text))
    assert main(["check", "-"]) == 2
    assert capsys.readouterr().err == "callstate: there is no readable line, so nothing was checked\n"


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


# Merging --------------------------------------------------------------------------------------------------------------


def test_two_halves_of_a_trace_are_merged_by_time(tmp_path: Path, capsys: Printed) -> None:
    halves = [tmp_path / "even.jsonl", tmp_path / "odd.jsonl"]
    told = EXAMPLE.read_bytes().splitlines(keepends=True)
    for place, half in enumerate(halves):
        half.write_bytes(b"".join(told[place::2]))
    assert main(["check", str(EXAMPLE)]) == 1
    whole = capsys.readouterr().out.partition(": call")[2]
    assert main(["check", "--merge", *map(str, halves)]) == 1
    where, _, merged = capsys.readouterr().out.partition(": call")
    assert (where, merged) == (f"{halves[0]}, line 5", whole)


# Reports --------------------------------------------------------------------------------------------------------------


def test_the_verdict_is_written_as_json(tmp_path: Path, capsys: Printed) -> None:
    report = tmp_path / "verdict.json"
    assert main(["check", str(EXAMPLE), "--json", str(report)]) == 1
    capsys.readouterr()
    assert msgspec.json.decode(report.read_bytes(), type=Verdict) == judge_lines(EXAMPLE.read_bytes().splitlines())


def test_a_junit_report_has_a_failure_for_each_divergence(tmp_path: Path, capsys: Printed) -> None:
    fine, report = tmp_path / "fine.jsonl", tmp_path / "report.xml"
    fine.write_bytes(b'{"at": "2026-03-02T09:00:00Z", "call": "a", "listed": null}\n')
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"{]\n")
    assert main(["check", str(fine), str(EXAMPLE), str(broken), "--junit", str(report)]) == 1
    printed = capsys.readouterr().out
    cases = ET.parse(report).getroot().findall("testsuite/testcase")  # noqa: S314  # made by this test
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        (str(fine), "all calls conform"),
        (str(EXAMPLE), "line 9: call c0ffee: the call as it is listed"),
        (str(broken), "line 1"),
    ]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"]]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message") == "reference: view 01 onHold 2026-03-02T09:00:10Z"
    assert failure.text is not None
    assert failure.text in printed


@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_report_that_cannot_be_written_ends_with_2(option: str, tmp_path: Path, capsys: Printed) -> None:
    assert main(["check", str(EXAMPLE), option, str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("callstate: cannot write ")
