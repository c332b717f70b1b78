"""The benchmarks compare what does the same: every contender answers as the engine does. No time is asserted here."""

import re
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from callstate import Action, DomainError, ErrorCode, OffHold, OnHold, PhoneCall, apply_action, unwrap
from callstate.domain import CONNECTED, ENDED, RINGING, SELF, ViewState
from callstate.voipnow.wire import decode_call
from tests.benchmarks import judging, keeping, rows, serving, storing, timing, work
from tests.benchmarks.__main__ import MEASUREMENTS
from tests.benchmarks.chart import chart
from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.contenders.whole import WAYS
from tests.benchmarks.report import BEGIN, END, HEAD, PAGE, table, written
from tests.benchmarks.wiring import HOLD, LISTINGS, RESUME, by_msgspec, by_pydantic, listing
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    conference,
    connected,
    held,
    held_by_both,
    incoming,
    over,
    parked,
    ringing,
    supervised,
    unknown,
)
from tests.calls import at as second
from tests.compiled import IS_COMPILED
from tests.oracle import OracleCall
from tests.oracle.inputs import Inputs
from tests.oracle.starts import STARTS, T0
from tests.oracle.subjects import EngineSubject, answer_of

CALLS = (
    connected(), held("00"), held("01"), held_by_both(), ringing(), incoming(), parked(seconds=None, until=None),
    conference(), supervised(), unknown(), over(), work.connected(), work.connected(1), work.connected(12),
)  # fmt: skip
ASKERS = (SELF, ALICE, BOB, CAROL, "0003*999")
VIEW_IDS = ("00", "01", "02", "11", "1", "99", "", "x", "²")

CONTENDER = pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
WAY = pytest.mark.parametrize("call_type", WAYS.values(), ids=WAYS)


def told(answer: Any) -> object:
    """Say what an answer tells: the code of a refusal, or all that a hold can change."""
    if isinstance(answer, DomainError | ErrorCode):
        return answer.code if isinstance(answer, DomainError) else answer
    views = [(str(view.state), view.on_hold, view.answered) for view in answer.views]
    return answer.id, answer.version, answer.updated, answer.answered, views


@CONTENDER
@pytest.mark.parametrize("kind", [OnHold, OffHold])
def test_a_contender_answers_as_the_engine_does(contender: Contender, kind: type[OnHold | OffHold]) -> None:
    for call, asker, view_id, seconds in product(CALLS, ASKERS, VIEW_IDS, (-5, 5)):
        assert call.updated is not None
        now = call.updated + timedelta(seconds=seconds)
        action = kind(call_id=call.id, view_id=view_id, extension=asker)
        mine = told(apply_action(call, action, at=now))
        assert told(contender.apply(contender.build(call), action, now)) == mine, (call, action)


@CONTENDER
def test_a_contender_goes_on_as_the_engine_does(contender: Contender) -> None:
    """Two parties hold and resume, each twice, so that states that are kept elsewhere are seen to follow."""
    call: Any = connected()
    theirs = contender.build(call)
    steps: list[tuple[type[OnHold | OffHold], str]] = [(OnHold, "00"), (OnHold, "01"), (OffHold, "00"), (OffHold, "01")]
    for number, (kind, view_id) in enumerate([*steps, *steps]):
        for _ in range(2):  # the second time it is a repeat
            action = kind(call_id=CALL, view_id=view_id, extension=ALICE)
            call = unwrap(apply_action(call, action, at=second(number)))
            theirs = contender.apply(theirs, action, second(number))
            assert told(theirs) == told(call)


@CONTENDER
def test_a_contender_makes_the_first_checks_too(contender: Contender) -> None:
    call = contender.build(connected())
    stranger: Action = OnHold(call_id="other", view_id="00")
    assert contender.apply(call, stranger, second(20)) is ErrorCode.PHONECALL_INVALID
    assert contender.apply(None, stranger, second(20)) is ErrorCode.PHONECALL_INVALID
    with pytest.raises(TypeError):
        contender.apply(call, "OnHold", second(20))  # type: ignore[arg-type]  # that is what is refused
    with pytest.raises(ValueError, match="aware"):
        contender.apply(call, OnHold(call_id=CALL, view_id="00"), second(20).replace(tzinfo=None))


def test_pydantic_answers_in_the_same_bytes() -> None:
    call = work.connected()
    mine, held_by_us = by_msgspec(call, HOLD)
    theirs, held_by_them = by_pydantic(call, HOLD)
    assert (msgspec.json.decode(mine), held_by_us) == (msgspec.json.decode(theirs), held_by_them)
    assert by_msgspec(held_by_us, RESUME)[1] == by_pydantic(held_by_us, RESUME)[1]
    refused = b'{"action": "PickUp", "phoneCallViewId": "01", "sendCallTo": "0003*211"}'
    assert by_msgspec(call, refused) == by_pydantic(call, refused)


# The work -------------------------------------------------------------------------------------------------------------


def test_a_whole_call_is_never_refused_and_ends() -> None:
    call, states = work.begun(), set[ViewState]()
    for action in work.WHOLE:
        after = unwrap(apply_action(call, action, at=work.AT))
        assert after is not call
        call = after
        states |= {view.state for view in call.views}
    assert call.over
    assert {RINGING, CONNECTED, ENDED, ViewState.ON_HOLD, ViewState.PARKED} <= states


@WAY
def test_a_whole_call_by_hand_is_the_same_after_each_input(call_type: type[OracleCall]) -> None:
    call, by_hand = work.begun(), call_type(work.begun())
    for action in work.WHOLE:
        call = unwrap(apply_action(call, action, at=work.AT))
        assert by_hand.apply(action, work.AT) is None
        assert by_hand.snapshot() == call


@WAY
@pytest.mark.parametrize("kind", [OnHold, OffHold])
def test_a_call_by_hand_answers_as_the_engine_does(call_type: type[OracleCall], kind: type[OnHold | OffHold]) -> None:
    possible = [call for call in CALLS if len(call.views) > 1]  # nobody is connected alone
    for call, asker, view_id in product(possible, ASKERS, VIEW_IDS):
        assert call.updated is not None
        action = kind(call_id=call.id, view_id=view_id, extension=asker)
        assert_same_answer(EngineSubject(call), call_type(call), action, call.updated)


@WAY
def test_a_call_by_hand_goes_on_as_the_engine_does(call_type: type[OracleCall]) -> None:
    """Inputs of all kinds come, from calls of all kinds, until soon after the end; deadlines pass between them."""
    inputs = Inputs(Random(0))  # noqa: S311  # a seed makes it repeatable
    for start in [*STARTS.values()] * 3:
        engine, by_hand, now = EngineSubject(start), call_type(start), start.updated or T0
        for _ in range(30):
            now = inputs.later(now)
            assert_same_answer(engine, by_hand, inputs.draw(engine.call), now)
            if engine.call.over and inputs.chance(0.5):
                break


def assert_same_answer(engine: EngineSubject, by_hand: OracleCall, action: Action, at: datetime) -> None:
    expected = answer_of(engine.apply(action, at), action)
    assert answer_of(by_hand.apply(action, at), action) == expected, action
    assert by_hand.snapshot() == engine.call, action


def test_what_is_measured_has_every_field_filled_that_a_call_on_the_phone_has() -> None:
    call = work.connected()
    assert not {name for name in call.__struct_fields__ if getattr(call, name) in (None, (), "")}
    beside = {"target", "on_hold", "parking", "recording", "until", "ended", "disposition", "reason", "successor"}
    assert {name for view in call.views for name in view.__struct_fields__ if not getattr(view, name)} <= beside | {
        "waits", "private", "side", "outside",
    }  # fmt: skip


def test_holds_and_resumes_of_calls_of_all_sizes_are_accepted() -> None:
    for count in (1, 2, 10, 100):
        call = work.connected(count)
        last = f"{count - 1:02d}"
        on_hold = apply_action(call, OnHold(call_id=call.id, view_id=last), at=work.AT)
        assert isinstance(on_hold, PhoneCall)
        assert on_hold.version == call.version + 1


def test_the_parts_of_a_call_are_counted_once_and_what_all_calls_share_is_not() -> None:
    text, number = "a text", 10**6
    parts = keeping.own_parts((text, (text, number, None, 7, CONNECTED, True, work.AT)))
    assert [part for part in parts.values() if not isinstance(part, tuple)] == [text, number, work.AT]
    assert len(parts) == 5


def test_updates_of_a_book_are_accepted() -> None:
    keeping.updates(100)(10)  # a refusal has no id under which it could be kept


@pytest.mark.parametrize("listed", [True, False])
def test_the_trace_that_is_judged_is_one_that_conforms(listed: bool) -> None:
    assert judging.check(500, listed=listed).seconds > 0  # it raises if one line diverges


@pytest.mark.parametrize(("views", "numbers"), LISTINGS.values(), ids=LISTINGS)
def test_the_listings_that_are_read_have_their_size_and_make_calls(views: int, numbers: int) -> None:
    body = listing(views, numbers)
    assert 0.8e6 < len(body) < 1.2e6
    call = unwrap(decode_call(body))
    assert len({view.id for view in call.views if view.listed}) == views


# The table ------------------------------------------------------------------------------------------------------------


def test_samples_are_told_by_their_median_and_quartiles() -> None:
    assert timing.spread([4.0, 1.0, 2.0, 5.0, 3.0]) == (2.0, 3.0, 4.0)
    assert timing.spread([7.0]) == (7.0, 7.0, 7.0)
    assert timing.ratio([2.0, 9.0, 4.0], [1.0, 3.0, 1.0]) == (2.5, 3.0, 3.5)


def test_a_row_says_whether_its_target_is_met() -> None:
    one = timing.Spread(1.0, 2.0, 3.0)
    assert rows.at_most("w", one, one, 2, of="x").met
    assert not rows.at_most("w", one, one, 1.9, of="x").met
    assert rows.faster("w", one, one, 2).met
    assert not rows.faster("w", one, one, 2.1).met
    assert rows.rate("w", one, 3).met is False
    assert rows.timed("w", one).met is None
    assert rows.target(3, 4) == (4 if IS_COMPILED else 3)


def test_tasks_take_turns() -> None:
    done: list[str] = []
    tasks = {"a": lambda times: done.extend("a" * times), "b": lambda times: done.extend("b" * times)}
    taken = timing.in_turn(tasks, rounds=3, sample=1e-4)
    assert {name: len(samples) for name, samples in taken.items()} == {"a": 3, "b": 3}
    turns = [name for name, before in zip(done, [*done[1:], ""], strict=True) if name != before]
    assert turns[-6:] == ["a", "b"] * 3


def test_the_page_has_a_place_for_the_table() -> None:
    page = PAGE.read_text()
    row = rows.Row("work", "1 µs", "2 times", "≤ 3 times", met=True)
    compiled = rows.Row("work", "0.5 µs", "1 times", "≤ 0.9 times", met=False)
    shown = "| work | 1 µs | 2 times | ≤ 3 times: yes | 0.5 µs | 1 times | ≤ 0.9 times: **no** |"
    assert shown in written(page, table([row], [compiled]))
    assert page.index(BEGIN) < page.index(END)
    assert " | ".join(HEAD) in page, "run python -m tests.benchmarks"


def test_the_chart_has_a_bar_for_each_way() -> None:
    core, other = rows.Row("hold/resume: core", "1.50 (1 to 2) µs"), rows.Row("hold/resume: Automat", "2.1 (2 to 3) µs")
    drawn = chart([core, other, rows.Row("repeat", "1 µs")], [core._replace(measured="0.9 µs")])
    assert re.findall(r">([^<>]+)</text>", drawn) == [
        *("hold/resume: callstate", "1.5 µs"),
        *("hold/resume: callstate, compiled", "0.9 µs"),
        *("hold/resume: Automat", "2.1 µs"),
    ]
    widths = [int(width) for width in re.findall(r" width='(\d+)' height='20'", drawn)]
    assert widths[1] < widths[0] < widths[2]


def test_everything_can_be_measured_by_its_name() -> None:
    assert len(MEASUREMENTS) == len(set(MEASUREMENTS.values()))


def test_the_statements_by_hand_do_what_the_store_does(tmp_path: Path) -> None:
    left: list[tuple[object, ...]] = []
    for name in ("store", "hand"):
        (tmp_path / name).mkdir()
        engine = storing.filled(tmp_path / name, 1)
        update = {"store": storing.through, "hand": storing.by_hand}[name](engine)
        update(work.CALL_ID)
        update(work.CALL_ID)
        with engine.connect() as connection:
            left.append(tuple(connection.exec_driver_sql("SELECT id, version, call FROM callstate_calls").all()))
            left.append(tuple(connection.exec_driver_sql("SELECT * FROM callstate_outbox").all()))
        engine.dispose()
    assert left[:2] == left[2:]


def test_the_bare_application_answers_what_the_sandbox_does() -> None:
    answers = {method: answer.status for method, answer in serving.answers().items()}
    assert answers == {"GET": 200, "PUT": 202}
