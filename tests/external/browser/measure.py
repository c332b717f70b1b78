"""How long the console takes to draw changes: `python -m tests.external.browser.measure`.

500 calls are on the board, and for 20 seconds 50 changes a second are made to them. The page measures itself: how long
it takes to draw what came since the last frame, how far apart frames are, and the tasks that took longer than 50 ms.
"""

import time
from itertools import cycle
from typing import Any

from playwright.sync_api import Page, expect

from callstate import Answered, Held, Resumed, Signal
from tests.external.browser.chromium import browser, console, let_in_many
from tests.sandbox.running import Running, served

CALLS = 500
PER_SECOND = 50
SECONDS = 20

OBSERVE = """() => {
  window.figures = {draws: [], frames: [], tasks: []};
  const observe = (type, found) =>
    new PerformanceObserver((list) => found.push(...list.getEntries().map((one) => one.duration))).observe({type});
  observe("measure", figures.draws);
  observe("longtask", figures.tasks);
  let last = performance.now();
  requestAnimationFrame(function frame(now) {
    figures.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  });
}"""


def change(running: Running, signal: Signal) -> None:
    running.system.do(lambda: running.system.report(signal))


def changes(running: Running, calls: list[str]) -> None:
    """Let one call after the other be held, and then resumed, at a steady pace."""
    kinds = cycle([Held] * CALLS + [Resumed] * CALLS)
    begin = time.monotonic()
    for number, (call, kind) in enumerate(zip(cycle(calls), kinds, strict=False)):
        wait = begin + number / PER_SECOND - time.monotonic()
        time.sleep(max(wait, 0))
        if number == PER_SECOND * SECONDS:
            break
        change(running, kind(call_id=call, view_id="01"))


def told(name: str, values: list[float]) -> str:
    ordered = sorted(values)
    shown = {
        part: ordered[int((len(ordered) - 1) * share)] for part, share in (("median", 0.5), ("99 %", 0.99), ("most", 1))
    }
    return f"{name}: {len(values)}, " + ", ".join(f"{part} {value:.1f} ms" for part, value in shown.items())


def figures(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("figures")
    return found


def main() -> None:
    with served([]) as running, browser() as started, console(started) as shown:
        calls = let_in_many(running, CALLS)
        for call in calls:
            change(running, Answered(call_id=call, view_id="01"))
        begin = time.monotonic()
        shown.open(running)
        expect(shown.page.locator("#live")).to_have_text(str(CALLS))
        print(f"{CALLS} calls shown after {time.monotonic() - begin:.1f} s")
        shown.page.evaluate(OBSERVE)
        changes(running, calls)
        found = figures(shown.page)
        print(told("times that changes were drawn", found["draws"]))
        print(told("frames", found["frames"]))
        print(f"tasks of more than 50 ms: {len(found['tasks'])}")


if __name__ == "__main__":
    main()
