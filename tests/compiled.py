"""Whether the package that is imported is a compiled build; `python -m tests.compiled` fails unless it is.

One rule: the tests are the same for both builds. The few that put something of their own into the middle of the engine,
or read its sources and docstrings, are marked `PLAIN`: compiled functions call one another directly and have neither.
"""

import sys
import tomllib
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from callstate.engine import machine

ROOT = Path(__file__).parent.parent

IS_COMPILED = str(machine.__file__).endswith(tuple(EXTENSION_SUFFIXES))
"""Whether the engine that is imported is compiled."""

PLAIN = pytest.mark.skipif(
    IS_COMPILED,
    reason="it changes or reads the source of what is compiled",
)


def to_be_compiled() -> list[str]:
    """Return the names of the modules that the build hook compiles."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    hook = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]
    paths = {path for pattern in hook["include"] for path in ROOT.glob(pattern)} - {ROOT / x for x in hook["exclude"]}
    return sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths)


def main() -> str:
    """Name the modules that are not compiled although they should be."""
    files = {name: str(import_module(name).__file__) for name in to_be_compiled()}
    plain = [name for name, file in files.items() if not file.endswith(tuple(EXTENSION_SUFFIXES))]
    return f"imported as plain Python: {', '.join(plain)}" if plain or not files else ""


if __name__ == "__main__":
    sys.exit(main() or 0)
