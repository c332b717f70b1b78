"""The exchanges with a service as a shell script that repeats them with curl.

One rule: ids of calls are read from the answers, because each run creates new calls. The script holds no token.
"""

from collections.abc import Iterable, Mapping
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

if TYPE_CHECKING:
    from callstate.testing import HttpExchange

_CREATED = "/uapi/phoneCalls/@me/"
_HEAD = """\
URL=${{URL:-{url}}}
: "${{TOKEN:?is the access token}}"

ask() {{
    echo
    echo "> $*"
    method=$1 path=$2
    shift 2
    answer=$(curl -sS -X "$method" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
        ${{1:+--data "$1"}} -w ' (%{{http_code}})' "$URL$path")
    echo "$answer"
}}

created() {{
    echo "$answer" | grep -oE '"id" *: *"?[^",}} ]+' | head -n 1 | sed -E 's/.*[":]//'
}}
"""


def curl_script(url: str, exchanges: Iterable["HttpExchange"], *, before: str, after: str) -> str:
    """Write the script for the service at `url`; `before` is its comment, `after` what it says at its end."""
    lines = ["#!/bin/sh", *(f"# {line}" for line in before.splitlines()), _HEAD.format(url=url)]
    names: dict[str, str] = {}
    for exchange in exchanges:
        lines.append(_asked(exchange, names))
        if exchange.method == "POST" and exchange.path.startswith(_CREATED) and exchange.accepted:
            name = f"CALL{len(names) + 1}"
            names[exchange.created] = name
            lines.append(f"{name}=$(created)")
    return "\n".join((*lines, "", f"printf '%s\\n' {quote(after)}"))


def _asked(exchange: "HttpExchange", names: Mapping[str, str]) -> str:
    """Write one request, with the variables that stand for the ids of calls."""
    words = [exchange.method, _path(exchange.path, names)]
    if exchange.body is not None:
        words.append(_body(exchange.body, names))
    return f"ask {' '.join(words)}"


def _path(path: str, names: Mapping[str, str]) -> str:
    steps, mark, query = path.partition("?")
    root, slash, last = steps.rpartition("/")
    name = names.get(unquote(last))
    return quote(path) if name is None else quote(root + slash) + f'"${name}"' + (quote(mark + query) if query else "")


def _body(body: bytes, names: Mapping[str, str]) -> str:
    text = body.decode()
    call_id = msgspec.json.decode(body).get("callId")
    name = names.get(call_id)
    if name is None:
        return quote(text)
    before, _, after = text.partition(msgspec.json.encode(call_id).decode())
    return quote(f'{before}"') + f'"${name}"' + quote(f'"{after}')
