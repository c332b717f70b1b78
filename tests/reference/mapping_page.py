"""The page that compares the states with those of other models.

One rule: the words are those of `mapping`; what falls together is counted, not typed.
"""

from collections.abc import Callable, Iterator, Mapping

from tests.reference.mapping import MODELS, Model, Situation
from tests.reference.markdown import bullets, code, page, table


def mapping_page() -> str:
    """Write the page of the mappings."""
    return page(
        "The states in other models",
        "How a view reads in five other models of call control, for whoever bridges to one of them. Each is a function "
        "from a view to a word, and knows one for every view; what it needs of the view is told in the first column. A "
        "hold by the other end, or that the other end still rings, is told by the view of that end, not by this one.",
        "Words were read in texts about the model, save those with a mark: † is from memory and was not checked; ° is "
        "the nearest word, by our own choice, where those texts have none. None: no word was found.",
        table(("A view", *(model.name for model in MODELS)), map(_row, Situation)),
        "A recording changes no word anywhere: it is a facet beside the state.",
        *(block for model in MODELS for block in _model(model)),
        "## What callstate has not",
        bullets(
            (
                (
                    "States between asking and getting, such as a hold that the far end has not confirmed: here an "
                    "action has happened or was refused. Who talks to such a system applies the action when it is "
                    "confirmed."
                ),
                "A queue: a party that waits for an agent is on call with whatever plays the music.",
                "Media: who hears whom follows from roles and holds, and is not modelled further.",
            )
        ),
    )


def _row(situation: Situation) -> tuple[str, ...]:
    return situation.value, *(str(model.words[situation]) for model in MODELS)


def _model(model: Model) -> Iterator[str]:
    yield f"## {model.name}"
    yield f"What was read: {model.read}"
    yield "What is lost:"
    yield bullets(model.losses)
    yield "What falls together:"
    yield bullets(_together(model))
    if model.never:
        yield f"Never the word for a view: {code(model.never)}."


def _together(model: Model) -> Iterator[str]:
    for word in dict.fromkeys(word.word for word in model.words.values()):
        found = [situation for situation in Situation if model.words[situation].word == word]
        if len(found) > 1:
            yield f"{f'`{word}`' if word else 'no word'}: {'; '.join(found)}"


PAGES: Mapping[str, Callable[[], str]] = {"explanation/mapping.md": mapping_page}
"""The pages of this module, by where they stand in the docs."""
