"""The page of the laws: each in one sentence, with the test that holds it.

One rule: a law of the kit says its own sentence; those that only our own tests hold are said here, and a test sees to
it that none is forgotten.
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
        "test_deterministic": "Equal inputs give equal outputs, byte for byte, whichever objects carry them.",
        "test_allowed_actions_agree_with_apply_action": "An action is named as allowed exactly if some request of its "
        "kind for the view is accepted.",
        "test_a_refusal_names_what_is_allowed_then": "A refusal names what is allowed on the view that was asked for.",
        "test_hold_and_resume_undo_each_other": "A hold and an off-hold undo each other, but for version and time.",
        "test_start_and_stop_undo_each_other": "A recording that is started and stopped leaves no trace in the call.",
        "test_park_and_unpark_undo_each_other": "A party that was parked and retrieved is as it was, on call with "
        "whoever retrieved it.",
        "test_frame_of_one_party": "Hold and recording touch the named view, and of that only their own fields.",
        "test_frame_of_a_leg": "An action that rings a phone adds one view and leaves the others alone.",
        "test_what_never_changes": "A call keeps who it is; a view keeps its id, number, role, ends and first dates.",
        "test_ended_is_final": "A view that has ended never changes, nor does a call that is over.",
        "test_late_news_changes_nothing": "A signal that comes again is late news; after the end every signal is.",
        "test_a_repeat_returns_the_same_object": "What was accepted may be sent again: the very same object comes "
        "back.",
        "test_strict_rules_refuse_the_repeats_of_actions_and_nothing_else": "The strict rules refuse the repeats of "
        "actions, and answer everything else like the lenient ones.",
    },
    "test_laws_of_time.py": {
        "test_advance_is_idempotent": "To be told the same instant again changes nothing.",
        "test_advance_in_two_steps_is_the_same_as_in_one": "It makes no difference how often a call is advanced.",
        "test_apply_after_advance_equals_apply_alone": "To advance a call to any instant before an input changes no "
        "answer.",
        "test_time_of_a_call_never_goes_back": "Each change is one version on, and not earlier than the one before.",
        "test_each_applied_input_is_one_version": "An input that changes the call is one version; one that does not is "
        "none.",
        "test_a_deadline_changes_the_call": "A call changes at its next deadline, and by itself never before.",
    },
}


def held_by(name: str) -> list[str]:
    """Return the names of the tests of a module, in their order."""
    tree = ast.parse((TESTS / name).read_text("utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def laws_page() -> str:
    """Write the page of the laws."""
    return page(
        "The laws",
        "What holds for every call, whatever was done to it. An implementation in another language that breaks one of "
        "these is wrong, even where no page says what would be right.",
        "## For any implementation",
        "These compare an implementation with itself. `callstate.testing.LAWS` has them as functions that take yours; "
        f"`{KIT}` holds them for the core, whole and behind JSON.",
        table(("Law", "Name"), ((_sentence(law), f"`{law.__name__}`") for law in LAWS)),
        "## For the core",
        "These are held on random walks of at least 50 inputs, with time going on between them, in both rule sets "
        "where there is a difference.",
        table(("Law", "Test"), _of_the_core()),
        "Every call that can be reached with up to four parties is visited, too, and held against the invariants of "
        "`callstate/exploration/invariants.py`: see [explored](explored.md). Which pairs of inputs commute is in the "
        "[matrix](commutation.md).",
    )


def _sentence(law: Callable[..., None]) -> str:
    said = " ".join((law.__doc__ or "").split()).removeprefix("Check that ")
    return said[:1].upper() + said[1:]


def _of_the_core() -> Iterator[tuple[str, str]]:
    for name, sentences in SENTENCES.items():
        for test in held_by(name):
            yield sentences[test], f"`tests/engine/{name}`: `{test}`"


PAGES: Mapping[str, Callable[[], str]] = {"reference/laws.md": laws_page}
"""The pages of this module, by where they stand in the docs."""
