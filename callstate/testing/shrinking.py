"""The shortest trial that still shows that a subject does otherwise than the reference.

One rule: every candidate is tried. A trial is a list of steps that can each be left out, so this needs no more than to
do the rest again, which is quicker and gets shorter than what hypothesis makes of the choices behind the steps.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TypeAlias

from msgspec.structs import replace

from callstate.engine import Rules
from callstate.testing.diverged import Diverged
from callstate.testing.starts import STARTS
from callstate.testing.steps import Begin, Input, Step, Wait
from callstate.testing.subjects import Subject
from callstate.testing.trial import Trial

Steps: TypeAlias = tuple[Step, ...]

KINDS = tuple(STARTS)
_VIEW_IDS = ("00", "01", "02", "03")
_FEW = 6


def shortest(found: Diverged, attempt: Callable[[Steps], Diverged | None], starts: tuple[str, ...] = KINDS) -> Diverged:
    """Return what is left of a trial when no simpler one fails, with calls that begin by one of the `starts`.

    `attempt` does the steps and returns what differs.
    """
    tried: set[Steps] = set()
    shorter: Diverged | None = found
    while shorter is not None:
        found = shorter
        candidates = _untried(_simpler(found.steps, starts), tried)
        attempts = (attempt(steps) for steps in candidates)
        shorter = next((other for other in attempts if other is not None and size(other) < size(found)), None)
    return found


def _untried(candidates: Iterable[Steps], tried: set[Steps]) -> Iterator[Steps]:
    for steps in candidates:
        if steps not in tried:
            tried.add(steps)
            yield steps


def replayed(make_subject: Callable[[], Subject], steps: Steps, rules: Rules) -> Diverged | None:
    """Do the steps to a new subject, with the positions of the parking lot that are free; return what differs."""
    subject = make_subject()
    try:
        trial = Trial(subject, rules=rules, finds_positions=True)
        for step in steps:
            trial.do(step)
    except Diverged as found:
        return found
    finally:
        subject.close()
    return None


def size(found: Diverged) -> tuple[int, int, float]:
    """Tell how long a story is: inputs first, then calls, how they start, and seconds."""
    steps = found.steps
    starts = [KINDS.index(str(step.start)) for step in steps if isinstance(step, Begin)]
    seconds = sum(step.seconds for step in steps if not isinstance(step, Begin))
    return found.inputs, len(starts) + sum(starts), seconds


def _simpler(steps: Steps, starts: tuple[str, ...]) -> Iterator[Steps]:
    """Leave out much, then little; then put simpler things in the place of what is left."""
    size = len(steps)
    while size > 1:
        size //= 2
        for start in range(0, len(steps), size):
            yield steps[:start] + steps[start + size :]
    for number in (1, 2):
        for rest in combinations(steps, max(len(steps) - number, 0)):
            yield from _renumbered(rest)
            for shifted in (rest, *_shifted(rest)) if len(rest) < _FEW else ():
                yield from _started_otherwise(shifted, starts)
    for place, step in enumerate(steps):
        for other in _simpler_step(step, starts):
            yield (*steps[:place], other, *steps[place + 1 :])


def _started_otherwise(steps: Steps, starts: tuple[str, ...]) -> Iterator[Steps]:
    """Yield the steps after other starts, which may come as far without an input."""
    for place, step in enumerate(steps):
        if isinstance(step, Begin):
            for kind in starts:
                yield (*steps[:place], Begin(kind, step.call_id), *steps[place + 1 :])


def _renumbered(steps: Steps) -> Iterator[Steps]:
    """Yield the steps as they are, and with another view in the place of one: without a step, ids are others."""
    yield steps
    for old in _view_ids(steps):
        for new in _VIEW_IDS:
            yield tuple(_with_view(step, new) if _view_id(step) == old else step for step in steps)


def _shifted(steps: Steps) -> Iterator[Steps]:
    """Yield the steps with view ids from one on lowered by one, as after a start or a step with one view less."""
    for first in _view_ids(steps):
        yield tuple(
            _with_view(step, f"{int(view_id) - 1:02d}")
            if (view_id := _view_id(step)) is not None and view_id >= first > "00"
            else step
            for step in steps
        )


def _view_ids(steps: Steps) -> list[str]:
    return sorted({view_id for step in steps if (view_id := _view_id(step)) is not None})


def _view_id(step: Step) -> str | None:
    return step.action.view_id if isinstance(step, Input) else None


def _with_view(step: Step, view_id: str) -> Step:
    return Input(replace(step.action, view_id=view_id), step.seconds) if isinstance(step, Input) else step


def _simpler_step(step: Step, starts: tuple[str, ...]) -> Iterator[Step]:
    match step:
        case Begin(start, call_id):
            yield from (Begin(kind, call_id) for kind in starts if KINDS.index(kind) < KINDS.index(str(start)))
        case Input(action, seconds):
            yield from (Input(action, fewer) for fewer in (0, 1, 5, 25) if fewer < seconds)
        case _:
            yield from (Wait(fewer) for fewer in (1, 5, 10, 25) if fewer < step.seconds)
