"""Call events over HTTP: the vendor's paths in all their forms, what is around them, and their description."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.voipnow.http import BODY_LIMIT, HttpRequest, respond
from callstate.voipnow.http.event_openapi import document
from callstate.voipnow.service import EventBody
from callstate.voipnow.stores import Host, MemoryStore, MemorySubscriptions
from tests.voipnow.asking import ALICE, AT, AUTHORIZED, BOB, CALL, HOLD, ID, PATH, SITE, STORE
from tests.voipnow.http.test_openapi import references

EVENTS = f"/uapi/extensions/@me/{ALICE}/phoneCallEvents"
VENDORS = (
    b'{"type":"0","method":"0","note":"My phone call event is awesome",'
    b'"url":"http://myevent.com/SaveMyPhoneCallDetails","status":"1"}'
)
NEW = VENDORS.replace(b"myevent.com", b"localhost")


class Service:
    """The service over stores in memory, as a host answers it."""

    def __init__(self, **site: Any) -> None:  # Any: fields of a site
        self.subscriptions = MemorySubscriptions()
        self.calls = MemoryStore(SITE.directory.organization_of)
        self.calls.put(CALL)
        self.made = 0
        whole = SITE._replace(subscriptions=self.subscriptions, **site)
        self._host = Host(self.calls, whole, clock=lambda: AT, new_call_id=self._new_id)

    def _new_id(self) -> str:
        self.made += 1
        return f"new{self.made}"

    def ask(self, method: str, target: str = EVENTS, body: bytes = b"", *headers: tuple[str, str]) -> tuple[int, Any]:
        """Ask, and return the status and the body read as JSON (Any)."""
        shown = (*AUTHORIZED, *headers)
        response = self._host.answer(
            HttpRequest(method=method, target=target, headers=shown, body=body, base="https://x")
        )
        return response.status, msgspec.json.decode(response.body) if response.body else None

    def refused(self, method: str, target: str = EVENTS, body: bytes = b"", *headers: tuple[str, str]) -> str:
        """Ask what is refused, and return the code."""
        status, data = self.ask(method, target, body, *headers)
        assert status >= 400, data
        code: str = data["error"]["code"]
        return code


@pytest.fixture
def service() -> Service:
    return Service()


# Paths ----------------------------------------------------------------------------------------------------------------


def test_the_vendors_examples_in_a_row() -> None:
    service = Service(may_call=lambda _url: True)
    status, made = service.ask("POST", EVENTS, VENDORS)
    assert (status, made) == (
        200,
        {
            "type": "0",
            "id": "new1",
            "method": "0",
            "url": "http://myevent.com/SaveMyPhoneCallDetails",
            "status": "1",
            "note": "My phone call event is awesome",
            "modified": "2012-06-27T16:08:55Z",
            "links": {"self": f"https://x{EVENTS}/0/new1"},
        },
    )
    assert service.ask("GET", f"{EVENTS}/0/new1")[1]["entry"] == [made]
    body = b'{"method":"1","note":"I want to use POST for my event"}'
    changed = made | {"method": "1", "note": "I want to use POST for my event"}
    assert service.ask("PUT", f"{EVENTS}/0/new1", body) == (200, changed)
    assert service.ask("DELETE", f"{EVENTS}/0/new1") == (200, [{"id": "new1"}])
    assert service.ask("GET", EVENTS)[1]["entry"] == []


@pytest.mark.parametrize("root", ["/uapi", "/unifiedapi", "https://y/uapi", "//uapi"])
@pytest.mark.parametrize("user", ["@me", "%40me", "12", "@viewer", "@owner"])
@pytest.mark.parametrize("number", [ALICE, "0003%2A210", "210"])
@pytest.mark.parametrize("last", ["", "/"])
def test_each_form_of_a_path_names_the_same(service: Service, root: str, user: str, number: str, last: str) -> None:
    path = f"{root}/extensions/{user}/{number}/phoneCallEvents"
    assert service.ask("POST", f"{path}{last}", NEW)[0] == 200
    assert service.ask("POST", f"{path}/0{last}", NEW)[0] == 200
    (first, _) = service.ask("GET", f"{path}{last}")[1]["entry"]
    assert first["links"]["self"].startswith(f"https://x{'/unifiedapi' if 'unified' in root else '/uapi'}/extensions/")
    assert service.ask("GET", f"{path}/0{last}")[1]["totalResults"] == 2
    assert service.ask("PUT", f"{path}/0/{first['id']}{last}", b'{"status":"0"}')[1]["status"] == "0"
    assert service.ask("DELETE", f"{path}/0/{first['id']}{last}")[1] == [{"id": first["id"]}]
    assert len(service.ask("DELETE", f"{path}{last}")[1]) == 1


def test_a_link_can_be_followed(service: Service) -> None:
    _, made = service.ask("POST", EVENTS, NEW)
    assert service.ask("GET", made["links"]["self"])[1]["entry"] == [made]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (EVENTS, "GET, POST, DELETE, HEAD, OPTIONS"),
        (f"{EVENTS}/0", "GET, POST, DELETE, PUT, HEAD, OPTIONS"),
        (f"{EVENTS}/0/new1/", "GET, PUT, DELETE, HEAD, OPTIONS"),
    ],
)
def test_each_path_tells_its_methods(path: str, methods: str) -> None:
    site = SITE._replace(subscriptions=MemorySubscriptions())
    for method in ("OPTIONS", "PATCH"):
        answer = respond(STORE, site, HttpRequest(method=method, target=path), at=AT, new_call_id="new1").response
        assert (answer.status, dict(answer.headers)["Allow"]) == (204 if method == "OPTIONS" else 405, methods)


@pytest.mark.parametrize(
    "path",
    [
        *("/uapi/extensions", "/uapi/extensions/@me", f"/uapi/extensions/@me/{ALICE}", f"{EVENTS}/0/new1/x"),
        *(f"/api/extensions/@me/{ALICE}/phoneCallEvents", f"/uapi/extensions/@me/{ALICE}/phoneCalls"),
        *(f"/uapi/extensions//{ALICE}/phoneCallEvents", f"{EVENTS}//new1", f"{EVENTS}/0//", "/", ""),
    ],
)
def test_any_other_path_is_not_found(service: Service, path: str) -> None:
    assert service.ask("GET", path)[0] == 404


def test_without_subscriptions_there_are_no_such_paths() -> None:
    exchange = respond(
        STORE, SITE, HttpRequest(method="GET", target=EVENTS, headers=AUTHORIZED), at=AT, new_call_id="1"
    )
    assert exchange.response.status == 404


def test_a_put_for_a_type_alone_is_refused_for_the_id_and_for_an_id_alone_for_the_type(service: Service) -> None:
    assert service.refused("PUT", f"{EVENTS}/0", b"{}") == "pce_id_invalid"
    assert service.refused("PUT", f"{EVENTS}/new1", b"{}") == "pce_type_invalid"


def test_the_calls_are_still_there(service: Service) -> None:
    assert service.ask("PUT", PATH, HOLD)[0] == 202
    assert list(service.subscriptions) == []


# Requests -------------------------------------------------------------------------------------------------------------


def test_a_request_needs_a_token(service: Service) -> None:
    assert service.refused("GET", EVENTS, b"", ("Authorization", "x")) == "access_denied"


def test_a_token_in_the_query_is_no_parameter_of_a_list(service: Service) -> None:
    service.ask("POST", EVENTS, NEW)
    service.ask("POST", EVENTS, NEW)
    page = service.ask("GET", f"{EVENTS}?count=1&accessRequestToken=good")[1]
    assert page["paging"]["next"] == f"https://x{EVENTS}?count=1&startIndex=1"


def test_a_body_is_json_and_not_too_long(service: Service) -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    assert service.refused("POST", EVENTS, NEW, form) == "media_type_invalid"
    assert service.refused("POST", EVENTS, b" " * (BODY_LIMIT + 1)) == "request_too_large"
    assert service.refused("POST", EVENTS, b"[" * 100_000) == "pc_body_invalid"


def test_a_condition_on_an_etag_never_holds_and_changes_nothing(service: Service) -> None:
    assert service.refused("POST", EVENTS, NEW, ("If-Match", '"1"')) == "precondition_failed"
    assert list(service.subscriptions) == []
    assert service.ask("POST", EVENTS, NEW, ("If-Match", "*"))[0] == 200
    assert service.refused("POST", EVENTS, b"{}", ("If-Match", '"1"')) == "pcet_type_invalid"


def test_only_this_machine_is_called_unless_who_runs_the_service_says_so(service: Service) -> None:
    assert service.refused("POST", EVENTS, VENDORS) == "pce_url_invalid"
    assert Service(may_call=lambda _url: True).ask("POST", EVENTS, VENDORS)[0] == 200


def test_an_extension_of_somebody_else(service: Service) -> None:
    assert service.refused("GET", EVENTS.replace(ALICE, BOB)) == "access_denied"
    assert service.refused("GET", EVENTS.replace(ALICE, "@self")) == "extension_invalid"


def test_a_request_hands_back_what_it_did_and_stores_nothing_by_itself() -> None:
    subscriptions = MemorySubscriptions()
    request = HttpRequest(method="POST", target=EVENTS, headers=AUTHORIZED, body=NEW)
    exchange = respond(STORE, SITE._replace(subscriptions=subscriptions), request, at=AT, new_call_id="new1")
    assert [one.id for one in exchange.subscribed.stored] == ["new1"]
    assert (exchange.account, exchange.changed, list(subscriptions)) == ("12", (), [])


WORDS = st.sampled_from(["@me", ALICE, "phoneCallEvents", "0", "new1", "%2F", "", "."]) | st.text(max_size=5)


@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    st.lists(WORDS, max_size=3),
    st.binary() | st.sampled_from([NEW, b"{}", b'{"type":7}']),
)
def test_any_path_and_any_body_get_a_well_formed_answer(method: str, words: list[str], body: bytes) -> None:
    service = Service()
    status, data = service.ask(method, "/".join((EVENTS, *words)), body)
    assert status in (200, 400, 401, 404, 405)
    assert (data is None) is (method == "HEAD")
    if status != 200 and data is not None:
        assert set(data["error"]) == {"code", "message"}


# The description ------------------------------------------------------------------------------------------------------


def test_it_is_served_where_there_are_call_events(service: Service) -> None:
    assert service.ask("GET", "/openapi.json") == (200, document())


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    names = {reference.removeprefix("#/components/schemas/") for reference in references(document())}
    assert names == set(document()["components"]["schemas"])


def test_each_path_has_the_methods_that_are_described(service: Service) -> None:
    described = {path: item for path, item in document()["paths"].items() if path.startswith("/extensions")}
    assert len(described) == 3
    for path, item in described.items():
        real = path.format(userId="@me", extension=ALICE, type="0", id="new1")
        for method in {"get", "post", "put", "delete"} & set(item):
            assert service.ask(method.upper(), f"/uapi{real}", NEW)[0] in (200, 400)


def test_the_fields_of_a_subscription_are_those_that_are_written_and_read(service: Service) -> None:
    schemas = document()["components"]["schemas"]
    assert list(schemas["PhoneCallEvent"]["properties"]) == list(EventBody.__struct_fields__)
    assert schemas["NewPhoneCallEvent"]["required"] == ["type", "method", "url"]
    assert "type" not in schemas["PhoneCallEventUpdate"]["properties"]
    body = dict.fromkeys(schemas["NewPhoneCallEvent"]["properties"], 0) | {"url": "http://localhost/"}
    shown = service.ask("POST", EVENTS, msgspec.json.encode(body))[1]
    assert [shown[name] for name in ("type", "method", "status", "note")] == ["0"] * 4


def test_no_name_of_a_class_of_ours_and_no_word_of_python_shows() -> None:
    text = msgspec.json.encode(document()).decode()
    assert "EventBody" not in text.replace("PhoneCallEvent", "")
    assert "`None`" not in text


def test_the_call_of_the_tests_is_not_touched(service: Service) -> None:
    service.ask("POST", EVENTS, NEW)
    assert service.calls.by_id(ID) is CALL
