"""HTTP without a socket: paths, tokens, methods, bodies and conditions, and an answer to any bytes."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from callstate.domain import DomainError, ErrorCode, Park, PhoneCall, PickUp
from callstate.engine import STRICT, apply_action
from callstate.voipnow.http import BODY_LIMIT, Exchange, HttpRequest, respond, split
from callstate.voipnow.stores import MemoryStore
from tests.voipnow.asking import (
    ALICE,
    AT,
    AUTHORIZED,
    BOB,
    CALL,
    DIRECTORY,
    HOLD,
    ID,
    PATH,
    SITE,
    STORE,
    ask,
    code,
    header,
)


def test_an_accepted_request_hands_back_the_call_that_changed() -> None:
    exchange = ask("PUT", body=HOLD)
    (held,) = exchange.changed
    assert (exchange.response.status, exchange.account) == (202, "12")
    assert (held.id, held.version, held.views[1].on_hold) == (ID, 8, AT)
    assert header(exchange, "ETag") == '"8"'
    assert STORE.by_id(ID) is CALL, "to store it is for others"


def test_a_request_tells_what_it_asked_of_the_call_and_for_whom() -> None:
    asked = PickUp(call_id=ID, view_id="01", extension=ALICE, send_call_to=BOB)
    exchange = ask("PUT", body=b'{"action":"PickUp","phoneCallViewId":"01","sendCallTo":"024"}')
    (step,) = exchange.steps
    assert code(exchange) == (400, "pc_wrong_state")
    assert (step.asked, step.at) == (asked, AT)
    assert isinstance(step.result, DomainError)
    assert step.result.code is ErrorCode.WRONG_STATE


def test_the_place_in_the_lot_is_part_of_what_is_asked() -> None:
    taken = apply_action(replace(CALL, id="parked"), Park(call_id="parked", view_id="00", extension=ALICE), at=AT)
    assert isinstance(taken, PhoneCall)
    store = MemoryStore(DIRECTORY.organization_of)
    store.put(CALL)
    store.put(taken)
    body = b'{"action":"Park","phoneCallViewId":"00"}'
    request = HttpRequest(method="PUT", target=PATH, headers=AUTHORIZED, body=body)
    (step,) = respond(store, SITE, request, at=AT, new_call_id="new1").steps
    assert step.asked == Park(call_id=ID, view_id="00", extension=ALICE, position=2)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", PATH, b""),
        ("PUT", PATH, b"{"),
        ("PUT", f"{PATH}0", HOLD),
        ("PUT", PATH.replace("/12/", "/13/"), HOLD),
        ("POST", "/uapi/phoneCalls/@me/simple", b"{}"),
    ],
)
def test_what_does_not_come_to_a_call_is_nothing_that_was_asked_of_one(method: str, target: str, body: bytes) -> None:
    assert ask(method, target, body=body).steps == ()


@pytest.mark.parametrize(
    "target", [PATH, f"https://x.x.x.x/{PATH}/?", f"HTTP://h:80{PATH}?a", PATH.replace("12", "%40me")]
)
def test_the_link_of_a_call_has_our_address_and_the_owner_of_the_extension(target: str) -> None:
    (entry,) = msgspec.json.decode(ask(target=target).response.body)["entry"]
    assert entry["link"]["self"] == f"https://x{PATH}"


def test_the_link_keeps_the_first_word_of_the_path() -> None:
    (entry,) = msgspec.json.decode(ask(target=PATH.replace("/uapi", "/unifiedapi")).response.body)["entry"]
    assert entry["link"]["self"].startswith("https://x/unifiedapi/")


@pytest.mark.parametrize(
    "target",
    [
        *("", "/", "*", "//", "/uapi", "/uapi/phoneCalls", "/uapi/phoneCalls/12"),
        *("/api/phoneCalls/12/210", "/uapi/calls/12/210", f"{PATH}/x", f"{PATH}//", "/uapi/phoneCalls//210"),
        *("/uapi//phoneCalls/12/210", "/openapi.json/x", "/uapi/phoneCalls/12/210%2Fx/y/z"),
    ],
)
def test_any_other_path_is_not_found(target: str) -> None:
    assert code(ask(target=target)) == (404, "not_found")


def test_a_slash_that_is_encoded_parts_nothing() -> None:
    assert code(ask("PUT", f"/uapi/phoneCalls/12/{ALICE}/a%2Fb", body=HOLD)) == (400, "pc_phonecall_invalid")


@pytest.mark.parametrize(
    ("target", "methods"),
    [
        (PATH, "GET, PUT, DELETE, HEAD, OPTIONS"),
        (f"/uapi/phoneCalls/12/{ALICE}", "GET, PUT, DELETE, HEAD, OPTIONS"),
        ("/uapi/phoneCalls/12/simple", "POST, OPTIONS"),
        ("/uapi/phoneCalls/12/callback/", "POST, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_each_path_tells_its_methods(target: str, methods: str) -> None:
    options = ask("OPTIONS", target)
    assert (options.response.status, options.response.body, header(options, "Allow")) == (204, b"", methods)
    for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "get", ""} - set(methods.split(", ")):
        refused = ask(method, target)
        assert code(refused) == (405, "method_not_allowed")
        assert header(refused, "Allow") == methods


@pytest.mark.parametrize("target", [PATH, "/openapi.json", "/nowhere", "/uapi/phoneCalls/12/simple"])
def test_head_tells_what_get_would(target: str) -> None:
    get, head = ask("GET", target).response, ask("HEAD", target).response
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    assert dict(head.headers)["Content-Length"] == str(len(get.body))


# Tokens ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "query"),
    [
        ("Bearer good", ""),
        ("bearer   good", ""),
        ("good", ""),
        (None, "?accessRequestToken=good"),
        (None, "?accessRequestToken=Bearer%20good"),
        (None, "/?count=20&accessRequestToken=Bearer+good"),
        ("Bearer good", "?accessRequestToken=bad"),
    ],
)
def test_ways_to_show_a_token(header: str | None, query: str) -> None:
    headers = () if header is None else (("AUTHORIZATION", header),)
    request = HttpRequest(method="GET", target=PATH + query, headers=headers)
    assert respond(STORE, SITE, request, at=AT, new_call_id="new1").response.status == 200


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer bad", "Basic good", "Bearer good2", "Bearer go od", "BearerBearer good"]
)
def test_tokens_that_are_none(header: str | None) -> None:
    headers = () if header is None else (("authorization", header),)
    exchange = respond(STORE, SITE, HttpRequest(method="GET", target=PATH, headers=headers), at=AT, new_call_id="new1")
    assert code(exchange) == (401, "access_denied")
    assert dict(exchange.response.headers)["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_in_the_header_counts_before_a_good_one_in_the_query() -> None:
    request = HttpRequest(method="GET", target=f"{PATH}?accessRequestToken=good", headers=(("authorization", "bad"),))
    assert code(respond(STORE, SITE, request, at=AT, new_call_id="new1")) == (401, "access_denied")


def test_a_token_expires() -> None:
    last = AT + timedelta(hours=1)
    assert ask(at=last - timedelta(microseconds=1)).response.status == 200
    assert code(ask(at=last)) == (401, "access_denied")


# Bodies ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "text/json",
        "application/x.y+json",
        "",
    ],
)
def test_bodies_that_are_json(kind: str) -> None:
    assert ask("PUT", PATH, ("Content-Type", kind), body=HOLD).response.status == 202


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "json", "application/jsonp", "a/b/json", ";"]
)
def test_bodies_that_are_something_else(kind: str) -> None:
    if kind == ";":
        kind = "; charset=utf-8"
    assert code(ask("PUT", PATH, ("Content-Type", kind), body=HOLD)) == (415, "media_type_invalid")


def test_the_type_of_a_body_that_nobody_reads_does_not_matter() -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    assert ask("GET", PATH, form).response.status == 200
    assert ask("DELETE", PATH, form, body=b"a=b").response.status == 200
    assert code(ask("PUT", PATH, form)) == (400, "pc_body_invalid")


def test_the_longest_body_is_read_and_a_longer_one_is_not() -> None:
    padded = HOLD + b" " * (BODY_LIMIT - len(HOLD))
    assert ask("PUT", body=padded).response.status == 202
    assert code(ask("PUT", body=padded + b" ")) == (413, "request_too_large")


# Queries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("x=one+two", "one two"),
        ("x=one%2Btwo", "one+two"),
        ("x=%2B40215550100", "+40215550100"),
        ("x=+40215550100", "+40215550100"),
        ("y=1&x=+40", "+40"),
        ("x=+40215550100,+40215550199", "+40215550100,+40215550199"),
        ("x=+40%2C+41", "+40,+41"),
        ("x=2012-06-27T16:08:55+03:00", "2012-06-27T16:08:55+03:00"),
        ("x=2012-06-27T16%3A08%3A55.5+03%3A00", "2012-06-27T16:08:55.5+03:00"),
        ("x=2012-06-27T16:08:55+0300,2012-06-28T16:08:55+02:00", "2012-06-27T16:08:55+0300,2012-06-28T16:08:55+02:00"),
        ("x=5550100+0300", "5550100 0300"),
        ("x=a,+b", "a, b"),
        ("x=+", " "),
        ("x=Bearer+token", "Bearer token"),
    ],
)
def test_a_plus_in_a_query_is_a_space_unless_a_number_or_an_offset_begins_with_it(query: str, value: str) -> None:
    assert split(f"{PATH}?{query}")[1]["x"] == value


def test_a_date_is_read_with_its_plus() -> None:
    found = {}
    for moment in ("2012-06-27T16:08:55+03:00", "2012-06-27T16:08:55%2B03:00", "2012-06-27T16:08:55+04:00"):
        target = f"{PATH}?filterBy=published&filterOp=equals&filterValue={moment}"
        store = MemoryStore(DIRECTORY.organization_of)
        store.put(replace(CALL, published=datetime(2012, 6, 27, 13, 8, 55, tzinfo=UTC)))
        request = HttpRequest(method="GET", target=target, headers=AUTHORIZED)
        found[moment] = msgspec.json.decode(respond(store, SITE, request, at=AT, new_call_id="new1").response.body)
    assert [page["totalResults"] for page in found.values()] == [1, 1, 0]


ORIGINS = ["http://crm.example", "https://crm.example/calls?id=1", "HTTP://crm/"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_address_in_a_query_is_a_value_like_any_other(origin: str) -> None:
    segments, query = split(f"{PATH}?ref={origin}&phoneNumber=5550100")
    assert segments == split(PATH)[0]
    assert query == {"ref": origin, "phoneNumber": "5550100"}


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_address_in_a_query_does_not_widen_a_hang_up(origin: str) -> None:
    exchange = ask("DELETE", f"{PATH}?ref={origin}&phoneNumber=5550100")
    assert (exchange.response.status, exchange.response.body, exchange.changed) == (200, b"[]", ())


@pytest.mark.parametrize(
    "target",
    [PATH.replace("/uapi", "/uapihttp://h"), f"/http://h{PATH}", "/uapi/phoneCalls/12/http://h", " https://h/uapi"],
)
def test_an_address_within_a_path_is_not_found(target: str) -> None:
    assert code(ask(target=target)) == (404, "not_found")


def test_a_parameter_that_comes_twice_is_a_list() -> None:
    (entry,) = msgspec.json.decode(ask(target=f"{PATH}?fields=id&fields=extension").response.body)["entry"]
    assert entry == {"id": ID, "extension": ALICE}
    assert code(ask(target=f"{PATH}?count=1&count=2")) == (400, "count_invalid")


def test_a_new_call_gets_the_id_that_is_given() -> None:
    body = msgspec.json.encode({"extension": "210", "phoneCallView": [{"source": "210", "destination": "024"}]})
    exchange = ask("POST", "/uapi/phoneCalls/@me/simple?waitForPickup=30", body=body)
    (call,) = exchange.changed
    assert (exchange.response.status, call.id, call.wait_for_pickup, header(exchange, "ETag")) == (
        200,
        "new1",
        30,
        '"0"',
    )


def new_call(**fields: object) -> Exchange:
    view = {"source": ["210"], "destination": ["024"], **fields}
    nonce = view.pop("nonce", None)
    body = msgspec.json.encode({"extension": "210", "nonce": nonce, "phoneCallView": [view]})
    return ask("POST", "/uapi/phoneCalls/@me/simple", body=body)


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        ("nonce", "pc_nonce_invalid"),
        ("callerId", "pc_callerid_invalid"),
        ("callerDestination", "pc_callerid_invalid"),
    ],
)
def test_a_text_of_a_new_call_has_at_most_255_characters(field: str, refused: str) -> None:
    assert new_call(**{field: "x" * 255}).response.status == 200
    assert code(new_call(**{field: "x" * 256})) == (400, refused)


@pytest.mark.parametrize(
    ("field", "refused"), [("source", "pc_source_invalid"), ("destination", "pc_destination_invalid")]
)
def test_a_new_call_has_at_most_100_numbers_of_each_kind(field: str, refused: str) -> None:
    numbers = [f"555{number:05d}" for number in range(60_000)]
    assert new_call(**{field: numbers[:100]}).response.status == 200
    for count in (101, 60_000):
        exchange = new_call(**{field: numbers[:count]})
        assert code(exchange) == (400, refused)
        assert len(exchange.response.body) < 1000


def test_the_rules_of_the_site_count() -> None:
    off_hold = b'{"action":"OffHold","phoneCallViewId":"01"}'
    assert ask("PUT", body=off_hold).changed == ()
    assert code(ask("PUT", body=off_hold, site=SITE._replace(rules=STRICT))) == (400, "pc_wrong_state")


# Conditions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", ['"7"', "*", '"6", "7"', '"7" ,"8"'])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_condition_that_holds(method: str, condition: str) -> None:
    assert ask(method, PATH, ("If-Match", condition), body=HOLD).response.status in (200, 202)


@pytest.mark.parametrize("condition", ['"6"', 'W/"7"', "7", "", '"8", "9"', '"*"'])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_condition_that_does_not_hold_changes_nothing(method: str, condition: str) -> None:
    exchange = ask(method, PATH, ("if-match", condition), body=HOLD)
    assert code(exchange) == (412, "precondition_failed")
    assert (exchange.changed, exchange.steps) == ((), ())


def test_a_condition_is_not_asked_of_what_is_refused_anyway() -> None:
    assert code(ask("PUT", PATH, ("If-Match", '"6"'), body=b"{}")) == (400, "pc_action_invalid")


@pytest.mark.parametrize("target", [f"/uapi/phoneCalls/12/{ALICE}", f"/uapi/phoneCalls/12/{ALICE}/nothing"])
def test_what_is_not_one_call_has_no_etag_that_could_match(target: str) -> None:
    assert header(ask(target=target), "ETag") is None
    assert code(ask("GET", target, ("If-Match", '"7"'))) == (412, "precondition_failed")


def test_a_deadline_that_has_passed_is_a_change() -> None:
    limited = replace(CALL, id="limited", ends_by=AT + timedelta(seconds=10))
    STORE.put(limited)
    target = PATH.replace(ID, "limited")
    hang_up = ("DELETE", target, ("If-Match", '"7"'))
    assert ask(*hang_up, at=AT + timedelta(seconds=10)).response.status == 200
    assert code(ask(*hang_up, at=AT + timedelta(seconds=11))) == (412, "precondition_failed")


# Anything -------------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["/", "uapi", "phoneCalls", "@me", ALICE, ID, "simple", "?", "%", "%00", "&", "=", "count", "\x00", "#"]
)
ANY = st.characters(exclude_categories=())  # half a surrogate pair included
TARGETS = st.one_of(st.text(ANY), st.lists(PIECES | st.text(ANY, max_size=3)).map("".join), st.just(PATH))
HEADERS = st.lists(
    st.tuples(st.sampled_from(["If-Match", "Content-Type", "Authorization"]) | st.text(ANY), st.text(ANY))
)
BODIES = (
    st.binary() | st.just(HOLD) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(msgspec.json.encode)
)


@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"]) | st.text(),
    target=TARGETS,
    headers=HEADERS,
    body=BODIES,
)
def test_anything_is_answered(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> None:
    exchange = ask(method, target, *headers, body=body)
    answer = exchange.response
    assert answer.status in (200, 202, 204, 400, 401, 404, 405, 412, 413, 415)
    assert all(value.isascii() for _, value in answer.headers)
    if answer.body:
        body_read = msgspec.json.decode(answer.body)
        assert answer.status < 400 or set(body_read["error"]) == {"code", "message"}
    assert answer.status < 400 or all(call.version > CALL.version for call in exchange.changed)
