"""What the pages show is what happens: their Python runs, their commands print what stands below them.

A `python` block followed by a `text` block prints just that. In a `console` block a line that begins with `$` is a
command of this package, the lines below it are all that it prints. The `sh` blocks set a machine up; `.ci/run` runs
those of the README as written.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from callstate.rendering import table_as_markdown

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
TABLE = re.compile(r"<!-- callstate table --markdown -->\n(.*?)\n<!-- end -->", re.DOTALL)


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    source: str
    shown: str | None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in BLOCK.finditer(text):
            yield Block(page, text.count("\n", 0, found.start()) + 1, *found.groups())


def of(language: str) -> list[Block]:
    return [block for block in blocks() if block.language == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are one program: a later one may use the names of those before it."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": page.stem}
    for block in of("python"):
        if block.page == page:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile("\n" * block.line + block.source, page, "exec"), names)  # noqa: S102  # our own pages
            assert printed.getvalue() == (block.shown or ""), block


@pytest.mark.parametrize("block", of("console"), ids=str)
def test_the_commands_of_a_page_print_what_is_shown(block: Block) -> None:
    commands = COMMAND.findall(block.source)
    assert commands, "a console block has a command"
    for command, shown in commands:
        assert _run(command) == shown, command


def _run(command: str) -> str:
    python = f'callstate() {{ "{sys.executable}" -m callstate "$@"; }}'
    done = subprocess.run(
        ["bash", "-c", f"{python}\n{command}"],  # noqa: S607  # the shell of our readers
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def test_the_readme_sets_up_with_two_commands() -> None:
    first, second = [block.source for block in of("sh") if block.page == README]
    assert "callstate apply docs/examples/call.json docs/examples/offhold.json" in first
    assert "pytest" in second


def test_the_readme_shows_the_table_as_it_is() -> None:
    found = TABLE.search(README.read_text("utf-8"))
    assert found is not None
    assert found[1].strip() == table_as_markdown()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_a_page_names_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    linked = [page.parent / target for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)]
    named = [ROOT / name for name in re.findall(r"`((?:callstate|docs|tests)/[\w./-]+)`", text)]
    assert [path for path in (*linked, *named) if not path.exists()] == []
