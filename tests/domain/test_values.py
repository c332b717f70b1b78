"""What the constructors refuse, and what they adapt: an impossible value cannot be built."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given

from callstate.domain import (
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    Disposition,
    EndReason,
    Flow,
    Parking,
    PhoneCall,
    PhoneCallView,
    Recording,
    Role,
    ViewState,
)
from callstate.testing import any_calls

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALICE, BOB = "0003*210", "0003*211"
ENDED: dict[str, Any] = {
    "state": ViewState.ENDED,
    "ended": T0,
    "disposition": Disposition.ANSWERED,
    "reason": EndReason.HUNG_UP,
}
JOINED: dict[str, Any] = {"role": Role.MONITOR, "side": None, "target": "00"}


def lot(**fields: Any) -> Parking:  # Any: fields of a parking, right ones and wrong ones
    known: dict[str, Any] = {"since": T0, "position": 7, "by": BOB, "side": 1, "seconds": 180}  # Any: likewise
    return Parking(**known | fields)


def party(**fields: Any) -> PhoneCallView:  # Any: fields of a view, likewise
    known: dict[str, Any] = {"id": "00", "extension": ALICE, "state": ViewState.CONNECTED, "side": 0}  # Any: likewise
    return PhoneCallView(**known | fields)


def other(**fields: Any) -> PhoneCallView:  # Any: likewise
    return party(**{"id": "01", "extension": BOB, "side": 1} | fields)


def call(*views: PhoneCallView, **fields: Any) -> PhoneCall:  # Any: fields of a call, likewise
    known: dict[str, Any] = {"id": "c1", "extension": ALICE, "views": views or (party(), other())}  # Any: likewise
    return PhoneCall(**known | fields)


IMPOSSIBLE: dict[str, tuple[Callable[[], object], str]] = {
    # one view
    "ON_HOLD without a hold time": (lambda: party(state=ViewState.ON_HOLD), "on_hold is None; a view has a hold time"),
    "a hold time while CONNECTED": (lambda: party(on_hold=T0), "exactly in ON_HOLD. View '00' is a PARTY in state CON"),
    "PARKED without parking": (lambda: party(state=ViewState.PARKED), "parking is None; .* exactly in PARKED"),
    "parking while CONNECTED": (lambda: party(parking=lot()), "exactly in PARKED"),
    "parked by its own side": (lambda: party(state=ViewState.PARKED, parking=lot(side=0)), "stood on another side"),
    "ENDED without a time": (lambda: party(**ENDED | {"ended": None}), "ended is None; .* exactly in ENDED"),
    "ENDED without a disposition": (lambda: party(**ENDED | {"disposition": None}), "disposition is None"),
    "ENDED without a reason": (lambda: party(**ENDED | {"reason": None}), "reason is None; .* exactly in ENDED"),
    "an end while CONNECTED": (lambda: party(ended=T0), "ended is datetime.2026, 3, 2, 9, tzinfo=UTC.;"),
    "a disposition while CONNECTED": (lambda: party(disposition=Disposition.BUSY), "disposition is Disposition.BUSY;"),
    "a reason while CONNECTED": (lambda: party(reason=EndReason.LIMIT), "reason is EndReason.LIMIT;"),
    "an id that is no number": (lambda: party(id="first"), "id is 'first'; the id of a view is a text of 1 to 9"),
    "an id of ten digits": (lambda: party(id="1234567890"), "1 to 9 digits"),
    "an id without digits": (lambda: party(id=""), "1 to 9 digits"),
    "an id of other digits": (lambda: party(id="\u0661"), "1 to 9 digits"),
    "a listed view without a number": (lambda: party(extension=""), "extension is ''; a listed view has a number"),
    "an extension that is no number": (lambda: party(extension="Alice"), "extension is 'Alice'"),
    "a supervisor on no target": (lambda: party(**JOINED | {"target": None}), "target is None; exactly a live WHISPER"),
    "a party with a target": (lambda: party(target="01"), "target is '01'; exactly a live WHISPER"),
    "an ended leg with a target": (lambda: party(id="02", **JOINED | ENDED), "target is '00'"),
    "a view that is its own target": (lambda: party(**JOINED), "target is '00'; a view is not its own target"),
    "a supervisor on hold": (
        lambda: other(**JOINED, state=ViewState.ON_HOLD, on_hold=T0),
        "state is ViewState.ON_HOLD; a supervisor never holds",
    ),
    "a parked supervisor": (
        lambda: other(**JOINED, state=ViewState.PARKED, parking=lot()),
        "state is ViewState.PARKED; a supervisor never",
    ),
    "a party on no side": (lambda: party(side=None), "side is None; a party stands on a side"),
    "a supervisor on a side": (lambda: other(**JOINED | {"side": 1}), "side is 1; a party stands on a side"),
    "a side below 0": (lambda: party(side=-1), "side is -1; a side is 0 or more"),
    "a recording of a phone that rings": (
        lambda: party(state=ViewState.RINGING, recording=Recording(since=T0)),
        "only a party that is up is recorded",
    ),
    "a limit while CONNECTED": (lambda: party(until=T0), "until is .*; only a TRYING or RINGING view"),
    "a source that waits": (lambda: party(state=ViewState.TRYING, waits=True), "only a TRYING destination waits"),
    "a private monitor": (lambda: other(**JOINED, private=True), "only a WHISPER leg is private"),
    "a successor of a live view": (lambda: party(successor="01"), "successor is '01'; only a view that ended TRANS"),
    "a successor of one who hung up": (lambda: party(**ENDED, successor="01"), "only a view that ended TRANSFERRED"),
    "a successor before its view": (
        lambda: other(**ENDED | {"reason": EndReason.TRANSFERRED}, successor="00"),
        "successor is '00'; a successor has a later id",
    ),
    "a successor that is no id": (
        lambda: party(**ENDED | {"reason": EndReason.DEFLECTED}, successor="Bob"),
        "successor is 'Bob'; a successor has a later id",
    ),
    # facets
    "a recording in mp3": (lambda: Recording(since=T0, format="mp3"), "format is 'mp3'; a recording is 'wav' or"),
    "position 0": (lambda: lot(position=0), "position is 0; a parking position is a whole number from 1 to 100"),
    "a parker without a number": (lambda: lot(by=""), "by is ''; the parker is the number of an extension"),
    "a parker below side 0": (lambda: lot(side=-1), "side is -1; a side is 0 or more"),
    "parked for a second": (lambda: lot(seconds=1), "seconds is 1; a party is parked for 10 to 3600 s"),
    "eleven ring-backs": (lambda: lot(ring_backs=11), "ring_backs is 11; a parker is rung back 0 to 10 times"),
    "a deadline after the last ring-back": (lambda: lot(ring_backs=10, until=T0), "until is .*; only a parking with"),
    "a deadline without seconds": (lambda: lot(seconds=None, until=T0), "only a parking with seconds"),
    # a call
    "a call id with a space": (lambda: call(id="c 1"), "id is 'c 1'; the id of a call is 1 to 255 letters and digits"),
    "a charged extension that is no number": (lambda: call(extension="Alice"), "extension is 'Alice'; the charged"),
    "a version below 0": (lambda: call(version=-1), "version is -1; a version is 0 or more"),
    "fewer than none forgotten": (lambda: call(forgotten=-1), "forgotten is -1; the number of dropped views is 0"),
    "all views forgotten": (
        lambda: PhoneCall(id="c1", extension=ALICE, views=(), forgotten=1),
        "forgotten is 1; a call that has dropped views has a later one",
    ),
    "no time to ring": (lambda: call(wait_for_pickup=0), "wait_for_pickup is 0; phones ring for 1 to 3600 s"),
    "a limit of a call that is over": (lambda: call(party(**ENDED), ends_by=T0), "ends_by is .*; a call that is over"),
    "one id twice": (lambda: call(party(), other(id="00")), "view '00' comes after view '00'; each number comes once"),
    "one number twice": (lambda: call(party(id="0"), other(id="00")), "view '00' comes after view '0'"),
    "ids out of order": (lambda: call(other(), party()), "view '00' comes after view '01'; .* in rising order"),
    "a target that is not there": (
        lambda: call(party(), other(**JOINED | {"target": "07"})),
        "the target of view '01' is '07', which is not a live view of the call",
    ),
    "a target that has left": (
        lambda: call(party(**ENDED), other(**JOINED), party(id="02")),
        "the target of view '01' is '00', which is not a live view",
    ),
    "a target that supervises": (
        lambda: call(party(), other(**JOINED), party(id="02", **JOINED | {"target": "01"})),
        "the target of view '02' is '01', which is not a party itself",
    ),
    "two that listen to each other": (
        lambda: call(party(**JOINED | {"target": "01"}), other(**JOINED)),
        "which is not a party itself",
    ),
    "two up on one side": (lambda: call(party(), other(side=0)), "'00' and '01' are both up on side 0; only one can"),
    "a successor that never was": (
        lambda: call(party(**ENDED | {"reason": EndReason.TRANSFERRED}, successor="05"), other()),
        "the successor of view '00' is '05', which the call never had",
    ),
    "a forgotten successor after the last id": (
        lambda: call(party(**ENDED | {"reason": EndReason.TRANSFERRED}, successor="05"), other(), forgotten=1),
        "the successor of view '00' is '05'",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_value_is_a_value_error_that_says_what_would_be_right(name: str) -> None:
    build, sentence = IMPOSSIBLE[name]
    with pytest.raises(ValueError, match=sentence) as raised:
        build()
    assert str(raised.value).endswith(".")


MISTYPED: dict[str, tuple[Callable[[], object], str]] = {
    "a state that is none": (lambda: party(state="HELD"), "state is 'HELD'; it must be one of ViewState.UNKNOWN, OFF_"),
    "a state by a number": (lambda: party(state=5), "state is 5; it must be one of ViewState"),
    "no state": (lambda: party(state=None), "state is None; it must be one of ViewState"),
    "a role in small letters": (lambda: party(role="party"), "role is 'party'; it must be one of Role.PARTY"),
    "a flow that is none": (lambda: party(flow=3), "flow is 3; it must be one of Flow.LOCAL, OUTGOING, INCOMING"),
    "a flow that is a disposition": (lambda: party(flow=Disposition.FAILED), "flow is Disposition.FAILED"),
    "a flow that is a fraction": (lambda: party(flow=2.0), "flow is 2.0"),
    "a disposition that is a boolean": (lambda: party(**ENDED | {"disposition": True}), "disposition is True"),
    "an id that is a number": (lambda: party(id=0), "id is 0; its type must be str"),
    "listed by a number": (lambda: party(listed=1), "listed is 1; its type must be bool"),
    "a side that is a boolean": (lambda: party(side=True), "side is True; its type must be int"),
    "a position that is a fraction": (lambda: lot(position=1.0), "position is 1.0; its type must be int"),
    "a version that is a boolean": (lambda: call(version=True), "version is True; its type must be int"),
    "parking that is a position": (lambda: party(state=ViewState.PARKED, parking=7), "parking is 7; .* be Parking"),
    "a source that is a text": (lambda: party(source="210"), r"source is a tuple of numbers: \('210',\), not '210'"),
    "a source that is a number": (lambda: party(source=210), "source is 210; it must be a tuple of str"),
    "a source of numbers": (lambda: party(source=(210,)), "source contains 210; it must be a tuple of str"),
    "views that are a view": (lambda: call(views=party()), "views is PhoneCallView.*; it must be a tuple of PhoneC"),
    "views that are ids": (lambda: call(views=("00",)), "views contains '00'; it must be a tuple of PhoneCallView"),
    "a date that is a text": (lambda: party(ringing="2026-03-02"), "ringing is '2026-03-02'; it must be a datetime"),
    "an extension that is very long": (lambda: call(extension=["0003*210"] * 999), "…; its type must be str"),
}


@pytest.mark.parametrize("name", MISTYPED)
def test_a_wrong_type_is_a_type_error_that_says_what_would_be_right(name: str) -> None:
    build, sentence = MISTYPED[name]
    with pytest.raises(TypeError, match=sentence) as raised:
        build()
    assert str(raised.value).endswith(".")


def test_plain_texts_and_numbers_become_members() -> None:
    ended = party(state="ENDED", role="BARGE", ended=T0, disposition=3, reason="NO_ANSWER", flow=8)
    assert ended.state is ViewState.ENDED
    assert not ended.live
    assert (ended.role, ended.disposition) == (Role.BARGE, Disposition.NO_ANSWER)
    assert (ended.reason, ended.flow) == (EndReason.NO_ANSWER, Flow.INCOMING)
    assert isinstance(ended.flow, Flow)
    assert party(flow="LOCAL").flow is Flow.LOCAL


def test_lists_become_tuples_so_that_a_call_can_be_hashed() -> None:
    built = call(views=[party(source=[ALICE], destination=[BOB]), other()])
    assert built == call(party(source=(ALICE,), destination=(BOB,)), other())
    assert isinstance(built.views, tuple)
    assert {built: "known"}[call(party(source=(ALICE,), destination=(BOB,)), other())] == "known"


@pytest.mark.parametrize("kind", [CreateSimple, CreateCallback, CreateConferenceInvite])
def test_a_new_call_takes_lists_of_numbers_and_refuses_a_text(kind: type[CreateSimple]) -> None:
    fields: dict[str, Any] = {  # Any: fields of different types
        "call_id": "c1",
        "extension": ALICE,
        "source": [ALICE],
        "destination": [BOB],
    }
    request = kind(**fields)
    assert (request.source, request.destination) == ((ALICE,), (BOB,))
    for name in ("source", "destination"):
        with pytest.raises(TypeError, match=rf"{name} is a tuple of numbers: \('0003\*211',\), not '0003\*211'"):
            kind(**fields | {name: BOB})


def test_a_successor_may_have_been_dropped_with_those_who_have_left() -> None:
    transferor = party(**ENDED | {"reason": EndReason.TRANSFERRED}, successor="01")
    assert call(transferor, other(id="02"), forgotten=1).views[0].successor == "01"


def test_every_destination_of_a_conference_may_wait_on_a_side_of_its_own() -> None:
    assert other(state=ViewState.TRYING, side=3, waits=True).waits


def test_a_withheld_number_is_that_of_an_unlisted_or_a_parked_party() -> None:
    assert party(extension="", listed=False).extension == ""
    assert party(extension="", state=ViewState.PARKED, parking=lot()).extension == ""


def test_texts_and_numbers_of_other_classes_become_plain_ones_that_can_be_stored() -> None:
    class Text(str):
        """A text as some libraries have their own."""

        __slots__ = ()

    view = party(extension=Text(ALICE), source=(Text(BOB),), side=Flow.LOCAL)
    assert view == party(source=(BOB,), side=2)
    assert msgspec.json.decode(msgspec.json.encode(view), type=PhoneCallView) == view


def test_a_parking_of_a_derived_class_is_taken() -> None:
    class Numbered(Parking, frozen=True, gc=False, kw_only=True):
        """A parking that somebody has given more."""

    parking = Numbered(since=T0, position=7, by=BOB, side=1)
    assert party(state=ViewState.PARKED, parking=parking).parking is parking


def test_a_view_is_found_by_its_id_where_ids_have_gaps() -> None:
    built = call(party(), party(id="07", side=1), party(id="123", side=2))
    assert [view and view.id for view in map(built.view, ("00", "07", "123", "01", "7", "x"))] == [
        "00",
        "07",
        "123",
        None,
        None,
        None,
    ]


def test_a_call_of_8000_views_is_built_with_a_look_at_each_view_and_few_more() -> None:
    looks = 0

    class Counted(PhoneCallView, frozen=True, gc=False, kw_only=True):
        @property
        def up(self) -> bool:
            nonlocal looks
            looks += 1
            return False

    views = tuple(
        Counted(id=f"{number:02d}", extension=ALICE, state=ViewState.TRYING, side=0) for number in range(8000)
    )
    looks = 0
    assert len(call(views=views).views) == 8000
    assert looks == 8000


@given(any_calls())
def test_a_value_that_is_built_is_hashed_pickled_and_stored(built: PhoneCall) -> None:
    again: list[PhoneCall] = [
        pickle.loads(pickle.dumps(built)),  # noqa: S301  # what was written just now
        msgspec.json.decode(msgspec.json.encode(built), type=PhoneCall),
        msgspec.msgpack.decode(msgspec.msgpack.encode(built), type=PhoneCall),
        msgspec.structs.replace(built),
    ]
    for value in again:
        assert value == built
        assert hash(value) == hash(built)
        assert value.deadline == built.deadline


def test_what_is_stored_is_checked_when_it_is_read() -> None:
    row = msgspec.json.encode(call()).replace(b'"state":"CONNECTED"', b'"state":"ON_HOLD"')
    with pytest.raises(msgspec.ValidationError, match="on_hold is None; a view has a hold time exactly in ON_HOLD"):
        msgspec.json.decode(row, type=PhoneCall)


def test_the_deadline_follows_from_the_fields() -> None:
    rings = other(state=ViewState.RINGING, until=T0 + timedelta(seconds=25))
    built = call(party(state=ViewState.ANSWERED), rings, ends_by=T0 + timedelta(hours=1), deadline=T0)
    assert built.deadline == rings.until
