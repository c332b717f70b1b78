"""The report of `callstate judge` as a page that a browser shows, with all in one file.

One rule: whatever a service has answered is shown as text.
"""

from collections.abc import Iterator, Mapping
from html import escape

from callstate.cli.judge_report import Finding, Report, ScenarioResult

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #c62828; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: 6px; padding: .75rem; white-space: pre-wrap; }
article { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: 0 1rem 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; }
td, th { text-align: left; vertical-align: top; } .count { text-align: right; width: 4rem; }
.conforms, .passed { color: var(--good); } .differs { color: var(--bad); } .skipped { opacity: .7; }
summary { cursor: pointer; font-weight: 600; margin-top: .75rem; }
"""


def as_html(report: Report) -> bytes:
    """Write the page."""
    title = f"{report.url}: {report.verdict}"
    lines = (
        "<!doctype html>",
        '<html lang="en">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<h1 class="{report.verdict.replace(" ", "-")}">{escape(title)}</h1>',
        f"<p>{escape(report.summary)}</p>",
        *_differences(report),
        *(line for name, counts in report.counts for line in _table(name, counts)),
        *_scenarios(report.scenarios),
        "</html>",
    )
    return "\n".join(lines).encode(errors="backslashreplace") + b"\n"


def _differences(report: Report) -> Iterator[str]:
    for number, found in enumerate(report.differences, start=1):
        yield from _article(number, found)


def _article(number: int, found: Finding) -> Iterator[str]:
    yield "<article>"
    yield f"<h2>Difference {number}: <code>{escape(found.id)}</code></h2>"
    if found.scenario is not None:
        yield f"<p>In the scenario <code>{escape(found.scenario)}</code>.</p>"
    yield f"<pre>{escape(found.story)}</pre>"
    yield from _section("The exchanges", "\n".join(exchange.line for exchange in found.exchanges))
    yield from _section("The same with curl", found.curl)
    yield from _section("The same as a test", found.test)
    yield "</article>"


def _section(title: str, text: str) -> Iterator[str]:
    yield f"<details><summary>{title}</summary><pre>{escape(text)}</pre></details>"


def _table(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield "<table>"
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        yield f'<tr><td class="count">{count}</td><td>{escape(name)}</td></tr>'
    yield "</table>"


def _scenarios(results: tuple[ScenarioResult, ...]) -> Iterator[str]:
    if not results:
        return
    yield "<h2>Scenarios</h2>"
    yield "<table>"
    for result in results:
        told = f"<td>{result.outcome}</td><td>{escape(result.name)}</td><td>{escape(result.reason)}</td>"
        yield f'<tr class="{result.outcome}">{told}</tr>'
    yield "</table>"
