"""The files of the console, a page that shows and moves the sandbox: they are sent as they are.

One rule: the page can load nothing but these files, and can talk to nobody but the sandbox that sent it.
"""

from collections.abc import Mapping
from importlib.resources import files

from callstate.voipnow.http import HttpResponse

FOLDER = "console"

KINDS: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
"""The media types of the files, by the ends of their names."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


def name_of(words: tuple[str, ...]) -> str | None:
    """Return which file a path names: `/` the page, `/console/board.js` a file beside it; `None` if it names none."""
    if words == ("",):
        return "index.html"
    return words[1] if len(words) == 2 and words[0] == FOLDER else None  # noqa: PLR2004  # /console/{file}


def console_file(name: str) -> HttpResponse | None:
    """Make the answer that is a file, if there is one of this name."""
    folder = files(__package__).joinpath(FOLDER)
    found = {file.name: file for file in folder.iterdir()}.get(name)
    if found is None:
        return None
    body = found.read_bytes()
    about = (("Content-Type", KINDS[name.rpartition(".")[2]]), ("Content-Length", str(len(body))))
    return HttpResponse(status=200, headers=(*about, *HEADERS), body=body)
