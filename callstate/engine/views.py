"""The views of one call, and how changed ones take the place of others.

One rule: the order of the views never changes, and without a change the same tuple is returned.
"""

from typing import TypeAlias

from callstate import domain

Views: TypeAlias = tuple[domain.PhoneCallView, ...]


def replace_views(views: Views, *changed: domain.PhoneCallView) -> Views:
    """Put changed views in the place of those with the same ids; without any, the same tuple is returned."""
    if not changed:
        return views
    replaced = [*views]
    for view in changed:
        place = domain.place_of(views, view.id)
        assert place is not None  # no view leaves a call in the middle of a step
        replaced[place] = view
    return tuple(replaced)


def replace_view(views: Views, place: int, view: domain.PhoneCallView) -> Views:
    """Put one view in the place of another."""
    changed = [*views]
    changed[place] = view
    return tuple(changed)
