"""Access tokens, as the vendor's token service gives them to applications.

One rule: a token stands for one account until it expires. Tokens live by the machine's clock, not by the sandbox's, so
that a test can move the time of calls by days and stay logged in. Any account may be used: its name and the one secret
of the sandbox are enough.
"""

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
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


class Issued(NamedTuple):
    """A token that was given out: what it grants, and until when, by the clock of the issuer."""

    grant: Grant
    until: float


class TokenIssuer(Mapping[str, Grant]):
    """Gives tokens out, and is the mapping of the tokens that are valid now.

    `draw` returns so many random bytes as hexadecimal digits. The tokens in `fixed`, each with its account, are valid
    until they are expired on purpose. `kept` and `issued` are where these and the other tokens are kept, and `clock`
    tells the time in seconds.
    """

    def __init__(  # noqa: PLR0913  # the last three by their names
        self,
        directory: Directory,
        draw: Callable[[int], str],
        fixed: Mapping[str, str],
        *,
        kept: MutableMapping[str, Grant] | None = None,
        issued: MutableMapping[str, Issued] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._directory = directory
        self._draw = draw
        self._given = {token: Grant(account=account, until=FOREVER) for token, account in fixed.items()}
        self._fixed: MutableMapping[str, Grant] = {} if kept is None else kept
        self._issued: MutableMapping[str, Issued] = {} if issued is None else issued
        self._clock = clock or time.monotonic
        self.renew_fixed()

    def renew_fixed(self) -> None:
        """Make the fixed tokens valid again."""
        self._fixed.update(self._given)

    def issue(self, account: str) -> str:
        """Make a token for an account."""
        token = self._draw(16)
        self._issued[token] = Issued(Grant(account=account, until=FOREVER), self._clock() + LIFE_SECONDS)
        while len(self._issued) > MOST or self._oldest()[1].until <= self._clock():
            self._issued.pop(self._oldest()[0], None)
        return token

    def _oldest(self) -> tuple[str, Issued]:
        return next(iter(self._issued.items()))

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
        if issued.until <= self._clock():
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
