"""Access tokens, as the vendor's token service gives them to applications.

One rule: a token stands for one account until it expires. Tokens live by the machine's clock, not by the sandbox's, so
that a test can move the time of calls by days and stay logged in. Any account may be used: its name and the one secret
of the sandbox are enough.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec

from callstate.voipnow.http import Grant, HttpRequest, HttpResponse, json_response
from callstate.voipnow.service import Directory

LIFE_SECONDS = 3600

MOST = 10_000
"""So many tokens are kept; a new one then replaces the oldest."""

SECRET = "sandbox"  # noqa: S105  # it guards nothing

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of a grant as the service sees it: whether a token has expired is decided here, by another clock."""


class _Token(NamedTuple):
    grant: Grant
    until: float


class TokenIssuer(Mapping[str, Grant]):
    """Gives tokens out, and is the mapping of the tokens that are valid now.

    `draw` returns so many random bytes as hexadecimal digits. The tokens in `fixed`, each with its account, are valid
    until they are expired on purpose.
    """

    def __init__(self, directory: Directory, draw: Callable[[int], str], fixed: Mapping[str, str]) -> None:
        self._directory = directory
        self._draw = draw
        self._given = {token: Grant(account=account, until=FOREVER) for token, account in fixed.items()}
        self._fixed = dict(self._given)
        self._issued: OrderedDict[str, _Token] = OrderedDict()

    def renew_fixed(self) -> None:
        """Make the fixed tokens valid again."""
        self._fixed = dict(self._given)

    def issue(self, account: str) -> str:
        """Make a token for an account."""
        token = self._draw(16)
        self._issued[token] = _Token(Grant(account=account, until=FOREVER), time.monotonic() + LIFE_SECONDS)
        while len(self._issued) > MOST or next(iter(self._issued.values())).until <= time.monotonic():
            self._issued.popitem(last=False)
        return token

    def expire(self, *, token: str | None = None, account: str | None = None) -> int:
        """Expire one token, those of an account, or all; return how many."""
        accounts = {one: grant.account for one, grant in self._fixed.items()}
        accounts |= {one: issued.grant.account for one, issued in self._issued.items()}
        expired = [one for one, owner in accounts.items() if token in (None, one) and account in (None, owner)]
        for one in expired:
            self._fixed.pop(one, None)
            self._issued.pop(one, None)
        return len(expired)

    # The valid tokens, for the service -----------------------------------------------------------------------------

    def __getitem__(self, token: str) -> Grant:
        fixed = self._fixed.get(token)
        if fixed is not None:
            return fixed
        issued = self._issued[token]
        if issued.until <= time.monotonic():
            raise KeyError(token)
        return issued.grant

    def __iter__(self) -> Iterator[str]:
        return iter((*self._fixed, *self._issued))

    def __len__(self) -> int:
        return len(self._fixed) + len(self._issued)

    # The token service ---------------------------------------------------------------------------------------------

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer an application that asks for a token."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if form.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", "The grant_type must be client_credentials.")
        account = form.get("client_id", "")
        if self._directory.account(account) is None or form.get("client_secret") != SECRET:
            return _refusal(401, "invalid_client", f"client_id is the id of an account, client_secret is {SECRET}.")
        answer = {"access_token": self.issue(account), "expires_in": LIFE_SECONDS, "token_type": "Bearer"}
        return json_response(200, msgspec.json.encode(answer))


def _refusal(status: int, code: str, description: str) -> HttpResponse:
    """Make a refusal in the manner of OAuth, where the error is a text."""
    return json_response(status, msgspec.json.encode({"error": code, "error_description": description}))
