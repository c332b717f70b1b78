"""The service over HTTP without a socket, as an ASGI application, and its description in OpenAPI."""

from callstate.voipnow.http.asgi import Application, Receive, Scope, Send, capitalized
from callstate.voipnow.http.exchange import Exchange, Grant, Site, Tokens, respond
from callstate.voipnow.http.messages import BODY_LIMIT, HttpRequest, HttpResponse, json_response, problem, too_large
from callstate.voipnow.http.target import split

__all__ = [
    "BODY_LIMIT",
    "Application",
    "Exchange",
    "Grant",
    "HttpRequest",
    "HttpResponse",
    "Receive",
    "Scope",
    "Send",
    "Site",
    "Tokens",
    "capitalized",
    "json_response",
    "problem",
    "respond",
    "split",
    "too_large",
]
