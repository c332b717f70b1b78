"""What a request for a new call makes, and what happens to the new call until two parties are connected."""

from collections.abc import Mapping
from typing import Any

import msgspec

from callstate import (
    Answered,
    CreateConferenceInvite,
    CreateSimple,
    EndReason,
    Flow,
    PhoneCall,
    Rang,
    advance,
    apply_action,
    create_call,
    unwrap,
)
from callstate.domain import ANSWERED, CONNECTED, ENDED, RINGING, TRYING, Create
from callstate.voipnow.service import CREATES
from tests.calls import ALICE, BOB, CAROL, DAVE, OUTSIDE, at, states
from tests.reference.exchanges import Service
from tests.reference.facts import serving
from tests.reference.new_call_requests import KINDS, request


def new(kind: type[Create] = CreateSimple, **fields: Any) -> PhoneCall:  # Any: likewise
    """Make a call at second 0."""
    return unwrap(create_call(request(kind, **fields), at=at(0)))


def hear(call: PhoneCall, *view_ids: str, second: int = 5) -> PhoneCall:
    """Let the phones of some views be answered."""
    for view_id in view_ids:
        call = unwrap(apply_action(call, Answered(call_id="c1", view_id=view_id), at=at(second)))
    return call


# The call -------------------------------------------------------------------------------------------------------------


def the_fields_of_the_call() -> None:
    """
    The call has the id, `extension`, `nonce`, `owner_id` and `owner_name` of the request, and its `wait_for_pickup`.
    `published` and `updated` are the time of creation; `version` is 0; `answered` has no value. `ends_by` is the time
    of creation plus `callDuration`, and has no value without it.
    """
    for kind in KINDS.values():
        call = new(kind, nonce="n", owner_id="3", owner_name="Org", wait_for_pickup="40")
        assert (call.id, call.extension, call.nonce, call.owner_id, call.owner_name) == ("c1", ALICE, "n", "3", "Org")
        assert (call.wait_for_pickup, call.published, call.updated, call.version) == (40, at(0), at(0), 0)
        assert (call.answered, call.ends_by) == (None, None)
    assert new(call_duration="60").ends_by == at(60)


def the_public_transfer() -> None:
    """
    `allow_public_transfer` is false only for a simple call of which the destinations are outside and that was created
    without `allowPublicTransfer`. In every other call it is true.
    """
    assert not new(destination=(OUTSIDE,)).allow_public_transfer
    assert new(destination=(OUTSIDE,), allow_public_transfer=True).allow_public_transfer
    assert all(new(kind).allow_public_transfer for kind in KINDS.values())


def the_nonce() -> None:
    """A second request with the same `nonce` makes another call."""
    assert new(call_id="c2", nonce="n").id != new(nonce="n").id


# The views ------------------------------------------------------------------------------------------------------------


def the_order_of_the_views() -> None:
    """
    Each number has a view, first the sources and then the destinations, each in the order of the request. Their ids are
    `00`, `01` and so on.
    """
    call = new(source=(ALICE, CAROL), destination=(BOB, DAVE))
    assert [(view.id, view.extension) for view in call.views] == [
        ("00", ALICE),
        ("01", CAROL),
        ("02", BOB),
        ("03", DAVE),
    ]


def the_numbers_of_each_view() -> None:
    """Each view has all sources as `source` and all destinations as `destination`."""
    for view in new(source=(ALICE, CAROL), destination=(BOB, DAVE)).views:
        assert (view.source, view.destination) == ((ALICE, CAROL), (BOB, DAVE))


def the_caller_ids() -> None:
    """
    `callerId` is the caller id of the sources. `callerDestination`, which only a simple call has, is that of the
    destinations; without it they have none.
    """
    call = new(caller_id="A", caller_destination="B")
    assert [view.caller_id for view in call.views] == ["A", "B"]
    for kind in KINDS.values():
        assert [view.caller_id for view in new(kind, caller_id="A").views][:2] == ["A", None]


def the_sides_of_guests() -> None:
    """Each guest of a conference invitation stands on a side of its own: 1, 2, 3 and so on."""
    guests = new(CreateConferenceInvite, destination=(BOB, CAROL, OUTSIDE)).views[1:]
    assert [view.side for view in guests] == [1, 2, 3]


def the_flow_of_guests() -> None:
    """
    In a conference invitation the `flow` of a guest follows from the number of the guest alone: LOCAL for an extension,
    OUTGOING for an outside number. The flow of the conference itself is that of the table, and LOCAL if its guests are
    extensions and outside numbers.
    """
    call = new(CreateConferenceInvite)
    assert [view.flow for view in call.views] == [Flow.LOCAL, Flow.LOCAL, Flow.OUTGOING]
    assert new(CreateConferenceInvite, destination=(OUTSIDE,)).views[0].flow is Flow.OUTGOING


def who_is_outside() -> None:
    """
    `outside` of a view is true if its number is not that of an extension. The role is `PARTY`, without a target.
    """
    assert [view.outside for view in new(source=(OUTSIDE,)).views] == [True, False]
    assert {(view.role.name, view.target) for kind in KINDS.values() for view in new(kind).views} == {("PARTY", None)}


# What happens then ----------------------------------------------------------------------------------------------------


def the_first_source_wins() -> None:
    """
    When the first source answers, the other sources end (reason ANSWERED_ELSEWHERE, disposition NO ANSWER), and every
    waiting destination is rung: `waits` is false, and the time limit is that time plus the call's `waitForPickup`. An
    extension is `RINGING` and listed, with that time as `ringing`; an outside number stays `TRYING` and unlisted.
    """
    call = hear(new(source=(ALICE, CAROL), destination=(BOB, DAVE), wait_for_pickup=40), "00")
    assert states(call) == (ANSWERED, ENDED, RINGING, RINGING)
    assert call.views[1].reason is EndReason.ANSWERED_ELSEWHERE
    for view in call.views[2:]:
        assert (view.waits, view.listed, view.until, view.ringing) == (False, True, at(45), at(5))
    outside = hear(new(destination=(OUTSIDE,)), "00").views[1]
    assert (outside.state, outside.waits, outside.listed, outside.until) == (TRYING, False, False, at(30))


def the_conference_rings_immediately() -> None:
    """A conference is up when the call is created, so its guests are rung immediately. The version is still 0."""
    call = new(CreateConferenceInvite)
    assert states(call) == (ANSWERED, RINGING, TRYING)
    assert (call.version, [view.waits for view in call.views]) == (0, [False, False, False])
    assert states(hear(call, "01", "02")) == (CONNECTED, CONNECTED, CONNECTED)


def an_early_destination() -> None:
    """
    If the network reports that a waiting destination rings or has answered, it no longer waits, and it is listed if it
    is an extension. If it rings, its limit is the time of the report plus the call's `waitForPickup`.
    """
    rung = unwrap(apply_action(new(), Rang(call_id="c1", view_id="01"), at=at(5))).views[1]
    assert (rung.state, rung.waits, rung.listed, rung.until) == (RINGING, False, True, at(30))
    answered = hear(new(), "01").views[1]
    assert (answered.state, answered.waits, answered.listed, answered.until) == (ANSWERED, False, True, None)


def no_source_answers() -> None:
    """If the limit of every source passes, the call is over: the waiting destinations end with reason OTHER_LEFT."""
    call = advance(new(), at=at(25))
    assert call.over
    assert [view.reason for view in call.views] == [EndReason.NO_ANSWER, EndReason.OTHER_LEFT]


def the_limit_of_the_call() -> None:
    """At `ends_by` every view ends with reason LIMIT, whether anybody has answered or not."""
    talking = hear(new(call_duration=60), "00", "01")
    for call in (new(call_duration=10), talking):
        late = advance(call, at=at(60))
        assert {view.reason for view in late.views} == {EndReason.LIMIT}


# The service ----------------------------------------------------------------------------------------------------------

PAYERS: Mapping[str, str] = {"simple": ALICE, "callback": "0003*600", "conferenceInvite": "0003*500"}
FOREIGN = (*serving.FOREIGN, (b"extensions = [", b'{ number = "0009*998", user = "99" },'))


def _post(kind: str, query: str = "", **fields: Any) -> Any:  # Any: JSON
    """Ask a service for a call that the plainest request of its kind makes; return the call, or the code."""
    source = {"simple": [ALICE], "callback": ["3335555"], "conferenceInvite": ["0003*500"]}[kind]
    view = {"source": source, "destination": ["3334444"], **fields.pop("view", {})}
    body = msgspec.json.encode({"extension": PAYERS[kind], "phoneCallView": [view], **fields})
    service = Service(entries=FOREIGN)
    answer = service.ask("POST", f"/uapi/phoneCalls/@me/{kind}{query}", body)
    found = msgspec.json.decode(answer.body)
    if answer.status != 200:
        return found["error"]["code"]
    (call,) = service.book
    assert [made["id"] for made in found] == [call.id]
    return call


def which_extension_pays() -> None:
    """
    A service needs an `extension` of the user that is of the right kind; otherwise it refuses with `extension_invalid`.
    `@self` is the only extension of that kind that the user has; it is refused for a callback.
    """
    assert set(PAYERS) == set(CREATES)
    for kind, payer in PAYERS.items():
        assert _post(kind).extension == payer
        assert {_post(kind, extension=other) for other in PAYERS.values() if other != payer} == {"extension_invalid"}
        found = _post(kind, extension="@self")
        assert found == "extension_invalid" if kind == "callback" else found.extension == payer


def the_short_numbers() -> None:
    """
    A service writes short numbers of the payer's organization in full. After the checks above, it refuses an extension
    among the sources that belongs to another organization with `source_invalid`. Destinations can be anybody's.
    """
    assert [view.extension for view in _post("simple", view={"source": ["210"], "destination": ["024"]}).views] == [
        ALICE,
        "0003*024",
    ]
    assert _post("simple", view={"source": ["0009*998"]}) == "pc_source_invalid"
    assert _post("simple", view={"source": ["0009*998"]}, nonce="n" * 256) == "pc_nonce_invalid"
    assert _post("simple", view={"destination": ["0009*998"]}).views[1].extension == "0009*998"


def the_body() -> None:
    """
    The body has `extension`, `nonce` and one object in `phoneCallView` with `source`, `destination`, `callerId` and
    `callerDestination`. The parameters of the query are `waitForPickup`, for a simple call and a callback
    `callDuration`, and for a simple call `allowPublicTransfer`; others are ignored. The answer has status 200 and an
    array of the new call.
    """
    query = "?waitForPickup=40&callDuration=60&allowPublicTransfer=true"
    for kind in PAYERS:
        call = _post(kind, query, nonce="n", view={"callerId": "A", "callerDestination": "B"})
        shown = "B" if kind == "simple" else None
        assert (call.nonce, call.views[0].caller_id, call.views[-1].caller_id) == ("n", "A", shown)
        assert (call.wait_for_pickup, call.ends_by is None) == (40, kind == "conferenceInvite")
    assert not _post("simple").allow_public_transfer
    assert _post("simple", query).allow_public_transfer
    assert _post("simple", phoneCallView=[]) == "pc_body_invalid"


CALL = (the_fields_of_the_call, the_public_transfer, the_nonce)
VIEWS = (
    the_order_of_the_views,
    the_numbers_of_each_view,
    the_caller_ids,
    who_is_outside,
    the_sides_of_guests,
    the_flow_of_guests,
)
THEN = (
    the_first_source_wins,
    the_conference_rings_immediately,
    an_early_destination,
    no_source_answers,
    the_limit_of_the_call,
)
SERVICE = (the_body, which_extension_pays, the_short_numbers)
