"""Every link of a page leads to a file that is there, and to a heading or an anchor in it."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s:#]+\.md)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> list[str]:
    prose = CODE.sub("", FENCE.sub("", page.read_text("utf-8")))
    return [target for target in LINK.findall(prose) if "://" not in target]


def anchors(page: Path) -> set[str]:
    """Name the headings as a code host does: a second one of the same name gets a number."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(FENCE.sub("", page.read_text("utf-8"))):
        words = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{words}-{seen[words]}" if seen[words] else words)
        seen[words] += 1
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_start_page_leads_to_every_page() -> None:
    """Two clicks at most: what the start page does not name, a page that it names does."""
    start = ROOT / "docs" / "index.md"
    near = {(start.parent / link.partition("#")[0]).resolve() for link in links(start)}
    assert {page for page in PAGES if page.is_relative_to(start.parent)} - near - {start} == set()


def title(page: Path) -> str:
    heading: str = HEADING.findall(FENCE.sub("", page.read_text("utf-8")))[0]
    return heading


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_one_name_everywhere(page: Path) -> None:
    """The text of a link to a page is its title. The start page, a list of all the others, goes by any name."""
    prose = CODE.sub("", FENCE.sub("", page.read_text("utf-8")))
    for text, target in NAMED.findall(prose):
        linked = (page.parent / target).resolve()
        if linked != ROOT / "docs" / "index.md":
            assert " ".join(text.split()) == title(linked), target


def test_headings_are_named_as_on_a_code_host(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# What is it?\n\n## `OnHold`, twice\n\n## Time\n\n```text\n# no heading\n```\n\n## Time\n")
    assert anchors(page) == {"what-is-it", "onhold-twice", "time", "time-1"}
