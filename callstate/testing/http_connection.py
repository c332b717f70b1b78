"""The connection to a service that is judged: requests with a token, and each exchange as it was.

One rule: a token that is refused and a service that cannot be reached end the judging; neither is a difference.
"""

import ssl
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import httpx
import msgspec

from callstate.testing.exchanges import HttpExchange
from callstate.testing.subjects import NotJudgedError, UnreadableAnswerError

SECONDS = 30
"""How long an answer may take."""

UNAUTHORIZED = 401

Token: TypeAlias = str | Callable[[], str]
"""An access token, or a function that gets one; it is called again when the service refuses the token before."""


def client_credentials(base_url: str, client_id: str, client_secret: str) -> Callable[[], str]:
    """Return a function that gets an access token of the service at `base_url` for an application's id and secret."""
    url = f"{base_url.rstrip('/')}/oauth/token.php"
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}

    def token() -> str:
        try:
            response = httpx.post(url, data=form, timeout=SECONDS, verify=_context())
            return str(response.raise_for_status().json()["access_token"])
        except httpx.HTTPStatusError as error:
            raise NotJudgedError(f"no token is given: POST {url} is answered {error.response.status_code}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreachable(base_url, error) from None
        except (ValueError, LookupError, TypeError):
            raise NotJudgedError(f"no token is given: POST {url} is answered without an access_token") from None

    return token


class HttpConnection:
    """Requests to the service at `base_url` in the name of the user of a token."""

    def __init__(self, base_url: str, token: Token, transport: httpx.BaseTransport | None) -> None:
        self.exchanges: list[HttpExchange] = []
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._client = httpx.Client(transport=transport, timeout=SECONDS, verify=_context())
        self._authorize()

    def send(self, method: str, path: str, body: object = None) -> HttpExchange:
        """Send a request, with a new token if the one before has expired, and return what came of it."""
        data = None if body is None else msgspec.json.encode(body)
        exchange = self._exchange(method, path, data)
        if exchange.status == UNAUTHORIZED and callable(self._token):
            self._authorize()
            exchange = self._exchange(method, path, data)
        if exchange.status == UNAUTHORIZED:
            raise NotJudgedError(f"the token was refused: {exchange.unreadable}")
        self.exchanges.append(exchange)
        return exchange

    def close(self) -> None:
        """Close the sockets."""
        self._client.close()

    def _authorize(self) -> None:
        token = self._token() if callable(self._token) else self._token
        self._client.headers["Authorization"] = f"Bearer {token}"

    def _exchange(self, method: str, path: str, data: bytes | None) -> HttpExchange:
        url = self._base_url + path
        headers = {} if data is None else {"Content-Type": "application/json"}
        try:
            response = self._client.request(method, url, content=data, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise _unreachable(self._base_url, error) from None
        except httpx.HTTPError as error:
            raise UnreadableAnswerError(
                f"{method} {url} is not answered: {str(error) or type(error).__name__}"
            ) from None
        return HttpExchange(
            method, url, path, data, response.status_code, response.content, response.headers.get("Date")
        )


def _unreachable(base_url: str, error: Exception) -> NotJudgedError:
    return NotJudgedError(f"{base_url} cannot be reached: {error}")


@cache
def _context() -> ssl.SSLContext:
    """Return the certificates that this machine trusts; to load them takes longer than a trial."""
    return ssl.create_default_context()
