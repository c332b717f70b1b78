"""A service to try clients against. Only this wing and the command line read a clock, open files or use sockets."""

from callstate.sandbox.loading import Given, SetupError
from callstate.sandbox.server import Settings, serve

__all__ = [
    "Given",
    "Settings",
    "SetupError",
    "serve",
]
