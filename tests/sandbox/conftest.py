"""Sandboxes that run, for a test or for all that only look."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from callstate.sandbox import demo
from tests.sandbox.running import AT, Running, Start, served


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a sandbox with other calls or other phones than the demo."""
    with ExitStack() as stack:
        yield lambda calls, **settings: stack.enter_context(served(calls, **settings))


@pytest.fixture
def running() -> Iterator[Running]:
    """The demo, where nobody answers a phone but by a signal."""
    with served(demo.calls(AT)) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def untouched() -> Iterator[Running]:
    """The demo, for those who only look."""
    with served(demo.calls(AT)) as sandbox:
        yield sandbox
