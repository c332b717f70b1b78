"""One command writes every generated page: it names each command that a page names, and changes no current page."""

import re

from tests import write
from tests.documentation.programs import ROOT

COMMAND = re.compile(r"^<!-- (?:generated: )?python -m (tests\.[\w.]+)", re.MULTILINE)
MEASURED = {"tests.benchmarks"}
"""What depends on the machine is written only by its own command."""


def test_every_command_that_writes_a_page_is_run() -> None:
    named = {module for page in (ROOT / "docs").rglob("*.md") for module in COMMAND.findall(page.read_text("utf-8"))}
    assert named - MEASURED <= {*write.MODULES, *write.SLOW_MODULES}


def test_current_pages_stay_as_they_are() -> None:
    for path, written in ((write.README, write.readme), (write.API, write.api)):
        page = path.read_text("utf-8")
        assert written(page) == page


def test_a_text_is_put_between_its_marks() -> None:
    page = "a\n<!-- x -->\n\nold\n\n<!-- end -->\nb <!-- y -->\n\nother\n\n<!-- end -->\n"
    assert write.between(page, "x", "new\n") == page.replace("old", "new")
