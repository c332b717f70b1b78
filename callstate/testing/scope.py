"""What a judge draws: which inputs, which starts, and what it avoids because it leads to differences that are known.

One rule: a scope only leaves out. What is drawn within it, and how often, is for the machine.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple, TypeAlias

from callstate import domain
from callstate.testing import input_templates
from callstate.testing.input_templates import InputTemplate
from callstate.testing.starts import STARTS

Templates: TypeAlias = tuple[InputTemplate, ...]

KINDS: tuple[type[domain.Action], ...] = (*domain.ACTIONS, *domain.SIGNALS)


class Scope(NamedTuple):
    """The starts and the inputs that can be drawn; `leading` are the inputs that do not end what goes on."""

    starts: tuple[str, ...]
    leading: Templates
    sources: tuple[Templates, ...]


def scope(actions: Collection[type[object]] | None, starts: Collection[str] | None) -> Scope:
    """Return the scope of these kinds of actions and signals, and of these starts; `None` stands for all."""
    kinds = frozenset(KINDS if actions is None else actions)
    names = tuple(STARTS if starts is None else starts)
    if not kinds or kinds - frozenset(KINDS):
        raise ValueError(
            f"actions={actions!r}: at least one of the classes {', '.join(kind.__name__ for kind in KINDS)}"
        )
    if not names or frozenset(names) - STARTS.keys():
        raise ValueError(f"starts={starts!r}: at least one of {', '.join(map(repr, STARTS))}")
    sources = (
        _of(kinds, input_templates.SIGNALS),
        _of(kinds, input_templates.REQUESTS),
        _of(kinds, input_templates.WRONG),
    )
    drawn = tuple(source for source in sources if source)
    return Scope(names, _of(kinds, input_templates.LEADING) or drawn[0], drawn)


def _of(kinds: Collection[type[object]], templates: Templates) -> Templates:
    return tuple(template for template in templates if template.kind in kinds)


EVERYTHING = scope(None, None)

Situation: TypeAlias = tuple[str, ...]
"""An input and the view that it is for, or a start: what leads to a difference once does so again."""


class KnownDifferences:
    """The differences that are known by their ids, and in which situations they were met.

    `met` says how often each was met of those that were known from the beginning; what is found is added to `ids`.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids: set[str] = set(ids)
        self.met: Counter[str] = Counter(dict.fromkeys(self.ids, 0))
        self.situations: set[Situation] = set()

    def meet(self, difference: str, situation: Situation) -> bool:
        """Tell whether a difference is known, and remember where it was met."""
        if difference not in self.ids:
            return False
        self.met.update({difference} & self.met.keys())
        self.situations.add(situation)
        return True
