"""Tokens, as the vendor's token service gives them to applications.

One rule: a token stands for one account until it expires. Everybody may be everybody here: the name of an account and
the one secret of the sandbox are enough.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import msgspec

from callstate.voipnow.http import Grant, HttpRequest, HttpResponse, Tokens, json_response
from callstate.voipnow.service import Directory

LIFE = timedelta(hours=1)

SECRET = "sandbox"  # noqa: S105  # it guards nothing


class TokenIssuer:
    """Where tokens are given out."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._grants: dict[str, Grant] = {}

    @property
    def tokens(self) -> Tokens:
        """All tokens that were given out, the expired ones included."""
        return self._grants

    def issue(self, account: str, at: datetime) -> str:
        """Make a token for an account."""
        token = secrets.token_hex(16)
        self._grants[token] = Grant(account=account, until=at + LIFE)
        return token

    def answer(self, request: HttpRequest, at: datetime) -> HttpResponse:
        """Answer an application that asks for a token."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if form.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", "The grant_type is client_credentials.")
        account = form.get("client_id", "")
        if self._directory.account(account) is None or form.get("client_secret") != SECRET:
            return _refusal(401, "invalid_client", f"client_id is the id of an account, client_secret is {SECRET}.")
        answer = {
            "access_token": self.issue(account, at),
            "expires_in": int(LIFE.total_seconds()),
            "token_type": "Bearer",
        }
        return json_response(200, msgspec.json.encode(answer))


def _refusal(status: int, code: str, description: str) -> HttpResponse:
    """Make a refusal in the manner of OAuth, where the error is a text."""
    return json_response(status, msgspec.json.encode({"error": code, "error_description": description}))
