"""The files of the machine-readable reference, and where they stand."""

from pathlib import Path

import msgspec

from tests.reference.machine_form import schema
from tests.reference.machine_readable import document

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
DOCUMENT = REFERENCE / "callstate.json"
SCHEMA = REFERENCE / "callstate.schema.json"


def encoded() -> bytes:
    """Write the document, a line for each value."""
    return msgspec.json.format(msgspec.json.encode(document())) + b"\n"


def write() -> None:
    """Write both files."""
    DOCUMENT.write_bytes(encoded())
    SCHEMA.write_bytes(schema())
