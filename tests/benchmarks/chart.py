"""The chart of the page: one bar for each way to do a piece of work, as an SVG.

One rule: the bars are logarithmic, because the slowest way takes a hundred times as long as the quickest.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.rows import Row

GROUPS = ("hold/resume: ", "a whole call of ")
"""What the rows of the chart begin with; calls of many views are not among them."""

LEFT, WIDTH, LINE, LEAST = 490, 400, 26, 0.5
OURS, OTHERS = "#2a6f97", "#b9b9b9"
FONT = "font-family='sans-serif' font-size='14' fill='#222222'"


def chart(rows: Sequence[Row], compiled: Sequence[Row]) -> str:
    """Draw what a hold and a whole call take; those of the compiled build stand below those of plain Python."""
    bars = list(_bars(rows, compiled))
    most = max(microseconds for _, microseconds, _ in bars)
    height = LINE * len(bars) + 20
    drawn = "\n".join(_drawn(place, bar, most) for place, bar in enumerate(bars))
    size = f"width='{LEFT + WIDTH + 110}' height='{height}'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img'>\n"
        f"<rect width='100%' height='100%' fill='#ffffff'/>\n{drawn}\n</svg>\n"
    )


def _bars(rows: Iterable[Row], compiled: Sequence[Row]) -> Iterator[tuple[str, float, str]]:
    for row in rows:
        if row.work.startswith(GROUPS) and not row.work.endswith("views"):
            is_ours = row.work.endswith(": core")
            yield row.work.replace(": core", ": callstate"), microseconds(row), OURS if is_ours else OTHERS
            for other in compiled if is_ours else ():
                if other.work == row.work:
                    yield row.work.replace(": core", ": callstate, compiled"), microseconds(other), OURS


def microseconds(row: Row) -> float:
    """Read the median of a row."""
    found = re.match(r"[\d,.]+", row.measured)
    assert found is not None
    return float(found[0].replace(",", ""))


def _drawn(place: int, bar: tuple[str, float, str], most: float) -> str:
    label, taken, colour = bar[0].replace("`", ""), bar[1], bar[2]
    top, length = 10 + LINE * place, WIDTH * math.log(taken / LEAST) / math.log(most / LEAST)
    return (
        f"<text x='{LEFT - 10}' y='{top + 16}' text-anchor='end' {FONT}>{escape(label.replace('`', ''))}</text>\n"
        f"<rect x='{LEFT}' y='{top + 2}' width='{length:.0f}' height='{LINE - 6}' fill='{colour}'/>\n"
        f"<text x='{LEFT + length + 8:.0f}' y='{top + 16}' {FONT}>{taken:,g} µs</text>"
    )
