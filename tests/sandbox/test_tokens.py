"""Tokens live by the clock of the machine, and are bounded."""

import pytest

from callstate.sandbox import tokens
from callstate.sandbox.loading import directory_of
from callstate.sandbox.tokens import TokenIssuer


class Draw:
    """Gives out the numbers from 0 on, as tokens."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, size: int) -> str:
        self._next += 1
        return f"{self._next - 1:0{2 * size}x}"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's clock, to be moved."""
    at = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: at[0])
    return at


def test_a_token_lives_for_an_hour_of_the_machine(now: list[float]) -> None:
    issuer = TokenIssuer(directory_of(None), Draw(), {"fixed": "13"})
    token = issuer.issue("12")
    now[0] += 3599
    assert issuer[token].account == "12"
    now[0] += 1
    assert token not in issuer
    assert issuer["fixed"].account == "13"


def test_tokens_that_have_expired_are_forgotten(now: list[float]) -> None:
    issuer = TokenIssuer(directory_of(None), Draw(), {})
    for _ in range(50):
        issuer.issue("12")
        now[0] += 1000
    assert len(issuer) <= 4
    assert list(issuer) == [f"{number:032x}" for number in range(50 - len(issuer), 50)]


def test_only_so_many_tokens_are_kept_and_fixed_ones_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 10)
    issuer = TokenIssuer(directory_of(None), Draw(), {"fixed": "13"})
    for _ in range(100):
        issuer.issue("12")
    assert len(issuer) == 11
    assert issuer["fixed"].account == "13"
    assert f"{99:032x}" in issuer
    assert f"{0:032x}" not in issuer
