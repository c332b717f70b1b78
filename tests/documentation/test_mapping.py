"""The mappings to other models: each knows a word for every view that can be, and some words are known by heart."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from callstate import Disposition, PhoneCallView, Role, ViewState
from callstate.domain import ANSWERED, ENDED, SUPERVISORS, TRYING, UP
from tests.calls import ALICE, at, lot, view
from tests.reference.mapping import ANDROID, CSTA, FREESWITCH, JTAPI, MODELS, RFC_4235, Model, Situation, situation


def variants(state: ViewState, role: Role) -> Iterator[PhoneCallView]:
    """Build a view of a state and a role in every way that could make a difference."""
    joins = role in SUPERVISORS or (role is Role.BARGE and state not in UP | {ENDED})
    side = None if joins else 1
    fields: dict[str, Any] = {"side": side, "role": role, "target": "01" if joins and state is not ENDED else None}
    fields["parking"] = lot(side=0) if state is ViewState.PARKED else None
    dates = (None, at(5)) if state is ANSWERED else (at(5),)
    waits = (False, True) if state is TRYING and side == 1 else (False,)
    ends = tuple(Disposition) if state is ENDED else (None,)
    for date, wait, end in product(dates, waits, ends):
        yield view("00", ALICE, state, **fields, answered=date, waits=wait, disposition=end)


CAN_BE = [
    (state, role)
    for state, role in product(ViewState, Role)
    if role not in SUPERVISORS or state not in (ViewState.ON_HOLD, ViewState.PARKED)
]
EVERY = [found for state, role in CAN_BE for found in variants(state, role)]


def test_the_views_are_of_every_state_and_role() -> None:
    assert {(found.state, found.role) for found in EVERY} == set(CAN_BE)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_knows_a_word_for_every_view(model: Model) -> None:
    assert set(model.words) == set(Situation)
    for found in EVERY:
        assert model.word(found) is model.words[situation(found)]


def test_every_situation_is_that_of_some_view() -> None:
    assert {situation(found) for found in EVERY} == set(Situation)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_words_that_are_never_said_are_none_of_the_words(model: Model) -> None:
    assert not {word.word for word in model.words.values()} & set(model.never)


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (ViewState.CONNECTED, {}, ("connected", "ESTABLISHED / TALKING", "confirmed", "ACTIVE", "ACTIVE")),
        (ViewState.ON_HOLD, {}, ("hold", "ESTABLISHED / HELD", "confirmed", "ON_HOLD", "HELD")),
        (ViewState.RINGING, {}, ("alerting", "ALERTING / RINGING", "early, recipient", "RINGING", "RINGING")),
        (ANSWERED, {}, ("connected", "ESTABLISHED / TALKING", "early, initiator", "DIALING", "RING_WAIT")),
        (
            ENDED,
            {"disposition": Disposition.BUSY},
            ("fail", "FAILED", "terminated: rejected", "DISCONNECTED", "HANGUP"),
        ),
    ],
    ids=lambda value: value if isinstance(value, ViewState) else "",
)
def test_words_known_by_heart(state: ViewState, fields: dict[str, Any], words: tuple[str, ...]) -> None:
    found = view("00", ALICE, state, side=0, **fields)
    assert tuple(model.word(found).word for model in (CSTA, JTAPI, RFC_4235, ANDROID, FREESWITCH)) == words
