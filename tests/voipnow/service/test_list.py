"""Lists: which calls they show, page by page, filtered, and with which fields."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callstate import advance
from callstate.domain import SUPERVISORS
from callstate.voipnow.service import participants
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    ERIN,
    Walk,
    at,
    connected,
    incoming,
    over,
    two_sources,
    walks,
)
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BASE,
    BOB_ID,
    CAROL_ID,
    ERIN_ID,
    ORGANIZATION,
    Simulation,
    another,
)


def several(count: int) -> Simulation:
    return Simulation(*(another(connected(), f"c{n:02d}", n) for n in range(count)))


def ids(data: Any) -> list[str]:  # Any: JSON
    return [entry["id"] for entry in data["entry"]]


def test_a_list_shows_the_calls_of_the_extension_in_the_order_of_their_publishing() -> None:
    world = Simulation(another(connected(), "b", 2), another(connected(), "a", 3), another(incoming(), "c", 1))
    assert ids(world.list(extension=ALICE).data) == ["b", "a"]
    assert ids(world.list(viewer=BOB_ID).data) == ["c", "b", "a"]
    assert ids(world.list(viewer=ORGANIZATION, user=BOB_ID, extension="211").data) == ["c", "b", "a"]
    assert ids(world.list(viewer=CAROL_ID).data) == []
    assert ids(world.list(viewer=ADMIN).data) == ids(world.list(viewer=ORGANIZATION).data) == ["c", "b", "a"]


def test_an_entry_is_a_call_as_the_wire_has_it_and_where_it_is() -> None:
    (entry,) = Simulation(connected()).list(call_id=CALL).data["entry"]
    assert entry["phoneCallView"][0]["status"] == "5"
    assert entry["link"] == {"self": f"{BASE}/phoneCalls/12/0003*210/{CALL}"}


def test_the_list_of_one_call_has_its_version() -> None:
    world = Simulation(connected(), another(connected(), "other"))
    one = world.list(call_id=CALL)
    assert (ids(one.data), one.version) == ([CALL], 3)
    assert world.list().version is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ({"user": "99"}, "user_invalid"),
        ({"user": BOB_ID}, "access_denied"),
        ({"extension": "0009*999"}, "extension_invalid"),
        ({"extension": ALICE, "viewer": BOB_ID}, "access_denied"),
    ],
    ids=str,
)
def test_who_asks_for_an_unknown_call_must_be_somebody_who_may(path: dict[str, str], code: str) -> None:
    """Else a client with a wrong path is told that its call is gone."""
    assert Simulation(connected()).list(call_id="unknown", **path).code == code


@pytest.mark.parametrize("extension", ["@self", ALICE])
def test_the_owner_of_an_unknown_call_is_not_known(extension: str) -> None:
    assert Simulation().list(call_id="unknown", user="@owner", extension=extension).data["entry"] == []


@pytest.mark.parametrize("call_id", ["unknown", "no id!", ""])
def test_the_list_of_an_unknown_call_is_empty(call_id: str) -> None:
    answer = Simulation(connected()).list(call_id=call_id, user="@owner")
    assert answer.status == 200
    assert answer.data == {"entry": [], "totalResults": 0, "itemsPerPage": 20, "startIndex": 0}


def test_a_call_that_is_over_or_not_ones_own_is_not_listed() -> None:
    assert ids(Simulation(over()).list(call_id=CALL).data) == []
    assert ids(Simulation(over()).list().data) == []
    assert ids(Simulation(connected()).list(viewer=CAROL_ID, call_id=CALL).data) == []


@pytest.mark.parametrize(("user", "code"), [("99", "user_invalid"), (BOB_ID, "access_denied")])
@pytest.mark.parametrize("call_id", [CALL, None])
def test_a_list_for_whom_one_may_not_ask_is_refused(user: str, code: str, call_id: str | None) -> None:
    assert Simulation(connected()).list(user=user, call_id=call_id).code == code


def test_what_is_listed_is_brought_up_to_date_and_stored() -> None:
    for call_id in (CALL, None):
        answer = Simulation(two_sources()).list(call_id=call_id, now=at(36))
        assert ids(answer.data) == []
        assert answer.changed == (advance(two_sources(), at=at(35)),)


def test_a_list_comes_in_pages_that_lead_to_one_another() -> None:
    world = several(45)
    first = world.list(extension="210").data
    assert ids(first) == [f"c{n:02d}" for n in range(20)]
    assert (first["totalResults"], first["itemsPerPage"], first["startIndex"]) == (45, 20, 0)
    assert first["paging"] == {"next": f"{BASE}/phoneCalls/@me/210?count=20&startIndex=20"}
    last = world.list(query={"count": "20", "startIndex": "40"}).data
    assert ids(last) == [f"c{n:02d}" for n in range(40, 45)]
    assert last["paging"] == {"prev": f"{BASE}/phoneCalls/@me/@self?count=20&startIndex=20"}
    middle = world.list(query={"startIndex": "5", "sortOrder": "descending", "count": "10"}).data
    assert ids(middle) == [f"c{n:02d}" for n in range(39, 29, -1)]
    assert middle["paging"]["prev"].endswith("startIndex=0&sortOrder=descending&count=10")
    beyond = world.list(query={"startIndex": "60"}).data
    assert (ids(beyond), beyond["totalResults"]) == ([], 45)


@pytest.mark.parametrize(
    "query",
    [
        "filterBy=id&filterOp=inArray&filterValue=c00%2C%20c01%2Cc02%2C%20c03",
        "filterBy=id&filterOp=inArray&filterValue=c00,+c01,+c02,c03",
        "filterBy=published&filterOp=lessThan&filterValue=2026-03-02T11:00:04%2B02:00",
        "filterBy=published&filterOp=lessThan&filterValue=2026-03-02T11:00:04+02:00&sortOrder=descending",
        "filterBy=published&filterOp=present&fields=id,%20link&nonsense=a%26b%3Dc+d",
    ],
)
def test_the_pages_of_a_filtered_list_have_the_filter_of_the_first(query: str) -> None:
    world, found, total = several(4), list[str](), set[int]()
    path = f"@me/{ALICE}?{query}&count=1"
    while path:
        page = world.http(ALICE_ID, "GET", path).data
        found += ids(page)
        total.add(page["totalResults"])
        path = page.get("paging", {}).get("next", "")
    assert sorted(found) == ["c00", "c01", "c02", "c03"]
    assert total == {4}


def test_a_page_of_one_call_leads_back_to_it() -> None:
    paging = Simulation(connected()).list(call_id=CALL, query={"startIndex": "1"}).data["paging"]
    assert paging == {"prev": f"{BASE}/phoneCalls/@me/@self/{CALL}?startIndex=0&count=20"}


def test_no_page_begins_beyond_the_highest_start_index() -> None:
    world = several(5010)
    assert "next" in world.list(query={"startIndex": "4980"}).data["paging"]
    assert "next" not in world.list(query={"startIndex": "4981"}).data["paging"]


PUBLISHED = ["2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z", "2026-03-02T09:00:02Z"]


@pytest.mark.parametrize(
    ("by", "op", "value", "found"),
    [
        ("id", "equals", "c01", ["c01"]),
        ("id", None, "1", ["c01"]),
        ("id", "contains", "c0", ["c00", "c01", "c02"]),
        ("id", "startsWith", "0", []),
        ("id", "greaterThan", "c00", ["c01", "c02"]),
        ("id", "lessThan", "c01", ["c00"]),
        ("id", "inArray", "c00, c02", ["c00", "c02"]),
        ("id", "present", None, ["c00", "c01", "c02"]),
        ("published", "equals", "2026-03-02T11:00:01+02:00", ["c01"]),
        ("published", "greaterThan", PUBLISHED[0], ["c01", "c02"]),
        ("published", "lessThan", PUBLISHED[1], ["c00"]),
        ("published", "inArray", ",".join(PUBLISHED[1:]), ["c01", "c02"]),
        ("published", "startsWith", "2026-03-02T09:00:02", ["c02"]),
        ("published", "contains", ":01", ["c01"]),
        ("published", "present", None, ["c00", "c01", "c02"]),
    ],
)
def test_a_list_is_filtered(by: str, op: str | None, value: str | None, found: list[str]) -> None:
    query = {"filterBy": by, "filterOp": op or "", "filterValue": value or ""}
    world = several(3)
    world.store.put(replace(connected(), id="undated", published=None))
    answer = world.list(query=query).data
    dated = [call_id for call_id in ids(answer) if call_id != "undated"]
    assert dated == found
    assert by == "id" or "undated" not in ids(answer)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"count": "0"}, "count_invalid"),
        ({"count": "5001"}, "count_invalid"),
        ({"count": "many"}, "count_invalid"),
        ({"count": "-1"}, "count_invalid"),
        ({"startIndex": "5001"}, "pc_startindex_invalid"),
        ({"startIndex": "1.5"}, "pc_startindex_invalid"),
        ({"sortOrder": "up"}, "sortorder_invalid"),
        ({"fields": "id,colour"}, "fields_invalid"),
        ({"filterBy": "nonce"}, "filterby_invalid"),
        ({"filterValue": "x"}, "filterby_invalid"),
        ({"filterOp": "present"}, "filterby_invalid"),
        ({"filterBy": "id", "filterOp": "like", "filterValue": "x"}, "filterop_invalid"),
        ({"filterBy": "id"}, "filtervalue_invalid"),
        ({"filterBy": "published", "filterOp": "equals", "filterValue": "today"}, "filtervalue_invalid"),
        (
            {"filterBy": "published", "filterOp": "lessThan", "filterValue": "2026-03-02T09:00:00"},
            "filtervalue_invalid",
        ),
        ({"filterBy": "published", "filterOp": "inArray", "filterValue": f"{PUBLISHED[0]},x"}, "filtervalue_invalid"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_code(query: dict[str, str], code: str) -> None:
    for call_id in (None, CALL, "unknown"):
        answer = Simulation(connected()).list(query=query, call_id=call_id)
        assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize("count", ["1", "5000"])
def test_the_bounds_of_a_page_are_good(count: str) -> None:
    assert Simulation(connected()).list(query={"count": count, "startIndex": "0"}).data["itemsPerPage"] == int(count)
    assert Simulation(connected()).list(query={"startIndex": "5000"}).data["startIndex"] == 5000


def test_a_list_shows_the_fields_that_are_asked_for() -> None:
    (entry,) = Simulation(connected()).list(query={"fields": "id, nonce,published"}).data["entry"]
    assert entry == {"id": CALL, "published": "2026-03-02T09:00:00Z"}
    for word in ("link", "links"):
        (entry,) = Simulation(connected()).list(query={"fields": word}).data["entry"]
        assert list(entry) == ["link"]


SEES_SUPERVISION = {ALICE_ID: {ALICE}, BOB_ID: {BOB}, CAROL_ID: {CAROL}, ERIN_ID: {ERIN}}
"""The extensions of users; their organization and an administrator see the supervision by all of them."""


@given(walks(), st.sampled_from([*SEES_SUPERVISION, ORGANIZATION, ADMIN]))
def test_a_list_shows_the_listed_live_views_and_of_supervision_only_ones_own(walk: Walk, account: str) -> None:
    call = [moment.call for moment in walk.moments()][-1]
    own = SEES_SUPERVISION.get(account, {ALICE, BOB, CAROL, DAVE, ERIN})
    seen = [v.id for v in call.views if v.live and v.listed and (v.role not in SUPERVISORS or v.extension in own)]
    has_to_do_with_it = not call.over and not own.isdisjoint(participants(call))
    page = Simulation(call).http(account, "GET", f"@me/@self/{CALL}", now=call.updated).data
    shown = [[one["id"] for one in entry["phoneCallView"]] for entry in page["entry"]]
    assert shown == ([seen] if has_to_do_with_it else [])
