"""What a request asks for, read from it as far as the log, the journal and faults need it.

One rule: this module judges nothing; what cannot be read is left out. No secret leaves it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from callstate.voipnow.http import HttpRequest, HttpResponse, split

SECRETS = frozenset({"accessRequestToken", "client_secret", "access_token"})
"""Parameters with values that are never shown."""

MASK = "***"

_OF_A_CALL = 5
"""So many words has the path of one call: root, resource, user, extension, id."""

_EXTENSIONS = "extensions"
"""The resource of the paths of call events; their fifth word is `phoneCallEvents` and never the id of a call."""

_TOKEN_PATH = ("oauth", "token.php")
_CONSOLE_PATHS = (("sandbox", "updates"), ("sandbox", "history"))


class Asked(NamedTuple):
    """A request: its path, its query without secrets, and the action and the call that it names."""

    method: str
    words: tuple[str, ...]
    query: Mapping[str, str]
    action: str | None
    call: str | None

    @property
    def path(self) -> str:
        """The path as text."""
        return "/" + "/".join(self.words)

    @property
    def of_tokens(self) -> bool:
        """Whether it is for the token service."""
        return self.words == _TOKEN_PATH

    @property
    def of_the_console(self) -> bool:
        """Whether it only reads what the console shows."""
        return self.words[0] in ("", "console") or self.words in _CONSOLE_PATHS


class _Body(msgspec.Struct):
    action: str | None = None


class _Problem(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Refusal(msgspec.Struct):
    error: _Problem | str
    error_description: str = ""


_body = msgspec.json.Decoder(_Body).decode
_refusal = msgspec.json.Decoder(_Refusal).decode


def read(request: HttpRequest) -> Asked:
    """Read what a request asks for.

    The action of a request that creates a call is the kind of call; of one that subscribes it is `phoneCallEvents`.
    """
    words, query = split(request.target)
    shown = {name: MASK if name in SECRETS else value for name, value in query.items()} if query else query
    call = words[-1] if len(words) == _OF_A_CALL and words[1] != _EXTENSIONS else None
    creates = request.method == "POST" and words[0] != "sandbox"
    action = words[:_OF_A_CALL][-1] if creates else _action(request)
    return Asked(request.method, words, shown, action, call)


def _action(request: HttpRequest) -> str | None:
    if request.method != "PUT" or not request.body:
        return None
    try:
        return _body(request.body).action
    except (ValueError, RecursionError):
        return None


def refusal_of(response: HttpResponse) -> tuple[str | None, str | None]:
    """Return the code of a refusal and its sentence; twice `None` if it is none."""
    if response.status < 400:  # noqa: PLR2004  # the statuses of errors begin there
        return None, None
    try:
        refusal = _refusal(response.body)
    except (ValueError, RecursionError):  # the answer to HEAD has no body
        return None, None
    if isinstance(refusal.error, str):
        return refusal.error, refusal.error_description
    return refusal.error.code, refusal.error.message
