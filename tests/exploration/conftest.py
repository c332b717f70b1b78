"""What the tests of the exploration share."""

import pytest

from callstate.exploration import Exploration
from tests import reached


@pytest.fixture(scope="session")
def small() -> Exploration:
    """Every call of two live views."""
    return reached.small()
