"""One browser for all tests, and a sandbox and a page for each."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from playwright.sync_api import Browser

from callstate.sandbox import demo
from tests.external.browser.chromium import Console, browser, console
from tests.sandbox.running import AT, Running, served

Opened = Callable[..., AbstractContextManager[Console]]


@pytest.fixture(scope="session")
def started() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def running() -> Iterator[Running]:
    """The demo, where nobody answers a phone but by a signal."""
    with served(demo.calls(AT)) as sandbox:
        yield sandbox


@pytest.fixture
def opened(started: Browser) -> Opened:
    """Open a page with settings of its own."""
    return partial(console, started)


@pytest.fixture
def shown(opened: Opened, running: Running) -> Iterator[Console]:
    """The console of the demo on a wide screen, in which nothing goes wrong."""
    with opened() as found:
        found.open(running)
        yield found
        assert re.findall(r"undefined|NaN|\[object", found.page.locator("body").inner_text()) == []
        refused = "Failed to load resource: the server responded with a status of 400"
        assert [error for error in found.errors if not error.startswith(refused)] == []
