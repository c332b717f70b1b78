"""The parts of a phone system that several processes share, in a SQL database: only `callstate serve --store` needs it.

One rule: a process keeps nothing that another one would have to know.
"""

from callstate.sandbox.shared.opening import opened

__all__ = [
    "opened",
]
