"""Verdicts of parts of a trace: they add up, they can be stored, and no line ends a judgement."""

import json
import pickle
from datetime import UTC, datetime
from functools import reduce
from operator import add
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import (
    LENIENT,
    STRICT,
)
from callstate.conformance import (
    Differs,
    Divergence,
    Judge,
    Key,
    UnreadableLineError,
    Verdict,
    judge_lines,
    key,
    record_listing,
    record_start,
)
from callstate.conformance.verdict import COUNTED, MOST_SHOWN
from tests.calls import CALL, at, connected, held

Json = dict[str, Any]  # Any: JSON
CALLS = ("a", "b", "c", "d")


def decoded(line: bytes) -> Json:
    found: Json = json.loads(line)
    return found


def written(call: str, seconds: int, seq: int, word: str, status: int) -> bytes:
    """Write a line that may be right or wrong, or no line at all."""
    line: Json = {"at": at(seconds).isoformat(), "seq": seq, "call": call}
    if word == "start":
        start = decoded(record_start(connected(), at=at(7)))["start"]
        return json.dumps(line | {"start": start | {"id": call}}).encode()
    if word == "listed":
        shown = decoded(record_listing(held(), at=at(10)))["listed"]
        return json.dumps(line | {"listed": shown | {"id": call}}).encode()
    if word == "broken":
        return b"{%d" % seq
    request = {"action": word, "phoneCallViewId": "00"}
    return json.dumps(line | {"request": request, "answer": {"status": status}}).encode()


WORDS = ("start", "listed", "broken", "OnHold", "OffHold", "HangUp", "Park")


@st.composite
def traces(draw: st.DrawFn) -> list[bytes]:
    """Draw the lines of a few calls, mixed, in the order of their keys."""
    one = st.tuples(st.sampled_from(CALLS), st.integers(0, 2), st.sampled_from(WORDS), st.sampled_from([202, 400, 504]))
    seconds, lines = 10, []
    for seq, (call, step, word, status) in enumerate(draw(st.lists(one, max_size=40)), start=1):
        seconds += step
        lines.append(written(call, seconds, seq, word, status))
    return lines


# The laws -------------------------------------------------------------------------------------------------------------


@given(lines=traces(), places=st.fixed_dictionaries(dict.fromkeys(("", *CALLS), st.integers(0, 2))))
def test_the_verdicts_of_the_parts_are_the_verdict_of_the_whole(lines: list[bytes], places: dict[str, int]) -> None:
    parts = [[line for line in lines if places[key(line).call] == place] for place in range(3)]
    assert reduce(add, map(judge_lines, parts)) == judge_lines(lines)


@given(lines=traces())
def test_adding_nothing_changes_nothing(lines: list[bytes]) -> None:
    verdict = judge_lines(lines)
    assert verdict + Verdict() == Verdict() + verdict == verdict


@given(lines=traces(), rules=st.sampled_from([LENIENT, STRICT]), cuts=st.sets(st.integers(0, 40)))
def test_a_judge_that_was_stored_goes_on_alike(lines: list[bytes], rules: Any, cuts: set[int]) -> None:
    whole = Judge(rules=rules)
    stored = Judge(rules=rules)
    for number, line in enumerate(lines):
        if number in cuts:
            stored = pickle.loads(pickle.dumps(stored))  # noqa: S301  # made by this test
        assert one_of(stored, line) == one_of(whole, line)
    assert stored.tally == whole.tally


def one_of(judge: Judge, line: bytes) -> Divergence | str | None:
    try:
        return judge.judge(line)
    except UnreadableLineError as error:
        return str(error)


@given(lines=traces())
def test_a_verdict_can_be_stored_as_json(lines: list[bytes]) -> None:
    verdict = judge_lines(lines)
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict


@given(lines=traces(), shuffled=st.data())
def test_the_order_of_a_trace_is_in_its_lines(lines: list[bytes], shuffled: st.DataObject) -> None:
    readable = [line for line in lines if key(line) != Key()]
    assert sorted(shuffled.draw(st.permutations(readable)), key=key) == readable


@given(lines=traces())
def test_each_line_is_counted_once_by_its_kind(lines: list[bytes]) -> None:
    tally = judge_lines(lines).tally
    kinds = ("starts", "listings", "creates", "requests", "signals", "unreadable", "skipped")
    assert tally["lines"] == len(lines) == sum(tally[kind] for kind in kinds)
    assert set(tally) == set(COUNTED)


# What is in a verdict -------------------------------------------------------------------------------------------------


def hold(seconds: int, seq: int, status: int) -> bytes:
    return written(CALL, seconds, seq, "OnHold", status)


def test_a_divergence_says_which_line_differs_and_in_what() -> None:
    wrong = written("a", 20, 3, "OnHold", 400)
    (found,) = judge_lines([written("a", 10, 1, "start", 0), wrong]).divergences
    assert (found.call_id, found.at, found.seq, found.kind) == ("a", at(20), 3, Differs.ANSWER)
    assert (found.asked, found.view_id, found.told, found.known) == (
        "OnHold",
        "00",
        "refused, 400 without a code",
        "accepted",
    )
    assert found.allowed is not None
    assert "OnHold" in found.allowed


def test_divergences_come_in_the_order_of_their_lines() -> None:
    starts = [written(call, 10, 1, "start", 0) for call in "ab"]
    first, second = written("b", 20, 7, "OnHold", 400), written("a", 20, 8, "OnHold", 400)
    found = judge_lines([*starts, second, first]).divergences
    assert [one.call_id for one in found] == ["b", "a"]


def test_an_unreadable_line_is_counted_and_kept_and_the_others_are_judged() -> None:
    verdict = judge_lines([written("a", 10, 1, "start", 0), b"{]\n", b"\xff", written("a", 20, 2, "OnHold", 400)])
    assert verdict.tally["unreadable"] == 2
    assert [line.text for line in verdict.unreadable] == ["\\xff", "{]"]
    assert "malformed" in verdict.unreadable[1].reason
    assert len(verdict.divergences) == 1


def test_few_unreadable_lines_are_kept_and_of_each_only_its_beginning() -> None:
    lines = [b"{%05d" % number for number in range(1000)]
    verdict = judge_lines([*lines, b"!" * 10_000])
    assert verdict.tally["unreadable"] == 1001
    assert verdict.unreadable[1:] == judge_lines(lines).unreadable[: MOST_SHOWN - 1]
    assert max(len(line.text) for line in verdict.unreadable) == 200


# Keys -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [b"", b"\n", b"{]", b"5", b"\xff", b'{"at":"2026-03-02T09:00:00","call":"a"}'])
def test_a_line_without_a_key_comes_first_and_under_no_call(line: bytes) -> None:
    assert key(line) == Key(call="") < key(hold(20, 1, 202))


def test_keys_compare_by_time_whatever_the_offset() -> None:
    early, late = b'{"at":"2026-03-02T11:00:00+02:00","call":"b"}', b'{"at":"2026-03-02T09:00:00.000390Z","call":"a"}'
    assert key(early) < key(late)
    assert key(early) == Key(call="b", at=datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_a_mark_before_a_line_is_no_part_of_its_key() -> None:
    assert key(b"\xef\xbb\xbf" + hold(20, 1, 202)) == Key(call=CALL, at=at(20), seq=1)


def test_lines_of_one_time_are_in_the_order_of_their_numbers() -> None:
    lines = [hold(20, 2, 202), hold(20, 10, 202), hold(20, 1, 202)]
    assert [key(line).seq for line in sorted(lines, key=key)] == [1, 2, 10]
