"""The order of a trace: the key of a line, by which lines are partitioned, sorted and merged.

One rule: every line has a key. A line that cannot be read has the key of nothing, so a key ends no sort; that such a
line cannot be read is found out when it is judged.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from callstate.conformance.trace import BYTE_ORDER_MARK, Instant


class Key(msgspec.Struct, frozen=True, order=True, kw_only=True, gc=False):
    """When a line was written, and which call it is about. Keys are in the order of a trace, `at` and then `seq`.

    `call` comes last: the lines of different calls can be in any order.
    """

    at: Instant = datetime.min.replace(tzinfo=UTC)
    seq: int = 0
    call: str = ""


NOTHING = Key()

_decode: Callable[[bytes], Key] = msgspec.json.Decoder(Key).decode


def key(line: bytes) -> Key:
    """Return the key of a line; `Key()`, which comes first, if it is empty or cannot be read."""
    try:
        return _decode(line.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError):
        return NOTHING
