"""The directory: what it finds, who may act for whom, and what is said of a file that contradicts itself."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.voipnow.service import Account, AccountKind, Directory, Extension, load_directory
from callstate.voipnow.service.directory import ExtensionKind
from tests.calls import ALICE, BOB
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BOB_ID,
    CALLBACK,
    CONFERENCE,
    DIRECTORY,
    FAR,
    FAR_ID,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    QUEUE,
)

ORGANIZATION_ROW = {"id": "3", "name": "Default Organization", "kind": "organization"}
USER_ROW = {"id": "12", "name": "John", "kind": "user", "organization": "3"}
EXTENSION_ROW = {"number": "0003*210", "user": "12"}


def account(account_id: str) -> Account:
    found = DIRECTORY.account(account_id)
    assert found is not None
    return found


def problems(*accounts: dict[str, str], extensions: tuple[dict[str, str], ...] = ()) -> tuple[str, ...]:
    found = load_directory(msgspec.json.encode({"accounts": accounts, "extensions": extensions}))
    assert isinstance(found, tuple)
    return found


def test_an_extension_is_found_by_its_full_number_only() -> None:
    assert DIRECTORY.extension(ALICE) == Extension(number=ALICE, user=ALICE_ID, kind=ExtensionKind.PHONE_TERMINAL)
    assert DIRECTORY.extension("210") is None
    assert DIRECTORY.extension(ALICE).short == "210"  # type: ignore[union-attr]  # found above


def test_a_short_number_means_another_extension_in_another_organization() -> None:
    assert DIRECTORY.full_number("210", ORGANIZATION) == ALICE
    assert DIRECTORY.full_number("210", OTHER_ORGANIZATION) == FAR


@pytest.mark.parametrize(("number", "organization"), [("999", ORGANIZATION), ("210", None), (BOB, None), ("+40", "3")])
def test_any_other_number_stays_as_it_is(number: str, organization: str | None) -> None:
    assert DIRECTORY.full_number(number, organization) == number


@pytest.mark.parametrize(
    ("number", "is_extension"),
    [(ALICE, True), (FAR, True), (QUEUE, True), ("210", False), ("112", False), ("0009*999", False), ("+4021", False)],
)
def test_the_numbering_knows_the_extensions_in_full_and_no_others(number: str, *, is_extension: bool) -> None:
    assert DIRECTORY.numbering.is_extension(number) is is_extension


def test_an_empty_directory_has_no_extensions_at_all() -> None:
    assert not Directory([], []).numbering.is_extension(ALICE)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (ADMIN, {ALICE, BOB, FAR, "0009*999"}),
        (ORGANIZATION, {ALICE, BOB}),
        (OTHER_ORGANIZATION, {FAR}),
        (ALICE_ID, {ALICE}),
        (FAR_ID, {FAR}),
    ],
)
def test_supervision_is_seen_by_its_owner_and_those_above(who: str, sees: set[str]) -> None:
    numbers = (ALICE, BOB, FAR, "0009*999")
    assert {number for number in numbers if DIRECTORY.sees_supervision(account(who), number)} == sees


def test_a_number_belongs_to_its_owner_and_to_its_organization() -> None:
    assert DIRECTORY.owner(BOB) == DIRECTORY.user(BOB_ID)
    assert DIRECTORY.organization_of(FAR) == OTHER_ORGANIZATION
    assert DIRECTORY.owner("0009*100") is None
    assert DIRECTORY.organization_of("0009*100") is None


def test_a_name_is_that_of_an_account() -> None:
    assert DIRECTORY.name_of(ORGANIZATION) == "Default Organization"
    assert DIRECTORY.name_of("99") is None
    assert DIRECTORY.name_of(None) is None


def test_only_users_are_users() -> None:
    assert DIRECTORY.user(ALICE_ID) == account(ALICE_ID)
    assert DIRECTORY.user(ORGANIZATION) is None
    assert DIRECTORY.user("99") is None


def test_the_numbers_of_an_account_are_its_own_its_users_or_all() -> None:
    assert DIRECTORY.numbers_of(account(ALICE_ID)) == {ALICE, CONFERENCE, CALLBACK}
    assert DIRECTORY.numbers_of(account(OTHER_ORGANIZATION)) == {FAR}
    assert DIRECTORY.numbers_of(account(ADMIN)) > DIRECTORY.numbers_of(account(ORGANIZATION)) > {ALICE, BOB}


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        (ADMIN, FAR_ID, True),
        (ORGANIZATION, BOB_ID, True),
        (ORGANIZATION, FAR_ID, False),
        (ALICE_ID, ALICE_ID, True),
        (ALICE_ID, BOB_ID, False),
        (ALICE_ID, ORGANIZATION, False),
        (ORGANIZATION, ADMIN, False),
    ],
)
def test_an_account_may_act_for_those_that_it_rules(who: str, whom: str, may: bool) -> None:
    assert DIRECTORY.may(account(who), account(whom)) is may


def test_a_directory_is_read_from_json_and_from_toml_alike() -> None:
    json = msgspec.json.encode({"accounts": [ORGANIZATION_ROW, USER_ROW], "extensions": [EXTENSION_ROW]})
    toml = b"""
        accounts = [
            {id = "3", name = "Default Organization", kind = "organization"},
            {id = "12", name = "John", kind = "user", organization = "3"},
        ]
        [[extensions]]
        number = "0003*210"
        user = "12"
        kind = "queue"
    """
    from_json, from_toml = load_directory(json), load_directory(toml)
    assert isinstance(from_json, Directory)
    assert isinstance(from_toml, Directory)
    assert from_json.user("12") == from_toml.user("12") == msgspec.convert(USER_ROW, Account)
    assert from_json.extension("0003*210") == Extension(number="0003*210", user="12")
    assert from_toml.extension("0003*210") == Extension(number="0003*210", user="12", kind=ExtensionKind.QUEUE)


@pytest.mark.parametrize(
    ("accounts", "extensions", "problem"),
    [
        ([ORGANIZATION_ROW, ORGANIZATION_ROW], [], "account '3' comes twice"),
        ([{**ORGANIZATION_ROW, "id": "@me"}], [], "account '@me': an id is 1 to 255 letters"),
        ([{**ORGANIZATION_ROW, "organization": "3"}], [], "account '3': only a user belongs to an organization"),
        ([USER_ROW], [], "account '12': organization '3' is not the id of an organization"),
        ([{"id": "1", "name": "A", "kind": "user"}], [], "account '1': organization None is not"),
        ([ORGANIZATION_ROW, {**USER_ROW, "organization": "12"}], [], "account '12': organization '12' is not"),
        ([ORGANIZATION_ROW, USER_ROW], [EXTENSION_ROW, EXTENSION_ROW], "extension '0003*210' comes twice"),
        ([ORGANIZATION_ROW, USER_ROW], [{**EXTENSION_ROW, "number": "210"}], "'210': a number has the form 0003*210"),
        ([ORGANIZATION_ROW], [EXTENSION_ROW], "extension '0003*210': user '12' is not the id of a user"),
        ([ORGANIZATION_ROW], [{**EXTENSION_ROW, "user": "3"}], "user '3' is not the id of a user"),
        (
            [ORGANIZATION_ROW, USER_ROW],
            [EXTENSION_ROW, {**EXTENSION_ROW, "number": "0004*210"}],
            "extension '0004*210': '0003*210' has its short number in the same organization",
        ),
        ([{**ORGANIZATION_ROW, "kind": "king"}], [], "Invalid enum value 'king' - at `$.accounts[0].kind`"),
        ([{**ORGANIZATION_ROW, "id": 3}], [], "Expected `str`, got `int` - at `$.accounts[0].id`"),
        ([{**ORGANIZATION_ROW, "nmae": ""}], [], "Object contains unknown field `nmae` - at `$.accounts[0]`"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    accounts: list[dict[str, str]], extensions: list[dict[str, str]], problem: str
) -> None:
    (only,) = problems(*accounts, extensions=tuple(extensions))
    assert problem in only


def test_all_contradictions_are_told_at_once() -> None:
    assert len(problems(USER_ROW, extensions=({"number": "1", "user": "2"},))) == 3


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[", b"[]", b"a = " + b"[" * 100_000, b"{" * 100_000])
def test_what_is_no_directory_is_refused_with_a_reason(data: bytes) -> None:
    (reason,) = load_directory(data)  # type: ignore[misc]  # none of them is a directory
    assert reason


@given(st.binary())
def test_no_bytes_at_all_make_the_reader_raise(data: bytes) -> None:
    assert isinstance(load_directory(data), tuple)


def test_a_directory_that_contradicts_itself_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="organization None is not the id of an organization; extension '1'"):
        Directory([Account(id="1", name="A", kind=AccountKind.USER)], [Extension(number="1", user="1")])
