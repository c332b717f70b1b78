"""The documentation is plain technical English: phrases that make a reader stop are found, with their place.

Code, commands and their output, and the names of the wire are exempt. The docstrings and the messages of the package
are searched as well.
"""

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pytest

from callstate.domain import ACTIONS
from callstate.engine.cross_view_rules import RULES
from callstate.engine.explain import QUESTIONS
from callstate.testing import LAWS
from tests.documentation.programs import ROOT


class Banned(NamedTuple):
    """A pattern, in which a space is any white space; what to write instead; and a sentence that contains it."""

    pattern: str
    instead: str
    example: str


BANNED = (
    Banned(r"\bwhoever\b", "the one who, anyone who", "Whoever asks is told."),
    Banned(r"\bwhose\b", "of which, that has", "An extension whose call it is."),
    Banned(r"\banew\b", "again", "The time starts anew."),
    Banned(r"\blikewise\b", "in the same way, too", "Likewise for the other."),
    Banned(r"\bat once\b", "immediately, at the same time", "It is connected at once."),
    Banned(r"\bblanks?\b", "space", "Letters and blanks."),
    Banned(r"\bof ours\b|\bcodes of our own\b", "callstate-specific", "These are codes of ours."),
    Banned(r"\bours\b", "callstate's, this project's", "The others are ours."),
    Banned(r"\bgoal holds\b|\bholds already\b", "it is already so", "The goal holds already."),
    Banned(r"\bthe goal\b", "what the action asks for", "The goal can no longer be reached."),
    Banned(r"\bwhat is (?:not so|no|not)\b", "a plain subject", "What is not so is refused."),
    Banned(r"\bfor nobody\b", "because nobody", "It rings for nobody."),
    Banned(r"\bsave (?:that|for|when|if|where|as|those|one|a|the|by|[A-Z])|, save\b", "except", "All, save HangUp."),
    Banned(r"\btold are\b|\bkept is\b|\btold apart\b", "subject first", "Told are the median and the quartiles."),
    Banned(r"\binstants?\b", "time", "It takes an instant."),
    Banned(r"\bnews\b", "late report", "News that is not new."),
    Banned(r"\bon call\b", "connected", "The party is on call."),
    Banned(r"\bnobody in particular\b", "@self", "Nobody in particular asks."),
    Banned(r"\bnotwithstanding\b|\btherein\b|\bthereof\b|\bwhence\b|\bthereby\b", "plain words", "Thereby it is done."),
    Banned(r"\bthe very\b", "the same, exactly", "The very same object."),
    Banned(r"\bas it is then\b", "updated", "The call as it is then."),
    Banned(r"\bbegin(?:s|ning)? (?:a)?new\b", "again", "It begins new."),
    Banned(r"\b(?:speaks?|said|says?|told|tells?) of\b", "mention, report", "The page tells of it."),
    Banned(r"\bcomes? of (?:it|them|that)\b", "result", "Use what comes of it."),
    Banned(r"\bto be told\b|\bhears? of\b", "to be notified, to know", "A client hears of it."),
    Banned(r"\bwhatever (?:was|comes|it|they)\b", "everything that", "Whatever was due has happened."),
    Banned(r"\b(?:an|the) (?:asker|one|party) that is told\b", "subject first", "The party that is told."),
    Banned(
        r"(?:^|[.:;] )Who (?:has|was|holds|rings|barges|transfers|names|leaves|asks|stops|monitors|supervises)\b",
        "the party that",
        "Gone. Who has left stays.",
    ),
    Banned(r"(?<!who\x20)\b(?:is|of|by|with|from) who\b", "the party that", "The state is that of who holds."),
    Banned(
        r"(?<!there\x20)\b(?:is|are|was|were) no (?!longer\b|more\b|one\b|lower\b|higher\b|less\b|deadline\b)",
        "is not a",
        "It is no number.",
    ),
    Banned(r"\bno more[.,;:]", "no longer", "It is listed no more."),
    Banned(
        r", for (?:it|they|he|she|there|nobody|everybody|what|that|this|these|those|which|somebody|who|of|by|then|to)"
        r"\b",
        "because",
        "It rings, for it must.",
    ),
    Banned(
        r", for (?:the|a|an|all|no|most|his|her|its|their|calls|names|clients|views|events)"
        r" (?:[\w`-]+ ){1,3}(?:is|are|was|were|has|have|had|does|do|must|can|may|will|would|goes|follows|leaves|tells?)"
        r"\b",
        "because",
        "It rings, for the phone is called.",
    ),
)
"""What not to write. `for` is banned only as a conjunction, which can be told by what follows it."""


class Text(NamedTuple):
    """A piece of prose and its place: a file, and the line at which the piece begins."""

    file: str
    line: int
    prose: str

    def findings(self) -> Iterator[str]:
        """Yield each banned phrase with its place."""
        for banned in BANNED:
            for found in re.finditer(banned.pattern.replace(" ", r"\s+"), self.prose, re.MULTILINE | re.IGNORECASE):
                line = self.line + self.prose.count("\n", 0, found.start())
                said = " ".join(found[0].split())
                yield f"{self.file}:{line}: “{said}” (write: {banned.instead})"


# Where prose is found -------------------------------------------------------------------------------------------------

EXEMPT = re.compile(
    r"^```.*?^```$"  # code, commands and their output
    r"|^<!-- (?:callstate|generated: python|python) .*?<!-- end(?: of generated)? -->$"  # tables that a command writes
    r"|^    \S.*?$"  # code by indentation
    r"|`[^`]+`"
    r"|\]\([^)\s]+\)",  # the address of a link
    re.MULTILINE | re.DOTALL,
)


def _from_the_package() -> Iterator[str]:
    """Yield the sentences that generated pages quote from the package."""
    for document in (*(rule.__doc__ for rule, *_ in RULES), *(law.__doc__ for law in LAWS)):
        sentence = " ".join((document or "").split()).removeprefix("Check that ")
        yield sentence[:1].upper() + sentence[1:]
    yield from QUESTIONS.values()
    for kind in ACTIONS:
        yield from (re.sub(r"([\\`*_<])", r"\\\1", rule.needed) for rule in kind.field_rules)


QUOTED = tuple(_from_the_package())


def prose_of(markdown: str) -> str:
    """Blank out what is exempt, so that every line keeps its number."""
    for pattern in (EXEMPT, *(re.compile(re.escape(sentence)) for sentence in QUOTED)):
        markdown = pattern.sub(lambda found: re.sub(r"\S", "·", found[0]), markdown)
    return markdown


def pages() -> Iterator[Text]:
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))):
        yield Text(str(path.relative_to(ROOT)), 1, prose_of(path.read_text("utf-8")))


def scenarios() -> Iterator[Text]:
    for path in sorted((ROOT / "docs" / "scenarios").glob("*.json")):
        scenario = json.loads(path.read_text("utf-8"))
        if path.name != "schema.json":
            yield Text(str(path.relative_to(ROOT)), 2, prose_of(f"{scenario['title']}\n{scenario['why']}"))


def _strings(*, docstrings: bool) -> Iterator[Text]:
    """Yield the docstrings of the package, also those of attributes, or all its other strings of several words."""
    for path in sorted((ROOT / "callstate").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and (id(node) in documents) is docstrings:
                value = node.value if isinstance(node.value, str) else ""
                if " " in value:
                    yield Text(str(path.relative_to(ROOT)), node.lineno, prose_of(inspect.cleandoc(value)))


def docstrings() -> Iterator[Text]:
    return _strings(docstrings=True)


def messages() -> Iterator[Text]:
    return _strings(docstrings=False)


SOURCES: Mapping[str, Callable[[], Iterator[Text]]] = {
    "pages": pages,
    "scenarios": scenarios,
    "docstrings": docstrings,
    "messages": messages,
}


@pytest.mark.parametrize("source", SOURCES)
def test_no_banned_phrase_is_used(source: str) -> None:
    found = [finding for text in SOURCES[source]() for finding in text.findings()]
    assert not found, "\n".join(["", *found])


# The check itself can fail --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("banned", BANNED, ids=lambda banned: banned.pattern)
def test_each_phrase_is_found_in_its_example(banned: Banned) -> None:
    assert any(f"(write: {banned.instead})" in finding for finding in Text("a.md", 1, banned.example).findings())


def test_a_phrase_is_found_at_its_place_across_lines() -> None:
    text = Text("a.md", 1, prose_of("# Title\n\nThe phone rings at\nonce.\n"))
    assert [finding.split(" ")[0] for finding in text.findings()] == ["a.md:3:"]


def test_code_and_the_names_of_the_wire_are_exempt() -> None:
    page = "A `blank` in\n\n```text\nwhoever\n```\n\n    at once\n\n[a page](anew.md)\n"
    assert list(Text("a.md", 1, prose_of(page)).findings()) == []


@pytest.mark.parametrize("sentence", ["It waits for it.", "A list for each call, for a client and for the phone."])
def test_for_as_a_preposition_is_no_finding(sentence: str) -> None:
    assert list(Text("a.md", 1, sentence).findings()) == []


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_has_prose(source: str) -> None:
    assert sum(len(text.prose.split()) for text in SOURCES[source]()) > 500
