"""Reports for continuous integration: any XML parser reads them, and says the same."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from callstate.cli.junit import Result, junit
from callstate.cli.terminal import CommandError, write_file


def test_a_junit_report_counts_and_names_every_result() -> None:
    results = [
        Result("calls", "a1"),
        Result("calls", "a2", "failure", "state is CONNECTED", "line 3\nline 4"),
        Result("lines", "9", "error", "no JSON"),
        Result("calls", "a3", "skipped", "not begun"),
    ]
    root = ET.fromstring(junit("trace.jsonl", results))  # noqa: S314  # it was written by us
    assert root.attrib == {"tests": "4", "failures": "1", "errors": "1"}
    suite = root[0]
    assert suite.attrib == {"name": "trace.jsonl", "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert [case.attrib for case in suite] == [{"classname": result.group, "name": result.name} for result in results]
    assert [[(child.tag, child.attrib, child.text) for child in case] for case in suite] == [
        [],
        [("failure", {"message": "state is CONNECTED"}, "line 3\nline 4")],
        [("error", {"message": "no JSON"}, None)],
        [("skipped", {"message": "not begun"}, None)],
    ]


def test_what_cannot_stand_in_xml_is_spelled_out() -> None:
    odd = '<é> & "quotes" \x00\x1b\ud800\uffff 🕿'
    (case,) = ET.fromstring(junit(odd, [Result(odd, odd, "failure", odd, odd)])).iter("testcase")  # noqa: S314  # likewise
    spelled = '<é> & "quotes" \\x00\\x1b\\ud800\\uffff 🕿'
    assert (case.attrib["name"], case[0].attrib["message"], case[0].text) == (spelled, spelled, spelled)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    write_file(str(tmp_path / "report.xml"), b"long")
    write_file(str(tmp_path / "report.xml"), b"new")
    assert (tmp_path / "report.xml").read_bytes() == b"new"
    with pytest.raises(CommandError, match=r"cannot write .*: Is a directory"):
        write_file(str(tmp_path), b"")
    with pytest.raises(CommandError, match="cannot write '': no path"):
        write_file("", b"")
