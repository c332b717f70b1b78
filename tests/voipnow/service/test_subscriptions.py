"""Subscriptions to call events: the four requests, what each needs, and in which order it is checked."""

from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.voipnow.service import (
    EventMethod,
    EventType,
    Subscription,
    SubscriptionChanges,
    SubscriptionRequest,
    Verb,
    handle_subscription,
)
from callstate.voipnow.stores import MemorySubscriptions
from tests.calls import ALICE, BOB, at
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BOB_ID,
    CALLBACK,
    CONFERENCE,
    DIRECTORY,
    ERIN_ID,
    FAR,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    QUEUE,
)

BASE = "https://host/uapi"
URL = "http://127.0.0.1:8000/hook"
NEW = {"type": "0", "method": "0", "url": URL, "status": "1", "note": "mine"}


class Answer(NamedTuple):
    """What came of a request; `data` is its body read as JSON."""

    status: int
    data: Any  # JSON
    changes: SubscriptionChanges

    @property
    def code(self) -> str:
        """The code of a refusal."""
        assert self.status in (400, 401), self.data
        code: str = self.data["error"]["code"]
        return code


class Office:
    """A store of subscriptions that can be asked for, and change."""

    def __init__(self) -> None:
        self.store = MemorySubscriptions()
        self.made = 0

    def ask(self, verb: Verb, *path: str, body: object = b"", **asked: Any) -> Answer:
        """Ask for Alice's extension on her behalf, at second 20, if nothing else is said (Any: fields of a request)."""
        known = {"viewer": ALICE_ID, "extension": ALICE, "base": BASE, "new_id": f"new{self.made}"}
        more = dict(zip(("type", "id"), path, strict=False))
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        seconds, may = asked.pop("seconds", 20), asked.pop("may_call", {})
        request = SubscriptionRequest(verb=verb, body=data, **(known | more | asked))
        response, changes = handle_subscription(self.store, DIRECTORY, request, at=at(seconds), **may)
        self.store.store(changes)
        self.made += 1
        return Answer(response.status, msgspec.json.decode(response.body), changes)

    def create(self, *path: str, **fields: Any) -> Answer:
        """Subscribe; what is given replaces fields, and `None` takes one out (Any: JSON)."""
        seconds = fields.pop("seconds", 20)
        body = {name: value for name, value in (NEW | fields).items() if value is not None}
        return self.ask(Verb.CREATE, *path, body=body, seconds=seconds)

    def list(self, *path: str, **query: str) -> list[dict[str, Any]]:
        """List what there is (Any: JSON)."""
        answer = self.ask(Verb.LIST, *path, parameters=query)
        assert answer.status == 200, answer.data
        entries: list[dict[str, Any]] = answer.data["entry"]
        return entries

    def update(self, kind: str, event_id: str, **fields: Any) -> Answer:
        """Change one, at second 30 (Any: JSON)."""
        return self.ask(Verb.UPDATE, kind, event_id, body=fields, seconds=30)

    def delete(self, *path: str) -> Answer:
        return self.ask(Verb.DELETE, *path)


@pytest.fixture
def office() -> Office:
    return Office()


# Create ---------------------------------------------------------------------------------------------------------------


def test_a_subscription_is_created_and_shown_as_the_vendor_shows_it(office: Office) -> None:
    answer = office.create()
    assert (answer.status, answer.data) == (
        200,
        {
            "type": "0",
            "id": "new0",
            "method": "0",
            "url": URL,
            "status": "1",
            "note": "mine",
            "modified": "2026-03-02T09:00:20Z",
            "links": {"self": f"{BASE}/extensions/@me/{ALICE}/phoneCallEvents/0/new0"},
        },
    )
    assert answer.changes.stored == (
        Subscription(
            extension=ALICE,
            type=EventType.DIAL_IN,
            id="new0",
            method=EventMethod.GET,
            url=URL,
            enabled=True,
            note="mine",
            modified=at(20),
        ),
    )
    assert office.list() == [answer.data]


def test_numbers_may_come_as_numbers(office: Office) -> None:
    shown = office.create(type=3, method=1, status=0, note=7).data
    assert [shown[name] for name in ("type", "method", "status", "note")] == ["3", "1", "0", "7"]


def test_a_status_and_a_note_that_are_not_given_are_enabled_and_empty(office: Office) -> None:
    shown = office.create(status=None, note=None).data
    assert (shown["status"], shown["note"]) == ("1", "")
    shown = office.create(status="", note="").data
    assert (shown["status"], shown["note"]) == ("1", "")


@pytest.mark.parametrize("kind", [str(number) for number in range(5)])
def test_the_type_may_stand_in_the_path_in_the_body_or_in_both(office: Office, kind: str) -> None:
    for answer in (office.create(type=kind), office.create(kind, type=None), office.create(kind, type=int(kind))):
        assert answer.data["type"] == kind
    assert len(office.list(kind)) == 3


@pytest.mark.parametrize("path", [(), ("0",), ("1",)])
@pytest.mark.parametrize("kind", [5, -1, "five", True, [], {}, 0.0])
def test_a_type_in_the_body_that_is_none_or_another_than_in_the_path(
    office: Office, path: tuple[str, ...], kind: object
) -> None:
    assert office.create(*path, type=kind).code == "pcet_type_invalid"


def test_two_types_that_differ_and_none_at_all(office: Office) -> None:
    assert office.create("1", type="2").code == "pcet_type_invalid"
    assert office.create(type=None).code == "pcet_type_invalid"
    assert office.create("7", type=None).code == "pcet_type_invalid"


@pytest.mark.parametrize(
    ("field", "values", "code"),
    [
        ("method", (None, "", 2, "GET", True, [0]), "pce_method_invalid"),
        ("url", (None, "", 7, [URL], "hook", "ftp://127.0.0.1/"), "pce_url_invalid"),
        ("status", (2, "on", True, [1]), "pce_status_invalid"),
        ("note", ("n" * 1025, [], {}, True, 1.5), "pce_note_invalid"),
    ],
)
def test_a_field_that_is_missing_or_wrong_is_refused_with_its_own_code(
    office: Office, field: str, values: tuple[object, ...], code: str
) -> None:
    for value in values:
        answer = office.create(**{field: value})
        assert (answer.code, answer.changes.stored) == (code, ()), value


def test_the_longest_note(office: Office) -> None:
    assert office.create(note="n" * 1024).status == 200


def test_fields_that_nobody_reads_are_ignored(office: Office) -> None:
    answer = office.create(id="mine", modified="yesterday", links=[], more=1)
    assert answer.data["id"] == "new0"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object(office: Office, body: bytes) -> None:
    assert office.ask(Verb.CREATE, body=body).code == "pc_body_invalid"


def test_the_first_wrong_field_is_told_in_the_order_type_method_url_status_note(office: Office) -> None:
    fields: dict[str, object] = {"type": 9, "method": 9, "url": 9, "status": 9, "note": []}
    right = {"type": "0", "method": "0", "url": URL, "status": "1", "note": ""}
    codes = []
    for name in tuple(fields):
        codes.append(office.create(**fields).code)
        fields[name] = right[name]
    expected = ["pcet_type", "pce_method", "pce_url", "pce_status", "pce_note"]
    assert codes == [f"{name}_invalid" for name in expected]
    assert office.create(**fields).status == 200


def test_a_url_that_may_not_be_called_is_refused_and_who_runs_the_service_decides(office: Office) -> None:
    vendors = "http://myevent.com/SaveMyPhoneCallDetails"
    assert office.create(url=vendors).code == "pce_url_invalid"
    body = NEW | {"url": vendors}
    assert office.ask(Verb.CREATE, body=body, may_call={"may_call": lambda _url: True}).data["url"] == vendors


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"viewer": "none"}, "access_denied"),
        ({"user": "none"}, "user_invalid"),
        ({"user": ORGANIZATION}, "user_invalid"),
        ({"user": BOB_ID}, "access_denied"),
        ({"extension": "@self"}, "extension_invalid"),
        ({"extension": "0003*999"}, "extension_invalid"),
        ({"extension": BOB}, "access_denied"),
        ({"extension": CALLBACK}, "extension_invalid"),
        ({"user": "@owner", "extension": BOB}, "access_denied"),
        ({"user": "@owner", "extension": "0003*999"}, "user_invalid"),
        ({"viewer": OTHER_ORGANIZATION}, "access_denied"),
        ({"viewer": ADMIN, "user": BOB_ID}, "extension_invalid"),
        ({"extension": CALLBACK, "type": "9"}, "extension_invalid"),
        ({"user": "none", "extension": "@self"}, "user_invalid"),
    ],
)
def test_user_access_and_extension_are_checked_first(
    office: Office, verb: Verb, asked: dict[str, str], code: str
) -> None:
    assert office.ask(verb, body=b"{", **({"type": "0", "id": "!"} | asked)).code == code


@pytest.mark.parametrize(
    "asked",
    [
        {"extension": "210"},
        {"extension": CONFERENCE},
        {"user": ALICE_ID},
        {"user": "@viewer"},
        {"user": "@owner"},
        {"viewer": ORGANIZATION},
        {"viewer": ORGANIZATION, "user": ALICE_ID, "extension": "210"},
        {"viewer": ADMIN, "extension": FAR},
        {"viewer": ADMIN, "user": "@owner", "extension": FAR},
        {"viewer": ERIN_ID, "extension": QUEUE},
    ],
)
def test_users_and_those_above_them_may_subscribe(office: Office, asked: dict[str, str]) -> None:
    created = office.ask(Verb.CREATE, body=NEW, **asked)
    listed = office.ask(Verb.LIST, **asked)
    assert (created.status, listed.data["entry"]) == (200, [created.data])


def test_a_link_has_the_user_of_the_path_and_the_extended_number(office: Office) -> None:
    made = office.ask(Verb.CREATE, body=NEW, user=ALICE_ID, extension="210")
    assert made.data["links"]["self"] == f"{BASE}/extensions/{ALICE_ID}/{ALICE}/phoneCallEvents/0/new0"


# List -----------------------------------------------------------------------------------------------------------------


def three(office: Office) -> None:
    """Three of two types: their order by URL is 2, 0, 1."""
    office.create(url="http://localhost/b", note="first")
    office.create(type="2", url="http://localhost/c", method="1", status="0")
    office.create(url="http://localhost/a", seconds=21)


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def test_a_list_is_ordered_by_url_then_by_creation(office: Office) -> None:
    three(office)
    office.create(url="http://localhost/b")
    assert ids(office.list()) == ["new2", "new0", "new3", "new1"]
    assert ids(office.list(sortOrder="ascending")) == ["new2", "new0", "new3", "new1"]
    assert ids(office.list(sortOrder="descending")) == ["new1", "new3", "new0", "new2"]
    assert ids(office.list(sortOder="descending")) == ["new2", "new0", "new3", "new1"], "the vendor's client misspells"


def test_a_list_of_a_type_and_of_one(office: Office) -> None:
    three(office)
    assert ids(office.list("0")) == ["new2", "new0"]
    assert ids(office.list("2", "new1")) == ["new1"]
    assert office.list("0", "new1") == [], "it is of another type"
    assert office.list("4") == []


def test_what_is_not_there_is_an_empty_list(office: Office) -> None:
    answer = office.ask(Verb.LIST)
    assert answer.data == {"entry": [], "totalResults": 0, "itemsPerPage": 20, "startIndex": 0}
    assert office.list("0", "none") == []


@pytest.mark.parametrize(
    ("by", "value", "found"),
    [
        ("type", "2", ["new1"]),
        ("id", "new0", ["new0"]),
        ("method", "0", ["new2", "new0"]),
        ("url", "http://localhost/a", ["new2"]),
        ("url", "http://localhost", []),
        ("status", "0", ["new1"]),
        ("note", "first", ["new0"]),
        ("modified", "2026-03-02T11:00:21+02:00", ["new2"]),
    ],
)
def test_a_filter_is_an_equality(office: Office, by: str, value: str, found: list[str]) -> None:
    three(office)
    assert ids(office.list(filterBy=by, filterValue=value)) == found


def test_only_some_fields(office: Office) -> None:
    three(office)
    assert office.list("2", fields="url,id") == [{"id": "new1", "url": "http://localhost/c"}]
    assert set(office.list("2", fields="links")[0]) == {"links"}


def test_pages_tell_where_the_others_are(office: Office) -> None:
    three(office)
    middle = office.ask(Verb.LIST, "0", parameters={"count": "1", "startIndex": "1", "note": "a b"})
    assert ids(middle.data["entry"]) == ["new0"]
    assert middle.data["totalResults"] == 2
    where = f"{BASE}/extensions/@me/{ALICE}/phoneCallEvents/0"
    assert middle.data["paging"] == {"prev": f"{where}?count=1&startIndex=0&note=a%20b"}
    first = office.ask(Verb.LIST, parameters={"count": "1"})
    assert first.data["paging"]["next"].endswith("/phoneCallEvents?count=1&startIndex=1")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"count": "0"}, "count_invalid"),
        ({"count": "all"}, "count_invalid"),
        ({"startIndex": "5001"}, "pc_startindex_invalid"),
        ({"filterBy": "links", "filterValue": "x"}, "filterby_invalid"),
        ({"filterValue": "x"}, "filterby_invalid"),
        ({"filterBy": "url"}, "filtervalue_invalid"),
        ({"filterBy": "modified", "filterValue": "today"}, "filtervalue_invalid"),
        ({"fields": "url,color"}, "fields_invalid"),
        ({"sortOrder": "up"}, "sortorder_invalid"),
    ],
)
def test_a_parameter_that_is_wrong(office: Office, query: dict[str, str], code: str) -> None:
    assert office.ask(Verb.LIST, parameters=query).code == code


# Update ---------------------------------------------------------------------------------------------------------------


def test_what_an_update_leaves_out_stays(office: Office) -> None:
    made = office.create().data
    changed = office.update("0", "new0", method="1", note="I want to use POST").data
    assert changed == made | {"method": "1", "note": "I want to use POST", "modified": "2026-03-02T09:00:30Z"}
    assert office.list() == [changed]


def test_each_field_can_be_changed_and_a_note_can_go(office: Office) -> None:
    office.create()
    changed = office.update("0", "new0", url="http://localhost/x", status=0, note="").data
    assert [changed[name] for name in ("url", "status", "note")] == ["http://localhost/x", "0", ""]


def test_an_update_that_changes_nothing_is_a_repeat(office: Office) -> None:
    made = office.create().data
    answer = office.update("0", "new0", **NEW)
    assert (answer.data, answer.changes) == (made, SubscriptionChanges())
    assert office.update("0", "new0", method="", url=None, status="").data == made


def test_a_changed_subscription_keeps_its_place(office: Office) -> None:
    office.create()
    office.create()
    office.update("0", "new0", note="changed")
    assert [kept.id for kept in office.store] == ["new0", "new1"]


def test_the_type_and_the_id_cannot_be_changed(office: Office) -> None:
    office.create()
    assert office.update("0", "new0", type="1").code == "pce_type_invalid"
    assert office.update("0", "new0", type="x").code == "pce_type_invalid"
    assert office.update("0", "new0", type=0, id="x", modified="x", links={}).data["id"] == "new0"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"method": 2}, "pce_method_invalid"),
        ({"url": "x"}, "pce_url_invalid"),
        ({"status": 2}, "pce_status_invalid"),
        ({"note": []}, "pce_note_invalid"),
        ({"type": 9, "method": 9}, "pce_type_invalid"),
    ],
)
def test_a_wrong_field_leaves_the_subscription_as_it_was(office: Office, fields: dict[str, object], code: str) -> None:
    made = office.create().data
    assert office.update("0", "new0", **fields).code == code
    assert office.list() == [made]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ((), "pce_type_invalid"),
        (("new0",), "pce_type_invalid"),
        (("0",), "pce_id_invalid"),
        (("9", "new0"), "pce_type_invalid"),
        (("0", "none"), "pce_id_invalid"),
        (("1", "new0"), "pce_id_invalid"),
        (("0", "a-b"), "pce_id_invalid"),
        (("0", "x" * 256), "pce_id_invalid"),
    ],
)
def test_an_update_names_a_type_and_an_existing_id(office: Office, path: tuple[str, ...], code: str) -> None:
    office.create()
    assert office.ask(Verb.UPDATE, *path, body=b"{").code == code


# Delete ---------------------------------------------------------------------------------------------------------------


def test_one_is_deleted_or_all_of_a_type_or_all(office: Office) -> None:
    three(office)
    assert office.delete("0", "new0").data == [{"id": "new0"}]
    office.create()
    assert office.delete("0").data == [{"id": "new2"}, {"id": "new4"}]
    assert ids(office.list()) == ["new1"]
    assert office.delete().data == [{"id": "new1"}]
    assert office.list() == []


def test_there_may_be_nothing_to_delete_but_not_an_unknown_one(office: Office) -> None:
    assert office.delete().data == []
    assert office.delete("0").data == []
    assert office.delete("0", "none").code == "pce_id_invalid"
    assert office.delete("new0").code == "pce_type_invalid"


def test_those_of_other_extensions_stay(office: Office) -> None:
    office.create()
    office.ask(Verb.CREATE, body=NEW, viewer=BOB_ID, extension=BOB)
    assert office.delete().data == [{"id": "new0"}]
    assert [kept.extension for kept in office.store] == [BOB]


@pytest.mark.parametrize("verb", [Verb.LIST, Verb.DELETE])
def test_a_type_or_an_id_of_a_wrong_form(office: Office, verb: Verb) -> None:
    assert office.ask(verb, "dial").code == "pce_type_invalid"
    assert office.ask(verb, "9", "!").code == "pce_type_invalid"
    assert office.ask(verb, "0", "!").code == "pce_id_invalid"


# Any request ---------------------------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=5
)
WORDS = st.sampled_from(["0", "4", "9", "new0", "@self", ""]) | st.text()


@given(
    st.sampled_from(Verb),
    st.lists(WORDS, max_size=2),
    st.binary() | st.dictionaries(st.sampled_from([*NEW, "id"]), ANYTHING).map(msgspec.json.encode),
    st.dictionaries(st.sampled_from(["count", "startIndex", "filterBy", "filterValue", "fields"]), st.text()),
    WORDS,
    WORDS,
)
def test_any_request_gets_an_answer_with_a_code_or_what_was_asked_for(  # noqa: PLR0913, PLR0917  # all its parts
    verb: Verb, path: list[str], body: bytes, query: dict[str, str], user: str, extension: str
) -> None:
    office = Office()
    office.create()
    for names in ({}, {"user": user, "extension": extension}):
        answer = office.ask(verb, *path, body=body, parameters=query, **names)
        if answer.status == 200:
            assert isinstance(answer.data, list if verb is Verb.DELETE else dict)
        else:
            assert answer.code.endswith("_invalid") or answer.code == "access_denied"


def test_a_naive_time_is_a_mistake_of_the_caller() -> None:
    request = SubscriptionRequest(verb=Verb.LIST, viewer=ALICE_ID, extension=ALICE)
    with pytest.raises(ValueError, match="offset"):
        handle_subscription(MemorySubscriptions(), DIRECTORY, request, at=at(0).replace(tzinfo=None))
