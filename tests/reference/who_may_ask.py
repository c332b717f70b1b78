"""The page about who can ask: which asker can request which action, in the core and in a service.

One rule: the table is made by asking on behalf of each asker; everything else is a fact.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from callstate import Check, DomainError, HangUp, PhoneCall, Transfer, TransferToVoicemail, apply_action
from callstate.domain import ACTIONS, SELF, Action
from callstate.engine import BY_A_COLLEAGUE
from tests.calls import ALICE, BOB, CAROL, DAVE, ELSEWHERE, ERIN, OUTSIDE, at, connected, done, incoming, on, parked
from tests.reference.cases import after_three, transferred
from tests.reference.facts import Fact, asking, organizations, sentence, serving
from tests.reference.markdown import bullets, code, page, table


class Asker(NamedTuple):
    """Somebody who asks, in words, with a call and the number by which the request is made."""

    words: str
    call: PhoneCall
    number: str
    of_voicemail: PhoneCall | None = None
    """Another call for TransferToVoicemail."""


def _to_the_mailbox() -> PhoneCall:
    return done(connected(), on(TransferToVoicemail))


def askers() -> tuple[Asker, ...]:
    """Return every sort of asker."""
    return (
        Asker("`@self`", connected(), SELF),
        Asker("the extension that pays, with or without a view", replace(connected(), extension=ERIN), ERIN),
        Asker("the number of a live view", connected(), BOB),
        Asker("the number of a live view of an outside party", incoming(), OUTSIDE),
        Asker("the parker of a parked party", parked(), BOB),
        Asker("a transferor that has left, while its successor is live", transferred(), BOB, _to_the_mailbox()),
        Asker("another party that has left", after_three(), CAROL),
        Asker("another extension", connected(), ERIN),
        Asker("another outside number", connected(), ELSEWHERE),
    )


_TRANSFERS = (Transfer, TransferToVoicemail)
GROUPS: tuple[tuple[type[Action], ...], ...] = (
    tuple(kind for kind in ACTIONS if kind not in BY_A_COLLEAGUE and kind not in (*_TRANSFERS, HangUp)),
    tuple(kind for kind in ACTIONS if kind in BY_A_COLLEAGUE),
    _TRANSFERS,
    (HangUp,),
)
"""The actions, those with the same askers together."""


def answer(asker: Asker, kind: type[Action]) -> str:
    """Tell whether an asker can request an action: always, to repeat what it did, or never."""
    asked = [_passes(asker, request) for request in _requests(asker, kind)]
    return "yes" if all(asked) else "to repeat" if any(asked) else "no"


def _requests(asker: Asker, kind: type[Action]) -> Iterator[Action]:
    """Yield a request about the whole call or its first view, and one by which a party has left."""
    if kind is HangUp:
        yield on(kind, "00", extension=asker.number)
        yield on(kind, None, extension=asker.number)
    elif kind in _TRANSFERS:
        for number in (DAVE, ALICE):
            yield on(kind, None, extension=asker.number, send_call_to=number)
    else:
        yield on(kind, "00", extension=asker.number)


def _passes(asker: Asker, request: Action) -> bool:
    other = asker.of_voicemail if isinstance(request, TransferToVoicemail) else None
    result = apply_action(other or asker.call, request, at=at(20))
    return not (isinstance(result, DomainError) and result.check is Check.EXTENSION)


def who_may_ask_page() -> str:
    """Write the page."""
    return page(
        "Who may ask",
        "An action is requested on behalf of an extension, the *asker*: the `extension` of the request. This page says "
        "which asker can request which action. The check of the extension comes after that of the call and before all "
        "others, see [Errors](errors.md). The [Glossary](glossary.md) defines the terms.",
        "## In the core",
        "The core knows one call and the numbering. A request of anybody else is refused with `extension_invalid`.",
        table(("Asker", *(code(kind.__name__ for kind in group) for group in GROUPS)), map(_row, askers())),
        "*To repeat*: only a request is accepted that repeats how this party has left.",
        bullets(
            map(sentence, _AFTERWARDS),
        ),
        "## The user in a service",
        "A service knows accounts, and which extension belongs to which of them.",
        bullets(map(sentence, organizations.USERS)),
        sentence(serving.the_user_comes_first),
        "## The call in a service",
        bullets(map(sentence, organizations.CALLS)),
        "The phones that a request rings are checked last:",
        table(("Action", "`sendCallTo` in the service"), _phones()),
        "## Each call of an extension",
        sentence(organizations.without_a_call_id),
    )


_AFTERWARDS = (
    asking.hung_up_again,
    asking.transferred_again,
    asking.after_the_end,
    asking.after_the_end_strictly,
    serving.an_unknown_action,
    asking.signals_have_no_asker,
)


def _row(asker: Asker) -> tuple[str, ...]:
    cells: list[str] = []
    for group in GROUPS:
        answers = {answer(asker, kind) for kind in group}
        assert len(answers) == 1, (asker.words, group, answers)
        cells += answers
    return asker.words, *cells


def _phones() -> Iterator[tuple[str, str]]:
    within = [kind for kind in ACTIONS if kind in BY_A_COLLEAGUE or kind is TransferToVoicemail]
    yield code(kind.__name__ for kind in within), "a phone terminal of the asker's organization"
    yield code(["Transfer"]), "a phone terminal of any organization, or an outside number"


FACTS: tuple[Fact, ...] = (
    *_AFTERWARDS,
    *organizations.USERS,
    *organizations.CALLS,
    organizations.without_a_call_id,
    serving.only_phone_terminals,
    serving.of_the_organization,
    serving.of_any_organization,
)
"""The facts that the page says, and those that its last table says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/who-may-ask.md": who_may_ask_page}
"""The pages of this module, by their path in the docs."""
