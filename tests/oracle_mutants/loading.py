"""A mutant of the oracle in memory, beside the oracle itself.

One rule: the modules of the oracle are imported a second time with one mistake in them, and nothing of that is left
afterwards. What its answers are compared with is not known here.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

import tests
from tests.oracle_mutants.mutant import Mutant

ORACLE = "tests.oracle"


class _Loader(SourceFileLoader):
    mutant: Mutant

    def get_code(self, fullname: str) -> CodeType:
        source = self.mutant.changed(fullname.removeprefix(f"{ORACLE}."), self.get_source(fullname) or "")
        return compile(source, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    """Finds the modules that a mutant changes, and changes their source before it is compiled."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in {f"{ORACLE}.{module}" for module in self.mutant.modules}:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin)
        spec.loader.mutant = self.mutant
        return spec


@contextmanager
def broken(mutant: Mutant) -> Iterator[ModuleType]:
    """Import the oracle with a mistake in it; give its module that takes the steps of a scenario."""
    finder, own = _Finder(mutant), _taken_out()
    sys.meta_path.insert(0, finder)
    try:
        yield import_module(f"{ORACLE}.steps")
    finally:
        sys.meta_path.remove(finder)
        _taken_out()
        sys.modules.update(own)
        if ORACLE in own:
            tests.oracle = own[ORACLE]  # type: ignore[attr-defined]  # a package keeps its modules as attributes


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == ORACLE or name.startswith(f"{ORACLE}.")]
    return {name: sys.modules.pop(name) for name in names}
