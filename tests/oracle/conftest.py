"""The fixtures of the examples: each example asks every implementation."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from callstate.domain import Numbering, PhoneCall
from tests.oracle.examples import Example, Making
from tests.oracle.subjects import SUBJECTS, Subject

Begin: TypeAlias = Callable[..., Example]


@pytest.fixture(params=list(SUBJECTS.values()), ids=list(SUBJECTS))
def implementation(request: pytest.FixtureRequest) -> type[Subject]:
    found: type[Subject] = request.param
    return found


@pytest.fixture
def begin(implementation: type[Subject]) -> Begin:
    """Return a function that starts an example with a call."""

    def start(call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> Example:
        return Example(implementation(call, strict=strict, numbering=numbering))

    return start


@pytest.fixture
def make(implementation: type[Subject]) -> Making:
    """Return what creates calls."""
    return Making(implementation)
