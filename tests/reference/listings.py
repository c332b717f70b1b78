"""The page on reading a listing: from the views that a service lists to the views that a call has.

One rule: the tables are made by reading listings, and each sentence is a fact.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import asdict

from callstate.domain import ON_HOLD, PARKED, ViewState, unwrap
from callstate.voipnow.wire import decode_call
from callstate.voipnow.wire.reading import STATUS
from tests.calls import ALICE, BOB, at
from tests.reference.facts import Fact, reading, sentence
from tests.reference.markdown import bullets, code, fence, json_block, page, table

_EXAMPLE = reading.body(reading.shown(BOB, 3, ringing=at(2).isoformat(), flow=2), published=at(0).isoformat())


PROGRAM = "docs/examples/listings.py"
ROOT = Path(__file__).parents[2]


def listings_page() -> str:
    """Write the page."""
    return page(
        "Reading a listing",
        "A service lists only some parties of a call, and it does not show their side or their role. This page says "
        "which call `decode_call` makes of a listing. The [Glossary](glossary.md) defines *view*, *side* and *up*; "
        "[Values](values.md) explains the fields. The steps are made in the order of this page.",
        "## The call",
        bullets(map(sentence, reading.CALL)),
        "## The state of a listed view",
        table(("The view has", "State"), _states()),
        bullets(map(sentence, reading.STATES)),
        "## The side of a listed view",
        "These steps are made for all listed views, one step after the other.",
        _numbered(reading.SIDES),
        "## The party that is not listed",
        "Then the parties that are not listed are added.",
        _numbered(reading.FAR),
        "The state of an added party follows from the state of the listed view that decides:",
        table(("Listed view", "Added on side 1", "Added on side 0"), _far_states()),
        "A listed source that rings is rung by the service, so the called party waits for it (`waits`).",
        "## As a program",
        "This program makes the steps of this page, from the state of a view on. It expects a listing that is well "
        "formed, and leaves out the fields that are only copied, such as the dates. A test compares it with "
        "`decode_call` on random listings.",
        f"<!-- {PROGRAM} -->",
        fence("python", (ROOT / PROGRAM).read_text("utf-8")),
        "## An example",
        json_block(_EXAMPLE),
        "This listing is read as a call with these views. Fields that are not shown have no value or are false.",
        fence("json", _read_back()),
    )


def _numbered(facts: tuple[Fact, ...]) -> str:
    return "\n".join(f"{number}. {sentence(fact)}" for number, fact in enumerate(facts, 1))


def _states() -> Iterator[tuple[str, str]]:
    for status in STATUS:
        yield f"`status` {status}", f"`{reading.read(reading.shown(ALICE, status)).views[0].state}`"
    for told, wanted in (({"onHold": at(6).isoformat()}, ON_HOLD), (reading.in_lot(BOB), PARKED)):
        assert reading.read(reading.shown(ALICE, **told)).views[0].state is wanted
        yield f"`status` 5 and {code(name for name in told)}", f"`{wanted}`"


def _listed(number: str, state: ViewState) -> reading.Json:
    told: reading.Json = {ON_HOLD: {"onHold": at(6).isoformat()}, PARKED: reading.in_lot(BOB)}.get(state, {})
    status = next((status for status, named in STATUS.items() if named is state), 5)
    return reading.shown(number, status, **told)


def far_states() -> Iterator[tuple[ViewState, int, ViewState, bool]]:
    """Yield the state of a listed view, the side that is added, and the state of who is added and whether it waits."""
    for state in ViewState:
        for side, number in ((1, ALICE), (0, BOB)) if state not in (PARKED, ViewState.ENDED) else ():
            added = reading.far(_listed(number, state))
            assert added.side == side
            yield state, side, added.state, added.waits


def _far_states() -> Iterator[tuple[str, ...]]:
    cells = {(state, side): f"`{far}`{', waits' if waits else ''}" for state, side, far, waits in far_states()}
    for state in dict.fromkeys(state for state, _ in cells):
        yield f"`{state}`", cells[state, 1], cells[state, 0]
    assert len(reading.read(_listed(ALICE, PARKED)).views) == 1
    yield f"`{PARKED}`", "nobody", "nobody"


def _read_back() -> str:
    """Write the views of the example, without the fields that have no value."""
    call = unwrap(decode_call(_EXAMPLE))
    plain = [{f: v for f, v in asdict(view).items() if v not in (None, False)} for view in call.views]
    return msgspec.json.format(msgspec.json.encode(plain)).decode()


FACTS: tuple[Fact, ...] = (*reading.CALL, *reading.STATES, *reading.SIDES, *reading.FAR)
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/listings.md": listings_page}
"""The pages of this module, by their path in the docs."""
