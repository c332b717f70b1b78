"""`python -m tests.write` writes every generated page of the documentation; `--all` includes those that take minutes.

One rule: it only calls what writes a page, and puts what a command prints between the marks of a page. Tests compare
each page with what would be written now.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from callstate.drawing import table_as_markdown

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
API = ROOT / "docs" / "reference" / "api.md"
REACHABLE = ROOT / "docs" / "development" / "reachable-states.md"

MODULES = ("tests.reference", "tests.commutation", "tests.scenarios")
SLOW_MODULES = ("tests.testing.gallery", "tests.mutants")
HOME = re.compile(r"^\| `(callstate[\w.]*)` \| ([^|]+) \| .+ \|$", re.MULTILINE)


def between(page: str, mark: str, text: str) -> str:
    """Return a page with a text between a mark and the next end."""
    before, _, rest = page.partition(f"<!-- {mark} -->\n")
    return f"{before}<!-- {mark} -->\n\n{text.strip()}\n\n<!-- end -->{rest.partition('<!-- end -->')[2]}"


def readme(page: str) -> str:
    """Return the README with the table as it is."""
    return between(page, "callstate table --markdown", table_as_markdown())


def api(page: str) -> str:
    """Return the page of the API with the public names of each package."""
    return HOME.sub(lambda found: _home(found[1], found[2]), page)


def _home(package: str, purpose: str) -> str:
    names = ", ".join(f"`{name}`" for name in import_module(package).__all__)
    return f"| `{package}` | {purpose} | {names} |"


EXPLORED: Mapping[str, tuple[str, ...]] = {"callstate explore": (), "callstate explore --strict": ("--strict",)}


def reachable(page: str) -> str:
    """Return the page of the reachable states with the figures of now."""
    for mark, options in EXPLORED.items():
        command = [sys.executable, "-m", "callstate", "explore", *options]
        page = between(page, mark, subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return page


def write(*, slow: bool) -> None:
    """Write every page, or all but those that take minutes."""
    pages = {README: readme, API: api} | ({REACHABLE: reachable} if slow else {})
    for path, written in pages.items():
        path.write_text(written(path.read_text("utf-8")), "utf-8")
    for module in (*MODULES, *(SLOW_MODULES if slow else ())):
        subprocess.run([sys.executable, "-m", module], cwd=ROOT, check=True)


if __name__ == "__main__":
    write(slow="--all" in sys.argv[1:])
