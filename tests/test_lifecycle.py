"""The table as a machine of `transitions`: the same cells, callbacks on a user's own model, a diagram."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from transitions import MachineError

from callstate.domain import (
    ANSWERED,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    RINGING,
    TRYING,
    UNKNOWN,
    Action,
    Answered,
    Dialled,
    DomainError,
    FarEndRang,
    HungUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    Rang,
    Role,
    Transfer,
    ViewState,
)
from callstate.engine import LENIENT, STRICT, Rules, apply_action
from callstate.lifecycle import FAR_END, STARTS, Edge, diagram, edges, lifecycle
from tests.calls import Walk, settled, walks

FAR_END_TRIGGERS = {edge.trigger for edge in FAR_END}


class Phone:
    """A user's own model: it notes what it is told."""

    state: ViewState  # set by transitions
    trigger: Callable[[str], bool]  # likewise

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_enter_ON_HOLD(self) -> None:  # noqa: N802  # transitions calls it by the state's name
        self.told.append("music")

    def on_exit_ON_HOLD(self) -> None:  # noqa: N802  # likewise
        self.told.append("silence")

    def on_enter_ENDED(self) -> None:  # noqa: N802  # likewise
        self.told.append("bill")


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
def test_the_machine_has_the_cells_of_the_table(rules: Rules) -> None:
    machine = lifecycle(rules)
    cells = {
        (trigger, source, transition.dest or source)
        for trigger, event in machine.events.items()
        for source, transitions in event.transitions.items()
        for transition in transitions
    }
    table = {
        (kind.__name__, state.name, move.to.name)
        for kind, by_state in rules.moves.items()
        for state, move in by_state.items()
    }
    assert {cell for cell in cells if cell[0] not in FAR_END_TRIGGERS} == table
    assert set(machine.states) == {state.name for state in ViewState}


def test_each_cell_is_in_the_machine_once() -> None:
    counts = [len(found) for event in lifecycle().events.values() for found in event.transitions.values()]
    assert counts
    assert set(counts) == {1}


def test_the_triggers_of_the_far_end_are_no_input() -> None:
    assert FAR_END_TRIGGERS.isdisjoint(kind.__name__ for kind in LENIENT.moves)


def test_callbacks_on_the_users_own_model_are_called() -> None:
    phone = Phone()
    lifecycle().add_model(phone, initial=TRYING)
    for input_ in ("Rang", "Answered", "FarEndAnswered", "OnHold", "OffHold", "HangUp"):
        phone.trigger(input_)
    assert phone.told == ["music", "silence", "bill"]
    assert phone.state is ENDED


def test_an_input_that_changes_nothing_calls_nothing() -> None:
    phone = Phone()
    lifecycle().add_model(phone, initial=ON_HOLD)
    assert phone.trigger("OnHold")
    assert phone.told == []
    assert phone.state is ON_HOLD


def test_a_refused_input_raises_and_changes_nothing() -> None:
    phone = Phone()
    lifecycle(STRICT).add_model(phone, initial=ON_HOLD)
    with pytest.raises(MachineError):
        phone.trigger("OnHold")
    assert phone.told == []
    assert phone.state is ON_HOLD


def test_one_machine_follows_many_views() -> None:
    machine = lifecycle()
    first, second = Phone(), Phone()
    machine.add_model([first, second], initial=RINGING)
    first.trigger("Answered")
    assert (first.state, second.state) == (ANSWERED, RINGING)


@pytest.mark.parametrize("edge", FAR_END)
def test_the_far_end_moves_a_view(edge: tuple[str, ViewState, ViewState]) -> None:
    trigger, source, to = edge
    phone = Phone()
    lifecycle().add_model(phone, initial=source)
    phone.trigger(trigger)
    assert phone.state is to


AT = datetime(2012, 6, 27, 16, 20, tzinfo=UTC)
CALL = PhoneCall(
    id="a",
    extension="0003*210",
    views=(
        PhoneCallView(id="00", extension="0003*210", state=OFF_HOOK, side=0),
        PhoneCallView(id="01", extension="0003*211", state=TRYING, side=1),
        PhoneCallView(id="02", extension="0003*212", state=RINGING, side=1),
    ),
)
ON_VIEW = (Dialled, Rang, FarEndRang, Answered, HungUp, OnHold, OffHold, Park)
INPUTS = st.builds(
    lambda kind, view: kind(call_id="a", view_id=view),
    st.sampled_from(ON_VIEW),
    st.sampled_from(["00", "01", "02", "03"]),
)
TRANSFERS = st.builds(
    Transfer, call_id=st.just("a"), view_id=st.sampled_from(["00", "01", "02"]), send_call_to=st.just("0003*213")
)
STEPS = {(edge.source, edge.to) for edge in edges()}


def within_two_triggers(state: ViewState) -> set[ViewState]:
    once = {state} | {to for source, to in STEPS if source is state}
    return once | {to for source, to in STEPS if source in once}


@given(st.lists(INPUTS | TRANSFERS, min_size=10))
def test_the_machine_can_follow_every_view_of_a_call(inputs: list[Action]) -> None:
    """At most two triggers lead each view where the engine has it: the input's, then the far end's."""
    before = CALL
    for input_ in inputs:
        after = apply_action(before, input_, at=AT)
        if isinstance(after, DomainError):
            continue
        for old, new in zip(before.views, after.views, strict=False):  # new views come last
            assert new.state in within_two_triggers(old.state), (input_, old, new)
        before = after


def arrows(text: str) -> list[tuple[str, str, str]]:
    """Read the arrows between two states, each trigger by itself."""
    found = re.findall(r"^ *(\w+) --> (\w+): (.+)$", text, re.MULTILINE)
    return [(trigger, source, to) for source, to, labels in found for trigger in labels.split("<br>")]


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
def test_the_diagram_has_an_arrow_for_each_change_of_state(rules: Rules) -> None:
    """But none from `UNKNOWN`, and the hang-ups from all states are one arrow from the box around them."""
    changes = [edge for edge in edges(rules) if edge.to not in (edge.source, ENDED) and edge.source is not UNKNOWN]
    assert sorted(arrows(diagram(rules))) == sorted(
        [(edge.trigger, edge.source.name, edge.to.name) for edge in changes]
        + [("HangUp, HungUp", "IN_CALL", "ENDED"), ("from every state", "IN_CALL", "ENDED")]
    )


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
def test_every_state_but_the_last_is_left_by_the_same_hang_ups(rules: Rules) -> None:
    """This is what lets the diagram draw them once."""
    leaving = {edge for edge in edges(rules) if edge.to is ENDED and edge.source is not ENDED}
    live = [state for state in ViewState if state is not ENDED]
    assert leaving == {Edge(trigger, state, ENDED) for trigger in ("HangUp", "HungUp") for state in live}


def test_an_ending_from_some_states_only_keeps_its_arrows() -> None:
    """Of a table in which `Park` ends a connected party."""
    moves = {kind: dict(by_state) for kind, by_state in LENIENT.moves.items()}
    moves[Park][CONNECTED] = moves[HungUp][CONNECTED]
    assert ("Park", "CONNECTED", "ENDED") in arrows(diagram(structs.replace(LENIENT, moves=moves)))


def test_the_diagram_is_mermaid_with_one_arrow_between_two_states() -> None:
    text = diagram()
    pairs = re.findall(r"^ *(\w+ --> \w+):", text, re.MULTILINE)
    assert text.startswith("stateDiagram-v2\n")
    assert len(pairs) == len(set(pairs))


def test_the_diagram_starts_where_a_party_does() -> None:
    assert re.findall(r"\[\*\] --> (\w+)", diagram()) == ["OFF_HOOK", "TRYING", "RINGING"]


@given(walks())
def test_a_party_comes_into_a_call_in_a_state_of_the_start(walk: Walk) -> None:
    for moment in walk.moments():
        before = settled(moment)
        after = apply_action(before, moment.action, at=moment.at)
        if isinstance(after, PhoneCall):
            new = [view for view in after.views[len(before.views) :] if view.role is Role.PARTY]
            assert {view.state for view in new} <= {*STARTS}


def test_the_states_of_an_answered_call_are_coloured_in_their_order() -> None:
    """A call to an extension that answers and hangs up passes through these states."""
    assert re.findall(r"^  class (.+) answered$", diagram(), re.MULTILINE) == [
        "TRYING, RINGING, ANSWERED, CONNECTED, ENDED"
    ]
