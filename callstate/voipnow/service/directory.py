"""Who is who: accounts, the extensions that users own, and which account may act for which.

One rule: a directory that contradicts itself cannot be built, and a file that does is refused with all the reasons.
This module knows nothing of calls and opens no file.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from callstate.domain import Numbering

ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
FULL_NUMBER = re.compile(r"[0-9]{4}\*[0-9]{3}")


class AccountKind(StrEnum):
    """What an account may do: an administrator acts for all, an organization for its users, a user for itself."""

    ADMINISTRATOR = "administrator"
    ORGANIZATION = "organization"
    USER = "user"


class ExtensionKind(StrEnum):
    """What an extension is; only a phone terminal can be rung by an action."""

    PHONE_TERMINAL = "phone terminal"
    QUEUE = "queue"
    IVR = "ivr"
    CONFERENCE = "conference"
    CALLBACK = "callback"


class Account(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may ask. A user belongs to an organization, the other kinds belong to nobody."""

    id: str
    name: str
    kind: AccountKind
    organization: str | None = None


class Extension(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A number of the system in its extended form, `0003*210`, and the id of the user that owns it."""

    number: str
    user: str
    kind: ExtensionKind = ExtensionKind.PHONE_TERMINAL

    @property
    def short(self) -> str:
        """The number that colleagues dial."""
        return self.number.partition("*")[2]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    accounts: tuple[Account, ...]
    extensions: tuple[Extension, ...]


class Directory:
    """The accounts and extensions of a system, to be looked up. It never changes; a changed one is a new one."""

    def __init__(self, accounts: Iterable[Account], extensions: Iterable[Extension]) -> None:
        file = _File(accounts=tuple(accounts), extensions=tuple(extensions))
        found = tuple(_problems(file))
        if found:
            raise ValueError("; ".join(found))
        self._accounts = {account.id: account for account in file.accounts}
        self._extensions = {extension.number: extension for extension in file.extensions}
        self._full = {(self.organization_of(number), e.short): number for number, e in self._extensions.items()}
        self._numbers = self._numbers_by_account()
        self._numbering = Numbering(numbers=frozenset(self._extensions))

    def _numbers_by_account(self) -> dict[str, frozenset[str]]:
        numbers: defaultdict[str | None, set[str]] = defaultdict(set)
        for extension in self._extensions.values():
            numbers[extension.user].add(extension.number)
            numbers[self._accounts[extension.user].organization].add(extension.number)
        everything = frozenset(self._extensions)
        return {
            account.id: everything if account.kind is AccountKind.ADMINISTRATOR else frozenset(numbers[account.id])
            for account in self._accounts.values()
        }

    @property
    def numbering(self) -> Numbering:
        """The numbers of its extensions in their extended form; every other number is a public one, `112` too."""
        return self._numbering

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts, in the order in which they were given."""
        return tuple(self._accounts.values())

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """All extensions, in the order in which they were given."""
        return tuple(self._extensions.values())

    def account(self, account_id: str) -> Account | None:
        """Return the account of that id, of whatever kind."""
        return self._accounts.get(account_id)

    def user(self, user_id: str) -> Account | None:
        """Return the user of that id; the other kinds of accounts are none."""
        account = self._accounts.get(user_id)
        return account if account is not None and account.kind is AccountKind.USER else None

    def extension(self, number: str) -> Extension | None:
        """Return the extension of a number in its extended form."""
        return self._extensions.get(number)

    def full_number(self, number: str, organization: str | None) -> str:
        """Return the extended form of a short number of the organization; any other number as it is."""
        return self._full.get((organization, number), number)

    def numbers_of(self, account: Account) -> frozenset[str]:
        """Return the extensions that an account has to do with: a user's own, an organization's, or all."""
        return self._numbers.get(account.id, frozenset())

    def owner(self, number: str) -> Account | None:
        """Return the user that owns the extension of a number in its extended form."""
        extension = self._extensions.get(number)
        return None if extension is None else self._accounts[extension.user]

    def organization_of(self, number: str) -> str | None:
        """Return the id of the organization to which the extension of a number belongs."""
        owner = self.owner(number)
        return None if owner is None else owner.organization

    def name_of(self, account_id: str | None) -> str | None:
        """Return the name of an account."""
        account = None if account_id is None else self._accounts.get(account_id)
        return None if account is None else account.name

    def sees_supervision(self, account: Account, number: str) -> bool:
        """Tell whether an account is shown that the extension of a number supervises: its owner, and those above."""
        return account.kind is AccountKind.ADMINISTRATOR or number in self.numbers_of(account)

    def may(self, account: Account, other: Account) -> bool:
        """Tell whether an account may act on behalf of another one."""
        if account.id == other.id or account.kind is AccountKind.ADMINISTRATOR:
            return True
        return account.kind is AccountKind.ORGANIZATION and other.organization == account.id


def load_directory(data: bytes) -> Directory | tuple[str, ...]:
    """Read a directory from JSON, if it begins with a brace, or from TOML; or say what is wrong."""
    try:
        file = msgspec.convert(_parse(data), _File)
    except (ValueError, RecursionError) as error:  # malformed, no Unicode, or of another shape
        return (f"{error}",)
    return tuple(_problems(file)) or Directory(file.accounts, file.extensions)


def _parse(data: bytes) -> object:
    if data.lstrip().startswith(b"{"):
        return msgspec.json.decode(data)
    return tomllib.loads(data.decode())


# What is wrong --------------------------------------------------------------------------------------------------------


def _problems(file: _File) -> Iterator[str]:
    accounts = {account.id: account for account in file.accounts}
    yield from _twice("account", (account.id for account in file.accounts))
    for account in file.accounts:
        yield from _account_problems(account, accounts)
    yield from _twice("extension", (extension.number for extension in file.extensions))
    for extension in file.extensions:
        yield from _extension_problems(extension, accounts)
    yield from _ambiguous(file.extensions, accounts)


def _account_problems(account: Account, accounts: Mapping[str, Account]) -> Iterator[str]:
    if ACCOUNT_ID.fullmatch(account.id) is None:
        yield f"account {account.id!r}: an id is 1 to 255 letters, digits, - and _"
    if account.kind is not AccountKind.USER:
        if account.organization is not None:
            yield f"account {account.id!r}: only a user belongs to an organization"
        return
    organization = accounts.get(account.organization or "")
    if organization is None or organization.kind is not AccountKind.ORGANIZATION:
        yield f"account {account.id!r}: organization {account.organization!r} is not the id of an organization"


def _extension_problems(extension: Extension, accounts: Mapping[str, Account]) -> Iterator[str]:
    if FULL_NUMBER.fullmatch(extension.number) is None:
        yield f"extension {extension.number!r}: a number has the form 0003*210"
    owner = accounts.get(extension.user)
    if owner is None or owner.kind is not AccountKind.USER:
        yield f"extension {extension.number!r}: user {extension.user!r} is not the id of a user"


def _ambiguous(extensions: Iterable[Extension], accounts: Mapping[str, Account]) -> Iterator[str]:
    """Within an organization people dial the short number."""
    full: dict[tuple[str, str], str] = {}
    for extension in extensions:
        owner = accounts.get(extension.user)
        if owner is None or owner.organization is None:
            continue
        other = full.setdefault((owner.organization, extension.short), extension.number)
        if other != extension.number:
            yield f"extension {extension.number!r}: {other!r} has its short number in the same organization"


def _twice(what: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            yield f"{what} {one!r} comes twice"
        seen.add(one)
