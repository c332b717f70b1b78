"""The page of the laws: each in one sentence, with the test that checks it.

One rule: the sentence of a law of `callstate.testing` is its docstring. The laws that only the tests of this project
check have their sentences here, and a test fails if one is missing.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from callstate.testing import LAWS
from tests.reference.markdown import page, table

TESTS = Path(__file__).parents[1] / "engine"
KIT = "tests/testing/test_laws.py"

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "test_laws.py": {
        "test_total": "Every input of the right type is answered with a call or a refusal, never with an exception.",
        "test_refusal_changes_nothing": "A refusal leaves the call as it was, byte for byte.",
        "test_deterministic": "Equal inputs give equal outputs, byte for byte, even if the objects are different ones.",
        "test_allowed_actions_agree_with_apply_action": "An action is listed as allowed exactly if some request of its "
        "kind for the listed, live view is accepted and changes the call.",
        "test_a_refusal_names_what_is_allowed_then": "A refusal lists what is allowed on the view that the request "
        "named, and nothing to a stranger.",
        "test_hold_and_resume_undo_each_other": "A hold and an off-hold undo each other, except for the version and "
        "the time.",
        "test_start_and_stop_undo_each_other": "Starting and stopping a recording leaves no trace in the call.",
        "test_park_and_unpark_undo_each_other": "A party that was parked and retrieved is as it was before, and is "
        "connected to the phone that retrieved it.",
        "test_frame_of_one_party": (
            "A hold and a recording change only the named view, and in it only their own fields, in a call to which "
            "the rules across the views have been applied."
        ),
        "test_frame_of_a_leg": "An action that rings a phone adds one view, or changes the role of one that has "
        "joined, and does not change the others.",
        "test_what_never_changes": (
            "A call keeps its identity. A view keeps its id, number and first dates and, unless it has joined, its "
            "role."
        ),
        "test_ended_is_final": "A view that has ended never changes while the call carries it. A call that is over "
        "never changes.",
        "test_late_news_changes_nothing": (
            "A repeated signal is a late report. After the end of the call every signal about one of its "
            "views is a late report."
        ),
        "test_a_repeat_returns_the_same_object": "An accepted input can be sent again; the same object is returned.",
        "test_strict_rules_refuse_the_repeats_of_actions_and_nothing_else": "The strict rules refuse the repeats of "
        "actions with `wrong_state`, and every HangUp of a call that is over with `call_ended`. They answer everything "
        "else like the lenient ones; their refusals list fewer states that would do.",
    },
    "test_laws_of_time.py": {
        "test_advance_is_idempotent": "Advancing a call to the same time again changes nothing.",
        "test_advance_in_two_steps_is_the_same_as_in_one": (
            "Advancing a call in one step or in many gives the same call."
        ),
        "test_apply_after_advance_equals_apply_alone": "Advancing a call to any time before an input does not change "
        "the answer.",
        "test_time_of_a_call_never_goes_back": (
            "Each change raises the version by one, and is not earlier than the previous one."
        ),
        "test_each_applied_input_is_one_version": "An input that changes the call raises the version by one; an input "
        "that does not change it keeps the version.",
        "test_a_deadline_changes_the_call": "A call changes by itself at its next deadline, and never before.",
    },
}


def held_by(name: str) -> list[str]:
    """Return the names of the tests of a module, in their order."""
    tree = ast.parse((TESTS / name).read_text("utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def laws_page() -> str:
    """Write the page of the laws."""
    return page(
        "Laws",
        "A law holds for every call, whatever inputs it has had. An implementation in another language that breaks a "
        "law is wrong, even if no page says what the right behaviour would be. For *view*, *live* and *repeat* see the "
        "[Glossary](glossary.md).",
        "## For any implementation",
        "These laws compare an implementation with itself. `callstate.testing.LAWS` has them as functions that take an "
        f"implementation. `{KIT}` checks them for the core, directly and through JSON.",
        table(("Law", "Name"), ((_sentence(law), f"`{law.__name__}`") for law in LAWS)),
        "## For the core",
        "These laws are checked on random sequences of at least 50 inputs with time passing between them, with both "
        "rule sets if they differ.",
        table(("Law", "Test"), _of_the_core()),
        "In addition, an exhaustive search checks every call that can be reached with up to four parties against the "
        "invariants in `callstate/exploration/invariants.py`: see [Reachable "
        "states](../development/reachable-states.md). For pairs of inputs see [Which inputs commute](commutation.md).",
    )


def _sentence(law: Callable[..., None]) -> str:
    said = " ".join((law.__doc__ or "").split()).removeprefix("Check that ")
    return said[:1].upper() + said[1:]


def _of_the_core() -> Iterator[tuple[str, str]]:
    for name, sentences in SENTENCES.items():
        for test in held_by(name):
            yield sentences[test], f"`tests/engine/{name}`: `{test}`"


PAGES: Mapping[str, Callable[[], str]] = {"reference/laws.md": laws_page}
"""The pages of this module, by their path in the docs."""
