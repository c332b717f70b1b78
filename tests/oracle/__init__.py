"""The oracle: the behaviour of a call, implemented a second time, by hand, on the `transitions` library.

One rule: it is independent. It takes from the package the values, the inputs and the refusal codes, and nothing that
decides; its table, its guards and its rules were written from the description of the behaviour alone. It is slow and
mutable where the engine is quick and pure; on every input both must say the same. What the service around the core
checks (users, organizations) is not known here.
"""

from tests.oracle.answers import Refusal
from tests.oracle.call import OracleCall
from tests.oracle.create import create

__all__ = ["OracleCall", "Refusal", "create"]
