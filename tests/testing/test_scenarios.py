"""The scenarios of the documentation, done to a subject: what passes, what differs, and what is skipped and why."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from callstate import LENIENT, STRICT, OnHold, testing
from callstate.testing import (
    CoreSubject,
    HttpSubject,
    Sandbox,
    ScenarioOutcome,
    Subject,
    check_scenarios,
    scenario_pack,
)
from callstate.testing.scenario_pack import scenarios
from tests.scenarios import PATHS
from tests.testing.subjects import OracleSubject
from tests.testing.test_implementations import DIRECTORY, NoSandbox
from tests.testing.wrong import GALLERY, WrongSubject


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(directory=DIRECTORY) as sandbox:
        yield sandbox


def counted(outcomes: Iterator[ScenarioOutcome]) -> tuple[Counter[str], dict[str, ScenarioOutcome]]:
    found = {outcome.name: outcome for outcome in outcomes}
    assert found.keys() == {path.stem for path in PATHS}
    return Counter(outcome.outcome for outcome in found.values()), found


@pytest.mark.parametrize("subject", [CoreSubject, OracleSubject])
def test_a_subject_that_takes_any_call_does_nearly_all(subject: Callable[[], Subject]) -> None:
    counts, found = counted(check_scenarios(subject))
    assert counts["differs"] == 0
    assert counts["passed"] > 0.9 * len(PATHS)
    assert found["create-refused"].reason == "a request that creates no call leaves nothing to compare"
    assert found["order-of-checks"].reason == "a request that is none is not sent"
    assert found["hold-twice-strict"].reason == "it is judged by other rules, strict"


def test_the_strict_rules_have_scenarios_of_their_own() -> None:
    _, found = counted(check_scenarios(lambda: CoreSubject(rules=STRICT), rules=STRICT))
    assert found["hold-twice-strict"].outcome == "passed"
    assert found["hold-twice"].reason == "it is judged by other rules, lenient"


def test_a_sandbox_is_given_the_calls(sandbox: Sandbox) -> None:
    counts, found = counted(
        check_scenarios(
            lambda: HttpSubject(
                "https://pbx.example", sandbox.token("12"), transport=sandbox.transport, replaces_calls=True
            )
        )
    )
    assert counts["differs"] == 0
    assert counts["passed"] > 0.7 * len(PATHS)
    assert found["after-the-end"].reason == "step 4: HangUp: a service hangs up calls and numbers"
    assert "so near to a deadline" in found["answer-at-the-last-instant"].reason


def test_a_service_comes_to_the_calls_by_requests(sandbox: Sandbox) -> None:
    counts, found = counted(
        check_scenarios(lambda: HttpSubject("https://pbx.example", sandbox.token("12"), transport=sandbox.transport))
    )
    assert counts["differs"] == 0
    assert counts["passed"] > 0.35 * len(PATHS)
    assert found["parking-runs-out"].outcome == "passed"
    assert found["deflection"].reason == "no way is known to the given call"


def test_a_service_without_controls_is_asked_for_little(sandbox: Sandbox) -> None:
    transport = NoSandbox(sandbox)
    counts, found = counted(
        check_scenarios(
            lambda: HttpSubject("https://pbx.example", sandbox.token("12"), transport=transport, replaces_calls=True)
        )
    )
    assert counts["differs"] == 0
    assert found["create-simple"].reason == "step 2: Answered: POST /sandbox/signals is answered 405"


class NoClock(NoSandbox):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/clock"):
            return super().handle_request(request)
        return self.sandbox.transport.handle_request(request)


def test_a_deadline_that_is_not_reached_is_not_judged(sandbox: Sandbox) -> None:
    transport = NoClock(sandbox)
    counts, found = counted(
        check_scenarios(lambda: HttpSubject("https://pbx.example", sandbox.token("12"), transport=transport))
    )
    assert counts["differs"] == 0
    assert found["source-does-not-answer"].reason.endswith(
        "the clock of the service is not moved, so it does not reach a deadline"
    )


def test_a_mistake_is_found_by_a_scenario_and_can_be_known() -> None:
    def subject() -> Subject:
        return WrongSubject(GALLERY["a second hold is an error"])

    counts, found = counted(check_scenarios(subject))
    assert counts["differs"] > 0
    twice = found["hold-twice"]
    assert (twice.outcome, twice.reason) == ("differs", "OnHold/answer/accepted/pc_wrong_state")
    assert twice.diverged is not None
    assert "OnHold" in twice.diverged.story
    _, found = counted(check_scenarios(subject, known=["OnHold/answer/accepted/pc_wrong_state"]))
    assert found["hold-twice"].reason == "the known difference OnHold/answer/accepted/pc_wrong_state"


def test_requests_that_are_not_judged_skip_a_scenario() -> None:
    _, found = counted(check_scenarios(CoreSubject, actions=[OnHold]))
    assert found["park"].reason == "Park is not judged"
    assert found["hold-twice"].outcome == "passed"


def test_no_scenario_begins_after_the_end() -> None:
    counts, found = counted(check_scenarios(CoreSubject, ends=0))
    assert counts["skipped"] == len(PATHS)
    assert found["park"].reason == "the time is over"


def test_a_given_call_without_a_date_or_without_ends_cannot_be_brought_about(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    park = scenarios()["park"]
    assert park.given is not None
    undated = replace(park, given=replace(park.given, published=None, updated=None))
    endless = replace(park, given=replace(park.given, published=None))
    monkeypatch.setattr(testing.scenarios, "scenarios", lambda: {"undated": undated, "endless": endless})
    outcomes = check_scenarios(
        lambda: HttpSubject("https://pbx.example", sandbox.token("12"), transport=sandbox.transport)
    )
    assert [outcome.reason for outcome in outcomes] == [
        "the given call does not say when it was so",
        "no way is known to the given call",
    ]


def test_the_installed_package_has_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "park.json").write_bytes(next(path for path in PATHS if path.stem == "park").read_bytes())
    monkeypatch.setattr(scenario_pack, "files", lambda _: tmp_path)
    assert list(scenarios()) == ["park"]


def test_a_scenario_is_judged_by_its_rules() -> None:
    own = {name: scenario.judged_by for name, scenario in scenarios().items()}
    assert own["park"] == LENIENT
    assert own["hold-twice-strict"] == STRICT
    assert own["extensions-of-four-digits"].numbering.is_extension("4003")
