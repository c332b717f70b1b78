"""The page about what is allowed on a view.

One rule: the table asks the engine about the plainest call for each state; the program is a file that tests compare
with the engine.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from callstate import PhoneCall, ViewState, allowed_actions
from tests.calls import changed, connected, dialling, held, parked, ringing, supervised, unknown
from tests.reference.facts import Fact, allowing, sentence
from tests.reference.facts.recording import recorded
from tests.reference.markdown import bullets, code, fence, page, table

EXAMPLE = "docs/examples/allowed.py"
ROOT = Path(__file__).parents[2]


def _situations() -> Iterator[tuple[str, PhoneCall, str]]:
    """Yield calls of two parties, in words, and the view that is asked about."""
    yield "`UNKNOWN`", unknown(), "00"
    yield "`OFF_HOOK`, the other party is `TRYING`", dialling(), "00"
    yield "`OFF_HOOK`, the other party is `RINGING`", changed(ringing(), "00", state=ViewState.OFF_HOOK), "00"
    yield "`TRYING`, the other party is `RINGING`", changed(ringing(), "00", state=ViewState.TRYING), "00"
    yield "`ANSWERED`, the other party is `RINGING`", ringing(), "00"
    yield "`RINGING`, the other party is `ANSWERED`", ringing(), "01"
    yield "`CONNECTED`", connected(), "00"
    yield "`CONNECTED`, recorded", recorded(), "00"
    yield "`ON_HOLD`", held(), "00"
    yield "`PARKED`", parked(), "00"
    yield "`ENDED`", parked(), "01"
    yield "`CONNECTED`, role `MONITOR`", supervised(), "02"


def allowed_page() -> str:
    """Write the page."""
    return page(
        "What allowed means",
        "`allowed_actions` and the refusals say which actions are allowed on a view now. A user interface can show "
        "them as buttons. The [Glossary](glossary.md) defines *view*, *up*, *side* and *repeat*.",
        bullets(map(sentence, allowing.MEANING)),
        "## By state",
        "In a call between two extensions, on a view with the role `PARTY` unless the table says otherwise:",
        table(("View", "Allowed"), ((words, _allowed(call, view)) for words, call, view in _situations())),
        bullets(map(sentence, allowing.DETAILS)),
        "## In a refusal",
        sentence(allowing.in_a_refusal),
        "## As a program",
        "`facing`, `main`, `sides` and `can_take_part` are those of [Who is who in a transfer](who-is-who.md).",
        f"<!-- {EXAMPLE} -->",
        fence("python", (ROOT / EXAMPLE).read_text("utf-8")),
    )


def _allowed(call: PhoneCall, view: str) -> str:
    return code(allowed_actions(call, view)) or "nothing"


FACTS: tuple[Fact, ...] = (*allowing.MEANING, *allowing.DETAILS, allowing.in_a_refusal)
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/allowed.md": allowed_page}
"""The pages of this module, by their path in the docs."""
