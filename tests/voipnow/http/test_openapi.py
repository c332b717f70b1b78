"""The description of the service: it is whole, and what it says is so."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from callstate.domain import ACTIONS, SIGNALS, CreateSimple, ErrorCode, HangUp
from callstate.voipnow.http import openapi
from callstate.voipnow.service import CREATES
from callstate.voipnow.wire import decode_action, encode_call, http_status, wire_code
from tests.voipnow.asking import ALICE, CALL, ID, PATH, ask, code

DOCUMENT = openapi.document()
SCHEMAS = DOCUMENT["components"]["schemas"]
UPDATES = [kind for kind in ACTIONS if kind is not HangUp]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_it_is_served_to_everybody() -> None:
    answer = ask(target="/openapi.json").response
    assert (answer.status, msgspec.json.decode(answer.body)) == (200, DOCUMENT)


def test_it_is_built_once() -> None:
    assert ask(target="/openapi.json").response.body is ask(target="/openapi.json").response.body


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    names = {reference.removeprefix("#/components/schemas/") for reference in references(DOCUMENT)}
    assert names == set(SCHEMAS)


def test_no_name_of_a_private_class_shows() -> None:
    assert not re.search(r'[/"]_', openapi.encoded().decode())


def test_it_describes_each_action_and_no_more() -> None:
    alternatives = SCHEMAS["PhoneCallAction"]["oneOf"]
    assert [one["$ref"].rpartition("/")[2] for one in alternatives] == [kind.__name__ for kind in UPDATES]


@pytest.mark.parametrize("kind", UPDATES, ids=lambda kind: kind.__name__)
def test_the_fields_of_an_action_are_those_that_are_read(kind: type) -> None:
    """A body that has each field as a text is read into an action that has them all."""
    properties = SCHEMAS[kind.__name__]["properties"]
    body = {**dict.fromkeys(properties, "seen"), "action": kind.__name__}
    action = decode_action(msgspec.json.encode(body), call_id=ID, extension=ALICE)
    assert isinstance(action, kind)
    fields = set(msgspec.structs.asdict(action)) - {"call_id", "extension", "position"}
    assert len(properties) == len(fields) + 1, "with the action itself"
    assert {getattr(action, name) for name in fields} == {"seen"}


def test_a_field_says_what_it_must_be() -> None:
    assert SCHEMAS["Park"]["properties"]["maxInParking"]["description"] == "a whole number from 10 to 3600"
    assert SCHEMAS["Transfer"]["required"] == ["action", "sendCallTo"]


@pytest.mark.parametrize("kind", CREATES)
def test_the_parameters_of_a_create_are_read(kind: str) -> None:
    """Each is refused by its own name when it is nonsense, but for what the vendor's word for it does not tell."""
    operation = DOCUMENT["paths"][f"/phoneCalls/{{userId}}/{kind}"]["post"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert (
        names
        == {
            "simple": {"waitForPickup", "callDuration", "allowPublicTransfer", "video"},
            "callback": {"waitForPickup", "callDuration"},
            "conferenceInvite": {"waitForPickup", "number", "pin"},
        }[kind]
    )
    if CREATES[kind] is CreateSimple:
        body = msgspec.json.encode({"extension": "210", "phoneCallView": [{"source": "210", "destination": "024"}]})
        for name in names - {"video"}:
            status, error = code(ask("POST", f"/uapi/phoneCalls/@me/simple?{name}=nonsense", body=body))
            assert (status, error.startswith("pc_")) == (400, True), name


@pytest.mark.parametrize("name", ["count", "startIndex", "filterBy", "sortOrder", "fields"])
def test_the_parameters_of_a_list_are_read(name: str) -> None:
    operation = DOCUMENT["paths"]["/phoneCalls/{userId}/{extension}"]["get"]
    assert name in {parameter["name"] for parameter in operation["parameters"]}
    assert code(ask(target=f"{PATH}?{name}=nonsense"))[0] == 400


def test_without_a_call_the_actions_of_each_are_described_and_name_no_view() -> None:
    alternatives = SCHEMAS["PhoneCallActionOfEach"]["oneOf"]
    names = [one["$ref"].rpartition("/")[2] for one in alternatives]
    assert names == [f"{kind}OfEach" for kind in ("OnHold", "Park", "UnPark", "Transfer", "TransferToVoicemail")]
    assert SCHEMAS["OnHoldOfEach"]["required"] == ["action"]
    assert not any("phoneCallViewId" in SCHEMAS[name]["properties"] for name in names)
    body = b'{"action":"OnHold"}'
    assert ask("PUT", PATH.removesuffix(f"/{ID}"), body=body).response.status == 202


def test_a_new_call_is_described_with_the_name_of_its_address() -> None:
    body = msgspec.json.encode({"extension": "210", "phoneCallView": [{"source": "210", "destination": "024"}]})
    (created,) = msgspec.json.decode(ask("POST", "/uapi/phoneCalls/@me/simple", body=body).response.body)
    assert "links" in created
    assert set(created) <= set(SCHEMAS["CreatedPhoneCall"]["properties"])
    assert "link" not in SCHEMAS["CreatedPhoneCall"]["properties"]


def test_no_word_of_python_shows() -> None:
    assert not re.search(r"`None`|ValueError|`[a-z]+_[a-z_]+`", openapi.encoded().decode())


def test_the_version_of_a_call_is_described() -> None:
    answers = DOCUMENT["paths"]["/phoneCalls/{userId}/{extension}/{phoneCallId}"]["put"]["responses"]
    assert "ETag" in answers["202"]["headers"]
    assert {"405", "408", "412", "500", "503"} <= set(answers)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_every_code_is_named_beside_its_status(path: str) -> None:
    operations = [one for method, one in DOCUMENT["paths"][path].items() if method != "parameters"]
    for refused in ErrorCode:
        status = str(http_status(refused))
        assert all(wire_code(refused) in one["responses"][status]["description"] for one in operations), refused


def test_no_signal_can_be_asked_for() -> None:
    offered = {one["$ref"].rpartition("/")[2] for one in SCHEMAS["PhoneCallAction"]["oneOf"]}
    assert not {signal.__name__ for signal in SIGNALS} & offered


def test_a_new_call_is_described_with_its_nonce() -> None:
    for create in CREATES.values():
        assert "255" in SCHEMAS[create.__name__]["properties"]["nonce"]["description"]


def test_the_fields_of_a_call_are_those_that_are_written() -> None:
    written = msgspec.json.decode(encode_call(CALL, link="x"))
    assert set(written) <= set(SCHEMAS["PhoneCall"]["properties"])
    assert set(written["phoneCallView"][0]) <= set(SCHEMAS["PhoneCallView"]["properties"])
