"""The paths of call events: `/uapi/extensions/{userId}/{extension}/phoneCallEvents[/{type}[/{id}]]`.

One rule: it reads the words of a path, and judges none of them but the fixed ones. The type of a new subscription may
stand in the path or in the body, because the vendor's pages have it in both ways.
"""

from collections.abc import Mapping

from callstate.voipnow.service import SubscriptionRequest, Verb

_ALL: Mapping[str, Verb] = {"GET": Verb.LIST, "POST": Verb.CREATE, "DELETE": Verb.DELETE}
_OF_A_TYPE: Mapping[str, Verb] = {**_ALL, "PUT": Verb.UPDATE}
_ONE: Mapping[str, Verb] = {"GET": Verb.LIST, "PUT": Verb.UPDATE, "DELETE": Verb.DELETE}

_METHODS = (_ALL, _OF_A_TYPE, _ONE)
"""By how many words follow: a PUT for a type alone is refused for the id that it lacks."""


def event_methods(words: tuple[str, ...]) -> Mapping[str, Verb] | None:
    """Return what each method does at a path, given without its first word; `None` if it is not of call events."""
    match words:
        case ["extensions", _, _, "phoneCallEvents" | "phoneCallEvent", *rest] if len(rest) < len(_METHODS):
            return None if "" in words else _METHODS[len(rest)]
        case _:
            return None


def event_request(  # noqa: PLR0913  # a request in all its parts, each by its name
    words: tuple[str, ...],
    *,
    verb: Verb,
    viewer: str,
    parameters: Mapping[str, str],
    body: bytes,
    new_id: str,
    base: str,
) -> SubscriptionRequest:
    """Make the request of a path that `event_methods` knows; `base` is the address in front of its words."""
    _, user, extension, _, *rest = words
    return SubscriptionRequest(
        verb=verb,
        viewer=viewer,
        user=user,
        extension=extension,
        type=rest[0] if rest else None,
        id=rest[1] if rest[1:] else None,
        parameters=parameters,
        body=body,
        new_id=new_id,
        base=base,
    )
