"""Which requests come from outside: a web page of somebody else, or a name that somebody else gave to this address.

One rule: an address of digits, `localhost` and the names that the tester gave are known; any other host may be a name
that a web page has pointed here, and any other origin is another page.
"""

import re

from callstate.voipnow.http import HttpRequest

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(:[0-9]*)?")
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\]|[0-9]{1,3}(\.[0-9]{1,3}){3}")


def foreign(request: HttpRequest, hosts: frozenset[str]) -> str | None:
    """Return why a request is refused, if it comes from outside."""
    host = request.header("host") or ""
    if not _is_known(host, hosts):
        return f"Host {host!r} is unknown to this sandbox; callstate serve --allow-host NAME allows a name."
    origin = request.header("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return f"Origin {origin!r} is another one than this sandbox."
    return None


def _is_known(host: str, hosts: frozenset[str]) -> bool:
    found = _HOST.fullmatch(host)
    name = "" if found is None else found["name"].lower()
    return name == "localhost" or name in hosts or _ADDRESS.fullmatch(name) is not None
