"""Measuring: tasks take turns, so that what else the machine does meets all of them alike.

One rule: time is the processor's time of this process, so that who waits for a processor loses nothing, and what is
compared is compared within one round. Medians are told with the quartiles around them.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from time import process_time
from typing import NamedTuple, TypeAlias

ROUNDS = 25
SAMPLE = 0.02
"""Seconds that one task takes in one round, about."""

Task: TypeAlias = Callable[[int], None]
"""Does its work so many times."""

Samples: TypeAlias = Sequence[float]


class Spread(NamedTuple):
    """A median and the quartiles around it."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)} to {_short(self.high)})"


def _short(number: float) -> str:
    """Write three digits that count."""
    digits = max(0, 2 - len(str(int(abs(number)))) + 1)
    return f"{number:,.{digits}f}"


def spread(samples: Samples) -> Spread:
    """Return the median of samples and the quartiles; of one sample they are all the same."""
    if len(samples) == 1:
        return Spread(samples[0], samples[0], samples[0])
    low, median, high = statistics.quantiles(samples, n=4, method="inclusive")
    return Spread(low, median, high)


def ratio(one: Samples, other: Samples) -> Spread:
    """Compare two tasks, round by round."""
    return spread([mine / yours for mine, yours in zip(one, other, strict=True)])


def in_turn(tasks: Mapping[str, Task], *, rounds: int = ROUNDS, sample: float = SAMPLE) -> dict[str, list[float]]:
    """Let tasks take turns, and return the microseconds that each needs once, round by round."""
    times = {name: _times(task, sample) for name, task in tasks.items()}
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            taken[name].append(_seconds(task, times[name]) / times[name] * 1e6)
    return taken


def _times(task: Task, sample: float) -> int:
    """Find how many times fill a sample; it warms the task up too."""
    times = 1
    while (took := _seconds(task, times)) < sample / 4:
        times *= 4
    return max(1, round(times * sample / took))


def _seconds(task: Task, times: int) -> float:
    begin = process_time()
    task(times)
    return process_time() - begin
