"""The description against the service: requests made from it, by chance, get answers that it describes."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callstate.sandbox import demo
from tests.sandbox.running import AT, TALK, Running, served

EXAMPLES = 10
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]


@pytest.fixture(scope="module")
def target() -> Iterator[Running]:
    with served(demo.calls(AT)) as running:
        yield running


def operations(target: Running) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{target.url}/openapi.json")
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def statuses(target: Running, mode: GenerationMode, path: dict[str, str]) -> set[int]:
    """Ask for everything that is described, with some of the path given, and return how it was answered."""
    headers = {"Authorization": f"Bearer {target.system.tokens.issue('admin')}"}
    found: set[int] = set()
    for operation in operations(target):

        @settings(
            max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.path_parameters = {name: path.get(name, value) for name, value in case.path_parameters.items()}
            found.add(case.call_and_validate(checks=CHECKS, headers=headers).status_code)

        ask()
    return found


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_answers_are_as_described(target: Running, mode: GenerationMode) -> None:
    assert statuses(target, mode, {}) >= {400}


def test_answers_about_calls_that_there_are_are_as_described(target: Running) -> None:
    path = {"userId": "12", "extension": "@self", "phoneCallId": TALK}
    assert statuses(target, GenerationMode.POSITIVE, path) >= {200, 400}
