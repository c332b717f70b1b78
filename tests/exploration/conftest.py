"""What the tests of the exploration share."""

import pytest

from callstate.exploration import Exploration, survey


@pytest.fixture(scope="session")
def small() -> Exploration:
    """Every call of two live views."""
    return survey(max_views=2)
