"""What a fact is, and the questions that the facts put to the engine.

One rule: a fact is a function without arguments that raises an `AssertionError` if its docstring is not true.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeAlias

from callstate import PhoneCall, PhoneCallView
from tests.calls import seen

Fact: TypeAlias = Callable[[], None]


def sentence(fact: Fact) -> str:
    """Return what a fact says."""
    return " ".join((fact.__doc__ or "").split())


def fields(call: PhoneCall, view_id: str) -> dict[str, Any]:  # Any: fields of a view
    """Return the fields of a view by name."""
    view = seen(call, view_id)
    return {name: getattr(view, name) for name in view.__struct_fields__}


def differ(before: PhoneCall, after: PhoneCall, view_id: str) -> set[str]:
    """Name the fields of a view that an input has changed."""
    old, new = fields(before, view_id), fields(after, view_id)
    return {name for name in old if old[name] != new[name]}


def only_changes(before: PhoneCall, after: PhoneCall, *changed: str) -> bool:
    """Tell whether of the views that were there only these have changed, and none was added."""
    return len(before.views) == len(after.views) and _the_others(before, after, changed)


def only_adds(before: PhoneCall, after: PhoneCall, *changed: str) -> PhoneCallView:
    """Return the one view that was added; of the others only those named may have changed."""
    assert len(after.views) == len(before.views) + 1
    assert _the_others(before, after, changed)
    return after.views[-1]


def _the_others(before: PhoneCall, after: PhoneCall, changed: Collection[str]) -> bool:
    return all(view == after.view(view.id) for view in before.views if view.id not in changed)
