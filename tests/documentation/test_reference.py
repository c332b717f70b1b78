"""The generated pages: they are current, leave nothing out, and keep the order of the checks."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from callstate import (
    LENIENT,
    Answered,
    DomainError,
    ErrorCode,
    HangUp,
    Held,
    Park,
    PhoneCall,
    PhoneCallView,
    Resumed,
    Transfer,
    UnPark,
    advance,
    apply_action,
)
from callstate.domain import (
    ACTIONS,
    ANSWERED,
    CONNECTED,
    ENDED,
    PARKED,
    RINGING,
    SIGNALS,
    UNKNOWN,
    Action,
    Check,
    Create,
    Request,
)
from callstate.voipnow.wire import http_status, wire_code
from tests.calls import BOB, CAROL, Walk, at, connected, done, on, states, walks
from tests.compiled import PLAIN
from tests.reference.actions import refusal, strictly
from tests.reference.cases import REPEATS, refusals
from tests.reference.errors import PROBLEMS, TOLD, answer, is_the_vendors
from tests.reference.exchanges import ASKED
from tests.reference.facts import Fact, sentence
from tests.reference.laws import SENTENCES, held_by
from tests.reference.markdown import COMMAND
from tests.reference.new_call_requests import KINDS, request
from tests.reference.new_calls import MEANINGS, wrongs
from tests.reference.new_calls import refusal as new_call_refusal
from tests.reference.pages import DOCS, FACTS, PAGES
from tests.reference.prose import FIELDS, PROSE, SIGNALS_PROSE
from tests.reference.values import MEANINGS as VALUES
from tests.reference.values import WHEN

ORDER = list(Check)
DIFFERENCES = DOCS / "explanation" / "differences.md"


@PLAIN
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), f"run {COMMAND}"


def test_no_page_is_left_over() -> None:
    """A page of an action that is gone says that it is generated, too."""
    found = [path for path in DOCS.rglob("*.md") if f"generated: {COMMAND} " in path.read_text("utf-8")]
    assert {str(path.relative_to(DOCS)) for path in found} == set(PAGES)


# Nothing is left out --------------------------------------------------------------------------------------------------


def test_every_input_is_described() -> None:
    assert tuple(PROSE) == ACTIONS
    assert tuple(SIGNALS_PROSE) == SIGNALS
    assert set(REPEATS) == set(ASKED) == set(ACTIONS)


@pytest.mark.parametrize("kind", [*ACTIONS, *SIGNALS])
def test_every_field_is_described(kind: type[Action]) -> None:
    fields = {field.name for field in msgspec.structs.fields(kind)} - {"call_id", "extension"}
    assert fields <= FIELDS.keys()


def test_every_error_is_described() -> None:
    assert set(TOLD) == set(ErrorCode)


@pytest.mark.parametrize("name", SENTENCES)
def test_every_law_is_described(name: str) -> None:
    assert set(SENTENCES[name]) == set(held_by(name))


# States ---------------------------------------------------------------------------------------------------------------


def test_what_the_page_of_the_states_says_of_the_first_and_the_last_one() -> None:
    leads_out = {kind for kind, moves in LENIENT.moves.items() if UNKNOWN in moves and moves[UNKNOWN].to is not UNKNOWN}
    assert leads_out == {HangUp, *SIGNALS} - {Held, Resumed}
    assert {moves[ENDED].to for moves in LENIENT.moves.values() if ENDED in moves} == {ENDED}


def test_codes_that_the_vendor_does_not_document_have_one_status() -> None:
    assert {http_status(code) for code in ErrorCode if not is_the_vendors(code)} == {400}


# Facts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__qualname__)
def test_a_fact_is_true(fact: Fact) -> None:
    assert sentence(fact)
    fact()


def test_every_fact_is_on_a_page() -> None:
    said = "".join(made() for made in PAGES.values())
    assert [fact for fact in FACTS if sentence(fact) not in said] == []


# Refusals and errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ACTIONS)
def test_refusals_stand_in_the_order_of_the_checks(kind: type[Request]) -> None:
    places = [ORDER.index(refusal(case).check) for case in refusals(kind)]
    assert places == sorted(places)


ON_THE_PAGES = {(kind, error.check, error.code) for kind in ACTIONS for error in map(refusal, refusals(kind))}


@given(walks())
def test_every_refusal_that_is_met_is_on_the_page(walk: Walk) -> None:
    for call, action, now in walk.moments():
        result = apply_action(call, action, at=now)
        if isinstance(result, DomainError) and isinstance(action, ACTIONS):
            assert (type(action), result.check, result.code) in ON_THE_PAGES


@pytest.mark.parametrize("kind", ACTIONS)
def test_a_stranger_learns_nothing(kind: type[Request]) -> None:
    for error in map(refusal, refusals(kind)):
        if error.check in (Check.CALL, Check.EXTENSION):
            assert (error.view_id, error.state, error.allowed) == (None, None, ())


@pytest.mark.parametrize("kind", ACTIONS)
def test_the_strict_rules_refuse_a_repeat_as_the_page_of_the_table_says(kind: type[Request]) -> None:
    for case in REPEATS[kind]:
        over = case.call is not None and case.call.over
        assert strictly(case).code is (ErrorCode.CALL_ENDED if over else ErrorCode.WRONG_STATE)


@pytest.mark.parametrize("code", ErrorCode)
def test_each_clause_of_an_error_has_a_request_that_gets_it(code: ErrorCode) -> None:
    for ask in TOLD[code].asks:
        status, on_the_wire, message = answer(ask)
        assert (status, on_the_wire) == (http_status(code), wire_code(code))
        assert message


def test_an_ended_call_differs_from_an_unknown_one_in_the_message_only() -> None:
    over, unknown = (answer(TOLD[code].asks[0]) for code in (ErrorCode.CALL_ENDED, ErrorCode.PHONECALL_INVALID))
    assert over[:2] == unknown[:2]
    assert "has ended" in over[2]
    assert "there is no call" in unknown[2]


def test_the_problems_of_http_have_a_status_each() -> None:
    assert [answer(problem.asks[0])[0] for problem in PROBLEMS] == [404, 405, 401, 412, 413, 415]


def test_whose_the_codes_are() -> None:
    assert {str(code) for code in ErrorCode if is_the_vendors(code)} == {
        "pc_phonecall_invalid",
        "pc_phonecallview_invalid",
        "pce_id_invalid",
        "pce_method_invalid",
        "pce_type_invalid",
        "pcet_type_invalid",
        "user_invalid",
        "extension_invalid",
        "access_denied",
        "count_invalid",
        "fields_invalid",
        "filterby_invalid",
        "filterop_invalid",
        "filtervalue_invalid",
        "sortorder_invalid",
    }


# New calls ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS.values())
def test_of_two_wrong_fields_of_a_new_call_the_first_on_the_page_is_the_answer(kind: type[Create]) -> None:
    cases = list(wrongs(kind))
    for place, first in enumerate(cases):
        for later in cases[place + 1 :]:
            if not first.fields.keys() & later.fields.keys():
                both = new_call_refusal(request(kind, **later.fields, **first.fields))
                assert both.code is new_call_refusal(request(kind, **first.fields)).code


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_field_of_a_new_call_is_described(kind: type[Create]) -> None:
    assert set(kind.__struct_fields__) <= MEANINGS.keys()


# Values ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VALUES)
def test_every_field_of_a_value_is_described(kind: type[msgspec.Struct]) -> None:
    assert tuple(VALUES[kind]) == kind.__struct_fields__
    told = " ".join(f"`{field}` {sentence(fact)}" for fact, field in WHEN[kind].items())
    assert [name for name in kind.__struct_fields__ if f"`{name}`" not in told] == TOLD_BY_THE_TABLE.get(kind, [])


TOLD_BY_THE_TABLE = {PhoneCall: ["views"], PhoneCallView: ["state"]}


# Pages written by hand ------------------------------------------------------------------------------------------------


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_a_link_into_a_page_finds_its_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)]+)\)", page.read_text("utf-8")):
        linked = page.parent / target if target else page
        assert anchor in _anchors(linked), (target, anchor)


def test_the_differences_are_numbered_without_a_gap() -> None:
    numbers = re.findall(r"^\| (\d+) \|", DIFFERENCES.read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))


# Pictures -------------------------------------------------------------------------------------------------------------


def test_the_picture_of_park_is_so() -> None:
    """Bob parks Alice and has Carol's phone retrieve her; or nobody does, and his own phone rings."""
    lot = done(connected(), on(Park, "00", extension=BOB))
    assert states(lot) == (PARKED, ENDED)
    rung = done(lot, on(UnPark, "00", extension=BOB, send_call_to=CAROL))
    assert states(done(rung, on(Answered, "02"))) == (CONNECTED, ENDED, CONNECTED)
    late = advance(lot, at=at(20 + 180))
    assert (states(late), late.views[2].extension) == ((PARKED, ENDED, RINGING), BOB)
    assert states(advance(late, at=at(20 + 180 + 25))) == (PARKED, ENDED, ENDED)


def test_the_picture_of_a_transfer_is_so() -> None:
    sent = done(connected(), on(Transfer, None, extension=BOB, send_call_to=CAROL))
    assert states(sent) == (ANSWERED, ENDED, RINGING)
    assert states(done(sent, on(Answered, "02"))) == (CONNECTED, ENDED, CONNECTED)
    assert advance(sent, at=at(20 + 25)).over
