"""A browser, and the console in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from callstate.sandbox import Incoming
from tests.sandbox.running import Running

WIDE = {"width": 1280, "height": 860}
NARROW = {"width": 390, "height": 844}


def let_in_many(running: Running, count: int) -> list[str]:
    """Let so many calls come in that ring for an hour, and return their ids."""
    wanted = [
        Incoming(source=f"555{number:04d}", destination="0003*211", wait_for_pickup=3600) for number in range(count)
    ]
    return [call.id for call in running.system.do(lambda: [running.system.let_in(one) for one in wanted])]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser of this machine. It runs without a sandbox of its own, because tests may run as root."""
    path = shutil.which("chromium")
    assert path is not None, "apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Console(NamedTuple):
    """A page, with what a person does to it, and what was asked for and went wrong while it was open."""

    page: Page
    requests: list[str]
    errors: list[str]

    def open(self, running: Running) -> None:
        self.page.goto(running.url)
        expect(self.page.locator("#connection")).to_have_text("live")

    def call(self, call_id: str) -> Locator:
        return self.page.locator(f'.call[data-call="{call_id}"]')

    def party(self, call_id: str, view_id: str) -> Locator:
        return self.call(call_id).locator(f'[data-view="{view_id}"]')

    def select(self, call_id: str) -> None:
        self.call(call_id).locator(".head").click()

    def press(self, call_id: str, view_id: str, words: str) -> None:
        self.party(call_id, view_id).get_by_role("button", name=words, exact=True).click()

    def shows(self, call_id: str, *states: str) -> None:
        expect(self.call(call_id).locator(".badge")).to_have_text([*states])

    def fill(self, **fields: str) -> None:
        """Fill the form that is open, and send it."""
        for name, value in fields.items():
            self.page.locator(f'dialog [name="{name}"]').fill(value)
        self.page.locator("dialog .primary").click()

    @property
    def selected(self) -> str:
        """The id of the selected call."""
        found = self.page.locator(".call.selected").get_attribute("data-call")
        assert found is not None
        return found


@contextmanager
def console(started: Browser, **settings: Any) -> Iterator[Console]:
    """Open a page of its own, with no other page's tokens."""
    context = started.new_context(**{"viewport": WIDE, **settings})
    page = context.new_page()
    found = Console(page, [], [])
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("console", lambda message: found.errors.append(message.text) if message.type == "error" else None)
    yield found
    context.close()
