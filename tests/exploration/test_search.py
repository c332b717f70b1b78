"""The exploration: its figures are those of the docs, what counts as one is alike, and a broken engine is told."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from callstate import (
    LENIENT,
    DomainError,
    OnHold,
    PhoneCall,
    StartRecording,
    ViewState,
)
from callstate.cli import main
from callstate.domain import ACTIONS, ENDED, PARTY, RINGING, SIGNALS, evolve
from callstate.engine import Rules, cross_view_rules, machine, settling
from callstate.engine.views import Views
from callstate.exploration import report, story, survey
from callstate.exploration.abstraction import identity, inputs
from callstate.exploration.search import Exploration, explore
from callstate.exploration.survey import call_invariants, kinds
from callstate.exploration.visits import WAIT, Step, take
from tests.calls import at, call_of, changed, connected, done, held, on, over, parked, retrieving, view
from tests.compiled import PLAIN

PAGE = Path(__file__).parents[2] / "docs" / "development" / "reachable-states.md"
COMMANDS = ("callstate explore", "callstate explore --strict")

Printed = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


def shown(command: str) -> str:
    """Return what the page shows for a command."""
    found = re.search(rf"<!-- {command} -->\n\n(.*?)\n\n<!-- end -->", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_call_of_four_views_holds_the_invariants_and_the_page_tells_how_many(command: str) -> None:
    """If they differ, paste what the command prints. It runs by itself, where measuring coverage does not slow it."""
    words = [sys.executable, "-m", *command.split()]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=quiet)
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip() == shown(command), f"{PAGE.name} is not what `{command}` prints"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_action_signal_and_deadline_changes_some_call(command: str) -> None:
    changes = dict(re.findall(r"^\| ([\w ]+) \| (\d+) \| \d+ \| \d+ \|$", shown(command), re.MULTILINE))
    assert set(changes) == {kind.__name__ for kind in (*ACTIONS, *SIGNALS)} | {WAIT}
    assert min(map(int, changes.values())) > 0


def test_a_way_leads_to_its_call(small: Exploration) -> None:
    for call in small.calls:
        path = small.path_to(call)
        assert path is not None
        reached = path.start
        for step in path.steps:
            after = take(reached, step)
            assert isinstance(after, PhoneCall)
            reached = after
        assert reached == call


def test_a_way_is_a_shortest_one(small: Exploration) -> None:
    """No call is one step further than where one step leads."""
    ways = [small.path_to(call) for call in small.calls]
    length = [len(way.steps) for way in ways if way is not None]
    for place, next_places in enumerate(small.successors):
        assert all(length[after] <= length[place] + 1 for after in next_places)
    assert length == sorted(length)


def test_the_end_is_found_and_leads_nowhere(small: Exploration) -> None:
    end = small.path_to(over())
    assert end is not None
    assert len(end.steps) == 1
    assert small.successors[small.places[identity(over())]] == set()
    assert all(small.places[identity(over())] in small.reached_from(call) for call in small.calls)


def test_what_was_not_found_has_no_way() -> None:
    assert explore([over()]).path_to(connected()) is None


def test_starts_that_count_as_one_are_one() -> None:
    assert explore([over(), over()]).calls == explore([over()]).calls


def test_no_input_adds_a_view_beyond_the_limit() -> None:
    for limit in (2, 3):
        found = explore([connected()], max_views=limit)
        assert max(sum(view.live for view in call.views) for call in found.calls) == limit


def test_progress_is_told_after_each_call() -> None:
    told: list[tuple[int, int]] = []
    found = explore([connected()], max_views=2, progress=lambda *far: told.append(far))
    assert [looked_at for looked_at, _ in told] == list(range(1, len(found.calls) + 1))
    assert told[-1][1] == len(found.calls)


def test_several_processes_find_the_same(small: Exploration) -> None:
    assert survey(max_views=2, processes=2) == small


def test_several_processes_find_the_same_counterexample() -> None:
    def nobody_rings(call: PhoneCall) -> str | None:
        return "somebody rings" if any(view.state is RINGING for view in call.views) else None

    alone, together = (explore([kinds()["local"]], invariants=[nobody_rings], processes=n) for n in (1, 2))
    assert alone.broken is not None
    assert together == alone


def test_a_call_of_many_who_have_left_holds_the_invariants_and_drops_views() -> None:
    gone = [view(f"{number:02d}", f"0003*{number + 300}", ENDED, side=1) for number in range(2, 12)]
    found = explore([call_of(*connected().views, *gone)], max_views=2, invariants=call_invariants())
    assert found.broken is None
    assert any(call.forgotten > 0 for call in found.calls)


# What counts as one ---------------------------------------------------------------------------------------------------


def outcome(call: PhoneCall, step: Step, rule_set: Rules) -> str:
    """Name the call that a step leads to; a step that changes nothing leads to the same."""
    after = take(call, step, rule_set)
    return identity(call) if isinstance(after, DomainError) else identity(after)


def outcomes(call: PhoneCall, rule_set: Rules) -> set[str]:
    now = call.updated or at(0)
    return {outcome(call, Step(action, now), rule_set) for action in inputs(call, full=True)}


def found_twice() -> Iterator[tuple[PhoneCall, PhoneCall]]:
    """Yield calls that count as one, reached in different ways: from different kinds of call."""
    starts = kinds()
    same: dict[str, list[PhoneCall]] = defaultdict(list)
    for kind in ("local", "read, connected"):
        for call in explore([starts[kind]], max_views=3, invariants=()).calls:
            same[identity(call)].append(call)
    yield from ((calls[0], calls[-1]) for calls in same.values() if len(calls) > 1)


def test_calls_that_count_as_one_lead_to_calls_that_count_as_one() -> None:
    pairs = list(found_twice())
    assert len(pairs) > 100
    for one, other in pairs:
        assert outcomes(one, LENIENT) == outcomes(other, LENIENT), (one, other)


def renamed(call: PhoneCall, names: dict[str, str]) -> PhoneCall:
    return evolve(call, views=tuple(evolve(v, extension=names.get(v.extension, v.extension)) for v in call.views))


def test_two_phones_that_play_the_same_part_may_be_swapped() -> None:
    call = retrieving("0003*213", "0003*214")
    swapped = renamed(call, {"0003*213": "0003*214", "0003*214": "0003*213"})
    assert swapped != call
    assert identity(swapped) == identity(call)


def test_dates_and_versions_make_no_other_call() -> None:
    call = done(connected(), on(OnHold))
    later = done(connected(), on(OnHold), now=at(300))
    assert identity(evolve(later, version=7)) == identity(call)


@pytest.mark.parametrize(
    "other",
    [
        held("00"),
        done(connected(), on(StartRecording)),
        parked(),
        call_of(view("00", "0003*210", RINGING, side=0), view("01", "0003*211", RINGING, side=1)),
        evolve(connected(), allow_public_transfer=False),
        evolve(connected(), ends_by=at(90)),
        changed(connected(), "01", outside=True),
    ],
)
def test_what_matters_makes_another_call(other: PhoneCall) -> None:
    assert identity(other) != identity(connected())


def until(seconds: int) -> PhoneCall:
    """A phone rings for a parked party, whose parker is rung back at second 190, up to a second."""
    call = retrieving("0003*213")
    return evolve(call, views=tuple(evolve(v, until=at(seconds)) if v.until else v for v in call.views))


def test_what_comes_before_and_after_a_ring_back_is_told_apart() -> None:
    names = [identity(until(seconds)) for seconds in (35, 189, 190, 191, 300)]
    assert names[0] == names[1]
    assert names[3] == names[4]
    assert len(set(names)) == 3


# A broken engine ------------------------------------------------------------------------------------------------------


def ringing_call() -> PhoneCall:
    return kinds()["local"]


def only_kinds(found: Exploration) -> list[str]:
    assert found.broken is not None
    return [step.name for step in found.broken.path.steps]


def switch_off(rule: cross_view_rules.Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a rule that never changes anything in the place of one."""
    (bit,) = [bit for bit, known in settling.RULE_OF.items() if known is rule]
    monkeypatch.setitem(settling.RULE_OF, bit, lambda views, _before, _at: views)


def test_a_rule_that_is_gone_gives_the_shortest_counterexample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rule 4 the two who have answered are never on call: one step, from a call whose phone is dialled."""
    switch_off(cross_view_rules.two_sides_are_connected, monkeypatch)
    found = explore([ringing_call()])
    assert found.broken is not None
    assert found.broken.invariant == "together_on_call"
    assert only_kinds(found) == ["Answered"]


def test_an_effect_that_is_wrong_gives_the_shortest_counterexample(monkeypatch: pytest.MonkeyPatch) -> None:
    def hold_at_no_time(_action: OnHold, view: Any, to: ViewState, _at: datetime) -> Any:  # Any: views
        return evolve(view, state=to)

    monkeypatch.setitem(machine.PLANS, OnHold, (frozenset({PARTY}), None, None, hold_at_no_time, None))
    found = explore([ringing_call()])
    assert found.broken is not None
    assert found.broken.invariant == "a_view_can_be_built"
    assert only_kinds(found) == ["Answered", "OnHold"]
    told = story(found.broken, LENIENT).splitlines()
    assert len(told) == 1 + 2 + 1 + 1
    assert told[2].count("CONNECTED") == 2


@PLAIN
def test_a_change_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = settling.settle

    def forgetful(before: PhoneCall, views: Views, now: datetime) -> PhoneCall:
        return evolve(settle(before, views, now), version=before.version)

    monkeypatch.setattr("callstate.engine.machine.settle", forgetful)
    found = explore([connected()])
    assert found.broken is not None
    assert found.broken.invariant == "version_counts_changes"
    assert len(found.broken.path.steps) == 1


@PLAIN
def test_a_deadline_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception is a counterexample too."""

    def crash(_call: PhoneCall, *, at: datetime) -> PhoneCall:
        raise ZeroDivisionError(at)

    monkeypatch.setattr("callstate.exploration.visits.advance", crash)
    found = explore([parked()])
    assert found.broken is not None
    assert found.broken.invariant == "the_engine_answers"
    assert only_kinds(found) == [WAIT]
    assert f"  {WAIT} comes" in story(found.broken, LENIENT)


def test_a_start_that_is_wrong_is_told() -> None:
    found = explore([evolve(over(), ends_by=at(90))])
    assert found.broken is not None
    assert found.broken.invariant == "deadlines_have_a_cause"
    assert found.broken.path.steps == ()
    assert "BROKEN" in story(found.broken, LENIENT)


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_prints_the_figures(capsys: Printed, small: Exploration) -> None:
    assert main(["explore", "--views", "2"]) == 0
    out, err = capsys.readouterr()
    assert out == report(small) + "\n"
    assert re.search(r"s, \d+ edges and \d+ steps a second\n$", err)


def test_the_command_explores_in_several_processes(capsys: Printed, small: Exploration) -> None:
    assert main(["explore", "--views", "2", "--processes", "2"]) == 0
    assert capsys.readouterr().out == report(small) + "\n"


@pytest.mark.parametrize("processes", ["0", "x", "100"])
def test_the_command_refuses_a_number_of_processes(capsys: Printed, processes: str) -> None:
    with pytest.raises(SystemExit):
        main(["explore", "--processes", processes])
    assert "a whole number from 1 to 99, not" in capsys.readouterr().err


def test_the_command_tells_how_far_it_is(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callstate.cli.explore.SECONDS", 0)
    assert main(["explore", "--views", "2"]) == 0
    assert re.match(r"1 of \d+ calls\n", capsys.readouterr().err)


def test_the_command_tells_the_story_of_what_is_broken(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_off(cross_view_rules.two_sides_are_connected, monkeypatch)
    assert main(["explore", "--strict"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "from     00 0003*201 PARTY OFF_HOOK, 01 0003*202 PARTY TRYING"
    assert lines[1] == "    0 s  Answered(view_id=01)"
    assert lines[-1].startswith("BROKEN   together on call: view 0")
