"""A service to try clients against. Only this wing and the command line read a clock, open files or use sockets."""

from callstate.sandbox.event_deliveries import DeliveryEntry
from callstate.sandbox.faults import Delivery, Fault
from callstate.sandbox.incoming_calls import Incoming
from callstate.sandbox.journal import Entry
from callstate.sandbox.loading import Given, SetupError, directory_of
from callstate.sandbox.log import Style
from callstate.sandbox.log_writer import LineWriter
from callstate.sandbox.named_states import moved
from callstate.sandbox.phone_system import PhoneSystem, Setup
from callstate.sandbox.phones import Phone
from callstate.sandbox.server import Settings, listening, serve, server_for
from callstate.sandbox.tls import CertificateFiles

__all__ = [
    "CertificateFiles",
    "Delivery",
    "DeliveryEntry",
    "Entry",
    "Fault",
    "Given",
    "Incoming",
    "LineWriter",
    "Phone",
    "PhoneSystem",
    "Settings",
    "Setup",
    "SetupError",
    "Style",
    "directory_of",
    "listening",
    "moved",
    "serve",
    "server_for",
]
