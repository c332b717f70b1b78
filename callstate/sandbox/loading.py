"""What a sandbox is given to start with, read: who is who, calls as a service lists them, and what phones do.

One rule: whatever is wrong is one line that names what was given. Short numbers are written in full, as everywhere
behind the service. This module opens no file.
"""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from callstate.domain import NUMBER, DomainError, PhoneCall, is_extension
from callstate.engine import LENIENT
from callstate.sandbox import demo
from callstate.sandbox.phones import Phone
from callstate.voipnow.service import FULL_NUMBER, Directory, load_directory
from callstate.voipnow.wire import Listed, as_text, decode_call


class SetupError(Exception):
    """The sandbox cannot be started; the message is the line to print."""


class Given(NamedTuple):
    """A text, and the name by which the user knows it."""

    name: str
    data: bytes


def directory_of(given: Given | None) -> Directory:
    """Read a directory, or take that of the demo."""
    name, data = ("of the demo", demo.DIRECTORY) if given is None else given
    directory = load_directory(data)
    if isinstance(directory, Directory):
        return directory
    raise SetupError(f"the directory {name} cannot be read: {'; '.join(directory)}")


def calls_of(given: Given, directory: Directory, at: datetime) -> list[PhoneCall]:
    """Read calls, each of another id and with numbers that the directory knows by their long form."""
    name, data = given
    try:
        entries = msgspec.json.decode(data, type=Listed).entry
    except (ValueError, RecursionError) as error:
        raise SetupError(f'the calls {name} cannot be read as {{"entry": [CALL, ...]}}: {error}') from None
    return calls_from(name, entries, directory, at)


def calls_from(name: str, entries: Iterable[msgspec.Raw], directory: Directory, at: datetime) -> list[PhoneCall]:
    """Read calls as the service lists them."""
    calls: dict[str, PhoneCall] = {}
    for place, entry in enumerate(entries):
        call = _call(bytes(entry), directory, at)
        if isinstance(call, str) or call.id in calls:
            wrong = call if isinstance(call, str) else f"call {call.id!r} comes twice"
            raise SetupError(f"the calls {name} cannot be read: entry {place}: {wrong}")
        calls[call.id] = call
    return list(calls.values())


def phones_of(given: Given) -> dict[str, Phone]:
    """Read what phones do, by number, from JSON or TOML."""
    name, data = given
    try:
        plain = msgspec.json.decode(data) if data.lstrip().startswith(b"{") else tomllib.loads(data.decode())
        phones = msgspec.convert(plain, dict[str, Phone])
    except (ValueError, RecursionError) as error:
        raise SetupError(f"the phones {name} cannot be read: {error}") from None
    wrong = next((number for number in phones if NUMBER.fullmatch(number) is None), None)
    if wrong is not None:
        raise SetupError(f"the phones {name} cannot be read: {wrong!r} is not a phone number")
    return phones


def _call(entry: bytes, directory: Directory, at: datetime) -> PhoneCall | str:
    """Read a call, or say what is wrong with it."""
    rules = replace(LENIENT, numbering=directory.numbering)
    read = decode_call(_in_full(entry, directory), at=at, rules=rules)
    if isinstance(read, DomainError):
        return read.message
    views = (view.extension for view in read.views if not view.outside)
    parkers = (view.parking.by for view in read.views if view.parking is not None)
    extensions = filter(is_extension, (read.extension, *views, *parkers))
    short = next((number for number in extensions if FULL_NUMBER.fullmatch(number) is None), None)
    return read if short is None else f"{short} is nobody's short number in the organization that its ownerId names"


NUMBERS = frozenset({"extension", "source", "destination", "parkedBy"})
"""The fields of a listing that hold numbers."""


def _in_full(entry: bytes, directory: Directory) -> bytes:
    """Write the numbers of a listing in full, before it is worked out who stands where; other data stays."""
    try:
        fields = msgspec.json.decode(entry, type=dict[str, object])
    except (ValueError, RecursionError):
        return entry
    owner = fields.get("ownerId")

    def full(value: object) -> object:
        if isinstance(value, list):
            return [full(one) for one in value]
        if not isinstance(value, str | int):
            return value  # null is the same as absent; what else is wrong its reader says
        return directory.full_number(as_text(value), None if owner is None else as_text(owner))

    def in_full(listed: object) -> object:
        if isinstance(listed, list):
            return [in_full(one) for one in listed]
        if not isinstance(listed, dict):
            return listed
        return {name: full(value) if name in NUMBERS else value for name, value in listed.items()}

    whole = {name: in_full(value) if name == "phoneCallView" else value for name, value in fields.items()}
    return msgspec.json.encode(in_full(whole))
