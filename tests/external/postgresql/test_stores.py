"""The laws of the stores, in PostgreSQL, and what its locks do."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from callstate import OnHold
from callstate.voipnow.stores.sql import Outbox, SqlStore
from tests.calls import at, connected, done, on, parked, two_sources
from tests.external.postgresql.conftest import empty
from tests.voipnow.stores import killed
from tests.voipnow.stores.sql_laws import SqlLaws, store
from tests.voipnow.stores.store_laws import StoreLaws, Stores, keep, named
from tests.voipnow.world import DIRECTORY


@pytest.fixture(scope="module")
def stores(server: Engine) -> Stores:
    def make() -> SqlStore:
        empty(server)
        return SqlStore(server, DIRECTORY.organization_of)

    return make


class TestStore(StoreLaws):
    pass


class TestSql(SqlLaws):
    pass


def test_calls_that_another_process_advances_are_not_due(engine: Engine) -> None:
    keep(store(engine), named(two_sources(), "s"), named(parked(), "p"))
    with engine.connect() as one, engine.connect() as other:
        (first,) = store(one).due(at(190), limit=1)
        (second,) = store(other).due(at(190))
        assert (first.id, second.id) == ("s", "p")
        one.rollback()
        other.rollback()
    assert len(store(engine).due(at(190))) == 2


def test_a_reader_does_not_wait_for_another_one(engine: Engine) -> None:
    keep(store(engine), named(connected(), "a"), named(connected(), "b"))
    with engine.connect() as one, engine.connect() as other:
        other.execute(text("SET lock_timeout = 100"))
        (first,) = Outbox(one).claim(at(0), until=at(60), limit=1)
        (second,) = Outbox(other).claim(at(0), until=at(60), limit=1)
        assert (first.call_id, second.call_id) == ("a", "b")


def test_of_two_transactions_that_change_one_call_the_second_stores_nothing(engine: Engine) -> None:
    keep(store(engine), connected())
    with engine.connect() as one, engine.connect() as other:
        other.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        other.commit()
        assert store(other).by_id(connected().id) == connected()
        assert store(one).swap([connected()], [done(connected(), on(OnHold, "00"))])
        one.commit()
        assert not store(other).swap([connected()], [done(connected(), on(OnHold, "01"))])
        other.rollback()


def test_processes_that_are_killed_lose_and_double_nothing(url: str, engine: Engine, tmp_path: Path) -> None:
    del engine  # it has emptied the tables
    killed.check(killed.run(url, tmp_path))
