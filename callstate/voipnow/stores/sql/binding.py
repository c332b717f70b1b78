"""What a store is bound to: an engine, or a connection with a transaction that the program ends."""

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import Connection, Engine


class Binding:
    """Where the statements of a store go."""

    def __init__(self, bind: Engine | Connection) -> None:
        self._bind = bind
        self._reads = bind if isinstance(bind, Connection) or bind.dialect.name == "sqlite" else _alone(bind)

    def reading(self) -> AbstractContextManager[Connection]:
        """Yield a connection for one statement that reads."""
        return nullcontext(self._reads) if isinstance(self._reads, Connection) else self._reads.connect()

    def writing(self) -> AbstractContextManager[Connection]:
        """Yield a connection in a transaction, which is committed at the end; that of a given connection goes on."""
        return nullcontext(self._bind) if isinstance(self._bind, Connection) else self._bind.begin()


def _alone(engine: Engine) -> Engine:
    """Send a statement without the beginning and the end of a transaction; with SQLite a read has none anyway."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
