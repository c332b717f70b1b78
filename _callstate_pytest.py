"""The pytest plugin of callstate: the fixture `callstate_sandbox`.

It stands beside the package, and imports it only when the fixture is used: so it costs nothing in other test runs, and
a measurement of coverage begins before the package is loaded.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from callstate.testing import Sandbox

SCOPES = ("function", "class", "module", "package", "session")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project share a sandbox among tests."""
    parser.addini("callstate_sandbox_scope", f"scope of callstate_sandbox: {', '.join(SCOPES)}", default="function")


def _scope(fixture_name: str, config: pytest.Config) -> Any:  # noqa: ARG001  # pytest gives both by name
    scope = config.getini("callstate_sandbox_scope")
    if scope not in SCOPES:
        raise pytest.UsageError(f"callstate_sandbox_scope is one of {', '.join(SCOPES)}, not {scope!r}")
    return scope


@pytest.fixture(scope=_scope)
def callstate_sandbox() -> Iterator["Sandbox"]:
    """Provide a phone system to test a client of the PhoneCalls service against: a `callstate.testing.Sandbox`."""
    from callstate.testing import Sandbox  # noqa: PLC0415  # see above

    with Sandbox() as sandbox:
        yield sandbox
