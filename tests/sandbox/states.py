"""The file of named states, made from the scenarios of the documentation: `python -m tests.write states`."""

from importlib.resources import files
from typing import Any

import msgspec

from callstate import PhoneCall
from callstate.sandbox.named_states import FILE
from tests.scenarios import PATHS, load


def document() -> bytes:
    """Write the file: the given call of each scenario, without what is at its default."""
    states: dict[str, Any] = {}
    for path in PATHS:
        scenario = load(path)
        if scenario.given is not None:
            given = msgspec.json.decode(path.read_bytes())["given"]
            states[path.stem] = {"title": scenario.title, "call": given}
    return msgspec.json.format(msgspec.json.encode(states), indent=1) + b"\n"


def read() -> bytes:
    return files("callstate.sandbox").joinpath(FILE).read_bytes()


def calls() -> dict[str, PhoneCall]:
    return {path.stem: call for path in PATHS if (call := load(path).given) is not None}


def write() -> None:
    files("callstate.sandbox").joinpath(FILE).write_bytes(document())  # type: ignore[attr-defined]  # a folder of the checkout
