"""The action that the documentation adds: its diff makes a package that knows the action everywhere."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.programs import ROOT

PAGE = ROOT / "docs" / "how-to" / "add-an-action.md"
DIFF = re.compile(r"^```diff\n--- (\S+)\n\+\+\+ \S+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LISTED = "docs/examples/listed.json"


def patch(source: str, hunk: str) -> str:
    """Put a hunk of a diff in the one place where it fits."""
    lines = hunk.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
    assert source.count(old) == 1, f"the diff fits {source.count(old)} places:\n{old}"
    return source.replace(old, new)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("added")
    shutil.copytree(ROOT / "callstate", root / "callstate", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    for name, diff in DIFF.findall(PAGE.read_text("utf-8")):
        file = root / name
        for hunk in re.split(r"^@@ .* @@\n", diff, flags=re.MULTILINE)[1:]:
            file.write_text(patch(file.read_text("utf-8"), hunk), "utf-8")
    return root


def run(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "callstate", *arguments],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )


def mute(package: Path, action: str = "Mute", **fields: str) -> subprocess.CompletedProcess[str]:
    return run(package, "apply", str(ROOT / LISTED), json.dumps({"action": action, **fields}))


def python(package: Path, program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


PROGRAM = """
from datetime import UTC, datetime, timedelta
from callstate import *
from callstate.exploration import survey
from callstate.voipnow.wire import decode_call

nine = datetime(2030, 1, 1, 9, tzinfo=UTC)
call = unwrap(decode_call(open({listed!r}, "rb").read(), at=nine))
muted = unwrap(apply_action(call, Mute(call_id=call.id, view_id="01"), at=nine))
print(muted.view("01").muted == nine, apply_action(muted, Mute(call_id=call.id, view_id="01"), at=nine) is muted)
print([type(change).__name__ for change in changes(call, muted)])
before, then = allowed_actions(call, "01"), allowed_actions(muted, "01")
print("Mute" in before, "Mute" in then, "UnMute" in then)
later = nine + timedelta(seconds=5)
ended = unwrap(apply_action(muted, HungUp(call_id=call.id, view_id="01"), at=later))
print(ended.view("01").muted, "MuteEnded" in [type(change).__name__ for change in changes(muted, ended)])
"""


def test_it_is_read_from_the_wire_and_applied(package: Path) -> None:
    done = mute(package, phoneCallViewId="01")
    assert done.returncode == 0, done.stderr


def test_its_view_is_checked(package: Path) -> None:
    refused = json.loads(mute(package).stdout)
    assert refused["error"]["code"] == "pc_phonecallview_invalid"


def test_its_facet_begins_repeats_is_reported_and_ends_with_the_view(package: Path) -> None:
    told = python(package, PROGRAM.format(listed=str(ROOT / LISTED))).splitlines()
    assert told == ["True True", "['MuteStarted']", "True False True", "None True"]


def test_it_has_a_row_in_the_table(package: Path) -> None:
    rows = [line.split() for line in run(package, "table", "--wide").stdout.splitlines()]
    (row,) = [row for row in rows if row[:1] == ["Mute"]]
    (head,) = [row for row in rows if row[:1] == ["CONNECTED"]]
    assert {state for state, cell in zip(head, row[1:], strict=True) if cell == "="} == {"CONNECTED", "ON_HOLD"}


def test_a_word_without_a_row_is_told_at_once(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package / "callstate", tmp_path / "callstate")
    shutil.copy(ROOT / "callstate" / "engine" / "transition_table.py", tmp_path / "callstate" / "engine")
    assert "Mute has no row" in run(tmp_path, "table").stderr


def test_the_registry_names_every_place_that_is_left(package: Path) -> None:
    for folder in ("tests", "docs"):
        shutil.copytree(
            ROOT / folder, package / folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
        )
    program = "from tests.test_registry import missing; print(*missing(), sep=chr(10))"
    places = (
        "callstate/exploration/abstraction.py, callstate/testing/input_templates.py, tests/oracle/table.py, "
        "tests/oracle/inputs.py, tests/reference/prose.py, docs/scenarios, docs/reference/api.md"
    )
    assert python(package, program).splitlines() == [
        f"Mute is missing in: {places}",
        f"UnMute is missing in: {places}",
    ]


def test_the_types_agree(package: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "callstate/engine", "callstate/domain"],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
