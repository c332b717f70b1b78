"""A mutant of the oracle: its name, and the changes of the source that make it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One mistake; `changes` has for each module of the oracle which text is replaced by which."""

    name: str
    changes: tuple[tuple[str, str, str], ...]

    def also(self, module: str, *texts: str) -> "Mutant":
        """Change one more module."""
        return Mutant(self.name, (*self.changes, *_changes(module, texts)))

    @property
    def modules(self) -> set[str]:
        return {module for module, _, _ in self.changes}

    def changed(self, module: str, source: str) -> str:
        """Return the source of a module with this mistake in it."""
        for old, new in ((old, new) for name, old, new in self.changes if name == module):
            if source.count(old) != 1:
                raise LookupError(f"{self.name}: {module} has {source.count(old)} times {old!r}")
            source = source.replace(old, new)
        return source


def mutant(name: str, module: str, *texts: str) -> Mutant:
    """Make a mutant that changes one module: each text that is there, followed by the one that replaces it."""
    return Mutant(name, _changes(module, texts))


def _changes(module: str, texts: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((module, old, new) for old, new in zip(texts[::2], texts[1::2], strict=True))
