"""Texts of derived classes, as frameworks and enums hand them on: a call keeps plain ones, which can be stored."""

from enum import StrEnum

import msgspec
import pytest

from callstate import (
    Action,
    BargeIn,
    CreateSimple,
    PhoneCall,
    PickUp,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    create_call,
    unwrap,
)
from tests.calls import ALICE, BOB, DAVE, at, connected, done, on, parked, ringing


class Markup(str):
    """A text of a template engine."""

    __slots__ = ()


class Given(StrEnum):
    """Texts that a program has names for."""

    PHONE = DAVE
    SHOWN = "Desk <1>"
    FORMAT = "wav49"


def is_plain(value: object) -> bool:
    """Tell whether a value, or each item of a tuple, is no text of a derived class."""
    return all(map(is_plain, value)) if isinstance(value, tuple) else not isinstance(value, str) or type(value) is str


TEXTS = ("id", "extension", "source", "destination", "caller_id", "target")


def assert_plain(call: PhoneCall) -> None:
    assert msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall) == call
    for view in call.views:
        assert all(is_plain(getattr(view, name)) for name in TEXTS), view
        assert view.recording is None or type(view.recording.format) is str


@pytest.mark.parametrize("text", [Markup, Given], ids=["a derived text", "an enum"])
@pytest.mark.parametrize(
    ("call", "kind", "view_id"),
    [
        (parked(), UnPark, "00"),
        (ringing(), PickUp, "01"),
        (connected(), BargeIn, "01"),
        (connected(), Transfer, "00"),
        (connected(), TransferToVoicemail, "00"),
    ],
)
def test_a_leg_has_plain_texts(call: PhoneCall, kind: type[Action], view_id: str, text: type[str]) -> None:
    shown = {"caller_id": text("Desk <1>")} if "caller_id" in kind.__struct_fields__ else {}
    after = done(call, on(kind, view_id, send_call_to=text(DAVE), **shown))
    assert after.views[-1].extension == DAVE
    assert_plain(after)


def test_a_recording_has_a_plain_format() -> None:
    assert_plain(done(connected(), on(StartRecording, format=Given.FORMAT)))


def test_a_new_call_has_plain_texts() -> None:
    request = CreateSimple(
        call_id="c1",
        extension=Markup(ALICE),
        source=(Markup(ALICE),),
        destination=(BOB,),
        caller_id=Markup("A"),
        caller_destination=Given.SHOWN,
    )
    call = unwrap(create_call(request, at=at(0)))
    assert [view.caller_id for view in call.views] == ["A", "Desk <1>"]
    assert_plain(call)
