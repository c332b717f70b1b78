"""The sentences of the generated pages, each with its proof.

One rule: a sentence is the docstring of a function that shows on the engine that it is so. The pages print the
docstrings and a test calls the functions, so no page says what nobody checks.
"""

from tests.reference.facts import (
    after_signals,
    allowing,
    asking,
    call_fields,
    creating,
    hanging_up,
    holding,
    joining,
    legs,
    organizations,
    parking,
    reading,
    recording,
    reporting,
    serving,
    timing,
    transferring,
    view_fields,
    wire,
)
from tests.reference.facts.fact import Fact, sentence

__all__ = [
    "Fact",
    "after_signals",
    "allowing",
    "asking",
    "call_fields",
    "creating",
    "hanging_up",
    "holding",
    "joining",
    "legs",
    "organizations",
    "parking",
    "reading",
    "recording",
    "reporting",
    "sentence",
    "serving",
    "timing",
    "transferring",
    "view_fields",
    "wire",
]
