"""A mapping from texts to values that all processes see, in the order in which the texts came in."""

from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import TypeVar

import msgspec
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from callstate.sandbox.shared.tables import kept

Value = TypeVar("Value")


class SharedMapping(MutableMapping[str, Value]):
    """Values of one kind; `of` is their type."""

    def __init__(self, engine: Engine, kind: str, of: type[Value]) -> None:
        self._engine = engine
        self._kind = kind
        self._of = of

    def __getitem__(self, name: str) -> Value:
        if not (name.isascii() and name.isprintable()):
            raise KeyError(name)  # a database does not take every text
        with self._engine.begin() as connection:
            statement = select(kept.c.value).where(kept.c.kind == self._kind, kept.c.name == name)
            found = connection.scalar(statement)
        if found is None:
            raise KeyError(name)
        return msgspec.json.decode(found, type=self._of)

    def __setitem__(self, name: str, value: Value) -> None:
        text = msgspec.json.encode(value).decode()
        with suppress(IntegrityError):  # another process has just stored one: it is replaced
            return self._store(name, text)
        return self._store(name, text)

    def _store(self, name: str, text: str) -> None:
        with self._engine.begin() as connection:
            statement = update(kept).where(kept.c.kind == self._kind, kept.c.name == name).values(value=text)
            if connection.execute(statement).rowcount == 0:
                connection.execute(insert(kept), {"kind": self._kind, "name": name, "value": text})

    def __delitem__(self, name: str) -> None:
        with self._engine.begin() as connection:
            statement = delete(kept).where(kept.c.kind == self._kind, kept.c.name == name)
            if connection.execute(statement).rowcount == 0:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        with self._engine.begin() as connection:
            statement = select(kept.c.name).where(kept.c.kind == self._kind).order_by(kept.c.number)
            return iter(list(connection.scalars(statement)))

    def __len__(self) -> int:
        with self._engine.begin() as connection:
            statement = select(func.count()).select_from(kept).where(kept.c.kind == self._kind)
            return connection.execute(statement).scalar_one()
