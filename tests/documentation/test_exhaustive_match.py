"""The README names one setting of mypy that makes it report a forgotten refusal: just that setting does it."""

import re
import subprocess
import sys
from pathlib import Path

from tests.documentation.programs import ROOT

README = (ROOT / "README.md").read_text("utf-8")
REFUSAL = re.compile(r"^    case DomainError\(\).*\n(?:        .*\n)+", re.MULTILINE)


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def check(folder: Path, program: str, settings: str) -> str:
    """Type-check a program with these settings and no others; return the report of mypy."""
    (folder / "program.py").write_text(program, "utf-8")
    (folder / "pyproject.toml").write_text(settings, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-incremental", "program.py"],
        cwd=folder,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_example_handles_both_answers(tmp_path: Path) -> None:
    assert "Success" in check(tmp_path, block("python"), block("toml"))


def test_a_forgotten_refusal_is_reported(tmp_path: Path) -> None:
    forgotten, removed = REFUSAL.subn("", block("python"))
    assert removed == 1
    report = check(tmp_path, forgotten, block("toml"))
    assert "[exhaustive-match]" in report
    assert "DomainError" in report


def test_without_the_setting_it_is_not_reported(tmp_path: Path) -> None:
    forgotten = REFUSAL.sub("", block("python"))
    assert "Success" in check(tmp_path, forgotten, "[tool.mypy]\n")
