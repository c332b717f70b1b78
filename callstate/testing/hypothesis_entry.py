"""What hypothesis loads by itself, so that `from_type(PhoneCall)` works without any setting up.

One rule: registering costs nothing. The strategies, and all that they need, are imported when one is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from callstate.domain import ACTIONS, SIGNALS, PhoneCall, PhoneCallView

if TYPE_CHECKING:
    from hypothesis import strategies as st

STRATEGIES = "callstate.testing.strategies"


def register() -> None:
    """Tell hypothesis how to draw calls, which are reached by inputs, and each kind of input."""
    # Not above: importing hypothesis makes it look for this very function, which must be there by then.
    from hypothesis import strategies as st  # noqa: PLC0415  # for that reason

    st.register_type_strategy(PhoneCall, lambda _: import_module(STRATEGIES).calls())
    st.register_type_strategy(PhoneCallView, lambda _: import_module(STRATEGIES).calls().flatmap(_views))
    for kind in (*ACTIONS, *SIGNALS):
        st.register_type_strategy(kind, lambda asked: import_module(STRATEGIES).of_kind(asked))


def _views(call: PhoneCall) -> "st.SearchStrategy[PhoneCallView]":
    from hypothesis import strategies as st  # noqa: PLC0415  # as above

    return st.sampled_from(call.views)
