"""One server for all tests, and empty tables for each."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from callstate.voipnow.stores.sql import metadata
from tests.external.postgresql.cluster import cluster


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with cluster() as address:
        yield address


@pytest.fixture(scope="session")
def server(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def engine(server: Engine) -> Engine:
    empty(server)
    return server


def empty(server: Engine) -> None:
    with server.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
