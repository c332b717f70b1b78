"""Whole traces: what is found is named by its place, and several traces are read one after the other, or merged."""

import json
from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from callstate.conformance import check, merged, one_by_one, record_start, summary
from tests.calls import CALL, at, connected, ringing
from tests.conformance.test_trace import ACCEPTED, asked, line


class Clock:
    """Each look at it takes a second and a half."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.5
        return self.now


def checked(*traces: tuple[str, list[bytes]]) -> tuple[Mapping[str, int], list[str], list[str]]:
    found: list[str] = []
    hints: list[str] = []
    tally = check(one_by_one(traces), found=lambda one: found.append(str(one)), hint=hints.append, clock=Clock())
    return tally, found, hints


def test_several_files_are_one_stream() -> None:
    first, second = [record_start(connected(), at=at(10))], [asked(20, "OnHold", "00", ACCEPTED)]
    assert checked(("a", first), ("b", second))[1] == []
    tally, found, hints = checked(("b", second), ("a", first))
    assert found[0].startswith(f"b, line 1: call {CALL}: OnHold on view 00\n")
    assert hints == []
    assert [told.split() for told in summary(tally)] == [
        ["lines", "2"], ["starts", "1"], ["listings", "0"], ["creates", "0"], ["requests", "1"], ["signals", "0"],
        ["unreadable", "0"], ["accepted", "0"], ["repeats", "0"], ["refused", "0"], ["believed", "0"], ["unclear", "0"],
        ["skipped", "0"], ["divergences", "1"],
    ]  # fmt: skip


def test_a_line_that_is_none_is_named_and_the_others_are_judged() -> None:
    wrong = [record_start(ringing(), at=at(10)), asked(20, "OnHold", "01", ACCEPTED)]
    tally, found, _ = checked(("a", [line(0, listed=None)]), ("b", [b"\n", b"\n", b"{", *wrong]))
    assert (tally["lines"], tally["unreadable"], tally["divergences"]) == (4, 1, 1)
    assert found[0] == "b, line 3: cannot be read: Input data was truncated"
    assert found[1].startswith("b, line 5: call ")


def test_a_long_check_says_how_far_it_has_come() -> None:
    _, _, hints = checked(("long", [line(0, listed=None)] * 40_000))
    assert hints == ["long: 16,384 lines", "long: 32,768 lines"]


# Merging --------------------------------------------------------------------------------------------------------------


def numbered(*lines: bytes) -> list[bytes]:
    return [json.dumps(json.loads(told) | {"seq": seq}).encode() for seq, told in enumerate(lines, start=1)]


TOLD = numbered(
    record_start(connected(), at=at(10)),
    asked(20, "OnHold", "00", ACCEPTED),
    asked(20, "OffHold", "00", ACCEPTED),
    asked(20, "OnHold", "00", ACCEPTED),
    asked(20, "HangUp", "00", ACCEPTED),
    line(20, listed=None),
)


@given(places=st.lists(st.integers(0, 2), min_size=len(TOLD), max_size=len(TOLD)))
def test_traces_are_merged_by_time_and_number(places: list[int]) -> None:
    traces = [
        (str(place), [told for told, where in zip(TOLD, places, strict=True) if where == place]) for place in range(3)
    ]
    hints: list[str] = []
    assert [placed.line for placed in merged(traces, hints.append)] == TOLD
    assert hints == []


def test_merged_lines_know_their_places() -> None:
    traces = [("a", [b"{", TOLD[1]]), ("b", [TOLD[0], TOLD[2]])]
    places = [(placed.name, placed.number) for placed in merged(traces, list[str]().append)]
    assert places == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]


def test_merging_keeps_one_line_of_each_trace() -> None:
    read = [0, 0]

    def lines(place: int) -> Iterable[bytes]:
        for told in TOLD[place::2]:
            read[place] += 1
            yield told

    stream = iter(merged([("a", lines(0)), ("b", lines(1))], list[str]().append))
    for taken in range(1, len(TOLD) + 1):
        next(stream)
        assert sum(read) <= taken + 2


def test_a_trace_that_is_out_of_order_cannot_be_merged_and_that_is_told_once() -> None:
    hints: list[str] = []
    list(merged([("a", [TOLD[1], TOLD[0], TOLD[3], TOLD[2]]), ("b", TOLD)], hints.append))
    assert hints == ["a, line 2: out of order; traces are merged by at and seq"]


def test_lines_without_numbers_keep_the_order_of_the_traces() -> None:
    one, other = line(20, call="b", listed=None), line(20, call="a", listed=None)
    hints: list[str] = []
    assert [placed.line for placed in merged([("a", [one, other]), ("b", [other])], hints.append)] == [
        one,
        other,
        other,
    ]
    assert hints == []
