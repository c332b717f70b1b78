"""The picture of the console in the documentation: `python -m tests.external.browser.picture FILE`.

The clock is set and the ids are drawn from a seed, so it looks the same whenever it is made.
"""

import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

from tests.external.browser.chromium import Console, browser, console
from tests.sandbox.running import Running, served

ALICE = "0003*210"


@contextmanager
def scene(shown: Console) -> Iterator[str]:
    """Let Alice answer a caller, hold, and send the caller on to Dave; yield the id of the call."""
    with served([], seed=1) as running, running.client("12") as alice:
        running.control("POST", "clock", at="2030-01-01T09:00:00Z", frozen=True)
        call: str = running.control("POST", "calls", source="5551234", destination=ALICE, callerId="Sales")["id"]
        path = f"/uapi/phoneCalls/@me/{ALICE}/{call}"
        pass_time(running, 4)
        running.signal(call, "01", "Answered")
        pass_time(running, 31)
        alice.put(path, json={"action": "OnHold", "phoneCallViewId": "01"})
        pass_time(running, 8)
        alice.put(path, json={"action": "PickUp", "phoneCallViewId": "01", "sendCallTo": "0003*211"})
        alice.put(path, json={"action": "Transfer", "phoneCallViewId": "01", "sendCallTo": "0003*212"})
        pass_time(running, 3)
        running.signal(call, "02", "Answered")
        pass_time(running, 40)
        running.control("POST", "calls", source="3334444", destination="0003*211")
        pass_time(running, 5)
        shown.open(running)
        shown.select(call)
        yield call


def pass_time(running: Running, seconds: int) -> None:
    running.control("POST", "clock", advance=seconds)


def picture(shown: Console) -> bytes:
    """Take it when the clock and the ladder show the same."""
    expect(shown.page.locator("#time")).to_have_text("09:01:31")
    expect(shown.page.locator("svg.ladder")).to_contain_text("Transfer")
    shown.page.mouse.move(0, 0)
    shown.page.set_viewport_size({"width": 1280, "height": 600})
    return shown.page.screenshot(animations="disabled")


def size(png: bytes) -> tuple[int, int]:
    """Read the size of a picture from its head."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def main(file: Path) -> None:
    with browser() as started, console(started) as shown, scene(shown):
        file.write_bytes(picture(shown))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
