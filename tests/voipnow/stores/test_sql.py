"""Calls in SQLite; the same laws hold in `tests/external/postgresql`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from callstate.voipnow.stores.sql import SqlStore, create_tables
from callstate.voipnow.stores.sql.binding import Binding
from tests.voipnow.stores import killed
from tests.voipnow.stores.sql_laws import SqlLaws
from tests.voipnow.stores.store_laws import StoreLaws, Stores
from tests.voipnow.world import DIRECTORY


def in_memory() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    create_tables(engine)
    return engine


@pytest.fixture(scope="module")
def stores() -> Iterator[Stores]:
    made: list[Engine] = []

    def make() -> SqlStore:
        made.append(in_memory())
        return SqlStore(made[-1], DIRECTORY.organization_of)

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = in_memory()
    yield made
    made.dispose()


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


def test_processes_that_are_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    killed.check(killed.run(f"sqlite:///{tmp_path}/calls.db?timeout=60", tmp_path))


def test_tables_that_another_process_has_just_created_are_no_error() -> None:
    tables = _Raced(failures=3)
    create_tables(in_memory(), tables)
    assert tables.tried == 4


def test_tables_that_cannot_be_created_are_an_error() -> None:
    tables = _Raced(failures=1000)
    with pytest.raises(OperationalError):
        create_tables(in_memory(), tables)


class _Raced(MetaData):
    """Tables that somebody else has just created, so many times."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self._failures = failures
        self.tried = 0

    def create_all(self, *_: object, **__: object) -> None:
        self.tried += 1
        if self.tried <= self._failures:
            raise OperationalError("CREATE TABLE", None, Exception("table already exists"))
