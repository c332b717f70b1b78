"""Markdown that is read on a code host as well as on a site: tables, lists, fenced blocks.

One rule: a function takes words and returns a block without a blank line around it.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

COMMAND = "python -m tests.write reference"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table; a bar in a cell is written so that it ends none."""
    return "\n".join(map(_row, (head, ["---"] * len(head), *rows)))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def bullets(lines: Iterable[str]) -> str:
    """Draw a list."""
    return "\n".join(f"- {line}" for line in lines)


def fence(language: str, text: str) -> str:
    """Draw a block of code."""
    return f"```{language}\n{text.strip()}\n```"


def json_block(data: bytes) -> str:
    """Draw JSON, a line for each value."""
    return fence("json", msgspec.json.format(data).decode())


def literal(text: str) -> str:
    """Write a text so that no character of it means anything to Markdown."""
    return re.sub(r"([\\`*_<])", r"\\\1", text)


def code(words: Iterable[str]) -> str:
    """Write words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


def page(title: str, *blocks: str) -> str:
    """Put a page together, with a line that tells who wrote it."""
    return "\n\n".join((f"# {title}", f"<!-- generated: {COMMAND} -->", *filter(None, blocks))) + "\n"
