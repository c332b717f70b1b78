"""The page that compares the states with those of other models.

One rule: the words are those of `mapping`. Which situations share a word is computed, not typed.
"""

from collections.abc import Callable, Iterator, Mapping

from tests.reference.mapping import MODELS, Model, Situation
from tests.reference.markdown import bullets, code, page, table


def mapping_page() -> str:
    """Write the page of the mappings."""
    return page(
        "States in other models",
        "This page shows how the state of a [view](../reference/glossary.md#view), which is the call as one party sees "
        "it, reads in five other models of call control. It is for programs that bridge to one of them. Each model has "
        "one word, or none, for every view. The first column says what the word depends on. It depends on that view "
        "only: whether the other side holds the call or still rings is shown by the views of the other side.",
        "The words come from texts about the model, except those with a mark. † means that the word is from memory and "
        "was not checked. ° means that the texts have no word, and that callstate uses the nearest one. *none* means "
        "that no word was found.",
        table(("The view", *(model.name for model in MODELS)), map(_row, Situation)),
        "A recording does not change the word in any model, because it is not part of the state.",
        *(block for model in MODELS for block in _model(model)),
        "## What callstate does not model",
        bullets(
            (
                (
                    "States between a request and its confirmation, such as a hold that the far end has not confirmed. "
                    "In callstate an action has happened or was refused. A bridge to a system with such states applies "
                    "the action when it is confirmed."
                ),
                "Queues. A party that waits for an agent is connected to the device that plays the music.",
                "Media. Who hears whom follows from roles and holds, and is not modelled any further.",
            )
        ),
    )


def _row(situation: Situation) -> tuple[str, ...]:
    return situation.value, *(str(model.words[situation]) for model in MODELS)


def _model(model: Model) -> Iterator[str]:
    yield f"## {model.name}"
    yield f"Source: {model.read}"
    yield "What is lost in the translation:"
    yield bullets(model.losses)
    yield "Situations that share a word:"
    yield bullets(_together(model))
    if model.never:
        yield f"Words that no view translates to: {code(model.never)}."


def _together(model: Model) -> Iterator[str]:
    for word in dict.fromkeys(word.word for word in model.words.values()):
        found = [situation for situation in Situation if model.words[situation].word == word]
        if len(found) > 1:
            yield f"{f'`{word}`' if word else 'no word'}: {'; '.join(found)}"


PAGES: Mapping[str, Callable[[], str]] = {"explanation/mapping.md": mapping_page}
"""The pages of this module, by their path in the docs."""
