"""What a sandbox is given to start with, read: who is who, and calls as a service lists them.

One rule: whatever is wrong is one line that names what was given. Short numbers are written in full, as everywhere
behind the service. This module opens no file.
"""

from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from callstate.errors import DomainError
from callstate.model import PhoneCall, PhoneCallView
from callstate.numbering import is_extension
from callstate.sandbox import demo
from callstate.voipnow.directory import FULL_NUMBER, Directory, load_directory
from callstate.voipnow.wire import Listed, decode_call


class SetupError(Exception):
    """The sandbox cannot be started; the message is the line to print."""


class Given(NamedTuple):
    """A text, and the name by which whoever gave it knows it."""

    name: str
    data: bytes


def directory_of(given: Given | None) -> Directory:
    """Read a directory, or take that of the demo."""
    name, data = ("of the demo", demo.DIRECTORY) if given is None else given
    directory = load_directory(data)
    if isinstance(directory, Directory):
        return directory
    raise SetupError(f"the directory {name} cannot be read: {'; '.join(directory)}")


def calls_of(given: Given, directory: Directory) -> list[PhoneCall]:
    """Read calls, each of another id and with numbers that the directory knows by their long form."""
    name, data = given
    try:
        entries = msgspec.json.decode(data, type=Listed).entry
    except (ValueError, RecursionError) as error:
        raise SetupError(f'the calls {name} cannot be read as {{"entry": [CALL, ...]}}: {error}') from None
    calls: dict[str, PhoneCall] = {}
    for place, entry in enumerate(entries):
        call = _call(bytes(entry), directory)
        if isinstance(call, str) or call.id in calls:
            wrong = call if isinstance(call, str) else f"call {call.id!r} comes twice"
            raise SetupError(f"the calls {name} cannot be read: entry {place}: {wrong}")
        calls[call.id] = call
    return list(calls.values())


def _call(entry: bytes, directory: Directory) -> PhoneCall | str:
    """Read a call, or say what is wrong with it."""
    read = decode_call(entry)
    if isinstance(read, DomainError):
        return read.message
    call = _in_full(read, directory)
    extensions = filter(is_extension, (call.extension, *(view.extension for view in call.views)))
    short = next((number for number in extensions if FULL_NUMBER.fullmatch(number) is None), None)
    return call if short is None else f"{short} is nobody's short number in the organization that its ownerId names"


def _in_full(call: PhoneCall, directory: Directory) -> PhoneCall:
    def full(number: str) -> str:
        return directory.full_number(number, call.owner_id)

    def in_full(view: PhoneCallView) -> PhoneCallView:
        parking = None if view.parking is None else replace(view.parking, by=full(view.parking.by))
        ends = {"source": tuple(map(full, view.source)), "destination": tuple(map(full, view.destination))}
        return replace(view, extension=full(view.extension), parking=parking, **ends)

    return replace(call, extension=full(call.extension), views=tuple(map(in_full, call.views)))
