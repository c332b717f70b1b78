"""Calls in SQLite; the same laws hold in `tests/external/postgresql`."""

import subprocess
import sys

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from callstate.voipnow.stores.sql import SqlStore, metadata
from callstate.voipnow.stores.sql.binding import Binding
from tests.voipnow.stores.sql_laws import SqlLaws
from tests.voipnow.stores.store_laws import StoreLaws, Stores
from tests.voipnow.world import DIRECTORY


def in_memory() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return engine


@pytest.fixture(scope="module")
def stores() -> Stores:
    return lambda: SqlStore(in_memory(), DIRECTORY.organization_of)


@pytest.fixture
def engine() -> Engine:
    return in_memory()


class TestStore(StoreLaws):
    pass


class TestSql(SqlLaws):
    pass


def test_a_read_is_a_statement_alone_where_a_transaction_would_cost_more() -> None:
    with_transactions = create_engine("postgresql+psycopg://")
    assert _isolation(Binding(with_transactions)) == "AUTOCOMMIT"
    assert _isolation(Binding(create_engine("sqlite://"))) is None


def _isolation(binding: Binding) -> object:
    return binding._reads.get_execution_options().get("isolation_level")  # noqa: SLF001  # nothing else shows it


def test_only_the_store_in_sql_imports_sqlalchemy() -> None:
    command = "import sys, callstate.voipnow.stores; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
