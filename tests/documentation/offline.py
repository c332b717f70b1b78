"""`python -m tests.documentation.offline DIRECTORY` fails if a built site asks another origin for anything.

One rule: links that a reader follows may lead anywhere; what a browser loads by itself comes from the site.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ELSEWHERE = re.compile(r"\s*(?:https?:|wss?:)?//")
LOADED = {"src", "srcset", "data", "poster"}
BY_REFERENCE = {"link", "image", "use"}
"""Elements that load what their `href` names; in others it is a link."""

NOT_LOADED = {"canonical", "next", "prev", "author", "license", "index", "search"}
"""Relations of a `link` that name a page and load nothing."""

IN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s;]+)""")
IN_JS = re.compile(r"""(?:fetch|import|importScripts)\(\s*["'`](https?://[^"'`]+)""")


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names = set(LOADED)
        if tag in BY_REFERENCE and values.get("rel", "") not in NOT_LOADED:
            names |= {"href", "xlink:href"}
        self.found += [value for name, value in values.items() if name in names and ELSEWHERE.match(value)]


def loaded_elsewhere(name: str, text: str) -> list[str]:
    """Name what a file of a site loads from another origin."""
    if name.endswith(".js"):
        return IN_JS.findall(text)
    found = IN_CSS.findall(text)
    if name.endswith(".html"):
        loads = _Loads()
        loads.feed(text)
        found += loads.found + IN_JS.findall(text)
    return found


def site(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file of a site with what it loads from another origin."""
    for path in sorted(root.rglob("*")):
        if path.suffix in {".html", ".css", ".js"}:
            for url in loaded_elsewhere(path.name, path.read_text("utf-8")):
                yield path, url


if __name__ == "__main__":
    root = Path(sys.argv[1])
    if not (root / "index.html").exists():
        sys.exit(f"{root} is no built site")
    if lines := [f"{path} loads {url}" for path, url in site(root)]:
        sys.exit("\n".join(lines))
