"""A service to try clients against. Only this wing and the command line read a clock, open files or use sockets."""

from callstate.sandbox.loading import Given, SetupError
from callstate.sandbox.log import Style
from callstate.sandbox.output import LineWriter
from callstate.sandbox.server import Settings, serve
from callstate.sandbox.tls import CertificateFiles

__all__ = [
    "CertificateFiles",
    "Given",
    "LineWriter",
    "Settings",
    "SetupError",
    "Style",
    "serve",
]
