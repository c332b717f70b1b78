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


def restart(package: Path, **fields: str) -> subprocess.CompletedProcess[str]:
    body = {"action": "RestartRecording", "phoneCallViewId": "01", **fields}
    return run(package, "apply", str(ROOT / LISTED), json.dumps(body))


def test_it_is_read_from_the_wire_and_applied(package: Path) -> None:
    done = restart(package, format="wav49")
    assert done.returncode == 0, done.stderr
    assert "recording" in json.loads(done.stdout)["phoneCallView"][0]


def test_its_fields_are_checked(package: Path) -> None:
    refused = restart(package, format="mp3")
    assert json.loads(refused.stdout)["error"]["code"] == "pc_format_invalid"


def test_it_has_a_row_in_the_table(package: Path) -> None:
    (row,) = [line for line in run(package, "table").stdout.splitlines() if line.startswith("RestartRecording")]
    assert row.split() == ["RestartRecording", "=", "=", ".", ".", ".", ".", ".", ".", "."]


def test_others_are_told_that_it_is_allowed(package: Path) -> None:
    refused = run(
        package, "apply", str(ROOT / LISTED), '{"action": "UnPark", "phoneCallViewId": "01", "sendCallTo": "210"}'
    )
    assert "RestartRecording" in refused.stderr


def test_a_word_without_a_row_is_told_at_once(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package / "callstate", tmp_path / "callstate")
    shutil.copy(ROOT / "callstate" / "engine" / "table.py", tmp_path / "callstate" / "engine")
    assert "RestartRecording has no row" in run(tmp_path, "table").stderr


def test_the_types_agree(package: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "callstate/engine/machine.py"],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
