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
    shutil.copytree(ROOT / "callstate", root / "callstate", ignore=shutil.ignore_patterns("__pycache__"))
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


def python(package: Path, program: str) -> str:
    """Run a program with the package that knows the action."""
    done = subprocess.run([sys.executable, "-c", program], cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


MUTED = f"""
from datetime import UTC, datetime
from pathlib import Path
from callstate import HungUp, Mute, STRICT, allowed_actions, apply_action, changes, unwrap
from callstate.voipnow.wire import decode_call

at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
call = unwrap(decode_call(Path({str(ROOT / LISTED)!r}).read_bytes()))
mute = Mute(call_id=call.id, view_id="01")
muted = unwrap(apply_action(call, mute, at=at))
"""


def test_it_is_read_from_the_wire_and_applied(package: Path) -> None:
    done = run(package, "apply", str(ROOT / LISTED), '{"action": "Mute", "phoneCallViewId": "01"}')
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["phoneCallView"][0]["id"] == "01"


def test_it_sets_its_field_and_reports_a_change(package: Path) -> None:
    program = "print(muted.view('01').muted == at, *[type(change).__name__ for change in changes(call, muted)])"
    assert python(package, MUTED + program).split() == ["True", "MuteStarted"]


def test_its_field_ends_with_the_view(package: Path) -> None:
    program = "print(apply_action(muted, HungUp(call_id=call.id, view_id='01'), at=at).view('01').muted)"
    assert python(package, MUTED + program).strip() == "None"


def test_it_can_be_a_repeat(package: Path) -> None:
    program = "print(apply_action(muted, mute, at=at) is muted, apply_action(muted, mute, at=at, rules=STRICT).message)"
    assert python(package, MUTED + program).strip() == "True Mute refused: view 01 is already muted."


def test_it_is_allowed_until_it_is_a_repeat(package: Path) -> None:
    program = "print(*['Mute' in allowed_actions(value, '01') for value in (call, muted)])"
    assert python(package, MUTED + program).split() == ["True", "False"]


def test_a_value_that_cannot_be_is_refused(package: Path) -> None:
    program = """
from callstate import PhoneCallView, ViewState
try:
    PhoneCallView(id="00", extension="210", state=ViewState.RINGING, side=0, muted=at)
except ValueError as error:
    print(error)
"""
    assert "only a party that is up is muted" in python(package, MUTED + program)


def test_it_has_a_row_in_the_table(package: Path) -> None:
    (row,) = [line for line in run(package, "table").stdout.splitlines() if line.startswith("Mute")]
    assert row.split() == ["Mute", "=", "=", ".", ".", ".", ".", ".", ".", "."]


def test_a_word_without_a_row_is_reported_at_import(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package / "callstate", tmp_path / "callstate")
    shutil.copy(ROOT / "callstate" / "engine" / "table.py", tmp_path / "callstate" / "engine")
    assert "Mute has no row" in run(tmp_path, "table").stderr


def test_the_types_agree(package: Path) -> None:
    modules = ("engine/machine.py", "domain/difference.py", "engine/allowed.py")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", *(f"callstate/{module}" for module in modules)],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
