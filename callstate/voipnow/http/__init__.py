"""The service over HTTP without a socket, as an ASGI application, and its description in OpenAPI."""

from callstate.voipnow.http.asgi import Application, Asgi, Message, Receive, Scope, Send, capitalized, request_of
from callstate.voipnow.http.exchange import Exchange, Grant, Site, Tokens, respond
from callstate.voipnow.http.messages import BODY_LIMIT, HttpRequest, HttpResponse, json_response, problem, too_large
from callstate.voipnow.http.target import split

__all__ = [
    "BODY_LIMIT",
    "Application",
    "Asgi",
    "Exchange",
    "Grant",
    "HttpRequest",
    "HttpResponse",
    "Message",
    "Receive",
    "Scope",
    "Send",
    "Site",
    "Tokens",
    "capitalized",
    "json_response",
    "problem",
    "request_of",
    "respond",
    "split",
    "too_large",
]
