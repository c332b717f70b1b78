"""What the pages show is what happens: their Python runs, their commands print what stands below them.

A `python` block followed by a `text` block prints just that, and a `pycon` block shows what is typed at a prompt. In a
`console` block a line that begins with `$` is a command of this package or a Python program, the lines below it are all
that it prints. A block below a comment with the name of a file is that file, a program that other tests run. The `sh`
blocks set a machine up; `.ci/run` runs those of the README as written.
"""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from callstate.drawing import table_as_markdown

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?:^<!-- (docs/examples/\S+) -->\n\n)?^```(\w+)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL
)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
TABLE = re.compile(r"<!-- callstate table --markdown -->\n(.*?)\n<!-- end -->", re.DOTALL)


class Block(NamedTuple):
    page: Path
    line: int
    file: str | None
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


@pytest.mark.parametrize("page", sorted({block.page for block in of("python")}), ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are one program: a later one may use the names of those before it."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": page.stem}
    for block in of("python"):
        if block.page == page and block.file is None:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile("\n" * block.line + block.source, page, "exec"), names)  # noqa: S102  # our own pages
            assert printed.getvalue() == (block.shown or ""), block


@pytest.mark.parametrize("page", sorted({block.page for block in of("pycon")}), ids=lambda page: page.name)
def test_what_is_typed_at_a_prompt_answers_as_shown(page: Path) -> None:
    """The blocks of a page are one session."""
    typed = "\n".join(block.source for block in of("pycon") if block.page == page)
    session = doctest.DocTestParser().get_doctest(typed, {}, page.name, str(page), 0)
    report = io.StringIO()
    failed = doctest.DocTestRunner().run(session, out=report.write).failed
    assert failed == 0, report.getvalue()


@pytest.mark.parametrize("block", [block for block in blocks() if block.file is not None], ids=str)
def test_a_program_is_shown_as_it_is(block: Block) -> None:
    assert block.source == (ROOT / str(block.file)).read_text("utf-8"), "the file is right: copy it to the page"


@pytest.mark.parametrize("block", of("console"), ids=str)
def test_the_commands_of_a_page_print_what_is_shown(block: Block) -> None:
    commands = COMMAND.findall(block.source)
    assert commands, "a console block has a command"
    for command, shown in commands:
        assert _run(command) == shown, command


def _run(command: str) -> str:
    ours = f'python() {{ "{sys.executable}" "$@"; }}; callstate() {{ python -m callstate "$@"; }}'
    done = subprocess.run(
        ["bash", "-c", f"{ours}\n{command}"],  # noqa: S607  # the shell of our readers
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
    named = re.findall(r"`((?:callstate|docs|tests)/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
