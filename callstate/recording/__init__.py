"""Recorders for other people's servers: traces of ASGI applications and of HAR files."""

from callstate.recording.har import UnreadableHarError, trace_of_har
from callstate.recording.middleware import TraceMiddleware, TraceWriter

__all__ = ["TraceMiddleware", "TraceWriter", "UnreadableHarError", "trace_of_har"]
