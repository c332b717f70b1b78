"""What `callstate judge` reports: each difference with all that is needed to see it again, and what was judged.

One rule: the report is data. It is written as text and as JSON here, and as JUnit and HTML beside it.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from callstate.cli.curl import curl_script
from callstate.cli.junit import Result, junit
from callstate.domain import PhoneCall

if TYPE_CHECKING:
    from callstate.testing import Diverged, HttpExchange

CONFORMS, DIFFERS, NOT_JUDGED = "conforms", "differs", "not judged"


class ShownExchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its answer."""

    method: str
    path: str
    body: str | None
    status: int
    answer: str

    @property
    def line(self) -> str:
        """Both in one line."""
        body = "" if self.body is None else f" {self.body}"
        return f"{self.method} {self.path}{body} -> {self.status} {self.answer}".rstrip()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A difference: the shortest story that shows it, the exchanges that led there, and two ways to see it again."""

    id: str
    reference: str
    service: str
    story: str
    scenario: str | None
    exchanges: tuple[ShownExchange, ...]
    curl: str
    test: str


class ScenarioResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a scenario ended, and why it was skipped or which difference it shows."""

    name: str
    outcome: Literal["passed", "differs", "skipped"]
    reason: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found and what was judged; `reason` says why nothing was."""

    url: str
    verdict: str
    reason: str = ""
    seed: int = 0
    seconds: float = 0
    differences: tuple[Finding, ...] = ()
    trials: int = 0
    inputs: Mapping[str, int] = {}
    starts: Mapping[str, int] = {}
    left_out: Mapping[str, int] = {}
    known: Mapping[str, int] = {}
    scenarios: tuple[ScenarioResult, ...] = ()

    @property
    def summary(self) -> str:
        """The verdict in a line."""
        if self.verdict == NOT_JUDGED:
            return f"{self.url} was not judged: {self.reason}"
        trials = f"{_counted(self.trials, 'trial')}, {sum(self.inputs.values())} inputs"
        known = sum(count > 0 for count in self.known.values())
        passed = sum(result.outcome == "passed" for result in self.scenarios)
        skipped = sum(result.outcome == "skipped" for result in self.scenarios)
        parts = (
            f"{self.url} {self.verdict}",
            trials if self.trials else "",
            _counted(len(self.differences), "difference"),
            _counted(known, "known difference"),
            f"{passed} of {len(self.scenarios)} scenarios pass, {skipped} skipped" if self.scenarios else "",
            f"{self.seconds:.0f} s",
            f"seed {self.seed}" if self.trials else "",
        )
        return ", ".join(part for part in parts if part)

    @property
    def counts(self) -> Iterable[tuple[str, Mapping[str, int]]]:
        """The tables of what was judged, with their titles."""
        found = (
            ("Starts", self.starts),
            ("Inputs", self.inputs),
            ("Left out, and why", self.left_out),
            ("Known differences met", self.known),
        )
        return (pair for pair in found if pair[1])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def finding(found: "Diverged", url: str, exchanges: Iterable["HttpExchange"], scenario: str | None) -> Finding:
    """Put together what there is about a difference."""
    exchanges = tuple(exchanges)
    after = f"reference: {found.reference}\nservice:   {found.subject}"
    return Finding(
        id=found.id,
        reference=found.reference,
        service=found.subject,
        story=found.story,
        scenario=scenario,
        exchanges=tuple(_shown(exchange) for exchange in exchanges),
        curl=curl_script(url, exchanges, before=f"{found.id}\n{found.story}", after=after),
        test=_test(found, url),
    )


def _shown(exchange: "HttpExchange") -> ShownExchange:
    body = None if exchange.body is None else exchange.body.decode()
    answer = exchange.answer.decode(errors="backslashreplace")
    return ShownExchange(method=exchange.method, path=exchange.path, body=body, status=exchange.status, answer=answer)


def _test(found: "Diverged", url: str) -> str:
    """Write the test with a subject for the service."""
    from callstate.testing import Begin  # noqa: PLC0415  # a report of what was not judged needs none

    imports, _, test = found.test.partition("\n\n\n")
    given = any(isinstance(step, Begin) and isinstance(step.start, PhoneCall) for step in found.steps)
    holds = ", replaces_calls=True" if given else ""
    subject = (
        "def make_subject() -> HttpSubject:",
        f'    return HttpSubject("{url}", os.environ["TOKEN"]{holds})',
    )
    imports = imports.replace("callstate.testing import Begin, ", "callstate.testing import Begin, HttpSubject, ")
    return "\n".join(("import os", "", imports, "", "", *subject, "", "", test))


# Text -----------------------------------------------------------------------------------------------------------------


def as_text(report: Report) -> str:
    """Write the report for a terminal, with the verdict in the last line."""
    parts = [_finding_as_text(number, found) for number, found in enumerate(report.differences, start=1)]
    for title, counts in report.counts:
        pairs = sorted(counts.items(), key=lambda item: -item[1])
        parts.append("\n".join((f"{title}:", *(f"{count:8} {name}" for name, count in pairs))))
    if report.scenarios:
        lines = [
            f"{result.outcome:>8} {result.name}: {result.reason}".removesuffix(": ") for result in report.scenarios
        ]
        parts.append("\n".join(("Scenarios:", *lines)))
    return "\n\n".join((*parts, report.summary))


def _finding_as_text(number: int, found: Finding) -> str:
    scenario = "" if found.scenario is None else f"\nScenario: {found.scenario}"
    sections = (
        f"Difference {number}: {found.id}{scenario}",
        found.story,
        "\n".join(("The exchanges:", "", *(exchange.line for exchange in found.exchanges))),
        f"The same with curl:\n\n{found.curl}",
        f"The same as a test:\n\n{found.test}",
    )
    return "\n\n".join(sections)


def as_json(report: Report) -> bytes:
    """Write the report for programs."""
    return msgspec.json.format(msgspec.json.encode(report)) + b"\n"


# JUnit ----------------------------------------------------------------------------------------------------------------

_OUTCOMES: Mapping[str, Literal["passed", "failure", "skipped"]] = {
    "passed": "passed",
    "differs": "failure",
    "skipped": "skipped",
}


def as_junit(report: Report) -> bytes:
    """Write the report for continuous integration: the trials, each difference, known ones, and each scenario."""
    return junit(f"callstate judge {report.url}", _results(report))


def _results(report: Report) -> Iterable[Result]:
    if report.verdict == NOT_JUDGED:
        yield Result("judge", "the service is judged", "error", report.reason)
        return
    yield Result("judge", f"{report.trials} trials")
    for found in report.differences:
        if found.scenario is None:
            text = f"{found.story}\n\n{found.curl}"
            yield Result("differences", found.id, "failure", f"{found.service}, not {found.reference}", text)
    for known, count in report.known.items():
        yield Result("known differences", known, "skipped", f"met {count} times")
    for result in report.scenarios:
        yield Result("scenarios", result.name, _OUTCOMES[result.outcome], result.reason)
