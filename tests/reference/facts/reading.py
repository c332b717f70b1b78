"""What a reader makes of a call as the service lists it."""

from typing import Any

import msgspec

from callstate import (
    LENIENT,
    DomainError,
    ErrorCode,
    Flow,
    Numbering,
    Parking,
    PhoneCall,
    PhoneCallView,
    Role,
    ViewState,
    next_deadline,
    unwrap,
)
from callstate.domain import ANSWERED, CONNECTED, ON_HOLD, PARKED, RINGING, UNKNOWN
from callstate.voipnow.wire import decode_call
from tests.calls import ALICE, BOB, CAROL, OUTSIDE, at

Json = dict[str, Any]  # Any: JSON
SHORT = "210"
"""The short form of `ALICE`."""


def shown(extension: str, status: object = 5, **fields: object) -> Json:
    """Write a listed view of a call from Alice to Bob."""
    ends = {"source": [ALICE], "destination": [BOB]}
    return {"id": "00" if extension == ALICE else "01", "extension": extension, "status": status, **ends, **fields}


def in_lot(by: str, **fields: object) -> Json:
    """Write what a listed view shows while its party is parked."""
    return {"parked": at(7).isoformat(), "parkedPos": "3", "parkedBy": by, **fields}


def body(*views: Json, **fields: object) -> bytes:
    """Write a call as the service lists it."""
    return msgspec.json.encode({"id": "c1", "extension": ALICE, "phoneCallView": views, **fields})


def read(*views: Json, **fields: object) -> PhoneCall:
    """Read a call of these listed views."""
    return unwrap(decode_call(body(*views, **fields)))


def far(*views: Json) -> PhoneCallView:
    """Return the one view that is added to those of a listing."""
    (added,) = [view for view in read(*views).views if not view.listed]
    return added


def _sides(*views: Json) -> list[int | None]:
    return [view.side for view in read(*views).views if view.listed]


# The call -------------------------------------------------------------------------------------------------------------


def what_is_not_shown() -> None:
    """
    Fields that a listing does not show have their defaults: `version` 0, `wait_for_pickup` 25,
    `allow_public_transfer` true, no `ends_by`. Each view has the role `PARTY` unless the steps below say otherwise.
    """
    call = read(shown(ALICE))
    assert (call.version, call.wait_for_pickup, call.allow_public_transfer, call.ends_by) == (0, 25, True, None)
    assert {view.role for view in call.views} == {Role.PARTY}


def no_deadlines() -> None:
    """
    A call that is read has no deadline: no view has a limit of ringing, and a parked party is not rung back, because
    `seconds` and `until` of its parking are unknown.
    """
    assert next_deadline(read(shown(ALICE, 3), shown(BOB, 3))) is None
    assert next_deadline(read(shown(ALICE, **in_lot(BOB)))) is None


def what_answered_is() -> None:
    """
    `answered` of a call that shows none is the earliest date of answer of its views, if one of them is `CONNECTED`,
    `ON_HOLD` or `PARKED`. All views count, those that listen too.
    """
    listens = shown(CAROL, id="02", source=[BOB], destination=[CAROL], answered=at(4).isoformat())
    assert read(shown(ALICE, answered=at(5).isoformat()), shown(BOB, 4), listens).answered == at(4)
    dates = {"answered": at(5).isoformat()}
    assert read(shown(ALICE, **dates)).answered == at(5)
    assert read(shown(ALICE, 4, **dates)).answered is None
    assert read(shown(ALICE, **dates), answered=at(3).isoformat()).answered == at(3)


def what_updated_is() -> None:
    """
    `updated` is the latest date in the listing. If the reader gives the time of reading, later dates do not count; if
    none is left, `updated` is the time of reading.
    """
    data = body(shown(ALICE, answered=at(5).isoformat()), published=at(60).isoformat())
    for seen, updated in ((None, at(60)), (at(30), at(5)), (at(1), at(1))):
        assert unwrap(decode_call(data, at=seen)).updated == updated


def an_empty_text() -> None:
    """
    An empty text is read as a missing field. Numbers can be numbers or texts, `source` and `destination` a text or an
    array; unknown fields are ignored.
    """
    plain = read(shown(ALICE))
    assert read(shown(ALICE, "5", flow="", callerId="", source=ALICE, colour="blue")) == plain


def the_order() -> None:
    """
    The views are put in the order of the numbers of their ids. Two views with the same number are refused, and so are
    more than 1,000 views.
    """
    assert [view.id for view in read(shown(BOB), shown(ALICE)).views] == ["00", "01"]
    refused = decode_call(body(shown(ALICE, id="1"), shown(BOB, id="01")))
    assert isinstance(refused, DomainError)
    many = decode_call(body(*(shown(BOB, id=str(number)) for number in range(1001))))
    assert isinstance(many, DomainError)
    assert {refused.code, many.code} == {ErrorCode.BODY_INVALID}


def nobody_is_listed() -> None:
    """
    A listing without views has two unlisted outside parties without a number, on the sides 0 and 1, both in `UNKNOWN`.
    """
    views = [(v.id, v.extension, v.side, v.state, v.listed, v.outside) for v in read().views]
    assert views == [("00", "", 0, UNKNOWN, False, True), ("01", "", 1, UNKNOWN, False, True)]


# The state of a listed view -------------------------------------------------------------------------------------------


def parked_comes_first() -> None:
    """
    A view with `parked` is `PARKED`, whatever its `status`; it needs `parkedPos` and `parkedBy`. A view with `onHold`
    is `ON_HOLD`; its `status` must be 5. A listing in which a view has no `status`, or another one than those of the
    table, is refused.
    """
    assert read(shown(ALICE, 3, **in_lot(BOB, onHold=at(6).isoformat()))).views[0].state is PARKED
    assert read(shown(ALICE, onHold=at(6).isoformat())).views[0].state is ON_HOLD
    for wrong in (
        shown(ALICE, 3, onHold=at(6).isoformat()),
        shown(ALICE, **in_lot("")),
        shown(ALICE, 6),
        shown(ALICE, ""),
    ):
        assert isinstance(decode_call(body(wrong)), DomainError)


def which_one_holds() -> None:
    """
    If some view with `onHold` has `holder` 1, the views with `onHold` but without `holder` 1 are `CONNECTED`: they are
    held by another party. If none has it, each view with `onHold` holds the call itself.
    """
    since = {"onHold": at(6).isoformat()}
    states = [view.state for view in read(shown(ALICE, **since), shown(BOB, holder=1, **since)).views]
    assert states == [CONNECTED, ON_HOLD]
    assert [view.state for view in read(shown(ALICE, **since), shown(BOB, **since)).views] == [ON_HOLD, ON_HOLD]


def what_is_recorded() -> None:
    """
    A view with `recording` is recorded as `wav`, because the listing does not show the format. It must be up; otherwise
    the listing is refused.
    """
    recording = read(shown(ALICE, recording=at(6).isoformat())).views[0].recording
    assert recording is not None
    assert (recording.since, recording.format) == (at(6), "wav")
    assert isinstance(decode_call(body(shown(ALICE, 3, recording=at(6).isoformat()))), DomainError)


# Sides ----------------------------------------------------------------------------------------------------------------


def numbers_in_two_forms() -> None:
    """
    Where numbers are compared, a short number (`210`) is the same as an extended number that ends with it
    (`0003*210`). Two extended numbers are the same only if they are equal.
    """
    assert _sides(shown(ALICE, source=[SHORT])) == [0]
    assert _sides(shown(SHORT, id="00", source=[ALICE])) == [0]
    assert _sides(shown(ALICE, source=["0009*210"])) == [1]


def the_side_of_a_view() -> None:
    """
    A view stands on side 0 if its number is in its `source`. It also stands on side 0 if its `flow` is 4, it is not
    parked, and its number is not in its `destination`. Otherwise it stands on side 1.
    """
    assert _sides(shown(ALICE)) == [0]
    assert _sides(shown(BOB)) == [1]
    calls_out: Json = {"flow": Flow.OUTGOING, "source": ["0212222222"], "destination": [OUTSIDE]}
    assert _sides(shown(ALICE, **calls_out)) == [0]
    assert _sides(shown(ALICE, **calls_out | {"destination": [ALICE]})) == [1]
    assert _sides(shown(ALICE, **calls_out, **in_lot(BOB))) == [1]


def the_one_that_listens() -> None:
    """
    A `CONNECTED` view listens (role `MONITOR`, no side) if a number in its `source` is that of a listed `ANSWERED`
    view, and that view has the number of the first neither in `source` nor in `destination`. The `ANSWERED` view is
    its target.
    """
    listens = shown(CAROL, id="02", source=[BOB], destination=[CAROL])
    leg = read(shown(BOB, 4), listens).views[1]
    assert (leg.role, leg.side, leg.target) == (Role.MONITOR, None, "01")
    assert read(shown(BOB, 4, source=[CAROL]), listens).views[1].role is Role.PARTY


def the_next_side() -> None:
    """
    If a view is up on a side on which an earlier view is up, it stands on another side. This is the other end (0 or 1)
    if no view stands there, up or not, it is not the side of a parker, the numbers that all listed views show for it
    (listening views too) are those of extensions, at least one, and the view is not parked: an extension that is there
    would be listed. Otherwise it is the next new side: 2, then 3 and so on.
    """
    beside = shown("0003*214", id="03", source=[BOB], destination=[OUTSIDE])
    assert _sides(shown(BOB), transferred := shown(CAROL, id="02", source=[BOB], destination=[CAROL]), beside) == [
        1,
        0,
        2,
    ]
    assert _sides(shown(BOB), {**transferred, "source": [BOB, OUTSIDE]}) == [1, 2]
    assert _sides(shown(BOB, source=[]), {**transferred, "source": []}) == [1, 2]
    assert _sides(shown(ALICE, 3), shown(BOB), transferred) == [0, 1, 2]
    assert _sides(shown(BOB), transferred) == [1, 0]
    assert _sides(shown(BOB, source=[OUTSIDE]), transferred) == [1, 2]
    assert _sides(shown(BOB), shown(CAROL, id="02", **in_lot(BOB))) == [1, 2]
    assert _sides(shown(ALICE), shown(BOB), transferred) == [0, 1, 2]


def where_it_is_waited_for() -> None:
    """
    A view that is not up and stands on the side of a parked view stands on the side of the parker instead. If just one
    view is up, and it is `ANSWERED`, a view that is not up and stands on its side stands on the other end instead.
    """
    rings = shown(CAROL, 3, id="02", source=[BOB], destination=[CAROL])
    assert _sides(shown(BOB, **in_lot(ALICE)), rings) == [1, 0]
    assert _sides(shown(BOB, 4), rings) == [1, 0]


def the_one_that_rings_to_join() -> None:
    """
    At last, a view that is not up (also one in `UNKNOWN`), on a side where another is up, rings to barge in (role
    `BARGE`, no side). Its target is the view that is up and has the first number in its `source` that is that of such a
    view, or else the view that is up on that side. An added view counts too. If the number is short for one view and
    is exactly that of another one, it means the latter.
    """
    unknown = read(shown(ALICE), shown(BOB), shown(CAROL, 0, id="02", source=[BOB], destination=[CAROL])).views[2]
    assert (unknown.role, unknown.target) == (Role.BARGE, "01")
    ringing = shown(CAROL, 3, id="02", source=[SHORT, BOB], destination=[CAROL])
    spelled = read(shown(ALICE), shown(BOB), shown(SHORT, id="03", source=[SHORT]), ringing).views[2]
    assert spelled.target == "03"
    rings = shown(CAROL, 3, id="02", source=[BOB], destination=[CAROL])
    leg = read(shown(ALICE), shown(BOB), rings).views[2]
    assert (leg.role, leg.side, leg.target) == (Role.BARGE, None, "01")
    other = read(shown(ALICE), shown(BOB), {**rings, "source": [ALICE]}).views[2]
    assert other.target == "00"


def a_parked_outside_party() -> None:
    """
    A parked view with the number of its own parker is that of an outside party, because nobody parks itself. Its number
    is the first one in `source`, then in `destination`, that is not the parker's and is outside. With `flow` 4 it is
    the first one in `destination` that is not the parker's, with `flow` 8 the first one in `source`, even if it has the
    form of an extension. The party stands on the side where that number was found, its parker on the other one. If only
    extensions are found, the view is that of the extension that it shows. If no other number is found, the outside
    party has an empty number; it stands on side 1 with `flow` 4, on side 0 with `flow` 8, and otherwise on the side
    opposite to the one that step 2 gives to the view.
    """
    for flow, number, side in ((4, CAROL, 1), (8, ALICE, 0)):
        told = read(shown(BOB, source=[ALICE], destination=[CAROL], flow=flow, **in_lot(BOB))).views[0]
        assert (told.extension, told.outside, told.side) == (number, True, side)
    for flow, side in ((4, 1), (8, 0), (2, 0)):
        nameless = read(shown(BOB, source=[], destination=[BOB], flow=flow, **in_lot(BOB))).views[0]
        assert (nameless.extension, nameless.outside, nameless.side) == ("", True, side)
    view = read(shown(BOB, source=[OUTSIDE], **in_lot(BOB))).views[0]
    assert (view.extension, view.outside, view.side, view.listed) == (OUTSIDE, True, 0, True)
    assert view.parking == Parking(since=at(7), position=3, by=BOB, side=1)
    called = read(shown(ALICE, destination=[OUTSIDE], **in_lot(ALICE))).views[0]
    assert (called.extension, called.side) == (OUTSIDE, 1)
    assert read(shown(BOB, **in_lot(BOB))).views[0].extension == BOB
    assert read(shown(BOB, source=["anonymous"], **in_lot(BOB))).views[0].extension == ""


# The party that is not listed -----------------------------------------------------------------------------------------


def who_is_added() -> None:
    """
    If no view stands on side 0, the party there is added, with the first number in the `source` of the listed views; if
    none stands on side 1, with the first number in `destination`. Views that listen count here too. Texts that are not
    numbers are skipped. Without any number the party has an empty number and is outside.
    """
    listens = shown(CAROL, id="02", source=[BOB], destination=[OUTSIDE])
    assert far(shown(BOB, 4, source=[ALICE]), listens).extension == ALICE
    assert far({**shown(BOB, 4, source=["anonymous"]), "destination": [BOB]}, listens).extension == BOB
    assert (far(shown(BOB)).extension, far(shown(BOB)).side) == (ALICE, 0)
    assert (far(shown(ALICE)).extension, far(shown(ALICE)).side) == (BOB, 1)
    assert far(shown(BOB, source=["anonymous", OUTSIDE])).extension == OUTSIDE
    nameless = far(shown(BOB, source=["anonymous"]))
    assert (nameless.extension, nameless.outside) == ("", True)


def its_fields() -> None:
    """
    The added view has the id after the highest one and the `source` and `destination` of the listed view that decides
    its state. If it is `CONNECTED`, it also has the date of answer of that view. It is unlisted and has no `flow`.
    """
    added = far(shown(BOB, answered=at(5).isoformat(), flow=2))
    assert (added.id, added.source, added.destination) == ("02", (ALICE,), (BOB,))
    assert (added.answered, added.flow, added.listed) == (at(5), None, False)
    assert far(shown(BOB, 3, answered=at(5).isoformat())).answered is None


def which_view_decides() -> None:
    """
    Of all listed views that stand on a side, the one with the state that comes last in the table below decides; of
    several in that state, the one with the lowest id. Views that listen do not count.
    """
    later = shown(CAROL, 3, id="02", source=[OUTSIDE], destination=[CAROL])
    assert far(shown(BOB, 3), later).source == (ALICE,)
    listens = shown(CAROL, id="02", source=[BOB], destination=[CAROL])
    assert [v.state for v in read(shown(BOB, 4), listens).views if not v.listed] == [RINGING]
    assert far(shown(BOB, 2), shown(CAROL, 3, id="02", source=[ALICE], destination=[CAROL])).state is ANSWERED
    assert list(ViewState).index(RINGING) < list(ViewState).index(ANSWERED) < list(ViewState).index(CONNECTED)


def nobody_faces_the_lot() -> None:
    """Nobody is added on the side of the parker of a parked party: the lot is there."""
    assert [view.state for view in read(shown(ALICE, **in_lot(BOB))).views] == [PARKED]


def a_party_beside_those_that_ring() -> None:
    """
    If the views of an end are not up, and those that are up all stand on the other end, the first number that a
    `CONNECTED` or `ON_HOLD` view shows for that end and that is not listed, in either form, is added as a `CONNECTED`
    party there. The views that ring there then ring to barge in.
    """
    assert all(view.listed for view in read(shown(ALICE, destination=["212"]), shown(CAROL, 3, id="02")).views)
    rings = shown(CAROL, 3, id="02", source=[OUTSIDE], destination=[CAROL])
    call = read(shown(ALICE, destination=[OUTSIDE]), rings)
    assert [(v.extension, v.side, v.role) for v in call.views] == [
        (ALICE, 0, Role.PARTY),
        (CAROL, None, Role.BARGE),
        (OUTSIDE, 1, Role.PARTY),
    ]
    assert call.views[2].state is CONNECTED


def who_is_outside() -> None:
    """
    Whether the added party is outside is told by the `flow` of the view that shows its number: 4 means that the called
    end is outside, 8 that the calling end is. Otherwise the numbering of the rule set tells. A listed view is never
    that of an outside party, except for a parked one, and neither is an added one that has the number of a listed view.
    """
    assert far(shown(ALICE, flow=4)).outside
    assert far(shown(BOB, flow=8)).outside
    assert not far(shown(BOB, flow=2)).outside
    rules = msgspec.structs.replace(LENIENT, numbering=Numbering(pattern="[0-9]{7}"))
    call = unwrap(decode_call(body(shown(BOB)), rules=rules))
    assert [view.outside for view in call.views] == [False, True]


CALL = (
    what_is_not_shown,
    the_order,
    an_empty_text,
    what_answered_is,
    what_updated_is,
    no_deadlines,
    nobody_is_listed,
)
STATES = (parked_comes_first, which_one_holds, what_is_recorded)
SIDES = (
    numbers_in_two_forms,
    the_side_of_a_view,
    a_parked_outside_party,
    the_one_that_listens,
    the_next_side,
    where_it_is_waited_for,
)
FAR = (
    who_is_added,
    which_view_decides,
    nobody_faces_the_lot,
    a_party_beside_those_that_ring,
    its_fields,
    who_is_outside,
    the_one_that_rings_to_join,
)
