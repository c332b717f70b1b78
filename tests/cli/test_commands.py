"""The command line: what it prints, where, and how it ends. Whatever it is given, it prints no traceback."""

import io
import json
import re
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstate.cli import main
from callstate.cli.parser import _parser
from callstate.lifecycle import diagram

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CALL = str(EXAMPLES / "call.json")
OFFHOLD = str(EXAMPLES / "offhold.json")
ON_HOLD = '{"action": "OnHold", "phoneCallViewId": "01"}'
AT = "2012-06-27T16:20:00+02:00"
CUT_OFF = "valid JSON (Input data was truncated)"

Printed = pytest.CaptureFixture[str]


class Stdin:
    """Standard input as bytes, as a pipe brings them."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def one_line(err: str) -> bool:
    return err.startswith("callstate: ") and err.endswith("\n") and err.count("\n") == 1


def view(out: str) -> Any:  # Any: JSON
    (found,) = json.loads(out)["phoneCallView"]
    return found


def test_the_call_comes_off_hold(capsys: Printed) -> None:
    assert main(["apply", CALL, OFFHOLD, "--at", AT]) == 0
    out, err = capsys.readouterr()
    before = json.loads(Path(CALL).read_bytes())
    held = {"onHold", "holder"}
    assert err == ""
    assert view(out) == {key: value for key, value in before["phoneCallView"][0].items() if key not in held}
    assert view(out)["status"] == "5"
    assert json.loads(out)["id"] == before["id"]


def test_what_is_printed_can_be_applied_again(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["apply", CALL, OFFHOLD, "--at", AT]) == 0
    first = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", Stdin(first.encode()))
    assert main(["apply", "-", OFFHOLD, "--at", AT]) == 0
    assert capsys.readouterr().out == first


def test_the_instant_is_the_one_given(capsys: Printed) -> None:
    taken = Path(CALL).read_text("utf-8").replace('"onHold"', '"wasOnHold"')
    assert main(["apply", taken, ON_HOLD, "--at", AT]) == 0
    assert view(capsys.readouterr().out)["onHold"] == AT


def test_without_an_instant_it_is_now(capsys: Printed) -> None:
    taken = Path(CALL).read_text("utf-8").replace('"onHold"', '"wasOnHold"')
    assert main(["apply", taken, ON_HOLD]) == 0
    assert view(capsys.readouterr().out)["onHold"] > "2026"


def test_the_strict_rules_refuse_a_repeat_and_say_what_is_allowed(capsys: Printed) -> None:
    assert main(["apply", CALL, ON_HOLD, "--at", AT]) == 0
    capsys.readouterr()
    assert main(["apply", CALL, ON_HOLD, "--at", AT, "--strict"]) == 1
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert error["code"] == "pc_wrong_state"
    assert err.startswith(error["message"])
    assert "Allowed now: OffHold, " in err
    assert "OnHold" not in err.partition("Allowed now: ")[2].replace("OffHold", "")


def test_a_ringing_view_is_not_on_hold(capsys: Printed) -> None:
    ringing = json.dumps(
        {
            "id": "a",
            "extension": "0003*210",
            "phoneCallView": [
                {"id": "01", "extension": "0003*210", "status": 3, "source": "0003*024", "destination": "0003*210"}
            ],
        }
    )
    assert main(["apply", ringing, OFFHOLD, "--at", AT]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "pc_wrong_state"
    assert "RINGING" in err
    assert "PickUp" in err.partition("Allowed now: ")[2]


def test_nobody_may_ask_who_is_not_in_the_call(capsys: Printed) -> None:
    assert main(["apply", CALL, OFFHOLD, "--at", AT, "--extension", "0003*999"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "extension_invalid"
    assert main(["apply", CALL, OFFHOLD, "--at", AT, "--extension", "0003*210"]) == 0


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ('{"action": "Dance", "phoneCallViewId": "01"}', "pc_action_invalid"),
        ("{}", "pc_action_invalid"),
        ('{"action": 5}', "pc_action_invalid"),
        ('{"action": "OffHold"}', "pc_phonecallview_invalid"),
        ('{"action": "OffHold", "phoneCallViewId": "99"}', "pc_phonecallview_invalid"),
        ('{"action": "OffHold", "phoneCallViewId": {}}', "pc_phonecallview_invalid"),
    ],
)
def test_a_body_that_asks_for_the_impossible_is_refused(action: str, code: str, capsys: Printed) -> None:
    assert main(["apply", CALL, action, "--at", AT]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == code
    assert err == json.loads(out)["error"]["message"] + "\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-file", OFFHOLD],
        [CALL, "no-such-file"],
        [str(EXAMPLES), OFFHOLD],
        ["\0", OFFHOLD],
        ["{\ud800", OFFHOLD],
        ["x" * 100_000, OFFHOLD],
        ["", OFFHOLD],
        ["[]", OFFHOLD],
        [CALL, "[]"],
        [CALL, "{"],
        [CALL, '{"action": "OffHold",}'],
        [OFFHOLD, OFFHOLD],
        ["{}", OFFHOLD],
        ["{\udcff}", OFFHOLD],
        ['{"a":' * 100_000, OFFHOLD],
        [CALL, OFFHOLD, "--at", "2012-06-27T16:20:00"],
        [CALL, OFFHOLD, "--at", "2012-06-27"],
        [CALL, OFFHOLD, "--at", "yesterday"],
        [CALL, OFFHOLD, "--at", ""],
        [CALL, OFFHOLD, "--at", "10000-01-01T00:00:00Z"],
        ["-", "-"],
    ],
    ids=lambda arguments: " ".join(arguments)[-60:].encode("ascii", "backslashreplace").decode(),
)
def test_unreadable_input_is_told_in_one_line(arguments: list[str], capsys: Printed) -> None:
    assert main(["apply", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert one_line(err), err
    assert len(err) < 1000


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000])
def test_unreadable_standard_input_is_told_in_one_line(
    data: bytes, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    assert main(["apply", "-", OFFHOLD]) == 2
    assert one_line(capsys.readouterr().err)


def test_the_action_may_come_by_standard_input(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(Path(OFFHOLD).read_bytes()))
    assert main(["apply", CALL, "-", "--at", AT]) == 0
    assert "onHold" not in capsys.readouterr().out


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2012-06-27T13:20Z"])
def test_the_ends_of_time_are_instants(at: str, capsys: Printed) -> None:
    assert main(["apply", CALL, OFFHOLD, "--at", at]) == 0
    assert capsys.readouterr().err == ""


@given(call=st.text(st.characters(codec="utf-8")), action=st.text(st.characters(codec="utf-8")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_given_raises(call: str, action: str, capsys: Printed) -> None:
    assert main(["apply", "{" + call, "{" + action]) == 2
    assert main(["apply", CALL, "{" + action, "--at", AT]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_closed_streams_are_told(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", None)
        assert main(["apply", "-", OFFHOLD]) == 2
    assert "standard input is closed" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert main(["table"]) == 2
    assert capsys.readouterr().err == "callstate: cannot write: standard output is closed\n"


def test_ctrl_c_ends_it_quietly(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_argument: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("callstate.cli.inputs.read", interrupted)
    assert main(["apply", CALL, OFFHOLD]) == 130
    assert capsys.readouterr() == ("", "")


def test_the_diagram_is_printed(capsys: Printed) -> None:
    assert main(["diagram"]) == 0
    assert capsys.readouterr().out == diagram() + "\n"


@pytest.mark.parametrize("arguments", [["--help"], ["apply", "--help"], ["table", "--help"], ["diagram", "--help"]])
def test_help_is_given(arguments: list[str], capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: callstate ")


def test_the_examples_of_the_help_are_commands(capsys: Printed) -> None:
    """Each example is read by the parser itself, so that no option in it can be one that is gone."""
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["apply", "--help"])
    examples = re.findall(
        r"^  (?:curl [^|]*\| )?callstate (.*?)(?: >.*)?$", out + capsys.readouterr().out, re.MULTILINE
    )
    assert len(examples) == 13
    for words in examples:
        assert _parser().parse_args(shlex.split(words)).run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["", OFFHOLD], "cannot read '': no path and no JSON"),
        (["[]", OFFHOLD], "CALL cannot be read: body must be a JSON object, not '[]'"),
        (['{"entry":[]}', OFFHOLD], "CALL is a list of 0 calls, not of one"),
        (['{"entry":[{},{}]}', OFFHOLD], "CALL is a list of 2 calls, not of one"),
        ([CALL, "{"], f"ACTION cannot be read: body must be {CUT_OFF}, not '{{'"),
    ],
)
def test_what_cannot_be_read_is_told_by_what_it_is(arguments: list[str], sentence: str, capsys: Printed) -> None:
    assert main(["apply", *arguments]) == 2
    assert capsys.readouterr().err == f"callstate: {sentence}\n"


def test_the_call_may_come_in_a_list_of_one(capsys: Printed) -> None:
    """So a service answers who asks for one call."""
    listed = '{"entry":[' + Path(CALL).read_text("utf-8") + '],"totalResults":1}'
    assert main(["apply", listed, OFFHOLD, "--at", AT]) == 0
    alone = capsys.readouterr().out
    assert main(["apply", CALL, OFFHOLD, "--at", AT]) == 0
    assert capsys.readouterr().out == alone


def test_a_byte_order_mark_is_read_over(capsys: Printed, tmp_path: Path) -> None:
    marked = tmp_path / "call.json"
    marked.write_bytes(b"\xef\xbb\xbf" + Path(CALL).read_bytes())
    assert main(["apply", str(marked), OFFHOLD, "--at", AT]) == 0
    assert view(capsys.readouterr().out)["status"] == "5"


@pytest.mark.parametrize("views", ["-1", "0", "1", "100", "1" * 5000, "two", "", "2.5", "\u0662"])
def test_an_exploration_has_two_views_at_least(views: str, capsys: Printed) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["explore", f"--views={views}"])
    shown = repr(views if len(views) < 80 else f"{views[:80]}…")
    assert f"argument --views: a whole number from 2 to 99, not {shown}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["apply"], ["apply", CALL], ["table", "--loud"]])
def test_a_wrong_command_shows_the_usage(arguments: list[str], capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: callstate" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callstate.cli.parser.version", lambda name: {"callstate": "1.2.3"}[name])
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "callstate 1.2.3\n"


def test_a_checkout_has_no_version(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("callstate.cli.parser.version", missing)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "callstate (not installed)\n"


COMMAND = [sys.executable, "-m", "callstate"]


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([*COMMAND, "apply", CALL, OFFHOLD, "--strict", "--at", AT], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert view(done.stdout.decode())["status"] == "5"


def test_a_command_imports_only_what_it_needs() -> None:
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], "apply", CALL, OFFHOLD, "--at", AT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "callstate.engine.machine" in imported
    others = (
        "transitions",
        "uvicorn",
        "hypothesis",
        "callstate.conformance",
        "callstate.recording",
        "callstate.exploration",
        "callstate.sandbox",
    )
    assert [name for name in imported if name.startswith(others)] == []


def test_who_stops_reading_gets_no_traceback() -> None:
    with subprocess.Popen([*COMMAND, "table"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "table"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert one_line(done.stderr), done.stderr


def test_the_output_is_utf_8_in_every_locale() -> None:
    named = Path(CALL).read_text("utf-8").replace("Default Organization", "Søren 电话")
    command = [*COMMAND, "apply", "-", OFFHOLD, "--at", AT]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(EXAMPLES.parent.parent)}
    done = subprocess.run(command, input=named.encode(), capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["ownerName"] == "Søren 电话"
