"""Results as a JUnit report, the form of XML that continuous integration reads.

One rule: what cannot stand in XML, such as a control character of a server's answer, is written as Python spells it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple
from xml.etree import ElementTree as ET

Outcome = Literal["passed", "failure", "error", "skipped"]


class Result(NamedTuple):
    """One result: its group and name, how it ended, the reason in a line, and a longer text."""

    group: str
    name: str
    outcome: Outcome = "passed"
    reason: str = ""
    text: str = ""


def junit(suite: str, results: Iterable[Result]) -> bytes:
    """Write the results as a report with one suite."""
    results = tuple(results)
    found = Counter(result.outcome for result in results)
    counts = {"tests": len(results), "failures": found["failure"], "errors": found["error"]}
    figures = {name: str(count) for name, count in counts.items()}
    root = ET.Element("testsuites", figures)
    element = ET.SubElement(root, "testsuite", {"name": _text(suite), **figures, "skipped": str(found["skipped"])})
    for result in results:
        _add(element, result)
    ET.indent(root)
    report: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return report + b"\n"


def _add(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": _text(result.group), "name": _text(result.name)})
    if result.outcome != "passed":
        ET.SubElement(case, result.outcome, {"message": _text(result.reason)}).text = _text(result.text)


def _text(text: str) -> str:
    return "".join(letter if _is_allowed(letter) else letter.encode("unicode_escape").decode() for letter in text)


def _is_allowed(letter: str) -> bool:
    """Tell whether XML 1.0 allows the letter."""
    return letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
