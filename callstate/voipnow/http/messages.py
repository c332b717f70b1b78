"""Requests and answers of HTTP as values, without a socket.

One rule: an answer has all its headers, and the body of one that cannot be served is JSON too. This module knows no
path.
"""

from http import HTTPStatus
from typing import TypeAlias

import msgspec

BODY_LIMIT = 1 << 20
"""The longest body that is read, in bytes."""

Headers: TypeAlias = tuple[tuple[str, str], ...]


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came: the target is path and query, the names of the headers are in any case.

    `base` is our own address as the client has it, without a path: `https://host`.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    base: str = ""

    def header(self, name: str) -> str | None:
        """Return the value of a header, joined if it came more than once."""
        values = [value.strip() for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, with all its headers. To HEAD the body is empty, and the headers tell what GET would have."""

    status: int
    headers: Headers
    body: bytes


def json_response(status: int, body: bytes, *headers: tuple[str, str]) -> HttpResponse:
    """Make an answer with a body of JSON."""
    about = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if status == HTTPStatus.UNAUTHORIZED:
        about.append(("WWW-Authenticate", "Bearer"))
    return HttpResponse(status=status, headers=(*about, *headers), body=body)


def too_large() -> HttpResponse:
    """Make the answer to a body that is longer than what is read."""
    return problem(413, "request_too_large", f"A body has at most {BODY_LIMIT} bytes.")


def problem(status: int, code: str, message: str, *headers: tuple[str, str]) -> HttpResponse:
    """Make the answer to what cannot be served."""
    body = msgspec.json.encode({"error": {"code": code, "message": message}})
    return json_response(status, body, *headers)
