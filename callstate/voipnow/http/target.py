"""The target of a request, read: the words of its path, and its query.

One rule: it is read tolerantly, as clients write it, and judged by nobody here.
"""

import re
from urllib.parse import parse_qsl, unquote

ORIGIN = re.compile(r"https?://[^/?]*", re.IGNORECASE)
PLUS = re.compile(
    r"([=,]|%2C)\+(?=[0-9])|([0-9]T[0-9](?:[0-9:.]|%3A)+)\+(?=[0-9]{2}(?::|%3A)?[0-9]{2}(?![0-9]))", re.IGNORECASE
)
"""A plus in a query that is not a space: in front of a number, or of the offset of a date."""


def split(target: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Part a target into the words of its path and its query.

    In front of the path may stand our address, and two slashes, as in the vendor's own links. In the query a plus is a
    space, except in front of a number or of a date's offset, because clients write those as they are. A parameter that
    comes more than once is a list, which the vendor writes with commas.
    """
    text = target.encode(errors="replace").decode()  # half a surrogate pair cannot be written in an answer
    origin = ORIGIN.match(text)
    path, _, query = text[origin.end() if origin else 0 :].partition("?")
    values: dict[str, str] = {}
    for name, value in parse_qsl(PLUS.sub(r"\1\2%2B", query), keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    segments = path.removesuffix("/").lstrip("/").split("/")
    return tuple(map(unquote, segments)), values
