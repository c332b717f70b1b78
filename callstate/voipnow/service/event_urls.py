"""The URLs to which call events are sent: which are legal, which stay on this machine, and what is added to them.

One rule: a URL is judged by its text alone. A name is not looked up, because what a name means changes after it was
judged; so of the names only `localhost` is known to be this machine.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlencode

LONGEST = 2048

_URL = re.compile(
    r"https?://(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:[?#](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*){0,2}",
    re.IGNORECASE,
)
_PORTS = range(1, 65536)


def is_legal(url: str) -> bool:
    """Tell whether a URL is absolute, of http or https, with a host and no user, in the characters of RFC 3986."""
    found = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if found is None or url.count("#") > 1:
        return False
    host, port = found["host"], found["port"]
    return (port is None or int(port) in _PORTS) and (not host.startswith("[") or _is_ipv6(host[1:-1]))


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine: its host is `localhost`, or a loopback address.

    A user who can subscribe to events can make the service call a URL, and so reach addresses that only the service can
    reach. So nothing else is called unless the operator of the service gives another rule.
    """
    found = _URL.fullmatch(url)
    host = "" if found is None else found["host"].strip("[]").lower()
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def with_parameters(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Add parameters to the query of a URL; what stands in it stays, and a fragment is not sent."""
    bare = without_fragment(url)
    _, begun, query = bare.partition("?")  # a further question mark is part of the query
    mark = "?" if not begun else "" if not query or query.endswith("&") else "&"
    return f"{bare}{mark}{urlencode(list(pairs))}"


def without_fragment(url: str) -> str:
    """Return the URL as it is sent."""
    return url.partition("#")[0]


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
